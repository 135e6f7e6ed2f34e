"""The heat table: schools down, the series that stand now across, each cell with its mark and its trend.

Here lives what the trust's home and the compare pages lay out alike. A column holds one series only: one KPI, period,
subject, year group and assessment. Rows carry numbered classes, by which a page sifts them without a script.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from site_builder.beside import series_of
from site_builder.context import Context, basis_words
from site_builder.records import Figure, School
from site_builder.standing import Standing, with_trend
from site_builder.tables import Cell, Head, Row, Table, value_cell
from site_builder.words import UNIT_HEADS, unit_words

NO_CLUSTER = "No cluster"
# The stylesheet sifts by so many phases and clusters; of more, the compare pages remain.
MOST_SIFTED = 24
# About 210 bytes a cell: 57 schools on twelve series are one page, and that page stays under 200 KB.
CELLS_A_TABLE = 700


@dataclass(frozen=True)
class Choice:
    """One of the ways to sift the table: the number its rows carry, what it is called, how many schools it keeps."""

    number: int
    label: str
    schools: int


@dataclass(frozen=True)
class Sift:
    """One question to sift by. `name` is the letter of the rows' classes."""

    name: str
    legend: str
    everything: int
    choices: Sequence[Choice]


def _number(schools: Sequence[School], name: str, legend: str, labels: Sequence[str]) -> Sift:
    counted = [Choice(place, label, labels.count(label)) for place, label in enumerate(sorted(set(labels)), start=1)]
    return Sift(name, legend, len(schools), counted[:MOST_SIFTED])


def make_sifts(schools: Sequence[School]) -> list[Sift]:
    """How the table of these schools can be sifted: by phase and by cluster, where there is more than one."""
    sifts = [
        _number(schools, "p", "Phase", [school.phase or "Not known" for school in schools]),
        _number(schools, "c", "Cluster", [school.cluster or NO_CLUSTER for school in schools]),
    ]
    return [sift for sift in sifts if len(sift.choices) > 1]


def _row_class(school: School, sifts: Sequence[Sift]) -> str:
    said = {"p": school.phase or "Not known", "c": school.cluster or NO_CLUSTER}
    found = [f"{s.name}{c.number}" for s in sifts for c in s.choices if c.label == said[s.name]]
    return " ".join(["school", *found])


def name_columns_over(column: Standing) -> str:
    """What a column shares with its neighbours."""
    return column.when if column.of_pupils else f"{column.kpi.title}, {column.when}"


@dataclass(frozen=True)
class ColumnLine:
    """What a column is, in full, and where its KPI is defined."""

    title: str
    said: str
    href: str


def describe_columns(columns: Sequence[Standing]) -> list[ColumnLine]:
    """Every column in words, in their order."""
    return [ColumnLine(c.kpi.title, f"{unit_words(c.kpi)}; {c.what}", c.href) for c in columns]


def name_column(column: Standing) -> str:
    """What tells a column from its neighbours."""
    if not column.of_pupils:
        return column.subject
    said = _unit(column)
    return column.kpi.title if said == "percent" or said in column.kpi.title else f"{column.kpi.title} ({said})"


def _unit(column: Standing) -> str:
    unit = UNIT_HEADS.get(column.kpi.unit, "Value")
    return unit[:1].lower() + unit[1:]


def _head(columns: Sequence[Standing]) -> list[list[Head]]:
    upper = [Head("School", rowspan=2)]
    for (over, _), inside in groupby(columns, key=lambda c: (name_columns_over(c), basis_words(c.example))):
        upper.append(Head(over, "group", colspan=len(list(inside))))
    return [upper, [Head(name_column(column), "number") for column in columns]]


def heat_cell(figure: Figure | None, column: Standing, context: Context) -> Cell:
    """A figure with its mark against the trust and its change since a year before."""
    cell = value_cell(figure, column.kpi, with_mark=True)
    return with_trend(cell, context.beside.change(column.latest, figure.unit_code), figure) if figure else cell


def figures_of(context: Context, columns: Sequence[Standing]) -> dict[tuple[str, str], list[Figure | None]]:
    """Every unit's figure in each column: geography and unit code -> figures in the order of the columns."""
    found: dict[tuple[str, str], list[Figure | None]] = {}
    for place, column in enumerate(columns):
        for figure in context.beside.figures(series_of(column.latest)):
            found.setdefault((figure.geography, figure.unit_code), [None] * len(columns))[place] = figure
    return found


def trust_unit(context: Context) -> tuple[str, str]:
    """The geography and code under which the trust's own figures are published."""
    return "MAT", next((f.unit_code for f in context.published.figures if f.geography == "MAT"), "")


def make_heat_tables(
    caption: str,
    columns: Sequence[Standing],
    schools: Sequence[School],
    context: Context,
    *,
    sifts: Sequence[Sift] = (),
    groups: Sequence[tuple[tuple[str, str], str]] = (),
) -> list[Table]:
    """The trust's row, those of `groups` (unit and name of phases and clusters), then `schools` by name.

    A table to every so many schools, each beginning with the trust, so that a page stays light.
    """
    figures = figures_of(context, columns)
    nothing: list[Figure | None] = [None] * len(columns)
    above = []
    for code, name, kind in (
        (trust_unit(context), context.published.run.trust_name, "trust"),
        *((c, n, "group") for c, n in groups),
    ):
        found = figures.get(code, nothing)
        if any(found):
            cells = [heat_cell(f, c, context) for f, c in zip(found, columns, strict=True)]
            above.append(Row([Cell(name), *cells], kind))
    rows = []
    for school in schools:
        own = figures.get(("School", school.urn), nothing)
        cells = [heat_cell(f, c, context) for f, c in zip(own, columns, strict=True)]
        heading = Cell(school.name, href=f"schools/{school.urn}.html")
        rows.append(Row([heading, *cells], _row_class(school, sifts)))
    step = max(1, CELLS_A_TABLE // max(1, len(columns)))
    cuts = range(0, max(1, len(rows)), step)
    return [
        Table(
            caption if len(cuts) == 1 else f"{caption}; from {rows[cut].cells[0].text} on",
            _head(columns),
            [*above, *rows[cut : cut + step]],
            wide=len(columns) > 8,
            matrix=True,
            heat=True,
        )
        for cut in cuts
    ]
