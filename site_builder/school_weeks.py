"""A school's weeks: its course beside the trust's and its own of a year before, with breaks flagged.

Here lives which weeks are drawn and the table beside them. Weeks are those of the first KPI, headlines first, that is
published week by week.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from site_builder.charts import Chart, Course, Flag, Point, Step, Words, draw_trend
from site_builder.context import Context, is_total
from site_builder.records import Figure, Kpi, School
from site_builder.standing import headlines_first, point_of, source_words
from site_builder.tables import (
    NO_FIGURE,
    Cell,
    Row,
    Table,
    comparison_cell,
    heads,
    is_shown,
    show_value,
    symbol_cell,
    value_cell,
)
from site_builder.words import UNIT_HEADS, unit_words
from site_builder.writing import show_date, show_day


@dataclass(frozen=True)
class Weeks:
    """The chart and the table of one school's weeks."""

    chart: Chart
    table: Table


def _weeks_of(context: Context, school: School) -> tuple[Kpi, list[Figure]] | None:
    """The KPI published by the week, and the school's weeks of its latest year in their order."""
    weeks = [f for f in context.school_figures(school.urn) if f.period_kind == "week" and is_total(f)]
    for kpi in headlines_first(context):
        own = [f for f in weeks if f.kpi == kpi.kpi and f.kpi_version == kpi.version]
        if own:
            year = max(f.academic_year for f in own)
            return kpi, sorted((f for f in own if f.academic_year == year), key=lambda f: f.period)
    return None


def _before(context: Context, week: Figure, kpi: Kpi) -> Point | None:
    """The same week a year before, as a point."""
    change = context.beside.change_of(week)
    if change is None or change.before_value is None:
        return None
    label = f"{change.before_period_title}, a year before"
    return Point(label, change.before_value, show_value(change.before_value, kpi))


def _courses(context: Context, kpi: Kpi, weeks: Sequence[Figure]) -> list[Course]:
    own, trust, before = [], [], []
    for place, week in enumerate(weeks):
        label = show_day(week.period_starts)
        pooled = context.trust_figure(week)
        own.append(Step(place, label, point_of(week, kpi, week.period_title) if is_shown(week, kpi) else None))
        shown = pooled is not None and is_shown(pooled, kpi)
        trust.append(
            Step(place, label, point_of(pooled, kpi, f"The trust, {week.period_title}") if pooled and shown else None)
        )
        before.append(Step(place, label, _before(context, week, kpi)))
    courses = [
        Course("a year before", "last_year", before),
        Course("the trust", "trust", trust),
        Course("this school", "own", own),
    ]
    return [course for course in courses if any(step.point for step in course.steps)]


def _flags(context: Context, school: School, weeks: Sequence[Figure]) -> list[Flag]:
    """Breaks, at the week they fall in or the first after them; one after the last week drawn is not flagged."""
    flags = []
    for found in context.breaks(school.urn):
        after = (place for place, week in enumerate(weeks) if (week.period_ends or found.break_on) >= found.break_on)
        place = next(after, None)
        if found.academic_year == weeks[0].academic_year and place is not None:
            flags.append(Flag(place, found.words))
    return flags


def _title(kpi: Kpi, weeks: Sequence[Figure]) -> str:
    compared = [week for week in weeks if week.comparison]
    apart = [week for week in compared if week.comparison != "similar"]
    if not compared:
        return f"{kpi.title}, week by week"
    if not apart:
        return f"{kpi.title} was about the same as the trust’s in every week"
    return f"{kpi.title} differed from the trust’s beyond chance in {len(apart)} of {len(compared)} weeks"


def _table(context: Context, school: School, kpi: Kpi, weeks: Sequence[Figure]) -> Table:
    value, before = UNIT_HEADS.get(kpi.unit, "Value"), "Same week a year before"
    rows = []
    for week in reversed(weeks):
        point = _before(context, week, kpi)
        rows.append(
            Row(
                [
                    Cell(show_date(week.period_starts)),
                    value_cell(week, kpi),
                    Cell(point.text, "number") if point else symbol_cell(_why_not(context, week)),
                    value_cell(context.trust_figure(week), kpi),
                    comparison_cell(week),
                ]
            )
        )
    caption = f"{school.name}: {kpi.title[:1].lower() + kpi.title[1:]} in the weeks of {weeks[0].academic_year}"
    names = ("Week beginning", value, before, "Trust", "Against the trust")
    return Table(caption, heads(*names, numbers=(value, before, "Trust")), rows)


def _why_not(context: Context, week: Figure) -> str:
    change = context.beside.change_of(week)
    return (change.symbol if change else None) or NO_FIGURE


def show_weeks(context: Context, school: School) -> Weeks | None:
    """The school's weeks; None where it has none that may be shown."""
    found = _weeks_of(context, school)
    if found is None:
        return None
    kpi, weeks = found
    courses = _courses(context, kpi, weeks)
    if not any(course.kind == "own" for course in courses):
        return None
    words = Words(
        title=_title(kpi, weeks),
        unit=f"{unit_words(kpi).capitalize()}, weeks beginning",
        source=source_words(context, f"Weeks of {weeks[0].academic_year}"),
        ident="weeks-chart",
    )
    chart = draw_trend(words, courses, flags=_flags(context, school, weeks))
    return Weeks(chart, _table(context, school, kpi, weeks))
