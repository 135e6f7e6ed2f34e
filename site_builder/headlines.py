"""The first screen of the trust's home: the headline figures, the largest changes, and who has not sent yet.

Here lives what these lines say. Which KPIs are headlines, how large a change is and what is late are decided before
they come here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from site_builder.beside import WHOLE_TRUST, series_of
from site_builder.comparisons import Change
from site_builder.context import Context
from site_builder.data_page import data_path
from site_builder.kpi_page import locate_lit
from site_builder.kpi_tables import show_difference
from site_builder.records import Figure, Kpi, Submission
from site_builder.standing import Standing, pupils_words, standing_in, title_of
from site_builder.tables import interval_cell, reach_words, value_cell
from site_builder.words import TRENDS, unit_words

HEADLINES = 4
CHANGES = 3
# Lines of the list of what is due; the data page has them all.
WAITED_FOR = 8


@dataclass(frozen=True)
class Headline:
    """One headline figure: the value, what exactly it is, its interval, and how it stands to a year before."""

    title: str
    href: str
    value: str
    said: str
    interval: str
    reach: str
    change: str
    difference: str
    glyph: str


@dataclass(frozen=True)
class LargeChange:
    """A change at one school that is more than chance."""

    school: str
    school_href: str
    kpi: str
    kpi_href: str
    words: str
    difference: str
    pupils: str
    glyph: str


@dataclass(frozen=True)
class Waited:
    """A school that something is still to come from."""

    school: str
    href: str
    late: str
    due: str


def say_difference(change: Change, kpi: Kpi) -> str:
    """The difference and its interval, with signs; nothing where there is none."""
    if change.difference is None:
        return ""
    said = f"Difference {show_difference(change.difference, kpi)}"
    if change.lower_95_ci is None or change.upper_95_ci is None:
        return said + "."
    low, high = show_difference(change.lower_95_ci, kpi), show_difference(change.upper_95_ci, kpi)
    return f"{said}, 95% interval {low} to {high}."


def _say_change(change: Change | None, figure: Figure) -> str:
    """The change in words; where a year to date still runs, what closed last is said to be that."""
    if change is None or not change.change_words:
        return "There is no like figure of a year before."
    if change.period == figure.period:
        return change.change_words
    return f"{change.period_title}, the last to be over: {change.change_words[:1].lower()}{change.change_words[1:]}"


def _headline(context: Context, standing: Standing) -> Headline | None:
    kpi, figure = standing.kpi, context.beside.trust_figure(standing.series)
    if figure is None:
        return None
    change = context.beside.change(standing.latest, figure.unit_code)
    shown = figure.symbol is None and figure.value is not None
    said = [standing.what, unit_words(kpi)] + ([pupils_words(figure)] if shown else [])
    return Headline(
        title=standing.kpi.title,
        href=standing.href,
        value=value_cell(figure, kpi).text,
        said=" · ".join(said),
        interval=f"95% interval {interval_cell(figure, kpi).text}" if shown else "",
        reach=reach_words(figure),
        change=_say_change(change, figure),
        difference=say_difference(change, kpi) if change else "",
        glyph=TRENDS.get(change.change or "", "") if change else "",
    )


def list_headlines(context: Context) -> list[Headline]:
    """The headline figures, in the order the KPI files ask for."""
    kpis = sorted((k for k in context.latest_kpis() if k.headline is not None), key=lambda k: (k.headline or 0, k.kpi))
    found = [_headline(context, standing) for kpi in kpis for standing in standing_in(context, kpi, WHOLE_TRUST)[:1]]
    return [headline for headline in found if headline][:HEADLINES]


def _locate(context: Context, change: Change) -> str:
    """Where the changed figure is drawn, with its school lit."""
    for row in context.beside.shown_now(change.kpi):
        if context.beside.change(row, change.unit_code) is change:
            return locate_lit(context, row, change.unit_code)
    return f"kpis/{change.kpi}.html#definition"


def list_largest(context: Context) -> list[LargeChange]:
    """The three largest changes since a year before that are more than chance, one a school and family of KPIs."""
    found = []
    for change in context.beside.largest:
        kpi = context.kpis[change.kpi, change.kpi_version]
        figure = context.beside.figure(series_of(change), change.unit_code)
        if figure is None or change.unit_code not in context.schools or change.difference is None:
            continue
        found.append(
            LargeChange(
                school=context.schools[change.unit_code].name,
                school_href=f"schools/{change.unit_code}.html",
                kpi=title_of(kpi, figure),
                kpi_href=_locate(context, change),
                words=change.change_words or "",
                difference=say_difference(change, kpi),
                pupils=pupils_words(figure),
                glyph=TRENDS[change.change or "same"],
            )
        )
    return found[:CHANGES]


def _name_periods(rows: Sequence[Submission]) -> str:
    named = [row.feed if row.period_kind == "year" else f"{row.feed} ({row.period_title})" for row in rows]
    return ", ".join(dict.fromkeys(named))


def list_waited_for(context: Context) -> list[Waited]:
    """Schools of which something is late or due, those with something late first."""
    by_school: dict[str, list[Submission]] = {}
    for row in context.published.submissions:
        if row.state in ("late", "due"):
            by_school.setdefault(row.urn, []).append(row)
    found = []
    for school in context.published.schools:
        rows = sorted(by_school.get(school.urn, []), key=lambda row: (row.feed, row.period_sort, row.period))
        if rows:
            late, due = ([row for row in rows if row.state == state] for state in ("late", "due"))
            href = data_path(school.urn)
            found.append(Waited(school.name, href, _name_periods(late), _name_periods(due)))
    return sorted(found, key=lambda waited: not waited.late)
