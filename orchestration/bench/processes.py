"""Processes: fresh ones, started one after another, with the time and memory each took.

Here lives the measuring from outside. What they do lives in `measured`.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from orchestration.place import PROJECT

_KIB = 1024


@dataclass(frozen=True)
class Took:
    """One process: seconds by the wall, seconds of the processors, the most memory in bytes, and what it told.

    `memory`: the largest resident set of the process or of one it started; nothing here starts several at once.
    """

    wall: float
    processors: float
    memory: int
    told: dict[str, Any]


def run_measured(what: str, folder: Path, *words: object) -> Took:
    """Run one piece of work in a fresh process. Raises RuntimeError, with what it said, when it fails."""
    report, spoken = folder / f"{what}.json", folder / f"{what}.log"
    report.unlink(missing_ok=True)
    command = [sys.executable, "-m", "orchestration.bench.measured", what, str(report), *map(str, words)]
    with spoken.open("wb") as log:
        began = time.perf_counter()
        child = subprocess.Popen(command, cwd=PROJECT, stdout=log, stderr=subprocess.STDOUT)
        _, status, used = os.wait4(child.pid, 0)
        wall = time.perf_counter() - began
        child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode or not report.exists():
        raise RuntimeError(f"{what} did not finish (code {child.returncode}):\n{spoken.read_text('utf-8')[-3000:]}")
    told: dict[str, Any] = json.loads(report.read_text("utf-8"))
    if told.get("code"):
        raise RuntimeError(f"{what} ended with code {told['code']}:\n{spoken.read_text('utf-8')[-3000:]}")
    return Took(wall, used.ru_utime + used.ru_stime, used.ru_maxrss * _KIB, told)


def import_alone(folder: Path, took: Took, times: int = 2) -> Took:
    """Return the quickest of several processes that import what `took` had loaded and do nothing."""
    modules = folder / "modules.json"
    modules.write_text(json.dumps({"modules": took.told["modules"]}), "utf-8")
    return min((run_measured("imports", folder, modules) for _ in range(times)), key=lambda one: one.wall)
