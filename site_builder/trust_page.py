"""The trust's home: where the trust is, what has changed, who has not sent yet, and every school on every KPI.

Here lives what index.html shows. Its first lines are made in headlines.py, the table of schools in heat.py; every
figure of the year is on figures.html.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from site_builder.context import Context
from site_builder.headlines import (
    WAITED_FOR,
    Headline,
    LargeChange,
    Waited,
    list_headlines,
    list_largest,
    list_waited_for,
)
from site_builder.heat import ColumnLine, Sift, describe_columns, make_heat_tables, make_sifts
from site_builder.page import Fact, Page
from site_builder.paging import Block, Leaf, cut_into_leaves
from site_builder.standing import choose_columns, scopes_of
from site_builder.tables import Table
from site_builder.trust_figures_page import FIGURES_PAGE
from site_builder.writing import show_count, show_date


@dataclass(frozen=True)
class KpiLine:
    """A KPI in the trust page's list."""

    title: str
    href: str
    why: str


@dataclass(frozen=True)
class TrustView:
    """What trust.html is given. `compared`: whether any of the changes since a year before could be weighed.

    The table of schools is carried on where there are very many; the first part alone has what stands above it.
    """

    leaf: Leaf
    facts: Sequence[Fact]
    headlines: Sequence[Headline]
    largest: Sequence[LargeChange]
    compared: bool
    waited_for: Sequence[Waited]
    waited_more: int
    sifts: Sequence[Sift]
    heat: Table
    columns: Sequence[ColumnLine]
    without_data: Sequence[str]
    kpis: Sequence[KpiLine]
    figures_href: str


def _facts(context: Context, headlines: Sequence[Headline]) -> list[Fact]:
    run = context.published.run
    with_data = f"{show_count(run.schools_with_data)} of {show_count(run.schools_on_register)} schools"
    return [
        Fact("As at", show_date(context.identity.as_of)),
        Fact("Release", context.identity.release_id),
        Fact("Included", headlines[0].reach) if headlines else Fact("Schools with data", with_data),
    ]


def _kpi_lines(context: Context) -> list[KpiLine]:
    return [
        KpiLine(
            kpi.title,
            f"kpis/{kpi.kpi}.html",
            kpi.why_it_matters or "Its reason has not been written down yet.",
        )
        for kpi in context.latest_kpis()
    ]


def gather_trust_pages(context: Context) -> list[Page]:
    """index.html, carried on to index-2.html and so on where a trust has very many schools."""
    run, schools = context.published.run, context.published.schools
    headlines, waited = list_headlines(context), list_waited_for(context)
    sifts = make_sifts(schools)
    columns = choose_columns(context, scopes_of(schools))
    caption = "What stands for each KPI now; a column holds one KPI, period, subject and year group"
    tables = make_heat_tables(caption, columns, schools, context, sifts=sifts)
    # One table a page: each weighs nearly what a page may.
    leaves = cut_into_leaves("index.html", [Block("Schools", None, "schools", table) for table in tables], budget=1)
    return [
        Page(
            area="site",
            path=leaf.path,
            heading=run.trust_name,
            purpose="Where the trust and its schools are now, what has changed, and what is still to come.",
            view=TrustView(
                leaf=leaf,
                facts=_facts(context, headlines),
                headlines=headlines,
                largest=list_largest(context),
                compared=any(change.change for change in context.published.changes),
                waited_for=waited[:WAITED_FOR],
                waited_more=max(0, len(waited) - WAITED_FOR),
                sifts=sifts,
                heat=table,
                columns=describe_columns(columns),
                without_data=[school.name for school in schools if school.state == "no data yet"],
                kpis=_kpi_lines(context),
                figures_href=FIGURES_PAGE,
            ),
        )
        for leaf, table in zip(leaves, tables, strict=True)
    ]
