"""Run record: following one run from its beginning to its end, from whichever door it came, and telling of it.

Here lives what happens around a run: the mark that one has begun, the summary once it has ended, the notice. Words
and shelf of the summary live in `run_summary`.
"""

from __future__ import annotations

import datetime as dt
import json
import logging
import time
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.home import ConfigurationError, Home
from orchestration.failure_words import describe_failure, find_cause
from orchestration.inbox_state import describe_inbox
from orchestration.open_home import OpenHome
from orchestration.release import Current, find_current
from orchestration.run_summary import FOLDER, KEPT, RunSummary, SchoolCounts, read_summaries, write_summary

if TYPE_CHECKING:
    from dagster import InitResourceContext

log = logging.getLogger("plumbline.run")

MARK = "begun.json"
BY_COMMAND = "plumbline/command"
_DOORS = {
    BY_COMMAND: "the command",
    "dagster/schedule_name": "the schedule",
    "dagster/sensor_name": "the inbox sensor",
}


class RunRecord:
    """One run as it goes: made once the home is held; `end` writes the summary, `tell` sends it."""

    def __init__(self, path: Path, context: InitResourceContext, day: dt.date, looked_at: str) -> None:
        self._path, self._context = path, context
        self._clock = time.monotonic()
        self._began = _now()
        tags = context.run.tags if context.run else {}
        by = next((words for tag, words in _DOORS.items() if tag in tags), "somebody in Dagster")
        self.summary = RunSummary(path.name, self._began.isoformat(), "", 0, by, str(day), looked_at, "not finished")
        self._before: Current | None = None
        self._home: Home | None = None
        self._find_a_run_that_died()

    def _find_a_run_that_died(self) -> None:
        (self._path / FOLDER).mkdir(exist_ok=True)
        mark = self._path / FOLDER / MARK
        if mark.exists():
            try:
                began = str(json.loads(mark.read_text("utf-8"))["began"])[:16].replace("T", " ")
            except (ValueError, KeyError, TypeError):
                began = "an earlier time"
            self.summary.warnings.append(
                f"The run that began at {began} was ended from outside (the machine, or its process, was stopped). "
                "The release before it stayed the current one."
            )
        mark.write_text(json.dumps({"began": self.summary.began, "by": self.summary.by}) + "\n", "utf-8")

    def opened(self, opened: OpenHome, inbox: Path | None) -> None:
        """Take down what the run begins with."""
        self._home = opened.home
        self._before = find_current(opened.home)
        self.summary.trust = opened.home.trust.trust.name
        self.summary.configuration_problems = opened.problems
        # Of a run that looked elsewhere, or at one school, the sensor learns nothing.
        if inbox is None and self.summary.looked_at == "all schools":
            self.summary.inbox_state = describe_inbox(opened.home.inbox, [s.urn for s in opened.home.schools]).sha256

    def end(self, error: BaseException | None = None) -> None:
        """Write the summary, still with the home held."""
        summary = self.summary
        summary.seconds = round(time.monotonic() - self._clock, 1)
        summary.ended = _now().isoformat()
        failure = self._find_failure(error)
        if failure is not None:
            summary.failure, summary.what_to_do = failure
        if isinstance(error, ConfigurationError):
            summary.configuration_problems = [str(problem) for problem in error.problems]
        if self._home is not None:
            self._count(self._home, failure is None)
        self._write()
        (self._path / FOLDER / MARK).unlink(missing_ok=True)

    def _count(self, home: Home, finished: bool) -> None:
        from orchestration.lake_counts import count_figures, count_records, count_schools

        summary, current = self.summary, find_current(home)
        if finished:
            summary.outcome = "nothing had changed" if current == self._before else "release made"
        if current is not None:
            summary.release = current.release_id
            summary.site = f"releases/{current.release_id}/site/index.html"
            summary.pages = sum(1 for _ in (home.releases / current.release_id).rglob("*.html"))
        summary.records = count_records(home)
        summary.figures_shown, summary.figures_hidden = count_figures(home)
        summary.schools = count_schools(home)

    def _find_failure(self, error: BaseException | None) -> tuple[str, str] | None:
        """Return what went wrong and what to do, from Dagster's own record of the run's steps."""
        from dagster import DagsterEventType as Kind

        if error is not None:
            return describe_failure(None, type(error).__name__, str(error))
        run, instance = self._context.run, self._context.instance
        if run is None or instance is None:
            return None
        going: list[str] = []
        kinds = {Kind.STEP_START, Kind.STEP_SUCCESS, Kind.STEP_FAILURE, Kind.STEP_SKIPPED}
        for entry in instance.all_logs(run.run_id, of_type=kinds):
            event = entry.dagster_event
            if event is None or event.step_key is None:
                continue
            if event.event_type is Kind.STEP_FAILURE:
                told = event.step_failure_data.error
                kind, words = find_cause(told) if told else ("Error", "")
                return describe_failure(event.step_key, kind, words)
            if event.event_type is Kind.STEP_START:
                going.append(event.step_key)
            elif event.step_key in going:
                going.remove(event.step_key)
        if going:
            return describe_failure(going[0], "Stopped", "")[0], "Run plumbline refresh again when you like."
        return None

    def tell(self) -> None:
        """Tell whoever is to be told, once the home is free again; a failure to do so is a warning in the summary."""
        notify = self._home.trust.notify if self._home else None
        if notify is None:
            return
        from orchestration.notice import tell

        earlier = (said for said in read_summaries(self._path) if said.get("began") != self.summary.began)
        last = next((said for said in earlier if said.get("told") or not said.get("trouble")), None)
        self.summary.told, warnings = tell(notify, self.summary, last)
        for warning in warnings:
            log.warning("%s", warning)
        if warnings or self.summary.told:
            self.summary.warnings += warnings
            self._write()

    def forget_old_runs(self) -> None:
        """Let go of what Dagster keeps of runs that are older than the last fifty: megabytes each."""
        from dagster import RunsFilter
        from dagster._core.storage.dagster_run import FINISHED_STATUSES

        if (instance := self._context.instance) is not None:
            for run in instance.get_runs(filters=RunsFilter(statuses=FINISHED_STATUSES))[KEPT:]:
                instance.delete_run(run.run_id)

    def _write(self) -> None:
        write_summary(self._path, self.summary, _name(self._began))


def _now() -> dt.datetime:
    # When and how long is of the run and of no release: no figure depends on it.
    return dt.datetime.now().astimezone().replace(microsecond=0)


def note_unchanged(path: Path, day: dt.date, seconds: float) -> None:
    """Leave the summary of a command that found nothing to do: the run before, with this one's time.

    Nothing is counted anew, since nothing has changed; where no run has left a summary there is none to repeat.
    """
    last = next(read_summaries(path), None)
    if last is None:
        return
    now = _now()
    names = RunSummary.__dataclass_fields__.keys() & last.keys()
    try:
        summary = RunSummary(**{name: last[name] for name in names})
        summary.schools = [SchoolCounts(**school) for school in last["schools"]]
    except (KeyError, TypeError):
        return  # of another version; the next run that does something leaves one of this
    summary.began = (now - dt.timedelta(seconds=round(seconds))).isoformat()
    summary.ended, summary.seconds = now.isoformat(), round(seconds, 1)
    summary.by, summary.as_of, summary.outcome = _DOORS[BY_COMMAND], str(day), "nothing had changed"
    summary.failure, summary.what_to_do, summary.warnings, summary.told = "", "", [], []
    write_summary(path, summary, _name(now))


def _name(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).strftime("%Y-%m-%dT%H%M%SZ")
