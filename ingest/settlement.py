"""Settlement: from what a school sent, the tables of the lake; first as candidates, then as accepted.

Here live the receipts, the counts of every record by bucket, the fix-list and the live records of a school. Which
receipts count is decided by quality's verdict; what a verdict is does not live here.
"""

from __future__ import annotations

import datetime as dt
import re
import shutil
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa

from ingest.contract import FINDING_TABLES, RECORD_KINDS
from ingest.fixes import Fix
from ingest.history import Arrival, save_arrivals
from ingest.home import Home
from ingest.landed import Landed
from ingest.matching import land_with_roll_of
from ingest.received import Intake, Received, SchoolIntake, SchoolTables
from ingest.records import Records
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
        if before:
            _write_records(folder / "last_accepted", urn, had)
    return folder


def settle(home: Home, intake: Intake, held: Mapping[str, str], as_of: dt.date) -> dict[str, SchoolTables]:
    """Write each school's records and findings and its history; return the tables.

    `held`: URN -> why its new files wait. Such a school keeps what was accepted before; nothing of the others
    changes by it. A run of all schools also clears the tables of schools that are no longer on the register.
    """
    open_doors(home.lake)
    settled: dict[str, SchoolTables] = {}
    for urn, school in intake.schools.items():
        usable = _usable(school)
        before = {r.receipt_id for r in school.received if r.arrival.accepted_on}
        counting = usable & before if urn in held else usable
        if school.tables is None or counting != usable:
            # The roll of files that wait must not change what was accepted either.
            instead = {} if counting == usable else land_with_roll_of(intake, urn, counting)
            school.tables = build_tables(school, counting, held.get(urn, ""), instead)
        _write(home.lake, urn, school.tables)
        save_arrivals(home.history / "receipts", urn, [_date(r, counting, as_of) for r in school.received])
        settled[urn] = school.tables
    if settled.keys() == intake.registered:
        _clear_unregistered(home.lake, intake.registered)
    return settled


def _clear_unregistered(lake: Path, registered: Collection[str]) -> None:
    for room, tables in (("records", RECORD_KINDS), ("findings", FINDING_TABLES)):
        for name in tables:
            for path in (lake / room / name).glob("*.parquet"):
                if re.fullmatch(r"[0-9]{6}", path.stem) and path.stem not in registered:
                    path.unlink()


def _accepted_before(school: SchoolIntake, as_of: dt.date) -> set[str]:
    return {
        r.receipt_id
        for r in school.received
        if r.outcome == "accepted" and (r.arrival.accepted_on or "9999") < as_of.isoformat()
    }


def _usable(school: SchoolIntake) -> set[str]:
    return {r.receipt_id for r in school.received if r.outcome == "accepted"}


def _date(received: Received, counting: Collection[str], as_of: dt.date) -> Arrival:
    arrival = received.arrival
    if arrival.accepted_on is None and received.receipt_id in counting:
        return replace(arrival, accepted_on=as_of.isoformat())
    return arrival


def build_tables(
    school: SchoolIntake, counting: Collection[str], held: str = "", instead: Mapping[str, Landed] | None = None
) -> SchoolTables:
    """Return the school's tables when the receipts in `counting` stand and the other usable ones wait (`held`).

    `instead`: receipts that count as landed here, not as this run landed them.
    """
    everything = [replace(r, landed=(instead or {}).get(r.receipt_id, r.landed)) for r in school.received]
    sent = [
        Sent(r.receipt_id, r.landed.format, r.landed.records)
        for r in everything
        if r.receipt_id in counting and r.landed.format is not None
    ]
    settled, late_fixes = settle_standing(sent)
    by_id = {r.receipt_id: r for r in everything}
    receipts, fixes = [], []
    counts = _count_settled(school.urn, settled)
    for received in everything:
        receipt_id = received.receipt_id
        waits = received.outcome == "accepted" and receipt_id not in counting
        receipts.append(_receipt(school.urn, received, held if waits else ""))
        counts += _count_unsettled(school.urn, received, by_id, waits=waits)
        late = late_fixes.get(receipt_id, [])
        fixes += [_fix_row(school.urn, received, fix) for fix in (*received.landed.fixes, *late)]
    skipped = enumerate(school.skipped, 1)
    receipts += [_skipped(school, number, found.name, found.trouble) for number, found in skipped]
    records = {kind: _as_frame(_standing(found).columns) for kind, found in settled.items()}
    findings = {"receipts": receipts, "record_counts": counts, "fix_list": fixes}
    return SchoolTables(records, {name: _make_finding(name, rows) for name, rows in findings.items()})


def _make_finding(name: str, rows: list[dict[str, object]]) -> pd.DataFrame:
    # Each column named for each row: a row without one would else hold a NaN, which is no null.
    columns = FINDING_TABLES[name].schema.names
    return _as_frame({column: [row.get(column) for row in rows] for column in columns})


def _standing(records: Records) -> Records:
    return records.pick(i for i, bucket in enumerate(records["bucket"]) if bucket == "accepted")


def _as_frame(columns: dict[str, list[Any]]) -> pd.DataFrame:
    return pd.DataFrame(columns, dtype=object)


def _count_settled(urn: str, settled: dict[str, Records]) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    for kind, records in settled.items():
        found = Counter(records.rows(["receipt_id", "bucket", "reason", "related_receipt_id"]))
        for group, count in sorted(found.items(), key=lambda item: [value or "" for value in item[0]]):
            receipt_id, bucket, reason, related = group
            rows.append(_count(urn, receipt_id, kind, bucket, reason, related, count))
    return rows


def _count_unsettled(
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


def _receipt(urn: str, received: Received, held: str) -> dict[str, object]:
    arrival, landed = received.arrival, received.landed
    reason, remedy = landed.reason, landed.remedy
    if received.outcome == "duplicate":
        reason = f"The same file was received before, as {received.duplicate_of}."
        remedy = "Nothing to do; it counts once, as of its first arrival."
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


def _skipped(school: SchoolIntake, number: int, name: str, trouble: str) -> dict[str, object]:
    return {
        "urn": school.urn,
        "receipt_id": f"{school.urn}-skipped-{number}",
        # It has not arrived yet; it is listed after what has.
        "arrival": len(school.received) + number,
        "file_name": name,
        "outcome": "skipped",
        "reason": trouble,
        "remedy": "Close the file, or wait until it is copied whole. It is looked at again on the next run; what was "
        "accepted before stays.",
        "rows_total": 0,
        "rows_layout": 0,
        "rows_with_records": 0,
        "rows_without_values": 0,
        "in_inbox": True,
    }


def _fix_row(urn: str, received: Received, fix: Fix) -> dict[str, object]:
    return {
        "urn": urn,
        "receipt_id": received.receipt_id,
        "file_name": received.arrival.file_name,
        **asdict(fix),
    }


def _write(root: Path, urn: str, tables: SchoolTables) -> None:
    _write_records(root, urn, tables)
    for name, frame in tables.findings.items():
        _put(frame, FINDING_TABLES[name].schema, root / "findings" / name / f"{urn}.parquet")


def _write_records(root: Path, urn: str, tables: SchoolTables) -> None:
    for kind, declared in RECORD_KINDS.items():
        _put(tables.records.get(kind), declared.schema, root / "records" / kind / f"{urn}.parquet")


def _put(frame: pd.DataFrame | None, schema: pa.Schema, path: Path) -> None:
    if frame is None or frame.empty:
        path.unlink(missing_ok=True)
    else:
        write_table({name: frame[name].tolist() for name in schema.names if name in frame}, schema, path)
