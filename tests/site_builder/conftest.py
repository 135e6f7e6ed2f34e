"""Fixtures of the publishing room's tests: releases built once a session, and the browser that reads them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from site_browser import QUIET, find_chromium, open_tab
from site_tiny_trust import IDENTITY, make_tables, write_tables
from site_walked_trust import make_walked_tables

from site_builder import BuildSummary, build_release

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page


@pytest.fixture(scope="session")
def tiny_published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tiny trust's published tables."""
    return write_tables(make_tables(), tmp_path_factory.mktemp("site") / "published")


@pytest.fixture(scope="session")
def tiny_build(tiny_published: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, BuildSummary]:
    """The release built from them, and what the build said of itself."""
    target = tmp_path_factory.mktemp("site") / "release"
    return target, build_release(tiny_published, target, IDENTITY)


@pytest.fixture(scope="session")
def tiny_release(tiny_build: tuple[Path, BuildSummary]) -> Path:
    """The folder of that release."""
    return tiny_build[0]


@pytest.fixture(scope="session")
def chromium() -> str:
    """Where Chromium is; without it the test fails or skips (see `find_chromium`)."""
    return find_chromium()


@pytest.fixture(scope="session")
def walked_release(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The release of a trust large enough to walk through: every chart, two phases, a school that has left."""
    folder = tmp_path_factory.mktemp("walked")
    build_release(write_tables(make_walked_tables(), folder / "published"), folder / "release", IDENTITY)
    return folder / "release"


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    """Chromium without a window. One a file of tests: while it is open, nothing else here may run an event loop."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium, chromium_sandbox=False, args=QUIET)
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def tab(browser: Browser) -> Iterator[Page]:
    """One tab for tests that only look: a new one for every page would cost more than the looking."""
    with open_tab(browser) as page:
        yield page


@pytest.fixture(scope="module")
def tab_without_script(browser: Browser) -> Iterator[Page]:
    """The same with JavaScript off, as wide as a telephone."""
    with open_tab(browser, width=360, script=False) as page:
        yield page
