"""Short ways to write an invented school's registers, lists and totals as records of the lake.

What lives here: the writing. What does not: which schools there are (`attendance_lake`, `attendance_cases`).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from tests.dbt_project.tiny_trust import Records

AS_OF = date(2026, 3, 20)
YEARS = ("2024/25", "2025/26")
NOW = YEARS[1]
KINDS = ("pupils", "results", "groups", "attendance", "attendance_totals", "suspensions", "judgements")


class Registers(Records):
    """Records of every kind, with short ways to write marks."""

    def __init__(self) -> None:
        super().__init__()
        self.tables = {kind: [] for kind in KINDS}

    def pupil(
        self, urn: str, pupil: str, year_group: str | None = None, *, year: str | None = NOW, **more: Any
    ) -> None:
        """Add a pupil record."""
        self.add("pupils", urn, pupil, academic_year=year, year_group=year_group, **{"sex": "F", **more})

    def mark(self, urn: str, pupil: str, day: date, session: str, code: str, *, file: int = 1) -> None:
        """Add one mark."""
        self.add("attendance", urn, pupil, file=file, session_date=day, session=session, mark_code=code)

    def day(self, urn: str, pupil: str, day: date, codes: str = "/\\", *, file: int = 1) -> None:
        """Add the marks of a morning and an afternoon."""
        for session, code in zip(("AM", "PM"), codes, strict=True):
            self.mark(urn, pupil, day, session, code, file=file)

    def total(self, urn: str, pupil: str, first: date, last: date, *, file: int = 1, **sessions: int) -> None:
        """Add totals of a span, a code each; `present` stands for /."""
        for code, number in sessions.items():
            self.add("attendance_totals", urn, pupil, file=file, from_date=first, to_date=last,
                     mark_code="/" if code == "present" else code, sessions=number)  # fmt: skip


def school_days(first: date, last: date) -> Iterator[date]:
    """Yield the days from Monday to Friday of a span."""
    for n in range((last - first).days + 1):
        if (day := first + timedelta(days=n)).weekday() < 5:
            yield day
