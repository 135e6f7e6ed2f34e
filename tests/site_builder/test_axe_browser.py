"""axe finds nothing on any kind of page, light, dark and narrow; and colours are worked out where axe cannot.

Every rule of axe is on, but for two kinds: AAA, which is beyond what is promised, and three experimental ones that only
ask a person to look.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, Page
from site_browser import KINDS, address, visit, watch

STYLE = Path(__file__).resolve().parents[2] / "site_builder" / "static" / "style"
# A figure set large is no heading; the turning of a screen and what is hidden cannot be told by axe itself.
ONLY_ASKING = ["p-as-heading", "css-orientation-lock", "hidden-content"]

RUN_AXE = """([asked, asking]) => {
  const rules = {};
  for (const { ruleId, tags } of axe.getRules()) {
    const wanted = !tags.some(tag => tag.endsWith('aaa')) && !asking.includes(ruleId);
    rules[ruleId] = { enabled: wanted && (asked === 'all' || tags.includes('cat.color') === (asked === 'colours')) };
  }
  return axe.run(document, { rules, preload: false, resultTypes: ['violations', 'incomplete'] }).then(found => {
    const plain = list => list.flatMap(({ id, nodes }) => nodes.map(node => [id, node.target.join(' '),
      node.html.slice(0, 120), [...node.any, ...node.all, ...node.none].map(check => check.message).join('; ')]));
    return [plain(found.violations), plain(found.incomplete)];
  });
}"""

# Rows of a table with the same tags and classes are the same to axe: one of each is enough, and a tenth of the time.
THIN_OUT = """() => {
  for (const whole of document.querySelectorAll('tbody, .rows ul, .panels, dl.facts')) {
    const met = new Set();
    for (const row of [...whole.children]) {
      const looks = [row, ...row.querySelectorAll('*')].map(part =>
        part.tagName + (part.getAttribute('class') ?? '').replace(/\\bs-\\w+/g, '')).join();
      if (met.has(looks)) row.remove();
      met.add(looks);
    }
  }
}"""

# WCAG's contrast of what axe left undecided (a glyph, text in a drawing) with the nearest ground that is painted.
WORK_OUT = """targets => {
  const parts = colour => colour.match(/[\\d.]+/g).map(Number);
  const light = colour => { const [r, g, b] = parts(colour).slice(0, 3).map(v => { v /= 255;
    return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
  const ground = part => { for (; part; part = part.parentElement) {
    const colour = getComputedStyle(part).backgroundColor, seen = parts(colour);
    if (seen.length < 4 || seen[3] > 0.99) return colour; } return 'rgb(255, 255, 255)'; };
  const weak = [];
  for (const target of targets) {
    const part = document.querySelector(target), style = getComputedStyle(part);
    if (/\\bon-part-/.test(part.getAttribute('class') ?? '')) continue;
    const ink = part.ownerSVGElement ? style.fill : style.color;
    const [high, low] = [light(ink), light(ground(part))].sort((x, y) => y - x);
    const ratio = (high + 0.05) / (low + 0.05);
    const needed = /[\\p{L}\\p{N}]/u.test(part.textContent) ? 4.5 : 3;
    if (ratio < needed) weak.push([target, part.textContent.slice(0, 40), ink, ground(part), ratio]);
  }
  return weak;
}"""


def run_axe(page: Page, rules: str) -> tuple[list[Any], list[Any]]:
    """What axe finds against the page, and what it leaves undecided: rule, place, source, message.

    `rules` are all, colours or the rest.
    """
    violations, incomplete = page.evaluate(RUN_AXE, [rules, ONLY_ASKING])
    return violations, incomplete


@pytest.mark.browser
@pytest.mark.parametrize("kind", KINDS)
def test_axe_finds_nothing_in_either_theme_wide_or_narrow(tab: Page, walked_release: Path, kind: str) -> None:
    with watch(tab) as page:
        page.set_viewport_size({"width": 1280, "height": 800})
        page.goto(address(walked_release, KINDS[kind]))
        page.evaluate("document.querySelectorAll('details').forEach(part => { part.open = true; })")
        page.evaluate(AXE_SCRIPT)
        page.evaluate(THIN_OUT)
        for theme, rules in (("light", "all"), ("dark", "colours")):
            page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
            violations, incomplete = run_axe(page, rules)
            assert violations == [], theme
            assert {rule for rule, *_ in incomplete} <= {"color-contrast"}, theme
            assert page.evaluate(WORK_OUT, [target for _, target, _, _ in incomplete]) == [], theme
        page.emulate_media(color_scheme="light")
        page.set_viewport_size({"width": 360, "height": 800})
        assert run_axe(page, "the rest") == ([], [])


@pytest.mark.browser
def test_axe_and_the_arithmetic_find_what_is_wrong(browser: Browser, tmp_path: Path) -> None:
    picture = "<img src='data:image/gif;base64,R0lGODlhAQABAAAAACw='>"
    wrong = f"<p id=pale>Pale</p><svg><text id=faint y=20 fill='#ccc'>Faint</text></svg>{picture}"
    style = "<style>body { background: #fff } #pale { color: #bbb }</style>"
    (tmp_path / "wrong.html").write_text(f"<!doctype html><html lang=en><title>Wrong</title>{style}<main>{wrong}")
    with visit(browser) as page:
        page.goto((tmp_path / "wrong.html").as_uri())
        page.evaluate(AXE_SCRIPT)
        assert {rule for rule, *_ in run_axe(page, "the rest")[0]} >= {"image-alt", "page-has-heading-one"}
        assert [target for _, target, _, _ in run_axe(page, "colours")[0]] == ["#pale"]
        assert [target for target, *_ in page.evaluate(WORK_OUT, ["#faint", "#pale"])] == ["#faint", "#pale"]


def read_tokens(style: str) -> dict[str, str]:
    """The custom properties a piece of the stylesheet sets."""
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{3,6}|rgb\([^)]*\));", style))


def read_themes() -> dict[str, dict[str, str]]:
    """The colours by name as each theme has them: what a theme leaves out is the light one's."""
    tokens = (STYLE / "10-tokens.css").read_text("utf-8")
    light, dark = tokens.split("@media (prefers-color-scheme: dark)")
    paper = (STYLE / "90-print.css").read_text("utf-8")
    light_ones = read_tokens(light)
    dark_ones = read_tokens(dark.split("@media (forced-colors")[0])
    return {"light": light_ones, "dark": {**light_ones, **dark_ones}, "paper": {**light_ones, **read_tokens(paper)}}


def read_colour(colour: str, ground: tuple[float, float, float] = (255, 255, 255)) -> tuple[float, float, float]:
    """Red, green and blue from 0 to 255; what lets the ground through is mixed with it."""
    if colour.startswith("#"):
        digits = colour[1:] if len(colour) == 7 else "".join(2 * digit for digit in colour[1:])
        return int(digits[:2], 16), int(digits[2:4], 16), int(digits[4:], 16)
    *own, percent = (float(part) for part in re.findall(r"[\d.]+", colour))
    red, green, blue = (
        ink * percent / 100 + under * (1 - percent / 100) for ink, under in zip(own, ground, strict=True)
    )
    return red, green, blue


def luminance(colour: tuple[float, float, float]) -> float:
    """WCAG 2.2, relative luminance."""
    parts = [v / 255 for v in colour]
    r, g, b = (v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in parts)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def contrast(tokens: dict[str, str], ink: str, ground: str) -> float:
    """WCAG 2.2, contrast ratio of two named colours."""
    under = read_colour(tokens["paper"])
    one, other = (luminance(read_colour(tokens[name], under)) for name in (ink, ground))
    return (max(one, other) + 0.05) / (min(one, other) + 0.05)


TEXT = [
    *((ink, ground) for ink in ("ink", "ink-soft", "link") for ground in ("paper", "wash", "wash-trust", "wash-own")),
    *((ink, ground) for ink in ("ink", "ink-soft") for ground in ("tint-above", "tint-below")),
    *((f"on-part-{part}", f"part-{part}") for part in (1, 2, 3, 4)),
    ("brand-ink", "brand"),
    ("trust", "paper"),
    ("own", "paper"),
    ("last-year", "paper"),
    ("ink-received", "tint-received"),
    ("ink-late", "tint-late"),
    ("above", "tint-part"),
    ("ink", "tint-due"),
]
GROUNDS = ("paper", "wash", "wash-trust", "wash-own", "chance", "ribbon")
MARKS = [
    *((mark, ground) for mark in ("above", "below", "similar") for ground in GROUNDS),
    ("above", "tint-above"),
    ("below", "tint-below"),
    *((line, ground) for line in ("trust", "own", "last-year") for ground in ("paper", "ribbon", "ribbon-inner")),
    ("line-strong", "paper"),
    ("dot", "paper"),
    ("accent", "paper"),
    ("brand", "paper"),
    ("focus", "paper"),
    ("focus", "wash"),
]


@pytest.mark.parametrize("theme", ["light", "dark", "paper"])
def test_named_colours_stand_out_from_each_other(theme: str) -> None:
    tokens = read_themes()[theme]
    assert {pair: ratio for pair in TEXT if (ratio := contrast(tokens, *pair)) < 4.5} == {}
    assert {pair: ratio for pair in MARKS if (ratio := contrast(tokens, *pair)) < 3} == {}


def test_contrast_is_worked_out_as_by_hand() -> None:
    known = {"paper": "#ffffff", "black": "#000", "grey": "#777777", "half": "rgb(0 0 0 / 50%)"}
    assert contrast(known, "black", "paper") == pytest.approx(21)
    assert contrast(known, "grey", "paper") == pytest.approx(4.478, abs=0.001)
    assert contrast(known, "half", "paper") == pytest.approx(3.976, abs=0.01)


def test_a_theme_changes_named_colours_only() -> None:
    """So that a page that stands in one theme stands in the other, as far as colours do."""
    found = [path.name for path in STYLE.glob("*.css") if "prefers-color-scheme" in path.read_text("utf-8")]
    assert found == ["10-tokens.css"]
    dark = (STYLE / "10-tokens.css").read_text("utf-8").split("prefers-color-scheme: dark) {")[1].split("}")[0]
    assert re.sub(r"--[\w-]+: [^;]+;", "", dark).split() == [":root", "{"]
