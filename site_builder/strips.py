"""A school's strip: every KPI a row, the school among the trust's schools, the trust in the middle.

Here lives which series stands for each KPI at a school and what is said of it; where a dot lies is worked out in
charts.
"""

from __future__ import annotations

from collections.abc import MutableMapping, Sequence

from site_builder.beside import Series
from site_builder.charts import Chart, Point, StripRow, Words, draw_strip
from site_builder.context import Context
from site_builder.kpi_page import locate_lit
from site_builder.records import Figure, School
from site_builder.standing import (
    Standing,
    headlines_first,
    leading_for,
    point_of,
    pupils_words,
    shown_text,
    source_words,
    trust_line,
)
from site_builder.tables import (
    Cell,
    Row,
    Table,
    comparison_cell,
    heads,
    interval_cell,
    is_shown,
    pupils_cell,
    value_cell,
)
from site_builder.words import TRENDS


def list_standings(context: Context, school: School) -> list[tuple[Standing, Figure]]:
    """What stands for each KPI at this school, with the school's own figure or symbol."""
    found = []
    for kpi in headlines_first(context):
        standing = leading_for(context, kpi, school)
        own = context.beside.figure(standing.series, school.urn) if standing else None
        if standing and own:
            found.append((standing, own))
    return found


def _trend(context: Context, standing: Standing, own: Figure) -> str:
    change = context.beside.change(standing.latest, own.unit_code)
    if change is None or change.change is None:
        return ""
    said = {"up": "up on a year before", "same": "as a year before", "down": "down on a year before"}
    when = "" if change.period == own.period else f"{change.period_title} "
    return f"{TRENDS[change.change]} {when}{said[change.change]}"


def list_points(context: Context, standing: Standing) -> list[Point]:
    """Every school's shown figure of the series: the same for all strips, so worth making once."""
    return [
        point_of(figure, standing.kpi, context.schools[figure.unit_code].name)
        for figure in context.beside.school_figures(standing.series)
        if is_shown(figure, standing.kpi)
    ]


def _row(context: Context, school: School, standing: Standing, own: Figure, points: Sequence[Point]) -> StripRow:
    kpi = standing.kpi
    text = shown_text(own, kpi)
    return StripRow(
        label=standing.title,
        href=locate_lit(context, standing.latest, school.urn),
        own=point_of(own, kpi, school.name, own=True) if is_shown(own, kpi) else None,
        others=[point for point in points if point.ident != school.urn],
        line=trust_line(context, standing),
        value_text=f"{text} ({pupils_words(own)})" if is_shown(own, kpi) else text,
        mark=own.comparison,
        trend_text=_trend(context, standing, own),
    )


def _title(found: Sequence[tuple[Standing, Figure]]) -> str:
    compared = [own for _, own in found if own.comparison]
    apart = [own for own in compared if own.comparison != "similar"]
    if not compared:
        return "No figure of this school is compared with the trust"
    if not apart:
        return f"All {len(compared)} figures are about the same as the trust’s"
    return f"{len(apart)} of {len(compared)} figures differ from the trust’s beyond chance"


def draw_school_strip(
    context: Context,
    school: School,
    found: Sequence[tuple[Standing, Figure]],
    points: MutableMapping[Series, list[Point]],
) -> Chart | None:
    """The strip of one school; None where it has no figure to show.

    `points` keeps the schools' points of a series from one strip to the next.
    """
    if not any(is_shown(own, standing.kpi) for standing, own in found):
        return None
    words = Words(
        title=_title(found),
        unit="Each KPI on its own scale; the row says its unit and its pupils",
        source=source_words(context, ", ".join(dict.fromkeys(standing.when for standing, _ in found))),
        ident="strip",
    )
    rows = []
    for standing, own in found:
        if standing.series not in points:
            points[standing.series] = list_points(context, standing)
        rows.append(_row(context, school, standing, own, points[standing.series]))
    return draw_strip(words, rows)


def make_strip_table(context: Context, school: School, found: Sequence[tuple[Standing, Figure]]) -> Table:
    """The strip's figures: the school's own, how sure they are, and the trust's."""
    rows = []
    for standing, own in found:
        kpi = standing.kpi
        rows.append(
            Row(
                [
                    Cell(standing.title, href=locate_lit(context, standing.latest, school.urn)),
                    Cell(standing.when, "phrase"),
                    value_cell(own, kpi),
                    interval_cell(own, kpi),
                    pupils_cell(own),
                    value_cell(context.beside.trust_figure(standing.series), kpi),
                    comparison_cell(own),
                ]
            )
        )
    names = ("KPI", "When", "School", "95% interval", "Pupils", "Trust", "Against the trust")
    return Table(f"{school.name}: every KPI now", heads(*names, numbers=("School", "Pupils", "Trust")), rows)
