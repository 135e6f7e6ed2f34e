"""All figures of a KPI: every year, collection, subject and year group, for every school.

Here lives what kpis/<kpi>-figures.html shows. The definition and the charts are in kpi_page.py. Schools stand in the
order of their names, never of their figures.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from site_builder.context import Context, basis_words, is_of_pupils, is_total
from site_builder.page import Page
from site_builder.paging import Block, ContentsLine, Leaf, contents, cut_into_leaves, slug
from site_builder.periods import pick_shown, place_of, table_of_populations, tables_of_weeks
from site_builder.records import Figure, Kpi
from site_builder.series import column_of, school_list, subject_words
from site_builder.words import year_group_words


@dataclass(frozen=True)
class KpiFiguresView:
    """What kpi_figures.html is given."""

    leaf: Leaf
    contents: Sequence[ContentsLine]
    definition_href: str
    title: str


def caption_of(figure: Figure, kpi: Kpi, context: Context) -> str:
    parts = [
        kpi.title,
        figure.academic_year,
        figure.period_title,
        subject_words(figure, basis_words(figure)),
        year_group_words(figure.year_group, of_pupils=is_of_pupils(figure)),
    ]
    if len([k for k in context.published.kpis if k.kpi == kpi.kpi]) > 1:
        parts.append(f"definition {figure.kpi_version}")
    return " · ".join(parts)


def _table_key(figure: Figure) -> tuple[object, ...]:
    return (*place_of(figure), column_of(figure))


def _blocks(context: Context, kpi: Kpi) -> list[Block]:
    totals = [f for f in context.kpi_figures(kpi.kpi) if is_total(f)]
    blocks = []
    for year in sorted({f.academic_year for f in totals}, reverse=True):
        of_year = [f for f in context.kpi_figures(kpi.kpi) if f.academic_year == year]
        inside = sorted(pick_shown(f for f in of_year if is_total(f)), key=_table_key)
        for _, grouped in groupby(inside, key=_table_key):
            figures = list(grouped)
            first = figures[0]
            version = context.kpis[first.kpi, first.kpi_version]
            said = "" if is_of_pupils(first) else f": {subject_words(first, basis_words(first))}"
            section = f"{first.period_title}{said}"
            anchor = slug(year, section)
            table = school_list(caption_of(first, version, context), figures, version, context)
            blocks.append(Block(year, section, anchor, table))
        blocks += _other_blocks(context, kpi, year, of_year)
    return blocks


def _other_blocks(context: Context, kpi: Kpi, year: str, figures: Sequence[Figure]) -> list[Block]:
    """The populations beside the headline, and the weeks."""
    blocks = []
    caption = f"{kpi.title}, {year}, year to date, by population"
    if table := table_of_populations(caption, figures, kpi, context):
        blocks.append(Block(year, "Other populations", slug(year, "populations"), table))
    for month, table in tables_of_weeks(figures, kpi, context):
        blocks.append(Block(year, "Week by week", slug(year, "weeks", month), table))
    return blocks


def _pages(context: Context, kpi: Kpi) -> list[Page]:
    leaves = cut_into_leaves(f"kpis/{kpi.kpi}-figures.html", _blocks(context, kpi))
    return [
        Page(
            area="site",
            path=leaf.path,
            heading=f"{kpi.title}: all figures",
            purpose=(
                "The figure of every school in every year. "
                "Schools stand in the order of their names; the order says nothing about the figures."
            ),
            view=KpiFiguresView(leaf, contents(leaves, leaf.path), f"kpis/{kpi.kpi}.html", kpi.title),
        )
        for leaf in leaves
    ]


def gather_kpi_figures_pages(context: Context) -> list[Page]:
    """kpis/<kpi>-figures.html for every published KPI, carried on where there is much."""
    return [page for kpi in context.latest_kpis() for page in _pages(context, kpi)]
