"""Settlement: from what a school sent, the tables of the lake; first as candidates, then as accepted.

Here live the receipts, the counts of every record by bucket, the fix-list and the live records of a school. Which
receipts count is decided by quality's verdict; what a verdict is does not live here.
"""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Collection, Mapping
from dataclasses import asdict, replace
from pathlib import Path

import pandas as pd

from ingest.contract import FINDING_TABLES, RECORD_KINDS
from ingest.fixes import Fix
from ingest.history import Arrival, save_arrivals
from ingest.home import Home
from ingest.intake import Intake, Received, SchoolIntake, SchoolTables
from ingest.standing import Sent, settle_standing
from ingest.tables import open_doors, write_table

HELD = "held back: the school's files did not pass its checks"
# A file that is refused whole has rows, not records of a kind.
UNREAD_ROWS = "rows"


def write_candidates(home: Home, intake: Intake, as_of: dt.date) -> Path:
    """Write what each school would have if everything usable were accepted; return the folder.

    Beside it, in `last_accepted`, stands what the school had before the day `as_of`, for comparison. That day
    and the history decide it, not what happens to lie in the lake: a rebuilt lake must compare alike.
    """
    folder = home.lake / "candidates"
    shutil.rmtree(folder, ignore_errors=True)
    open_doors(folder)
    open_doors(folder / "last_accepted")
    for urn, school in intake.schools.items():
        usable, before = _usable(school), _accepted_before(school, as_of)
        school.tables = build_tables(school, usable)
        _write(folder, urn, school.tables)
        had = school.tables if before == usable else build_tables(school, before)
        for kind, declared in RECORD_KINDS.items():
            if before:
                _put(had.records.get(kind), declared.schema, folder / "last_accepted" / "records" / kind / f"{urn}.parquet")
    return folder


def settle(home: Home, intake: Intake, held: Mapping[str, str], as_of: dt.date) -> dict[str, SchoolTables]:
    """Write each school's records and findings and its history; return the tables.

    `held`: URN -> why its new files wait. Such a school keeps what was accepted before; nothing of the others
    changes by it.
    """
    open_doors(home.lake)
    settled: dict[str, SchoolTables] = {}
    for urn, school in intake.schools.items():
        usable = _usable(school)
        before = {r.arrival.receipt_id for r in school.received if r.arrival.accepted_on}
        counting = usable & before if urn in held else usable
        if school.tables is None or counting != usable:
            school.tables = build_tables(school, counting, held.get(urn, ""))
        _write(home.lake, urn, school.tables)
        save_arrivals(home.history / "receipts", urn, [_date(r, counting, as_of) for r in school.received])
        settled[urn] = school.tables
    return settled


def _accepted_before(school: SchoolIntake, as_of: dt.date) -> set[str]:
    return {
        r.arrival.receipt_id
        for r in school.received
        if r.outcome == "accepted" and (r.arrival.accepted_on or "9999") < as_of.isoformat()
    }


def _usable(school: SchoolIntake) -> set[str]:
    return {r.arrival.receipt_id for r in school.received if r.outcome == "accepted"}


def _date(received: Received, counting: Collection[str], as_of: dt.date) -> Arrival:
    arrival = received.arrival
    if arrival.accepted_on is None and arrival.receipt_id in counting:
        return replace(arrival, accepted_on=as_of.isoformat())
    return arrival


def build_tables(school: SchoolIntake, counting: Collection[str], held: str = "") -> SchoolTables:
    """Return the school's tables when the receipts in `counting` stand and the other usable ones wait (`held`)."""
    sent = [
        Sent(r.arrival.receipt_id, r.landed.format, r.landed.records)
        for r in school.received
        if r.arrival.receipt_id in counting and r.landed.format is not None
    ]
    settled, late_fixes = settle_standing(sent)
    records = {kind: frame[frame["bucket"] == "accepted"] for kind, frame in settled.items()}
    by_id = {r.arrival.receipt_id: r for r in school.received}
    receipts, fixes = [], []
    counts = _count_settled(settled)
    for received in school.received:
        receipt_id = received.arrival.receipt_id
        waits = received.outcome == "accepted" and receipt_id not in counting
        receipts.append(_receipt(school.urn, received, held if waits else ""))
        counts += _count_unsettled(school.urn, received, by_id, waits=waits)
        if received.outcome != "duplicate":
            fixes += [
                _fix_row(school.urn, received, fix)
                for fix in (*received.landed.fixes, *late_fixes.get(receipt_id, []))
            ]
    receipts += [_skipped(school.urn, number, found.name, found.trouble) for number, found in enumerate(school.skipped, 1)]
    findings = {"receipts": receipts, "record_counts": counts, "fix_list": fixes}
    return SchoolTables(records, {name: pd.DataFrame(rows, dtype=object) for name, rows in findings.items()})


def _count_settled(settled: dict[str, pd.DataFrame]) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    for kind, frame in settled.items():
        groups = frame.groupby(["urn", "receipt_id", "bucket", "reason", "related_receipt_id"], dropna=False, sort=True)
        for (urn, receipt_id, bucket, reason, related), count in groups.size().items():
            rows.append(_count(urn, receipt_id, kind, bucket, _none(reason), _none(related), int(count)))
    return rows


def _count_unsettled(
    urn: str, received: Received, by_id: dict[str, Received], *, waits: bool
) -> list[dict[str, object]]:
    """Count what stands nowhere: rows of a refused file, records of a duplicate, records that wait."""
    receipt_id = received.arrival.receipt_id
    if received.outcome == "refused":
        reason = received.landed.fixes[0].code
        rows = received.landed.rows_with_records
        return [_count(urn, receipt_id, UNREAD_ROWS, "refused", reason, None, rows)] if rows else []
    if received.outcome == "duplicate":
        first = by_id[str(received.duplicate_of)]
        return [
            _count(urn, receipt_id, kind, "duplicate", "the same file again", first.arrival.receipt_id, len(frame))
            for kind, frame in sorted(first.landed.records.items())
            if len(frame)
        ]
    if not waits:
        return []
    return [
        _count(urn, receipt_id, kind, "refused" if bucket == "accepted" else bucket,
               HELD if bucket == "accepted" else _none(reason), None, int(count))
        for kind, frame in sorted(received.landed.records.items())
        for (bucket, reason), count in frame.groupby(["bucket", "reason"], dropna=False).size().items()
    ]  # fmt: skip


def _none(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _count(
    urn: str, receipt_id: str, kind: str, bucket: str, reason: str | None, related: str | None, records: int
) -> dict[str, object]:
    return {
        "urn": urn, "receipt_id": receipt_id, "kind": kind, "bucket": bucket, "reason": reason,
        "related_receipt_id": related, "records": records,
    }  # fmt: skip


def _receipt(urn: str, received: Received, held: str) -> dict[str, object]:
    arrival, landed = received.arrival, received.landed
    original = received.outcome == "duplicate"
    reason, remedy = landed.reason, landed.remedy
    if original:
        reason = f"The same file was received before, as {received.duplicate_of}."
        remedy = "Nothing to do; it counts once."
    elif held:
        reason, remedy = held, "See the checks and the fix-list; send a corrected file. What was accepted before stays."
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


def _skipped(urn: str, number: int, name: str, trouble: str) -> dict[str, object]:
    return {
        "urn": urn, "receipt_id": f"{urn}-skipped-{number}", "file_name": name, "outcome": "skipped",
        "reason": trouble, "remedy": "Close the file; it is looked at again on the next run. What was accepted before stays.",
        "rows_total": 0, "rows_layout": 0, "rows_with_records": 0, "rows_without_values": 0, "in_inbox": True,
    }  # fmt: skip


def _fix_row(urn: str, received: Received, fix: Fix) -> dict[str, object]:
    return {
        "urn": urn,
        "receipt_id": received.arrival.receipt_id,
        "file_name": received.arrival.file_name,
        **asdict(fix),
    }


def _write(root: Path, urn: str, tables: SchoolTables) -> None:
    for kind, declared in RECORD_KINDS.items():
        _put(tables.records.get(kind), declared.schema, root / "records" / kind / f"{urn}.parquet")
    for name, frame in tables.findings.items():
        _put(frame, FINDING_TABLES[name].schema, root / "findings" / name / f"{urn}.parquet")


def _put(frame: pd.DataFrame | None, schema: object, path: Path) -> None:
    if frame is None or frame.empty:
        path.unlink(missing_ok=True)
    else:
        write_table(frame, schema, path)
