"""The tables beside a KPI's charts: the same figures, written out.

Here live the tables of sizes with their limits, of changes and of a trend. The list of schools is laid out in
series.py; what the charts are given is in kpi_charts.py.
"""

from __future__ import annotations

from collections.abc import Sequence

from site_builder.beside import series_of
from site_builder.comparisons import Change, FunnelLimit, Latest
from site_builder.context import Context
from site_builder.kpi_charts import trend_of
from site_builder.records import Figure, Kpi
from site_builder.tables import (
    NO_FIGURE,
    Cell,
    Row,
    Table,
    count_cell,
    heads,
    pupils_cell,
    show_value,
    symbol_cell,
    value_cell,
)
from site_builder.words import CHANGES, UNIT_HEADS, in_words
from site_builder.writing import show_number


def number_cell(value: float | None, symbol: str | None, kpi: Kpi) -> Cell:
    """A figure that stands in a comparison table, or the symbol for why it does not."""
    return symbol_cell(symbol or "z") if value is None else Cell(show_value(value, kpi), "number")


def show_difference(value: float, kpi: Kpi) -> str:
    """A difference of two figures with its sign; shares differ by percentage points, so no % stands here."""
    text = show_number(value, kpi.dp)
    return f"+{text}" if value > 0 and text.strip("0.,") else text


def difference_cells(change: Change, kpi: Kpi) -> list[Cell]:
    """The difference and its interval, or the symbol for why there is none."""
    if change.difference is None:
        symbol = change.symbol or "z"
        return [symbol_cell(symbol), symbol_cell(symbol, kind="sign")]
    difference = Cell(show_difference(change.difference, kpi), "number")
    if change.lower_95_ci is None or change.upper_95_ci is None:
        return [difference, symbol_cell("z", kind="sign")]
    low, high = show_difference(change.lower_95_ci, kpi), show_difference(change.upper_95_ci, kpi)
    return [difference, Cell(f"between {low} and {high}", "nowrap")]


def difference_head(kpi: Kpi) -> str:
    """What a column of differences is headed by."""
    return "Percentage points" if kpi.unit == "percent" else "Difference"


def range_cell(low: float | None, high: float | None, symbol: str | None, kpi: Kpi) -> Cell:
    """An interval as "between a and b", or a symbol."""
    if low is None or high is None:
        return symbol_cell(symbol or "z", kind="sign")
    return Cell(f"between {show_value(low, kpi)} and {show_value(high, kpi)}", "nowrap")


def _limit_cells(limit: FunnelLimit | None, symbol: str | None, kpi: Kpi) -> list[Cell]:
    if limit is None:
        return [symbol_cell(symbol or "z", kind="sign")] * 2
    return [
        range_cell(limit.lower_95, limit.upper_95, symbol, kpi),
        range_cell(limit.lower_998, limit.upper_998, symbol, kpi),
    ]


def sizes_table(caption: str, row: Latest, figures: Sequence[Figure], kpi: Kpi, context: Context) -> Table | None:
    """Each school's pupils and figure, with where a school of its size would lie by chance alone."""
    limits = {point.unit_code: point for point in context.beside.funnel(row) if point.unit_code}
    if not limits:
        return None
    value = UNIT_HEADS.get(kpi.unit, "Value")
    rows = []
    for figure in figures:
        limit = limits.get(figure.unit_code)
        cells = [
            Cell(context.schools[figure.unit_code].name, href=f"schools/{figure.unit_code}.html"),
            pupils_cell(figure),
            value_cell(figure, kpi),
            *_limit_cells(limit, figure.symbol, kpi),
        ]
        rows.append(Row(cells))
    names = ("School", "Pupils", value, "19 in 20 would lie", "998 in 1,000 would lie")
    return Table(caption, heads(*names, numbers=("Pupils", value)), rows)


def changes_table(caption: str, changes: Sequence[Change], kpi: Kpi, context: Context) -> Table | None:
    """Each unit now, a year before, the difference and whether it is more than chance."""
    if not changes:
        return None
    first = changes[0]
    before = f"{first.before_period_title} {first.before_academic_year}"
    now = f"{first.period_title} {first.academic_year}"
    rows = []
    for change in changes:
        school = change.geography == "School"
        name = context.schools[change.unit_code].name if school else change.unit_name
        said = change.change
        rows.append(
            Row(
                [
                    Cell(name, href=f"schools/{change.unit_code}.html" if school else None),
                    number_cell(change.before_value, change.symbol, kpi),
                    number_cell(change.value, change.symbol, kpi),
                    *difference_cells(change, kpi),
                    Cell(in_words(CHANGES, said, "the change"))
                    if said
                    else symbol_cell(change.symbol or "z", kind="sign"),
                ],
                "plain" if school else "trust",
            )
        )
    difference = difference_head(kpi)
    names = ("School", before, now, difference, "95% interval", "In words")
    return Table(caption, heads(*names, numbers=(before, now, difference)), rows)


def trend_table(caption: str, row: Latest, kpi: Kpi, context: Context) -> Table | None:
    """The trust's figure and the spread of its schools, period by period, the latest first."""
    trust = context.beside.trust_figure(series_of(row))
    steps = trend_of(row, trust.unit_code, context) if trust else []
    if not steps:
        return None
    spreads = [context.beside.spread(figure) for figure in steps]
    quartiles = any(s is not None and s.median is not None for s in spreads)
    rows = []
    for figure, spread in reversed(list(zip(steps, spreads, strict=True))):
        symbol = None if spread is None else spread.symbol
        lying = [spread.lowest, spread.highest] if spread else [None, None]
        if quartiles:
            lying = (
                [spread.lowest, spread.lower_quartile, spread.median, spread.upper_quartile, spread.highest]
                if spread
                else [None] * 5
            )
        rows.append(
            Row(
                [
                    Cell(f"{figure.period_title} {figure.academic_year}"),
                    value_cell(figure, kpi),
                    *(number_cell(value, symbol, kpi) if spread else symbol_cell(NO_FIGURE) for value in lying),
                    count_cell(spread.schools) if spread else symbol_cell(NO_FIGURE),
                ]
            )
        )
    middle = ("Lower quartile", "Median", "Upper quartile") if quartiles else ()
    names = ("When", "Trust", "Lowest school", *middle, "Highest school", "Schools")
    return Table(caption, heads(*names, numbers=names[1:]), rows)
