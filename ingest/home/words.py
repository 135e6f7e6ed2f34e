"""The kinds of word a trust home is written in: names, codes, days, academic years and year groups.

Each is a type for the strict models, with the form it must have said in words. What a whole file holds does
not live here.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, StringConstraints

from ingest.contract import YEAR_GROUPS
from ingest.home.problems import find_nearest, list_words, wrong_value

Phase = Literal[
    "Nursery",
    "Primary",
    "Middle (deemed primary)",
    "Middle (deemed secondary)",
    "Secondary",
    "16 plus",
    "All-through",
    "Special",
    "Alternative provision",
]
ComparabilityClass = Literal["A", "B", "C", "D"]

# An academic year turns over on 1 September: months from here on fall in its first calendar year.
FIRST_MONTH = 9


class Strict(BaseModel):
    """What every model of a trust home is: no word it does not know, and not changed once read."""

    model_config = ConfigDict(extra="forbid", frozen=True)


Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


def _check_name(name: str) -> str:
    if "|" in name or "\n" in name:
        raise wrong_value("a name on one line without |")
    return name


# Names become parts of keys that are joined with |.
Name = Annotated[Text, AfterValidator(_check_name)]


def _check_word(word: str) -> str:
    if not re.fullmatch(r"[a-z][a-z0-9_]*", word):
        nearest = re.sub(r"[^a-z0-9]+", "_", word.casefold()).strip("_0123456789")
        raise wrong_value("small letters, digits and underscores, such as mean_mark", nearest=nearest)
    return word


Word = Annotated[str, AfterValidator(_check_word)]


def _check_urn(urn: str) -> str:
    if not re.fullmatch(r"[1-9][0-9]{5}", urn):
        raise wrong_value("a URN, six digits such as 123456")
    return urn


Urn = Annotated[Text, AfterValidator(_check_urn)]


def _read_laestab(written: str) -> str:
    found = re.fullmatch(r"([0-9]{3})[/ ]?([0-9]{4})", written)
    if not found:
        raise wrong_value("a LAESTAB such as 123/4567 or 1234567")
    return found[1] + found[2]


Laestab = Annotated[Text, AfterValidator(_read_laestab)]


def _check_la_code(written: str) -> str:
    if not re.fullmatch(r"[0-9]{3}", written):
        raise wrong_value("a local authority's code, three digits such as 886")
    return written


LaCode = Annotated[Text, AfterValidator(_check_la_code)]


def _read_day(written: object) -> dt.date:
    if isinstance(written, dt.date):
        return written
    # A British Excel turns 2025-09-01 into 01/09/2025 when it saves a CSV; month first is not read.
    for form in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            return dt.datetime.strptime(str(written), form).date()  # noqa: DTZ007  a day has no time zone
        except ValueError:
            continue
    raise wrong_value("a date such as 2025-09-01 or 01/09/2025 (day first)")


Day = Annotated[dt.date, BeforeValidator(_read_day)]


def _check_month_day(written: str) -> str:
    found = re.fullmatch(r"([0-9]{2})-([0-9]{2})", written)
    try:
        if found:
            # A year that is not a leap year: 29 February is not a day of every year.
            dt.date(2001, int(found[1]), int(found[2]))
            return written
    except ValueError:
        pass
    raise wrong_value("a day of every year as month-day, such as 06-01 for 1 June")


MonthDay = Annotated[Text, AfterValidator(_check_month_day)]


def _check_academic_year(written: str) -> str:
    found = re.fullmatch(r"((?:19|20)[0-9]{2})[/ -]+(?:19|20)?([0-9]{2})", written)
    proper = f"{found[1]}/{(int(found[1]) + 1) % 100:02d}" if found else ""
    if written != proper:
        raise wrong_value("an academic year such as 2024/25, its second half one up", nearest=proper)
    return written


AcademicYear = Annotated[Text, AfterValidator(_check_academic_year)]


def _check_year_group(written: str) -> str:
    if written not in YEAR_GROUPS:
        bare = re.sub(r"(?i)^(year|yr|y)\s*0*", "", written)
        nearest = bare if bare in YEAR_GROUPS else find_nearest(written, ("R", "X"))
        raise wrong_value("a year group: N1, N2, E1, E2, R, 1 to 14 or X", nearest=nearest)
    return written


YearGroup = Annotated[Text, AfterValidator(_check_year_group)]


def _check_owner(owner: str) -> str:
    if owner != "trust" and not re.fullmatch(r"[1-9][0-9]{5}", owner):
        raise wrong_value(list_words(["trust", "a school's URN"]), nearest=find_nearest(owner, ["trust"]))
    return owner


Owner = Annotated[Text, AfterValidator(_check_owner)]


def start_year(academic_year: str) -> dt.date:
    """The first day of an academic year written as 2024/25: 1 September 2024."""
    return dt.date(int(academic_year[:4]), FIRST_MONTH, 1)


def end_year(academic_year: str) -> dt.date:
    """The last day of an academic year written as 2024/25: 31 August 2025."""
    return dt.date(int(academic_year[:4]) + 1, FIRST_MONTH, 1) - dt.timedelta(days=1)


def census_year(academic_year: str) -> tuple[dt.date, dt.date]:
    """First and last day of a school year as the absence census counts it: 2024/25 is 1 August to 31 July."""
    return dt.date(int(academic_year[:4]), 8, 1), dt.date(int(academic_year[:4]) + 1, 7, 31)


def find_academic_year(day: dt.date) -> str:
    """The academic year a day lies in, as 2024/25: it turns over on 1 September."""
    return write_academic_year(day.year - (day.month < FIRST_MONTH))


def write_academic_year(first: int) -> str:
    """The academic year that begins in the calendar year `first`: 2024 is 2024/25."""
    return f"{first}/{(first + 1) % 100:02d}"


def place_day(month_day: str, academic_year: str) -> dt.date:
    """The date a month-day has in an academic year: 09-01 to 12-31 fall in its first calendar year."""
    month, day = int(month_day[:2]), int(month_day[3:])
    return dt.date(int(academic_year[:4]) + (month < FIRST_MONTH), month, day)


def write_time_period(academic_year: str) -> str:
    """An academic year as official tables write it: 2024/25 is 202425."""
    return academic_year.replace("/", "")


def fold_label(label: str) -> str:
    """A label as windows are found by it: lower case, single spaces."""
    return " ".join(label.split()).lower()
