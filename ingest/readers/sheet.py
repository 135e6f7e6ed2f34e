"""What a reader gives back: rows of text with their place in the file, or a reason in words.

Here live the two plain types that readers share; no reading is done here.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Sheet:
    """Rows of text. `rows[0]` is row 1 as a spreadsheet counts; `made_of` says how it was read, for the receipt."""

    rows: list[list[str]]
    made_of: str
    name: str = ""


class Unreadable(Exception):  # noqa: N818  what is wrong is the file, not the program
    """A file that holds nothing Plumbline can read. `reason` and `remedy` are sentences without any value."""

    def __init__(self, reason: str, remedy: str, row: int | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.remedy = remedy
        self.row = row
