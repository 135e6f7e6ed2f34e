"""An invented trust that judges curriculum statements, with every case the warehouse must place.

What lives here: rows only, as ingest would leave them in the lake. What does not: what dbt should make of them
(`oracle_statements`). Nobody in it is real. The schools (those of `tiny_config`):
100001 Ash: a roll; the trust's statements and two of its own, one of which is linked to a trust's.
100002 Beech: no roll; a pupil who came in January; one own statement under a trust statement's name.
100003, 100004: both have the pupil "shared" on their rolls, and judge one statement each.
100005 Elder: statements of its own, a dictionary for its codes in no scale.
"""

from __future__ import annotations

import random
from datetime import date
from typing import Any

from tests.dbt_project.attendance_registers import Registers
from tests.dbt_project.lake_files import Row
from tests.dbt_project.tiny_config import make_config

NOW, BEFORE = "2024/25", "2023/24"
TRUST, ASH, OTHER = "Oak Curriculum", "Ash Skills", "Oak Extras"
START = date(2020, 9, 1)
# Days on and beside every edge: before the year, in each window, on a window's close, after the last, after the run.
DAYS = (
    date(2024, 9, 10), date(2024, 10, 1), date(2024, 12, 15), date(2024, 12, 16), date(2025, 1, 20), date(2025, 3, 12),
    date(2025, 3, 28), None,
)  # fmt: skip
CODES = ("U", "T", "A", "M", "M", "E")


def make_statements() -> list[Row]:
    """Return the statements: amended, added and ended ones, two sets of the trust's, and schools' own."""

    def row(owner: str, framework: str, name: str, subject: str, year_group: str, **more: Any) -> Row:
        return {
            "owner": owner, "framework": framework, "version": "1", "statement": name, "text": f"Can do {name}",
            "subject": subject, "year_group": year_group, "strand": "Number", "exemplification": f"exemplars/{name}",
            "links_to": None, "valid_from": START, "valid_to": None, **more,
        }  # fmt: skip

    maths = "Mathematics"
    return [
        row("trust", TRUST, "6M1", maths, "6"),
        # Amended in January, one of them without an end of the first version; added in January; ended in February.
        row("trust", TRUST, "6M2", maths, "6", valid_to=date(2024, 12, 31)),
        row(
            "trust", TRUST, "6M2", maths, "6", version="2", text="Multiplies long numbers", valid_from=date(2025, 1, 1)
        ),
        row("trust", TRUST, "6M3", maths, "6", valid_from=date(2025, 1, 1)),
        row("trust", TRUST, "6M4", maths, "6", valid_to=date(2025, 2, 28)),
        row("trust", TRUST, "6M5", maths, "6", exemplification=None),
        row("trust", TRUST, "6M5", maths, "6", version="2", exemplification="  ", valid_from=date(2025, 3, 20)),
        row("trust", TRUST, "6E1", "English", "6"),
        row("trust", TRUST, "5M1", maths, "5"),
        row("trust", TRUST, "5M2", maths, "5", text="Can do 6M1"),
        row("trust", TRUST, "8E1", "English", "8"),
        # No window is for Year 3.
        row("trust", TRUST, "3M1", maths, "3"),
        # Judged by nobody.
        row("trust", OTHER, "6M1", maths, "6"),
        row("100001", ASH, "Own 1", maths, "6", links_to=" 6m1 "),
        row("100001", ASH, "Own 2", maths, "6", exemplification=None),
        # Linked to a trust statement that has ended by spring.
        row("100001", ASH, "Own 3", maths, "6", links_to="6M4"),
        row("100002", TRUST, "6E1", "English", "6", text="Beech's own words"),
        row("100005", "Elder Steps", "R1", maths, "R"),
    ]


def make_scales() -> list[Row]:
    """Return what the codes mean: everywhere, at one school, and in one window."""

    def row(code: str, band: str, framework: str = TRUST, **more: Any) -> Row:
        return {
            "scale": "book", "source": "tiny", "framework": framework, "version": "1", "code": code, "band": band,
            "comparability_class": "C", "rationale": "Agreed", "approved_by": "The trust", "valid_from": START, **more,
        }  # fmt: skip

    bands = {"U": "NA", "T": "BLW", "A": "WTS", "M": "EXS", "E": "GDS"}
    return [
        *(row(code, band, framework) for framework in (TRUST, ASH) for code, band in bands.items()),
        row("A", "EXS", school="100002"),
        row("T", "WTS", window_name="spring"),
        # Points alone are no band.
        {**row("P", "EXS"), "band": None, "points": 3.0},
    ]


def make_kpis(config: dict[str, list[Row]]) -> dict[str, list[Row]]:
    """Return the KPI tables: the three shares of statements, as the starter has them."""
    kpi = {
        **config["kpis"][2], "title": "Statements", "interval": "by_pupil", "comparability": "C", "min_n": None,
    }  # fmt: skip
    parts = {
        "statements_secure": ("statements_secure", "statements_due"),
        "statements_assessed": ("statements_assessed", "statements_due"),
        "statements_secure_of_assessed": ("assessed_statements_secure", "assessed_statements"),
    }
    return {
        "kpis": [
            {**kpi, "kpi": name, "numerator": numerator, "denominator": denominator}
            for name, (numerator, denominator) in parts.items()
        ],
        "kpi_periods": [{"kpi": name, "version": 1, "period_kind": "window"} for name in parts],
        "kpi_breakdowns": [{"kpi": name, "version": 1, "breakdown": "sex"} for name in parts],
    }


def make_records() -> dict[str, list[Row]]:
    """Return the rolls and the judgements."""
    records, chance = Registers(), random.Random(20250502)

    def judge(urn: str, pupil: str, statement: str, day: date | None, value: str, **more: Any) -> None:
        records.add("judgements", urn, pupil, **{
            "academic_year": NOW, "subject": "Mathematics", "framework": TRUST, "year_group": None,
            "statement": statement, "judged_on": day, "value": value, **more,
        })  # fmt: skip

    def judge_often(urn: str, pupil: str, names: tuple[str, ...], times: int, **more: Any) -> None:
        for _ in range(times):
            file = chance.choice((1, 2))
            judge(urn, pupil, chance.choice(names), chance.choice(DAYS), chance.choice(CODES), file=file, **more)

    names = ("6M1", "6m1 ", "Can do  6M1", "6M2", "Can do 6M2", "Multiplies long numbers", "6M3", "6M4", "6M5")
    for n in range(14):
        pupil = f"a{n}"
        records.pupil("100001", pupil, "6", year=NOW, sex="FM"[n % 2])
        records.pupil("100001", pupil, "5", year=BEFORE, sex="FM"[n % 2])
        if n:  # a0 is on the roll and never judged
            judge_often("100001", pupil, names, 12, year_group="6" if n % 2 else None)
            judge_often("100001", pupil, ("Own 1", "Own 2", "Own 3"), 4, framework=ASH)
        if n > 8:
            judge("100001", pupil, "6E1", date(2024, 11, 25), chance.choice(CODES), subject="English")
        judge("100001", pupil, "5M1", date(2024, 3, 12), "M", academic_year=BEFORE, year_group="5")
    # Gone in October, come in February, a guest, and one on no roll.
    records.pupil("100001", "left", "6", year=NOW, end_date=date(2024, 10, 18))
    records.pupil("100001", "came", "6", year=NOW, start_date=date(2025, 2, 3))
    records.pupil("100001", "guest", "6", year=NOW, enrolment_status="G")
    for pupil in ("left", "came", "guest", "stranger"):
        judge_often("100001", pupil, names, 6)
    # What cannot be used: another subject, name, code, year, year group or day; an open end before its window.
    judge("100001", "a1", "6M1", date(2024, 10, 1), "M", subject="Latin")
    judge("100001", "a1", "Makes soup", date(2024, 10, 1), "M")
    judge("100001", "a1", "6M3", date(2024, 10, 1), "M")
    for code in ("X", "m", "P", "WTS", "very good on most days, tired"):
        judge("100001", "a1", "6M1", date(2025, 3, 27), code)
    judge("100001", "a2", "6M1", date(2025, 3, 27), " M ")
    judge("100001", "a2", "6M1", date(2025, 3, 28), "M", file=3)
    judge("100001", "a1", "6M1", date(2019, 10, 1), "M", academic_year="2019/20")
    judge("100001", "a1", "6M1", date(2023, 10, 1), "M")
    judge("100001", "a1", "6M1", date(2025, 6, 10), "M")
    judge("100001", "a1", "6M1", date(2025, 4, 10), "M")
    judge("100001", "a1", "5M1", date(2025, 3, 10), "M", year_group="5")
    judge("100001", "a1", "Can do 6M1", date(2025, 3, 10), "E", year_group="5")
    judge("100001", "a3", "5M1", date(2024, 7, 10), "E", academic_year=BEFORE, year_group="5")
    judge("199999", "gone", "6M1", date(2024, 10, 1), "M")
    # Pupils without a year group, and of one that has no window.
    records.pupil("100001", "unknown", None, year=NOW)
    records.pupil("100001", "third", "3", year=NOW)
    for pupil, statement in (("unknown", "6M1"), ("third", "3M1")):
        judge("100001", pupil, statement, date(2024, 10, 1), "M")
    # Beech: known by results only.
    for n in range(7):
        pupil = f"b{n}"
        records.pupil("100002", pupil, year=None, sex="MF"[n % 2])
        records.add("results", "100002", pupil, academic_year=NOW, subject="English", assessment="common_test",
                    result_type="test", window_label="Spring", value="50", year_group="6")  # fmt: skip
        if n:
            judge_often("100002", pupil, names, 5)
            judge("100002", pupil, "Beech's own words" if n % 2 else "6E1", date(2025, 3, 12), "A", subject="English")
    # The mover is judged at both schools, and shared is on both rolls.
    records.pupil("100001", "mover", "6", year=NOW, end_date=date(2024, 12, 31))
    records.pupil("100002", "mover", year=None, start_date=date(2025, 1, 6))
    records.add("results", "100002", "mover", academic_year=NOW, subject="English", assessment="common_test",
                result_type="test", window_label="Spring", value="60", year_group="6")  # fmt: skip
    judge("100001", "mover", "6M1", date(2024, 11, 4), "M")
    judge("100002", "mover", "6M1", date(2025, 2, 4), "T")
    for urn in ("100003", "100004"):
        for n in range(8):
            pupil = "shared" if n == 0 else f"{urn}-{n}"
            records.pupil(urn, pupil, "8", year=NOW, sex="F", start_date=date(2024, 9, int(urn[-1])))
            if n or urn == "100003":
                judge(urn, pupil, "8E1", date(2025, 3, 12), "M" if n < 7 else "U", subject="English")
    # Elder's windows are for Reception, and no scale is for its framework.
    records.pupil("100005", "e1", "R", year=NOW)
    judge("100005", "e1", "R1", date(2024, 10, 1), "M", framework="Elder Steps")
    return records.tables


# What each file is: (URN, file) -> the day it was made, the day it was first seen.
FILES = {
    ("100001", 1): (date(2024, 12, 1), date(2024, 12, 10)), ("100001", 2): (None, date(2025, 3, 20)),
    ("100001", 3): (None, date(2025, 4, 20)), ("100002", 2): (date(2024, 8, 1), date(2025, 4, 20)),
}  # fmt: skip


def make_statements_trust() -> dict[str, list[Row]]:
    """Return every table of the trust's lake, by name."""
    records, config = make_records(), make_config()
    files = sorted({(row["urn"], row["receipt_id"]) for rows in records.values() for row in rows})
    receipts, counts = [], []
    for urn, receipt in files:
        arrival = int(receipt.rpartition("-")[2])
        made, seen = FILES.get((urn, arrival), (None, date(2025, 4, 20)))
        receipts.append({
            "urn": urn, "receipt_id": receipt, "arrival": arrival, "file_name": f"{receipt}.csv",
            "file_sha256": receipt, "first_seen_on": seen, "exported_on": made,
            "format": "other_book" if (urn, arrival) == ("100001", 3) else "tiny", "format_title": "Tiny",
            "outcome": "accepted", "rows_total": 1, "rows_layout": 0, "rows_with_records": 1,
            "rows_without_values": 0, "in_inbox": True,
        })  # fmt: skip
        for kind, rows in records.items():
            number = sum((row["urn"], row["receipt_id"]) == (urn, receipt) for row in rows)
            if number:
                counts.append(
                    {"urn": urn, "receipt_id": receipt, "kind": kind, "bucket": "accepted", "records": number}
                )
    return {
        **config, **make_kpis(config), **records, "statements": make_statements(), "scales": make_scales(),
        "receipts": receipts, "record_counts": counts,
    }  # fmt: skip
