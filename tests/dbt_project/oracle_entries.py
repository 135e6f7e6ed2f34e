"""What a KPI of results is made of, in plain Python: entries (a pupil in a subject, window and assessment).

What lives here: who is in a figure, the trust's tables and units. What does not: where records belong
(`oracle_placing`), attendance (`oracle_sessions`), formulas (`oracle_figures`), which figures are published and what
is hidden (`oracle`), any SQL.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from tests.dbt_project.lake_files import Row, Tables
from tests.dbt_project.oracle_bands import BANDS, Scales
from tests.dbt_project.oracle_placing import (
    Enrolment,
    Placed,
    counts_nowhere_here,
    find_enrolments,
    is_in_trust,
    place_groups,
    place_results,
)

SEXES = {"F": "Female", "M": "Male", "U": "Unknown"}
AUDIENCES = ("site", "central")


@dataclass
class Entry:
    """A pupil of a school in a window, subject and assessment: judged, or on roll and not judged."""

    enrolment: Enrolment
    window: Row
    year_group: str
    subject: str
    assessment: str  # class, construct and the name it is compared under, joined with |
    judged: bool
    on_roll: bool
    mark: Decimal | None
    band: str | None = None
    points: float | None = None
    counts_at_trust: bool = False

    @property
    def period(self) -> tuple[str, str]:
        """Kind and name of the entry's period."""
        return "window", self.window["window_name"]

    def measure(self, name: str) -> Decimal | None:
        """Return the value of a measure; None where the entry has none."""
        if name == "mark":
            return self.mark
        if name == "pupils_judged":
            return Decimal(int(self.judged))
        if name == "pupils_banded":
            return Decimal(1) if self.band else None
        if name in BANDS:
            return Decimal(int(self.band in BANDS[name])) if self.band else None
        return Decimal(1) if self.on_roll else None  # pupils_on_roll


class Trust:
    """The tables of a lake, with what follows from them before any KPI."""

    def __init__(self, tables: Tables) -> None:
        self.tables = tables
        self.as_of = tables["run"][0]["as_of"]
        self.schools = {s["urn"]: s for s in tables["schools"]}
        self.years = {y["academic_year"]: y for y in tables["academic_years"]}
        self.enrolments = find_enrolments(tables)
        self._by_school: dict[tuple[str, str], list[Enrolment]] = {}
        for enrolment in self.enrolments.values():
            self._by_school.setdefault((enrolment.urn, enrolment.year), []).append(enrolment)
        self.results = place_results(tables, self.enrolments)
        self.groups = place_groups(tables, self.enrolments)
        self.rolls = {(r["urn"], r["academic_year"]) for r in tables["pupils"] if r["academic_year"]}
        self.taught = {(e.urn, e.year, e.year_group) for e in self.enrolments.values()} | {
            (p.record["urn"], p.record["academic_year"], p.year_group) for p in self.results
        }
        self.memberships: dict[tuple[str, str], list[tuple[Row, tuple[str, str]]]] = {}
        for record, _bucket, _reason, reported in self.groups:
            if reported:
                pupil = (record["pupil_key"], record["urn"])
                self.memberships.setdefault(pupil, []).append((record, reported))
        self.entries = self._make_entries()

    def in_trust(self, urn: str, year: str) -> bool:
        """Say whether the school was in the trust that year."""
        return is_in_trust(self.schools[urn], self.years[year])

    def open_windows(self, urn: str, year: str) -> list[Row]:
        """Return the windows that have opened for the school's phase in that year."""
        phase = self.schools[urn]["phase"]
        return [
            w for w in self.tables["windows"]
            if w["phase"] == phase and w["academic_year"] == year and w["opens"] <= self.as_of
        ]  # fmt: skip

    def on_roll(self, enrolment: Enrolment, window: Row) -> bool:
        """Say whether the school had the pupil on roll in the window."""
        return (
            enrolment.on_school_roll
            and not counts_nowhere_here(enrolment, self.schools[enrolment.urn]["phase"])
            and enrolment.touches(window["opens"], window["closes"])
        )

    def windows_on_roll(self) -> Iterable[tuple[Enrolment, Row]]:
        """Yield each enrolment with each open window of its year group in which it is on roll."""
        for enrolment in self.enrolments.values():
            for window in self.open_windows(enrolment.urn, enrolment.year):
                if window["year_group"] == enrolment.year_group and self.on_roll(enrolment, window):
                    yield enrolment, window

    def _make_entries(self) -> list[Entry]:
        assessments = {a["assessment"]: a for a in self.tables["assessments"]}
        scales, marks = Scales(self.tables), self._gather_marks()
        on_roll = {(e.pupil, e.urn, e.year, w["window_name"]) for e, w in self.windows_on_roll()}
        entries, seen, cells = [], set(), set()
        for placed in self.results:
            r, window = placed.record, placed.window
            if window is not None and (placed.reason or "").startswith("counted at "):
                # The school did send it: the pupil is not one without a result there, nor one with.
                seen.add((r["pupil_key"], r["urn"], r["academic_year"], window["window_name"], r["subject"],
                          placed.compared_as))  # fmt: skip
            if placed.bucket != "used":
                continue
            assert window is not None
            assert placed.year_group is not None
            name = window["window_name"]
            enrolment = self.enrolments[r["pupil_key"], r["urn"], r["academic_year"]]
            seen.add((enrolment.pupil, enrolment.urn, enrolment.year, name, r["subject"], placed.compared_as))
            known = assessments[r["assessment"]]
            letter = max(known["comparability_class"], placed.meant.letter)
            key = f"{letter}|{known['construct']}|{placed.compared_as}"
            cells.add((r["urn"], enrolment.year, name, placed.year_group, r["subject"], key))
            others = marks.get(_test_of(placed), [])
            band = scales.cut_standardised(r, placed.year_group, window, others) or placed.meant.band
            entries.append(Entry(
                enrolment, window, placed.year_group, r["subject"], key, judged=True,
                on_roll=(enrolment.pupil, enrolment.urn, enrolment.year, name) in on_roll, mark=r["mark"], band=band,
                points=placed.meant.points,
            ))  # fmt: skip
        sent: dict[tuple[str, ...], list[tuple[str, str]]] = {}
        for *cell, subject, assessment in sorted(cells):
            sent.setdefault(tuple(cell), []).append((subject, assessment))
        for enrolment, window in self.windows_on_roll():
            name, urn, year, year_group = window["window_name"], enrolment.urn, enrolment.year, window["year_group"]
            for subject, assessment in sent.get((urn, year, name, year_group), []):
                if (enrolment.pupil, urn, year, name, subject, assessment.split("|")[2]) not in seen:
                    entries.append(Entry(
                        enrolment, window, year_group, subject, assessment, judged=False,
                        on_roll=True, mark=None,
                    ))  # fmt: skip
        self._count_each_pupil_once(entries)
        return entries

    def _gather_marks(self) -> dict[tuple[str, ...], list[Decimal]]:
        """Return the marks of all who count at the trust, by test, subject, year, window and year group."""
        marks: dict[tuple[str, ...], list[Decimal]] = {}
        for placed in self.results:
            r = placed.record
            if placed.bucket == "used" and r["mark"] is not None and self.in_trust(r["urn"], r["academic_year"]):
                marks.setdefault(_test_of(placed), []).append(r["mark"])
        return marks

    def _count_each_pupil_once(self, entries: list[Entry]) -> None:
        same: dict[tuple[str, ...], list[Entry]] = {}
        for e in entries:
            if self.in_trust(e.enrolment.urn, e.enrolment.year):
                key = (e.enrolment.pupil, e.enrolment.year, e.window["window_name"], e.subject, e.assessment)
                same.setdefault(key, []).append(e)
        for group in same.values():
            first = min(group, key=lambda e: (
                not e.judged, not e.on_roll, -(e.enrolment.start or date.min).toordinal(), e.enrolment.urn
            ))  # fmt: skip
            first.counts_at_trust = True

    def units(self, urn: str) -> list[tuple[str, str]]:
        """Return the (geography, unit code) pairs a school's pupils belong to."""
        school = self.schools[urn]
        pairs = [("School", urn), ("MAT", self.tables["trust"][0]["group_id"]), ("Phase", school["phase"])]
        return [*pairs, ("Cluster", school["cluster"])] if school["cluster"] is not None else pairs

    def breakdowns(self, enrolment: Enrolment, window: Row) -> set[tuple[str, str]]:
        """Return the (topic, breakdown) pairs a pupil is in for a window."""
        own = self.groups_of(enrolment, window["opens"], window["closes"])
        return {("Total", "Total"), ("Sex", SEXES[enrolment.sex]), *own}

    def groups_of(self, enrolment: Enrolment, opens: date, closes: date) -> set[tuple[str, str]]:
        """Return the (topic, label) pairs of the groups a pupil was in on a day from `opens` to `closes`."""
        return {
            reported
            for record, reported in self.memberships.get((enrolment.pupil, enrolment.urn), [])
            if record["academic_year"] in (None, enrolment.year)
            and (record["start_date"] is None or record["start_date"] <= closes)
            and (record["end_date"] is None or record["end_date"] >= opens)
        }

    def enrolments_of(self, urn: str, year: str) -> list[Enrolment]:
        """Return the enrolments of a school and year."""
        return self._by_school.get((urn, year), [])

    def teaches(self, urn: str, year: str, year_groups: set[str]) -> bool:
        """Say whether the school has one of these year groups: by its ages, or because pupils of it are enrolled."""
        enrolled = {e.year_group for e in self.enrolments_of(urn, year)}
        return bool(enrolled & year_groups) or any(_ages_admit(self.schools[urn], code) for code in year_groups)

    def schools_that_could(self, geography: str, unit: str, year: str, name: str, year_group: str) -> set[str]:
        """Return URNs of the unit in the trust that year with that open window for a year group they teach."""
        could = set()
        for urn, school in self.schools.items():
            if (geography, unit) not in self.units(urn) or not self.in_trust(urn, year):
                continue
            for window in self.open_windows(urn, year):
                code = window["year_group"]
                teaches = (urn, year, code) in self.taught or _ages_admit(school, code)
                if teaches and window["window_name"] == name and year_group in (code, "Total"):
                    could.add(urn)
        return could


def _test_of(placed: Placed) -> tuple[str, ...]:
    r = placed.record
    window = placed.window["window_name"] if placed.window else ""
    return (r["assessment"], r["subject"], r["academic_year"], window, placed.year_group or "")


def missing_results(trust: Trust) -> set[tuple[str, str, str, str, str]]:
    """Return (urn, year, window, year group or Total, subject) of which a school was expected to send, and did not."""
    used = {
        (p.record["urn"], p.record["academic_year"], p.window["window_name"], p.year_group, p.record["subject"])
        for p in trust.results
        if p.bucket == "used" and p.window
    }
    missing = set()
    for enrolment, window in trust.windows_on_roll():
        urn, year, name = enrolment.urn, enrolment.year, window["window_name"]
        if not trust.in_trust(urn, year):
            continue
        for wanted in trust.tables["window_subjects"]:
            subject = wanted["subject"]
            if wanted["window_name"] != name:
                continue
            if (urn, year, name, enrolment.year_group, subject) not in used:
                missing.add((urn, year, name, str(enrolment.year_group), subject))
            if not any((u[0], u[1], u[2], u[4]) == (urn, year, name, subject) for u in used):
                missing.add((urn, year, name, "Total", subject))
    return missing


def _ages_admit(school: Row, year_group: str) -> bool:
    starts = {"N1": 2, "N2": 3, "R": 4}.get(year_group)
    if starts is None:
        if not year_group.isdigit():
            return True
        starts = int(year_group) + 4
    low, high = school["lowest_age"], school["highest_age"]
    return (low is None or starts >= low) and (high is None or starts < high)


def year_group_label(code: str) -> str:
    """Return a year group as published."""
    if code.isdigit():
        return f"Year {code}"
    return {"R": "Reception", "N1": "Nursery 1", "N2": "Nursery 2", "Total": "Total"}[code]
