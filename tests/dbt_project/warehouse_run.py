"""Runs real dbt on a lake, in process, as the pipeline does.

What lives here: the door of the tests to dbt. What does not: the lake's rows (`tiny_trust`), fixtures (`conftest`).
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from dbt.cli.main import dbtRunner, dbtRunnerResult

from tests.dbt_project.lake_files import Tables, read_published

PROJECT = Path(__file__).parents[2] / "dbt_project"


@dataclass
class Warehouse:
    """A lake on disk and the dbt project that makes its warehouse: runs dbt as the pipeline does, in process."""

    lake: Path
    work: Path
    profiles: Path = PROJECT

    def dbt(self, *command: str) -> dbtRunnerResult:
        """Run one dbt command on this lake; dbt is told the lake's path and nothing else."""
        with pytest.MonkeyPatch.context() as environment:
            for name in list(os.environ):
                if name.startswith(("DBT_", "PLUMBLINE_")):
                    environment.delenv(name)
            environment.setenv("PLUMBLINE_LAKE", str(self.lake))
            return dbtRunner().invoke([
                # dbt leaves its log file open, which Python warns of: no log file.
                "--quiet", "--log-level-file", "none", *command,
                "--project-dir", str(PROJECT), "--profiles-dir", str(self.profiles),
                "--target-path", str(self.work / "target"), "--log-path", str(self.work / "log"),
            ])  # fmt: skip

    def publish(self) -> Path:
        """Publish to a new folder and return it."""
        folder = self.work / "published"
        folder.mkdir()
        result = self.dbt("run-operation", "publish", "--args", f"{{next_folder: '{folder}'}}")
        assert result.success, result.exception or failures(result)
        return folder


@dataclass
class Built:
    """The tiny trust: what went into its lake, its warehouse, and what came out."""

    tables: Tables
    warehouse: Warehouse
    published: Path
    result: dbtRunnerResult

    def rows(self, table: str) -> list[dict[str, Any]]:
        """Return the rows of a published table."""
        return read_published(self.published, table)


def failures(result: dbtRunnerResult) -> list[str]:
    """Return what went wrong in a dbt run, node by node."""
    return [
        f"{r.node.name}: {r.status}: {r.message}"
        for r in getattr(result.result, "results", [])
        if r.status not in ("success", "pass")
    ]
