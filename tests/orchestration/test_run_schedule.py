"""Runs that begin by themselves: the times of trust.yml as Dagster takes them, and when the inbox asks for a run."""

from __future__ import annotations

import itertools
import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from command_runs import ROOT
from dagster import DagsterInstance, DefaultScheduleStatus, DefaultSensorStatus, RunRequest, SkipReason
from dagster._core.scheduler import DagsterDaemonScheduler
from dagster._utils.schedules import is_valid_cron_string

from ingest.home.problems import ConfigurationError
from ingest.home.schedule import Schedule, Sensor
from ingest.home.strict import read_yaml
from orchestration.dagster_settings import DAGSTER_SETTINGS, write_settings
from orchestration.freshness_checks import make_freshness_checks
from orchestration.home_lock import hold_home
from orchestration.schedule import make_schedules
from orchestration.sensor import Seen, look_at_inbox, make_inbox_sensor

SETTLE = 60
PUPIL = "Zelda Quill.csv"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "tests" / "homes" / "tiny", tmp_path / "home")
    for folder in ("999901 Ash", "_trust"):
        (tmp_path / "home" / "inbox" / folder).mkdir(parents=True)
    return tmp_path / "home"


@pytest.fixture
def clock() -> Iterator[float]:
    """Yield moments a look apart, in seconds."""
    return itertools.count(1_800_000_000.0, 30)


def look(home: Path, seen: Seen, now: float) -> tuple[Seen, str, str]:
    """Return what the sensor keeps, the reason it gives, and the key of the run it asks for."""
    kept, said = look_at_inbox(home, Seen.read(seen.write()), SETTLE, now)
    assert PUPIL not in kept.write() + str(said)
    if isinstance(said, SkipReason):
        return kept, str(said.skip_message), ""
    assert isinstance(said, RunRequest)
    return kept, "", str(said.run_key)


def note_run(home: Path, seen: Seen, **more: str) -> None:
    """Leave what a run leaves that looked at this state of the inbox."""
    (home / "runs").mkdir(exist_ok=True)
    said = {"began": "2026-07-17T06:00:00+01:00", "inbox_state": seen.state, **more}
    (home / "runs" / "2026-07-17T050000Z.json").write_text(json.dumps(said), "utf-8")


def test_every_time_trust_yml_takes_dagster_takes_too(tmp_path: Path) -> None:
    """Cron is checked where trust.yml is read, without Dagster; nothing that passes there may fail here."""
    parts = (
        ("0", "*/7", "1,59", "5-10/2", "60", "x", "5/15"),
        ("6", "*", "24", "7-18"),
        ("*", "31", "29,30", "0", "L"),
        ("*", "2", "feb,apr", "13"),
        ("*", "1-5", "mon-fri", "7", "sun", "8", "5-1"),
    )
    path, taken = tmp_path / "schedule.yml", 0
    for cron in itertools.product(*parts):
        path.write_text(f'cron: "{" ".join(cron)}"\n', "utf-8")
        try:
            schedule = read_yaml(path, Schedule)
        except ConfigurationError:
            continue
        taken += 1
        assert is_valid_cron_string(schedule.cron[0]), schedule.cron
    assert 100 < taken < 7 * 4 * 5 * 4 * 7 / 2


def test_a_schedule_a_time_runs_from_the_beginning() -> None:
    assert make_schedules(None, "refresh") == []
    (one,) = make_schedules(Schedule(cron=["0 6 * * 1-5"]), "refresh")
    assert (one.name, one.cron_schedule, one.execution_timezone) == ("refresh_on_time", "0 6 * * 1-5", "Europe/London")
    assert one.default_status is DefaultScheduleStatus.RUNNING
    two = make_schedules(Schedule(cron=["0 6 * * 1-5", "0 12 * * 6"]), "refresh")
    assert [each.name for each in two] == ["refresh_1", "refresh_2"]


def test_the_sensor_is_on_where_trust_yml_says_so(home: Path) -> None:
    on, off = make_inbox_sensor(home, Sensor(settle_seconds=3), "refresh"), make_inbox_sensor(home, None, "refresh")
    assert on.default_status is DefaultSensorStatus.RUNNING
    assert off.default_status is DefaultSensorStatus.STOPPED
    assert (on.minimum_interval_seconds, off.minimum_interval_seconds) == (5, 30)


def test_a_run_is_asked_for_once_nothing_changes_any_more(home: Path, clock: Iterator[float]) -> None:
    seen, reason, _ = look(home, Seen(), next(clock))
    for _ in range(3):
        seen, reason, key = look(home, seen, next(clock))
    assert (reason, key) == ("The inbox is empty.", "")
    file = home / "inbox" / "999901 Ash" / PUPIL
    for text in ("a", "ab", "abc"):
        file.write_text(text, "utf-8")
        moment = next(clock)
        os.utime(file, (moment, moment))
        seen, reason, key = look(home, seen, moment)
        assert "a refresh begins once nothing has changed for 60 seconds" in reason
        assert not key
    seen, reason, key = look(home, seen, next(clock))
    assert not key, "half of the wait"
    seen, reason, key = look(home, seen, next(clock))
    assert key
    assert not reason
    seen, _, again = look(home, seen, next(clock))
    assert again == key, "until the run has begun Dagster is asked with the same key, and takes it once"
    note_run(home, seen)
    assert look(home, seen, next(clock))[1] == "Nothing in the inbox has changed since the run of 2026-07-17 06:00."
    note_run(home, seen, failure="x")
    assert look(home, seen, next(clock))[1].endswith("the run of 2026-07-17 06:00, which did not finish.")

    # A file that goes is a change as well; the same state come back is a new one.
    file.rename(home / "away.csv")
    seen, _, _ = look(home, seen, next(clock))
    seen, _, _ = look(home, seen, next(clock))
    seen, reason, without = look(home, seen, next(clock))
    assert without not in ("", key), reason
    note_run(home, seen)
    (home / "away.csv").rename(file)
    seen, _, _ = look(home, seen, next(clock))
    seen, _, _ = look(home, seen, next(clock))
    _, _, back = look(home, seen, next(clock))
    assert back not in ("", key, without)


def test_what_nobody_sent_or_is_not_whole_yet_asks_for_nothing(home: Path, clock: Iterator[float]) -> None:
    first, _, _ = look(home, Seen(), next(clock))
    folder = home / "inbox" / "999901 Ash"
    for name in (f"{PUPIL}.part", ".hidden", "~$open.xlsx", f".{PUPIL}.icloud", "Thumbs.db", "x.crdownload"):
        (folder / name).write_text("x", "utf-8")
    (home / "inbox" / "123456 of nobody").mkdir()
    (home / "inbox" / "123456 of nobody" / PUPIL).write_text("x", "utf-8")
    next(clock)
    seen, reason, key = look(home, first, next(clock))
    assert (seen, reason, key) == (first, "The inbox is empty.", "")
    (home / "inbox" / "_trust" / PUPIL).write_text("x", "utf-8")
    seen, reason, _ = look(home, seen, next(clock))
    assert seen != first
    assert reason.endswith("3 more not copied whole, to judge by the name.")


def test_files_that_grow_are_counted(home: Path) -> None:
    for name in ("a.csv", "b.csv", "c.csv"):
        (home / "inbox" / "999901 Ash" / name).write_text("x", "utf-8")
    now = (home / "inbox" / "999901 Ash" / "a.csv").stat().st_mtime
    assert look(home, Seen(), now)[1].startswith("3 files are still growing or just came; a refresh begins once")


def test_why_nothing_is_done_is_said_in_words(home: Path, clock: Iterator[float]) -> None:
    (home / "inbox" / "999901 Ash" / PUPIL).write_text("x", "utf-8")
    seen, _, _ = look(home, Seen(), next(clock))
    next(clock), next(clock)
    with hold_home(home):
        assert look(home, seen, next(clock))[1].startswith("Another refresh of this home is running")
    assert look(home, seen, next(clock))[2]
    assert look(home, Seen(seen.state, next(clock) + 10_000), next(clock))[2], "a clock that was put back"
    (home / "trust.yml").write_text("trust: {nme: x}\n", "utf-8")
    assert "the configuration cannot be used" in look(home, seen, next(clock))[1]
    assert Seen.read("of another version") == Seen.read(None) == Seen()


def test_settings_somebody_changed_are_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "dagster"
    write_settings(folder)
    settings = folder / "dagster.yaml"
    assert settings.read_text("utf-8") == DAGSTER_SETTINGS
    monkeypatch.setenv("DAGSTER_HOME", str(folder))
    with DagsterInstance.get() as instance:
        assert isinstance(instance.scheduler, DagsterDaemonScheduler)
        assert instance.scheduler.max_catchup_runs == 1
        assert instance.run_monitoring_enabled
        assert instance.get_concurrency_config().run_queue_config.max_concurrent_runs == 1
    # The beginning is what the version before wrote.
    settings.write_text(DAGSTER_SETTINGS[: DAGSTER_SETTINGS.index("# What is printed")], "utf-8")
    write_settings(folder)
    assert settings.read_text("utf-8") == DAGSTER_SETTINGS
    settings.write_text("telemetry: {enabled: false}\n", "utf-8")
    write_settings(folder)
    assert settings.read_text("utf-8") == "telemetry: {enabled: false}\n"


def test_no_check_of_freshness_stops_a_run() -> None:
    specs = list(make_freshness_checks().check_specs)
    assert [spec.name for spec in specs][:2] == ["pupils_came_in_time", "attendance_came_in_time"]
    assert not any(spec.blocking for spec in specs)
