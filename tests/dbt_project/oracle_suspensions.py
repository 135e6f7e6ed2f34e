"""Suspensions worked out slowly in plain Python: where each belongs, what is known, and what the measures add up to.

What lives here: buckets and reasons, the years a file speaks for, the measures of each pupil on roll. What does not:
attendance and which URN carries a period on (`oracle_attendance`, `oracle_sessions`), formulas, any SQL.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tests.dbt_project.lake_files import Row
from tests.dbt_project.oracle_attendance import Attendance
from tests.dbt_project.oracle_codes import attendance_year
from tests.dbt_project.oracle_placing import Enrolment, counts_nowhere_here, is_in_trust
from tests.dbt_project.oracle_sessions import (
    HEADLINE,
    NURSERY,
    SIXTH_FORM,
    Key,
    find_successions,
    later_urns,
    periods_of,
)

REASONS = {
    "school": ("out of scope", "school not on the register"),
    "year": ("out of scope", "academic year not reported by this trust"),
    "later": ("out of scope", "suspension after the date of the run"),
    "permanent": ("out of scope", "a permanent exclusion, which is not a suspension"),
    "nobody": ("out of scope", "no enrolment of this pupil is known"),
    "dates": ("out of scope", "not on roll on the first day of the suspension"),
    "guest": ("out of scope", "subsidiary or guest registration"),
    "population": ("out of scope", "outside Reception to Year 11, or the year group is not known"),
    "again": ("out of scope", "the same suspension stands elsewhere"),
}
GRACE = 14
"""Days by which a file may fall short of a period's end and speak for it all the same."""

Period = tuple[str, str]


@dataclass
class Suspension:
    """A live record, the URN it counts under, and why it does not count, if so."""

    record: Row
    enrolment: Enrolment | None = None
    reason: str | None = None

    @property
    def year(self) -> str:
        """Academic year of its first day."""
        return attendance_year(self.record["starts_on"])


def is_headline(enrolment: Enrolment) -> bool:
    """Say whether a pupil is in Reception to Year 11, by age where the year group is X."""
    if enrolment.year_group == "X" and enrolment.age is not None:
        return 4 <= enrolment.age <= 15
    assert enrolment.year_group is None or enrolment.year_group in {*HEADLINE, *NURSERY, *SIXTH_FORM, "X"}
    return enrolment.year_group in HEADLINE


class Suspensions:
    """All suspensions of a trust. Tables are those of the attendance oracle, with pupils' keys resolved."""

    def __init__(self, attendance: Attendance) -> None:
        self.attendance, self.tables = attendance, attendance.tables
        self.schools, self.as_of = attendance.schools, attendance.as_of
        self.receipts = {(r["urn"], r["receipt_id"]): r for r in self.tables["receipts"]}
        self.placed = [self._place(record) for record in self.tables["suspensions"]]
        self._leave_one_of_each()
        self.reach = self._find_reach()

    def _place(self, record: Row) -> Suspension:
        one = Suspension(record)
        urn, day = record["urn"], record["starts_on"]
        if urn not in self.schools:
            one.reason = "school"
            return one
        one.enrolment = self._find_enrolment(one)
        if one.year not in self.attendance.years:
            one.reason = "year"
        elif day > self.as_of:
            one.reason = "later"
        elif record["category"] != "suspension":
            one.reason = "permanent"
        elif one.enrolment is None:
            one.reason = "nobody"
        elif not one.enrolment.touches(day, day):
            one.reason = "dates"
        elif counts_nowhere_here(one.enrolment, self.schools[one.enrolment.urn]["phase"]):
            one.reason = "guest"
        elif not is_headline(one.enrolment):
            one.reason = "population"
        return one

    def _find_enrolment(self, one: Suspension) -> Enrolment | None:
        """Return the enrolment of that day, under the school's own URN or another of the same school."""
        urn, day = one.record["urn"], one.record["starts_on"]
        before = [u for u in self.schools if urn in later_urns(self.attendance, u) and u != urn]
        rivals = []
        for other in [urn, *later_urns(self.attendance, urn), *before]:
            enrolment = self.attendance.enrolments.get((one.record["pupil_key"], other, one.year))
            if enrolment is not None and enrolment.on_school_roll:
                school = self.schools[other]
                named = (school["joined"] or day) <= day <= (school["left_on"] or day)
                links = 0 if other == urn else self._count_links(urn, other)
                rivals.append((not enrolment.touches(day, day), not named, links, other in before, other, enrolment))
        return min(rivals, key=lambda rival: rival[:5])[5] if rivals else None

    def _count_links(self, urn: str, other: str) -> int:
        def climb(low: str, high: str) -> int:
            for n in range(1, 11):
                low = self.schools.get(low, {}).get("predecessor_urn") or ""
                if low == high:
                    return n
            return 99

        return min(climb(urn, other), climb(other, urn))

    def _leave_one_of_each(self) -> None:
        rivals: dict[tuple[str, str, date], list[Suspension]] = {}
        for one in self.placed:
            if one.reason is None and one.enrolment:
                key = (one.record["pupil_key"], one.enrolment.urn, one.record["starts_on"])
                rivals.setdefault(key, []).append(one)
        for group in rivals.values():
            stands = max(group, key=lambda one: (
                bool(one.enrolment and one.enrolment.urn == one.record["urn"]),
                self.receipts[one.record["urn"], one.record["receipt_id"]]["arrival"], one.record["file_row"],
            ))  # fmt: skip
            for one in group:
                one.reason = None if one is stands else "again"

    def _find_reach(self) -> dict[tuple[str, str], date]:
        """Return (URN, year) -> the last day of which files that speak for the year know the suspensions."""
        spoken: dict[tuple[str, str, str], set[str]] = {}
        for one in self.placed:
            if one.reason not in ("school", "year", "later"):
                urns = {one.record["urn"]} | ({one.enrolment.urn} if one.enrolment else set())
                for urn in urns:
                    spoken.setdefault((one.record["urn"], one.record["receipt_id"], urn), set()).add(one.year)
        reach: dict[tuple[str, str], date] = {}
        for (sender, receipt_id, urn), years in spoken.items():
            receipt = self.receipts[sender, receipt_id]
            made = receipt.get("exported_on") or receipt["first_seen_on"]
            for year in self.attendance.years:
                if min(years) <= year <= max(years):
                    last = min(made, self.as_of, date(int(year[:4]) + 1, 7, 31))
                    reach[urn, year] = max(reach.get((urn, year), last), last)
        return reach

    def _dates(self) -> dict[tuple[str, str, Period], tuple[date, date]]:
        """Return (URN, year, period) -> first and last day, of periods that have begun while it was in the trust."""
        successions = find_successions(self.attendance)
        changed = {(urn, year) for urn, year, kind, _ in successions if kind != "week"}
        changed |= {
            (heir, year) for (_, year, kind, _), heirs in successions.items() if kind != "week" for heir in heirs
        }
        attended = {
            (one.record["urn"], attendance_year(one.last), period)
            for one in self.attendance.used()
            for period in periods_of(self.attendance, one)
        }
        own_part = {
            (urn, year) for urn, year, kind, _ in successions if kind == "year_to_date"
        } | {
            (heir, year) for (_, year, kind, _), heirs in successions.items() if kind == "year_to_date"
            for heir in heirs
        }  # fmt: skip
        found: dict[tuple[str, str, Period], tuple[date, date]] = {}
        for urn, school in self.schools.items():
            for row in self.tables["academic_years"]:
                year, spans = row["academic_year"], dict[Period, tuple[date, date]]()
                rows = [h for h in self.tables["half_terms"] if (h["urn"], h["academic_year"]) == (urn, year)]
                for h in rows:
                    same = [o for o in rows if o["term"] == h["term"]]
                    spans["half_term", h["half_term"]] = (h["starts"], h["ends"])
                    spans["term", h["term"]] = (min(o["starts"] for o in same), max(o["ends"] for o in same))
                if (urn, year) in changed:
                    spans = {period: span for period, span in spans.items() if (urn, year, period) in attended}
                starts = min((h["starts"] for h in rows), default=row["starts"])
                ends = min(max((h["ends"] for h in rows), default=row["ends"]), self.as_of)
                spans["year_to_date", "year_to_date"] = (starts, max(starts, ends))
                if (urn, year) in own_part:
                    spans["year_to_date_urn", "year_to_date_urn"] = (starts, max(starts, ends))
                for period, (first, last) in spans.items():
                    here = (school["joined"] or last) <= last and (school["left_on"] or first) >= first
                    if here and first <= self.as_of:
                        found[urn, year, period] = (first, last)
        return found

    def expect_measures(self) -> dict[Key, Row]:
        """Return (pupil, URN, year, period kind, period) -> the measures and what describes the row."""
        dates, successions = self._dates(), find_successions(self.attendance)

        def is_known(urn: str, year: str, period: Period) -> bool:
            if (urn, year, period) not in dates or (urn, year) not in self.reach:
                return False
            last = min(dates[urn, year, period][1], self.as_of, self.schools[urn]["left_on"] or self.as_of)
            return (last - self.reach[urn, year]).days <= GRACE

        on_roll: dict[Key, int] = {}
        for e in self.attendance.enrolments.values():
            if not e.on_school_roll or not is_headline(e) or counts_nowhere_here(e, self.schools[e.urn]["phase"]):
                continue
            for (urn, year, period), span in dates.items():
                if (urn, year) == (e.urn, e.year) and e.touches(*span):
                    on_roll[e.pupil, urn, year, *period] = self._count(e, period)
        rows: dict[Key, Row] = {}
        for (pupil, urn, year, kind, period), number in on_roll.items():
            heirs = sorted(successions.get((urn, year, kind, period), ()))
            gone_on = [heir for heir in heirs if (pupil, heir, year, kind, period) in on_roll]
            for to in [urn, *(gone_on or heirs)[:1]]:
                chain = {u for (u, *when), last in successions.items() if when == [year, kind, period] and to in last}
                if all(is_known(u, year, (kind, period)) for u in {to} | chain):
                    row = rows.setdefault((pupil, to, year, kind, period), {
                        "suspensions_begun": 0, "pupils_on_roll_for_suspensions": 1,
                        "counts_at_trust": self._counts(to, year, kind) and (to, year, kind, period) not in successions,
                    })  # fmt: skip
                    row["suspensions_begun"] += number
                    row["pupils_with_a_suspension"] = int(row["suspensions_begun"] > 0)
        return rows

    def _counts(self, urn: str, year: str, kind: str) -> bool:
        (row,) = [y for y in self.tables["academic_years"] if y["academic_year"] == year]
        return is_in_trust(self.schools[urn], row) and kind != "year_to_date_urn"

    def _count(self, enrolment: Enrolment, period: Period) -> int:
        """Return how many suspensions of an enrolment begin in a period: a holiday belongs to the half-term before."""
        mine = [one for one in self.placed if one.reason is None and one.enrolment is enrolment]
        half_terms = [self.attendance.half_term(enrolment.urn, one.record["starts_on"]) for one in mine]
        if period[0] in ("half_term", "term"):
            return sum(row[period[0]] == period[1] for row in half_terms)
        return len(mine)
