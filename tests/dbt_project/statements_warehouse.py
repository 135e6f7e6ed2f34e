"""Builds the warehouse of the trust of curriculum statements, and asks it.

What lives here: the building and the asking. What does not: the lake's rows (`statements_trust`), what must come out
(`oracle_statements`).
"""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb

from tests.dbt_project.lake_files import Row, Tables, write_lake
from tests.dbt_project.warehouse_run import Warehouse, failures

MODELS = ("int_judgements_placed", "published_statements", "kpi_disclosed", "published_ledger")


def build(home: Path, tables: Tables) -> duckdb.DuckDBPyConnection:
    """Build a lake's warehouse up to what statements are published in, with its tests; a copy of it to ask."""
    write_lake(home / "lake", tables)
    result = Warehouse(home / "lake", home).dbt(
        "build", "--exclude-resource-type", "unit_test", "--indirect-selection", "cautious",
        "--select", *(f"+{model}" for model in MODELS),
    )  # fmt: skip
    assert result.success, result.exception or "\n".join(failures(result))
    # dbt, in this process, still holds the warehouse it made.
    shutil.copytree(home / "lake", home / "copy")
    return duckdb.connect(str(home / "copy" / "warehouse.duckdb"), read_only=True)


def rows_of(connection: duckdb.DuckDBPyConnection, query: str) -> list[Row]:
    """Return the rows of a query as dicts."""
    answer = connection.execute(query)
    names = [column[0] for column in answer.description or []]
    return [dict(zip(names, row, strict=True)) for row in answer.fetchall()]
