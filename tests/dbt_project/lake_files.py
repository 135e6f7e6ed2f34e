"""Writes and reads a lake's Parquet from plain rows, by the contract's schemas.

What lives here: the door between lists of dicts and the files dbt reads. What does not: any invented data
(`tiny_trust`), or any expectation of what dbt makes of it (`oracle`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from ingest.contract import FINDING_TABLES, RECORD_KINDS

Row = dict[str, Any]
Tables = Mapping[str, Sequence[Row]]

_INT, _DAY, _BOOL = pa.int64(), pa.date32(), pa.bool_()

_MAPPING = {
    **dict.fromkeys(
        [
            "scale", "source", "framework", "version", "school", "subject", "year_group", "window_name",
            "comparability_class", "rationale", "authored_by", "approved_by",
        ]
    ),
    "approved_on": _DAY,
    "valid_from": _DAY,
    "valid_to": _DAY,
}  # fmt: skip

# Columns of lake/config that are not text; every other column is a nullable string.
CONFIG_COLUMNS: dict[str, dict[str, pa.DataType | None]] = {
    "run": {"as_of": _DAY, "contract_version": None, "key_id": None, "demo": _BOOL},
    "trust": dict.fromkeys(["group_id", "group_uid", "name"]),
    "academic_years": {"academic_year": None, "time_period": None, "starts": _DAY, "ends": _DAY},
    "schools": {
        **dict.fromkeys(["urn", "laestab", "name", "phase", "school_type"]),
        "lowest_age": _INT,
        "highest_age": _INT,
        "cluster": None,
        "joined": _DAY,
        "left_on": _DAY,
        **dict.fromkeys(
            ["predecessor_urn", "old_la_code", "new_la_code", "la_name", "region_code", "region_name"]
        ),
    },
    "half_terms": {
        **dict.fromkeys(["urn", "academic_year", "half_term", "term", "title"]),
        "starts": _DAY,
        "ends": _DAY,
        "basis": None,
        "sort_order": _INT,
    },
    "feeds": {"urn": None, "format": None, "valid_from": _DAY, "valid_to": _DAY},
    "windows": {
        **dict.fromkeys(["window_name", "title", "phase", "academic_year", "year_group"]),
        "opens": _DAY,
        "closes": _DAY,
        "tolerance_days": _INT,
        "sort_order": _INT,
    },
    "window_labels": dict.fromkeys(["window_name", "label"]),
    "window_subjects": dict.fromkeys(["window_name", "subject"]),
    "subjects": {"subject": None, "sort_order": _INT},
    "assessments": dict.fromkeys(
        ["assessment", "title", "construct", "comparability_class", "result_type", "compared_as"]
    ),
    "custom_groups": {
        **dict.fromkeys(["group_set", "title", "group_name", "label"]),
        "sort_order": _INT,
    },
    "kpis": {
        "kpi": None,
        "version": _INT,
        **dict.fromkeys(["kind", "title", "numerator", "denominator", "mean_of", "unit", "direction"]),
        "dp": _INT,
        "min_n": _INT,
        **dict.fromkeys(
            [
                "interval", "comparability", "status", "owner", "year_groups", "population", "family",
                "why_it_matters", "how_calculated", "what_good_looks_like", "exemplification", "authored_by",
                "checked_by",
            ]
        ),
        "next_review": _DAY,
        "valid_from": _DAY,
        "valid_to": _DAY,
        "sort_order": _INT,
        "headline": _INT,
        "parts": None,
    },
    "kpi_breakdowns": {"kpi": None, "version": _INT, "breakdown": None},
    "kpi_periods": {"kpi": None, "version": _INT, "period_kind": None},
    "audiences": {"audience": None, "min_n": _INT},
    "autonomy": {**dict.fromkeys(["domain", "title", "rule", "note"]), "sort_order": _INT},
    "frameworks": {**dict.fromkeys(["urn", "domain", "uses"]), "valid_from": _DAY, "valid_to": _DAY},
    "scales": {**_MAPPING, "code": None, "meaning": None, "band": None, "points": pa.float64()},
    "scale_cuts": {**_MAPPING, "of_what": None, "band": None, "at_least": pa.float64()},
    "statements": {
        **dict.fromkeys(
            [
                "owner", "framework", "version", "statement", "text", "subject", "year_group", "strand",
                "exemplification", "links_to",
            ]
        ),
        "valid_from": _DAY,
        "valid_to": _DAY,
    },
    "freshness": {"attendance_school_days": _INT, "window_days": _INT, "roll_days": _INT},
}  # fmt: skip


def config_schema(table: str) -> pa.Schema:
    """Return the Parquet schema of one table of lake/config."""
    return pa.schema([(name, kind or pa.string()) for name, kind in CONFIG_COLUMNS[table].items()])


def write_lake(lake: Path, tables: Tables) -> None:
    """Write `tables` (name -> rows) as a lake: records and findings one file a school, config one file a table."""
    for folder, schemas in (
        ("records", {name: kind.schema for name, kind in RECORD_KINDS.items()}),
        ("findings", {name: table.schema for name, table in FINDING_TABLES.items()}),
    ):
        for name, schema in schemas.items():
            home = lake / folder / name
            home.mkdir(parents=True, exist_ok=True)
            pq.write_table(schema.empty_table(), home / "_empty.parquet")
            rows = tables.get(name, [])
            # What is said of a file of several schools names no school; it stands under _trust.
            for urn in sorted({row.get("urn", "_trust") for row in rows}):
                own = [row for row in rows if row.get("urn", "_trust") == urn]
                pq.write_table(pa.Table.from_pylist(own, schema=schema), home / f"{urn}.parquet")
    (lake / "config").mkdir(parents=True, exist_ok=True)
    for name in CONFIG_COLUMNS:
        table = pa.Table.from_pylist(list(tables.get(name, [])), schema=config_schema(name))
        pq.write_table(table, lake / "config" / f"{name}.parquet")


def read_lake(lake: Path, leave_out: Sequence[str] = ()) -> dict[str, list[Row]]:
    """Read a whole lake into name -> rows, what `oracle.expect_values` takes; tables left out are there and empty."""
    tables: dict[str, list[Row]] = {}
    for folder in ("records", "findings"):
        for home in sorted((lake / folder).iterdir()):
            rows: list[Row] = []
            for file in sorted(home.glob("*.parquet")) if home.name not in leave_out else ():
                rows.extend(pq.read_table(file).to_pylist())
            tables[home.name] = rows
    for file in sorted((lake / "config").glob("*.parquet")):
        tables[file.stem] = pq.read_table(file).to_pylist()
    return tables


def read_published(folder: Path, table: str) -> list[Row]:
    """Read one published table as rows."""
    return list(pq.read_table(folder / f"{table}.parquet").to_pylist())
