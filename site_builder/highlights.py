"""What a head teacher would look at first: figures that stand out from the trust, or have changed, beyond chance.

Here live the two short lists of a school's page. Whether a figure stands out is decided in dbt; which direction is
hoped for is the KPI's own. A KPI for which neither direction is hoped for is in neither list.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from site_builder.beside import WHOLE_TRUST, Series
from site_builder.context import Context
from site_builder.kpi_page import locate_lit
from site_builder.records import Figure, Kpi, School
from site_builder.standing import Standing, headlines_first, pupils_words, standing_in
from site_builder.tables import is_shown
from site_builder.words import MARKS, TRENDS

MOST = 3
HOPED_FOR = {("higher", "above"), ("lower", "below"), ("higher", "up"), ("lower", "down")}


@dataclass(frozen=True)
class Highlight:
    """One line: the KPI and what it is of, and the sentence with the figures in it.

    `pupils` says how many are behind the figure where the sentence does not.
    """

    title: str
    href: str
    when: str
    words: str
    pupils: str
    glyph: str
    mark: str


@dataclass(frozen=True)
class Highlights:
    """The two lists, and how many figures were looked at to make them."""

    strong: Sequence[Highlight]
    discuss: Sequence[Highlight]
    compared: int


@dataclass(frozen=True)
class _Found:
    family: str
    good: bool
    is_change: bool
    line: Highlight


def _lines(context: Context, standing: Standing, own: Figure) -> list[_Found]:
    kpi = standing.kpi
    family = kpi.family or kpi.kpi
    found = []
    if own.comparison in ("above", "below"):
        line = Highlight(
            standing.title,
            locate_lit(context, standing.latest, own.unit_code),
            standing.when,
            own.comparison_words or "",
            "",
            MARKS[own.comparison],
            own.comparison,
        )
        found.append(_Found(family, (kpi.direction, own.comparison) in HOPED_FOR, False, line))
    change = context.beside.change(standing.latest, own.unit_code)
    if change and change.change in ("up", "down"):
        when = f"{change.period_title} {change.academic_year}"
        line = Highlight(
            standing.title,
            locate_lit(context, standing.latest, own.unit_code),
            when,
            change.change_words or "",
            pupils_words(own),
            TRENDS[change.change],
            "changed",
        )
        found.append(_Found(family, (kpi.direction, change.change) in HOPED_FOR, True, line))
    return found


def _pick(found: Sequence[_Found]) -> list[Highlight]:
    """At most three: one of each family of KPIs first, so that one story does not fill the list."""
    first = {item.family: item for item in reversed(found)}
    leading = [item for item in found if first[item.family] is item]
    rest = [item for item in found if first[item.family] is not item]
    return [item.line for item in (*leading, *rest)][:MOST]


def _series_of_school(context: Context, kpi: Kpi, school: School) -> list[Standing]:
    """Every series shown now that the school may be in, the leading ones of its phase first."""
    found: dict[Series, Standing] = {}
    for scope in (school.phase, WHOLE_TRUST):
        for standing in standing_in(context, kpi, scope) if scope else []:
            found.setdefault(standing.series, standing)
    return list(found.values())


def find_highlights(context: Context, school: School) -> Highlights:
    """What stands out at this school, in the order of the KPIs: headlines first, then the trust's order."""
    found: list[_Found] = []
    compared = 0
    for kpi in headlines_first(context):
        if kpi.direction == "neutral":
            continue
        for standing in _series_of_school(context, kpi, school):
            own = context.beside.figure(standing.series, school.urn)
            if own is not None and is_shown(own, kpi):
                compared += own.comparison is not None
                found += _lines(context, standing, own)
    found.sort(key=lambda item: item.is_change)
    return Highlights(
        _pick([item for item in found if item.good]), _pick([item for item in found if not item.good]), compared
    )
