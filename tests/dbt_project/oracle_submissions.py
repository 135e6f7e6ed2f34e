"""What was sent, worked out slowly in plain Python: the state of each feed and period, and how far the data reach.

What lives here: periods of feeds, days on which a school was to be open, states of submissions and of freshness. What
does not: which records count (the other oracles), the words, any SQL.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta

from tests.dbt_project.lake_files import Row, Tables
from tests.dbt_project.oracle_attendance import Attendance, Sessions
from tests.dbt_project.oracle_codes import attendance_year, says_something
from tests.dbt_project.oracle_entries import Trust
from tests.dbt_project.oracle_placing import place_pupils
from tests.dbt_project.oracle_suspensions import Suspensions

FEEDS = ("Pupils", "Attendance", "Results", "Suspensions", "Groups")
KINDS = {"pupils": "Pupils", "results": "Results", "groups": "Groups", "suspensions": "Suspensions",
         "attendance": "Attendance", "attendance_totals": "Attendance"}  # fmt: skip
WEEK_OF_SCHOOL = 5

Cell = tuple[str, str, str, str]
"""urn, feed, academic year, period."""


@dataclass
class Sent:
    """What came for a cell: records in use and not yet mapped, by receipt."""

    used: Counter[str] = field(default_factory=Counter)
    unmapped: Counter[str] = field(default_factory=Counter)


class Submissions:
    """The grid of a trust. `trust` and `attendance` are of one lake, with pupils' keys resolved."""

    def __init__(self, trust: Trust, attendance: Attendance) -> None:
        self.trust, self.attendance = trust, attendance
        self.suspensions = Suspensions(attendance)
        self.tables: Tables = trust.tables
        self.as_of = trust.as_of
        self.limits = self.tables["freshness"][0]
        self.receipts = {(r["urn"], r["receipt_id"]): r for r in self.tables["receipts"]}
        begun = [y["academic_year"] for y in self.tables["academic_years"] if y["starts"] <= self.as_of]
        self.present = max(begun, default=min(trust.years))
        self.spans = self._find_spans()
        self.sent = self._find_sent()
        self.days = self._find_days()

    def _find_spans(self) -> dict[Cell, tuple[date, date]]:
        """Return cell -> first and last day."""
        spans: dict[Cell, tuple[date, date]] = {}
        for urn, school in self.trust.schools.items():
            for year, row in self.trust.years.items():
                terms = [h for h in self.tables["half_terms"] if (h["urn"], h["academic_year"]) == (urn, year)]
                whole = (min((h["starts"] for h in terms), default=row["starts"]),
                         max((h["ends"] for h in terms), default=row["ends"]))  # fmt: skip
                for feed in ("Pupils", "Groups", "Suspensions"):
                    spans[urn, feed, year, "year"] = whole
                for h in terms:
                    spans[urn, "Attendance", year, h["half_term"]] = (h["starts"], h["ends"])
                for w in self.tables["windows"]:
                    taught = (urn, year, w["year_group"]) in self.trust.taught
                    if (w["phase"], w["academic_year"]) == (school["phase"], year) and (
                        taught or self.trust.teaches(urn, year, {w["year_group"]})
                    ):
                        cell = (urn, "Results", year, w["window_name"])
                        known = spans.get(cell, (w["opens"], w["closes"]))
                        spans[cell] = (min(known[0], w["opens"]), max(known[1], w["closes"]))
        return spans

    def _find_sent(self) -> dict[Cell, Sent]:
        sent: dict[Cell, Sent] = defaultdict(Sent)

        def add(record: Row, feed: str, year: str | None, period: str | None, bucket: str) -> None:
            if record["urn"] in self.trust.schools and year in self.trust.years and period is not None:
                cell = sent[record["urn"], feed, year, period]
                if bucket in ("used", "unmapped"):
                    (cell.used if bucket == "used" else cell.unmapped)[record["receipt_id"]] += 1

        for record, bucket, _ in place_pupils(self.tables):
            add(record, "Pupils", record["academic_year"], "year", bucket)
        for record, bucket, reason, _reported in self.trust.groups:
            came = self.receipts[record["urn"], record["receipt_id"]]["first_seen_on"]
            other = reason in ("group set not reported by this trust", "group not reported by this trust")
            year = record["academic_year"] or attendance_year(came)
            add(record, "Groups", year, "year", "used" if other else bucket)
        for placed in self.trust.results:
            name = placed.window["window_name"] if placed.window else None
            add(placed.record, "Results", placed.record["academic_year"], name, placed.bucket)
        for one in [*self.attendance.marks, *self.attendance.totals]:
            self._add_attendance(sent, one)
        for event in self.suspensions.placed:
            if event.reason is None:
                add(event.record, "Suspensions", event.year, "year", "used")
        return {cell: one for cell, one in sent.items() if one.used or one.unmapped}

    def _add_attendance(self, sent: dict[Cell, Sent], one: Sessions) -> None:
        urn, receipt = one.record["urn"], one.record["receipt_id"]
        if urn not in self.trust.schools or one.reason not in (None, "code"):
            return
        year, rows = attendance_year(one.last), [self.attendance.half_term(urn, one.last)]
        if one.reason is None and not one.session:
            rows = [
                h for h in self.tables["half_terms"]
                if h["urn"] == urn and one.first <= h["ends"] and one.last >= h["starts"]
            ]  # fmt: skip
        for row in rows:
            if row["half_term"] is not None:
                cell = sent[urn, "Attendance", row.get("academic_year", year), row["half_term"]]
                (cell.used if one.reason is None else cell.unmapped)[receipt] += 1

    def _find_days(self) -> dict[str, dict[date, tuple[str, str, bool]]]:
        """Return urn -> day it was to be open -> year, half-term and whether attendance of that day came."""
        open_days = self.find_open_days()
        marks: dict[tuple[str, date], Counter[bool]] = defaultdict(Counter)
        for mark in self.attendance.marks:
            if mark.reason is None:
                marks[mark.record["urn"], mark.first][mark.code == "#"] += 1
        closed_here = {key for key, signs in marks.items() if signs[True] >= signs[False]}
        told: dict[tuple[str, str], list[date]] = defaultdict(list)
        for urn, days in open_days.items():
            for day in days:
                told[urn, attendance_year(day)].append(day)
        wanted: dict[str, dict[date, tuple[str, str]]] = defaultdict(dict)
        for h in self.tables["half_terms"]:
            school, day = self.trust.schools[h["urn"]], h["starts"]
            while day <= min(h["ends"], self.as_of - timedelta(days=1)):
                here = (school["joined"] or day) <= day <= (school["left_on"] or day)
                if day.weekday() < 5 and here:
                    wanted[h["urn"]][day] = (h["academic_year"], h["half_term"])
                day += timedelta(days=1)
        votes: dict[date, list[bool]] = defaultdict(list)
        for urn, found in wanted.items():
            for day, (year, _) in found.items():
                around = told.get((urn, year), [])
                if around and min(around) < day < max(around):
                    votes[day].append(open_days[urn].get(day, False))
        shut = {day for day, said in votes.items() if len(said) > 1 and 4 * sum(said) < len(said)}
        weeks = Counter(day - timedelta(days=day.weekday()) for day in shut)
        holidays = {day for day in shut if weeks[day - timedelta(days=day.weekday())] <= 2}
        totals = [one for one in self.attendance.totals if one.reason is None]
        return {
            urn: {
                day: (*when, open_days.get(urn, {}).get(day, False) or any(
                    one.record["urn"] == urn and one.first <= day <= one.last for one in totals
                ))
                for day, when in found.items()
                if day not in holidays and (urn, day) not in closed_here
            }
            for urn, found in wanted.items()
        }  # fmt: skip

    def find_open_days(self) -> dict[str, dict[date, bool]]:
        """Return urn -> day with a telling mark -> whether a tenth of the half-term's pupils have one in a session."""
        pupils: dict[tuple[str, str, str | None], set[str]] = defaultdict(set)
        telling: dict[tuple[str, date], Counter[str]] = defaultdict(Counter)
        for mark in self.attendance.marks:
            if mark.reason is None and mark.session:
                urn = mark.record["urn"]
                half_term = self.attendance.half_term(urn, mark.first)["half_term"]
                pupils[urn, attendance_year(mark.first), half_term].add(mark.record["pupil_key"])
                if says_something(mark.code, mark.first):
                    telling[urn, mark.first][mark.session] += 1
        found: dict[str, dict[date, bool]] = defaultdict(dict)
        for (urn, day), sessions in telling.items():
            half_term = self.attendance.half_term(urn, day)["half_term"]
            whole = len(pupils[urn, attendance_year(day), half_term])
            found[urn][day] = 10 * max(sessions.values()) >= whole
        return found

    def find_waiting(self) -> set[Cell]:
        """Return the cells of files that wait for a check: the period of their feed that had opened last."""
        waiting: set[Cell] = set()
        for r in self.tables["receipts"]:
            if r["outcome"] != "held" or not r["in_inbox"]:
                continue
            kinds = {c["kind"] for c in self.tables["record_counts"]
                     if (c["urn"], c["receipt_id"]) == (r["urn"], r["receipt_id"])}  # fmt: skip
            for feed in {KINDS[kind] for kind in kinds if kind in KINDS}:
                cells = [(span[0], cell) for cell, span in self.spans.items()
                         if cell[:2] == (r["urn"], feed) and span[0] <= r["first_seen_on"]]  # fmt: skip
                if cells:
                    waiting.add(max(cells)[1])
        return waiting

    def expect_states(self) -> dict[Cell, str]:
        """Return cell -> state."""
        waiting = self.find_waiting()
        ever = {cell[:2] for cell in {*self.sent, *waiting}} | {
            (urn, "Suspensions") for urn, _ in self.suspensions.reach if urn in self.trust.schools
        }
        return {cell: self._find_state(cell, cell in waiting, cell[:2] in ever) for cell in self.spans}

    def _find_state(self, cell: Cell, waits: bool, ever: bool) -> str:
        urn, feed, year, _period = cell
        (opens, closes), sent, school = self.spans[cell], self.sent.get(cell, Sent()), self.trust.schools[urn]
        begins = max(opens, school["joined"] or opens)
        known = feed == "Suspensions" and (urn, year) in self.suspensions.reach
        late_after = {"Pupils": begins, "Groups": begins, "Results": closes}
        if sent.used or known:
            return "in part" if self._is_part(cell) else "received"
        if sent.unmapped or waits:
            return "could not be used yet"
        if (school["joined"] or closes) > closes or (school["left_on"] or opens) < opens:
            return "not expected"
        if feed in ("Suspensions", "Groups") and not ever:
            return "not expected"
        if begins > self.as_of:
            return "not due yet"
        if year != self.present:
            return "not sent"
        if feed == "Suspensions":
            return "due"
        if feed == "Attendance":
            since = sum(day > closes for day in self.days.get(urn, {}))
            return "due" if closes >= self.as_of or since <= self.limits["attendance_school_days"] else "late"
        days = self.limits["window_days" if feed == "Results" else "roll_days"]
        return "due" if (self.as_of - late_after[feed]).days <= days else "late"

    def _is_part(self, cell: Cell) -> bool:
        urn, feed, year, period = cell
        if feed == "Attendance":
            days = [came for *when, came in self.days.get(urn, {}).values() if when == [year, period]]
            return 10 * sum(days) < 9 * len(days)
        if feed != "Results":
            return False
        on_roll = {
            e.pupil for e, w in self.trust.windows_on_roll()
            if (e.urn, e.year, w["window_name"]) == (urn, year, period)
        }  # fmt: skip
        judged = {
            p.record["pupil_key"] for p in self.trust.results
            if p.bucket == "used" and p.window and p.window["window_name"] == period
            and (p.record["urn"], p.record["academic_year"]) == (urn, year)
        }  # fmt: skip
        return 4 * len(on_roll & judged) < 3 * len(on_roll)

    def expect_reach(self) -> dict[str, tuple[date | None, int | None]]:
        """Return urn -> the last day of attendance, and the school days since, before the run."""
        last: dict[str, date] = {}
        for urn, days in self.find_open_days().items():
            last[urn] = max((day for day, is_open in days.items() if is_open), default=date.min)
        for one in self.attendance.totals:
            if one.reason is None:
                last[one.record["urn"]] = max(last.get(one.record["urn"], one.last), one.last)
        return {
            urn: (last.get(urn), sum(day > last.get(urn, date.min) for day in days) if days else None)
            for urn, days in ((urn, self.days.get(urn)) for urn in self.trust.schools)
        }
