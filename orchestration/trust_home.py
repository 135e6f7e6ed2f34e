"""Trust home resource: what every asset is given, held by one run at a time.

Here lives the Dagster resource and nothing of the work.
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from dagster import ConfigurableResource, InitResourceContext
from pydantic import PrivateAttr

from orchestration.collecting import collect_seldom
from orchestration.home_lock import hold_home_in_turn
from orchestration.open_home import OpenHome, open_home
from orchestration.run_record import RunRecord
from orchestration.unchanged import FullRun

HOME_VARIABLE = "PLUMBLINE_HOME"
PARTITION = "dagster/partition"


class TrustHome(ConfigurableResource):  # type: ignore[type-arg]
    """A trust home, opened and locked for the run.

    `path`: the home (else the environment's PLUMBLINE_HOME); `inbox`: another inbox than the home's;
    `schools`: look only at these URNs' inboxes; `as_of`: the day the run takes for today (ISO); `wait_seconds`: how
    long to wait for another run of this home to end.
    """

    path: str = ""
    inbox: str = ""
    schools: list[str] = []  # noqa: RUF012  (pydantic copies it)
    as_of: str = ""
    wait_seconds: float = 1800

    _opened: OpenHome | None = PrivateAttr(default=None)
    _day: dt.date | None = PrivateAttr(default=None)
    _purged: list[str] = PrivateAttr(default_factory=list)
    _steps: FullRun = PrivateAttr(default_factory=FullRun)

    @contextmanager
    def yield_for_execution(self, context: InitResourceContext) -> Iterator[TrustHome]:
        """Lock and open the home for the whole run."""
        named = self.path or os.environ.get(HOME_VARIABLE, "")
        if not named:
            raise RuntimeError(f"No trust home is set. Set {HOME_VARIABLE} to its folder, or use --home.")
        path = Path(named).expanduser().resolve()
        # The one place where today is asked for, once a run: without as_of a run is as of the day it began.
        self._day = dt.date.fromisoformat(self.as_of) if self.as_of else dt.date.today()  # noqa: DTZ011
        collect_seldom()
        with hold_home_in_turn(path, self.wait_seconds):
            record = RunRecord(path, context, self._day, self._say_looked_at(context))
            try:
                self._opened = open_home(path, keep=True)
                record.opened(self._opened, self.inbox_folder)
                yield self
            except BaseException as error:
                record.end(error)
                raise
            record.end()
        record.tell()
        record.forget_old_runs()

    def _say_looked_at(self, context: InitResourceContext) -> str:
        tags = context.run.tags if context.run else {}
        if self.schools or PARTITION in tags:
            urns = self.schools or [tags[PARTITION]]
            return f"the inbox of {', '.join(urns)}"
        return "all schools of another inbox" if self.inbox else "all schools"

    @property
    def opened(self) -> OpenHome:
        """The open home; only within a run."""
        assert self._opened is not None
        return self._opened

    @property
    def day(self) -> dt.date:
        """The only clock of the run."""
        assert self._day is not None
        return self._day

    @property
    def inbox_folder(self) -> Path | None:
        """The inbox named for this run, if any."""
        return Path(self.inbox).expanduser().resolve() if self.inbox else None

    @property
    def steps(self) -> FullRun:
        """Which steps the run has done, for the fingerprint it may leave."""
        return self._steps

    @property
    def purged(self) -> list[str]:
        """Receipts whose file and landed copy have gone, as this run found them."""
        return self._purged
