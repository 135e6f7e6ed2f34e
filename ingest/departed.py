"""Departed: what is said of a file that came once and cannot be read now, because it has gone or has changed.

Here live the words. When a file counts as gone is decided in `intake` and, for files of several schools, in
`trust_files`.
"""

from __future__ import annotations

from ingest.fixes import Fix
from ingest.landed import Landed, refuse_file


def refuse_withdrawn(refused_because: str | None) -> Landed:
    """Refuse a file that was taken out before it was accepted; say again why it could not be used, if so."""
    reason = "The file was taken out of the inbox before it was accepted."
    remedy = "Nothing to do, if that was meant. Else put it back where it lay."
    if refused_because:
        reason += f" While it lay there it could not be used: {refused_because}"
        remedy = "Nothing to do, if a better one was sent instead. Else put that right and send it again."
    return refuse_file(Landed(), reason, remedy, code="taken out")


def refuse_gone() -> Landed:
    """Refuse a file that was accepted once and of which nothing is left."""
    return refuse_file(
        Landed(),
        "The file cannot be read now and what was landed from it has gone.",
        "Put the file back where it lay, or send a newer one.",
        code="file gone",
    )


def say_kept(refused: Landed) -> Fix:
    """Say that a file that was accepted cannot be read any more, and that what was read from it stays."""
    return Fix(
        code="kept as it was read before",
        field="whole file",
        seen=refused.reason,
        expected="a file the present formats can read",
        remedy="What was accepted stays for now. Put the format file right, or send the export anew.",
    )
