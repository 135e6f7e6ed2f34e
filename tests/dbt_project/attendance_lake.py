"""An invented trust for attendance, small enough to work out by hand, with every case the warehouse must place.

What lives here: rows only, as ingest would leave them in the lake (the messy schools are in `attendance_cases`).
What does not: what dbt should make of them (`oracle_attendance`). Nobody in it is real. The schools:
200001 Maple: codes of every class, odd days, dates on the roll, two marks for a session, numbers that changed.
200002 Oak: 28 in nursery and 210 from Reception to Year 6.
200003 -> 200004 Pine: another URN and another system from 1 January.
200005 -> 200006 -> 200007 Rowan: two changes in a year, with leavers, a moved register and totals.
200008 Sycamore: totals of many spans; ages and year groups of all kinds.
200009 Thorn: alternative provision, two feeds.
200021 -> 200022 -> 200023 Hazel: two changes within a term, with registers and totals.
200012 -> 200013 and 200014 Willow: divided in mid-year.
"""

from __future__ import annotations

from collections import Counter
from datetime import date

from tests.dbt_project.attendance_cases import (
    LINKS,
    add_hazel,
    add_maple,
    add_rowan,
    add_sycamore,
    add_thorn,
    add_willow,
)
from tests.dbt_project.attendance_registers import AS_OF, NOW, YEARS, Registers, school_days
from tests.dbt_project.lake_files import Row
from tests.dbt_project.suspension_cases import MADE, SEEN, add_suspensions
from tests.dbt_project.tiny_config import make_config
from tests.dbt_project.tiny_terms import make_half_terms


def make_attendance_config() -> dict[str, list[Row]]:
    """Return the lake/config tables of the trust: those of the tiny trust, with other schools, years and dates."""
    config = make_config()
    schools: list[tuple[str, str, str, str | None, date | None, date | None]] = [
        ("200001", "Maple Primary", "Primary", None, None, None),
        ("200002", "Oak Primary", "Primary", None, None, None),
        ("200003", "Pine Primary", "Primary", None, None, date(2026, 1, 1)),
        ("200004", "Pine Academy", "Primary", "200003", date(2026, 1, 1), None),
        ("200005", "Rowan School", "Secondary", None, None, date(2025, 11, 3)),
        ("200006", "Rowan High", "Secondary", "200005", date(2025, 11, 3), None),
        ("200007", "Rowan Academy", "Secondary", "200006", None, None),
        ("200008", "Sycamore School", "All-through", None, None, None),
        ("200009", "Thorn Centre", "Alternative provision", None, None, None),
        ("200012", "Willow School", "Primary", None, None, None),
        ("200013", "Willow North", "Primary", "200012", None, None),
        ("200014", "Willow South", "Primary", "200012", None, None),
        # A register that names a circle, and one that names a school it does not have.
        ("200015", "Yew One", "Primary", "200016", None, None),
        ("200016", "Yew Two", "Primary", "200015", None, None),
        ("200017", "Yew Three", "Primary", "299998", date(2026, 1, 1), None),
        ("200021", "Hazel School", "Secondary", None, None, date(2025, 11, 3)),
        ("200022", "Hazel High", "Secondary", "200021", date(2025, 11, 3), date(2025, 11, 13)),
        ("200023", "Hazel Academy", "Secondary", "200022", date(2025, 11, 13), None),
        # Not in the trust any more.
        ("200018", "Zelkova School", "Primary", None, None, date(2025, 8, 31)),
    ]
    template = config["schools"][0]
    config["schools"] = [
        {**template, "urn": urn, "laestab": f"000{urn[2:]}", "name": name, "phase": phase, "cluster": None,
         "predecessor_urn": earlier, "joined": joined, "left_on": left, "lowest_age": None, "highest_age": None}
        for urn, name, phase, earlier, joined, left in schools
    ]  # fmt: skip
    half_terms = make_half_terms((school[0] for school in schools), YEARS)
    for row in half_terms:  # Thorn's own dates, and a school of which no date is known
        if (row["urn"], row["academic_year"], row["half_term"]) == ("200009", NOW, "AUT2"):
            row["starts"] = date(2025, 10, 27)
    config["half_terms"] = [row for row in half_terms if row["urn"] != "200014"]
    config["run"] = [{"as_of": AS_OF, "contract_version": "2", "key_id": "test", "demo": True}]
    config["academic_years"] = [
        {"academic_year": year, "time_period": year[:4] + year[5:], "starts": date(int(year[:4]), 9, 1),
         "ends": date(int(year[:4]) + 1, 8, 31)}
        for year in YEARS
    ]  # fmt: skip
    config["feeds"] = [
        {"urn": "200009", "format": "weekly", "valid_from": None, "valid_to": date(2025, 11, 30)},
        {"urn": "200009", "format": "by_session", "valid_from": date(2025, 12, 1), "valid_to": None},
    ]
    config["windows"] = [
        {"window_name": "summer", "title": "Summer", "phase": "Primary", "academic_year": year,
         "year_group": year_group, "opens": date(int(year[:4]) + 1, 6, 1),
         "closes": date(int(year[:4]) + 1, 6, 26), "tolerance_days": 7, "sort_order": 1}
        for year in YEARS
        for year_group in ("4", "5", "6")
    ]  # fmt: skip
    return config


# Which format each school's files are in: file number -> format.
FORMATS = {
    "200004": {1: "by_session"}, "200007": {1: "by_session"}, "200008": {1: "totals", 2: "totals_later", 3: "weekly"},
    "200009": {1: "weekly", 2: "by_session", 3: "visits"}, "200001": {1: "weekly", 2: "by_session"},
}  # fmt: skip
TITLES = {"weekly": "Weekly register", "by_session": "Session attendance", "totals": "Totals",
          "totals_later": "Totals to date", "visits": "Visits"}  # fmt: skip


def make_receipts(records: dict[str, list[Row]]) -> dict[str, list[Row]]:
    """Return receipts and record counts that agree with the records."""
    counts: Counter[tuple[str, str, str]] = Counter()
    for kind, rows in records.items():
        counts.update((row["urn"], row["receipt_id"], kind) for row in rows)
    receipts = []
    for urn, receipt in sorted({(urn, receipt) for urn, receipt, _ in counts}):
        arrival = int(receipt.rpartition("-")[2])
        name = FORMATS.get(urn, {}).get(arrival, "weekly")
        receipts.append({
            "urn": urn, "receipt_id": receipt, "arrival": arrival, "file_name": f"{receipt}.csv",
            "file_sha256": receipt, "first_seen_on": SEEN.get(receipt, date(2026, 3, 2)),
            "exported_on": MADE.get(receipt), "format": name,
            "format_title": TITLES[name], "outcome": "accepted", "rows_total": 1, "rows_layout": 0,
            "rows_with_records": 1, "rows_without_values": 0, "in_inbox": True,
        })  # fmt: skip
    return {
        "receipts": receipts,
        "record_counts": [
            {"urn": urn, "receipt_id": receipt, "kind": kind, "bucket": "accepted", "records": number}
            for (urn, receipt, kind), number in sorted(counts.items())
        ],
    }


def add_oak(registers: Registers) -> None:
    """28 pupils in nursery and 210 from Reception to Year 6, each there on one day."""
    for n in range(238):
        year_group = ("N1", "N2")[n % 2] if n < 28 else ("R", *"123456")[n % 7]
        registers.pupil("200002", f"o{n}", year_group)
        registers.day("200002", f"o{n}", date(2025, 9, 10), "I/" if n % 5 == 0 else "/\\")


def add_pine(registers: Registers) -> None:
    """60 of 1,200 sessions missed under the first URN, all by one pupil; then 40 of 800, all by another."""
    for n in range(10):
        for urn in ("200003", "200004"):
            registers.pupil(urn, f"p{n}", "4")
        spans = (
            ("200003", date(2025, 9, 8), 60, 0), ("200004", date(2026, 1, 5), 40, 1)
        )  # fmt: skip
        for urn, first, number, absentee in spans:
            days = list(school_days(first, date(2026, 3, 20)))[:number]
            for place, day in enumerate(days):
                missed = n == absentee and place < number // 2
                registers.day(urn, f"p{n}", day, "II" if missed else "/\\")


def make_attendance_trust() -> dict[str, list[Row]]:
    """Return every table of the trust's lake, by name."""
    registers = Registers()
    for add in (add_maple, add_oak, add_pine, add_rowan, add_sycamore, add_thorn, add_willow, add_hazel,
                add_suspensions):  # fmt: skip
        add(registers)
    return {
        **make_attendance_config(),
        **registers.tables,
        **make_receipts(registers.tables),
        "pupil_links": LINKS,
    }
