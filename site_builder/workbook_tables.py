"""The long tables of the workbook: which columns a person needs, under which headings, cut into sheets.

Here live the words a sheet has for the codes of a file, and where one sheet ends: at the academic year, and before a
spreadsheet's last row. What is the same in every row stands above the table instead of in it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from site_builder import words
from site_builder.extract_column import ExtractColumn
from site_builder.extract_columns import TITLES
from site_builder.extract_rows import Numbers, Texts
from site_builder.extracts import Extract
from site_builder.sheet_rows import SheetColumn

MOST_ROWS = 500_000  # a spreadsheet holds 1,048,576; half of that still opens on a school's machine
SHEET_NAMES = {"trust_kpi_school": "Schools", "trust_kpi_mat": "Trust"}
_NUMBER_WIDTH = 10


@dataclass(frozen=True)
class TableColumn:
    """A column of a long table. `dp`: its decimals, None of text; where a row's KPI decides, `places`."""

    heading: str
    cells: Texts | Numbers
    longest: int
    dp: int | None = None
    places: pa.Array | None = None

    def styled(self, text_style: str, number_styles: Sequence[str]) -> SheetColumn:
        """The column with the numbers of its styles: of text, and of figures with 0 to 6 decimals."""
        if self.dp is None:
            return SheetColumn(self.heading, self.cells, text_style)
        if self.places is None:
            return SheetColumn(self.heading, self.cells, number_styles[self.dp])
        return SheetColumn(self.heading, self.cells, pc.take(pa.array(number_styles), self.places))


@dataclass(frozen=True)
class LongSheet:
    """One worksheet of a long table: rows `start` to `start + count` of the columns."""

    name: str
    title: str
    about: str
    table: str
    columns: list[TableColumn]
    start: int
    count: int


def academic_year(time_period: str) -> str:
    """202425 as people write it: 2024/25."""
    return f"{time_period[:4]}/{time_period[4:]}" if len(time_period) == 6 else time_period


def _bracketed(value: str) -> str:
    return f"[{value}]" if value in ("z", "x") else value


_SAID: dict[str, Callable[[str], str]] = {
    "time_period": academic_year,
    "comparison_flag": lambda code: words.COMPARISONS.get(code, _bracketed(code)),
}


def _text_column(extract: Extract, column: ExtractColumn) -> TableColumn:
    texts = extract.texts(column.name)
    if column.name == "kpi":
        texts = Texts([kpi.title for kpi in extract.kpis], extract.kpi_of)
    said = [_SAID.get(column.name, _bracketed)(value) for value in texts.values]
    return TableColumn(column.label, Texts(said, texts.places), max((len(value) for value in said), default=0))


def _table_columns(extract: Extract) -> list[TableColumn]:
    columns = []
    places = pc.take(pa.array([min(kpi.dp, 6) for kpi in extract.kpis], pa.int64()), extract.kpi_of)
    units = Texts([words.unit_words(kpi) for kpi in extract.kpis], extract.kpi_of)
    for column in extract.columns:
        if not column.workbook:
            continue
        if column.role != "indicator":
            columns.append(_text_column(extract, column))
            if column.name == "kpi":
                columns.append(TableColumn("Unit", units, max((len(unit) for unit in units.values), default=0)))
            continue
        numbers = extract.numbers(column.name)
        if column.in_kpi_unit:
            columns.append(TableColumn(column.label, numbers, _NUMBER_WIDTH, 0, places=places))
        else:
            columns.append(TableColumn(column.label, numbers, _NUMBER_WIDTH, column.dp or 0))
    return columns


def list_long_sheets(extract: Extract) -> list[LongSheet]:
    """The sheets of one extract, one an academic year and more where a year is too long; none where it has no rows."""
    columns = _table_columns(extract)
    years = extract.texts("time_period")
    counts = pc.value_counts(pc.take(pa.array(years.values, pa.string()), years.places))
    in_year = {item["values"]: item["counts"] for item in counts.to_pylist()}
    sheets, start = [], 0
    for period in sorted(in_year):
        left, part = in_year[period], 1
        while left:
            count = min(left, MOST_ROWS)
            more = "" if part == 1 else f" part {part}"
            year = academic_year(period)
            name = f"{SHEET_NAMES[extract.stem]} {year.replace('/', '-')}{more}"
            sheets.append(
                LongSheet(
                    name,
                    f"{TITLES[extract.stem]}, {year}{',' + more if more else ''}",
                    "Every row is about England and an academic year.",
                    name.lower().replace(" ", "_").replace("-", "_"),
                    columns,
                    start,
                    count,
                )
            )
            start, left, part = start + count, left - count, part + 1
    return sheets
