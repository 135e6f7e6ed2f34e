"""The trust page: every KPI's latest year, school by school, and where to read on.

Here lives what index.html shows. The tables themselves are laid out in series.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from site_builder.context import Context, is_total
from site_builder.data_page import register_table
from site_builder.page import Fact, Page
from site_builder.paging import Block, ContentsLine, Leaf, contents, cut_into_leaves, slug
from site_builder.periods import pick_headline, place_of
from site_builder.records import Kpi, School
from site_builder.series import school_matrix
from site_builder.tables import Table
from site_builder.words import unit_words
from site_builder.writing import show_count, show_date


@dataclass(frozen=True)
class KpiLine:
    """A KPI in the trust page's list."""

    title: str
    href: str
    why: str


@dataclass(frozen=True)
class TrustView:
    """What trust.html is given."""

    leaf: Leaf
    contents: Sequence[ContentsLine]
    facts: Sequence[Fact]
    kpis: Sequence[KpiLine]
    schools: Table | None
    without_data: Sequence[str]


def _kpi_blocks(context: Context, kpi: Kpi) -> list[Block]:
    totals = [f for f in context.kpi_figures(kpi.kpi) if is_total(f) and f.geography in ("School", "MAT")]
    if not totals:
        said = "No figure has been published for this KPI yet."
        return [Block(kpi.title, None, slug(kpi.title), paragraph=said)]
    latest = max(f.academic_year for f in totals)
    current = pick_headline([f for f in totals if f.academic_year == latest])
    blocks = []
    for place, title in sorted({(place_of(f), f.period_title) for f in current}):
        inside = [f for f in current if (place_of(f), f.period_title) == (place, title)]
        caption = f"{kpi.title} ({unit_words(kpi.unit, kpi.interval)}), {latest}, {title}"
        blocks.append(
            Block(
                kpi.title,
                f"{latest}, {title}",
                slug(kpi.kpi, latest, title),
                school_matrix(caption, inside, kpi, context),
            )
        )
    return blocks


def _without_data(schools: Sequence[School]) -> list[str]:
    return [school.name for school in schools if school.state == "no data yet"]


def gather_trust_pages(context: Context) -> list[Page]:
    """index.html, carried on to index-2.html and so on where a trust is large."""
    run = context.published.run
    blocks = [block for kpi in context.latest_kpis() for block in _kpi_blocks(context, kpi)]
    leaves = cut_into_leaves("index.html", blocks)
    with_data = f"{show_count(run.schools_with_data)} of {show_count(run.schools_on_register)} schools"
    facts = [
        Fact("As at", show_date(context.identity.as_of)),
        Fact("Schools with data", with_data),
        Fact("Group number", run.trust_group_id or "not given"),
    ]
    kpis = [
        KpiLine(
            kpi.title,
            f"kpis/{kpi.kpi}.html",
            kpi.why_it_matters or "Its reason has not been written down yet.",
        )
        for kpi in context.latest_kpis()
    ]
    return [
        Page(
            area="site",
            path=leaf.path,
            heading=run.trust_name,
            purpose=(
                "Where each school stands on each KPI of the trust in the latest year, and whether that "
                "differs from the trust by more than chance. A school's name leads to its own page."
            ),
            view=TrustView(
                leaf=leaf,
                contents=contents(leaves, leaf.path),
                facts=facts,
                kpis=kpis,
                schools=register_table(context) if leaf.number == 1 else None,
                without_data=_without_data(context.published.schools),
            ),
        )
        for leaf in leaves
    ]
