"""Every published KPI value, worked out slowly in plain Python: what dbt must equal.

What lives here: the figures of every cell, compared, hidden where they must be, and keyed as published. What does
not: entries (`oracle_entries`, `oracle_periods`), formulas (`oracle_figures`), where results belong
(`oracle_placing`), SQL. Use it on any lake:

    expected = oracle.expect_values(lake_files.read_lake(lake))

Keys are (audience, geography, unit_code, kpi, version, academic_year, period_kind, period, year_group, subject,
comparability_key, breakdown_topic, breakdown), values dicts with the published columns of the same names. Year groups,
sexes and symbols are as published; numbers are unrounded floats. `of_attendance=False` leaves attendance out.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, NamedTuple

from tests.dbt_project.lake_files import Row, Tables
from tests.dbt_project.oracle_attendance import resolve_keys
from tests.dbt_project.oracle_entries import AUDIENCES, Entry, Trust, missing_results, year_group_label
from tests.dbt_project.oracle_figures import compare, make_figure
from tests.dbt_project.oracle_periods import Attended, Periods

NO_SUBJECT = "z"


class Cell(NamedTuple):
    """What a figure is of; a year group may be Total."""

    geography: str
    unit: str
    year: str
    kind: str
    period: str
    year_group: str
    subject: str
    assessment: str
    topic: str
    breakdown: str


Cells = dict[Cell, list[Entry | Attended]]


class Lake:
    """A trust's tables with what is in every cell, whole rolls, and what is missing, for all themes."""

    def __init__(self, tables: Tables, *, of_attendance: bool = True) -> None:
        self.trust = Trust(resolve_keys(tables))
        self.periods = Periods(self.trust) if of_attendance else None
        self.cells: Cells = {}
        self.rolls: dict[tuple[str, ...], set[str]] = {}
        self.missing: dict[tuple[str, str, str], list[tuple[Cell, str]]] = {}
        self._gather_results()
        if self.periods is not None:
            self._gather_attendance(self.periods)

    def _gather_results(self) -> None:
        trust = self.trust
        for entry in trust.entries:
            for geography, unit in trust.units(entry.enrolment.urn):
                if geography != "School" and not entry.counts_at_trust:
                    continue
                for year_group in (entry.year_group, "Total"):
                    for topic, label in trust.breakdowns(entry.enrolment, entry.window):
                        cell = Cell(geography, unit, entry.enrolment.year, *entry.period, year_group, entry.subject,
                                    entry.assessment, topic, label)  # fmt: skip
                        self.cells.setdefault(cell, []).append(entry)
        self._gather_window_rolls()
        for urn, year, name, year_group, subject in missing_results(trust):
            cell = Cell("School", urn, year, "window", name, year_group, subject, NO_SUBJECT, "Total", "Total")
            self.missing.setdefault((year, "window", name), []).append((cell, ""))

    def _gather_window_rolls(self) -> None:
        """Pupils on roll, each counted at one school, of every pooled unit, window, year group and breakdown."""
        trust, at = self.trust, dict[tuple[str, str, str], Any]()
        for enrolment, window in trust.windows_on_roll():
            if trust.in_trust(enrolment.urn, enrolment.year):
                key = (enrolment.pupil, enrolment.year, window["window_name"])
                rank = (-(enrolment.start.toordinal() if enrolment.start else 0), enrolment.urn)
                if key not in at or rank < at[key][0]:
                    at[key] = (rank, enrolment, window)
        for (pupil, year, name), (_rank, enrolment, window) in at.items():
            topics = trust.breakdowns(enrolment, window)
            self._put_on_roll(enrolment.urn, year, ("window", name), enrolment.year_group, topics, pupil)

    def _put_on_roll(
        self, urn: str, year: str, period: tuple[str, str], year_group: str, topics: set[tuple[str, str]], who: str
    ) -> None:
        for geography, unit in self.trust.units(urn):
            for group in (year_group, "Total"):
                for topic, label in topics:
                    self.rolls.setdefault((geography, unit, year, *period, group, topic, label), set()).add(who)

    def _gather_attendance(self, periods: Periods) -> None:
        for entry in periods.entries:
            topics = periods.topics(entry)
            for geography, unit in self.trust.units(entry.urn):
                if geography != "School" and not entry.counts_at_trust:
                    continue
                for topic, label in topics:
                    for year_group in (entry.year_group, "Total"):
                        if is_given(entry.period[0], year_group, topic):
                            cell = Cell(geography, unit, entry.year, *entry.period, year_group, NO_SUBJECT,
                                        NO_SUBJECT, topic, label)  # fmt: skip
                            self.cells.setdefault(cell, []).append(entry)
        for (urn, year, period), pupils in periods.on_roll().items():
            for enrolment, topics in pupils:
                who = f"{urn}|{enrolment.pupil}"
                self._put_on_roll(urn, year, period, str(enrolment.year_group), topics, who)
        for urn, year, period, others in periods.missing():
            cell = Cell("School", urn, year, *period, "Total", NO_SUBJECT, NO_SUBJECT, "Total", "Total")
            words = "Nothing that was sent gives this figure." if others else "Not sent yet for this period."
            self.missing.setdefault((year, *period), []).append((cell, words))

    def could_be_in(self, cell: Cell) -> set[str]:
        """Return the schools that could be in a pooled cell."""
        if cell.kind == "window" or self.periods is None:
            return self.trust.schools_that_could(cell.geography, cell.unit, cell.year, cell.period, cell.year_group)
        period = (cell.kind, cell.period)
        return self.periods.schools_that_could(cell.geography, cell.unit, cell.year, period, cell.year_group)

    def school_of(self, entry: Entry | Attended) -> str:
        """Return the school an entry is of; attendance of a school that changed its URN in the year is of one."""
        if isinstance(entry, Entry) or self.periods is None:
            return entry.enrolment.urn if isinstance(entry, Entry) else entry.urn
        return self.periods.head(entry.urn, entry.year)


def is_given(kind: str, year_group: str, topic: str) -> bool:
    """Say whether attendance is given for a kind of period, year group and topic."""
    if topic == "Population":
        return year_group == "Total"
    if kind == "week":
        return year_group == "Total" and topic == "Total"
    return year_group == "Total" or topic == "Total" or kind.startswith("year_to_date")


def kpi_periods(lake: Lake) -> Iterable[tuple[Row, str, str, str]]:
    """Yield each published trust KPI version with the (academic year, kind, period) it holds in, by its last day."""
    ends: dict[tuple[str, str, str], date] = {}
    for w in lake.trust.tables["windows"]:
        key = (w["academic_year"], "window", w["window_name"])
        ends[key] = max(ends.get(key, w["closes"]), w["closes"])
    if lake.periods is not None:
        for (_urn, year, (kind, name)), (_starts, last) in lake.periods.dates.items():
            ends[year, kind, name] = max(ends.get((year, kind, name), last), last)
    for kpi in lake.trust.tables["kpis"]:
        if kpi["status"] != "published" or kpi["owner"] != "trust":
            continue
        version = (kpi["kpi"], kpi["version"])
        kinds = {p["period_kind"] for p in lake.trust.tables["kpi_periods"] if (p["kpi"], p["version"]) == version}
        kinds |= {"year_to_date_urn"} if "year_to_date" in kinds else set()
        for (year, kind, name), day in ends.items():
            holds = (kpi["valid_from"] or day) <= day <= (kpi["valid_to"] or day)
            if holds and kind in kinds and year in lake.trust.years:
                yield kpi, year, kind, name


def expect_values(tables: Tables, *, of_attendance: bool = True) -> dict[tuple[Any, ...], Row]:
    """Return every published KPI value of a lake, keyed as the module says."""
    lake = Lake(tables, of_attendance=of_attendance)
    trust = lake.trust
    by_period: dict[tuple[str, str, str], list[tuple[Cell, Sequence[Entry | Attended]]]] = {}
    for cell, entries in lake.cells.items():
        by_period.setdefault((cell.year, cell.kind, cell.period), []).append((cell, entries))
    breakdowns = {(b["kpi"], b["version"], b["breakdown"]) for b in tables["kpi_breakdowns"]}
    published: dict[tuple[Any, ...], Row] = {}
    for kpi, *when in kpi_periods(lake):
        period = (when[0], when[1], when[2])
        figures: dict[Cell, Row] = {}
        for cell, inside in by_period.get(period, []):
            topic = {"Total": None, "Sex": "sex", "Population": "population"}.get(cell.topic, "custom_groups")
            wanted = topic is None or (kpi["kpi"], kpi["version"], topic) in breakdowns
            if wanted and (cell.year_group != "Total" or kpi["year_groups"] == "together"):
                figures[cell] = describe(lake, kpi, cell, inside)
        measured = {(c.subject, c.assessment) for c, figure in figures.items() if figure["n"]}
        for cell, figure in figures.items():
            figure["measured"] = kpi["kind"] == "ratio" or (cell.subject, cell.assessment) in measured
        for audience in (a for a in tables["audiences"] if a["audience"] in AUDIENCES):
            for cell, figure in figures.items():
                beside = figures.get(cell._replace(geography="MAT", unit=tables["trust"][0]["group_id"]))
                published[key_of(audience, kpi, cell)] = disclose(lake, kpi, cell, figure, beside, audience)
            for cell, words in lake.missing.get(period, []):
                if cell.year_group != "Total" or kpi["year_groups"] == "together":
                    row: Row = {"symbol": "x", "coverage_symbol": "x" if cell.kind == "window" else None}
                    published[key_of(audience, kpi, cell)] = row | ({"comparison_words": words} if words else {})
    return published


def key_of(audience: Row, kpi: Row, cell: Cell) -> tuple[Any, ...]:
    """Return the published key of a cell; a KPI's own comparability is a ceiling on the assessment's class."""
    end = f"{cell.period}|{cell.year}"
    if cell.kind != "window":
        comparability = f"{kpi['comparability'] or 'A'}|statutory|z|{end}"
    elif cell.assessment == NO_SUBJECT:
        comparability = f"z|z|z|{end}"
    else:
        letter, known = cell.assessment.split("|", 1)
        comparability = f"{max(letter, kpi['comparability'] or 'A')}|{known}|{end}"
    return (audience["audience"], cell.geography, cell.unit, kpi["kpi"], kpi["version"], cell.year, cell.kind,
            cell.period, year_group_label(cell.year_group), cell.subject, comparability, cell.topic,
            cell.breakdown)  # fmt: skip


def describe(lake: Lake, kpi: Row, cell: Cell, entries: Sequence[Entry | Attended]) -> Row:
    """Return a cell's figure with coverage, schools in and of it, and its share of the pupils on roll."""
    figure = make_figure(kpi, entries)
    listed = [e for e in entries if isinstance(e, Attended) or e.on_roll]
    figure["on_roll"] = len(listed)
    judged = sum(isinstance(e, Entry) and e.judged for e in listed)
    figure["coverage"] = 100 * judged / len(listed) if listed else None
    figure["schools_in"] = figure["schools_of"] = figure["share"] = None
    if cell.geography != "School":
        by_school: dict[str, list[Entry | Attended]] = {}
        for e in entries:
            by_school.setdefault(lake.school_of(e), []).append(e)
        could = lake.could_be_in(cell)
        figure["schools_in"] = sum(make_figure(kpi, own)["n"] > 0 for own in by_school.values())
        figure["schools_of"] = len(could)
        key = (cell.geography, cell.unit, cell.year, cell.kind, cell.period, cell.year_group)
        whole = len(lake.rolls.get((*key, cell.topic, cell.breakdown), ()))
        if whole and all((urn, cell.year) in lake.trust.rolls for urn in could):
            figure["share"] = min(100.0, 100 * make_figure(kpi, listed)["n"] / whole)
    return figure


def disclose(lake: Lake, kpi: Row, cell: Cell, figure: Row, beside: Row | None, audience: Row) -> Row:
    """Return the published columns of a cell for an audience."""
    need, wish, n = audience["min_n"] or 0, kpi["min_n"] or 0, figure["n"]
    symbol = None
    if n == 0:
        symbol = "x" if figure["measured"] else "z"
    elif n < need:
        symbol = "c"
    elif n < wish:
        symbol = "u"
    row: Row = {"symbol": symbol, "schools_in": figure["schools_in"], "schools_of": figure["schools_of"]}
    if cell.kind == "window":
        row |= show_coverage(figure, symbol, need)
    if symbol is not None:
        return row
    row.update(
        pupil_count=n, numerator_count=figure["numerator"], value=figure["value"], lower_95_ci=figure["low"],
        upper_95_ci=figure["high"], pupils_in_percent=figure["share"],
    )  # fmt: skip
    if cell.geography == "School" and lake.trust.in_trust(cell.unit, cell.year):
        instead, beside_it = say_urns(lake, cell)
        # The trust's own figure may be too small for the audience.
        if instead:
            row["comparison_words"] = instead
        elif beside and beside["schools_in"] > 1 and beside["n"] >= max(need, wish):
            row |= compare(kpi, figure, beside)
            row["comparison_words"] += beside_it
    return row


def show_coverage(figure: Row, symbol: str | None, need: int) -> Row:
    """Return the coverage columns of a figure of results."""
    if symbol in ("c", "u"):
        return {"coverage_symbol": "c"}
    if figure["on_roll"] == 0:
        return {"coverage_symbol": "x"}
    if figure["on_roll"] < need:
        return {"coverage_symbol": "c"}
    return {"judgement_coverage_percent": figure["coverage"]}


def say_urns(lake: Lake, cell: Cell) -> tuple[str, str]:
    """Return the sentence of a change of URN in the year that stands instead of a comparison, and the one beside it."""
    heads = lake.periods.successions if lake.periods else {}
    when = (cell.year, cell.kind, cell.period)
    if cell.kind == "year_to_date_urn":
        return "This URN's own part of the year; not compared.", ""
    if (cell.unit, *when) in heads:
        return f"Carried on under URN {heads[cell.unit, *when]}, so it is not compared.", ""
    earlier = [urn for (urn, *part), head in heads.items() if (head, *part) == (cell.unit, *when)]
    if not earlier:
        return "", ""
    day = max(lake.trust.schools[cell.unit]["joined"], lake.trust.schools[earlier[0]]["left_on"])
    return "", f" Includes sessions before {day.day} {day:%B %Y} under URN {earlier[0]}."
