"""Inbox state: one hash of what lies in the inbox, for whoever wants to know whether anything has changed.

Here lives the hash; which names count is the rule of `ingest.inbox`. The hash is one-way: no name can be read in it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ingest.inbox import look_into


@dataclass(frozen=True)
class InboxState:
    """What lies in an inbox: how many files, how many of them are not whole yet by their name, and one hash.

    `changed_at` is when anything about each file changed last (seconds since 1970).
    """

    files: int
    not_whole: int
    sha256: str
    changed_at: tuple[float, ...] = ()

    def count_changed_since(self, since: float) -> int:
        """Count the files that came or changed after a moment (seconds since 1970)."""
        return sum(1 for moment in self.changed_at if moment > since)


def describe_inbox(folder: Path, urns: Sequence[str]) -> InboxState:
    """Look at every school's folder and the trust's, opening nothing. Raises FileNotFoundError where there is none."""
    inbox = look_into(folder, urns, stamp_only=True)
    found = [file for files in (*inbox.files.values(), inbox.trust) for file in files]
    whole = [file for file in found if not file.trouble]
    digest = hashlib.sha256()
    for line in sorted(f"{file.path.relative_to(folder).as_posix()}\0{file.stamp}\n" for file in whole):
        digest.update(line.encode("utf-8", "surrogateescape"))
    moments = []
    for file in whole:
        try:
            about = file.path.stat()
        except OSError:
            continue
        moments.append(max(about.st_mtime, about.st_ctime))
    return InboxState(len(whole), len(found) - len(whole), digest.hexdigest(), tuple(moments))
