"""Values: one cell's text to a typed value by the contract's column type, or words on why it cannot be.

Here live the parsers of numbers, dates, year groups, academic years and codes. What a *source* calls a code is
turned beforehand by its format file; what a code *means* is data in the warehouse. Nothing is guessed: a date
that does not fit the declared order is a problem, never swapped.
"""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal, InvalidOperation
from typing import Any

from ingest.contract import Column
from ingest.home.problems import find_nearest

DATE_WORDS = {
    "day_month_year": "a date written day/month/year, such as 21/07/2025",
    "month_day_year": "a date written month/day/year, such as 07/21/2025",
    "year_month_day": "a date written year-month-day, such as 2025-07-21",
}
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T]00:00(?::00(?:\.0+)?)?)?")
_SPLIT = re.compile(r"(\d{1,4})[/.-](\d{1,2})[/.-](\d{1,4})")
_YEAR_GROUP = re.compile(r"(?:year|yr|y)?\s*0?(\d{1,2})", re.IGNORECASE)
_EARLY = {
    "reception": "R", "rec": "R", "r": "R", "yr": "R", "year r": "R", "fs2": "R", "year 0": "R", "0": "R",
    "nursery": "N2", "fs1": "N2", "n1": "N1", "n2": "N2", "nursery 1": "N1", "nursery 2": "N2",
    "e1": "E1", "e2": "E2", "x": "X",
}  # fmt: skip
_ACADEMIC_YEAR = re.compile(r"(\d{4})\s*[/-]?\s*(\d{2}|\d{4})")


class NotAValue(Exception):
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
    what = "a whole number" if whole else "a number"
    try:
        number = Decimal(text.replace(",", "") if re.fullmatch(r"-?\d{1,3}(,\d{3})+(\.\d+)?", text) else text)
    except InvalidOperation:
        raise NotAValue(f"{what}{_range_words(column)}", "Put the number in the cell, or leave it empty.") from None
    exponent = number.as_tuple().exponent
    if not number.is_finite() or (whole and number != number.to_integral_value()):
        raise NotAValue(f"{what}{_range_words(column)}", "Put the number in the cell, or leave it empty.")
    if isinstance(exponent, int) and exponent < -4:
        raise NotAValue("a number with at most four decimal places", "Round the figure in the school's system.")
    if (column.minimum is not None and number < Decimal(str(column.minimum))) or (
        column.maximum is not None and number > Decimal(str(column.maximum))
    ) or abs(number) >= Decimal(10) ** 12:  # fmt: skip
        raise NotAValue(
            f"{what}{_range_words(column)}", "Check the figure against the school's own record and export again."
        )
    return number


def _range_words(column: Column) -> str:
    low = None if column.minimum is None else f"{column.minimum:g}"
    high = None if column.maximum is None else f"{column.maximum:g}"
    if low is not None and high is not None:
        return f" from {low} to {high}"
    return f" of {low} or more" if low is not None else f" of {high} or less" if high is not None else ""


def read_date(text: str, order: str) -> dt.date:
    """Return a date written in `order` (or as ISO, which cannot be mistaken). Raises NotAValue.

    A two-digit year is read as 19xx from 70 on, else as 20xx.
    """
    wanted = DATE_WORDS[order]
    iso = _ISO.fullmatch(text)
    split = _SPLIT.fullmatch(text)
    if iso:
        year, month, day = (int(part) for part in iso.groups())
    elif split:
        parts = [int(part) for part in split.groups()]
        places = {"day_month_year": (2, 1, 0), "month_day_year": (2, 0, 1), "year_month_day": (0, 1, 2)}[order]
        year, month, day = (parts[place] for place in places)
        if len(split.group(places[0] + 1)) <= 2:
            year += 1900 if year >= 70 else 2000
    else:
        raise NotAValue(wanted, "Set the export to write dates in that order, and export again.")
    try:
        return dt.date(year, month, day)
    except ValueError:
        raise NotAValue(
            wanted,
            "This date fits another order or does not exist. Check which order the system exports; if all its "
            "dates are in that order, change `dates` in the format file.",
        ) from None


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
    found = _ACADEMIC_YEAR.fullmatch(text.strip())
    if found:
        first, second = int(found.group(1)), int(found.group(2)) % 100
        if (first + 1) % 100 == second and 1990 <= first <= 2100:
            return f"{first}/{second:02d}"
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
