"""Refresh: the job run from the command line, in this process, with Dagster keeping the record.

Here lives the running of the job and what became of it. What the job does is in `assets`.
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.home import Home
from orchestration.dagster_settings import write_settings
from orchestration.failure_words import find_cause
from orchestration.home_lock import A_MOMENT_SECONDS, HomeBusyError
from orchestration.release import Current, find_current
from orchestration.run_record import BY_COMMAND
from orchestration.trust_home import HOME_VARIABLE

if TYPE_CHECKING:
    from dagster import ExecuteInProcessResult


@dataclass(frozen=True)
class Refreshed:
    """What became of a run: `failure` in words when it did not finish, `busy` when another run was at work;
    the release that is live now, if any."""

    failure: str
    busy: bool
    current: Current | None
    made_new: bool


def prepare_dagster(home: Home) -> None:
    """Make sure Dagster has its folder and settings in the home, and is told of it."""
    write_settings(home.dagster)
    os.environ["DAGSTER_HOME"] = str(home.dagster)
    os.environ[HOME_VARIABLE] = str(home.path)
    os.environ.setdefault("DAGSTER_DISABLE_TELEMETRY", "1")


def run_refresh(home: Home, *, as_of: dt.date | None, inbox: Path | None, schools: Sequence[str]) -> Refreshed:
    """Run the job `refresh` once, in this process, and return what became of it."""
    prepare_dagster(home)
    from dagster import DagsterInstance

    from orchestration.assembly import REFRESH, build_definitions

    before = find_current(home)
    settings = {
        "path": str(home.path),
        "inbox": str(inbox) if inbox else "",
        "schools": list(schools),
        "as_of": as_of.isoformat() if as_of else "",
        # A person at a screen would rather be told than wait; the inbox sensor's glance at the lock is no run.
        "wait_seconds": A_MOMENT_SECONDS,
    }
    job = build_definitions(home.path).resolve_job_def(REFRESH)
    with DagsterInstance.get() as instance:
        result = job.execute_in_process(
            instance=instance,
            raise_on_error=False,
            tags={BY_COMMAND: "refresh"},
            run_config={
                "resources": {"trust_home": {"config": settings}},
                "loggers": {"console": {"config": {"log_level": "CRITICAL"}}},
            },
        )
        failure, busy = ("", False) if result.success else _find_failure(result)
    current = find_current(home)
    return Refreshed(failure, busy, current, current != before)


def _find_failure(result: ExecuteInProcessResult) -> tuple[str, bool]:
    """Return the innermost error of the first failed step in words, and whether it is that the home is held."""
    for event in result.all_events:
        error = getattr(event.event_specific_data, "error", None)
        if error is None:
            continue
        kind, words = find_cause(error)
        busy = kind == HomeBusyError.__name__
        return words if busy or not event.step_key else f"At the step {event.step_key}: {words}", busy
    return "The run ended without saying why.", False
