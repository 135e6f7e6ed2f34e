"""A series of a KPI drawn: schools side by side, against their size, against the year before, and over time.

Here lives what the charts of a KPI's page are given, and the title that says what each finds. The tables beside them
are in kpi_tables.py; where a mark lies on a drawing is worked out in the charts package.
"""

from __future__ import annotations

from collections.abc import Sequence

from site_builder.beside import series_of
from site_builder.charts import (
    Chart,
    Course,
    Flag,
    Limit,
    Line,
    Pair,
    Point,
    Ribbon,
    SizedPoint,
    Step,
    Words,
    draw_dumbbell,
    draw_funnel,
    draw_ranked,
    draw_trend,
)
from site_builder.comparisons import Change, Latest
from site_builder.context import Context
from site_builder.records import Figure, Kpi
from site_builder.standing import point_of, source_words
from site_builder.tables import is_shown, show_value
from site_builder.words import unit_words

# The stretches a trend is drawn in, the finest first that is not as restless as weeks.
TREND_KINDS = ("window", "half_term", "term")
FEWEST_IN_TREND = 2


def _point(figure: Figure, kpi: Kpi, context: Context) -> Point:
    """A school's shown figure, leading to its page."""
    return point_of(figure, kpi, context.schools[figure.unit_code].name, href=f"schools/{figure.unit_code}.html")


def trust_line(figure: Figure | None, kpi: Kpi) -> Line | None:
    """The trust's figure as a line across."""
    if figure is None or figure.value is None or not is_shown(figure, kpi):
        return None
    return Line("Trust", figure.value, show_value(figure.value, kpi))


def say_words(title: str, row: Latest, kpi: Kpi, context: Context, ident: str) -> Words:
    """What stands around a chart of this series."""
    unit = unit_words(kpi)
    source = source_words(context, f"{row.period_title} {row.academic_year}")
    return Words(title, unit[:1].upper() + unit[1:], source, ident)


def _count_of(count: int, whole: int, what: str) -> str:
    return f"{count} of {whole} {'school' if whole == 1 else 'schools'} {what}"


def _say_schools(many: int, differing: int) -> str:
    """What the comparison of `many` schools finds, `differing` of them being told from the trust."""
    if differing:
        verb = "differs" if differing == 1 else "differ"
        return _count_of(differing, many, f"{verb} from the trust by more than chance")
    return f"{'The one school compared is' if many == 1 else f'All {many} schools are'} about the same as the trust"


def draw_schools(row: Latest, figures: Sequence[Figure], kpi: Kpi, context: Context, ident: str) -> Chart | None:
    """Schools by value with their intervals and the trust's line; None where no school is shown."""
    shown = [f for f in figures if is_shown(f, kpi)]
    if not shown:
        return None
    compared = [f for f in shown if f.comparison is not None]
    differing = sum(1 for f in compared if f.comparison != "similar")
    title = _say_schools(len(compared), differing) if compared else f"{kpi.title}, school by school"
    points = [_point(f, kpi, context) for f in shown]
    return draw_ranked(say_words(title, row, kpi, context, ident), points, _trust_of(row, kpi, context), anchors=False)


def _trust_of(row: Latest, kpi: Kpi, context: Context) -> Line | None:
    return trust_line(context.beside.trust_figure(series_of(row)), kpi)


def draw_sizes(row: Latest, figures: Sequence[Figure], kpi: Kpi, context: Context, ident: str) -> Chart | None:
    """Schools against their number of pupils, with where chance alone would put them; None where no limits are made."""
    limits = [
        Limit(point.pupils, point.lower_95, point.upper_95, point.lower_998, point.upper_998)
        for point in context.beside.funnel(row)
        if point.unit_code is None
    ]
    sized = [
        SizedPoint(_point(f, kpi, context), f.pupil_count) for f in figures if is_shown(f, kpi) and f.pupil_count
    ]
    if not limits or not sized:
        return None
    title = "The fewer the pupils, the further chance alone can move a figure"
    return draw_funnel(say_words(title, row, kpi, context, ident), sized, limits, _trust_of(row, kpi, context))


def draw_changes(row: Latest, changes: Sequence[Change], kpi: Kpi, context: Context, ident: str) -> Chart | None:
    """Schools now and a year before; None where no school has both."""
    both = [c for c in changes if c.value is not None and c.before_value is not None]
    if not both:
        return None
    told = [c for c in both if c.change is not None]
    moved = sum(1 for c in told if c.change != "same")
    title = "Each school now and a year before"
    if told:
        changed = "changed by more than chance in a year"
        title = _count_of(moved, len(told), changed) if moved else f"No school {changed}"
    pairs = [
        Pair(
            label=context.schools[c.unit_code].name,
            href=f"schools/{c.unit_code}.html",
            ident=c.unit_code,
            before=_end_of(c, kpi, context, c.before_value, f"{c.before_period_title} {c.before_academic_year}"),
            after=_end_of(c, kpi, context, c.value, f"{c.period_title} {c.academic_year}"),
            mark={"up": "above", "down": "below", "same": "similar"}.get(c.change or ""),
        )
        for c in both
    ]
    words = Words(
        title,
        say_words(title, row, kpi, context, ident).unit,
        f"{both[0].before_period_title} {both[0].before_academic_year} and {both[0].period_title} "
        f"{both[0].academic_year} · release {context.identity.release_id}",
        ident,
    )
    return draw_dumbbell(words, pairs)


def _end_of(change: Change, kpi: Kpi, context: Context, value: float | None, when: str) -> Point:
    assert value is not None
    return Point(context.schools[change.unit_code].name, value, show_value(value, kpi), note=when)


def trend_of(row: Latest, unit_code: str, context: Context) -> list[Figure]:
    """A unit's figures over time, of the one kind of period the trend is drawn in, the earliest first."""
    found = context.beside.over_time(row, unit_code)
    kinds = {figure.period_kind for figure in found}
    kind = next((kind for kind in TREND_KINDS if kind in kinds), None)
    return sorted((f for f in found if f.period_kind == kind), key=lambda f: (f.academic_year, f.period_sort))


def draw_over_time(row: Latest, kpi: Kpi, context: Context, ident: str) -> Chart | None:
    """The trust's figure over time in the spread of its schools; None where there are fewer than two periods."""
    trust = context.beside.trust_figure(series_of(row))
    steps = trend_of(row, trust.unit_code, context) if trust else []
    if sum(1 for f in steps if is_shown(f, kpi)) < FEWEST_IN_TREND:
        return None
    course = Course(
        "Trust",
        "trust",
        [
            Step(
                place,
                f"{f.period_title} {f.academic_year}",
                point_of(f, kpi, f"Trust, {f.period_title} {f.academic_year}")
                if is_shown(f, kpi)
                else None,
            )
            for place, f in enumerate(steps)
        ],
    )
    ribbons = [
        Ribbon(place, spread.lowest, spread.highest, spread.lower_quartile, spread.upper_quartile)
        for place, f in enumerate(steps)
        if (spread := context.beside.spread(f)) is not None
        and spread.lowest is not None
        and spread.highest is not None
    ]
    shown = [f for f in steps if is_shown(f, kpi)]
    first, last = shown[0].value, shown[-1].value
    assert first is not None
    assert last is not None
    title = (
        f"The trust: {show_value(first, kpi)} in {shown[0].period_title} {shown[0].academic_year}, "
        f"{show_value(last, kpi)} in {shown[-1].period_title} {shown[-1].academic_year}"
    )
    flags = [
        Flag(place, f"From here the KPI is counted by version {f.kpi_version} of its definition.")
        for place, f in enumerate(steps)
        if place and f.kpi_version != steps[place - 1].kpi_version
    ]
    unit = say_words(title, row, kpi, context, ident).unit
    return draw_trend(Words(title, unit, f"Release {context.identity.release_id}", ident), [course], ribbons, flags)
