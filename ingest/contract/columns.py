"""Columns and kinds: the forms in which the contract is written.

Here live the types of a column and of a record kind, and the Parquet schema that follows from them. Which kinds there
are lives in `records`, the tables about files in `findings`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import pyarrow as pa

CONTRACT_VERSION = "2"

Sensitivity = Literal["identifier", "quasi", "sensitive", "plain"]
ColumnType = Literal["text", "code", "integer", "decimal", "date", "year_group", "academic_year"]

ARROW_TYPES: dict[str, pa.DataType] = {
    "text": pa.string(),
    "code": pa.string(),
    "year_group": pa.string(),
    "academic_year": pa.string(),
    "integer": pa.int64(),
    "decimal": pa.decimal128(18, 4),
    "date": pa.date32(),
}

YEAR_GROUPS = ("N1", "N2", "E1", "E2", "R", *(str(n) for n in range(1, 15)), "X")


@dataclass(frozen=True)
class Column:
    """One column of a record kind: its name, type, meaning and how sensitive its values are."""

    name: str
    type: ColumnType
    description: str
    required: bool = False
    sensitivity: Sensitivity = "plain"
    codes: tuple[str, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    unit: str = ""


@dataclass(frozen=True)
class RecordKind:
    """A kind of record: its grain in words, its key and its columns (provenance columns come by themselves)."""

    name: str
    grain: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]

    def column(self, name: str) -> Column:
        """Return the column called `name`; KeyError when this kind has none."""
        for column in (*PROVENANCE, *self.columns):
            if column.name == name:
                return column
        raise KeyError(name)

    @property
    def schema(self) -> pa.Schema:
        """The Parquet schema of this kind's files in the lake: provenance first, then the columns."""
        return pa.schema(
            [pa.field(c.name, ARROW_TYPES[c.type], nullable=not c.required) for c in (*PROVENANCE, *self.columns)]
        )


PROVENANCE = (
    Column("record_id", "text", "receipt, row and place in the row: <receipt>:<row>:<ordinal>", required=True),
    Column("urn", "code", "school whose folder the file was in", required=True),
    Column("receipt_id", "text", "the receipt of the file this record came from", required=True),
    Column("file_row", "integer", "row in that file as a spreadsheet counts it, from 1", required=True),
    Column("source_column", "text", "header of the cell it came from, where one row gives several records"),
    Column("pupil_key", "text", "keyed hash that stands for the pupil", required=True, sensitivity="quasi"),
)

IDENTITY = (
    Column("upn", "text", "unique pupil number", sensitivity="identifier"),
    Column("former_upn", "text", "an earlier unique pupil number", sensitivity="identifier"),
    Column("local_number", "text", "the school's own number for the pupil", sensitivity="identifier"),
    Column("surname", "text", "surname", sensitivity="identifier"),
    Column("forename", "text", "forename", sensitivity="identifier"),
    Column("full_name", "text", "surname and forename in one cell", sensitivity="identifier"),
    Column("date_of_birth", "date", "date of birth", sensitivity="identifier"),
)
