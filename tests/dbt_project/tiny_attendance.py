"""Attendance of the tiny trust (`tiny_trust`): marks and totals with every case the KPI values must get right.

What lives here: rows only. What does not: days with two marks, totals that share days (they have a lake of their
own). The weeks: two in autumn and one in January with marks, one in May that the date of the run cuts.
Ash: marks; nursery pupils, pupils whose year group nobody says, a guest, a leaver, the mover, a code nobody knows.
Beech: marks and no roll. Cedar: totals by half-term, some by term only. Dogwood: marks; sixth form; a week in which
nobody misses a session; a year in which it was not in the trust. Elder: nothing.
Fir: changes its URN on 1 January; one pupil leaves before, one joins after.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from typing import Any

Add = Callable[..., None]

FIRST, SECOND, NOVEMBER = date(2024, 9, 9), date(2024, 9, 16), date(2024, 11, 11)
JANUARY, APRIL = date(2025, 1, 13), date(2025, 4, 28)
CODES = ["I", "M", "C1", "O", "U", "L", "V", "B", "Y1", "G", "N"]


def add_attendance(add: Add) -> None:
    """Add the attendance of every school, and the pupils it needs beside those with results."""
    chance = random.Random(20250502)

    def week(urn: str, pupils: Iterable[str], monday: date, *, full: bool = False, days: int = 5) -> None:
        for place, pupil in enumerate(pupils):
            # Some pupils miss much, most little; all have odd marks now and then.
            missing = (0.5, 0.02, 0.1, 0.05, 0.2)[place % 5]
            for day in range(days):
                for session, here in (("AM", "/"), ("PM", "\\")):
                    odd = not full and chance.random() < missing
                    code = chance.choice(CODES) if odd else here
                    mark(urn, pupil, monday + timedelta(days=day), session, code)

    def mark(urn: str, pupil: str, day: date, session: str, code: str) -> None:
        add("attendance", urn, pupil, session_date=day, session=session, mark_code=code)

    def roll(urn: str, pupil: str, year_group: str | None, **more: Any) -> None:
        row = {"academic_year": "2024/25", "year_group": year_group, "sex": chance.choice("FM"), **more}
        add("pupils", urn, pupil, **row)

    add_ash(week, mark, roll)
    week("100002", [*(f"b{n}" for n in range(10)), "mover"], JANUARY)
    add_cedar(add, chance)
    sixth_form = [f"s{n}" for n in range(7)]
    for pupil in sixth_form:
        roll("100004", pupil, "12", age_at_start=16)
    secondary = ["shared", *(f"dy{n}" for n in range(1, 12))]
    week("100004", [*secondary, *sixth_form], FIRST)
    week("100004", secondary, SECOND, full=True)
    week("100004", secondary, date(2023, 9, 11))
    add_fir(week, roll)


def add_ash(week: Callable[..., None], mark: Callable[..., None], roll: Callable[..., None]) -> None:
    """Ash: every population, and marks that cannot be used."""
    for n in range(7):
        roll("100001", f"n{n}", "N2", age_at_start=3)
        roll("100001", f"x{n}", None, age_at_start=7 if n < 2 else None)
    apart = [f"{letter}{n}" for letter in "nx" for n in range(7)]
    for monday in (FIRST, SECOND, JANUARY):
        week("100001", [*(f"a{n}" for n in range(4, 15)), *apart], monday)
    week("100001", ["a4", "a5", "a6"], APRIL, days=4)
    # In November the nursery alone.
    week("100001", [f"n{n}" for n in range(7)], NOVEMBER)
    # Exactly a tenth, just under it, and half of the sessions missed; and a pupil without a possible session.
    for pupil, missed in (("a0", 2), ("a1", 1), ("a2", 10), ("a3", 20)):
        for n in range(20):
            day, session = FIRST + timedelta(days=7 * (n // 10) + n % 10 // 2), ("AM", "PM")[n % 2]
            code = ("#" if pupil == "a3" else "I") if n < missed else "/\\"[n % 2]
            mark("100001", pupil, day, session, code)
    mark("100001", "a3", JANUARY, "AM", "-")
    week("100001", ["guest", "mover"], FIRST)
    week("100001", ["left"], FIRST)
    week("100001", ["left"], JANUARY)
    mark("100001", "a1", JANUARY, "AM", "ZZ")
    mark("100001", "a1", date(2025, 5, 2), "AM", "/")
    mark("199999", "gone", FIRST, "AM", "/")


def add_cedar(add: Add, chance: random.Random) -> None:
    """Cedar: totals per code of each half-term, of two pupils of the whole term only; an old code in the first year."""
    spans = [
        ("2023/24", date(2023, 9, 3), date(2023, 10, 24)), ("2024/25", date(2024, 9, 3), date(2024, 10, 24)),
        ("2024/25", date(2024, 11, 3), date(2024, 12, 19)),
    ]  # fmt: skip
    for n in range(40):
        pupil = "shared" if n == 0 else f"cy{n}"
        for year, first, last in spans:
            if n in (7, 8) and year == "2024/25":
                continue
            absent = chance.choice([0, 0, 1, 3, 8, 40])
            add("attendance_totals", "100003", pupil, from_date=first, to_date=last, mark_code="/", sessions=36)
            for code in ("I", "H" if year == "2023/24" else "O", "#"):
                add("attendance_totals", "100003", pupil, from_date=first, to_date=last, mark_code=code,
                    sessions=absent)  # fmt: skip
    for n in (7, 8):
        for code, sessions in (("/", 100), ("L", 3), ("I", 9 + n)):
            add("attendance_totals", "100003", f"cy{n}", from_date=date(2024, 9, 3), to_date=date(2024, 12, 19),
                mark_code=code, sessions=sessions)  # fmt: skip


def add_fir(week: Callable[..., None], roll: Callable[..., None]) -> None:
    """Fir: ten pupils under its first URN, nine of them and another under its second."""
    before, after = [f"f{n}" for n in range(10)], [*(f"f{n}" for n in range(9)), "f10"]
    for n, pupil in enumerate(before):
        roll("100006", pupil, "3" if n < 6 else "4", end_date=date(2024, 12, 20) if n == 9 else None)
    for n, pupil in enumerate(after):
        roll("100007", pupil, "3" if n < 6 else "4", start_date=date(2025, 1, 6))
    for monday in (FIRST, NOVEMBER):
        week("100006", before, monday)
    week("100007", after, JANUARY)
    # Marks the first URN has of the second's half-term, in another week.
    week("100006", before[:9], JANUARY + timedelta(days=7))
