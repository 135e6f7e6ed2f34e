"""A KPI's page: where the trust and its schools are now, drawn and written out, and the definition in full.

Here lives what kpis/<kpi>.html shows. What the charts are given is in kpi_charts.py, their tables in kpi_tables.py,
and every figure of every year in kpi_figures_page.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from weakref import WeakKeyDictionary

from site_builder.beside import Beside, series_of
from site_builder.charts import Chart
from site_builder.comparisons import Change, Latest
from site_builder.context import Context
from site_builder.kpi_charts import draw_changes, draw_over_time, draw_schools, draw_sizes
from site_builder.kpi_tables import changes_table, sizes_table, trend_table
from site_builder.kpi_wholes import draw_each_school, draw_wholes, each_school_table, wholes_table
from site_builder.page import Fact, Page
from site_builder.paging import Block, ContentsLine, Leaf, contents, cut_into_leaves, slug
from site_builder.records import Kpi
from site_builder.series import school_list, series_title
from site_builder.tables import Cell, Row, Table, heads
from site_builder.words import COMPARABILITY, DIRECTIONS, INTERVALS, in_words, unit_words
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
    figures_href: str
    downloads: Sequence[Fact]
    schools: Sequence[Fact]


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
        Fact("How it is calculated", kpi.how_calculated or UNWRITTEN),
        *counted,
        Fact("Population", _plain(kpi.population)),
        Fact("Unit", unit_words(kpi)),
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


def _like_for_like(kpi: Kpi, changes: Sequence[Change], chapter: str) -> str:
    """What is laid beside a year before: the stretch that closed last, where the year to date still runs."""
    titles = {change.period_title for change in changes}
    said = f"{kpi.title} · {chapter}" + (f" · {titles.pop()}" if len(titles) == 1 else "")
    return f"{said}, beside a year before"


def _series_blocks(context: Context, row: Latest) -> list[Block]:
    """A series drawn in the ways that fit it, each with its table."""
    chapter = series_title(row, context.beside.trust_figure(series_of(row)))
    begun = slug(chapter)
    version = context.kpis[row.kpi, row.kpi_version]
    figures = context.beside.figures(series_of(row))
    schools = sorted(
        (f for f in figures if f.geography == "School"), key=lambda f: (context.schools[f.unit_code].name, f.unit_code)
    )
    changes = [
        change
        for code in (*(f.unit_code for f in figures if f.geography == "MAT"), *(f.unit_code for f in schools))
        if (change := context.beside.change(row, code)) is not None
    ]
    said = f"{version.title} · {chapter}"
    listed = chapter.replace(" · ", ", ")
    drawn: list[tuple[str, Chart | None, Table | None]] = [
        (
            "Schools side by side",
            draw_schools(row, schools, version, context, f"{begun}-schools"),
            school_list(said, figures, version, context),
        ),
        (
            "Against the size of the school",
            draw_sizes(row, schools, version, context, f"{begun}-sizes"),
            sizes_table(f"{said}, by number of pupils", row, schools, version, context),
        ),
        (
            "Now and a year before",
            draw_changes(row, [c for c in changes if c.geography == "School"], version, context, f"{begun}-changes"),
            changes_table(_like_for_like(version, changes, chapter), changes, version, context),
        ),
        (
            "Over time",
            draw_over_time(row, version, context, f"{begun}-time"),
            trend_table(f"{version.title} over time: {listed}", row, version, context),
        ),
    ]
    if row.lead_rank == 1:
        drawn += [
            (
                "What makes the whole",
                draw_wholes(row, figures, version, context, f"{begun}-whole"),
                wholes_table(f"{said}, in its parts", row, figures, version, context),
            ),
            (
                "School by school over time",
                draw_each_school(row, schools, version, context, f"{begun}-each"),
                each_school_table(
                    f"{version.title} of each school over time: {listed}", row, schools, version, context
                ),
            ),
        ]
    return [
        Block(chapter, section, slug(chapter, section), table, chart=chart)
        for section, chart, table in drawn
        if chart is not None
    ]


def _anchor(leaf: Leaf) -> Leaf:
    """The same page with the schools' anchors in its first list of schools: an id may stand on a page once."""
    for chapter in leaf.chapters:
        for section in chapter.sections:
            for place, block in enumerate(section.blocks):
                if block.chart is not None and block.chart.rows:
                    blocks = list(section.blocks)
                    blocks[place] = replace(block, chart=replace(block.chart, anchors=True))
                    sections = [replace(s, blocks=blocks) if s is section else s for s in chapter.sections]
                    chapters = [replace(c, sections=sections) if c is chapter else c for c in leaf.chapters]
                    return replace(leaf, chapters=chapters)
    return leaf


def _choices(leaf: Leaf) -> list[Fact]:
    """The schools of this page's drawings; `href` is the anchor of one whose row has none."""
    found: dict[str, str] = {}
    anchored: set[str] = set()
    for chapter in leaf.chapters:
        for section in chapter.sections:
            for block in section.blocks:
                if block.chart is None:
                    continue
                rows = {row.ident: row.label for row in block.chart.rows if row.ident}
                found.update(rows)
                anchored |= rows.keys() if block.chart.anchors else set()
    return [
        Fact(name, urn, None if urn in anchored else f"s-{urn}")
        for urn, name in sorted(found.items(), key=lambda item: (item[1], item[0]))
    ]


def kpi_downloads(kpi: Kpi) -> list[Fact]:
    """The files that hold just this KPI."""
    return [
        Fact("Figures of schools", "CSV", f"data/kpis/{kpi.kpi}_school.csv"),
        Fact("Figures of the trust", "CSV", f"data/kpis/{kpi.kpi}_mat.csv"),
    ]


# The pages of a KPI are cut once; other pages look up where a series is drawn.
_Leaves = dict[str, list[Leaf]]
_LEAVES: WeakKeyDictionary[Beside, _Leaves] = WeakKeyDictionary()


def leaves_of(context: Context, kpi: str) -> list[Leaf]:
    """The pages of a KPI's drawings, in their order."""
    known = _LEAVES.setdefault(context.beside, {})
    if kpi not in known:
        blocks = [block for row in context.beside.shown_now(kpi) for block in _series_blocks(context, row)]
        known[kpi] = [_anchor(leaf) for leaf in cut_into_leaves(f"kpis/{kpi}.html", blocks)]
    return known[kpi]


def locate_lit(context: Context, row: Latest, urn: str) -> str:
    """Where the series is drawn with the school lit; the KPI's definition where the school is in no drawing of it."""
    chapter = slug(series_title(row, context.beside.trust_figure(series_of(row))))
    for leaf in leaves_of(context, row.kpi):
        if any(found.anchor == chapter for found in leaf.chapters) and any(c.text == urn for c in _choices(leaf)):
            return f"{leaf.path}#s-{urn}"
    return f"kpis/{row.kpi}.html#definition"


def _pages(context: Context, kpi: Kpi) -> list[Page]:
    leaves = leaves_of(context, kpi.kpi)
    opening = [
        Fact("Why it matters", kpi.why_it_matters or UNWRITTEN),
        Fact("What good looks like", kpi.what_good_looks_like or UNWRITTEN),
    ]
    return [
        Page(
            area="site",
            path=leaf.path,
            heading=kpi.title,
            purpose=(
                "What this KPI means, in full, and where the trust and its schools are now. "
                "A school is lit in every drawing when you choose it."
            ),
            view=KpiView(
                leaf=leaf,
                contents=contents(leaves, leaf.path),
                opening=opening if leaf.number == 1 else (),
                details=_details(kpi, context) if leaf.number == 1 else (),
                versions=_versions(kpi, context) if leaf.number == 1 else None,
                figures_href=f"kpis/{kpi.kpi}-figures.html",
                downloads=kpi_downloads(kpi),
                schools=_choices(leaf),
            ),
        )
        for leaf in leaves
    ]


def gather_kpi_pages(context: Context) -> list[Page]:
    """kpis/<kpi>.html for every published KPI, carried on where there is much."""
    return [page for kpi in context.latest_kpis() for page in _pages(context, kpi)]
