"""School days: when the invented schools are open.

The half-terms are those of `demo_terms.yml`, which the home's own configuration repeats; what is sent and what the home
says can so never differ. Who is on roll on those days does not live here (see `rolls`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

# The early May bank holidays, the only ones of England that fall into these half-terms.
BANK_HOLIDAYS = (dt.date(2025, 5, 5), dt.date(2026, 5, 4))
_DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class HalfTerm:
    """One half-term of a local authority: its id (AUT1 to SUM2), first and last day."""

    half_term: str
    starts: dt.date
    ends: dt.date

    def list_days(self) -> list[dt.date]:
        """Return its school days: Monday to Friday without bank holidays."""
        return [day for day in _count_days(self.starts, self.ends) if day.weekday() < 5 and day not in BANK_HOLIDAYS]


@cache
def list_half_terms(la_code: str, academic_year: str) -> tuple[HalfTerm, ...]:
    """Return the half-terms of the local authority in that year, in order. Raises LookupError where none are known."""
    for dates in read_term_dates():
        if (dates["la_code"], dates["academic_year"]) == (la_code, academic_year):
            return tuple(HalfTerm(name, span["starts"], span["ends"]) for name, span in dates["half_terms"].items())
    raise LookupError(f"demo_terms.yml has no dates of {la_code} for {academic_year}")


def list_school_days(la_code: str, academic_year: str, as_of: dt.date) -> list[dt.date]:
    """Return the school days of the year up to and with `as_of`, in order."""
    days = (day for half_term in list_half_terms(la_code, academic_year) for day in half_term.list_days())
    return [day for day in days if day <= as_of]


@cache
def read_term_dates() -> list[dict[str, Any]]:
    """Return the term dates as trust.yml has them: a local authority and year each."""
    told = yaml.safe_load((files("ingest.invent") / "demo_terms.yml").read_text("utf-8"))
    return list(told["term_dates"])


def read_demo_trust() -> str:
    """Return the text of the demo's trust.yml."""
    return (files("ingest.invent") / "demo_trust.yml").read_text("utf-8")


def _count_days(first: dt.date, last: dt.date) -> Iterator[dt.date]:
    day = first
    while day <= last:
        yield day
        day += _DAY
