"""The place of a KPI among the figures of the trust's first screen."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from ingest.home import load_home, write_config

Messages = Callable[..., list[str]]


def write_headline(file: Path, number: str) -> None:
    """Give a KPI file of the tiny home a place, in its last line; none if it is empty."""
    lines = [line for line in file.read_text(encoding="utf-8").splitlines() if not line.startswith("headline:")]
    file.write_text("\n".join([*lines, *([f"headline: {number}"] if number else [])]) + "\n", encoding="utf-8")


def test_headlines_reach_the_warehouse_and_most_kpis_have_none(tiny: Path) -> None:
    write_config(load_home(tiny), date(2025, 5, 1), "test")
    rows = pq.read_table(tiny / "lake" / "config" / "kpis.parquet").to_pylist()
    places = {row["kpi"]: row["headline"] for row in rows}
    assert places["attendance"] == 1
    assert places["persistent_absence"] == 2
    assert places["mean_mark"] == 4
    assert places["severe_absence"] is None


def test_two_kpis_in_one_place_are_named_with_their_files(tiny: Path, messages: Messages) -> None:
    write_headline(tiny / "kpis" / "mean_mark.yml", "1")
    assert messages(load_home, tiny) == [
        "kpis/mean_mark.yml: kpis/attendance.yml already has the place 1 on the first screen. "
        "Give one of the two another number, or take it out of one."
    ]
    write_headline(tiny / "kpis" / "attendance.yml", "")
    assert {k.kpi: k.headline for k in load_home(tiny).kpis}["mean_mark"] == 1


@pytest.mark.parametrize("number", ["0", "-1", "first", "1.5"])
def test_a_place_is_a_whole_number_from_one(tiny: Path, messages: Messages, number: str) -> None:
    file = tiny / "kpis" / "mean_mark.yml"
    write_headline(file, number)
    (said,) = messages(load_home, tiny)
    assert said.startswith(f"kpis/mean_mark.yml line {len(file.read_text(encoding='utf-8').splitlines())}: ")
    assert "headline" in said
    assert number in said


def test_a_schools_own_kpi_has_no_place(tiny: Path, messages: Messages) -> None:
    folder = tiny / "kpis" / "schools" / "999902"
    folder.mkdir(parents=True)
    text = (tiny / "kpis" / "mean_mark.yml").read_text(encoding="utf-8")
    own = text.replace("kpi: mean_mark", "kpi: own_mark").replace("owner: trust", "owner: 999902")
    (folder / "own_mark.yml").write_text(own, encoding="utf-8")
    (said,) = messages(load_home, tiny)
    assert said.startswith("kpis/schools/999902/own_mark.yml line ")
    assert said.endswith("the first screen shows KPIs of the trust, and this one is a school's own. Take it out.")
