"""A table as a page needs it: every cell written out, nothing left for the template to decide.

Here live the view records of a table and the small builders of its cells. Which figures go into a table
lives with the page; how a table looks lives in macros.html and the stylesheet.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from site_builder import words
from site_builder.records import Figure, Kpi
from site_builder.writing import rounds_to_nothing, show_count, show_number

NO_FIGURE = "–"


@dataclass(frozen=True)
class Cell:
    """One cell. `kind`: text, number, symbol, mark (a comparison in words), prose (long text that may wrap) or
    state (of a submission: a glyph, its class in `state`, the words in `title`). `trend` is the glyph of a change
    since the year before, said by `trend_title`.
    """

    text: str
    kind: str = "text"
    href: str | None = None
    note: str | None = None
    title: str | None = None
    glyph: str | None = None
    mark: str | None = None
    trend: str | None = None
    trend_title: str | None = None
    state: str | None = None


@dataclass(frozen=True)
class Head:
    """One heading cell of a table."""

    text: str
    kind: str = "text"
    colspan: int = 1
    rowspan: int = 1


@dataclass(frozen=True)
class Row:
    """One row; its first cell is the row's heading. `kind`: plain, trust or group."""

    cells: Sequence[Cell]
    kind: str = "plain"

    @property
    def size(self) -> int:
        """How heavy the row is, in cells.

        A cell with a mark or a sentence beside its number weighs twice, one that says its state in a sentence
        four times.
        """
        weights = {True: 4, False: 2}
        return sum(
            weights[cell.state is not None] if cell.glyph or cell.note or cell.state else 1 for cell in self.cells
        )


@dataclass(frozen=True)
class Table:
    """A caption, one or two rows of headings, and rows. `wide` is printed on a page turned on its side.

    `heat` tints cells by their mark; `grid` shows states.
    """

    caption: str
    head: Sequence[Sequence[Head]]
    rows: Sequence[Row] = field(default_factory=tuple)
    wide: bool = False
    matrix: bool = False
    heat: bool = False
    grid: bool = False

    @property
    def size(self) -> int:
        """How heavy the table is, in cells: what decides whether a page must be carried on."""
        return sum(row.size for row in self.rows)


def heads(*names: str, numbers: Sequence[str] = ()) -> list[list[Head]]:
    """One row of headings; those named in `numbers` stand over number columns."""
    return [[Head(name, "number" if name in numbers else "text") for name in names]]


def symbol_cell(symbol: str, *, kind: str = "symbol", note: str | None = None) -> Cell:
    """A cell that says which kind of missing this is; PublishedError for an unknown symbol.

    `kind` is "sign" in a column of words, so that the symbol stands where the words do.
    """
    return Cell(symbol, kind, note=note, title=words.in_words(words.SYMBOL_TITLES, symbol, "the symbol"))


def count_cell(count: int | None, symbol: str | None = None) -> Cell:
    """A count, or its symbol; `x` where there is neither."""
    if symbol:
        return symbol_cell(symbol)
    return symbol_cell("x") if count is None else Cell(show_count(count), "number")


def show_value(value: float, kpi: Kpi) -> str:
    """A figure at the KPI's decimals, with a percent sign where it is one."""
    return show_number(value, kpi.dp) + ("%" if kpi.unit == "percent" else "")


def is_shown(figure: Figure | None, kpi: Kpi) -> bool:
    """Whether a page shows the figure as a number: it is there, not hidden, and does not round to nothing."""
    return (
        figure is not None
        and figure.symbol is None
        and figure.value is not None
        and not rounds_to_nothing(figure.value, kpi.dp)
    )


def percent_cell(value: float | None, symbol: str | None, places: int = 1) -> Cell:
    """A share that is not the KPI's own value (coverage, pupils in the figure)."""
    if value is None:
        return symbol_cell(symbol or "x")
    return Cell(show_number(value, places) + "%", "number")


def value_cell(figure: Figure | None, kpi: Kpi, *, with_mark: bool = False) -> Cell:
    """The figure, or the symbol that stands for it; with its comparison mark where a table has no column
    for it.
    """
    if figure is None:
        return symbol_cell(NO_FIGURE)
    if figure.symbol or figure.value is None:
        return symbol_cell(figure.symbol or "x")
    if rounds_to_nothing(figure.value, kpi.dp):
        return symbol_cell("low")
    text = show_value(figure.value, kpi)
    if not with_mark or figure.comparison is None:
        return Cell(text, "number")
    said = words.in_words(words.COMPARISONS, figure.comparison, "the comparison")
    return Cell(text, "number", title=said, glyph=words.MARKS[figure.comparison], mark=figure.comparison)


def interval_cell(figure: Figure, kpi: Kpi) -> Cell:
    """The 95% interval as "between a and b", or the symbol that stands for it."""
    if figure.symbol:
        return symbol_cell(figure.symbol, kind="sign")
    if figure.lower_95_ci is None or figure.upper_95_ci is None:
        return symbol_cell("z", kind="sign")
    low, high = show_value(figure.lower_95_ci, kpi), show_value(figure.upper_95_ci, kpi)
    return Cell(f"between {low} and {high}", "nowrap")


def pupils_cell(figure: Figure) -> Cell:
    """How many pupils are behind the figure."""
    return count_cell(figure.pupil_count, figure.symbol)


def coverage_cell(figure: Figure) -> Cell:
    """The share of pupils on roll who have a result behind this figure."""
    return percent_cell(figure.judgement_coverage_percent, figure.coverage_symbol or "z")


def comparison_cell(figure: Figure, note: str | None = None) -> Cell:
    """The comparison with the trust by mark and word; `note` is the sentence that goes with it."""
    if figure.symbol:
        return symbol_cell(figure.symbol, kind="sign", note=note)
    if figure.comparison is None:
        return Cell("not compared", "compared", note=note)
    said = words.in_words(words.COMPARISONS, figure.comparison, "the comparison")
    return Cell(said, "mark", note=note, glyph=words.MARKS[figure.comparison], mark=figure.comparison)


def reach_words(figure: Figure) -> str:
    """How many schools, and what share of pupils, a figure of several schools stands on."""
    if figure.schools_in is None or figure.schools_of is None:
        return "schools in the figure not known"
    said = f"{show_count(figure.schools_in)} of {show_count(figure.schools_of)} schools"
    if figure.pupils_in_percent is None:
        return f"{said}, share of pupils not known"
    return f"{said}, {show_number(figure.pupils_in_percent, 1)}% of pupils"
