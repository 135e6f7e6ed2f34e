"""The Parquet twin of an extract: the same rows with real types, a missing number empty and its symbol beside it.

Here lives how an extract becomes Parquet. No statistics are written: the smallest and largest of a column would say
something of cells a reader is not meant to weigh, and a file this small needs none. Text stands as it is, without the
apostrophe a spreadsheet needs, because nothing runs a formula out of Parquet.
"""

from __future__ import annotations

import json

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from site_builder.extract_column import FILE_SYMBOLS, ExtractColumn
from site_builder.extract_columns import TITLES
from site_builder.extracts import Extract

SYMBOL_SUFFIX = "_symbol"
_WHOLE_NAMES = ("kpi_version",)  # a filter that counts: text in a CSV's filter, a number to whoever joins by it
_TYPES = {"text": pa.string(), "integer": pa.int64(), "number": pa.float64()}


def parquet_type(column: ExtractColumn) -> pa.DataType:
    """The type of a column in the Parquet twin."""
    return pa.int64() if column.name in _WHOLE_NAMES else _TYPES[column.type]


def _field(name: str, kind: pa.DataType, nullable: bool, described: dict[str, str]) -> pa.Field:
    return pa.field(name, kind, nullable, {key: text for key, text in described.items() if text})


def _columns(extract: Extract) -> list[tuple[pa.Field, pa.Array]]:
    made: list[tuple[pa.Field, pa.Array]] = []
    for column in extract.columns:
        kind = parquet_type(column)
        unit = "the KPI's" if column.in_kpi_unit else column.unit
        described = {"label": column.label, "description": column.meaning, "unit": unit}
        if column.role != "indicator":
            texts = extract.texts(column.name)
            made.append((_field(column.name, kind, False, described), texts.spread(texts.values).cast(kind)))
            continue
        numbers = extract.numbers(column.name)
        # A decimal written out and read again is the number every other reader of the CSV has.
        made.append((_field(column.name, kind, True, described), pc.cast(numbers.text, kind)))
        told = {"label": f"{column.label}: symbol", "description": f"Why {column.name} is empty, where it is"}
        made.append((_field(column.name + SYMBOL_SUFFIX, pa.string(), True, told), numbers.symbols))
    return made


def write_parquet(extract: Extract, release_id: str) -> bytes:
    """The extract as Parquet; the same extract gives the same bytes.

    The meaning of each column is in its field's metadata, and for tools that read only the file's own in its key
    `columns`; the symbols are in `symbols`.
    """
    fields, arrays = zip(*_columns(extract), strict=True)
    explained = {field.name: {k.decode(): v.decode() for k, v in field.metadata.items()} for field in fields}
    about = {
        "title": TITLES[extract.stem],
        "release": release_id,
        "columns": json.dumps(explained, ensure_ascii=False, sort_keys=True),
        "symbols": json.dumps(FILE_SYMBOLS, ensure_ascii=False, sort_keys=True),
    }
    table = pa.Table.from_arrays(list(arrays), schema=pa.schema(fields, about))
    sink = pa.BufferOutputStream()
    pq.write_table(
        table,
        sink,
        compression="zstd",
        write_statistics=False,
        use_dictionary=True,
        row_group_size=1_000_000,
        write_page_index=False,
    )
    return bytes(sink.getvalue().to_pybytes())
