"""A home left alone: a real `dagster dev` on this machine, its schedule, its sensor, and what they publish."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from command_runs import ROOT, clean_environment, read_pointer

from ingest.home import load_home
from orchestration.dagster_settings import write_settings

# How long a thing may take on a machine that has much else to do; each wait ends as soon as it has happened.
PATIENCE_SECONDS = 300
LEAVING_SECONDS = 90
ALONE = """
schedule: {cron: "* * * * *", timezone: Europe/London}
sensor: {settle_seconds: 3}
"""
FIND = """{ schedulesOrError(repositorySelector: {
  repositoryName: "__repository__", repositoryLocationName: "orchestration.definitions"}) {
    ... on Schedules { results { scheduleState { id status ticks(limit: 5) { runIds } } } } } }"""
STOP = """mutation($id: String!) { stopRunningSchedule(id: $id) {
    ... on ScheduleStateResult { scheduleState { status } } } }"""
REASONS = """{ sensorOrError(sensorSelector: {repositoryName: "__repository__",
  repositoryLocationName: "orchestration.definitions", sensorName: "inbox"}) {
    ... on Sensor { sensorState { status ticks(limit: 100) { status skipReason cursor runKeys } } } } }"""


class Dagster:
    """A `dagster dev` that is running, and what its runs left in the home."""

    def __init__(self, home: Path, port: int) -> None:
        self.home, self._port = home, port

    def ask(self, query: str, **variables: str) -> Any:
        """Ask the web server, as its pages do."""
        body = json.dumps({"query": query, "variables": variables}).encode()
        request = urllib.request.Request(
            f"http://127.0.0.1:{self._port}/graphql", body, {"Content-Type": "application/json"}
        )
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=30) as answer:
            return json.load(answer)["data"]

    def list_runs(self) -> list[dict[str, Any]]:
        """Return the summaries of the runs that have ended, the first first."""
        return [json.loads(path.read_text("utf-8")) for path in sorted((self.home / "runs").glob("2*.json"))]

    def wait_for(self, what: str, looks: Callable[[], Any]) -> Any:
        """Return what `looks` finds as soon as it finds something."""
        until = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < until:
            with contextlib.suppress(OSError, KeyError, TypeError):
                if found := looks():
                    return found
            time.sleep(0.5)
        raise AssertionError(f"{what} did not happen: {self.list_runs()}")


def list_processes(home: Path) -> list[int]:
    """Return every process that was started for this home."""
    mark = f"PLUMBLINE_HOME={home}".encode()
    found = []
    for path in Path("/proc").glob("[0-9]*/environ"):
        with contextlib.suppress(OSError):
            if mark in path.read_bytes().split(b"\0"):
                found.append(int(path.parent.name))
    return found


@pytest.fixture(scope="module")
def dagster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dagster]:
    home = tmp_path_factory.mktemp("alone") / "home"
    shutil.copytree(ROOT / "tests" / "homes" / "tiny", home)
    with (home / "trust.yml").open("a", encoding="utf-8") as trust:
        trust.write(ALONE)
    (home / "inbox" / "999901 Ash").mkdir(parents=True)
    write_settings(load_home(home).dagster)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    environment = {
        **clean_environment(),
        "PYTHONPATH": str(ROOT),
        "PLUMBLINE_HOME": str(home),
        "DAGSTER_HOME": str(home / "dagster"),
        "DAGSTER_DISABLE_TELEMETRY": "1",
    }
    log = home.parent / "dagster.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "dagster", "dev", "-h", "127.0.0.1", "-p", str(port), "-w", "workspace.yaml"],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            restore_signals=True,
        )
    try:
        yield Dagster(home, port)
    finally:
        process.send_signal(signal.SIGINT)
        until = time.monotonic() + LEAVING_SECONDS
        # Its servers of code leave a moment after it.
        while (process.poll() is None or list_processes(home)) and time.monotonic() < until:
            time.sleep(0.2)
        left = list_processes(home)
        for number in left:
            with contextlib.suppress(ProcessLookupError):
                os.kill(number, signal.SIGKILL)
        process.wait(10)
        assert not left, "processes were left behind"


def test_the_schedule_publishes_and_then_the_sensor_what_came_since(dagster: Dagster) -> None:
    home = dagster.home
    # Switched off once it has begun a run: the sensor is to have the next release to itself.
    schedule = dagster.wait_for("a tick of the schedule", lambda: find_tick(dagster))
    assert schedule["status"] == "RUNNING", "it runs without anybody switching it on"
    stopped = dagster.ask(STOP, id=schedule["id"])
    assert stopped["stopRunningSchedule"]["scheduleState"]["status"] == "STOPPED"
    first = dagster.wait_for("a run of the schedule", lambda: dagster.list_runs()[:1])[0]
    assert (first["by"], first["outcome"], first["failure"]) == ("the schedule", "release made", "")
    assert (first["figures_shown"], first["looked_at"]) == (0, "all schools")
    before = read_pointer(home)
    assert before["release_id"] == first["release"]
    assert (home / first["site"]).is_file()

    for name in ("pupil_list.csv", "results_rows.csv"):
        shutil.copyfile(ROOT / "tests" / "samples" / name, home / "inbox" / "999901 Ash" / name)
    (home / "inbox" / "999901 Ash" / "half of it.csv.part").write_text("not whole", "utf-8")

    second = dagster.wait_for(
        "a run of the sensor", lambda: [run for run in dagster.list_runs() if run["by"] == "the inbox sensor"]
    )[0]
    assert (second["outcome"], second["failure"]) == ("release made", "")
    (ash,) = [school for school in second["schools"] if school["urn"] == "999901"]
    assert (ash["accepted"], ash["waiting"], ash["could_not_be_used"]) == (2, 0, 0)
    assert second["figures_shown"] > 0
    after = read_pointer(home)
    assert after["release_id"] == second["release"] != before["release_id"]
    manifest = json.loads((home / "releases" / after["release_id"] / "manifest.json").read_text("utf-8"))
    assert before["release_id"] in json.dumps(manifest)

    # The same state is not run again, and no look of the sensor keeps the name of a file.
    again = "Nothing in the inbox has changed since the run of"
    sensor = dagster.wait_for("a look that finds nothing new", lambda: find_looks(dagster, again))
    assert sensor["status"] == "RUNNING"
    # It asked until the run had begun, each time for the same one.
    assert len({key for look in sensor["ticks"] for key in look["runKeys"]}) == 1
    assert [run["by"] for run in dagster.list_runs()].count("the inbox sensor") == 1
    reasons = [look["skipReason"] or "" for look in sensor["ticks"]]
    assert any("a refresh begins once nothing has changed for 3 seconds" in reason for reason in reasons)
    assert not any(name in json.dumps(sensor) for name in ("pupil_list", "results_rows", "half of it", "Ash"))


def find_tick(dagster: Dagster) -> Any:
    """Return what Dagster keeps of the schedule once it has begun a run."""
    (schedule,) = dagster.ask(FIND)["schedulesOrError"]["results"]
    state = schedule["scheduleState"]
    return state if any(tick["runIds"] for tick in state["ticks"]) else None


def find_looks(dagster: Dagster, words: str) -> Any:
    """Return what Dagster keeps of the sensor once its latest look says `words`."""
    state = dagster.ask(REASONS)["sensorOrError"]["sensorState"]
    return state if words in (state["ticks"][0]["skipReason"] or "") else None
