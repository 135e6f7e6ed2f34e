"""Ages: how old a pupil was on the day national statistics count from.

Here lives the one thing of a date of birth that may stand in the records: whole years on 31 August before the
academic year. The date itself stays with the identifiers (see `identities`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence

from ingest.values import NotAValue, read_date

# The column of `pupils` that is worked out; since it follows from the row's identity, it never contradicts a row.
AGE = "age_at_start"


def find_age(born: dt.date, academic_year: str) -> int | None:
    """Return the age in whole years on 31 August before `academic_year` (2025/26); None for the unborn."""
    start = dt.date(int(academic_year[:4]), 8, 31)
    age = start.year - born.year - ((born.month, born.day) > (start.month, start.day))
    return age if born <= start else None


def list_ages(
    file_rows: Sequence[int], academic_years: Sequence[str | None], births: Mapping[int, dt.date]
) -> list[int | None]:
    """Return the age of each record: None where its row has no date of birth, or the record no academic year."""
    return [
        find_age(births[row], year) if year is not None and row in births else None
        for row, year in zip(file_rows, academic_years, strict=True)
    ]


def read_births(rows: Iterable[tuple[int, str]], order: str) -> dict[int, dt.date]:
    """Return the dates of birth that can be read, by file row. One that cannot is told where pupils are matched."""
    births = {}
    for row, text in rows:
        try:
            births[row] = read_date(text, order)
        except NotAValue:
            continue
    return births
