"""An invented trust of five schools, small enough to work out by hand, with every case the warehouse must place.

What lives here: rows only, as ingest would leave them in the lake. Nobody in it is real. The schools:
100001 primary, north: a roll, a pupil who moves away, a guest, results by label, date and neither.
100002 primary, south: no roll (characteristics without a year only), the mover's new school, a cell of five.
100003 secondary, north: a roll, and nothing sent for spring.
100004 secondary, south: joined the trust in the second year; a pupil on both secondaries' rolls.
100005 primary, south: on the register, nothing received.
100006 primary, north: became 100007 on 1 January of the second year; attendance only (`tiny_attendance`).
"""

from __future__ import annotations

import random
from collections import Counter
from datetime import date
from decimal import Decimal
from typing import Any

from tests.dbt_project.lake_files import Row
from tests.dbt_project.tiny_attendance import add_attendance
from tests.dbt_project.tiny_config import YEARS, make_config


class Records:
    """Collects records with the provenance ingest gives them; receipts follow from what was added."""

    def __init__(self) -> None:
        self.tables: dict[str, list[Row]] = {
            "pupils": [], "results": [], "groups": [], "attendance": [], "attendance_totals": []
        }  # fmt: skip
        self._rows: Counter[str] = Counter()

    def add(self, kind: str, urn: str, pupil: str, *, file: int = 1, **values: Any) -> None:
        """Add one record of `kind`, as the next row of the school's file number `file`."""
        receipt = f"{urn}-{file}"
        self._rows[receipt] += 1
        row = self._rows[receipt]
        self.tables[kind].append(
            {
                "record_id": f"{receipt}:{row}:1", "urn": urn, "receipt_id": receipt, "file_row": row,
                "source_column": None, "pupil_key": pupil, **values,
            }
        )  # fmt: skip


def make_records() -> dict[str, list[Row]]:
    """Return the pupils, results and groups of the trust, with one record at least for every rule of placing."""
    records = Records()
    chance = random.Random(20250501)

    def mark() -> Decimal:
        return Decimal(chance.randint(1000, 9999)) / 100

    def result(urn: str, pupil: str, year: str, subject: str, label: str | None, **more: Any) -> None:
        number = more.pop("mark", mark())
        records.add(
            "results", urn, pupil, academic_year=year, subject=subject,
            **{"assessment": "common_test", "result_type": "test", "window_label": label, "mark": number,
               "value": str(number), **more},
        )  # fmt: skip

    # Ash: 15 pupils in Year 5 then Year 6, results by several labels; one pupil missed, some without a year group.
    for n in range(15):
        pupil = f"a{n}"
        for year, year_group in zip(YEARS, ("5", "6"), strict=True):
            # The first year's roll does not say a7's sex, the second's does; a8's is never said.
            sex = None if n == 8 or (n == 7 and year == YEARS[0]) else "FM"[n % 2]
            records.add("pupils", "100001", pupil, academic_year=year, year_group=year_group, sex=sex)
            for subject in ("English", "Mathematics"):
                if n == 3 and subject == "English":
                    continue
                own = year_group if n % 3 else None
                result("100001", pupil, year, subject, ("Autumn", "  autumn   TERM ")[n % 2], year_group=own)
                result("100001", pupil, year, subject, "March", year_group=own)
        records.add("groups", "100001", pupil, group_type="custom", group_set="breakfast_club",
                    group_name="yes" if n < 8 else "no")  # fmt: skip
        records.add("groups", "100001", pupil, academic_year="2024/25", group_type="custom", group_set="house",
                    group_name="rgb"[n % 3])  # fmt: skip
        records.add("groups", "100001", pupil, academic_year="2024/25", group_type="class", group_set="class",
                    group_name="6Oak")  # fmt: skip
    # A second house from January: the pupil is in both; and a club left before the first window opened.
    records.add("groups", "100001", "a0", academic_year="2024/25", group_type="custom", group_set="house",
                group_name="g", start_date=date(2025, 1, 6))  # fmt: skip
    records.add("groups", "100001", "a9", academic_year="2024/25", group_type="custom",
                group_set="breakfast_club", group_name="yes", end_date=date(2024, 10, 1))  # fmt: skip
    records.add("groups", "100001", "a1", group_type="custom", group_set="chess", group_name="yes")
    records.add("groups", "100001", "nobody", group_type="custom", group_set="house", group_name="r")
    # Guests, leavers, and a pupil whose result says another year group than the roll.
    for pupil, status in (("guest", "G"), ("dual", "S"), ("main", "M")):
        records.add("pupils", "100001", pupil, academic_year="2024/25", year_group="6", sex="F",
                    enrolment_status=status)  # fmt: skip
        result("100001", pupil, "2024/25", "English", "Spring")
    records.add("pupils", "100001", "left", academic_year="2024/25", year_group="6", sex="M",
                end_date=date(2024, 10, 18))  # fmt: skip
    records.add("pupils", "100001", "older", academic_year="2024/25", year_group="6", sex="M")
    result("100001", "older", "2024/25", "English", "Spring", year_group="5")
    # By date: inside, within tolerance, a day too far, nearest of two; and a label nobody knows with a good date.
    for n, day in enumerate([date(2025, 3, 12), date(2025, 4, 11), date(2025, 4, 12), date(2024, 11, 6)]):
        records.add("pupils", "100001", f"d{n}", academic_year="2024/25", year_group="6", sex="F")
        result("100001", f"d{n}", "2024/25", "English", None, assessed_on=day)
    result("100001", "d2", "2024/25", "Mathematics", "Mock 3", assessed_on=date(2025, 3, 30))
    # Cannot be used: unknown subject, assessment, year group, year, window; a window not open yet.
    result("100001", "a1", "2024/25", "Latin", "Spring", year_group="6")
    result("100001", "a1", "2024/25", "English", "Spring", year_group="6", assessment="own_test")
    result("100001", "stranger", "2024/25", "English", "Spring")
    result("100001", "a1", "2019/20", "English", "Spring", year_group="1")
    result("100001", "a1", "2024/25", "English", "Half term 1", year_group="6")
    result("100001", "a1", "2024/25", "English", "Summer", year_group="6")
    # A prediction under the test's name, later than the test: it does not stand in the test's place.
    result("100001", "a6", "2024/25", "Mathematics", "Spring", result_type="prediction",
           assessed_on=date(2025, 3, 27))  # fmt: skip
    # A roll of a year the trust does not report; and one without a year.
    records.add("pupils", "100001", "a1", academic_year="2019/20", year_group="1", sex="M")
    records.add("pupils", "100001", "a1", sex="M")
    # A judgement beside the test; two results for one window, the dated one stands; then by arrival and row.
    for n in range(6):
        result("100001", f"a{n}", "2024/25", "English", "Spring", assessment="judgement", mark=None,
               value="Secure", result_type="teacher_judgement")  # fmt: skip
    result("100001", "a4", "2024/25", "Mathematics", "Spring", assessed_on=date(2025, 3, 20))
    result("100001", "a5", "2024/25", "Mathematics", "Spring", file=2)
    result("100001", "a5", "2024/25", "Mathematics", "Spring Term", file=2)

    # Beech: no roll. A cell of five in Year 5 (2024/25), their English marks all alike; ten in Year 6, the mover
    # among them.
    for n in range(15):
        pupil = f"b{n}"
        records.add("pupils", "100002", pupil, sex="MF"[n % 2] if n else None, enrolment_status="C")
        for subject in ("English", "Mathematics"):
            year_group = "5" if n < 5 else "6"
            alike = {"mark": Decimal("50.10")} if n < 5 and subject == "English" else {}
            result("100002", pupil, "2024/25", subject, "Spring", year_group=year_group, **alike)
    records.add("groups", "100002", "b1", group_type="custom", group_set="house", group_name="r")

    # The mover: on Ash's roll until December, at Beech from January, with a spring result at both.
    records.add("pupils", "100001", "mover", academic_year="2024/25", year_group="6", sex="F",
                end_date=date(2024, 12, 31))  # fmt: skip
    records.add("pupils", "100002", "mover", sex="F", start_date=date(2025, 1, 6))
    for urn in ("100001", "100002"):
        result(urn, "mover", "2024/25", "English", "Spring", year_group="6")
    result("100001", "mover", "2024/25", "English", "Autumn", year_group="6")

    # Cedar and Dogwood: rolls in both years; Cedar sends nothing for spring 2025; one pupil on both rolls.
    for urn, letter, size in (("100003", "c", 40), ("100004", "d", 12)):
        for year, year_group in zip(YEARS, ("7", "8"), strict=True):
            for n in range(size):
                pupil = "shared" if n == 0 else f"{letter}y{n}"
                records.add("pupils", urn, pupil, academic_year=year, year_group=year_group,
                            sex="U" if n == 2 else "FM"[n % 2], enrolment_status="C")  # fmt: skip
                for label in ("Autumn", "Spring"):
                    if (urn, year, label) == ("100003", "2024/25", "Spring") or n % 7 == 5:
                        continue
                    # Dogwood's marks are low in autumn, so that a school is below the trust.
                    low = {"mark": mark() / 4} if urn == "100004" and label == "Autumn" else {}
                    result(urn, pupil, year, "English", label, **low)
                    if n and n % 5:
                        result(urn, pupil, year, "Mathematics", label)
    # Sent for spring, but under names nobody knows: English was sent and is not usable, Mathematics was not sent.
    result("100003", "cy1", "2024/25", "English", "Spring", assessment="own_test")
    result("100003", "cy1", "2024/25", "Maths", "Spring")
    # A school that has gone from the register.
    result("199999", "gone", "2024/25", "English", "Spring", year_group="6")
    add_attendance(records.add)
    return records.tables


def make_findings(records: dict[str, list[Row]]) -> dict[str, list[Row]]:
    """Return findings that agree with `records`: receipts, the counts behind them, a fix-list row and a check."""
    counts: Counter[tuple[str, str, str]] = Counter()
    for kind, rows in records.items():
        counts.update((row["urn"], row["receipt_id"], kind) for row in rows)
    receipts = sorted({(urn, receipt) for urn, receipt, _ in counts})

    def receipt_row(urn: str, receipt: str, outcome: str) -> Row:
        return {
            "urn": urn, "receipt_id": receipt, "arrival": int(receipt.rpartition("-")[2]),
            "file_name": f"{receipt}.csv", "file_sha256": receipt, "first_seen_on": date(2025, 4, 20),
            "format": "tiny", "format_title": "Tiny", "outcome": outcome,
            "reason": None if outcome == "accepted" else "The file could not be read yet.", "rows_total": 10,
            "rows_layout": 1, "rows_with_records": 8, "rows_without_values": 1, "in_inbox": True,
        }  # fmt: skip

    return {
        "receipts": [
            *(receipt_row(urn, receipt, "accepted") for urn, receipt in receipts),
            receipt_row("100003", "100003-2", "held"),
            receipt_row("100005", "100005-1", "refused"),
        ],
        "record_counts": [
            *(
                {"urn": urn, "receipt_id": receipt, "kind": kind, "bucket": "accepted", "records": n}
                for (urn, receipt, kind), n in sorted(counts.items())
            ),
            {"urn": "100001", "receipt_id": "100001-1", "kind": "results", "bucket": "superseded",
             "reason": "a later file replaces it", "related_receipt_id": "100001-2", "records": 4},
            {"urn": "100001", "receipt_id": "100001-1", "kind": "results", "bucket": "refused",
             "reason": "mark is not a number", "records": 2},
            {"urn": "_trust", "receipt_id": "_trust-001", "kind": "rows", "bucket": "refused",
             "reason": "school not on the register", "records": 6},
        ],
        "fix_list": [
            {"urn": "100001", "receipt_id": "100001-1", "file_name": "100001-1.csv", "file_row": 7,
             "field": "mark", "code": "not_a_number", "severity": "fix", "seen": "abc", "expected": "a number",
             "remedy": "Correct the mark in the export.", "records_held": 2},
            *(
                {"urn": "_trust", "receipt_id": "_trust-001", "file_name": "_trust/all.csv", "file_row": row,
                 "field": "School", "code": "school not on the register", "severity": "fix", "seen": "199998",
                 "expected": "one school of the register", "remedy": "Add the school.", "records_held": 1}
                for row in range(11, 17)
            ),
        ],
        "trust_files": [
            {"file_name": "_trust/all.csv", "file_sha256": "abc", "first_seen_on": date(2025, 4, 20),
             "format": "tiny", "format_title": "Tiny", "outcome": "accepted", "schools": 2, "rows_total": 40,
             "rows_layout": 1, "rows_of_schools": 33, "rows_of_no_school": 6},
            {"file_name": "_trust/half.csv", "outcome": "skipped", "reason": "Not yet copied whole.", "schools": 0,
             "rows_total": 0, "rows_layout": 0, "rows_of_schools": 0, "rows_of_no_school": 0},
        ],
        "checks": [
            {"urn": "100001", "check_name": "has_rows", "kind": "results", "title": "There are rows",
             "severity": "critical", "outcome": "passed", "observed": "10", "expected": "1 or more",
             "rows_affected": 0},
        ],
    }  # fmt: skip


def make_tiny_trust() -> dict[str, list[Row]]:
    """Return every table of the tiny trust's lake, by name."""
    records = make_records()
    return {**make_config(), **records, **make_findings(records)}
