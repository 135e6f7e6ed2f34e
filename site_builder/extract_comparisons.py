"""comparisons/*.csv: what pages lay beside figures, so that every number of a page stands in a file.

Here live the files of changes since a year before, of the schools' spread, of the funnel's limits, of the figures of
phases and clusters, and of the agreement of judgements. Their columns are those of the published tables; the extracts
in the official layout live in extracts.py.
"""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from site_builder.csv_files import write_columns
from site_builder.extract_rows import Numbers, Texts, write_fixed_column

TABLES = {
    "changes": "published_changes",
    "spread": "published_spread",
    "funnel": "published_funnel",
    "phases_and_clusters": "published_kpi_values",
    "agreement": "published_agreement",
}
# What only sorts pages or names the audience says nothing in a file, and a sentence repeats its numbers.
_LEFT_OUT = {
    *("audience", "symbol", "change_rank", "is_latest", "change_words", "comparison_words", "coverage_symbol"),
    *("year_group_sort", "subject_sort", "breakdown_sort", "period_sort", "time_period"),
    *("comparison", "comparison_value"),
    *("agreement_words", "window_sort"),
}
_GROUPS = pa.array(["Phase", "Cluster"])


def _texts(column: pa.Array) -> Texts:
    encoded = pc.fill_null(column.cast(pa.string()), "").dictionary_encode()
    return Texts(encoded.dictionary.to_pylist(), encoded.indices)


def _numbers(column: pa.Array, symbols: pa.Array) -> Numbers:
    """Figures to six decimals; a symbol where there is none: the row's own, `low`, or `z`."""
    missing = pc.coalesce(symbols, pc.if_else(pc.is_valid(column), pa.scalar("low"), pa.scalar("z")))
    return Numbers(write_fixed_column(column), missing)


def _write(table: pa.Table) -> bytes:
    columns = {name: table.column(name).combine_chunks() for name in table.column_names}
    symbols = columns.get("symbol", pa.nulls(len(table), pa.string())).cast(pa.string())
    cells: dict[str, Texts | Numbers] = {}
    for name, column in columns.items():
        if name in _LEFT_OUT:
            continue
        figure = pa.types.is_floating(column.type)
        if pa.types.is_integer(column.type) and column.null_count:
            column = pc.coalesce(column.cast(pa.string()), symbols, pa.scalar("z"))
        cells[name] = _numbers(column, symbols) if figure else _texts(column)
    return write_columns(list(cells), list(cells.values()), len(table))


def gather_comparison_files(published: Path, audience: str) -> dict[str, bytes]:
    """File name -> CSV, for one audience; rows in the order of their words and whole numbers."""
    files = {}
    for name, stem in TABLES.items():
        table = pq.ParquetFile(published / f"{stem}.parquet").read()
        chosen = pc.equal(table["audience"], audience)
        if stem == "published_kpi_values":
            chosen = pc.and_(chosen, pc.is_in(table["geography"], _GROUPS))
        told = table.filter(chosen).combine_chunks()
        order = [(field.name, "ascending") for field in told.schema if not pa.types.is_floating(field.type)]
        files[f"comparisons/{name}.csv"] = _write(told.sort_by(order))
    return files
