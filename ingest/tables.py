"""Tables of the lake: Parquet written the same way everywhere, beside and then put in place.

Here lives the writing of contract tables (one file a school, and an empty one, so that no door is ever missing).
Which rows they hold does not live here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from ingest.contract import FINDING_TABLES, RECORD_KINDS

EMPTY = "_empty.parquet"


def write_table(columns: Mapping[str, Sequence[Any]], schema: pa.Schema, path: Path) -> None:
    """Write `columns` (None is null, a missing column is all null) as Parquet with `schema`, in their order.

    The file is put in place at once, so that a reader never meets half of it.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    rows = len(next(iter(columns.values()), ()))
    arrays = [
        pa.array(columns[field.name], type=field.type) if field.name in columns else pa.nulls(rows, type=field.type)
        for field in schema
    ]
    _put(pa.Table.from_arrays(arrays, schema=schema), path)


def read_columns(path: Path, names: Sequence[str] | None = None) -> dict[str, list[Any]]:
    """Return the columns of a Parquet file (all, or those of `names`) as plain lists, in the file's order."""
    table = pq.read_table(path, columns=names)
    return {name: _read_column(name, table.column(name)) for name in table.column_names}


def _read_column(name: str, column: pa.ChunkedArray) -> list[Any]:
    if column.null_count == len(column):
        return [None] * len(column)
    if name == "record_id" or (pa.types.is_int64(column.type) and not column.null_count):
        return list(column.to_numpy(zero_copy_only=False).tolist())
    # Few distinct values stand in all other columns; each is made once, which saves time and memory.
    coded = column.combine_chunks().dictionary_encode()
    values = np.array([*coded.dictionary.to_pylist(), None], dtype=object)
    places = coded.indices.fill_null(len(values) - 1).to_numpy(zero_copy_only=False)
    return list(values[places].tolist())


def open_doors(root: Path) -> None:
    """Make sure every records and findings folder under `root` has its empty table."""
    for name, kind in RECORD_KINDS.items():
        _open_door(root / "records" / name / EMPTY, kind.schema)
    for name, table in FINDING_TABLES.items():
        _open_door(root / "findings" / name / EMPTY, table.schema)


def _open_door(path: Path, schema: pa.Schema) -> None:
    if path.exists() and pq.read_schema(path).equals(schema):
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    _put(schema.empty_table(), path)


def _put(table: pa.Table, path: Path) -> None:
    beside = path.with_name(path.name + ".next")
    pq.write_table(table, beside, compression="zstd")
    beside.replace(path)
