"""The messy schools of the invented attendance trust (`attendance_lake`), case by case. Nobody in it is real."""

from __future__ import annotations

import random
from datetime import date
from decimal import Decimal
from typing import Any

from tests.dbt_project.attendance_registers import NOW, Registers, school_days

AUT1 = (date(2025, 9, 3), date(2025, 10, 24))
AUT2 = (date(2025, 11, 3), date(2025, 12, 19))

LINKS = [
    {"urn": urn, "former_key": former, "pupil_key": key}
    for urn, former, key in [
        ("200001", "chain old", "chain mid"), ("200002", "chain mid", "chain new"),
        # One number that two schools say became two; and a circle. Both are left as they are.
        ("200001", "forked", "forked 1"), ("200002", "forked", "forked 2"),
        ("200001", "circle 1", "circle 2"), ("200001", "circle 2", "circle 1"),
        # Two ways to one end; and a link to itself.
        ("200001", "twice", "twice mid"), ("200001", "twice", "twice new"), ("200001", "twice mid", "twice new"),
        ("200001", "itself", "itself"),
    ]
]  # fmt: skip


def add_maple(registers: Registers) -> None:
    """Marks of every class over two half-terms, and each reason a mark may not count."""
    chance = random.Random(20260320)
    codes = ["/"] * 60 + [*"LLLKVPWBIIIIMRSTECGNOUUQDXZ#-JHY", "C1", "C2", "J1", "Y1", "Y7", "i", " c1 ", "l"]
    for n in range(24):
        registers.pupil("200001", f"m{n}", ("R", *"123456")[n % 7], sex="FMU"[n % 3], age_at_start=4 + n % 7)
        for first, last in ((date(2025, 9, 8), date(2025, 10, 10)), (date(2025, 10, 20), date(2025, 11, 14)),
                            (date(2026, 1, 5), date(2026, 1, 16))):  # fmt: skip
            for day in school_days(first, last):
                if not date(2025, 10, 27) <= day <= date(2025, 10, 31) and chance.random() < 0.95:
                    for session in ("AM", "PM"):
                        registers.mark("200001", f"m{n}", day, session, chance.choice(codes))
    day = date(2025, 9, 8)
    # Odd days: a Saturday, the holiday, before the first half-term, August, and the year before with its codes.
    registers.day("200001", "m1", date(2025, 9, 13))
    registers.day("200001", "m2", date(2025, 10, 28), "I\\")
    registers.day("200001", "m3", date(2025, 9, 2), "/I")
    for n in range(12):
        registers.day("200001", f"m{n}", date(2025, 8, 28), "//")
        registers.day("200001", f"m{n}", date(2024, 8, 6), "HK")
        registers.day("200001", f"m{n}", date(2024, 9, 10), "H-" if n else "HI")
    # Not to be used: after the run, years the trust does not report, codes nobody knows.
    registers.day("200001", "m1", date(2026, 3, 23))
    registers.day("200001", "m1", date(2023, 10, 10))
    registers.day("200001", "m1", date(2026, 8, 3))
    registers.mark("200001", "m1", date(2025, 9, 15), "AM", "?", file=2)
    registers.mark("200001", "m1", date(2025, 9, 16), "AM", "ill, says mother", file=2)
    # Two marks for a session: the later file's; but a mark before none at all.
    for n, (before, after) in enumerate([("I", "/"), ("/", "-"), ("-", "I"), ("-", "-")]):
        registers.mark("200001", f"twins{n}", date(2025, 9, 22), "AM", before)
        registers.mark("200001", f"twins{n}", date(2025, 9, 22), "AM", after, file=2)
        registers.pupil("200001", f"twins{n}", "3")
    # Enrolments: guests, dates, no list, an undated list, one who never came, one with no mark at all.
    for pupil, more in (
        ("guest", {"enrolment_status": "G"}), ("sub", {"enrolment_status": "S"}),
        ("joiner", {"start_date": date(2025, 10, 6)}), ("leaver", {"end_date": date(2025, 9, 19)}),
        ("blank", {}), ("exact", {}), ("under", {}), ("half", {}), ("undated", {"start_date": date(2025, 9, 15)}),
    ):  # fmt: skip
        registers.pupil("200001", pupil, None if pupil == "undated" else "2",
                        year=None if pupil == "undated" else NOW, **more)  # fmt: skip
    for day in school_days(date(2025, 9, 8), date(2025, 10, 10)):
        for pupil in ("guest", "sub", "joiner", "leaver", "unlisted", "undated"):
            registers.day("200001", pupil, day, "/I" if day.weekday() == 2 else "/\\")
        registers.day("200001", "prospective", day, "ZZ")
        registers.day("200001", "blank", day, "--")
    # Ten sessions each: one missed is a tenth, five are half; and one of eleven is under a tenth.
    for pupil, missed in (("exact", 1), ("under", 1), ("half", 5)):
        for n, day in enumerate(school_days(date(2025, 9, 8), date(2025, 9, 12))):
            registers.day("200001", pupil, day, "".join("I" if 2 * n + k < missed else "/" for k in (0, 1)))
    registers.mark("200001", "under", date(2025, 9, 15), "AM", "/")
    # Numbers that changed: marks under three keys, one session under two of them.
    registers.pupil("200001", "chain new", "5")
    registers.pupil("200001", "twice mid", "5")
    for pupil in ("chain old", "forked", "circle 1", "twice", "itself"):
        registers.day("200001", pupil, date(2025, 9, 8), "/I")
    registers.day("200001", "chain mid", date(2025, 9, 9), "/I")
    registers.day("200001", "chain new", date(2025, 9, 10), "/I")
    registers.day("200001", "chain new", date(2025, 9, 8), "UU")
    # A school that has gone from the register; and judgements, which no KPI uses.
    registers.day("299999", "gone", day)
    registers.total("299999", "gone", *AUT1, present=10)
    for urn in ("200001", "299999"):
        for day in (date(2025, 10, 1), date(2019, 10, 1)):
            registers.add("suspensions", urn, "m1", starts_on=day, category="suspension", sessions_lost=2)
            registers.add("judgements", urn, "m1", academic_year=f"{day.year}/{(day.year + 1) % 100}",
                          subject="English", framework="f", statement="s", value="Met")  # fmt: skip
    _add_results(registers)


def _add_results(registers: Registers) -> None:
    """Last summer's results with this autumn's year group, and pupils of whom that must not be said."""

    def result(pupil: str, year_group: str | None, year: str = "2024/25", **more: Any) -> None:
        registers.add("results", "200001", pupil, academic_year=year, year_group=year_group, subject="English",
                      **{"assessment": "common_test", "result_type": "test", "window_label": "Summer",
                         "mark": Decimal(50), "value": "50", **more})  # fmt: skip

    for pupil, rolls, said in (
        ("now six", {"2024/25": "5", "2025/26": "6"}, "6"),
        ("was five", {"2024/25": "5", "2025/26": "6"}, "5"),
        ("no roll then", {"2025/26": "6"}, "6"),
        ("no roll then, as it was", {"2025/26": "6"}, "5"),
        ("repeats", {"2024/25": "5", "2025/26": "5"}, "5"),
        ("repeated before", {"2022/23": "4", "2025/26": "6"}, "6"),
        ("older paper", {"2024/25": "6"}, "5"),
        ("nobody says", {"2024/25": "5", "2025/26": "6"}, None),
        ("not in years", {"2025/26": "X"}, "X"),
        ("two years on", {"2026/27": "6"}, "6"),
    ):
        for year, year_group in rolls.items():
            registers.pupil("200001", pupil, year_group, year=year)
        result(pupil, said)


def add_rowan(registers: Registers) -> None:
    """Three URNs in one year: a leaver, a joiner, a register moved across, totals beside marks."""
    chance = random.Random(7)
    spans = {
        "200005": (date(2025, 9, 8), date(2025, 10, 24)), "200006": (date(2025, 11, 3), date(2025, 12, 19)),
        "200007": (date(2026, 1, 5), date(2026, 2, 13)),
    }  # fmt: skip
    for n in range(12):
        pupil = f"r{n}"
        registers.pupil("200005" if n == 0 else "200007", pupil, str(7 + n % 5), age_at_start=11 + n % 5)
        for urn, span in spans.items():
            if (n == 0 and urn != "200005") or (n == 11 and urn != "200007") or (n == 5 and urn == "200005"):
                continue
            for day in school_days(*span):
                if n == 0 and day > date(2025, 10, 10):
                    break
                registers.day(urn, pupil, day, "".join(chance.choice("/////\\LIOU-") for _ in range(2)))
    # The register of one week moved across: sessions the later URN has itself; and blank ones, which say nothing.
    for n in (1, 2, 3):
        for day in school_days(date(2025, 10, 20), date(2025, 10, 24)):
            registers.day("200006", f"r{n}", day, "/I" if n < 3 else "--")
    # Two schools on: a mark in place of the first URN's.
    registers.day("200007", "r6", date(2025, 9, 8), "IO")
    # Totals: for one the first URN's only record; for another the last URN's, over days of the second.
    registers.total("200005", "r5", *AUT1, present=60, I=10)
    registers.total("200007", "r4", date(2025, 12, 8), date(2025, 12, 19), present=15, O=5)
    # The year before: the first URN alone.
    for day in school_days(date(2025, 6, 2), date(2025, 6, 6)):
        registers.day("200005", "r1", day, "/I")
        registers.day("200018", "z1", day, "/I")
    for day in (date(2025, 6, 9), date(2025, 6, 10), date(2025, 6, 11)):
        registers.mark("200018", "z1", day, "AM", "/")


def add_sycamore(registers: Registers) -> None:
    """Totals of many spans, over pupils of every age."""
    groups = (("N2", 3), ("R", 4), ("1", 5), ("7", 4), ("11", 15), ("12", None), ("13", 15), ("14", 18), ("X", 9),
              (None, None), ("E1", None), ("X", None))  # fmt: skip
    for n, (year_group, age) in enumerate(groups):
        registers.pupil("200008", f"s{n}", year_group, age_at_start=age, sex=None)
    # s0: two half-terms and the whole they make. s1: a whole that goes on past them, so it stands.
    for n in (0, 1):
        registers.total("200008", f"s{n}", *AUT1, present=60, I=8, O=2)
        registers.total("200008", f"s{n}", *AUT2, present=60, L=10)
    registers.total("200008", "s0", date(2025, 9, 1), date(2025, 12, 19), present=120, I=8, O=2, L=10)
    registers.total("200008", "s1", date(2025, 9, 1), date(2026, 2, 13), file=2, present=180, I=12, O=2, L=10)
    # s2: a term that grew; s3: the same span twice, the later file stands; s4: spans that overlap.
    registers.total("200008", "s2", date(2025, 9, 3), date(2025, 11, 28), present=90, I=10)
    registers.total("200008", "s2", date(2025, 9, 3), date(2025, 12, 19), file=2, present=110, I=14)
    registers.total("200008", "s3", *AUT1, present=50, I=20)
    registers.total("200008", "s3", *AUT1, file=2, present=69, I=1)
    registers.total("200008", "s4", date(2025, 9, 3), date(2025, 11, 14), present=80, I=8)
    registers.total("200008", "s4", date(2025, 11, 10), date(2025, 12, 19), present=55, I=5)
    # s5: weeks that fill a half-term, the half-term, and the year; s6: weeks that leave a gap.
    for n in (5, 6):
        for monday in range(8):
            first = date.fromordinal(date(2025, 9, 1).toordinal() + 7 * monday)
            if n == 5 or monday != 3:
                registers.total("200008", f"s{n}", first, date.fromordinal(first.toordinal() + 4), present=9, I=1)
        registers.total("200008", f"s{n}", *AUT1, present=64, I=9)
        registers.total("200008", f"s{n}", date(2025, 9, 1), date(2025, 10, 26), file=2, present=65, I=9)
    # s7: over two years, after the run, an unknown code, over two terms, in the holidays, and a retired code.
    registers.total("200008", "s7", date(2025, 7, 1), date(2025, 9, 30), present=30)
    registers.total("200008", "s7", date(2026, 2, 23), date(2026, 3, 27), present=30)
    registers.total("200008", "s7", date(2019, 9, 3), date(2019, 10, 3), present=30)
    registers.total("200008", "s7", *AUT2, present=30, Q9=4, J=2)
    registers.total("200008", "s8", date(2025, 11, 17), date(2026, 1, 30), present=70, U=7)
    registers.total("200008", "s8", date(2025, 10, 27), date(2025, 10, 31), present=1)
    # s9: marks on some of the days; s10: only marks that say nothing, in one of two half-terms; s11: nothing at all.
    registers.total("200008", "s9", *AUT1, present=60, I=4)
    registers.total("200008", "s9", *AUT2, present=60, I=4)
    registers.day("200008", "s9", date(2025, 11, 5), "/I", file=3)
    registers.total("200008", "s10", *AUT1, present=0, I=0)
    registers.total("200008", "s10", *AUT2, present=60, X=4)
    registers.day("200008", "s10", date(2025, 11, 5), "-#", file=3)
    # s5 has one day of marks in a half-term of 73 sessions: the total stands. Of s6, a week's ten, half and under half.
    registers.day("200008", "s5", date(2025, 9, 10), "II", file=3)
    registers.mark("200008", "s6", date(2025, 9, 3), "AM", "-", file=3)
    for n, day in enumerate(school_days(date(2025, 9, 8), date(2025, 9, 10))):
        registers.day("200008", "s6", day, "/I" if n < 2 else "/#", file=3)
    for day in school_days(date(2025, 9, 15), date(2025, 9, 16)):
        registers.day("200008", "s6", day, "/I", file=3)
    # Known from totals alone; and expected by nobody.
    registers.total("200008", "from totals", *AUT1, present=70)
    registers.total("200008", "never here", *AUT1, Z=70)


def add_hazel(registers: Registers) -> None:
    """Two changes within a term, one of them within a half-term and a week; registers, totals, and both."""
    spans = {
        "200021": (date(2025, 9, 8), date(2025, 10, 24)), "200022": (date(2025, 11, 3), date(2025, 11, 12)),
        "200023": (date(2025, 11, 13), date(2026, 1, 16)),
    }  # fmt: skip
    for n in range(10):
        for urn, span in spans.items():
            registers.pupil(urn, f"h{n}", "8")
            for day in school_days(*span):
                if date(2025, 12, 20) <= day < date(2026, 1, 5):
                    continue
                # One misses all of the first part, one a tenth of the whole term or so, one the last part.
                missed = (n == 0 and urn == "200021") or (n == 1 and day.weekday() == 2 and day.day < 13)
                registers.day(urn, f"h{n}", day, "II" if missed or (n == 2 and urn == "200023") else "/\\")
    for urn in spans:
        for n in range(6):
            registers.pupil(urn, f"k{n}", "9")
    # k0: a total that shares a day with the later marks: both count. k1: one most of whose days the later marks have.
    registers.total("200021", "k0", date(2025, 9, 1), date(2025, 11, 13), present=90, I=12)
    registers.total("200021", "k1", date(2025, 9, 1), date(2025, 12, 5), present=40, O=5)
    # k2: the later URN's own total over marks of the earlier; k3: two totals that share days; k4: the same one twice.
    registers.total("200023", "k2", date(2025, 9, 1), date(2025, 12, 19), present=110, I=22)
    registers.total("200021", "k3", date(2025, 9, 1), date(2025, 11, 13), present=90, I=9)
    registers.total("200023", "k3", date(2025, 11, 13), date(2025, 12, 19), present=50, U=3)
    for urn in ("200021", "200023"):
        registers.total(urn, "k4", date(2025, 9, 1), date(2025, 10, 24), present=60, I=7)
    for pupil in ("k0", "k1"):
        for day in school_days(date(2025, 11, 13), date(2025, 12, 3)):
            registers.day("200023", pupil, day, "/I" if day.weekday() == 3 else "/\\")
    for day in school_days(date(2025, 10, 20), date(2025, 10, 24)):
        registers.day("200021", "k2", day, "/I")
    # k5: nothing but a day nobody was expected, under the last URN.
    registers.day("200021", "k5", date(2025, 9, 9), "/I")
    registers.day("200023", "k5", date(2025, 11, 14), "DD")


def add_thorn(registers: Registers) -> None:
    """Alternative provision with two systems, each with marks beyond its own dates."""
    for n, status in enumerate("SSGC"):
        registers.pupil("200009", f"t{n}", "9", enrolment_status=status)
        for day in school_days(date(2025, 10, 20), date(2025, 12, 12)):
            registers.day("200009", f"t{n}", day, "/\\", file=1)
        for day in school_days(date(2025, 11, 24), date(2026, 1, 9)):
            registers.day("200009", f"t{n}", day, "/I", file=2)
    registers.day("200009", "t3", date(2026, 1, 12), "VV", file=3)
    registers.total("200009", "t3", date(2026, 1, 19), date(2026, 1, 23), file=2, present=10)
    registers.total("200009", "t3", date(2026, 1, 26), date(2026, 1, 30), file=1, present=10)
    registers.total("200009", "t3", date(2025, 11, 29), date(2025, 12, 2), file=2, present=2)


def add_willow(registers: Registers) -> None:
    """One school that became two: each pupil's autumn goes where the pupil went on."""
    for n in range(5):
        registers.pupil("200012", f"w{n}", "3")
        for day in school_days(date(2025, 9, 8), date(2025, 9, 12)):
            registers.day("200012", f"w{n}", day, "/I")
    for n, urn in ((0, "200013"), (1, "200013"), (2, "200014"), (4, "200013"), (4, "200014")):
        for day in school_days(date(2026, 1, 5), date(2026, 1, 9)):
            registers.day(urn, f"w{n}", day, "/\\" if day.weekday() else "OO")
    # Two schools of which a register says that each came from the other.
    for urn in ("200015", "200016"):
        registers.day(urn, f"y{urn[-1]}", date(2025, 9, 8))
    registers.day("200017", "y7", date(2026, 1, 8))
