"""Values: one cell's text to a typed value by the contract's column type, or words on why it cannot be.

Here live the parsers of numbers, dates, year groups, academic years and codes. What a *source* calls a code is
turned beforehand by its format file; what a code *means* is data in the warehouse. Nothing is guessed: a date
that does not fit the declared order is a problem, never swapped.
"""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from typing import Any

from ingest.contract import Column
from ingest.home.problems import find_nearest
from ingest.pattern import plain_text

DECIMAL_PLACES = 4  # of the contract's decimals

DATE_WORDS = {
    "day_month_year": "a date written day/month/year, such as 21/07/2025",
    "month_day_year": "a date written month/day/year, such as 07/21/2025",
    "year_month_day": "a date written year-month-day, such as 2025-07-21",
}
# [0-9] and not \d: digits of other scripts are no sane export's, and a slip of the reader if they get through.
_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")
_THOUSANDS = re.compile(r"-?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?")
_TIME = r"(?:[ T][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?)?"  # systems write dates as midnight of the day
_ISO = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})" + _TIME)
_SPLIT = re.compile(r"([0-9]{1,4})[/.-]([0-9]{1,2})[/.-]([0-9]{1,4})" + _TIME)
# 8 Sep 2025 and 08-September-25 are one day in any order, and Mon before a date says which order it was written in.
_NAMED = re.compile(r"([0-9]{1,2})[ /-]([a-z]{3,9})[ /-]([0-9]{4}|[0-9]{2})" + _TIME, re.IGNORECASE)
_WEEKDAY = re.compile(r"(mon|tue|wed|thu|fri|sat|sun)(?:s|nes|rs?|ur)?(?:day)?[,.]? ", re.IGNORECASE)
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip
_YEARS = range(1900, 2101)
_YEAR_GROUP = re.compile(r"(?:year|yr|y)?\s*([0-9]{1,2})")
_EARLY = {
    "reception": "R", "rec": "R", "r": "R", "yr": "R", "year r": "R", "fs2": "R", "year 0": "R", "0": "R",
    "nursery": "N2", "fs1": "N2", "n1": "N1", "n2": "N2", "nursery 1": "N1", "nursery 2": "N2",
    "e1": "E1", "e2": "E2", "x": "X",
}  # fmt: skip
_ACADEMIC_YEAR = re.compile(r"([0-9]{4})\s*[/-]?\s*([0-9]{2}|[0-9]{4})")


class NotAValue(Exception):  # noqa: N818  what is wrong is the cell, not the program
    """A text that cannot be read as the column's type. `expected` and `remedy` are words for the fix-list."""

    def __init__(self, expected: str, remedy: str) -> None:
        super().__init__(expected)
        self.expected = expected
        self.remedy = remedy


def read_value(column: Column, text: str, order: str = "day_month_year") -> Any:
    """Return `text` (not blank) as the column's type: str, int, Decimal or date. Raises NotAValue."""
    if column.type == "integer":
        return int(_read_number(column, text))
    if column.type == "decimal":
        return _read_number(column, text)
    if column.type == "date":
        return read_date(text, order)
    if column.type == "year_group":
        return read_year_group(text)
    if column.type == "academic_year":
        return read_academic_year(text)
    if column.type == "code":
        return _read_code(column, text)
    return text


def _read_number(column: Column, text: str) -> Decimal:
    whole = column.type == "integer"
    wanted = f"{'a whole number' if whole else 'a number'}{_range_words(column)}"
    plain = text.replace(",", "") if _THOUSANDS.fullmatch(text) else text
    # Decimal() alone would also take "1e3", "1_000" and digits of other scripts.
    if not _NUMBER.fullmatch(plain):
        raise NotAValue(wanted, "Put the number in the cell, or leave it empty.")
    number = Decimal(plain)
    if abs(number) >= Decimal(10) ** 12 or not _is_within(column, number):
        raise NotAValue(wanted, "Check the figure against the school's own record and export again.")
    if whole and number != number.to_integral_value():
        raise NotAValue(wanted, "Put the number in the cell, or leave it empty.")
    if number != (rounded := round(number, DECIMAL_PLACES)):
        raise NotAValue("a number with at most four decimal places", "Round the figure in the school's system.")
    return rounded


def _is_within(column: Column, number: Decimal) -> bool:
    low, high = column.minimum, column.maximum
    return (low is None or number >= Decimal(str(low))) and (high is None or number <= Decimal(str(high)))


def _range_words(column: Column) -> str:
    low = None if column.minimum is None else f"{column.minimum:g}"
    high = None if column.maximum is None else f"{column.maximum:g}"
    if low is not None and high is not None:
        return f" from {low} to {high}"
    return f" of {low} or more" if low is not None else f" of {high} or less" if high is not None else ""


def read_date(text: str, order: str) -> dt.date:
    """Return a date written in `order` (or as ISO or with the month's name, which cannot be mistaken).

    A two-digit year is read as 19xx from 70 on, else as 20xx. A weekday before the date must be the date's own.
    Raises NotAValue.
    """
    wanted = DATE_WORDS[order]
    weekday = _WEEKDAY.match(text)
    text = text[weekday.end() :] if weekday else text
    iso = _ISO.fullmatch(text)
    split = _SPLIT.fullmatch(text)
    named = _NAMED.fullmatch(text)
    if iso:
        year, month, day = (int(part) for part in iso.groups())
    elif named and (month := _find_month(named.group(2))):
        day, year = int(named.group(1)), int(named.group(3))
        year += 0 if year >= 100 else 1900 if year >= 70 else 2000
    elif split:
        parts = [int(part) for part in split.groups()]
        places = {"day_month_year": (2, 1, 0), "month_day_year": (2, 0, 1), "year_month_day": (0, 1, 2)}[order]
        year, month, day = (parts[place] for place in places)
        if len(split.group(places[0] + 1)) <= 2:
            year += 1900 if year >= 70 else 2000
    else:
        raise NotAValue(wanted, "Set the export to write dates in that order, and export again.")
    try:
        found = dt.date(year, month, day)
    except ValueError:
        raise NotAValue(
            wanted,
            "This date fits another order or does not exist. Check which order the system exports; if all its "
            "dates are in that order, change `dates` in the format file.",
        ) from None
    if year not in _YEARS:
        raise NotAValue(wanted, "Check the year in the school's system and export again.")
    if weekday and _WEEKDAYS[found.weekday()] != weekday.group(1).casefold():
        raise NotAValue(
            wanted,
            "The weekday and the date do not agree. Check which order the system exports; if all its dates are in "
            "that order, change `dates` in the format file.",
        )
    return found


def _find_month(name: str) -> int:
    """Return the number of a month from its name or the first letters of it; 0 for no month."""
    short = "sep" if name.casefold() == "sept" else name.casefold()
    return next((n for n, month in enumerate(_MONTHS, start=1) if month in (short, short + month[3:])), 0)


def read_year_group(text: str) -> str:
    """Return a year group's code (N1, N2, E1, E2, R, 1 to 14, X) from its usual spellings. Raises NotAValue."""
    plain = " ".join(text.split()).casefold()
    if plain in _EARLY:
        return _EARLY[plain]
    found = _YEAR_GROUP.fullmatch(plain)
    if found and 1 <= int(found.group(1)) <= 14:
        return str(int(found.group(1)))
    raise NotAValue(
        "a year group such as Reception, Year 3, Y3 or 3",
        "Write the national curriculum year, or add this spelling under `values` in the format file.",
    )


def read_academic_year(text: str) -> str:
    """Return an academic year as 2024/25 from 2024/25, 2024-25, 2024/2025 or 202425. Raises NotAValue.

    A bare year such as 2025 is refused: systems use it for the year that begins and for the year that ends.
    """
    found = _ACADEMIC_YEAR.fullmatch(plain_text(text))
    if found:
        first, second = int(found.group(1)), found.group(2)
        if str(first + 1).endswith(second) and 1990 <= first <= 2100:
            return f"{first}/{second[-2:]}"
    raise NotAValue(
        "an academic year such as 2024/25",
        "Write both halves of the year; a bare year could mean the one it begins or the one it ends.",
    )


def _read_code(column: Column, text: str) -> str:
    for code in column.codes:
        if text.casefold() == code.casefold():
            return code
    near = find_nearest(text, column.codes)
    raise NotAValue(
        "one of " + ", ".join(column.codes) + (f" (nearest: {near})" if near else ""),
        f"Correct the cell, or say what this means under `values: {column.name}:` in the format file.",
    )
