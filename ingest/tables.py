"""Tables of the lake: Parquet written the same way everywhere, beside and then put in place.

Here lives the writing of contract tables (one file a school, and an empty one, so that no door is ever missing).
Which rows they hold does not live here.
"""

from __future__ import annotations

import os
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from ingest.contract import FINDING_TABLES, RECORD_KINDS

EMPTY = "_empty.parquet"


def write_table(frame: pd.DataFrame, schema: pa.Schema, path: Path) -> None:
    """Write `frame` as Parquet with `schema` (missing columns are null), sorted as given; atomic."""
    path.parent.mkdir(parents=True, exist_ok=True)
    columns = {
        name: frame[name] if name in frame else pd.Series(None, index=frame.index, dtype=object)
        for name in schema.names
    }
    arrays = [
        pa.array([None if value is None or value is pd.NA or value != value else value for value in columns[field.name].astype(object)], type=field.type)
        for field in schema
    ]
    beside = path.with_name(path.name + ".next")
    pq.write_table(pa.Table.from_arrays(arrays, schema=schema), beside, compression="zstd")
    os.replace(beside, path)


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
    beside = path.with_name(path.name + ".next")
    pq.write_table(schema.empty_table(), beside)
    os.replace(beside, path)
