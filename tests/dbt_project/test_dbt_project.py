"""The project itself: it documents what it publishes, keeps its walls, and its tests can fail."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.dbt_project.warehouse_run import PROJECT, Built, Warehouse

MODELS = ("int_", "kpi_", "published_")


@pytest.fixture(scope="module")
def manifest(built: Built) -> dict[str, Any]:
    return dict(json.loads((built.warehouse.work / "target" / "manifest.json").read_text(encoding="utf-8")))


@pytest.fixture(scope="module")
def models(manifest: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {node["name"]: node for node in manifest["nodes"].values() if node["resource_type"] == "model"}


@pytest.fixture(scope="module")
def columns(built: Built, tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[str]]:
    """Table -> columns, of a copy of the warehouse: dbt, in this process, still holds the one it made."""
    copy = tmp_path_factory.mktemp("copy") / "lake"
    shutil.copytree(built.warehouse.lake, copy)
    found: dict[str, set[str]] = {}
    with duckdb.connect(str(copy / "warehouse.duckdb"), read_only=True) as connection:
        query = "select table_name, column_name from information_schema.columns"
        for table, column in connection.execute(query).fetchall():
            found.setdefault(table, set()).add(column)
    return found


def test_every_model_and_every_column_that_others_read_is_described(
    columns: dict[str, set[str]], models: dict[str, dict[str, Any]]
) -> None:
    assert [name for name, model in models.items() if not model["description"].strip()] == []
    for name, model in models.items():
        if name.startswith(MODELS):
            described = {c["name"] for c in model["columns"].values() if c["description"].strip()}
            assert (name, described) == (name, columns[name])


def test_every_model_others_read_has_its_grain_held(
    manifest: dict[str, Any], models: dict[str, dict[str, Any]]
) -> None:
    held = {
        node["attached_node"]
        for node in manifest["nodes"].values()
        if node["resource_type"] == "test" and (node.get("test_metadata") or {}).get("name") == "well_formed"
    }
    wanted = {model["unique_id"] for name, model in models.items() if name.startswith(MODELS)}
    assert wanted - held == set()


def test_every_model_says_its_grain_in_its_first_line(models: dict[str, dict[str, Any]]) -> None:
    for name, model in models.items():
        if name.startswith(MODELS):
            assert (name, model["raw_code"].startswith("-- Grain: ")) == (name, True)


def test_no_pupil_leaves_the_lake(columns: dict[str, set[str]], models: dict[str, dict[str, Any]]) -> None:
    published = [name for name in models if name.startswith("published_")]
    assert len(published) == 23
    for name in published:
        assert "pupil_key" not in columns[name]


def test_sources_are_read_in_staging_only_and_joined_to_the_assets_before(
    manifest: dict[str, Any], models: dict[str, dict[str, Any]]
) -> None:
    for name, model in models.items():
        reads_source = any(node.startswith("source.") for node in model["depends_on"]["nodes"])
        assert (name, reads_source) == (name, name.startswith("stg_"))
    for source in manifest["sources"].values():
        assert source["config"]["meta"]["dagster"]["asset_key"] == [source["source_name"], source["name"]]


def test_dbt_is_told_the_lake_and_nothing_else() -> None:
    files = [f for f in PROJECT.rglob("*") if f.suffix in (".sql", ".yml") and "target" not in f.parts]
    asked = {name for f in files for name in re.findall(r"env_var\(\s*'([^']+)'", f.read_text(encoding="utf-8"))}
    assert asked == {"PLUMBLINE_LAKE"}


def test_project_parses_where_no_lake_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PLUMBLINE_LAKE", raising=False)
    command = [
        sys.executable, "-c", "from dbt.cli.main import cli; cli()", "parse", "--project-dir", str(PROJECT),
        "--profiles-dir", str(PROJECT), "--target-path", str(tmp_path / "target"),
        "--log-path", str(tmp_path / "log"),
    ]  # fmt: skip
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "WARNING" not in done.stdout
    assert sorted(f.name for f in tmp_path.iterdir()) == ["log", "target"]


def test_t_quantiles_are_what_their_generator_makes() -> None:
    namespace: dict[str, Any] = {"__name__": "generate_t_quantiles", "__file__": str(PROJECT / "seeds" / "x")}
    script = (PROJECT / "seeds" / "generate_t_quantiles.py").read_text(encoding="utf-8")
    exec(compile(script, "generate_t_quantiles.py", "exec"), namespace)
    assert (PROJECT / "seeds" / "t_quantiles.csv").read_text(encoding="utf-8") == namespace["make_t_quantiles"]()


def test_published_bytes_do_not_depend_on_threads(built: Built, tmp_path: Path) -> None:
    lake = tmp_path / "lake"
    shutil.copytree(built.warehouse.lake, lake, ignore=shutil.ignore_patterns("warehouse.duckdb*"))
    profiles = tmp_path / "profiles"
    profiles.mkdir()
    profile = (PROJECT / "profiles.yml").read_text(encoding="utf-8")
    one_thread = profile.replace("      threads: 1\n", "      threads: 2\n      settings: {threads: 1}\n", 1)
    assert one_thread != profile
    (profiles / "profiles.yml").write_text(one_thread, encoding="utf-8")
    other = Warehouse(lake, tmp_path, profiles)
    assert other.dbt("seed").success
    assert other.dbt("run", "--threads", "2").success
    folder = other.publish()
    ours = {f.name: f.read_bytes() for f in built.published.iterdir()}
    theirs = {f.name: f.read_bytes() for f in folder.iterdir()}
    assert set(ours) == {f"{model.stem}.parquet" for model in (PROJECT / "models" / "published").glob("*.sql")}
    assert [name for name in ours if ours[name] != theirs.get(name)] == []


# One damage for each test of the warehouse that is ours: SQL that makes exactly what the test is there to see.
DAMAGE = {
    "assert_intervals_meet_vectors": "update interval_vectors set expected_upper = expected_upper + 0.000001",
    "assert_ledger_adds_up": "delete from published_ledger where bucket = 'unmapped'",
    "assert_attendance_adds_up": (
        "insert into int_attendance_measures by name select 10 as sessions_possible, 9 as sessions_attending"
    ),
    "assert_attendance_codes_are_classed": "update attendance_codes set counts_as_present = 1 where mark_code = 'B'",
    "assert_attendance_meets_vector": "update attendance_codes set counts_as_late = 1 where mark_code = 'I'",
    "assert_sessions_are_counted_once": (
        "insert into int_attendance_measures by name select '100001' as urn, '2024/25' as academic_year, "
        "'year_to_date' as period_kind, 10 as sessions_possible"
    ),
    "assert_trust_files_add_up": "update published_trust_files set rows_of_no_school = 7",
    "assert_numerator_within_denominator": "update kpi_parts set numerator_sum = base_sum + 1",
    "assert_interval_holds_value": "update kpi_values set value = 101",
    "assert_symbol_stands_alone": "update published_kpi_values set pupil_count = 5 where symbol = 'c'",
    "assert_pooled_is_sum_of_schools": "update kpi_parts set base_sum = base_sum + 1 where geography = 'MAT'",
    "assert_kpis_use_declared_measures": (
        "create or replace view stg_kpis as select 'judgement_coverage' as kpi, 1 as kpi_version, "
        "'published' as status, 'trust' as owner, 'ratio' as kind, 'unicorns' as numerator, "
        "'pupils_on_roll' as denominator, null as mean_of, 'percent' as unit, 'wilson' as interval_method"
    ),
    "assert_changes_are_of_shown_figures": "update published_changes set value = value + 1 where symbol is null",
    "assert_spread_is_of_shown_figures": "update published_spread set lowest = highest + 1 where symbol is null",
    "assert_funnel_is_of_shown_figures": "update published_funnel set lower_95 = target + 1",
    "published_run_is_well_formed": "insert into published_run select * from published_run",
    "published_kpis_is_well_formed": "update published_kpis set title = null",
    "published_breaks_is_well_formed": "update published_breaks set kind = 'none that is known'",
    "sexes_is_well_formed": "update sexes set label = 'the same'",
}


def test_tests_of_the_warehouse_can_fail(built: Built, tmp_path: Path) -> None:
    lake = tmp_path / "lake"
    shutil.copytree(built.warehouse.lake, lake)
    with duckdb.connect(str(lake / "warehouse.duckdb")) as connection:
        for statement in DAMAGE.values():
            connection.execute(statement)
    result = Warehouse(lake, tmp_path).dbt("test", "--select", *DAMAGE)
    results = [r for r in getattr(result.result, "results", []) if r.node.resource_type == "test"]
    outcome = {r.node.name: str(r.status) for r in results}
    singular = {f.stem for f in (PROJECT / "tests").glob("assert_*.sql")}
    # The rounding test reads no table: its rows are written in it, so nothing in a warehouse can make it fail.
    assert singular - DAMAGE.keys() == {"assert_numbers_round_half_away_from_zero"}
    assert outcome == dict.fromkeys(DAMAGE, "fail")
