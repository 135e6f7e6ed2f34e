"""What holds for the whole suite: how often Python looks for garbage, and what is said at the end.

Tests of pages that no browser was there for are a section of their own.
"""

from __future__ import annotations

import gc

import pytest

# The suite keeps millions of small objects for its whole life; Python's own setting would go through them all the time.
gc.set_threshold(50_000, 20, 50)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Name the browser tests that were not run, and how they can be: one line among many skips would be passed over."""
    missed = [report for report in terminalreporter.getreports("skipped") if "browser" in report.keywords]
    if missed:
        terminalreporter.section("NO PAGE WAS OPENED IN A BROWSER", red=True, bold=True)
        count = f"{len(missed)} {'test' if len(missed) == 1 else 'tests'}"
        terminalreporter.line(f"{count} of pages did not run. {missed[0].longrepr[2]}")
