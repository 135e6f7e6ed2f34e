"""Fixes: things a person should put right in a file, each with row, field, what was seen, expected and to do.

Here lives the one type and the rule that an identifier is described, never shown. Which things are wrong is
decided where they are met (layout, reshape, typing, identities, standing).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

LONGEST_SEEN = 60
ROWS_NAMED = 5


@dataclass(frozen=True)
class Fix:
    """One line of the fix-list. `records_held` is how many records are not used because of it.

    severity: `fix` where something is not used until it is put right, `look` where a person should know.
    """

    code: str
    field: str
    seen: str
    expected: str
    remedy: str
    file_row: int | None = None
    severity: str = "fix"
    records_held: int = 0


def show(value: str) -> str:
    """Return a cell's text for a fix-list, cut to a readable length."""
    return value if len(value) <= LONGEST_SEEN else value[: LONGEST_SEEN - 1] + "…"


def list_rows(rows: Sequence[int]) -> str:
    """Return `row 3`, `rows 3, 4` or, of many, the first few and how many more."""
    named = ", ".join(str(row) for row in rows[:ROWS_NAMED])
    more = f" and {len(rows) - ROWS_NAMED} more" if len(rows) > ROWS_NAMED else ""
    return f"row{'s' if len(rows) > 1 else ''} {named}{more}"


def describe_shape(value: str) -> str:
    """Return what an identifier looks like without giving it away: `13 characters (12 digits, 1 letter)`."""
    digits = sum(char.isdigit() for char in value)
    letters = sum(char.isalpha() for char in value)
    other = len(value) - digits - letters
    parts = [
        f"{count} {word if count != 1 else word[:-1]}"
        for count, word in ((digits, "digits"), (letters, "letters"), (other, "other characters"))
        if count
    ]
    if not parts:
        return "nothing"
    return f"{len(value)} characters ({', '.join(parts)}); not shown, as it identifies a pupil"
