"""Screen: what a person sees while a command runs; plain lines where there is no terminal.

Here lives how progress and messages are shown. What they say is decided where things happen, through the logger
`plumbline`, which never carries a pupil's value.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

from rich.console import Console
from rich.status import Status

# What is said where a run would come, or came, to the release there is.
SAME = "Nothing has changed since release %s; no new one is made"
# Messages that name files or folders: shown here and kept by nobody.
NAMES = "plumbline-names"


def say(text: str) -> None:
    """Print a line of the command's answer."""
    print(text, flush=True)


def warn(text: str) -> None:
    """Print a line that asks for attention, on the error stream."""
    print(text, file=sys.stderr, flush=True)


class _Narrator(logging.Handler):
    """Shows each message: as a line, and on a terminal also as what is going on now."""

    def __init__(self, status: Status | None, console: Console) -> None:
        super().__init__(logging.INFO)
        self._status, self._console = status, console

    def emit(self, record: logging.LogRecord) -> None:
        message = record.getMessage()
        if self._status is not None and record.levelno < logging.WARNING:
            self._status.update(message)
        mark = "! " if record.levelno >= logging.WARNING else "  "
        self._console.print(mark + message, markup=False, highlight=False, soft_wrap=True)


@contextmanager
def follow_progress(beginning: str) -> Iterator[None]:
    """Show what the rooms report while the block runs."""
    console = Console(file=sys.stderr, soft_wrap=True)
    status = console.status(beginning) if console.is_terminal else None
    handler = _Narrator(status, console)
    loggers = [logging.getLogger(name) for name in ("plumbline", NAMES)]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.addHandler(handler)
        logger.setLevel(logging.INFO)
    try:
        with status or nullcontext():
            yield
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.removeHandler(handler)
            logger.setLevel(level)
