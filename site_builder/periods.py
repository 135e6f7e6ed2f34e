"""Periods: which stretches of time a page shows, in which order, and the tables of weeks and populations.

Here lives the choice of what a page holds of a year's figures (every figure is in the extracts): year groups are
shown for a window and for the year to date, terms and half-terms for all together, weeks in a table of their own.
The tables of one period are laid out in series.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

from site_builder.context import Context, is_of_pupils, is_total
from site_builder.records import Figure, Kpi
from site_builder.tables import Cell, Head, Row, Table, comparison_cell, heads, value_cell
from site_builder.words import UNIT_HEADS, year_group_words
from site_builder.writing import show_day, show_month

KINDS = ("window", "year_to_date", "year_to_date_urn", "term", "half_term", "week")
SHOWN_BY_YEAR_GROUP = ("window", "year_to_date", "year_to_date_urn")
SHOWN_BY_GROUP = ("window", "year_to_date")
POPULATION = "Population"


def place_of(figure: Figure) -> tuple[int, int, str]:
    """Where the figure's period stands on a page: the year to date first, then the latest of each kind."""
    kind = KINDS.index(figure.period_kind) if figure.period_kind in KINDS else len(KINDS)
    return (kind, -figure.period_sort, figure.period)


def pick_shown(figures: Iterable[Figure]) -> list[Figure]:
    """The figures that stand in the tables of a period: no weeks, and year groups only where they are shown."""
    return [
        f
        for f in figures
        if f.period_kind != "week" and (f.period_kind in SHOWN_BY_YEAR_GROUP or f.year_group == "Total")
    ]


def pick_headline(figures: Sequence[Figure]) -> list[Figure]:
    """Of one year's figures of a KPI, those of the windows, or of the latest of the other kinds of period."""
    kinds = {f.period_kind for f in figures} - {"week", "year_to_date_urn"}
    if "window" in kinds or not kinds:
        return [f for f in figures if f.period_kind == "window"]
    kind = min(kinds, key=KINDS.index)
    latest = max(f.period_sort for f in figures if f.period_kind == kind)
    return [f for f in figures if f.period_kind == kind and f.period_sort == latest]


def _units(figures: Iterable[Figure], context: Context) -> list[tuple[Cell, str, list[Figure], str]]:
    """The trust, then the schools by name: heading, code, figures, kind of row."""
    by_unit: dict[tuple[str, str], list[Figure]] = {}
    for figure in figures:
        if figure.geography in ("MAT", "School"):
            by_unit.setdefault((figure.geography, figure.unit_code), []).append(figure)
    rows = [
        (Cell(context.published.run.trust_name), code, found, "trust")
        for (geography, code), found in by_unit.items()
        if geography == "MAT"
    ]
    for school in context.published.schools:
        found = by_unit.get(("School", school.urn), [])
        if found:
            rows.append((Cell(school.name, href=f"schools/{school.urn}.html"), school.urn, found, "plain"))
    return rows


def tables_of_weeks(figures: Iterable[Figure], kpi: Kpi, context: Context) -> list[tuple[str, Table]]:
    """One table a month, the latest first: schools down, the month's weeks across; with the month in words."""
    weeks = sorted((f for f in figures if f.period_kind == "week" and is_total(f)), key=lambda f: f.period)
    found = []
    for month, inside in groupby(weeks, key=lambda f: show_month(f.period_starts)):
        these = list(inside)
        columns = sorted({f.period for f in these})
        rows = []
        for heading, _, own, kind in _units(these, context):
            by_week = {f.period: f for f in own}
            rows.append(Row([heading, *(value_cell(by_week.get(c), kpi, with_mark=True) for c in columns)], kind))
        starts = {f.period: show_day(f.period_starts) for f in these}
        head = [[Head("School"), *(Head(starts[c], "number") for c in columns)]]
        caption = f"{kpi.title}, weeks beginning in {month}"
        found.append((month, Table(caption, head, rows, matrix=True)))
    return found[::-1]


def table_of_own_weeks(caption: str, figures: Iterable[Figure], kpi: Kpi, context: Context) -> Table | None:
    """One school's weeks, the latest first, with the trust's beside them; None where it has none."""
    weeks = sorted((f for f in figures if f.period_kind == "week" and is_total(f)), key=place_of)
    if not weeks:
        return None
    value, trust = UNIT_HEADS.get(kpi.unit, "Value"), "Trust"
    rows = [
        Row(
            [
                Cell(f.period_title),
                value_cell(f, kpi),
                value_cell(context.trust_figure(f), kpi),
                comparison_cell(f),
            ]
        )
        for f in weeks
    ]
    return Table(caption, heads("Week", value, trust, "Against the trust", numbers=(value, trust)), rows)


def table_of_populations(caption: str, figures: Sequence[Figure], kpi: Kpi, context: Context) -> Table | None:
    """Schools down, the headline and the other populations across, for the year to date; None where there are none."""
    inside = [
        f
        for f in figures
        if f.period_kind == "year_to_date"
        and f.year_group == "Total"
        and (is_total(f) or f.breakdown_topic == POPULATION)
    ]
    labels = sorted({(f.breakdown_sort, f.breakdown) for f in inside if f.breakdown_topic == POPULATION})
    if not labels:
        return None
    rows = []
    for heading, _, own, kind in _units(inside, context):
        by_label = {f.breakdown: f for f in own}
        cells = [value_cell(by_label.get(label), kpi) for label in ("Total", *(label for _, label in labels))]
        rows.append(Row([heading, *cells], kind))
    names = [year_group_words("Total", of_pupils=True), *(label for _, label in labels)]
    return Table(caption, heads("School", *names, numbers=names), rows, matrix=True)


def say_breaks(figure: Figure, context: Context) -> str | None:
    """The breaks in the school's figures of that year, in words; None where there is none or none matters."""
    if not is_of_pupils(figure) or figure.geography != "School":
        return None
    words = [b.words for b in context.breaks(figure.unit_code) if b.academic_year == figure.academic_year]
    return " ".join(words) or None
