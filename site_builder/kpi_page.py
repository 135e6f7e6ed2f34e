"""A KPI's page: its definition in full, and its figures for every year, collection, subject and year group.

Here lives what kpis/<kpi>.html shows. Schools stand in the order of their names, never of their figures.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from site_builder.context import Context, basis_words, is_of_pupils, is_total
from site_builder.page import Fact, Page
from site_builder.paging import Block, ContentsLine, Leaf, contents, cut_into_leaves, slug
from site_builder.periods import pick_shown, place_of, table_of_populations, tables_of_weeks
from site_builder.records import Figure, Kpi
from site_builder.series import column_of, school_list, subject_words
from site_builder.tables import Cell, Row, Table, heads
from site_builder.words import (
    COMPARABILITY,
    DIRECTIONS,
    INTERVALS,
    in_words,
    unit_words,
    year_group_words,
)
from site_builder.writing import show_date

UNWRITTEN = "Not written down yet."


@dataclass(frozen=True)
class KpiView:
    """What kpi.html is given."""

    leaf: Leaf
    contents: Sequence[ContentsLine]
    opening: Sequence[Fact]
    details: Sequence[Fact]
    versions: Table | None


def _plain(code: str | None) -> str:
    """A measure's or group's name as words: pupils_with_result -> pupils with result."""
    return code.replace("_", " ") if code else UNWRITTEN


def _details(kpi: Kpi, context: Context) -> list[Fact]:
    counted = (
        [Fact("Mean of", _plain(kpi.mean_of))]
        if kpi.kind == "mean"
        else [Fact("Numerator", _plain(kpi.numerator)), Fact("Denominator", _plain(kpi.denominator))]
    )
    review = show_date(kpi.next_review, "no date set")
    if kpi.next_review and kpi.next_review < context.identity.as_of:
        review += " (this review is due)"
    apart = "Each year group by itself." if kpi.year_groups == "apart" else "Each year group, and all of them together."
    # min_n is the KPI's own; what an audience may see is decided by the trust's policy as well, hence "at
    # least".
    fewest = "as the trust's policy says" if kpi.min_n is None else f"at least {kpi.min_n}"
    return [
        *counted,
        Fact("Population", _plain(kpi.population)),
        Fact("Unit", unit_words(kpi.unit, kpi.interval)),
        Fact("Direction", in_words(DIRECTIONS, kpi.direction, "the direction")),
        Fact("Comparability", in_words(COMPARABILITY, kpi.comparability, "the comparability class")),
        Fact("Year groups", apart),
        Fact("Interval", in_words(INTERVALS, kpi.interval, "the interval")),
        Fact("Fewest pupils shown", fewest),
        Fact("Exemplification", kpi.exemplification or UNWRITTEN),
        Fact("Written by", kpi.authored_by or UNWRITTEN),
        Fact("Checked by", kpi.checked_by or UNWRITTEN),
        Fact("Next review", review),
        Fact(
            "Definition",
            f"version {kpi.version}, from {show_date(kpi.valid_from, 'the beginning')}"
            + (f" to {show_date(kpi.valid_to)}" if kpi.valid_to else ""),
        ),
    ]


def _versions(kpi: Kpi, context: Context) -> Table | None:
    earlier = [k for k in context.published.kpis if k.kpi == kpi.kpi and k.version != kpi.version]
    if not earlier:
        return None
    rows = [
        Row(
            [
                Cell(f"Version {k.version}"),
                Cell(show_date(k.valid_from, "the beginning"), "nowrap"),
                Cell(show_date(k.valid_to, "still in use"), "nowrap"),
                Cell(k.how_calculated or UNWRITTEN, "prose"),
            ]
        )
        for k in sorted(earlier, key=lambda k: -k.version)
    ]
    return Table(f"Other definitions of {kpi.title}", heads("Definition", "From", "To", "How calculated"), rows)


def _caption(figure: Figure, kpi: Kpi, context: Context) -> str:
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
            table = school_list(_caption(first, version, context), figures, version, context)
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
    leaves = cut_into_leaves(f"kpis/{kpi.kpi}.html", _blocks(context, kpi))
    opening = [
        Fact("Why it matters", kpi.why_it_matters or UNWRITTEN),
        Fact("How it is calculated", kpi.how_calculated or UNWRITTEN),
        Fact("What good looks like", kpi.what_good_looks_like or UNWRITTEN),
    ]
    return [
        Page(
            area="site",
            path=leaf.path,
            heading=kpi.title,
            purpose=(
                "What this KPI means, in full, and its figure for every school. "
                "Schools stand in the order of their names; the order says nothing about the figures."
            ),
            view=KpiView(
                leaf=leaf,
                contents=contents(leaves, leaf.path),
                opening=opening if leaf.number == 1 else (),
                details=_details(kpi, context) if leaf.number == 1 else (),
                versions=_versions(kpi, context) if leaf.number == 1 else None,
            ),
        )
        for leaf in leaves
    ]


def gather_kpi_pages(context: Context) -> list[Page]:
    """kpis/<kpi>.html for every published KPI, carried on where there is much."""
    return [page for kpi in context.latest_kpis() for page in _pages(context, kpi)]
