"""Timers: where the time of a refresh goes, measured round the functions that do the work.

Here lives the list of phases and the clock put round their functions. A phase's seconds are its own: what runs within
it and is a phase too counts there alone.
"""

from __future__ import annotations

import functools
import importlib
import resource
import time
from collections.abc import Callable
from typing import Any

# The phase, and the function round which its clock runs, where its caller looks it up.
PHASES = (
    ("landing: inbox listed and hashed", "ingest.intake", "look_into"),
    ("landing: files of several schools cut up", "ingest.intake", "read_trust_folder"),
    ("landing: files read", "ingest.landing", "read_sheets"),
    ("landing: formats recognised", "ingest.landing", "choose_sheet"),
    ("landing: cut into rows", "ingest.landing", "cut_layout"),
    ("matching to pupils", "ingest.matching", "match_file"),
    ("landing: records made and typed", "ingest.matching", "land_file"),
    ("landing: landed records kept", "ingest.intake", "save_landed"),
    ("landing: landed records read again", "ingest.intake", "load_landed"),
    ("landing: order of work", "orchestration.assets", "take_in"),
    ("checks: candidates written", "orchestration.assets", "write_candidates"),
    ("checks", "orchestration.assets", "check_candidates"),
    ("settling", "orchestration.assets", "settle"),
    ("configuration written", "orchestration.assets", "write_config"),
    ("dbt: models and tests", "orchestration.warehouse", "build"),
    ("publish", "orchestration.warehouse", "publish"),
    ("read published tables", "site_builder.release", "read_published"),
    ("pages", "site_builder.release", "render_pages"),
    ("extracts", "site_builder.release", "gather_extract_files"),
    ("lists of packs and data team", "site_builder.release", "_list_files"),
    ("site: the rest", "orchestration.release", "build_release"),
    ("release: what it is made from", "orchestration.release", "_list_sources"),
    ("Dagster and the rest", "orchestration.refresh", "run_refresh"),
)


class Timers:
    """The clocks of one process: of each phase, without its inner ones, `seconds` and by how many MiB its peak grew."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self.grown: dict[str, float] = {}
        self._inner: list[list[float]] = []

    def wrap(self, phase: str, work: Callable[..., Any]) -> Callable[..., Any]:
        """Return the function with a clock round it."""

        @functools.wraps(work)
        def timed(*args: Any, **kwargs: Any) -> Any:
            self._inner.append([0.0, 0.0])
            began, peak = time.perf_counter(), _peak()
            try:
                return work(*args, **kwargs)
            finally:
                took, grew = time.perf_counter() - began, _peak() - peak
                inner_took, inner_grew = self._inner.pop()
                self.seconds[phase] = self.seconds.get(phase, 0.0) + took - inner_took
                self.grown[phase] = self.grown.get(phase, 0.0) + grew - inner_grew
                if self._inner:
                    self._inner[-1] = [self._inner[-1][0] + took, self._inner[-1][1] + grew]

        return timed

    def put_everywhere(self) -> None:
        """Put a clock round the function of every phase. Raises AttributeError for one that is there no more."""
        for phase, module_name, name in PHASES:
            module = importlib.import_module(module_name)
            setattr(module, name, self.wrap(phase, getattr(module, name)))


def _peak() -> float:
    """The most memory this process has had, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
