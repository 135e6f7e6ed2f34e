"""How a number or a date is written: the one place where a figure is rounded.

Here live rounding (half away from zero, by Decimal, at display only) and the fixed forms of figures, counts,
intervals and dates. Which figure stands where does not live here, nor any arithmetic between figures.

A page shows the six-decimal figure of the extract file, rounded on: so whoever rounds the download by hand
meets the number on the page. (For a share of up to 100,000 pupils at one decimal the two steps cannot
differ from one.)
"""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_UP, Decimal, localcontext
from functools import lru_cache

PUBLISHED_PLACES = 6
MINUS = "\N{MINUS SIGN}"
_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)

Number = int | float | Decimal


def exact(value: Number) -> Decimal:
    """The decimal a person reads when they see `value`: 2.675 is 2.675, not the nearest binary fraction.

    Raises ValueError for what is not a finite number.
    """
    number = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    if not number.is_finite():
        raise ValueError(f"{value!r} is not a finite number, so it cannot be published; look at the KPI's denominator")
    return number


def round_half_away(value: Number, places: int) -> Decimal:
    """`value` to `places` decimals, a half going away from zero (0.5 -> 1, -0.5 -> -1); never minus zero."""
    with localcontext() as context:
        context.prec = 400
        rounded = exact(value).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
        return abs(rounded) if rounded.is_zero() else rounded


def as_published(value: Number) -> Decimal:
    """The figure as the extract files hold it: six decimals."""
    return round_half_away(value, PUBLISHED_PLACES)


def write_fixed(value: Number) -> str:
    """A figure for an extract file: plain, six decimals, no separator. `low` where it rounds to 0 but is
    not 0.
    """
    figure = as_published(value)
    return "low" if figure == 0 and value != 0 else format(figure, "f")


def write_count(value: Number) -> str:
    """A count for a file: an integer, or six decimals where a weighted count is not whole."""
    number = exact(value)
    return str(int(number)) if number == number.to_integral_value() else format(as_published(number), "f")


@lru_cache(maxsize=200_000)
def show_number(value: Number, places: int) -> str:
    """A figure for a page: rounded to `places`, thousands separated, a true minus sign."""
    return format(round_half_away(as_published(value), places), ",f").replace("-", MINUS)


@lru_cache(maxsize=200_000)
def rounds_to_nothing(value: Number, places: int) -> bool:
    """Whether a figure that is not 0 would read as 0 on a page (it is then shown as `low`)."""
    return value != 0 and round_half_away(as_published(value), places) == 0


def show_count(value: int | None) -> str:
    """A count for a page; "not known" where there is none."""
    return "not known" if value is None else f"{value:,}"


def show_day(day: date | None) -> str:
    """A day of a year that is said elsewhere: 3 April."""
    return "not known" if day is None else f"{day.day} {_MONTHS[day.month - 1]}"


def show_month(day: date | None) -> str:
    """The month a day lies in: April 2026."""
    return "an unknown month" if day is None else f"{_MONTHS[day.month - 1]} {day.year}"


def show_date(day: date | None, absent: str = "not known") -> str:
    """A date in words that no reader can take two ways: 3 April 2026."""
    return absent if day is None else f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
