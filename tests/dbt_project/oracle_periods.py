"""Attendance as KPIs see it, in plain Python: a pupil of a school in a period, and who could have been there.

What lives here: periods with their dates, entries by population and group, rolls, schools that could be in a figure and
what was not sent. What does not: which marks count and what they add up to (`oracle_attendance`, `oracle_sessions`),
formulas (`oracle_figures`), what is published (`oracle`), any SQL.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from tests.dbt_project.lake_files import Row
from tests.dbt_project.oracle_attendance import Attendance
from tests.dbt_project.oracle_entries import SEXES, Trust
from tests.dbt_project.oracle_placing import Enrolment, counts_nowhere_here
from tests.dbt_project.oracle_sessions import HEADLINE, expect_measures, find_heirs, find_successions

APART = {"nursery": "Nursery", "sixth_form": "Sixth form", "unknown": "Year group not known"}
OWN_PART = ("year_to_date_urn", "year_to_date_urn")

Period = tuple[str, str]
"""Kind and name: ("week", "2024-09-09"), ("half_term", "AUT1")."""
Topics = set[tuple[str, str]]


@dataclass
class Attended:
    """A pupil of a school in a period, with the measures of it."""

    pupil: str
    urn: str
    year: str
    period: Period
    row: Row

    @property
    def counts_at_trust(self) -> bool:
        """Whether the pupil counts in pooled figures."""
        return bool(self.row["counts_at_trust"])

    @property
    def year_group(self) -> str:
        """National curriculum year group."""
        return str(self.row["year_group"])

    @property
    def is_headline(self) -> bool:
        """Whether the pupil is in Reception to Year 11."""
        return bool(self.row["population"] == "headline")

    def measure(self, name: str) -> Decimal | None:
        """Return the value of a measure; None where the entry has none."""
        value = self.row[name]
        return None if value is None else Decimal(value)


class Periods:
    """The attendance of a trust by period."""

    def __init__(self, trust: Trust) -> None:
        self.trust = trust
        attendance = Attendance(trust.tables)
        # A divided school goes on under several URNs; here its pupils on roll are looked for under the first.
        self.heads = {key: min(urns) for key, urns in find_heirs(attendance).items()}
        self.successions = {part: min(urns) for part, urns in find_successions(attendance).items()}
        self.entries = [
            Attended(pupil, urn, year, (kind, period), row)
            for (pupil, urn, year, kind, period), row in expect_measures(attendance).items()
        ]
        self.dates = self._find_dates()

    def head(self, urn: str, year: str) -> str:
        """Return the URN a school's year is counted under: one that changed its URN in the year is one school."""
        return self.heads.get((urn, year), urn)

    def changed(self, urn: str, year: str) -> bool:
        """Say whether the school changed to or from this URN in the year."""
        return (urn, year) in self.heads or any((u, y) == (urn, year) for (_, y), u in self.heads.items())

    def _find_dates(self) -> dict[tuple[str, str, Period], tuple[date, date]]:
        """Return (urn, year, period) -> its first and last day at that school, for periods that have begun."""
        dates: dict[tuple[str, str, Period], tuple[date, date]] = {}
        by_school: dict[tuple[str, str], list[Row]] = {}
        for row in self.trust.tables["half_terms"]:
            by_school.setdefault((row["urn"], row["academic_year"]), []).append(row)
        mondays = {(e.urn, e.year, e.period) for e in self.entries if e.period[0] == "week"}
        for (urn, year), rows in by_school.items():
            starts, ends = min(h["starts"] for h in rows), max(h["ends"] for h in rows)
            to_date = (starts, max(starts, min(ends, self.trust.as_of)))
            dates[urn, year, ("year_to_date", "year_to_date")] = to_date
            if self.changed(urn, year):
                dates[urn, year, OWN_PART] = to_date
            for h in rows:
                dates[urn, year, ("half_term", h["half_term"])] = (h["starts"], h["ends"])
                same = [o for o in rows if o["term"] == h["term"]]
                span = (min(o["starts"] for o in same), max(o["ends"] for o in same))
                dates[urn, year, ("term", h["term"])] = span
                monday = h["starts"] - timedelta(days=h["starts"].weekday())
                while monday <= h["ends"]:
                    mondays.add((urn, year, ("week", monday.isoformat())))
                    monday += timedelta(days=7)
        for urn, year, (kind, name) in mondays:
            monday = date.fromisoformat(name)
            dates[urn, year, (kind, name)] = (monday, monday + timedelta(days=6))
        return {key: span for key, span in dates.items() if span[0] <= self.trust.as_of}

    def topics(self, entry: Attended) -> Topics:
        """Return the (topic, breakdown) pairs of an entry: Total, sex and groups for the headline only."""
        found: Topics = {("Population", "Aged 5 to 15")} if entry.row["is_compulsory_age"] else set()
        if not entry.is_headline:
            return found | {("Population", APART[entry.row["population"]])}
        groups = self.groups(entry.pupil, entry.urn, entry.year, entry.period)
        return found | {("Total", "Total"), ("Sex", SEXES[entry.row["sex"]])} | groups

    def groups(self, pupil: str, urn: str, year: str, period: Period) -> Topics:
        """Return the groups a pupil enrolled at that URN was in on a day of the period."""
        enrolment = self.trust.enrolments.get((pupil, urn, year))
        return self.trust.groups_of(enrolment, *self.dates[urn, year, period]) if enrolment else set()

    def on_roll(self) -> dict[tuple[str, str, Period], list[tuple[Enrolment, Topics]]]:
        """Return (URN, year, period) -> headline pupils on roll whose dates touch the period, with their topics."""
        rolls: dict[tuple[str, str, Period], dict[str, Enrolment]] = {}
        for (urn, year, period), (opens, closes) in self.dates.items():
            head = self.head(urn, year)
            if period == OWN_PART or not self.trust.in_trust(urn, year):
                continue
            for e in self.trust.enrolments_of(urn, year):
                if (
                    e.on_school_roll
                    and e.year_group in HEADLINE
                    and not counts_nowhere_here(e, self.trust.schools[urn]["phase"])
                    and e.touches(opens, closes)
                ):
                    pupils = rolls.setdefault((head, year, period), {})
                    if urn == head or e.pupil not in pupils:
                        pupils[e.pupil] = e
        return {
            (urn, year, period): [
                (e, {("Total", "Total"), ("Sex", SEXES[e.sex])} | self.groups(e.pupil, urn, year, period))
                for e in pupils.values()
            ]
            for (urn, year, period), pupils in rolls.items()
        }

    def schools_that_could(self, geography: str, unit: str, year: str, period: Period, year_group: str) -> set[str]:
        """Return the schools (one that changed its URN is one) in the trust that year whose period has begun."""
        return {
            self.head(urn, year)
            for urn in self.trust.schools
            if (urn, year, period) in self.dates
            and (geography, unit) in self.trust.units(urn)
            and self.trust.in_trust(urn, year)
            and self.trust.teaches(urn, year, set(HEADLINE) if year_group == "Total" else {year_group})
        }

    def missing(self) -> Iterator[tuple[str, str, Period, bool]]:
        """Yield (URN, year, period, whether other populations were sent) where a known roll has sent no headline."""
        sent: dict[tuple[str, str, Period], set[bool]] = {}
        for entry in self.entries:
            key = (self.head(entry.urn, entry.year), entry.year, entry.period)
            sent.setdefault(key, set()).add(entry.is_headline)
        for key in self.on_roll():
            urn, year, period = key
            if period[0] not in ("half_term", "term", "year_to_date") or key not in self.dates:
                continue
            school, (starts, ends) = self.trust.schools[urn], self.dates[key]
            open_then = (school["joined"] or starts) <= ends and (school["left_on"] or date.max) > starts
            if open_then and True not in sent.get(key, set()):
                yield urn, year, period, bool(sent.get(key))
