"""All figures of a school: every year beside the trust's, its groups of pupils, its weeks.

Here lives what schools/<urn>-figures.html shows. The tables are laid out in series.py; what a reader looks at first is
on the school's page (school_page.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from site_builder.context import Context, is_total
from site_builder.page import Page
from site_builder.paging import Block, ContentsLine, Leaf, contents, cut_into_leaves, slug
from site_builder.periods import SHOWN_BY_GROUP, pick_shown, table_of_own_weeks
from site_builder.records import Figure, Kpi, School
from site_builder.series import own_table
from site_builder.words import unit_words


@dataclass(frozen=True)
class SchoolFiguresView:
    """What school_figures.html is given."""

    leaf: Leaf
    contents: Sequence[ContentsLine]
    school_href: str


def figures_path(urn: str) -> str:
    """Where all figures of a school are, from the site's folder."""
    return f"schools/{urn}-figures.html"


def _year_blocks(context: Context, kpi: Kpi, year: str, figures: Sequence[Figure]) -> list[Block]:
    """The whole school's table of one year, then one table for each way of grouping pupils."""
    unit = unit_words(kpi)
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


def _pages(context: Context, school: School) -> list[Page]:
    leaves = cut_into_leaves(figures_path(school.urn), _blocks(context, school))
    return [
        Page(
            area="site",
            path=leaf.path,
            heading=f"All figures of {school.name}",
            purpose=(
                f"The figures of {school.name} beside those of the trust, newest year first: where the "
                "school is, whether that is different from the trust, and how many pupils are behind it."
            ),
            view=SchoolFiguresView(leaf, contents(leaves, leaf.path), f"schools/{school.urn}.html"),
        )
        for leaf in leaves
    ]


def gather_school_figures_pages(context: Context) -> list[Page]:
    """schools/<urn>-figures.html for every school of the register, carried on where there is much."""
    return [page for school in context.published.schools for page in _pages(context, school)]
