"""Comparing schools: one page for each phase and cluster, and one on which a reader chooses schools.

Here live compare.html and compare/*.html. The table is made in heat.py; what the script draws for chosen schools is
written by script_data.py from the same cells.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from site_builder.beside import series_of
from site_builder.charts import Chart, Words, draw_ranked
from site_builder.context import Context
from site_builder.heat import ColumnLine, describe_columns, make_heat_tables
from site_builder.page import Page
from site_builder.paging import Block, ContentsLine, Leaf, contents, cut_into_leaves, slug
from site_builder.records import School
from site_builder.standing import Standing, choose_columns, point_of, scopes_of, source_words, trust_line
from site_builder.tables import is_shown
from site_builder.words import unit_words

# A page draws the headline figures; the table holds the rest.
DRAWN_OF_A_KPI = 2


@dataclass(frozen=True)
class Group:
    """Schools that are laid side by side: those of a phase or of a cluster."""

    kind: str
    name: str
    path: str
    schools: Sequence[School]

    @property
    def count(self) -> str:
        """How many schools are in it, in words."""
        return f"{len(self.schools)} schools"


@dataclass(frozen=True)
class CompareView:
    """What compare.html is given."""

    phases: Sequence[Group]
    clusters: Sequence[Group]


@dataclass(frozen=True)
class ComparisonView:
    """What comparison.html is given."""

    leaf: Leaf
    contents: Sequence[ContentsLine]
    others: Sequence[Group]
    columns: Sequence[ColumnLine]


def _group(kind: str, labels: Sequence[tuple[str, School]]) -> list[Group]:
    """One group a label with at least two schools; two labels of one address are told apart by a number."""
    taken: dict[str, int] = {}
    groups = []
    for name in sorted({label for label, _ in labels}):
        schools = [school for label, school in labels if label == name]
        stem = slug(name)
        taken[stem] = taken.get(stem, 0) + 1
        path = f"compare/{kind.lower()}-{stem}" + (f"-and-{taken[stem]}" if taken[stem] > 1 else "") + ".html"
        if len(schools) > 1:
            groups.append(Group(kind, name, path, schools))
    return groups


def list_groups(context: Context) -> tuple[list[Group], list[Group]]:
    """The phases and the clusters that have a page of their own."""
    schools = context.published.schools
    return (
        _group("Phase", [(s.phase, s) for s in schools if s.phase]),
        _group("Cluster", [(s.cluster, s) for s in schools if s.cluster]),
    )


def _ranked(context: Context, group: Group, column: Standing) -> Chart | None:
    urns = {school.urn for school in group.schools}
    figures = [f for f in context.beside.school_figures(series_of(column.latest)) if f.unit_code in urns]
    shown = [f for f in figures if is_shown(f, column.kpi)]
    if not shown:
        return None
    compared = [f for f in shown if f.comparison]
    apart = [f for f in compared if f.comparison != "similar"]
    finding = f"{len(apart)} of {len(compared)} schools differ from the trust beyond chance"
    words = Words(
        title=f"{column.title}: {finding}" if compared else column.title,
        unit=f"{unit_words(column.kpi).capitalize()}, with 95% intervals",
        source=source_words(context, column.what),
        ident=slug("dots", *(str(part) for part in column.series)),
    )
    points = [
        point_of(f, column.kpi, context.schools[f.unit_code].name, href=f"schools/{f.unit_code}.html") for f in shown
    ]
    return draw_ranked(words, points, trust_line(context, column), anchors=False)


def _columns(context: Context, group: Group) -> list[Standing]:
    return choose_columns(context, [group.name] if group.kind == "Phase" else scopes_of(group.schools))


def _blocks(context: Context, group: Group, columns: Sequence[Standing]) -> list[Block]:
    caption = f"{group.kind} {group.name}: what stands for each KPI now"
    unit = [((group.kind, group.name), f"{group.kind}: {group.name}")]
    tables = make_heat_tables(caption, columns, group.schools, context, groups=unit)
    blocks = [Block("Side by side", None, "side-by-side", table) for table in tables]
    drawn: dict[str, int] = {}
    for column in columns:
        drawn[column.kpi.kpi] = drawn.get(column.kpi.kpi, 0) + 1
        if column.kpi.headline is None or drawn[column.kpi.kpi] > DRAWN_OF_A_KPI:
            continue
        if chart := _ranked(context, group, column):
            blocks.append(Block(column.title, None, slug(column.title), chart=chart))
    return blocks


def gather_comparison_pages(context: Context) -> list[Page]:
    """compare/phase-<name>.html and compare/cluster-<name>.html, carried on where there are many schools."""
    phases, clusters = list_groups(context)
    pages = []
    for group in (*phases, *clusters):
        columns = _columns(context, group)
        leaves = cut_into_leaves(group.path, _blocks(context, group, columns))
        others = [other for other in (phases if group.kind == "Phase" else clusters) if other is not group]
        for leaf in leaves:
            view = ComparisonView(leaf, contents(leaves, leaf.path), others, describe_columns(columns))
            heading = f"{group.name}: schools side by side"
            said = "of the same phase" if group.kind == "Phase" else "of the same cluster"
            purpose = (
                f"The {group.count} {said}, each beside the trust. Where intervals overlap, chance could turn the "
                "order round."
            )
            pages.append(Page("site", leaf.path, heading, purpose, view))
    return pages


def gather_compare_pages(context: Context) -> list[Page]:
    """compare.html: the way to the comparisons there are, and the choice of any schools with the page's script."""
    phases, clusters = list_groups(context)
    purpose = "Lay schools side by side: those of a phase, of a cluster, or any you choose."
    return [Page("site", "compare.html", "Compare schools", purpose, CompareView(phases, clusters))]
