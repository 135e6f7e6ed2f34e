"""The extract files' content: what each file holds for one audience, as whole columns.

Here live the gathered extract and its order. What a column is lives in extract_columns.py; how it is written to CSV,
Parquet and the workbook lives with each of those.
"""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from site_builder.context import Context
from site_builder.csv_files import write_columns
from site_builder.extract_column import ExtractColumn
from site_builder.extract_columns import EXTRACTS
from site_builder.extract_rows import Numbers, Rows, Texts
from site_builder.records import Kpi


@dataclass(frozen=True)
class Extract:
    """One extract for one audience: its columns in order, each with its cells, and the KPIs in it.

    `kpi_of` says for each row which of `kpis` it is of.
    """

    stem: str
    columns: tuple[ExtractColumn, ...]
    cells: dict[str, Texts | Numbers]
    rows: int
    kpis: list[Kpi]
    kpi_of: pa.Array

    def texts(self, name: str) -> Texts:
        """The cells of a column of text; KeyError when `name` holds figures or is not there."""
        cells = self.cells[name]
        if isinstance(cells, Numbers):
            raise KeyError(name)
        return cells

    def numbers(self, name: str) -> Numbers:
        """The cells of a column of figures; KeyError when `name` holds text or is not there."""
        cells = self.cells[name]
        if isinstance(cells, Texts):
            raise KeyError(name)
        return cells


def gather_extract(context: Context, figures: pa.Table, stem: str, audience: str) -> Extract:
    """The columns of one extract for one audience, rows in a fixed order.

    `figures` is what `read_figures` gives. Raises PublishedError when two rows have the same unit and filters, which
    no reader could tell apart.
    """
    geography, columns = EXTRACTS[stem]
    rows = Rows(context, figures, audience, geography)
    kpis, kpi_of = rows.kpis()
    return Extract(stem, columns, {column.name: column.fill(rows) for column in columns}, rows.number, kpis, kpi_of)


def choose_kpi(extract: Extract, kpi: str) -> Extract:
    """The rows of one KPI, every version of it; none where the extract has no figure of it."""
    of = [place for place, found in enumerate(extract.kpis) if found.kpi == kpi]
    rows = pc.indices_nonzero(pc.is_in(extract.kpi_of, pa.array(of, extract.kpi_of.type)))
    cells: dict[str, Texts | Numbers] = {}
    for name, column in extract.cells.items():
        if isinstance(column, Texts):
            cells[name] = Texts(column.values, column.places.take(rows))
        else:
            cells[name] = Numbers(column.text.take(rows), column.symbols.take(rows))
    return Extract(extract.stem, extract.columns, cells, len(rows), extract.kpis, extract.kpi_of.take(rows))


def write_extract(extract: Extract) -> bytes:
    """The extract as CSV."""
    return write_columns(list(extract.cells), list(extract.cells.values()), extract.rows)
