"""The bench measures two ways to the same figures: a tiny run of both, and what it says of what it measured.

What lives here: layouts, comparison and words; what needs the tiny run is run by `make soak`. What does not: times;
no test hangs on how fast a machine is.
"""

from __future__ import annotations

import importlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from command_runs import Said

from orchestration.bench.figures import Compared, compare_figures
from orchestration.bench.invented_home import AS_OF, WAITING, invent_home
from orchestration.bench.plain_script import main as run_plain
from orchestration.bench.runs import Measured, Run
from orchestration.bench.telling import judge, tell
from orchestration.bench.timers import PHASES

# Marksheets, a workbook, UTF-16 rows, JSON pages and the group's system: five schools send in every way but two.
# Ten pupils a year group: no figure is of so few that it is hidden on one side alone.
SCHOOLS, PUPILS, RESULTS = 5, 70, 8


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory, plumbline: Callable[..., Said]) -> tuple[Path, Path]:
    """A refreshed home, and what the plain script made of the same files."""
    folder = tmp_path_factory.mktemp("bench")
    invent_home(folder / "home", SCHOOLS, PUPILS, RESULTS)
    said = plumbline("refresh", "--home", folder / "home", "--as-of", AS_OF)
    assert said.code == 0, said.err
    run_plain(folder / "home", folder / "plain")
    return folder / "home", folder / "plain"


def count_rows(*folders: Path) -> int:
    return sum(pq.ParquetFile(path).metadata.num_rows for folder in folders for path in folder.rglob("*.parquet"))


@pytest.mark.soak
def test_both_sides_give_the_same_figures(both: tuple[Path, Path]) -> None:
    home, plain = both
    found = compare_figures(home / "lake" / "published", plain)
    assert found.both > 1000
    assert (found.differ, found.only_ours, found.only_plain) == (0, 0, 0)


@pytest.mark.soak
def test_both_sides_have_the_same_records(both: tuple[Path, Path]) -> None:
    home, plain = both
    records = home / "lake" / "records"
    for kind in ("pupils", "attendance", "results"):
        ours = count_rows(records / kind)
        assert ours == pq.ParquetFile(plain / f"{kind}.parquet").metadata.num_rows, kind
    assert count_rows(records / "pupils") == SCHOOLS * PUPILS
    away = 0.1
    assert count_rows(records / "results") > SCHOOLS * PUPILS * RESULTS * (1 - away)


@pytest.mark.soak
def test_a_figure_that_differs_is_found(both: tuple[Path, Path], tmp_path: Path) -> None:
    home, plain = both
    table = pq.read_table(plain / "kpi_values.parquet")
    values = table.column("value").to_pylist()
    values[0] += 0.001
    pq.write_table(table.set_column(table.schema.get_field_index("value"), "value", pa.array(values)), tmp_path / "v")
    (tmp_path / "v").rename(tmp_path / "kpi_values.parquet")
    assert compare_figures(home / "lake" / "published", tmp_path).differ == 1


@pytest.mark.soak
def test_the_same_numbers_give_the_same_bytes(both: tuple[Path, Path], tmp_path: Path) -> None:
    invent_home(tmp_path / "again", SCHOOLS, PUPILS, RESULTS)
    first, second = (
        {path.relative_to(home).as_posix(): path.read_bytes() for path in (home / "inbox").rglob("*") if path.is_file()}
        for home in (both[0], tmp_path / "again")
    )
    assert first == second


@pytest.mark.soak
def test_one_new_file_waits_for_one_school(both: tuple[Path, Path]) -> None:
    waiting = [path for path in (both[0] / WAITING).rglob("*") if path.is_file()]
    assert len(waiting) == 1
    assert not (both[0] / "inbox" / waiting[0].relative_to(both[0] / WAITING)).exists()


def test_numbers_no_trust_can_have_are_refused(tmp_path: Path) -> None:
    for pupils, results in ((42, 7), (42, 44), (3, 8)):
        with pytest.raises(ValueError, match=r"results a pupil|a pupil in each"):
            invent_home(tmp_path / "none", 1, pupils, results)
    shutil.rmtree(tmp_path / "none", ignore_errors=True)


def measured(**changed: object) -> Measured:
    """Return what a bench might have found, every target met; `changed`: what was otherwise."""
    mib = 1024**2
    runs = {
        "full refresh": Run(30.0, 10.0, 40.0, 12.0, 900 * mib),
        "plain script": Run(12.0, 2.0, 15.0, 2.0, 400 * mib),
        "site alone": Run(5.0, 1.0, 5.0, 1.0, 300 * mib),
        "nothing changed": Run(2.8, 2.0, 2.5, 2.0, 100 * mib),
    }
    said = {
        "schools": 2, "pupils": 60, "results": 40, "runs": runs, "phases": {"landing": 15.0, "dbt": 5.0},
        "grown": {"dbt": 300.0}, "figures": Compared(100, 0, 3, 0), "files": 9, "bytes": mib, "rows": 1000,
        "records": 2000, "pages": 500, "cores": 2, "busy": 0.1,
    }  # fmt: skip
    return Measured(**(said | changed))  # type: ignore[arg-type]


def test_every_phase_has_its_function() -> None:
    for phase, module, name in PHASES:
        assert (phase, callable(getattr(importlib.import_module(module), name, None))) == (phase, True)


def test_every_target_is_judged() -> None:
    assert [good for good, _ in judge(measured())] == [True] * 5
    slow = measured().runs | {
        "full refresh": Run(41.0, 10.0, 50.0, 12.0, 2049 * 1024**2),
        "nothing changed": Run(3.1, 2.0, 3.0, 2.0, 0),
    }
    missed = measured(runs=slow, pages=399, figures=Compared(100, 1, 0, 0))
    assert [good for good, _ in judge(missed)] == [False] * 5


def test_the_report_says_where_the_time_goes_and_what_was_measured() -> None:
    lines = "\n".join(tell(measured()))
    assert "2.0 times the plain script" in lines
    assert "125 pages a second" in lines
    assert "load 0.1 before it began" in lines
    assert lines.index("landing") < lines.index("dbt"), "the longest phase first"
    assert "75%" in lines
    assert "300 MiB" in lines


def test_the_json_holds_all_of_it() -> None:
    told = json.loads(measured().as_json())
    assert told["runs"]["full refresh"]["marginal"] == 20.0
    assert told["runs"]["full refresh"]["marginal_processors"] == 28.0
    assert told["figures"]["both"] == 100
