"""Whose file: whether an export is this school's at all, by what it says of itself and by whose pupils it names.

Here live the signs that a file, or some rows of it, belong to another school. Matching rows to pupils does not
live here (see `identities`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import pandas as pd

from ingest.fixes import Fix
from ingest.layout import DataRows
from ingest.pattern import plain_text
from ingest.recognise import Header

# Fewer pupils may well all be new; from here on, most of them on another roll means another school's file.
PUPILS_TO_JUDGE_BY = 5


@dataclass(frozen=True)
class Sender:
    """The school in whose folder a file lay: its URN, name and LAESTAB, and the names of the others."""

    urn: str
    name: str
    laestab: str = ""
    other_names: Mapping[str, str] = field(default_factory=dict)  # name -> URN


def find_named_elsewhere(data: DataRows, header: Header, school: Sender) -> tuple[str, str] | None:
    """Return reason and remedy when the file itself names another school of the trust."""
    named = plain_text(data.said.get("school_name", "")).casefold()
    other = next(
        (urn for name, urn in school.other_names.items() if plain_text(name).casefold() == named and urn != school.urn),
        None,
    )
    for _, theirs, ours in _school_columns(data, header, school):
        if ours not in set(theirs) and set(theirs) - {""}:
            other = min(set(theirs) - {""})
    if other is None:
        return None
    return (
        f"The file says it is from another school (URN {other}), not from {school.name} ({school.urn}).",
        "Move it to that school's folder, and put this school's own export here.",
    )


def refuse_rows_elsewhere(data: DataRows, header: Header, school: Sender) -> list[Fix]:
    """Mark the rows that name another school as refused, in place; return their fixes."""
    fixes = []
    for name, theirs, ours in _school_columns(data, header, school):
        for row, said in theirs[(theirs != ours) & (theirs != "")].items():
            data.refused[int(row)] = "row of another school"
            fixes.append(
                Fix(
                    code="row of another school",
                    field=name,
                    seen=said,
                    expected=ours,
                    remedy="Send this row in that school's own export.",
                    file_row=int(row),
                    records_held=1,
                )
            )
    return fixes


def _school_columns(data: DataRows, header: Header, school: Sender) -> Iterator[tuple[str, pd.Series, str]]:
    """Yield each column that names the school: its heading, its cells and what this school's would say."""
    wanted = {"school_urn": school.urn, "school_laestab": school.laestab.replace("/", "")}
    for name, word in header.format.columns.items():
        ours = wanted.get(word or "")
        if ours and name in header.places:
            yield name, data.cells[header.places[name]].str.replace("/", ""), ours


def find_pupils_elsewhere(
    keys: set[str], own: set[str], others: Mapping[str, set[str]], school: Sender
) -> tuple[str, str] | None:
    """Return reason and remedy when most of a file's pupils are on another school's roll and few on this one's.

    `keys`: pupils the file names by UPN; `own`: those of this school's other files; `others`: URN -> those of
    the other schools' files.
    """
    if len(keys) < PUPILS_TO_JUDGE_BY or len(keys & own) * 2 >= len(keys):
        return None
    urn, theirs = max(((urn, len(keys & other)) for urn, other in others.items()), key=lambda x: x[1], default=("", 0))
    if theirs * 2 <= len(keys):
        return None
    return (
        f"{theirs} of the {len(keys)} pupils in the file are on the roll of another school (URN {urn}), "
        f"{len(keys & own)} on that of {school.name}.",
        f"If the file belongs to URN {urn}, move it to that school's folder and put this school's own export here.",
    )
