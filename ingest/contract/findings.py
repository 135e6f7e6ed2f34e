"""Findings: the tables the lake keeps about files, receipts and checks rather than about pupils.

Here live their names, grain and Parquet schemas. The kinds of record live in `records`.
"""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa


@dataclass(frozen=True)
class FindingTable:
    """A table the lake keeps about files rather than pupils; no pupil's value stands in any but the fix-list."""

    name: str
    grain: str
    schema: pa.Schema


def _table(name: str, grain: str, **columns: pa.DataType) -> FindingTable:
    return FindingTable(name, grain, pa.schema([pa.field(n, t) for n, t in columns.items()]))


_text, _count, _day = pa.string(), pa.int64(), pa.date32()

FINDING_TABLES: dict[str, FindingTable] = {
    table.name: table
    for table in (
        _table(
            "receipts",
            "one row per file received",
            urn=_text,
            receipt_id=_text,
            arrival=_count,
            file_name=_text,
            file_sha256=_text,
            first_seen_on=_day,
            format=_text,
            format_title=_text,
            outcome=_text,
            reason=_text,
            remedy=_text,
            exported_on=_day,
            rows_total=_count,
            rows_layout=_count,
            rows_with_records=_count,
            rows_without_values=_count,
            in_inbox=pa.bool_(),
        ),
        _table(
            "record_counts",
            "one row per receipt, record kind, bucket, reason and other receipt",
            urn=_text,
            receipt_id=_text,
            kind=_text,
            bucket=_text,
            reason=_text,
            related_receipt_id=_text,
            records=_count,
        ),
        _table(
            "fix_list",
            "one row per thing a person should put right in a file",
            urn=_text,
            receipt_id=_text,
            file_name=_text,
            file_row=_count,
            field=_text,
            code=_text,
            severity=_text,
            seen=_text,
            expected=_text,
            remedy=_text,
            records_held=_count,
        ),
        _table(
            "checks",
            "one row per quality check and school",
            urn=_text,
            check_name=_text,
            kind=_text,
            title=_text,
            severity=_text,
            outcome=_text,
            observed=_text,
            expected=_text,
            remedy=_text,
            rows_affected=_count,
        ),
        _table(
            "trust_files",
            "one row per file that holds several schools, from inbox/_trust",
            file_name=_text,
            file_sha256=_text,
            first_seen_on=_day,
            format=_text,
            format_title=_text,
            outcome=_text,
            reason=_text,
            remedy=_text,
            schools=_count,
            rows_total=_count,
            rows_layout=_count,
            rows_of_schools=_count,
            rows_of_no_school=_count,
        ),
        _table(
            "pupil_links",
            "one row per earlier pupil key of a pupil whose number changed; keys only, no number",
            urn=_text,
            former_key=_text,
            pupil_key=_text,
        ),
    )
}
