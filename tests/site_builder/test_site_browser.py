"""Every kind of page in a real browser, from file://, with JavaScript off, wide and narrow.

Needs Chromium. Where it is absent, CI fails with the line that installs it; anywhere else the test says it skipped.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

INSTALL = "apt-get update && apt-get install -y chromium"
QUIET = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PAGES = {
    "trust": "site/index.html",
    "school": "site/schools/900001.html",
    "school without data": "site/schools/900004.html",
    "kpi": "site/kpis/mean_mark.html",
    "data": "site/data.html",
    "pack": "packs/900001/index.html",
    "ops": "ops/index.html",
}

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium, headless, with nothing of its own going on in the background."""
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        said = f"Chromium is not installed, so no page was opened in a browser. Install it with: {INSTALL}"
        if os.environ.get("CI") == "true":
            pytest.fail(said)
        pytest.skip(said)
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=program, chromium_sandbox=False, args=QUIET)
        yield opened
        opened.close()


@pytest.mark.parametrize("width", [1280, 360])
@pytest.mark.parametrize("kind", PAGES)
def test_a_page_opens_whole(browser: Browser, tiny_release: Path, kind: str, width: int) -> None:
    context = browser.new_context(viewport={"width": width, "height": 800}, java_script_enabled=False)
    page = context.new_page()
    said: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda problem: said.append(str(problem)))
    page.on("request", lambda request: asked.append(request.url))
    page.goto((tiny_release / PAGES[kind]).resolve().as_uri())

    assert said == []
    assert all(url.startswith("file:") for url in asked)
    assert any(url.endswith("plumbline.css") for url in asked)
    masthead = page.locator(".masthead").bounding_box()
    assert masthead is not None
    assert masthead["width"] == width, "the stylesheet is in force and the page is as wide as the window"
    assert page.evaluate("getComputedStyle(document.querySelector('.masthead')).backgroundColor") == "rgb(18, 67, 109)"
    assert page.evaluate("document.documentElement.scrollWidth") <= width, "no sideways scrolling of the page"

    levels = [int(tag[1]) for tag in page.evaluate("[...document.querySelectorAll('h1,h2,h3,h4')].map(h => h.tagName)")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(later <= earlier + 1 for earlier, later in pairwise(levels))

    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip", "the skip link is the first stop"
    box = page.locator(".skip").bounding_box()
    assert box is not None
    assert box["y"] >= 0, "and is in sight once reached"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    context.close()


@pytest.mark.parametrize("kind", PAGES)
def test_links_are_large_enough_to_touch_and_tables_scroll_by_keyboard(
    browser: Browser, tiny_release: Path, kind: str
) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 800}, java_script_enabled=False)
    page = context.new_page()
    page.goto((tiny_release / PAGES[kind]).resolve().as_uri())
    small = page.evaluate(
        "[...document.querySelectorAll('nav a, th a, td a, main li > a')].map(a => [a.textContent, "
        "a.getBoundingClientRect().height]).filter(([, height]) => height < 24)"
    )
    assert small == []
    for region in page.locator("[role=region]").all():
        if region.evaluate("r => r.scrollWidth > r.clientWidth"):
            region.focus()
            page.keyboard.press("ArrowRight")
            page.wait_for_timeout(300)
            assert region.evaluate("r => r.scrollLeft") > 0
            break
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("kind", PAGES)
def test_text_stands_out_from_its_ground(browser: Browser, tiny_release: Path, kind: str, scheme: str) -> None:
    """WCAG AA: 4.5 to 1 for every text, against the nearest ground that is painted."""
    context = browser.new_context(
        viewport={"width": 1280, "height": 800}, java_script_enabled=False, color_scheme=scheme
    )
    page = context.new_page()
    page.goto((tiny_release / PAGES[kind]).resolve().as_uri())
    weak = page.evaluate(
        """() => {
          const parts = c => c.match(/[\\d.]+/g).map(Number);
          const light = c => { const [r, g, b] = parts(c).slice(0, 3).map(v => { v /= 255;
            return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; });
            return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
          const ground = e => { for (; e; e = e.parentElement) { const c = getComputedStyle(e).backgroundColor;
            const p = parts(c); if (p.length < 4 || p[3] > 0) return c; } return 'rgb(255, 255, 255)'; };
          const found = [];
          for (const e of document.querySelectorAll('body *')) {
            if (![...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim())) continue;
            const [a, b] = [light(getComputedStyle(e).color), light(ground(e))].sort((x, y) => y - x);
            const ratio = (a + 0.05) / (b + 0.05);
            if (ratio < 4.5) found.push([e.tagName, e.className, e.textContent.slice(0, 30), ratio]);
          }
          return found;
        }"""
    )
    assert weak == []
    context.close()
