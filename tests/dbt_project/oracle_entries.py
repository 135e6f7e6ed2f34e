"""What a KPI is made of, in plain Python: entries (a pupil in a subject, window and assessment) and figures.

What lives here: who is in a figure, and the formulas. What does not: where records belong (`oracle_placing`),
which figures are published and what is hidden (`oracle`), any SQL.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from scipy import stats

from tests.dbt_project.lake_files import Row, Tables
from tests.dbt_project.oracle_placing import (
    Enrolment,
    counts_nowhere_here,
    find_enrolments,
    is_in_trust,
    place_groups,
    place_results,
)

Z = 1.959963984540054
SEXES = {"F": "Female", "M": "Male", "U": "Unknown"}
UNITS = {"percent": "%", "marks": " marks", "points": " points", "rate_per_100": " per 100"}
AUDIENCES = ("site", "central")


@dataclass
class Entry:
    """A pupil of a school in a window, subject and assessment: judged, or on roll and not judged."""

    enrolment: Enrolment
    window: Row
    year_group: str
    subject: str
    assessment: Row
    judged: bool
    on_roll: bool
    mark: Decimal | None
    counts_at_trust: bool = False

    def measure(self, name: str) -> Decimal | None:
        """Return the value of a measure; None where the entry has none."""
        if name == "mark":
            return self.mark
        if name == "pupils_judged":
            return Decimal(int(self.judged))
        return Decimal(1) if self.on_roll else None  # pupils_on_roll


class Trust:
    """The tables of a lake, with what follows from them before any KPI."""

    def __init__(self, tables: Tables) -> None:
        self.tables = tables
        self.as_of = tables["run"][0]["as_of"]
        self.schools = {s["urn"]: s for s in tables["schools"]}
        self.years = {y["academic_year"]: y for y in tables["academic_years"]}
        self.enrolments = find_enrolments(tables)
        self.results = place_results(tables, self.enrolments)
        self.groups = place_groups(tables, self.enrolments)
        self.rolls = {(r["urn"], r["academic_year"]) for r in tables["pupils"] if r["academic_year"]}
        self.taught = {(e.urn, e.year, e.year_group) for e in self.enrolments.values()} | {
            (r["urn"], r["academic_year"], r["year_group"]) for r in tables["results"]
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
        on_roll = {(e.pupil, e.urn, e.year, w["window_name"]) for e, w in self.windows_on_roll()}
        entries, seen, cells = [], set(), set()
        for placed in self.results:
            r, window = placed.record, placed.window
            if window is not None and (placed.reason or "").startswith("counted at "):
                # The school did send it: the pupil is not one without a result there, nor one with.
                seen.add((r["pupil_key"], r["urn"], r["academic_year"], window["window_name"], r["subject"],
                          r["assessment"]))  # fmt: skip
            if placed.bucket != "used":
                continue
            assert window is not None
            assert placed.year_group is not None
            name = window["window_name"]
            enrolment = self.enrolments[r["pupil_key"], r["urn"], r["academic_year"]]
            seen.add((enrolment.pupil, enrolment.urn, enrolment.year, name, r["subject"], r["assessment"]))
            cells.add((r["urn"], enrolment.year, name, placed.year_group, r["subject"], r["assessment"]))
            entries.append(Entry(
                enrolment, window, placed.year_group, r["subject"], assessments[r["assessment"]], judged=True,
                on_roll=(enrolment.pupil, enrolment.urn, enrolment.year, name) in on_roll, mark=r["mark"],
            ))  # fmt: skip
        sent: dict[tuple[str, ...], list[tuple[str, str]]] = {}
        for *cell, subject, assessment in sorted(cells):
            sent.setdefault(tuple(cell), []).append((subject, assessment))
        for enrolment, window in self.windows_on_roll():
            name, urn, year, year_group = window["window_name"], enrolment.urn, enrolment.year, window["year_group"]
            for subject, assessment in sent.get((urn, year, name, year_group), []):
                if (enrolment.pupil, urn, year, name, subject, assessment) not in seen:
                    entries.append(Entry(
                        enrolment, window, year_group, subject, assessments[assessment], judged=False,
                        on_roll=True, mark=None,
                    ))  # fmt: skip
        self._count_each_pupil_once(entries)
        return entries

    def _count_each_pupil_once(self, entries: list[Entry]) -> None:
        same: dict[tuple[str, ...], list[Entry]] = {}
        for e in entries:
            if self.in_trust(e.enrolment.urn, e.enrolment.year):
                key = (e.enrolment.pupil, e.enrolment.year, e.window["window_name"], e.subject,
                       e.assessment["assessment"])  # fmt: skip
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
        found = {("Total", "Total"), ("Sex", SEXES[enrolment.sex])}
        for record, reported in self.memberships.get((enrolment.pupil, enrolment.urn), []):
            if (
                record["academic_year"] in (None, enrolment.year)
                and (record["start_date"] is None or record["start_date"] <= window["closes"])
                and (record["end_date"] is None or record["end_date"] >= window["opens"])
            ):
                found.add(reported)
        return found

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


def wilson(x: float, n: float) -> tuple[float, float]:
    """Return Wilson's 95 % interval of x of n, as proportions."""
    middle, spread = 2 * x + Z**2, Z * math.sqrt(Z**2 + 4 * x * (1 - x / n))
    return max(0.0, (middle - spread) / (2 * (n + Z**2))), min(1.0, (middle + spread) / (2 * (n + Z**2)))


def byar(events: float) -> tuple[float, float]:
    """Return Byar's 95 % interval of a count."""
    more = events + 1
    low = 0.0 if events == 0 else events * (1 - 1 / (9 * events) - Z / (3 * math.sqrt(events))) ** 3
    return low, more * (1 - 1 / (9 * more) + Z / (3 * math.sqrt(more))) ** 3


def make_figure(kpi: Row, entries: list[Entry]) -> Row:
    """Return n, value, interval and numerator of a KPI over entries; n = 0 gives no value."""
    scale = 100 if kpi["unit"] in ("percent", "rate_per_100") else 1
    figure: Row = {"n": 0, "value": None, "low": None, "high": None, "numerator": None}
    if kpi["kind"] == "mean":
        marks = [v for e in entries if (v := e.measure(kpi["mean_of"])) is not None]
        figure["n"] = len(marks)
        if marks:
            figure["value"] = scale * float(statistics.mean(marks))
        if len(set(marks)) > 1 and kpi["interval"] == "t":  # one mark, or all alike: chance cannot be weighed
            reach = float(stats.t.ppf(0.975, len(marks) - 1)) * float(statistics.stdev(marks)) / len(marks) ** 0.5
            figure["low"], figure["high"] = figure["value"] - reach, figure["value"] + reach
        return figure
    having = [e for e in entries if e.measure(kpi["denominator"]) is not None]
    n = float(sum(e.measure(kpi["denominator"]) or 0 for e in having))
    x = float(sum(e.measure(kpi["numerator"]) or 0 for e in having))
    figure.update(n=int(n), numerator=x)
    if n:
        low, high = wilson(x, n) if kpi["interval"] == "wilson" else (end / n for end in byar(x))
        figure.update(value=scale * x / n, low=scale * low, high=scale * high)
    return figure


def round_in_words(value: float, places: int) -> str:
    """Return a number to `places`, half away from zero, as a person would write it."""
    exact = Decimal(value).quantize(Decimal("1e-10"))
    rounded = exact.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    return str(abs(rounded) if rounded == 0 else rounded)


def kpi_windows(trust: Trust) -> Iterable[tuple[Row, str, str]]:
    """Yield each published trust KPI version with the (academic year, window) pairs it holds in."""
    closes: dict[tuple[str, str], date] = {}
    for w in trust.tables["windows"]:
        key = (w["academic_year"], w["window_name"])
        closes[key] = max(closes.get(key, w["closes"]), w["closes"])
    for kpi in trust.tables["kpis"]:
        if kpi["status"] != "published" or kpi["owner"] != "trust":
            continue
        for (year, name), day in closes.items():
            if year in trust.years and (kpi["valid_from"] or day) <= day <= (kpi["valid_to"] or day):
                yield kpi, year, name
