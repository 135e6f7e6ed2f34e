"""A school's page: its figures of every year beside the trust's, its groups of pupils, and what it has sent.

Here lives what schools/<urn>.html shows. The tables of figures are laid out in series.py, those of files in
data_page.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from site_builder.context import Context, is_total
from site_builder.data_page import files_table
from site_builder.page import Fact, Page
from site_builder.paging import Block, ContentsLine, Leaf, contents, cut_into_leaves, slug
from site_builder.periods import SHOWN_BY_GROUP, pick_shown, table_of_own_weeks
from site_builder.records import Figure, Kpi, School
from site_builder.series import own_table
from site_builder.tables import Table
from site_builder.words import unit_words
from site_builder.writing import show_date

# The page lists the latest files; the data page has them all.
FILES_SHOWN = 10


@dataclass(frozen=True)
class KpiLink:
    """The way to a KPI's definition."""

    title: str
    href: str


@dataclass(frozen=True)
class SchoolView:
    """What school.html is given."""

    leaf: Leaf
    contents: Sequence[ContentsLine]
    facts: Sequence[Fact]
    state_words: str
    files: Table | None
    files_cut: bool
    data_href: str
    definitions: Sequence[KpiLink]


def _year_blocks(context: Context, kpi: Kpi, year: str, figures: Sequence[Figure]) -> list[Block]:
    """The whole school's table of one year, then one table for each way of grouping pupils."""
    unit = unit_words(kpi.unit, kpi.interval)
    blocks = []
    totals = pick_shown(f for f in figures if is_total(f))
    if totals:
        caption = f"{kpi.title} ({unit}), {year}, all pupils"
        table = own_table(caption, totals, kpi, context, groups=False)
        blocks.append(Block(kpi.title, year, slug(kpi.kpi, year), table))
    by_group = [f for f in figures if not is_total(f) and f.period_kind in SHOWN_BY_GROUP]
    for topic in sorted({f.breakdown_topic for f in by_group}, key=lambda t: (t != "Sex", t)):
        grouped = [f for f in by_group if f.breakdown_topic == topic]
        caption = f"{kpi.title} ({unit}), {year}, by {topic[:1].lower() + topic[1:]}"
        table = own_table(caption, grouped, kpi, context, groups=True)
        blocks.append(Block(kpi.title, year, slug(kpi.kpi, year), table))
    if weeks := table_of_own_weeks(f"{kpi.title} ({unit}), {year}, week by week", figures, kpi, context):
        blocks.append(Block(kpi.title, year, slug(kpi.kpi, year), weeks))
    return blocks


def _blocks(context: Context, school: School) -> list[Block]:
    blocks = []
    for kpi in context.latest_kpis():
        own = [f for f in context.school_figures(school.urn) if f.kpi == kpi.kpi]
        for year in sorted({f.academic_year for f in own}, reverse=True):
            blocks += _year_blocks(context, kpi, year, [f for f in own if f.academic_year == year])
    return blocks


def _facts(context: Context, school: School) -> list[Fact]:
    facts = [
        Fact("URN", school.urn),
        Fact("Phase", school.phase or "not known"),
        Fact("Cluster", school.cluster or "none"),
        Fact("Latest file read on", show_date(school.data_date, "none yet")),
    ]
    facts += [Fact("To know", found.words) for found in context.breaks(school.urn)]
    if school.joined:
        facts.append(Fact("In the trust since", show_date(school.joined)))
    if school.left_on:
        facts.append(Fact("Left the trust on", show_date(school.left_on)))
    return facts


def _pages(context: Context, school: School) -> list[Page]:
    leaves = cut_into_leaves(f"schools/{school.urn}.html", _blocks(context, school))
    shown = {f.kpi for f in context.school_figures(school.urn)}
    return [
        Page(
            area="site",
            path=leaf.path,
            heading=school.name,
            purpose=(
                f"The figures of {school.name} beside those of the trust, newest year first: where the "
                "school is, whether that is different from the trust, and how many pupils are behind it."
            ),
            view=SchoolView(
                leaf=leaf,
                contents=contents(leaves, leaf.path),
                facts=_facts(context, school),
                state_words=school.state_words,
                files=files_table(context, school.urn, brief=FILES_SHOWN) if leaf.number == 1 else None,
                files_cut=len(context.receipts(school.urn)) > FILES_SHOWN,
                data_href=context.data_pages[school.urn],
                definitions=[
                    KpiLink(kpi.title, f"kpis/{kpi.kpi}.html") for kpi in context.latest_kpis() if kpi.kpi in shown
                ],
            ),
        )
        for leaf in leaves
    ]


def gather_school_pages(context: Context) -> list[Page]:
    """schools/<urn>.html for every school of the register, carried on where there is much."""
    return [page for school in context.published.schools for page in _pages(context, school)]
