"""What readers do, done in a browser on pages from file://: find, ask why, compare, sort, sift, go by keyboard alone.

Each walk is a person's: it starts on the trust's first page and goes by what is on the page, with JavaScript where the
reader would have it and without where nothing may hang on it.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from site_browser import KINDS, address, visit
from site_tiny_trust import FORMULA, NAMES, SILENT, SMALL, WHOLE
from site_walked_trust import MORE

pytestmark = pytest.mark.browser

FOCUSED = "document.activeElement"
ALDER = MORE["900011"][0]


def open_home(page: Page, release: Path) -> None:
    """The trust's first page, where every walk starts."""
    page.goto(address(release, KINDS["trust"]))


def style(part: Locator, name: str) -> str:
    """A property of an element as the browser has worked it out."""
    return str(part.evaluate("(part, name) => getComputedStyle(part).getPropertyValue(name)", name))


def test_a_school_is_found_by_typing_a_part_of_its_name(browser: Browser, walked_release: Path) -> None:
    with visit(browser) as page:
        open_home(page, walked_release)
        field = page.get_by_role("searchbox", name="Find a school")
        field.focus()
        page.keyboard.type("bronach")
        found = page.get_by_role("list", name="Schools found").get_by_role("link")
        expect(found).to_have_count(1)
        expect(page.get_by_role("status")).to_have_text("1 school found")
        page.keyboard.press("ArrowDown")
        assert page.evaluate(f"{FOCUSED}.textContent").startswith(NAMES[WHOLE])
        page.keyboard.press("ArrowUp")
        page.keyboard.press("Escape")
        expect(found).to_have_count(0)
        expect(field).to_have_value("")
        page.keyboard.type("no such place")
        expect(page.get_by_role("status")).to_have_text("No school found")
        field.fill("prim bank")
        page.keyboard.press("Enter")
        expect(page.locator("h1")).to_have_text(ALDER)


def test_a_difference_is_followed_to_its_definition_and_its_rows(browser: Browser, walked_release: Path) -> None:
    """With JavaScript off: from the list of schools to what stands out, why, what it means, and what it is made of."""
    with visit(browser, script=False) as page:
        open_home(page, walked_release)
        assert page.get_by_role("searchbox").count() == 0, "what needs the script is not there without it"
        page.get_by_role("row").get_by_role("link", name=ALDER).click()
        expect(page.locator("h1")).to_have_text(ALDER)
        page.locator(".highlights li a").first.click()
        assert page.url.endswith("#s-900011")

        own, others = page.locator(".row.s-900011"), page.locator(".row:not(.s-900011)")
        assert own.count() >= 2, "in the ranked dots and in the dumbbell"
        assert others.count() >= 2
        for row in own.all():
            assert style(row.locator(".name"), "font-weight") == "700"
            assert style(row, "background-color") != "rgba(0, 0, 0, 0)"
            assert "1.35" in style(row.locator("path.dot").first, "transform")
        for row in others.all()[:4]:
            assert style(row.locator(".name"), "font-weight") == "400"
            assert style(row, "background-color") == "rgba(0, 0, 0, 0)"
        expect(own.first).to_be_in_viewport()
        page.get_by_role("navigation", name="Light up").get_by_role("link", name=NAMES[WHOLE]).click()
        assert style(own.first.locator(".name"), "font-weight") == "400", "another school is lit in its place"
        assert style(page.locator(f".row.s-{WHOLE} .name").first, "font-weight") == "700"

        whole = page.get_by_text("How it is calculated: the whole definition")
        hidden = page.locator("#definition ~ details dd").first
        expect(hidden).to_be_hidden()
        whole.click()
        expect(hidden).to_be_visible()
        page.go_back()
        page.go_back()
        expect(page.locator("h1")).to_have_text(ALDER)

        page.get_by_role("link", name="What was sent", exact=True).click()
        expect(page.locator("h1")).to_have_text(f"Data received from {ALDER}")
        (file,) = read_rows(page, "files-received")
        went = read_rows(page, "where-every-record-went")
        assert [row["Records"] for row in went] == ["34", "12", "8"]
        assert {row["Receipt"] for row in went} == {file["Receipt"]} == {"900011-1"}
        assert sum(int(row["Records"]) for row in went) == int(file["Records"]), "every record of the file is somewhere"
        assert went[0]["Records"] == file["Used"]


def read_rows(page: Page, anchor: str) -> list[dict[str, str]]:
    """The rows of the table below the heading, by column."""
    table = page.locator(f"#{anchor} ~ .scroll table").first
    heads = table.locator("thead th").all_inner_texts()
    cells = [row.locator("th, td").all_inner_texts() for row in table.locator("tbody tr").all()]
    return [dict(zip(heads, row, strict=True)) for row in cells]


def test_three_schools_are_compared_and_the_address_keeps_them(browser: Browser, walked_release: Path) -> None:
    with visit(browser) as page:
        open_home(page, walked_release)
        page.get_by_role("navigation", name="Main").get_by_role("link", name="Compare").click()
        chooser = page.locator("#chooser")
        heads = chooser.locator("thead th")
        page.get_by_label("Narrow the list").fill("alder")
        expect(chooser.locator(".schools li:visible")).to_have_count(1)
        page.keyboard.press("Tab")
        page.keyboard.press("Tab")
        page.keyboard.press("Space")
        page.get_by_label("Narrow the list").fill("")
        chooser.get_by_label("Dunlin Academy").check()
        chooser.get_by_label(NAMES[WHOLE]).check()
        expect(heads).to_have_count(6)
        names = [ALDER, "Dunlin Academy", NAMES[WHOLE]]
        assert heads.all_inner_texts()[3:] == names
        assert page.url.endswith("#schools=900011,900014,900001")
        shown = chooser.locator("tbody").inner_text()
        assert re.search(r"\d\.\d", shown)
        page.reload()
        expect(heads).to_have_count(6)
        assert chooser.locator("tbody").inner_text() == shown

        heads.last.get_by_role("link").click()
        expect(page.locator("h1")).to_have_text(NAMES[WHOLE])
        page.go_back()
        expect(heads).to_have_count(6)
        assert heads.all_inner_texts()[3:] == names
        page.goto(address(walked_release, f"site/compare.html#schools={SMALL},{SILENT}"))
        expect(heads).to_have_count(5)
        symbols = chooser.locator("tbody td:nth-child(n + 4) abbr").all_inner_texts()
        assert set(symbols) == {"c", "–"}, "what is hidden is hidden here too, and what is missing is no nought"
        chooser.get_by_role("button", name="Choose none").click()
        expect(heads).to_have_count(0)


def test_schools_of_a_phase_are_compared_without_the_script(browser: Browser, walked_release: Path) -> None:
    with visit(browser, script=False) as page:
        open_home(page, walked_release)
        page.get_by_role("navigation", name="Main").get_by_role("link", name="Compare").click()
        assert "switched off here" in page.evaluate("document.body.innerText")
        page.get_by_role("link", name="Secondary").click()
        expect(page.locator("h1")).to_have_text("Secondary: schools side by side")
        rows = page.locator("table.heat tbody tr.school")
        secondary = {name for name, phase, _ in MORE.values() if phase == "Secondary"} | {NAMES[FORMULA]}
        assert {row.locator("th").inner_text() for row in rows.all()} == secondary


def test_a_table_is_sorted_by_keyboard_and_symbols_come_last(browser: Browser, walked_release: Path) -> None:
    with visit(browser) as page:
        open_home(page, walked_release)
        table = page.locator("#schools ~ .scroll table")
        head = table.locator("thead tr:last-child th").first
        button = head.get_by_role("button")

        def values() -> list[str]:
            cells = table.locator("tbody tr.school td:nth-of-type(1)")
            return [text.split()[0] for text in cells.all_inner_texts()]

        def numbers(found: list[str]) -> list[float]:
            return [float(text.rstrip("%")) for text in found if text[0].isdigit()]

        before = values()
        assert numbers(before) != sorted(numbers(before)), "in the order of names the figures are mixed"
        button.focus()
        for order, turned in (("descending", True), ("ascending", False)):
            page.keyboard.press("Enter")
            expect(head).to_have_attribute("aria-sort", order)
            found = values()
            assert numbers(found) == sorted(numbers(found), reverse=turned)
            assert all(text[0].isdigit() for text in found[:-3])
            assert set(found[-3:]) == {"c", "–"}, "symbols are no numbers: they come last either way"
            assert table.locator("tbody tr").first.get_attribute("class") == "trust", "the trust stays on top"
            assert page.evaluate(f"{FOCUSED}.tagName") == "BUTTON", "the focus stays on the heading"
        expect(page.get_by_role("status")).to_contain_text("ascending")
        page.keyboard.press("Space")
        assert values() == before
        assert head.get_attribute("aria-sort") is None


def test_the_table_of_schools_is_sifted_without_the_script(browser: Browser, walked_release: Path) -> None:
    with visit(browser, script=False) as page:
        open_home(page, walked_release)
        rows = page.locator("#schools ~ .scroll tr.school:visible")
        everybody = rows.count()
        assert everybody == len(NAMES) + len(MORE) + 1
        phase, cluster = page.get_by_role("group", name="Phase"), page.get_by_role("group", name="Cluster")
        phase.get_by_label("All").focus()
        page.keyboard.press("ArrowDown")
        page.keyboard.press("ArrowDown")
        expect(phase.get_by_label("Secondary")).to_be_checked()
        assert set(rows.locator("th").all_inner_texts()) == {
            NAMES[FORMULA], *(name for name, kind, _ in MORE.values() if kind == "Secondary")
        }  # fmt: skip
        cluster.get_by_label("North").check()
        assert rows.locator("th").all_inner_texts() == ["Hawthorn Park Academy"], "both sieves at once"
        expect(page.locator("#schools ~ .scroll tr.trust")).to_be_visible()
        phase.get_by_label("All").check()
        cluster.get_by_label("All").check()
        assert rows.count() == everybody


STOP = """() => {
  const part = document.activeElement, box = part.getBoundingClientRect(), style = getComputedStyle(part);
  if (part === document.body) return null;
  const shown = part.matches('.filter input') ? getComputedStyle(part.closest('label')) : style;
  const name = part.getAttribute('aria-label') || part.textContent.trim() || part.labels?.[0]?.textContent.trim() || '';
  return [name, parseFloat(shown.outlineWidth) >= 2 && shown.outlineStyle !== 'none',
    box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
    [...document.querySelectorAll('*')].indexOf(part)];
}"""


@pytest.mark.parametrize("kind", ["trust", "kpi of a share", "compare"])
def test_the_keyboard_alone_goes_everywhere_and_is_seen(browser: Browser, walked_release: Path, kind: str) -> None:
    """Each stop has a name, an outline and lies in sight; the stops follow the page; the last leads out of it."""
    with visit(browser) as page:
        page.goto(address(walked_release, KINDS[kind]))
        stops = []
        for _ in range(400):
            page.keyboard.press("Tab")
            stop = page.evaluate(STOP)
            if stop is None:
                break
            stops.append(stop)
        else:
            pytest.fail("the keyboard never comes to the end of the page")
        assert [name for name, outlined, _, _ in stops if not outlined] == []
        assert [name for name, _, seen, _ in stops if not seen] == []
        assert [place for name, *_, place in stops if not name] == [], "whoever listens hears a name at every stop"
        places = [place for *_, place in stops]
        assert places == sorted(set(places)), "in the order of the page, each once"
        assert stops[0][0] == "Skip to the page’s content"
        assert [name for name, *_ in stops[1:10]] == [
            "Trust", "Schools", "Compare", "KPIs", "Data", "Scales", "Methods", "Glossary", "Downloads"
        ]  # fmt: skip
        assert stops[10][0] == "Find a school"
        reached = page.evaluate(
            "places => { const all = [...document.querySelectorAll('*')]; return [...document.querySelectorAll("
            "'a[href], button, summary, input:not([type=radio])')].filter(part => part.checkVisibility() && "
            "part.tabIndex >= 0 && !places.includes(all.indexOf(part))).map(part => part.outerHTML.slice(0, 80)); }",
            places,
        )
        assert reached == [], "and nothing that can be pressed is left out"


def test_everything_is_reached_by_links_with_the_script_off(browser: Browser, walked_release: Path) -> None:
    """From the first page, link by link, by keyboard: a figure's school, its KPI, the data, the methods, a file."""
    with visit(browser, script=False) as page:
        open_home(page, walked_release)
        for name, heading in (
            ("Fern Hill School", "Fern Hill School"),
            ("What was sent", "Data received from Fern Hill School"),
            ("The school’s figures", "Fern Hill School"),
            ("All figures of the school", "Fern Hill School"),
            ("KPIs", "KPIs"),
            ("Mean mark", "Mean mark"),
            ("Every figure of every year", "Mean mark"),
            ("Scales", "Scales and judgements"),
            ("Methods", "How figures are made"),
            ("Downloads", "Downloads"),
            ("Trust", "Plumb & Level Trust"),
        ):
            page.get_by_role("link", name=name, exact=True).first.focus()
            page.keyboard.press("Enter")
            expect(page.locator("h1")).to_contain_text(heading)
