"""The attendance trust's warehouse, built once for all tests that ask it.

What lives here: the building and the asking. What does not: the lake's rows (`attendance_lake`), the fixture
(`conftest`), what must come out (`oracle_attendance`, `oracle_sessions`).
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from tests.dbt_project import oracle_attendance
from tests.dbt_project.attendance_lake import make_attendance_trust
from tests.dbt_project.lake_files import Row, read_lake, write_lake
from tests.dbt_project.warehouse_run import Warehouse, failures

MODELS = ("int_attendance_measures", "int_attendance_carried", "published_breaks", "published_fix_list",
          "published_ledger", "int_school_open_days", "int_suspensions_measures", "published_freshness")  # fmt: skip


@dataclass
class Attended:
    """The attendance trust's lake, what the oracle makes of it, and a copy of its warehouse to ask."""

    attendance: oracle_attendance.Attendance
    connection: duckdb.DuckDBPyConnection

    def rows(self, query: str) -> list[Row]:
        """Return the rows of a query as dicts."""
        answer = self.connection.execute(query)
        names = [column[0] for column in answer.description or []]
        return [dict(zip(names, row, strict=True)) for row in answer.fetchall()]


@contextmanager
def build_attended(home: Path) -> Iterator[Attended]:
    """Build the attendance trust's warehouse once, up to what attendance is published in, with its tests."""
    write_lake(home / "lake", make_attendance_trust())
    result = Warehouse(home / "lake", home).dbt(
        "build", "--exclude-resource-type", "unit_test", "--indirect-selection", "cautious",
        "--select", *(f"+{model}" for model in MODELS),
    )  # fmt: skip
    assert result.success, result.exception or "\n".join(failures(result))
    # dbt, in this process, still holds the warehouse it made.
    shutil.copytree(home / "lake", home / "copy")
    tables = oracle_attendance.resolve_keys(read_lake(home / "lake"))
    with duckdb.connect(str(home / "copy" / "warehouse.duckdb"), read_only=True) as connection:
        yield Attended(oracle_attendance.Attendance(tables), connection)
