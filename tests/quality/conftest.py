"""A small lake for the quality tests: sound schools, to be spoilt one by one, as real Parquet files."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from ingest.contract import FINDING_TABLES, RECORD_KINDS
from quality import CheckResult, Thresholds, check_candidates

AS_OF = date(2025, 7, 31)
PUPILS = 30


class School:
    """One school's tables as lists of rows; `tables` may be changed before the lake is written."""

    def __init__(self, urn: str) -> None:
        self.urn = urn
        self.tables: dict[str, list[dict[str, Any]]] = {name: [] for name in (*RECORD_KINDS, *FINDING_TABLES)}
        self.last: dict[str, list[dict[str, Any]]] = {}
        self.raw: dict[str, pa.Table | bytes] = {}  # instead of a table's rows

    def add_roll(self, pupils: int = PUPILS) -> School:
        """A pupil list: one row a pupil, which gives an enrolment and a membership."""
        receipt = self.add_receipt(
            "roll.csv", "roll", rows_total=pupils + 3, rows_layout=3, rows_with_records=pupils
        )
        for n in range(pupils):
            self.tables["pupils"].append(
                self.provenance(receipt, n, 1)
                | {
                    "academic_year": "2024/25", "year_group": str(3 + n % 4), "sex": "FMU"[n % 3],
                    "enrolment_status": "C", "start_date": date(2022, 9, 5), "end_date": date(2026, 7, 22),
                    "age_at_start": 7 + n % 4,
                }
            )  # fmt: skip
            self.tables["groups"].append(
                self.provenance(receipt, n, 2)
                | {
                    "academic_year": "2024/25", "group_type": "class", "group_set": "class",
                    "group_name": f"C{n % 2}", "start_date": date(2024, 9, 5), "end_date": date(2025, 7, 22),
                }
            )  # fmt: skip
        self.count(receipt, "pupils", "accepted", pupils)
        self.count(receipt, "groups", "accepted", pupils)
        return self

    def add_marks(self, pupils: int = PUPILS) -> School:
        """A marksheet: one row a pupil, which gives two results; one more row is without a mark."""
        receipt = self.add_receipt(
            "marks.csv",
            "marks",
            rows_total=pupils + 4,
            rows_layout=3,
            rows_with_records=pupils,
            rows_without_values=1,
        )
        for n in range(pupils):
            for place, subject in enumerate(("English", "Mathematics")):
                mark = 10 + (n * 7 + place) % 30
                self.tables["results"].append(
                    self.provenance(receipt, n, place + 1)
                    | {
                        "academic_year": "2024/25", "year_group": "3", "subject": subject,
                        "assessment": "Test",
                        "result_type": "test", "window_label": "Summer", "assessed_on": date(2025, 6, 3),
                        "value": str(mark), "mark": Decimal(mark),
                    }
                )  # fmt: skip
        self.count(receipt, "results", "accepted", pupils * 2)
        return self

    def add_others(self) -> School:
        """A register of 21 days and five pupils, totals of all, two suspensions and a markbook; a file each."""
        days = [date(2025, 5, 5) + timedelta(weeks=n // 5, days=n % 5) for n in range(21)]
        sessions = [(pupil, day, half) for pupil in range(5) for day in days for half in ("AM", "PM")]
        kinds: dict[str, list[tuple[int, dict[str, Any]]]] = {
            "attendance": [
                (pupil, {"session_date": day, "session": half,
                         "mark_code": "I" if n % 19 == 3 else "/" if half == "AM" else "\\"})
                for n, (pupil, day, half) in enumerate(sessions)
            ],
            "attendance_totals": [
                (n, {"from_date": date(2024, 9, 2), "to_date": date(2025, 7, 18), "mark_code": code, "sessions": times})
                for n in range(PUPILS) for code, times in (("/", 170), ("\\", 171), ("I", n), ("-", 2))
            ],
            "suspensions": [
                (n, {"starts_on": date(2025, 3, 3 + n), "ends_on": date(2025, 3, 4 + n), "category": "suspension",
                     "sessions_lost": 3, "reason": "other"})
                for n in range(2)
            ],
            "judgements": [
                (n, {"academic_year": "2024/25", "year_group": "3", "subject": "English", "framework": "Markbook",
                     "statement": f"S{n % 2}", "judged_on": date(2025, 3, 3),
                     "value": "secure" if n % 3 else "not yet"})
                for n in range(PUPILS)
            ],
            "moderation": [
                (n, {"academic_year": "2024/25", "year_group": "3", "subject": "Writing", "framework": "Markbook",
                     "window_label": "Spring", "moderated_on": date(2025, 3, 3), "level": "internal",
                     "judged_value": "secure" if n % 3 else "not yet", "moderated_value": "secure"})
                for n in range(PUPILS)
            ],
        }  # fmt: skip
        for kind, rows in kinds.items():
            receipt = self.add_receipt(f"{kind}.csv", kind, rows_total=len(rows), rows_with_records=len(rows))
            self.count(receipt, kind, "accepted", len(rows))
            for row, (pupil, cells) in enumerate(rows):
                mine = self.provenance(receipt, row, 1) | {"pupil_key": f"key{pupil}"}
                self.tables[kind].append(mine | cells)
        return self

    def add_receipt(self, file_name: str, format_: str, **changes: Any) -> str:
        arrival = len(self.tables["receipts"]) + 1
        receipt = f"{self.urn}-{arrival}"
        self.tables["receipts"].append(
            {
                "urn": self.urn, "receipt_id": receipt, "arrival": arrival, "file_name": file_name,
                "file_sha256": "0" * 64, "first_seen_on": AS_OF, "format": format_,
                "format_title": format_.title(),
                "outcome": "accepted", "rows_total": 0, "rows_layout": 0, "rows_with_records": 0,
                "rows_without_values": 0, "in_inbox": True,
            }
            | changes
        )  # fmt: skip
        return receipt

    def count(self, receipt: str, kind: str, bucket: str, records: int | None, reason: str = "") -> None:
        row = {"urn": self.urn, "receipt_id": receipt, "kind": kind, "bucket": bucket, "records": records}
        self.tables["record_counts"].append(row | {"reason": reason or None})

    def fix(self, receipt: str, **changes: Any) -> None:
        row = {
            "urn": self.urn, "receipt_id": receipt, "file_row": 7, "field": "mark", "code": "not a number",
            "severity": "fix", "seen": "?", "expected": "a number", "remedy": "Correct it.",
            "records_held": 1,
        }  # fmt: skip
        self.tables["fix_list"].append(row | changes)

    def refuse(self, kind: str, records: int, reason: str = "not a number", receipt: str = "") -> None:
        """Records of the last file that were set aside, each with its line on the fix-list."""
        receipt = receipt or self.tables["receipts"][-1]["receipt_id"]
        self.count(receipt, kind, "refused", records, reason)
        self.fix(receipt, records_held=records)

    def provenance(self, receipt: str, n: int, place: int) -> dict[str, Any]:
        return {
            "record_id": f"{receipt}:{n + 4}:{place}", "urn": self.urn, "receipt_id": receipt,
            "file_row": n + 4, "pupil_key": f"key{n}",
        }  # fmt: skip


class Lake:
    """The candidate records and findings of some schools on disk."""

    def __init__(self, folder: Path) -> None:
        self.candidates, self.findings, self.last = (folder / n for n in ("candidates", "findings", "last"))
        self.schools: dict[str, School] = {}

    def add(self, urn: str) -> School:
        """A school without any file yet."""
        return self.schools.setdefault(urn, School(urn))

    def add_sound(self, urn: str, *, others: bool = True) -> School:
        """A school with a roll and a marksheet, and unless not, a file of each other kind."""
        school = self.add(urn).add_roll().add_marks()
        if others:
            school.add_others()
        school.last = {kind: list(school.tables[kind]) for kind in RECORD_KINDS}
        return school

    def write(self) -> Lake:
        for name, kind in RECORD_KINDS.items():
            self._write(
                self.candidates / name, kind.schema, {u: s.tables[name] for u, s in self.schools.items()}
            )
            self._write(
                self.last / name, kind.schema, {u: s.last.get(name, []) for u, s in self.schools.items()}
            )
        for name in ("receipts", "record_counts", "fix_list"):
            rows = {urn: school.tables[name] for urn, school in self.schools.items()}
            self._write(self.findings / name, FINDING_TABLES[name].schema, rows)
        for urn, school in self.schools.items():
            for place, content in school.raw.items():
                path = self.candidates.parent / place / f"{urn}.parquet"
                if isinstance(content, bytes):
                    path.write_bytes(content)
                else:
                    pq.write_table(content, path)
        return self

    def _write(self, folder: Path, schema: pa.Schema, rows: dict[str, list[dict[str, Any]]]) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        loose = pa.schema([field.with_nullable(True) for field in schema])  # so that a test may leave a hole
        for stem, some in (rows | {"_empty": []}).items():
            if some or stem == "_empty":
                pq.write_table(pa.Table.from_pylist(some, schema=loose), folder / f"{stem}.parquet")

    def check(self, with_last: bool = True, **changes: Any) -> dict[tuple[str, str], CheckResult]:
        """Write, run the real checks for all schools, and return the results by school and check."""
        self.write()
        results = check_candidates(
            self.candidates, self.findings, Thresholds(as_of=AS_OF, **changes), urns=list(self.schools),
            last_accepted=self.last if with_last else None,
        )  # fmt: skip
        return {(result.urn, result.check_name): result for result in results}


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return Lake(tmp_path)


@pytest.fixture(scope="session")
def new_lake(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Lake]:
    return lambda: Lake(tmp_path_factory.mktemp("lake"))
