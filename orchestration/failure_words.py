"""Failure words: what went wrong in a run and what to do, said without a name or value of anybody.

Here lives the reading of Dagster's record of an error. An error nobody wrote words for may quote a file's name, so
of such an error only its kind is kept; the whole of it is on the screen of whoever ran the command.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dagster_shared.error import SerializableErrorInfo

# Errors whose words are ours and name nobody: nodes of the warehouse, lines of the configuration, tables.
_OURS = ("ConfigurationError", "HomeBusyError", "PublishedError", "WarehouseError")
_DAMAGED = re.compile(r"history/receipts/[0-9]{6}\.json is damaged[^/]*")
_STEPS = {
    "records": "reading what schools sent",
    "configuration": "writing down the configuration",
    "warehouse": "working out the figures",
    "published": "putting the tables in place",
    "release": "making the pages and files",
    "freshness": "looking who is late",
}
_REMEDIES = {
    "ConfigurationError": "Mend the file and line named, then run plumbline refresh.",
    "HomeBusyError": "Nothing: the other run publishes. Run again later if it did not.",
    "WarehouseError": "Run plumbline refresh again. If it stops there again, look at what changed last: the program, "
    "or kpis/ and formats/ of the home.",
    "MemoryError": "Give the machine more memory, or close what else runs on it; then run plumbline refresh.",
    "PermissionError": "Run as the user who owns the home; see what it owns with ls -l. Then run plumbline refresh.",
    "OSError": "See whether the disk is full or a share is away (df), then run plumbline refresh.",
}
_ANYTHING_ELSE = "Run plumbline refresh by hand: the screen shows the whole message. See docs/operate.md."


def find_cause(error: SerializableErrorInfo) -> tuple[str, str]:
    """Return the kind (class) and the words of the innermost error."""
    while error.cause is not None:
        error = error.cause
    kind = error.cls_name or "Error"
    words = error.message.strip().removeprefix(f"{kind}: ")
    return kind, words.rsplit(f".{kind}: ", 1)[-1]


def describe_failure(step: str | None, kind: str, words: str) -> tuple[str, str]:
    """Return what went wrong and what to do, both safe to keep and to send."""
    doing = _STEPS.get(step or "", step or "")
    damaged = _DAMAGED.search(words)
    if damaged:
        said, remedy = damaged.group(), "Restore that file from a backup (docs/operate.md), then run plumbline refresh."
    else:
        said = words if kind in _OURS else f"an error of the kind {kind}"
        remedy = _REMEDIES.get(kind, _ANYTHING_ELSE)
    return (f"While {doing}: {said}" if doing else said), remedy
