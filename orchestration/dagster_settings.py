"""Dagster settings: what a home's dagster.yaml says, and bringing an earlier version's up to date.

Here lives the text of the file. A file somebody has changed is theirs and stays as it is.
"""

from __future__ import annotations

from pathlib import Path

_BEGINNING = """\
# What Dagster keeps of its runs lies in this folder. Nothing in it holds a pupil's data.
telemetry:
  enabled: false
python_logs:
  managed_python_loggers: [plumbline]
  python_log_level: INFO
# As Dagster's own, with the database kept open during a run.
event_log_storage:
  module: orchestration.event_log
  class: KeptEventLog
"""

DAGSTER_SETTINGS = (
    _BEGINNING
    + """\
# What is printed during a step is not kept: it is nobody's log, and each step would start four processes to keep it.
compute_logs:
  module: dagster._core.storage.noop_compute_log_manager
  class: NoOpComputeLogManager
# One run at a time: they share the home. The others wait their turn.
concurrency:
  runs:
    max_concurrent_runs: 1
# Of the times that fell while the machine was off one is made up for.
scheduler:
  module: dagster.core.scheduler
  class: DagsterDaemonScheduler
  config:
    max_catchup_runs: 1
# A run whose process was killed is marked as failed, and the next is not kept waiting for it.
run_monitoring:
  enabled: true
# How many days the ticks of the schedule and the sensor are kept. Of runs, the last fifty are kept.
retention:
  schedule:
    purge_after_days: 90
  sensor:
    purge_after_days: {skipped: 2, failure: 30, success: 90, started: 2}
"""
)
_EARLIER = (_BEGINNING,)


def write_settings(folder: Path) -> None:
    """Write dagster.yaml where there is none, or the one of an earlier version as that version wrote it."""
    folder.mkdir(parents=True, exist_ok=True)
    settings = folder / "dagster.yaml"
    if not settings.exists() or settings.read_text("utf-8") in _EARLIER:
        settings.write_text(DAGSTER_SETTINGS, "utf-8")
