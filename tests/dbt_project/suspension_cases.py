"""Suspensions of the invented attendance trust (`attendance_lake`), case by case. Nobody in it is real.

What lives here: rows only, and the days on which files of them came. What does not: which of them count
(`oracle_suspensions`).
"""

from __future__ import annotations

from datetime import date

from tests.dbt_project.attendance_registers import Registers

# File -> day it was first seen, where that is not the day of all others; and the day it says it was made.
SEEN = {
    "200001-8": date(2026, 3, 19), "200002-8": date(2025, 12, 15), "200003-8": date(2025, 12, 18),
    "200008-8": date(2026, 3, 20), "200009-8": date(2026, 3, 6), "200021-8": date(2025, 12, 1),
    "200023-8": date(2026, 3, 20), "200007-8": date(2026, 3, 18), "200006-8": date(2026, 3, 18),
    "200005-8": date(2026, 3, 18), "200012-8": date(2026, 3, 18), "200013-8": date(2026, 3, 18),
    "200014-8": date(2026, 3, 18),
}  # fmt: skip
MADE = {"200009-8": date(2026, 3, 5), "200018-8": date(2025, 7, 20)}


def add_suspensions(registers: Registers) -> None:
    """Every reason a suspension may not count, files that reach only so far, and changes of URN."""

    def suspend(urn: str, pupil: str, *days: date, category: str = "suspension") -> None:
        for day in days:
            registers.add("suspensions", urn, pupil, file=8, starts_on=day, category=category, sessions_lost=2)

    # Maple: one pupil thrice, a day in the holiday, and what does not count.
    suspend("200001", "m2", date(2025, 9, 12), date(2025, 11, 20), date(2026, 3, 10))
    suspend("200001", "m5", date(2025, 10, 28))
    suspend("200001", "m3", date(2025, 12, 1), category="permanent_exclusion")
    suspend("200001", "m4", date(2026, 3, 25))
    suspend("200001", "m4", date(2023, 3, 22))
    suspend("200001", "m6", date(2024, 10, 10))
    suspend("200001", "guest", date(2025, 9, 10))
    suspend("200001", "joiner", date(2025, 9, 10), date(2025, 10, 6))
    suspend("200001", "unlisted", date(2025, 9, 10))
    # Two numbers that are one pupil; and a suspension beside the permanent exclusion it led to.
    for pupil in ("chain old", "chain mid", "chain new"):
        suspend("200001", pupil, date(2025, 9, 16))
    suspend("200001", "m3", date(2025, 12, 1))
    suspend("299999", "gone", date(2025, 9, 10))
    # Oak: nursery and others; what was sent reaches to the middle of December.
    suspend("200002", "o0", date(2025, 9, 10))
    suspend("200002", "o30", date(2025, 9, 10))
    # Pine: of the first URN nothing but autumn has come, and of the second nothing at all.
    suspend("200003", "p1", date(2025, 9, 22))
    # Rowan: each URN has sent; the rolls hold the pupils under the last URN, and the leaver under the first.
    suspend("200005", "r1", date(2025, 9, 18))
    suspend("200006", "r2", date(2025, 11, 20))
    suspend("200007", "r0", date(2025, 9, 15))
    suspend("200007", "r3", date(2025, 9, 17), date(2026, 1, 20))
    # Hazel: the last URN's file holds the whole year, some of it sent under the first URN too.
    suspend("200021", "h1", date(2025, 9, 18))
    suspend("200023", "h1", date(2025, 9, 18), date(2025, 11, 20))
    suspend("200023", "h2", date(2025, 11, 5))
    # Sycamore: ages and year groups of all kinds.
    for n in range(12):
        suspend("200008", f"s{n}", date(2025, 10, 1))
        suspend("200008", f"age{n}", date(2025, 10, 1))
    # Thorn: subsidiary registrations count in alternative provision, a guest does not.
    for n in range(4):
        suspend("200009", f"t{n}", date(2025, 11, 24))
    # Willow: divided; one pupil is on the roll of the second school it became.
    for urn in ("200012", "200014"):
        registers.pupil(urn, "w9", "3")
    suspend("200012", "w9", date(2025, 9, 10))
    suspend("200012", "w0", date(2025, 9, 11))
    suspend("200013", "w0", date(2026, 1, 7))
    suspend("200014", "w9", date(2026, 1, 7))
    # Zelkova: has left the trust since.
    registers.pupil("200018", "z9", "5", year="2024/25", file=8)
    suspend("200018", "z9", date(2025, 6, 10))
