"""Finding rows: what became of each file of a school, as rows of receipts, record counts and fix-list.

Here lives the wording of a receipt and the counting of every record by bucket. Which receipts count, and the writing
of the tables, live in `settlement`; files of several schools in `trust_tables`.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import asdict

from ingest.fixes import Fix
from ingest.inbox import LOOK_AGAIN
from ingest.received import Received, SchoolIntake
from ingest.records import Records

HELD = "held back: the school's files did not pass its checks"
# A file that is refused whole has rows, not records of a kind.
UNREAD_ROWS = "rows"


def count_settled(urn: str, settled: dict[str, Records]) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    for kind, records in settled.items():
        found = Counter(records.rows(["receipt_id", "bucket", "reason", "related_receipt_id"]))
        for group, count in sorted(found.items(), key=lambda item: [value or "" for value in item[0]]):
            receipt_id, bucket, reason, related = group
            rows.append(_count(urn, receipt_id, kind, bucket, reason, related, count))
    return rows


def count_unsettled(
    urn: str, received: Received, by_id: dict[str, Received], *, waits: bool
) -> list[dict[str, object]]:
    """Count what stands nowhere: rows of a refused file, records of a duplicate, records that wait."""
    receipt_id = received.receipt_id
    if received.outcome == "refused":
        reason = received.landed.fixes[0].code
        rows = received.landed.rows_with_records
        return [_count(urn, receipt_id, UNREAD_ROWS, "refused", reason, None, rows)] if rows else []
    if received.outcome == "duplicate":
        first = by_id[str(received.duplicate_of)]
        again = "the same file again"
        return [
            _count(urn, receipt_id, kind, "duplicate", again, first.receipt_id, len(records))
            for kind, records in sorted(first.landed.records.items())
            if len(records)
        ]
    if not waits:
        return []
    found = Counter(
        (kind, "refused", HELD) if bucket == "accepted" else (kind, bucket, reason)
        for kind, records in received.landed.records.items()
        for bucket, reason in records.rows(["bucket", "reason"])
    )
    return [
        _count(urn, receipt_id, kind, bucket, reason, None, count)
        for (kind, bucket, reason), count in sorted(found.items())
    ]


def _count(
    urn: str, receipt_id: str, kind: str, bucket: str, reason: str | None, related: str | None, records: int
) -> dict[str, object]:
    return {
        "urn": urn, "receipt_id": receipt_id, "kind": kind, "bucket": bucket, "reason": reason,
        "related_receipt_id": related, "records": records,
    }  # fmt: skip


def make_receipt(urn: str, received: Received, held: str) -> dict[str, object]:
    arrival, landed = received.arrival, received.landed
    reason, remedy = landed.reason, landed.remedy
    if received.outcome == "duplicate":
        reason = f"The same file was received before, as {received.duplicate_of}."
        remedy = "Nothing to do; it counts once, as of that arrival."
    elif held:
        reason = held
        remedy = "See the checks and the fix-list; send a corrected file. What was accepted before stays."
    return {
        "urn": urn,
        "receipt_id": arrival.receipt_id,
        "arrival": arrival.arrival,
        "file_name": arrival.file_name,
        "file_sha256": arrival.file_sha256,
        "first_seen_on": dt.date.fromisoformat(arrival.first_seen_on),
        "format": landed.format.format if landed.format else None,
        "format_title": landed.format.title if landed.format else None,
        "outcome": "held" if held else received.outcome,
        "reason": reason or None,
        "remedy": remedy or None,
        "exported_on": landed.exported_on,
        "rows_total": landed.rows_total,
        "rows_layout": landed.rows_layout,
        "rows_with_records": landed.rows_with_records,
        "rows_without_values": landed.rows_without_values,
        "in_inbox": received.in_inbox,
    }


def make_skipped(school: SchoolIntake, number: int, name: str, trouble: str) -> dict[str, object]:
    return {
        "urn": school.urn,
        "receipt_id": f"{school.urn}-skipped-{number}",
        # It has not arrived yet; it is listed after what has.
        "arrival": len(school.received) + number,
        "file_name": name,
        "outcome": "skipped",
        "reason": trouble,
        "remedy": LOOK_AGAIN,
        "rows_total": 0,
        "rows_layout": 0,
        "rows_with_records": 0,
        "rows_without_values": 0,
        "in_inbox": True,
    }


def make_fix_row(urn: str, received: Received, fix: Fix) -> dict[str, object]:
    return {
        "urn": urn,
        "receipt_id": received.receipt_id,
        "file_name": received.arrival.file_name,
        **asdict(fix),
    }
