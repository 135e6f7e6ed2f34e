"""Arrivals: which of the files that lie there came before, under whatever name, and which come now.

Here lives the comparing of what lies in a folder with what arrived. The history itself lives in `history`; what
becomes of a file in `intake`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from ingest.history import Arrival
from ingest.inbox import Found


@dataclass
class Followed:
    """`lying`: for each arrival the file that is it now, if any; `new`: files that have not come before.

    `put_back`: files that came before and lie again under a name that has held something newer since, which is
    nowhere now.
    """

    lying: list[Found | None] = field(default_factory=list)
    new: list[Found] = field(default_factory=list)
    put_back: list[Found] = field(default_factory=list)


def follow_arrivals(arrivals: Sequence[Arrival], found: Sequence[Found]) -> Followed:
    """Return what became of each arrival and what is new, of the files `found` with a hash."""
    files = {(file.name, file.sha256): file for file in found if file.sha256 is not None}
    known = {(a.file_name, a.file_sha256) for a in arrivals}
    followed = Followed(new=[file for key, file in files.items() if key not in known])
    for arrival in arrivals:
        file = files.get((arrival.file_name, arrival.file_sha256))
        if file is None:  # the same file under another name was not sent again
            file = next((file for file in followed.new if file.sha256 == arrival.file_sha256), None)
            followed.new = [other for other in followed.new if other is not file]
        file = file or next((f for f in files.values() if f.sha256 == arrival.file_sha256), None)
        followed.lying.append(file)
    newest = {a.file_name: a.file_sha256 for a in arrivals}
    anywhere = {sha256 for _, sha256 in files}
    followed.put_back = [file for key, file in files.items() if key in known and newest[file.name] not in anywhere]
    return followed
