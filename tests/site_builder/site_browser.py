"""Chromium as the tests of pages use it: found or loudly missed, one visit at a time, and watched while it reads.

Here lives what every test in a browser shares: which pages stand for each kind, and that nothing a page does may ask
for anything from elsewhere, fail to load or complain. What a reader does on the pages lives in the tests.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from site_tiny_trust import SILENT, SMALL, WHOLE
from site_walked_trust import GONE

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ConsoleMessage, Error, Page, Request

INSTALL = "apt-get update && apt-get install -y chromium"
NOT_RUN = f"Chromium is not installed, so no page was opened in a browser. Install it with: {INSTALL}"
# Chromium does nothing of its own while the tests are at it.
QUIET = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

KINDS = {
    "trust": "site/index.html",
    "trust figures": "site/figures.html",
    "school": f"site/schools/{WHOLE}.html",
    "small school": f"site/schools/{SMALL}.html",
    "school without data": f"site/schools/{SILENT}.html",
    "school that left": f"site/schools/{GONE}.html",
    "school figures": f"site/schools/{WHOLE}-figures.html",
    "compare": "site/compare.html",
    "comparison": "site/compare/phase-primary.html",
    "kpis": "site/kpis.html",
    "kpi of sessions": "site/kpis/attendance.html",
    "kpi of a share": "site/kpis/judgement_coverage.html",
    "kpi of marks": "site/kpis/mean_mark.html",
    "kpi figures": "site/kpis/mean_mark-figures.html",
    "data": "site/data.html",
    "received": f"site/received/{WHOLE}.html",
    "scales": "site/scales.html",
    "agreement": "site/agreement.html",
    "methods": "site/methods.html",
    "glossary": "site/glossary.html",
    "downloads": "site/downloads.html",
    "pack": f"packs/{WHOLE}/index.html",
    "ops": "ops/index.html",
}


def find_chromium() -> str:
    """Where Chromium is. Where it is not, CI fails with the line that installs it and anywhere else the test skips."""
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        if os.environ.get("CI") == "true":
            pytest.fail(NOT_RUN, pytrace=False)
        pytest.skip(NOT_RUN)
    return program


def address(release: Path, path: str) -> str:
    """The page's address on this disk; `path` may end in #anchor."""
    file, _, anchor = path.partition("#")
    return (release / file).resolve().as_uri() + (f"#{anchor}" if anchor else "")


@contextmanager
def open_tab(browser: Browser, *, width: int = 1280, script: bool = True) -> Iterator[Page]:
    """A tab of its own, with no memory of others."""
    context = browser.new_context(viewport={"width": width, "height": 800}, java_script_enabled=script)
    try:
        yield context.new_page()
    finally:
        context.close()


@contextmanager
def watch(page: Page) -> Iterator[Page]:
    """What is done within is watched: nothing came from elsewhere, nothing failed to load, nothing was complained of.

    A breach of a page's content policy is among the complaints.
    """
    said: list[str] = []
    asked: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        said.append(message.text)

    def stumble(problem: Error) -> None:
        said.append(str(problem))

    def ask(request: Request) -> None:
        asked.append(request.url)

    def miss(request: Request) -> None:
        said.append(f"not loaded: {request.url} ({request.failure})")

    heard = {"console": hear, "pageerror": stumble, "request": ask, "requestfailed": miss}
    for event, listen in heard.items():
        page.on(event, listen)  # type: ignore[call-overload]
    try:
        yield page
    finally:
        for event, listen in heard.items():
            page.remove_listener(event, listen)
    assert not said, "; ".join(said)
    elsewhere = [url for url in asked if not url.startswith(("file:", "data:"))]
    assert not elsewhere, f"asked for elsewhere: {elsewhere}"


@contextmanager
def visit(browser: Browser, *, width: int = 1280, script: bool = True) -> Iterator[Page]:
    """A tab of its own that is watched as long as it is open."""
    with open_tab(browser, width=width, script=script) as page, watch(page):
        yield page
