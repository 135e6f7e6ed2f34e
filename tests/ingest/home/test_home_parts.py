"""Parts of a KPI file: KPIs that make a whole together, and what is said where they cannot."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from ingest.home import load_home, write_config

Messages = Callable[..., list[str]]


def write_parts(file: Path, parts: str) -> None:
    lines = [line for line in file.read_text(encoding="utf-8").splitlines() if not line.startswith("parts:")]
    file.write_text("\n".join([*lines, f"parts: {parts}"]) + "\n", encoding="utf-8")


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ("[attendance, authorized_absence]", "authorised_absence"),
        ("[attendance, persistent_absence]", "persistent_absence is not a share of the same thing as attendance"),
        ("[authorised_absence, unauthorised_absence]", "attendance itself is not among its parts"),
    ],
)
def test_parts_that_make_no_whole_are_said(tiny: Path, messages: Messages, parts: str, said: str) -> None:
    write_parts(tiny / "kpis" / "attendance.yml", parts)
    (problem,) = messages(load_home, tiny)
    assert "kpis/attendance.yml" in problem
    assert said in problem


def test_parts_reach_the_warehouse(tiny: Path) -> None:
    write_parts(tiny / "kpis" / "attendance.yml", "[attendance, unauthorised_absence]")
    write_config(load_home(tiny), date(2025, 5, 1), "test")
    rows = pq.read_table(tiny / "lake" / "config" / "kpis.parquet").to_pylist()
    parts = {row["kpi"]: row["parts"] for row in rows}
    assert parts["attendance"] == "attendance,unauthorised_absence"
    assert parts["late_arrivals"] is None
