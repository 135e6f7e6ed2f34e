"""Where every mark and attendance total belongs, worked out slowly in plain Python from the definitions.

What lives here: keys of pupils whose number changed, buckets and reasons of attendance, and which URN carries a year
on. What does not: sums and measures (`oracle_sessions`), results and enrolments (`oracle_placing`), any SQL.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial

from tests.dbt_project.lake_files import Row, Tables
from tests.dbt_project.oracle_codes import attendance_year, class_of, mark_of, says_something
from tests.dbt_project.oracle_placing import Enrolment, arrivals, counts_nowhere_here, find_enrolments

RECORDS = ("pupils", "results", "groups", "attendance", "attendance_totals", "suspensions", "judgements")
REASONS = {
    "school": ("out of scope", "school not on the register"),
    "year": ("out of scope", "academic year not reported by this trust"),
    "two years": ("out of scope", "totals over two academic years"),
    "code": ("unmapped", "attendance code not known"),
    "later": ("out of scope", "session after the date of the run"),
    "feed": ("out of scope", "outside the dates of this feed"),
    "nobody": ("out of scope", "no enrolment of this pupil is known"),
    "guest": ("out of scope", "subsidiary or guest registration"),
    "dates": ("out of scope", "not on roll that day"),
    "two marks": ("out of scope", "a later mark stands for this session"),
    "marks": ("out of scope", "marks cover these days"),
    "covered": ("out of scope", "totals cover this session"),
    "totals": ("out of scope", "other totals cover these days"),
    "unused": ("out of scope", "no KPI uses it yet"),
}


@dataclass
class Sessions:
    """A mark or a total: where it belongs, and of which days it is."""

    kind: str
    record: Row
    first: date
    last: date
    code: str
    number: int
    reason: str | None = None

    @property
    def session(self) -> str | None:
        """AM or PM of a mark; None of a total."""
        return self.record.get("session")

    @property
    def said(self) -> int:
        """How many of its sessions tell where the pupil was."""
        return self.number if says_something(self.code, self.last) else 0

    def touches(self, other: Sessions) -> bool:
        """Say whether the two share a day."""
        return self.first <= other.last and self.last >= other.first


def resolve_keys(tables: Tables) -> dict[str, list[Row]]:
    """Return the tables with every earlier pupil key replaced by the one end its links lead to, if there is one."""
    after: dict[str, set[str]] = {}
    for link in tables.get("pupil_links", []):
        if link["former_key"] != link["pupil_key"]:
            after.setdefault(link["former_key"], set()).add(link["pupil_key"])

    def find_ends(key: str, seen: frozenset[str] = frozenset()) -> set[str]:
        if key in seen:
            return set()
        if key not in after:
            return {key}
        return set().union(*(find_ends(later, seen | {key}) for later in after[key]))

    def now(key: str) -> str:
        ends = find_ends(key)
        return ends.pop() if len(ends) == 1 else key

    return {
        name: [{**row, "pupil_key": now(row["pupil_key"])} for row in rows] if name in RECORDS else list(rows)
        for name, rows in tables.items()
    }


class Attendance:
    """All attendance of a trust, each record placed. `tables` are those of `resolve_keys`."""

    def __init__(self, tables: Tables) -> None:
        self.tables = tables
        self.as_of: date = tables["run"][0]["as_of"]
        self.schools = {s["urn"]: s for s in tables["schools"]}
        self.years = {y["academic_year"] for y in tables["academic_years"]}
        self.enrolments = find_enrolments(tables)
        self.order = arrivals(tables)
        self.later_urns: dict[str, set[str]] = {}
        self.placed_days: dict[tuple[str, date], Row] = {}
        self.formats = {(r["urn"], r["receipt_id"]): r["format"] for r in tables["receipts"]}
        self.marks = [
            Sessions("attendance", r, r["session_date"], r["session_date"], mark_of(r["mark_code"]), 1)
            for r in tables["attendance"]
        ]
        self.totals = [
            Sessions("attendance_totals", r, r["from_date"], r["to_date"], mark_of(r["mark_code"]), r["sessions"])
            for r in tables["attendance_totals"]
        ]
        for one in [*self.marks, *self.totals]:
            one.reason = self._find_reason(one)
        self._leave_one_mark_standing()
        self._leave_totals_standing()

    def used(self) -> list[Sessions]:
        """Return the marks and totals that count."""
        return [one for one in [*self.marks, *self.totals] if one.reason is None]

    def half_term(self, urn: str, day: date) -> Row:
        """Return the half-term a day belongs to: its own, else the nearest earlier of the year, else the first."""
        if (urn, day) not in self.placed_days:
            year = (urn, attendance_year(day))
            found = (h for h in self.tables["half_terms"] if (h["urn"], h["academic_year"]) == year)
            rows = sorted(found, key=lambda h: h["starts"]) or [{"half_term": None, "term": None, "starts": day}]
            self.placed_days[urn, day] = ([h for h in rows if h["starts"] <= day] or rows[:1])[-1]
        return self.placed_days[urn, day]

    def _find_reason(self, one: Sessions) -> str | None:
        urn, pupil = one.record["urn"], one.record["pupil_key"]
        years = {attendance_year(one.first), attendance_year(one.last)}
        if urn not in self.schools:
            return "school"
        if not years & self.years:
            return "year"
        if len(years) > 1:
            return "two years"
        if class_of(one.code, one.last) is None:
            return "code"
        if one.last > self.as_of:
            return "later"
        if not (self._in_feed(one, one.first) and self._in_feed(one, one.last)):
            return "feed"
        enrolment = self.enrolments.get((pupil, urn, years.pop()))
        if enrolment is None:
            return "nobody"
        if counts_nowhere_here(enrolment, self.schools[urn]["phase"]):
            return "guest"
        return None if enrolment.touches(one.first, one.last) else "dates"

    def _in_feed(self, one: Sessions, day: date) -> bool:
        urn = one.record["urn"]
        name = self.formats[urn, one.record["receipt_id"]]
        feeds = [f for f in self.tables["feeds"] if (f["urn"], f["format"]) == (urn, name)]
        return not feeds or any(
            (f["valid_from"] or day) <= day <= (f["valid_to"] or day) for f in feeds
        )  # fmt: skip

    def _leave_one_mark_standing(self) -> None:
        rivals: dict[tuple[str, str, date, str | None], list[Sessions]] = {}
        for one in self.marks:
            if one.reason is None:
                key = (one.record["pupil_key"], one.record["urn"], one.first, one.session)
                rivals.setdefault(key, []).append(one)
        for group in rivals.values():
            stands = max(group, key=lambda m: (m.code != "-", self._arrival(m), m.record["file_row"]))
            for one in group:
                one.reason = None if one is stands else "two marks"

    def _arrival(self, one: Sessions) -> int:
        return self.order[one.record["urn"], one.record["receipt_id"]]

    def _leave_totals_standing(self) -> None:
        of_pupil: dict[tuple[str, str], list[Sessions]] = {}
        for mark in self.marks:
            if mark.reason is None:
                of_pupil.setdefault((mark.record["urn"], mark.record["pupil_key"]), []).append(mark)
        said: dict[tuple[str, ...], int] = {}
        for one in self.totals:
            said[self._span_of(one)] = said.get(self._span_of(one), 0) + one.said
        for one in self.totals:
            marks = of_pupil.get((one.record["urn"], one.record["pupil_key"]), [])
            spoken = sum(mark.said for mark in marks if mark.touches(one))
            if one.reason is None and spoken and spoken * 2 >= said[self._span_of(one)]:
                one.reason = "marks"
        pupils: dict[tuple[str, str], list[Sessions]] = {}
        for one in self.totals:
            if one.reason is None:
                pupils.setdefault((one.record["urn"], one.record["pupil_key"]), []).append(one)
        for (urn, pupil), totals in pupils.items():
            spans = {(t.first, t.last, self._arrival(t)) for t in totals}
            standing = choose_spans(spans, partial(self._is_school_day, urn))
            for one in totals:
                if (one.first, one.last, self._arrival(one)) not in standing:
                    one.reason = "totals"
                elif said[self._span_of(one)]:
                    for mark in of_pupil.get((urn, pupil), []):
                        if mark.touches(one):
                            mark.reason = "covered"

    @staticmethod
    def _span_of(total: Sessions) -> tuple[str, ...]:
        row = total.record
        return (row["urn"], row["pupil_key"], row["receipt_id"], f"{total.first} {total.last}")

    def _is_school_day(self, urn: str, day: date) -> bool:
        return day.weekday() < 5 and any(
            h["starts"] <= day <= h["ends"] for h in self.tables["half_terms"] if h["urn"] == urn
        )

    def enrolment(self, one: Sessions) -> Enrolment:
        """Return the enrolment a used mark or total counts for."""
        return self.enrolments[one.record["pupil_key"], one.record["urn"], attendance_year(one.last)]


Span = tuple[date, date, int]


def choose_spans(spans: set[Span], is_school_day: Callable[[date], bool]) -> set[Span]:
    """Return which of a pupil's spans (first day, last day, arrival) count, so that no day is counted twice."""

    def days(span: Span) -> set[date]:
        found = {span[0] + timedelta(days=n) for n in range((span[1] - span[0]).days + 1)}
        return {day for day in found if is_school_day(day)}

    def is_inside(one: Span, other: Span) -> bool:
        return other[0] <= one[0] and one[1] <= other[1] and one[:2] != other[:2]

    def gives_way(one: Span, other: Span) -> bool:
        if one == other or one[0] > other[1] or one[1] < other[0]:
            return False
        if one[:2] == other[:2]:
            return other[2] > one[2]
        if is_inside(one, other) or is_inside(other, one):
            return is_inside(one, other)
        return other[1] > one[1]

    whole = set()
    for span in spans:
        parts = [days(other) for other in spans if is_inside(other, span)]
        if not days(span) or days(span) - set().union(*parts):
            whole.add(span)
    return {span for span in whole if not any(gives_way(span, other) for other in whole)}


def place_kept(tables: Tables) -> list[tuple[str, Row, str]]:
    """Return (kind, record, reason) of judgements: read and kept, used by nothing yet."""
    schools = {s["urn"] for s in tables["schools"]}
    years = {y["academic_year"] for y in tables["academic_years"]}
    placed = []
    for record in tables["judgements"]:
        year = record["academic_year"]
        reason = "school" if record["urn"] not in schools else "year" if year not in years else "unused"
        placed.append(("judgements", record, reason))
    return placed
