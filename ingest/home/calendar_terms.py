"""The half-terms the calendar gives where nobody has declared any, by the terms of the absence census.

The rules are data with their source, in `calendar.yml` beside this module; how they are worked out lives here.
Term dates that people declare do not live here.
"""

from __future__ import annotations

import datetime as dt
from calendar import monthrange
from functools import cache
from pathlib import Path
from typing import Literal, get_args

from dateutil.easter import easter
from pydantic import Field, model_validator

from ingest.home.strict import read_yaml
from ingest.home.words import AcademicYear, Day, MonthDay, Strict, Text, census_year

Span = tuple[dt.date, dt.date]

Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]

_WEEKDAYS = get_args(Weekday)


class _LastDay(Strict):
    weekday: Weekday
    month: int = Field(ge=1, le=12)


class _NthDay(_LastDay):
    place: int = Field(ge=1, le=5)


class _Rule(Strict):
    """When a half-term begins: exactly one of the four ways."""

    day: MonthDay | None = None
    last: _LastDay | None = None
    nth: _NthDay | None = None
    days_after_easter: int | None = None
    moved: dict[AcademicYear, Day] = Field(default_factory=dict, alias="except")
    source: Text

    @model_validator(mode="after")
    def _check_ways(self) -> _Rule:
        ways = (self.day, self.last, self.nth, self.days_after_easter)
        if sum(way is not None for way in ways) != 1:
            raise ValueError("says one of day, last, nth and days_after_easter")
        return self

    def find_day(self, academic_year: str) -> dt.date:
        """The first day of the half-term in an academic year."""
        if academic_year in self.moved:
            return self.moved[academic_year]
        opens, _ = census_year(academic_year)
        if self.days_after_easter is not None:
            sunday: dt.date = easter(opens.year + 1)
            return sunday + dt.timedelta(days=self.days_after_easter)
        if self.day is not None:
            month, day = int(self.day[:2]), int(self.day[3:])
            return dt.date(opens.year + (month < opens.month), month, day)
        found = self.nth or self.last
        assert found is not None
        weekday = _WEEKDAYS.index(found.weekday)
        first = dt.date(opens.year + (found.month < opens.month), found.month, 1)
        if self.nth is not None:
            days = (weekday - first.weekday()) % 7 + 7 * (self.nth.place - 1)
            return first + dt.timedelta(days=days)
        last = first + dt.timedelta(days=monthrange(first.year, first.month)[1] - 1)
        return last - dt.timedelta(days=(last.weekday() - weekday) % 7)


class _HalfTerms(Strict):
    AUT1: _Rule
    AUT2: _Rule
    SPR1: _Rule
    SPR2: _Rule
    SUM1: _Rule
    SUM2: _Rule


class _Calendar(Strict):
    source_date: Day
    half_terms: _HalfTerms


@cache
def find_calendar_terms(academic_year: str) -> dict[str, Span]:
    """First and last day of each half-term of an academic year written as 2025/26, by the calendar alone.

    The six follow one another without a gap from 1 August to 31 July, so that every day of a year has its
    half-term.
    """
    rules = _read_rules()
    begins = {half_term: rule.find_day(academic_year) for half_term, rule in rules.items()}
    days = [*list(begins.values())[1:], census_year(academic_year)[1] + dt.timedelta(days=1)]
    return {
        half_term: (starts, follows - dt.timedelta(days=1))
        for (half_term, starts), follows in zip(begins.items(), days, strict=True)
    }


@cache
def _read_rules() -> dict[str, _Rule]:
    calendar = read_yaml(Path(__file__).with_name("calendar.yml"), _Calendar)
    return {name: getattr(calendar.half_terms, name) for name in _HalfTerms.model_fields}
