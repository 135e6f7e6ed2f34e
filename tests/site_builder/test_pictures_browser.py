"""Each kind of page as it is seen: on a desk, on a telephone, in the dark and on paper, with nothing cut off.

A test run lays the pictures into its own folder, the first screens only; with PLUMBLINE_PICTURES=<folder> (as
`make pictures` does) whole pages go there, to be looked at.
"""

from __future__ import annotations

import os
import re
from itertools import pairwise
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page
from site_browser import KINDS, address, visit, watch

pytestmark = pytest.mark.browser

# An A4 sheet less the margins the print style asks for, in CSS pixels.
SHEET = 695
FIRST_SCREENS = 1100
SCREEN_ONLY = (".main-nav", ".finder", ".skip", ".filter", ".contents", ".choices", ".turning")


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the pictures go."""
    asked = os.environ.get("PLUMBLINE_PICTURES")
    folder = Path(asked).resolve() if asked else tmp_path_factory.mktemp("pictures")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def take(page: Page, folder: Path, kind: str, look: str) -> None:
    """A picture of the page as it is now."""
    whole = "PLUMBLINE_PICTURES" in os.environ
    path = folder / f"{kind.replace(' ', '-')}-{look}.jpg"
    page.screenshot(path=path, type="jpeg", quality=70 if whole else 40, full_page=whole)
    assert path.stat().st_size > 2000


# Text in drawings: what lies outside the page, and what lies on other text of the same drawing.
READ_DRAWN = """() => {
  const wide = document.documentElement.clientWidth;
  const found = [];
  for (const drawing of document.querySelectorAll('.chart .plot, .chart .axis')) {
    const boxes = [...drawing.querySelectorAll('text')].filter(text => text.checkVisibility())
      .map(text => [text.textContent, text.getBoundingClientRect()]).filter(([, box]) => box.width);
    boxes.forEach(([words, box], at) => {
      if (box.left < 0 || box.right > wide) found.push(['outside', words, box.left, box.right]);
      for (const [others, other] of boxes.slice(at + 1)) {
        const across = Math.min(box.right, other.right) - Math.max(box.left, other.left);
        const down = Math.min(box.bottom, other.bottom) - Math.max(box.top, other.top);
        if (across > 1 && down > 2) found.push(['on top', words, others, across, down]);
      }
    });
  }
  return found;
}"""

# What is wider than the box it stands in, where that box neither scrolls nor wraps.
READ_CUT = """() => [...document.querySelectorAll(
    'h1, h2, h3, p, li, dt, dd, caption, th, td, label, summary, .name, .value')]
  .filter(part => part.checkVisibility() && !part.closest('.unseen, svg') && part.clientWidth > 1
    && part.scrollWidth > part.clientWidth + 1 && getComputedStyle(part).display !== 'inline')
  .map(part => [part.tagName, part.className, part.textContent.trim().slice(0, 40), part.scrollWidth,
    part.clientWidth])"""


def read_width(page: Page) -> int:
    """How wide the page would like to be."""
    return int(page.evaluate("document.documentElement.scrollWidth"))


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_is_whole_in_every_look(tab: Page, walked_release: Path, pictures: Path, kind: str) -> None:
    with watch(tab) as page:
        page.set_viewport_size({"width": 1280, "height": FIRST_SCREENS})
        page.goto(address(walked_release, KINDS[kind]))
        page.emulate_media(color_scheme="light", media="screen")
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
        levels = page.evaluate("[...document.querySelectorAll('h1,h2,h3,h4')].map(h => Number(h.tagName[1]))")
        assert levels[0] == 1
        assert levels.count(1) == 1
        assert all(later <= earlier + 1 for earlier, later in pairwise(levels))
        take(page, pictures, kind, "desktop")
        for width in (1280, 360, 320):
            page.set_viewport_size({"width": width, "height": FIRST_SCREENS})
            assert read_width(page) <= width, f"no sideways scrolling of the page at {width}"
            assert page.evaluate(READ_DRAWN) == [], f"text in drawings at {width}"
            assert page.evaluate(READ_CUT) == [], f"text at {width}"
            if width == 360:
                take(page, pictures, kind, "360")
        page.set_viewport_size({"width": 1280, "height": FIRST_SCREENS})
        page.emulate_media(color_scheme="dark")
        ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert max(int(part) for part in re.findall(r"\d+", ground)) < 60, "the dark page is dark"
        take(page, pictures, kind, "dark")
        page.emulate_media(color_scheme="light", media="print")
        page.set_viewport_size({"width": SHEET, "height": FIRST_SCREENS})
        assert [part for part in SCREEN_ONLY if page.locator(part).first.is_visible()] == []
        wide = page.evaluate(
            "sheet => [...document.querySelectorAll('table, .chart, p, dl')].filter(part => part.checkVisibility() && "
            "!part.closest('.scroll.wide') && part.getBoundingClientRect().right > sheet + 1).map(part => "
            "[part.tagName, part.className, part.textContent.trim().slice(0, 60), part.getBoundingClientRect().right])",
            SHEET,
        )
        assert wide == [], "nothing is cut off at the edge of the sheet"
        opened = "[...document.querySelectorAll('details > :not(summary)')]"
        shut = page.evaluate(f"{opened}.filter(part => !part.checkVisibility()).length")
        assert shut == 0, "what can be opened on a screen is open on paper"
        take(page, pictures, kind, "print")


@pytest.mark.parametrize(("kind", "sheets"), [("trust", 4), ("school", 5), ("kpi of a share", 12)])
def test_a_page_is_printed(browser: Browser, walked_release: Path, kind: str, sheets: int) -> None:
    """As a file a printer would take: some A4 sheets, few of them, wide tables on turned ones."""
    with visit(browser, script=False) as page:
        page.goto(address(walked_release, KINDS[kind]))
        printed = page.pdf(prefer_css_page_size=True)
        assert printed.startswith(b"%PDF")
        boxes = {tuple(map(float, box)) for box in re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", printed)}
        assert {tuple(sorted(round(side) for side in box)) for box in boxes} == {(595, 842)}, "A4, turned or not"
        assert 1 < len(re.findall(rb"/Type /Page\b", printed)) <= sheets
