"""Parts: the rows of one school within a file of several, as if they were a file of their own.

Here lives what a part is, what it is signed with, and the drawing of it. Which rows are whose lives in
`school_column`; the reading of the whole file, once a run at most, in `trust_files`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from ingest.landed import Landed, RowCounts
from ingest.landing import Opened

# What a file says of itself that changes with each export and with other schools' rows.
_OF_THE_EXPORT = ("exported_on", "row_count")


class Signature(NamedTuple):
    """`sha256`: what a part holds: format, headings, what the title says, and its rows. `drawn`: how it was drawn.

    Row numbers and the file's own date may change while what the school sent is the same.
    """

    sha256: str
    drawn: str


@dataclass(frozen=True)
class Part:
    """One school's rows of a file of several. `open` reads the file only if nothing of it was read in this run."""

    signature: Signature
    open: Callable[[], Opened | Landed] = field(repr=False, compare=False)


def sign_part(whole: Opened, places: Sequence[int]) -> Signature:
    """Return the signature of the rows at `places` in the data of a file."""
    data = whole.data
    lasting = {word: text for word, text in data.said.items() if word not in _OF_THE_EXPORT}
    held = hashlib.sha256(repr((whole.form.format, whole.header.cells, sorted(lasting.items()))).encode())
    for place in places:
        held.update(repr(data.cells[place]).encode())
    drawn = repr(([data.numbers[place] for place in places], whole.landed.exported_on))
    return Signature(held.hexdigest(), hashlib.sha256(drawn.encode()).hexdigest()[:16])


def draw_part(whole: Opened, places: Sequence[int]) -> Opened:
    """Return the rows at `places` as an opened file, made anew each time: landing changes what it is given."""
    data = whole.data
    numbers = [data.numbers[place] for place in places]
    own = set(numbers)
    landed = Landed(
        format=whole.form,
        made_of=whole.landed.made_of,
        exported_on=whole.landed.exported_on,
        rows_total=len(numbers),
        fixes=[fix for fix in whole.landed.fixes if fix.file_row in own],
    )
    drawn = replace(
        data,
        cells=[data.cells[place] for place in places],
        numbers=numbers,
        rows_total=len(numbers),
        rows_layout=0,
        said=dict(data.said),
        refused={row: reason for row, reason in data.refused.items() if row in own},
        fixes=[],
    )
    return Opened(RowCounts(len(numbers), 0), whole.header, drawn, landed)
