"""The contract: each kind of record Plumbline keeps, declared once.

Here live the record kinds, their columns, types, keys, units and sensitivity, and the Parquet schemas that
follow from them. The lake's doors, the quality suites, the empty files and the data dictionary are derived from
this module. What a source *calls* a thing does not live here (that is a format file), nor what a code *means*
(that is a dbt seed or a row of the trust home).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import pyarrow as pa

CONTRACT_VERSION = "1"

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

PUPILS = RecordKind(
    name="pupils",
    grain="one row per pupil, school and academic year (no year: characteristics that hold for every year)",
    key=("pupil_key", "urn", "academic_year"),
    columns=(
        Column("academic_year", "academic_year", "year of the enrolment, as 2024/25; empty: not said by the file"),
        Column("year_group", "year_group", "national curriculum year group", codes=YEAR_GROUPS),
        Column("sex", "code", "sex", codes=("F", "M", "U"), sensitivity="quasi"),
        Column("enrolment_status", "code", "census enrolment status", codes=("C", "M", "S", "G", "P", "O")),
        Column("start_date", "date", "first day on roll", sensitivity="quasi"),
        Column("end_date", "date", "last day on roll", sensitivity="quasi"),
    ),
)

RESULTS = RecordKind(
    name="results",
    grain="one row per pupil, school, academic year, subject, assessment, window label or date, and result type",
    key=(
        "pupil_key",
        "urn",
        "academic_year",
        "subject",
        "assessment",
        "window_label",
        "assessed_on",
        "result_type",
    ),
    columns=(
        Column("academic_year", "academic_year", "academic year the result belongs to", required=True),
        Column("year_group", "year_group", "the pupil's year group at that time", codes=YEAR_GROUPS),
        Column("subject", "text", "subject, by the trust's name for it", required=True),
        Column("assessment", "text", "test, scheme or judgement the result comes from", required=True),
        Column(
            "result_type",
            "code",
            "what kind of result it is",
            required=True,
            codes=("teacher_judgement", "prediction", "test", "statutory"),
        ),
        Column("window_label", "text", "what the export calls the collection, such as Summer"),
        Column("assessed_on", "date", "date of the assessment, where the export gives one"),
        Column("value", "text", "the value exactly as the school recorded it", required=True, sensitivity="sensitive"),
        Column("mark", "decimal", "the value as a number, for tests", sensitivity="sensitive", minimum=0, unit="marks"),
    ),
)

GROUPS = RecordKind(
    name="groups",
    grain="one row per pupil, school, group set, group and academic year (no year: holds for every year)",
    key=("pupil_key", "urn", "group_set", "group_name", "academic_year"),
    columns=(
        Column("academic_year", "academic_year", "academic year of the membership; empty: every year"),
        Column(
            "group_type",
            "code",
            "what kind of group it is",
            required=True,
            codes=("class", "set", "intervention", "custom"),
        ),
        Column(
            "group_set", "text", "which division of the pupils this is, such as class or breakfast_club", required=True
        ),
        Column("group_name", "text", "the group within the set", required=True, sensitivity="quasi"),
        Column("start_date", "date", "first day in the group"),
        Column("end_date", "date", "last day in the group"),
    ),
)

RECORD_KINDS: dict[str, RecordKind] = {kind.name: kind for kind in (PUPILS, RESULTS, GROUPS)}


@dataclass(frozen=True)
class FindingTable:
    """A table the lake keeps about files rather than pupils; no pupil's value stands in any but the fix-list."""

    name: str
    grain: str
    schema: pa.Schema


def _table(name: str, grain: str, **columns: pa.DataType) -> FindingTable:
    return FindingTable(name, grain, pa.schema([pa.field(n, t) for n, t in columns.items()]))


_text, _count, _day = pa.string(), pa.int64(), pa.date32()

FINDING_TABLES: dict[str, FindingTable] = {
    table.name: table
    for table in (
        _table(
            "receipts",
            "one row per file received",
            urn=_text,
            receipt_id=_text,
            arrival=_count,
            file_name=_text,
            file_sha256=_text,
            first_seen_on=_day,
            format=_text,
            format_title=_text,
            outcome=_text,
            reason=_text,
            remedy=_text,
            exported_on=_day,
            rows_total=_count,
            rows_layout=_count,
            rows_with_records=_count,
            rows_without_values=_count,
            in_inbox=pa.bool_(),
        ),
        _table(
            "record_counts",
            "one row per receipt, record kind, bucket, reason and other receipt",
            urn=_text,
            receipt_id=_text,
            kind=_text,
            bucket=_text,
            reason=_text,
            related_receipt_id=_text,
            records=_count,
        ),
        _table(
            "fix_list",
            "one row per thing a person should put right in a file",
            urn=_text,
            receipt_id=_text,
            file_name=_text,
            file_row=_count,
            field=_text,
            code=_text,
            severity=_text,
            seen=_text,
            expected=_text,
            remedy=_text,
            records_held=_count,
        ),
        _table(
            "checks",
            "one row per quality check and school",
            urn=_text,
            check_name=_text,
            kind=_text,
            title=_text,
            severity=_text,
            outcome=_text,
            observed=_text,
            expected=_text,
            remedy=_text,
            rows_affected=_count,
        ),
    )
}
