"""Status in words: files that were read and files that wait, also from a lake without the count of the latter."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from command_runs import ROOT

from ingest.home import Home, load_home
from orchestration.status import describe_status


@pytest.fixture
def home(tmp_path: Path) -> Home:
    shutil.copytree(ROOT / "tests" / "homes" / "tiny", tmp_path / "home")
    return load_home(tmp_path / "home")


def write_schools(home: Home, **more: list[int]) -> None:
    urns = [school.urn for school in home.schools]
    columns = {
        "urn": urns,
        "name": [school.name for school in home.schools],
        "state": ["up to date", "held", "no data yet"],
        "state_words": ["x"] * 3,
        "data_date": [dt.date(2025, 7, 1), dt.date(2025, 7, 2), None],
        "files_accepted": [4, 1, 0],
        "pupils": [30, 0, 0],
        **more,
    }
    folder = home.lake / "published"
    folder.mkdir(parents=True)
    pq.write_table(pa.table(columns), folder / "published_schools.parquet")


def test_files_that_wait_are_counted_beside_those_that_were_read(home: Home) -> None:
    write_schools(home, files_waiting=[2, 0, 1])
    _, first, second, third = describe_status(home)
    assert first.endswith(
        "up to date: 4 files read, 2 could not be used yet: see the receipts; 30 pupils, data of 2025-07-01"
    )
    assert second.endswith("held: 1 file read; no pupils, data of 2025-07-02")
    assert third.endswith("no data yet: x")


def test_a_lake_of_an_earlier_version_is_read_without_them(home: Home) -> None:
    write_schools(home)
    _, first, _, third = describe_status(home)
    assert first.endswith("up to date: 4 files read; 30 pupils, data of 2025-07-01")
    assert third.endswith("no data yet")
