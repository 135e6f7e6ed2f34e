"""All figures of the trust's latest year: every KPI, school by school, and the register.

Here lives what figures.html shows. The tables themselves are laid out in series.py; what a reader looks at first is
on the trust's home (trust_page.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from site_builder.context import Context, is_total
from site_builder.file_tables import register_table
from site_builder.page import Page
from site_builder.paging import CELLS_PER_PAGE, Block, ContentsLine, Leaf, contents, cut_into_leaves, slug
from site_builder.periods import pick_headline, place_of
from site_builder.records import Kpi
from site_builder.series import school_matrix
from site_builder.tables import Table
from site_builder.words import unit_words

FIGURES_PAGE = "figures.html"


@dataclass(frozen=True)
class TrustFiguresView:
    """What trust_figures.html is given."""

    leaf: Leaf
    contents: Sequence[ContentsLine]


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
        caption = f"{kpi.title} ({unit_words(kpi)}), {latest}, {title}"
        tables = _cut(school_matrix(caption, inside, kpi, context))
        blocks += [Block(kpi.title, f"{latest}, {title}", slug(kpi.kpi, latest, title), table) for table in tables]
    return blocks


def _cut(table: Table) -> list[Table]:
    """A table that is heavier than a page, in parts of some schools each; every part begins with the trust's rows."""
    if table.size <= CELLS_PER_PAGE:
        return [table]
    above = [row for row in table.rows if row.kind != "plain"]
    schools = [row for row in table.rows if row.kind == "plain"]
    each = max(1, table.size // max(1, len(table.rows)))
    step = max(1, CELLS_PER_PAGE // each - len(above))
    return [
        replace(
            table,
            caption=f"{table.caption}; from {schools[at].cells[0].text} on",
            rows=[*above, *schools[at : at + step]],
        )
        for at in range(0, len(schools), step)
    ]


def gather_trust_figures_pages(context: Context) -> list[Page]:
    """figures.html, carried on to figures-2.html and so on where a trust is large."""
    blocks = [block for kpi in context.latest_kpis() for block in _kpi_blocks(context, kpi)]
    blocks.append(Block("The register of schools", None, "register", register_table(context)))
    leaves = cut_into_leaves(FIGURES_PAGE, blocks)
    return [
        Page(
            area="site",
            path=leaf.path,
            heading="All figures",
            purpose=(
                "Where each school stands on each KPI of the trust in the latest year, and whether that "
                "differs from the trust by more than chance. A school's name leads to its own page."
            ),
            view=TrustFiguresView(leaf=leaf, contents=contents(leaves, leaf.path)),
        )
        for leaf in leaves
    ]
