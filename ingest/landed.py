"""What landing gives back: one file's records and counts, or why the file could not be used at all.

Here live the result type and the refusal of a whole file, which still accounts for each of its rows. The work
itself is in `landing`.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

import pandas as pd

from ingest.fixes import Fix
from ingest.format_file import FormatFile
from ingest.readers import Sheet


@dataclass
class Landed:
    """One file, landed. `reason` is set when the file could not be used at all; then nothing else is but counts."""

    format: FormatFile | None = None
    reason: str = ""
    remedy: str = ""
    made_of: str = ""
    exported_on: dt.date | None = None
    rows_total: int = 0
    rows_layout: int = 0
    rows_with_records: int = 0
    rows_without_values: int = 0
    records: dict[str, pd.DataFrame] = field(default_factory=dict)
    fixes: list[Fix] = field(default_factory=list)
    roll_rows: pd.DataFrame | None = None


def refuse_file(
    landed: Landed,
    reason: str,
    remedy: str,
    *,
    code: str,
    sheets: list[Sheet] | None = None,
    file_row: int | None = None,
) -> Landed:
    """Refuse the whole file: every filled row of it is counted as refused, every blank one as layout."""
    rows = [row for sheet in sheets or [] for row in sheet.rows]
    landed.reason, landed.remedy = reason, remedy
    landed.rows_total = len(rows)
    landed.rows_layout = sum(1 for row in rows if not any(cell.strip() for cell in row))
    landed.rows_with_records = landed.rows_total - landed.rows_layout
    landed.rows_without_values = 0
    landed.records = {}
    landed.fixes.insert(
        0,
        Fix(
            code=code,
            field="whole file",
            seen=reason,
            expected="this school's own export in a known format",
            remedy=remedy,
            file_row=file_row,
            records_held=landed.rows_with_records,
        ),
    )
    return landed
