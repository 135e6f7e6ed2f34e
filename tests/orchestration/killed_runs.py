"""Runs that are killed: one process that has paid the imports, and forks a refresh for each step to be killed at.

To be run as a program: `killed_runs.py HOME DAY`. It reads the words of a step, a line each, starts a refresh, kills
it (SIGKILL, no chance to tidy up) as soon as it says them, and answers `killed` or `never said`.
"""

from __future__ import annotations

import os
import signal
import sys
import threading

import dbt.cli.main  # noqa: F401  paid once, before the first fork

import orchestration.assembly  # noqa: F401
from orchestration.command import main


def kill_at(words: str, home: str, day: str) -> bool:
    """Start a refresh and kill it when it says `words`; whether it was killed."""
    heard, told = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(heard)
        os.dup2(told, 2)
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        sys.stderr = os.fdopen(2, "w", buffering=1)
        os._exit(main(["refresh", "--home", home, "--as-of", day]))
    os.close(told)
    with os.fdopen(heard, encoding="utf-8", errors="replace") as lines:
        for line in lines:
            if words in line:
                os.kill(child, signal.SIGKILL)
                break
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL


if __name__ == "__main__":
    assert threading.active_count() == 1, "a fork takes one thread only"
    for asked in sys.stdin:
        print("killed" if kill_at(asked.strip(), sys.argv[1], sys.argv[2]) else "never said", flush=True)
