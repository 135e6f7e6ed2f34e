"""A KPI drawn another way: with the KPIs that make a whole with it, and each school over time by itself.

Here lives what these two charts of a KPI's page are given. The four that every KPI has are in kpi_charts.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from site_builder.beside import Series, series_of
from site_builder.charts import Bar, Chart, Course, Panel, Part, Step, draw_bands, draw_multiples
from site_builder.comparisons import Latest
from site_builder.context import Context
from site_builder.kpi_charts import FEWEST_IN_TREND, say_words, trend_of, trust_line
from site_builder.records import Figure, Kpi
from site_builder.standing import point_of
from site_builder.tables import Cell, Row, Table, heads, is_shown, show_value, value_cell


def _part_figures(row: Latest, kpi: Kpi, context: Context) -> list[tuple[Kpi, dict[str, Figure]]]:
    """The KPIs that make the whole, each with its figures of the same key by unit."""
    found = []
    by_name = {part.kpi: part for part in context.latest_kpis()}
    for name in (kpi.parts or "").split(","):
        if name in by_name:
            part = by_name[name]
            key: Series = (part.kpi, part.version, *series_of(row)[2:])
            found.append((part, {f.unit_code: f for f in context.beside.figures(key)}))
    return found


def draw_wholes(row: Latest, figures: Sequence[Figure], kpi: Kpi, context: Context, ident: str) -> Chart | None:
    """Each unit's whole in its parts; a unit of which a part is hidden or missing is left to the table."""
    parts = _part_figures(row, kpi, context)
    bars = []
    for figure in (f for f in figures if f.geography in ("MAT", "School")):
        own = [(part, found.get(figure.unit_code)) for part, found in parts]
        shown = [
            Part(part.title, of.value, show_value(of.value, part))
            for part, of in own
            if of is not None and of.value is not None and of.symbol is None
        ]
        if len(shown) == len(parts) > 1:
            school = figure.geography == "School"
            name = context.schools[figure.unit_code].name if school else figure.unit_name
            href = f"schools/{figure.unit_code}.html" if school else None
            bars.append(Bar(name, href, shown, figure.unit_code if school else None))
    if not bars:
        return None
    names = [parts[0][0].title, *(part.title[:1].lower() + part.title[1:] for part, _ in parts[1:])]
    title = f"{', '.join(names[:-1])} and {names[-1]}"
    return draw_bands(say_words(title, row, kpi, context, ident), bars)


def wholes_table(caption: str, row: Latest, figures: Sequence[Figure], kpi: Kpi, context: Context) -> Table | None:
    """Each unit's parts, written out."""
    parts = _part_figures(row, kpi, context)
    rows = [
        Row(
            [
                Cell(context.schools[f.unit_code].name, href=f"schools/{f.unit_code}.html")
                if f.geography == "School"
                else Cell(f.unit_name),
                *(value_cell(found.get(f.unit_code), part) for part, found in parts),
            ],
            "plain" if f.geography == "School" else "trust",
        )
        for f in figures
        if f.geography in ("MAT", "School")
    ]
    names = ("School", *(part.title for part, _ in parts))
    return Table(caption, heads(*names, numbers=names[1:]), rows) if len(parts) > 1 else None


# When a figure is of, in the order of time: academic year, place in it, title.
Place = tuple[str, int, str]


def _lay_over_time(
    row: Latest, schools: Sequence[Figure], context: Context
) -> tuple[list[Place], dict[str, dict[Place, Figure]]]:
    """Every period any of the schools has a figure of, and each school's figures by period."""
    own = {
        school.unit_code: {
            (f.academic_year, f.period_sort, f.period_title): f for f in trend_of(row, school.unit_code, context)
        }
        for school in schools
    }
    return sorted({place for found in own.values() for place in found}), own


def draw_each_school(row: Latest, schools: Sequence[Figure], kpi: Kpi, context: Context, ident: str) -> Chart | None:
    """A small drawing a school of its figures over time, on one scale with the trust's line."""
    places, figures = _lay_over_time(row, schools, context)
    line = trust_line(context.beside.trust_figure(series_of(row)), kpi)
    panels = []
    for figure in schools:
        own = figures[figure.unit_code]
        drawn = [
            Step(
                number,
                f"{place[2]} {place[0]}",
                replace(point_of(own[place], kpi, f"{place[2]} {place[0]}"), ident=None)
                if place in own and is_shown(own[place], kpi)
                else None,
            )
            for number, place in enumerate(places)
        ]
        if sum(1 for step in drawn if step.point) >= FEWEST_IN_TREND:
            name = context.schools[figure.unit_code].name
            href = f"schools/{figure.unit_code}.html"
            text = value_cell(figure, kpi).text
            panels.append(Panel(name, href, Course(name, "own", drawn), line, text, figure.unit_code))
    if not panels:
        return None
    first, last = places[0], places[-1]
    title = f"Each school from {first[2]} {first[0]} to {last[2]} {last[0]}"
    return draw_multiples(say_words(title, row, kpi, context, ident), panels)


def each_school_table(caption: str, row: Latest, schools: Sequence[Figure], kpi: Kpi, context: Context) -> Table | None:
    """Schools down, periods across."""
    places, figures = _lay_over_time(row, schools, context)
    rows = []
    for figure in schools:
        own = figures[figure.unit_code]
        name = Cell(context.schools[figure.unit_code].name, href=f"schools/{figure.unit_code}.html")
        rows.append(Row([name, *(value_cell(own.get(place), kpi) for place in places)]))
    names = ("School", *(f"{title} {year}" for year, _, title in places))
    return Table(caption, heads(*names, numbers=names[1:]), rows, matrix=True, wide=len(places) > 8) if places else None
