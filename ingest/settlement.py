"""Settlement: from what a school sent, the tables of the lake; first as candidates, then as accepted.

Here live the writing of a school's live records and findings, and of the history. Which receipts count is decided by
quality's verdict; what a verdict is does not live here, nor how a file's row in a table reads (see `finding_rows`).
"""

from __future__ import annotations

import datetime as dt
import re
import shutil
from collections.abc import Collection, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa

from ingest.contract import FINDING_TABLES, RECORD_KINDS
from ingest.finding_rows import count_settled, count_unsettled, make_fix_row, make_receipt, make_skipped
from ingest.history import Arrival, save_arrivals
from ingest.home import Home
from ingest.inbox import WHOLE_TRUST
from ingest.kept_records import KeptRecords
from ingest.landed import Landed
from ingest.late_findings import add_late_findings
from ingest.matching import land_with_roll_of
from ingest.received import Intake, Received, SchoolIntake, SchoolTables
from ingest.standing import Sent, settle_standing
from ingest.tables import open_doors, write_table
from ingest.trust_files import TrustFolder
from ingest.trust_tables import make_trust_rows, save_split

SCHOOL_TABLES = ("receipts", "record_counts", "fix_list", "pupil_links")


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
    changes by it. A run of all schools also clears the tables of schools that are no longer on the register, and
    says what became of files of several schools, under `_trust`: until all have been looked at, that is not known.
    """
    open_doors(home.lake)
    settled: dict[str, SchoolTables] = {}
    counts: dict[str, set[str]] = {}
    for urn, school in intake.schools.items():
        usable = _usable(school)
        before = {r.receipt_id for r in school.received if r.arrival.accepted_on}
        counting = usable & before if urn in held else usable
        if school.tables is None or counting != usable:
            # The roll of files that wait must not change what was accepted either.
            instead = {} if counting == usable else land_with_roll_of(intake, urn, counting)
            school.tables = build_tables(school, counting, held.get(urn, ""), instead)
        counts[urn], settled[urn] = counting, school.tables
    add_late_findings(home.lake, intake, counts)
    for urn, school in intake.schools.items():
        counting = counts[urn]
        _write(home.lake, urn, settled[urn])
        save_arrivals(home.history / "receipts", urn, [_date(r, counting, as_of) for r in school.received])
    if settled.keys() == intake.registered:
        _clear_unregistered(home.lake, intake.registered)
        said = _settle_trust_files(home, intake.trust, as_of)
        if any(len(frame) for frame in said.findings.values()):
            settled[WHOLE_TRUST] = said
    return settled


def _settle_trust_files(home: Home, trust: TrustFolder, as_of: dt.date) -> SchoolTables:
    """Write what is said of the files of several schools, and the history of their arrival."""
    rows = make_trust_rows(trust.files, trust.skipped)
    tables = SchoolTables({}, {name: _make_finding(name, rows.get(name, [])) for name in (*SCHOOL_TABLES, *rows)})
    for name in rows:
        _put(
            tables.findings[name], FINDING_TABLES[name].schema, home.lake / "findings" / name / f"{WHOLE_TRUST}.parquet"
        )
    for file in trust.files:
        if file.outcome == "accepted" and not file.kept:
            save_split(home.lake / "landing", file)
    if trust.files:
        arrivals = [_remember(f.arrival, f.outcome, f.landed.reason, f.in_inbox, as_of) for f in trust.files]
        save_arrivals(home.history / "receipts", WHOLE_TRUST, arrivals)
    return tables


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
    waits = received.outcome == "accepted" and received.receipt_id not in counting
    outcome = "held" if waits else received.outcome
    return _remember(received.arrival, outcome, received.landed.reason, received.in_inbox, as_of)


def _remember(arrival: Arrival, outcome: str, reason: str, in_inbox: bool, as_of: dt.date) -> Arrival:
    """Return the arrival with the day it was accepted, or with why it cannot be used while it lies there."""
    if outcome == "accepted":
        return replace(arrival, accepted_on=arrival.accepted_on or as_of.isoformat(), refused_because=None)
    return replace(arrival, refused_because=reason) if outcome == "refused" and in_inbox else arrival


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
    counts = count_settled(school.urn, settled)
    for received in everything:
        receipt_id = received.receipt_id
        waits = received.outcome == "accepted" and receipt_id not in counting
        receipts.append(make_receipt(school.urn, received, held if waits else ""))
        counts += count_unsettled(school.urn, received, by_id, waits=waits)
        late = late_fixes.get(receipt_id, [])
        fixes += [make_fix_row(school.urn, received, fix) for fix in (*received.landed.fixes, *late)]
    skipped = enumerate(school.skipped, 1)
    receipts += [make_skipped(school, number, found.name, found.trouble) for number, found in skipped]
    records = {kind: found.pick("accepted") for kind, found in settled.items()}
    findings = {"receipts": receipts, "record_counts": counts, "fix_list": fixes, "pupil_links": []}
    return SchoolTables(records, {name: _make_finding(name, rows) for name, rows in findings.items()})


def _make_finding(name: str, rows: list[dict[str, object]]) -> pd.DataFrame:
    # Each column named for each row: a row without one would else hold a NaN, which is no null.
    columns = FINDING_TABLES[name].schema.names
    return _as_frame({column: [row.get(column) for row in rows] for column in columns})


def _as_frame(columns: dict[str, list[Any]]) -> pd.DataFrame:
    return pd.DataFrame(columns, dtype=object)


def _write(root: Path, urn: str, tables: SchoolTables) -> None:
    _write_records(root, urn, tables)
    for name, frame in tables.findings.items():
        _put(frame, FINDING_TABLES[name].schema, root / "findings" / name / f"{urn}.parquet")


def _write_records(root: Path, urn: str, tables: SchoolTables) -> None:
    """Write a school's live records; from then on `tables` reads them from where they lie."""
    for kind, declared in RECORD_KINDS.items():
        path = root / "records" / kind / f"{urn}.parquet"
        records = tables.records.get(kind)
        if records is None or not len(records):
            path.unlink(missing_ok=True)
            continue
        if isinstance(records, KeptRecords):
            records.copy_to(path)
        else:
            write_table(records.columns, declared.schema, path)
        tables.records[kind] = KeptRecords(path, len(records), records)


def _put(frame: pd.DataFrame, schema: pa.Schema, path: Path) -> None:
    if frame.empty:
        path.unlink(missing_ok=True)
    else:
        write_table({name: frame[name].tolist() for name in schema.names if name in frame}, schema, path)
