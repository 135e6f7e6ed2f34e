"""Every kind of page on a telephone with JavaScript off: it opens, can be touched, and lets the keyboard past its head.

Here live also the tests of what watches the pages, and of what is said where there is no browser to watch in.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page
from site_browser import INSTALL, KINDS, address, visit, watch

ROOT = Path(__file__).resolve().parents[2]
HERE = "tests/site_builder/test_pages_browser.py"

# WCAG 2.2, 2.5.8 (24 by 24), for what stands by itself. A link within a sentence is as high as its line.
READ_SMALL = """() => [...document.querySelectorAll(
    'nav a, th a, td a, main li > a, summary, .filter label, .ways a, .row > a, button')]
  .filter(part => part.checkVisibility())
  .map(part => [part.textContent.trim().slice(0, 40), part.getBoundingClientRect().height])
  .filter(([, height]) => height < 24)"""


@pytest.mark.browser
@pytest.mark.parametrize("kind", KINDS)
def test_a_page_can_be_used_on_a_telephone_without_the_script(
    tab_without_script: Page, walked_release: Path, kind: str
) -> None:
    with watch(tab_without_script) as page:
        page.goto(address(walked_release, KINDS[kind]))
        head = page.locator(".masthead").bounding_box()
        assert head is not None
        assert head["width"] == 360, "the stylesheet is in force and the page as wide as the window"
        assert page.evaluate("document.scripts.length") <= 3
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip", "the skip link is the first stop"
        box = page.locator(".skip").bounding_box()
        assert box is not None
        assert box["y"] >= 0, "and is in sight once reached"
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "main"
        assert page.evaluate(READ_SMALL) == []
        for region in page.locator("[role=region]").all():
            if region.evaluate("r => r.scrollWidth > r.clientWidth + 20"):
                region.focus()
                page.keyboard.press("ArrowRight")
                for _ in range(40):
                    page.wait_for_timeout(25)
                    if region.evaluate("r => r.scrollLeft") > 0:
                        break
                else:
                    pytest.fail("a table wider than the page scrolls by keyboard")
                break


@pytest.mark.browser
def test_what_a_page_asks_for_and_breaks_is_noticed(browser: Browser, tmp_path: Path) -> None:
    """Whoever watches the pages sees a picture from elsewhere, a missing file, a breach of policy and an error."""
    policy = "<meta http-equiv=Content-Security-Policy content=\"script-src 'unsafe-inline'; style-src 'self'\">"
    faults = {
        "picture.png": "<img alt='' src='http://127.0.0.1:9/picture.png'>",
        "missing.css": "<link rel=stylesheet href=missing.css>",
        "Content Security Policy": f"{policy}<style>p {{ color: red }}</style>",
        "broken": "<script>throw new Error('broken')</script>",
    }
    for said, fault in faults.items():
        (tmp_path / "page.html").write_text(f"<!doctype html><title>x</title>{fault}", "utf-8")
        with pytest.raises(AssertionError, match=said), visit(browser) as page:
            page.goto((tmp_path / "page.html").as_uri())
    (tmp_path / "page.html").write_text("<!doctype html><title>x</title><p>Plain", "utf-8")
    with visit(browser) as page:
        page.goto((tmp_path / "page.html").as_uri())


@pytest.mark.parametrize("ci", ["true", ""])
def test_a_missing_browser_is_never_passed_over(tmp_path: Path, ci: str) -> None:
    """With no Chromium on the PATH: a failure where CI says so, elsewhere a section of its own at the end."""
    asked = f"{HERE}::test_what_a_page_asks_for_and_breaks_is_noticed"
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"--basetemp={tmp_path}/t", asked],
        cwd=ROOT,
        env={**os.environ, "PATH": str(tmp_path), "CI": ci},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert INSTALL in done.stdout
    if ci:
        assert done.returncode == 1
        assert "1 error" in done.stdout
    else:
        assert done.returncode == 0
        assert "NO PAGE WAS OPENED IN A BROWSER" in done.stdout
        assert "1 test" in done.stdout.split("NO PAGE WAS OPENED IN A BROWSER")[1]
