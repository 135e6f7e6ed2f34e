"""What Dagster keeps of a run: assets named as tables, checks with counts, a school as a partition."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from command_runs import Said
from dagster import AssetCheckSeverity, AssetKey, DagsterEventType, DagsterInstance
from dagster._core.storage.event_log import SqliteEventLogStorage

from ingest.home import load_home
from orchestration.assembly import REFRESH, build_definitions
from orchestration.event_log import KeptEventLog
from orchestration.freshness import FEEDS, read_freshness
from orchestration.refresh import prepare_dagster
from orchestration.run_summary import read_summaries
from quality import list_checks


@pytest.fixture
def instance(demo: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("DAGSTER_HOME", "")
    monkeypatch.setenv("PLUMBLINE_HOME", "")
    prepare_dagster(load_home(demo))
    with DagsterInstance.get() as found:
        yield found


def list_events(instance: DagsterInstance, kind: DagsterEventType) -> list[Any]:
    return [entry.dagster_event for run in instance.get_runs() for entry in instance.all_logs(run.run_id, of_type=kind)]


def test_dagsters_own_log_reads_what_ours_wrote(instance: DagsterInstance, demo: Path) -> None:
    """The database is kept open during a run by a class of ours; what it writes is Dagster's own."""
    assert isinstance(instance.event_log_storage, KeptEventLog)
    (run,) = instance.get_runs()
    ours = [entry.message for entry in instance.all_logs(run.run_id)]
    theirs = SqliteEventLogStorage(str(demo / "dagster" / "history" / "runs"))
    assert [entry.message for entry in theirs.get_logs_for_run(run.run_id)] == ours
    assert len(ours) > 100


def test_every_table_of_the_lake_is_an_asset_by_its_name(demo: Path) -> None:
    keys = build_definitions(demo).resolve_asset_graph().get_all_asset_keys()
    for door in ("records", "findings", "config"):
        for path in (demo / "lake" / door).iterdir():
            assert AssetKey([door, path.stem if path.is_file() else path.name]) in keys, path.name
    for path in (demo / "lake" / "published").glob("*.parquet"):
        assert AssetKey(path.stem) in keys
    assert {AssetKey("published"), AssetKey("release")} <= keys


def test_lineage_runs_from_the_inbox_to_the_release(demo: Path) -> None:
    graph = build_definitions(demo).resolve_asset_graph()
    before = {AssetKey("release")}
    while True:
        wider = before | {parent for key in before for parent in graph.get(key).parent_keys}
        if wider == before:
            break
        before = wider
    assert {AssetKey(["records", "results"]), AssetKey(["config", "kpis"])} <= before


def test_checks_are_kept_with_counts_only(instance: DagsterInstance, demo: Path) -> None:
    evaluations = [
        e.asset_check_evaluation_data for e in list_events(instance, DagsterEventType.ASSET_CHECK_EVALUATION)
    ]
    ours = {e.check_name: e for e in evaluations if e.check_name in {c.check_name for c in list_checks()}}
    assert ours.keys() == {c.check_name for c in list_checks()}
    assert all(e.metadata["outcomes"].value for e in ours.values())
    seen = 0
    for evaluation in ours.values():
        for row in evaluation.metadata["schools"].records:
            assert set(row.data) == {"urn", "outcome", "observed", "rows"}
            seen += 1
    held_or_looked_at = [
        row
        for path in (demo / "lake" / "findings" / "checks").glob("9*.parquet")
        for row in pq.read_table(path).to_pylist()
        if row["outcome"] in ("failed", "error")
    ]
    assert seen == len(held_or_looked_at)


def test_the_numbers_a_person_wants_stand_beside_what_was_made(instance: DagsterInstance, demo: Path) -> None:
    made = {
        event.asset_key.to_user_string(): {name: value.value for name, value in event.materialization.metadata.items()}
        for event in list_events(instance, DagsterEventType.ASSET_MATERIALIZATION)
    }
    files = made["records/pupils"]
    assert files["schools with data"] == 3
    assert files["files accepted"] > 20
    assert (files["files waiting"], files["files that could not be used yet"]) == (0, 0)
    published = made["published"]
    assert (published["schools"], published["schools with data"]) == (3, 3)
    assert published["figures shown on the site"] > published["figures hidden on the site"] >= 0
    release = made["release"]
    assert release["site"] == f"releases/{release['release']}/site/index.html"
    assert (demo / release["site"]).is_file()
    assert release["pages"] > 3
    assert str(demo.parent) not in json.dumps(made, default=str)


def test_who_is_late_is_a_check_for_each_feed_with_a_row_a_school(instance: DagsterInstance, demo: Path) -> None:
    fresh = read_freshness(demo / "lake")
    assert fresh
    evaluations = [
        e.asset_check_evaluation_data for e in list_events(instance, DagsterEventType.ASSET_CHECK_EVALUATION)
    ]
    checks = {e.check_name: e for e in evaluations if e.check_name.endswith("_came_in_time")}
    assert len(checks) == 5
    for feed, kind in FEEDS.items():
        check, mine = checks[f"{kind}_came_in_time"], [row for row in fresh if row.feed == feed]
        assert check.passed == (not any(row.is_late for row in mine)), feed
        assert check.severity is AssetCheckSeverity.WARN
        said = [(row.data["urn"], row.data["state"]) for row in check.metadata["schools"].records]
        assert said == [(row.urn, row.state) for row in mine if row.state != "not expected"]


def test_the_command_leaves_a_summary(demo: Path) -> None:
    (said,) = read_summaries(demo)
    assert (said["by"], said["looked_at"], said["outcome"]) == ("the command", "all schools", "release made")
    assert said["release"] == json.loads((demo / "releases" / "current.json").read_text("utf-8"))["release_id"]
    assert said["records"] > 1000
    assert len(said["schools"]) == 3
    names = {path.stem for path in (demo / "inbox").rglob("*") if path.is_file()}
    for text in ((demo / "runs" / "latest.md").read_text("utf-8"), json.dumps(said)):
        assert not [name for name in names if name in text]
        assert str(demo.parent) not in text


def test_a_partition_is_a_school(instance: DagsterInstance, demo: Path) -> None:
    home = load_home(demo)
    as_of = json.loads((demo / "releases" / "current.json").read_text("utf-8"))["as_of"]
    one, other = home.schools[0].urn, home.schools[1].urn
    for urn in (one, other):
        folder = next(path for path in home.inbox.iterdir() if path.name.startswith(urn))
        (folder / "photo.csv").write_bytes(b"\xff\xd8\xff\xe0 a photo")
    definitions = build_definitions(demo)
    result = definitions.resolve_job_def(REFRESH).execute_in_process(
        instance=instance,
        partition_key=one,
        run_config={
            "resources": {"trust_home": {"config": {"as_of": as_of}}},
            "loggers": {"console": {"config": {"log_level": "CRITICAL"}}},
        },
    )
    assert result.success
    sent = {urn: (demo / "history" / "receipts" / f"{urn}.json").read_text("utf-8") for urn in (one, other)}
    assert "photo.csv" in sent[one]
    assert "photo.csv" not in sent[other]
    made = [e for e in result.all_events if e.event_type_value == "ASSET_MATERIALIZATION"]
    assert one in {e.partition for e in made}


def test_a_run_without_a_home_says_what_to_set(demo_once: tuple[Path, Said], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLUMBLINE_HOME", "")
    job = build_definitions(None).resolve_job_def(REFRESH)
    with DagsterInstance.ephemeral() as instance:
        result = job.execute_in_process(
            instance=instance,
            raise_on_error=False,
            run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
        )
    assert not result.success
    assert "PLUMBLINE_HOME" in str([event.event_specific_data for event in result.all_events])
