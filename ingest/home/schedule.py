"""When runs begin by themselves, and when data counts as late: `schedule`, `sensor` and `freshness` of trust.yml.

A time is written as cron writes it; what it must look like is checked here, so that a mistake is met with its line
when the file is read and not by whoever runs it. Starting runs does not live here, nor does who is told of them.
"""

from __future__ import annotations

import re
import zoneinfo
from calendar import monthrange
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field

from ingest.home.problems import find_nearest, wrong_value
from ingest.home.words import Strict, Text

_DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
# The five parts of a cron line: what each is, the numbers it takes, and the words that stand for them in order.
_PARTS: tuple[tuple[str, int, int, tuple[str, ...]], ...] = (
    ("minute", 0, 59, ()),
    ("hour", 0, 23, ()),
    ("day of the month", 1, 31, ()),
    ("month", 1, 12, _MONTHS),
    ("day of the week", 0, 7, _DAYS),
)
_LOOKS_LIKE = (
    'five parts: minute, hour, day of the month, month and day of the week, such as "0 6 * * 1-5" '
    "for six in the morning from Monday to Friday"
)
_A_LEAP_YEAR = 2024


def _check_cron(written: str) -> str:
    parts = written.lower().split()
    if len(parts) != len(_PARTS):
        raise wrong_value(_LOOKS_LIKE)
    taken = []
    for part, (name, least, most, words) in zip(parts, _PARTS, strict=True):
        values = _read_part(part, least, most, words)
        if not values:
            shown = f"{least} to {most}" + (f" or {words[0]} to {words[-1]}" if words else "")
            what = f"{shown}, *, or some of them as 1,3 or 1-5 or */2 for the {name}, where {part} stands"
            raise wrong_value(what, remedy="The parts are " + ", ".join(name for name, *_ in _PARTS) + ".")
        taken.append(values)
    longest = max(monthrange(_A_LEAP_YEAR, month)[1] for month in taken[3])
    if min(taken[2]) > longest:
        raise wrong_value(f"a day the month has: there is no day {min(taken[2])} in it")
    return " ".join(parts)


def _read_part(part: str, least: int, most: int, words: tuple[str, ...]) -> set[int]:
    """Return the numbers one part stands for; none where it is not written as cron writes it."""
    values: set[int] = set()
    for piece in part.split(","):
        found = re.fullmatch(r"(?:\*|([a-z]{3}|[0-9]{1,2})(?:-([a-z]{3}|[0-9]{1,2}))?)(?:/([0-9]{1,2}))?", piece)
        if not found:
            return set()
        first = least if found[1] is None else _read_number(found[1], words)
        # Of steps from one number on (5/15) there is no agreed meaning.
        if found[3] is not None and found[1] is not None and found[2] is None:
            return set()
        last = most if found[1] is None else first if found[2] is None else _read_number(found[2], words)
        step = 1 if found[3] is None else int(found[3])
        if not (least <= first <= last <= most and 1 <= step <= most):
            return set()
        values |= set(range(first, last + 1, step))
    return values


def _read_number(written: str, words: tuple[str, ...]) -> int:
    if written.isdigit():
        return int(written)
    # Months count from 1 and days of the week from 0.
    return words.index(written) + (words is _MONTHS) if written in words else -1


Cron = Annotated[Text, AfterValidator(_check_cron)]


def _list_one(written: object) -> object:
    return [written] if isinstance(written, str) else written


def _check_timezone(written: str) -> str:
    try:
        zoneinfo.ZoneInfo(written)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        nearest = find_nearest(written, zoneinfo.available_timezones())
        raise wrong_value("a time zone such as Europe/London", nearest=nearest) from None
    return written


class Schedule(Strict):
    """The times at which a refresh of all schools begins, each as cron writes it, in one time zone."""

    cron: Annotated[list[Cron], BeforeValidator(_list_one), Field(min_length=1)]
    timezone: Annotated[Text, AfterValidator(_check_timezone)] = "Europe/London"


class Sensor(Strict):
    """Watching the inbox: a refresh begins once nothing in it has changed for `settle_seconds`."""

    settle_seconds: int = Field(default=60, ge=1, le=86_400)


class Freshness(Strict):
    """After how long data is late: registers in school days; results and pupil lists in days."""

    attendance_school_days: int = Field(default=10, ge=0, le=200)
    window_days: int = Field(default=7, ge=0, le=366)
    roll_days: int = Field(default=30, ge=0, le=366)
