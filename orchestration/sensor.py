"""Sensor: watches the inbox, and asks for a refresh once what schools send has come whole.

Here lives the deciding from one look to the next; what it keeps between looks is a hash and a time. Which names count
is the rule of `ingest.inbox`: hidden, temporary, half-copied files and files still in the cloud are passed over.
"""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from pathlib import Path

from dagster import DefaultSensorStatus, RunRequest, SensorDefinition, SensorEvaluationContext, SkipReason

from ingest.home.schedule import Sensor
from orchestration.home_lock import HomeBusyError, hold_home
from orchestration.inbox_state import InboxState, describe_inbox
from orchestration.open_home import try_to_open
from orchestration.run_summary import read_summaries

NAME = "inbox"
LOOK_EVERY_SECONDS = 30
MOST_OFTEN_SECONDS = 5


@dataclass(frozen=True)
class Seen:
    """What the sensor keeps between two looks: a hash of the inbox, and since when it has been so (seconds)."""

    state: str = ""
    since: float = 0.0

    @classmethod
    def read(cls, cursor: str | None) -> Seen:
        """Return what was kept; nothing where that is of another version."""
        try:
            return cls(**json.loads(cursor or "{}"))
        except (ValueError, TypeError):
            return cls()

    def write(self) -> str:
        """Return it as Dagster keeps it."""
        return json.dumps({"state": self.state, "since": self.since})


def make_inbox_sensor(home: Path, sensor: Sensor | None, job: str) -> SensorDefinition:
    """Return the sensor of a home: running where trust.yml has a `sensor`, else to be switched on in Dagster."""
    settle = (sensor or Sensor()).settle_seconds

    def look(context: SensorEvaluationContext) -> RunRequest | SkipReason:
        seen, said = look_at_inbox(home, Seen.read(context.cursor), settle, time.time())
        context.update_cursor(seen.write())
        return said

    return SensorDefinition(
        name=NAME,
        job_name=job,
        evaluation_fn=look,
        minimum_interval_seconds=max(MOST_OFTEN_SECONDS, min(LOOK_EVERY_SECONDS, settle)),
        default_status=DefaultSensorStatus.RUNNING if sensor else DefaultSensorStatus.STOPPED,
        description=f"A refresh once nothing in the inbox has changed for {settle} seconds.",
    )


def look_at_inbox(home: Path, before: Seen, settle: int, now: float) -> tuple[Seen, RunRequest | SkipReason]:
    """Look once, at the time `now` (seconds since 1970); return what to keep, and a run to ask for or why none."""
    opened = try_to_open(home)
    urns = [school.urn for school in opened.home.schools] if opened else []
    if not urns:
        return before, SkipReason(
            "There is no school to look for: schools.csv has none, or the configuration cannot be used. "
            "`plumbline status` says which."
        )
    try:
        inbox = describe_inbox(home / "inbox", urns)
    except FileNotFoundError:
        return before, SkipReason("There is no folder inbox in the home. Make it, or put it back.")
    if inbox.sha256 != before.state:
        return Seen(inbox.sha256, now), SkipReason(_say_growing(inbox, settle, now))
    # A clock that was put back is no reason to wait for ever.
    waited = now - before.since if now >= before.since else settle
    if waited < settle:
        return before, SkipReason(_say_growing(inbox, settle, now))
    last = next((said for said in read_summaries(home) if said.get("inbox_state")), None)
    if last is None and not inbox.files:
        return before, SkipReason("The inbox is empty.")
    if last is not None and last["inbox_state"] == inbox.sha256:
        failed = ", which did not finish" if last.get("failure") else ""
        return before, SkipReason(f"Nothing in the inbox has changed since the run of {_say_time(last)}{failed}.")
    if _is_busy(home):
        return before, SkipReason("Another refresh of this home is running; the inbox is looked at again after it.")
    # Of one state and the moment it came: the same state asks once, and again only after another one.
    return before, RunRequest(run_key=f"{inbox.sha256[:16]}-{before.since:.0f}")


def _say_growing(inbox: InboxState, settle: int, now: float) -> str:
    young = inbox.count_changed_since(now - settle)
    growing = f"{young} file{' is' if young == 1 else 's are'} still growing or just came"
    files = growing if young else "The inbox has just changed"
    more = f" {inbox.not_whole} more not copied whole, to judge by the name." if inbox.not_whole else ""
    return f"{files}; a refresh begins once nothing has changed for {settle} seconds.{more}"


def _say_time(said: dict[str, object]) -> str:
    return str(said.get("began", ""))[:16].replace("T", " ")


def _is_busy(home: Path) -> bool:
    try:
        with hold_home(home):
            return False
    except (HomeBusyError, FileNotFoundError):
        return True
