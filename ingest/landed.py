"""What landing gives back: one file's records and counts, or why the file could not be used at all.

Here live the result type and the refusal of a whole file, which still accounts for each of its rows. The work
itself is in `landing`.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from ingest.fixes import Fix
from ingest.format_file import FormatFile
from ingest.readers import Sheet
from ingest.records import Records


class RowCounts(NamedTuple):
    """How many rows a file has, and how many of them are blank."""

    total: int
    blank: int


NO_ROWS = RowCounts(0, 0)


def count_rows(sheets: Sequence[Sheet]) -> RowCounts:
    """Count the rows of all sheets of a file."""
    rows = [row for sheet in sheets for row in sheet.rows]
    return RowCounts(len(rows), sum(1 for row in rows if not any(map(str.strip, row))))


@dataclass
class Landed:
    """One file, landed. `reason` is set when the file could not be used at all; then nothing else is but counts.

    `roll_rows`: how many rows it gave to the school's roll. rows_total = rows_layout + rows_with_records +
    rows_without_values.
    """

    format: FormatFile | None = None
    reason: str = ""
    remedy: str = ""
    made_of: str = ""
    exported_on: dt.date | None = None
    rows_total: int = 0
    rows_layout: int = 0
    rows_with_records: int = 0
    rows_without_values: int = 0
    records: dict[str, Records] = field(default_factory=dict)
    fixes: list[Fix] = field(default_factory=list)
    roll_rows: int = 0


def refuse_file(
    landed: Landed,
    reason: str,
    remedy: str,
    *,
    code: str,
    rows: RowCounts = NO_ROWS,
    file_row: int | None = None,
) -> Landed:
    """Refuse the whole file: every filled row of it is counted as refused, every blank one as layout."""
    landed.reason, landed.remedy = reason, remedy
    landed.rows_total, landed.rows_layout = rows.total, rows.blank
    landed.rows_with_records = landed.rows_total - landed.rows_layout
    landed.rows_without_values = 0
    landed.records, landed.roll_rows = {}, 0
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


def refuse_unusable(landed: Landed) -> None:
    """Refuse, in place, a file of whose records none can be used: it must not stand as the school's latest data.

    Its rows stay counted and its fixes listed, row by row. A file whose records only repeat others is no such file.
    """
    buckets = Counter(bucket for records in landed.records.values() for bucket in records["bucket"])
    if not buckets or set(buckets) != {"refused"}:
        return
    reasons = Counter(reason for records in landed.records.values() for reason in records["reason"])
    reason = str(min(reasons, key=lambda said: (-reasons[said], str(said))))
    count = buckets["refused"]
    landed.reason = f"None of the {count} records in the file could be used, most of them because: {reason}."
    landed.remedy = (
        "If the file is another school's, move it to that school's folder. Otherwise put right what the fix-list "
        "says of its rows, and export again."
    )
    landed.records = {}
    landed.fixes.insert(
        0,
        Fix(
            code="no record could be used",
            field="whole file",
            seen=landed.reason,
            expected="this school's own export, with values that can be read",
            remedy=landed.remedy,
        ),
    )


def refuse_for_fault(fault: Exception, rows: RowCounts = NO_ROWS) -> Landed:
    """Refuse a file over which Plumbline itself stumbled; the fault's own words may hold a value and stay unsaid."""
    return refuse_file(
        Landed(),
        f"Plumbline met a fault of its own while reading this file ({type(fault).__name__}).",
        "Nothing is wrong with what you did. Report it with the name of the system the export came from.",
        code="fault in Plumbline",
        rows=rows,
    )
