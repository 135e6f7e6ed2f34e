"""Home lock: one run at a time on one trust home, whether from the command line or from Dagster.

Here lives the lock and the words for finding it taken. The lock falls with the process that holds it, so a run
that was killed leaves nothing to clean.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

log = logging.getLogger("plumbline.run")
A_MOMENT_SECONDS = 1.0


class HomeBusyError(Exception):
    """Another run is at work on this home."""


@contextmanager
def hold_home(home: Path, wait_seconds: float = 0) -> Iterator[None]:
    """Hold the home while the block runs; raises HomeBusyError when another run has it for longer than the wait."""
    if not (home / "trust.yml").exists():
        raise FileNotFoundError(f"{home} is not a trust home: it has no trust.yml.")
    # Beside the lake and not in it: the lake may be emptied at any time.
    lock = FileLock(home / ".lock")
    try:
        lock.acquire(timeout=wait_seconds)
    except Timeout:
        raise HomeBusyError(
            "Another refresh of this home is running. Wait until it has ended, then try again."
        ) from None
    try:
        yield
    finally:
        lock.release()


@contextmanager
def hold_home_in_turn(home: Path, wait_seconds: float) -> Iterator[None]:
    """As `hold_home`, and says so where another run has the home for more than a moment."""
    with ExitStack() as held:
        try:
            held.enter_context(hold_home(home, min(wait_seconds, A_MOMENT_SECONDS)))
        except HomeBusyError:
            if wait_seconds <= A_MOMENT_SECONDS:
                raise
            minutes = round(wait_seconds / 60)
            log.info("Another refresh of this home is running; this one waits for it, up to %d minutes", minutes)
            held.enter_context(hold_home(home, wait_seconds - A_MOMENT_SECONDS))
        yield
