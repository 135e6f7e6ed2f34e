"""The trust's home, a school's page and the comparisons: every number is the download's, and nothing hidden shows."""

from __future__ import annotations

import html
import json
import re
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from site_attendance import LAST_YEAR, WEEKS, add_attendance
from site_html import ReadCell, ReadPage, ReadTable, read_page
from site_tiny_trust import FORMULA, IDENTITY, NAMES, SILENT, SMALL, TRUST, WHOLE, make_tables, write_tables
from test_site_figures import Line, body, read_csv, rounded, the_line

from site_builder import build_release
from site_builder.context import Context
from site_builder.published import read_published
from site_builder.trust_page import TrustView, gather_trust_pages

KPIS = {"Attendance": "attendance", "Mean mark": "mean_mark", "Judgement coverage": "judgement_coverage"}
URNS = {name: urn for urn, name in NAMES.items()}
SEEN_MARKS = {"above": "above", "about the same": "similar", "below": "below"}
Tables = dict[str, list[dict[str, Any]]]


@pytest.fixture(scope="module")
def tables() -> Tables:
    return add_attendance(make_tables())


@pytest.fixture(scope="module")
def site(tables: Tables, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("comparisons")
    build_release(write_tables(tables, folder / "published"), folder / "release", IDENTITY)
    return folder / "release/site"


@pytest.fixture(scope="module")
def lines(site: Path) -> list[Line]:
    found = (*read_csv(site / "data/trust_kpi_school.csv"), *read_csv(site / "data/trust_kpi_mat.csv"))
    return [{**line, "unit": line.get("school_urn", "trust")} for line in found if line["breakdown"] == "Total"]


@pytest.fixture(scope="module")
def heat_tables(site: Path) -> dict[str, ReadTable]:
    """Page -> its table of schools by what stands for each KPI."""
    found = {}
    for path in (site / "index.html", *sorted((site / "compare").glob("*.html"))):
        found[path.relative_to(site).as_posix()] = next(
            t for t in read_page(path).tables if "stands for each KPI now" in t.caption
        )
    return found


def percent(kpi: str) -> bool:
    return kpi != "mean_mark"


def key_of(over: str, name: str) -> dict[str, str]:
    """A column's heading as the key of the download's row."""
    found = re.fullmatch(r"(?:(.+), )?(.+) (\d{4})/(\d\d)", over)
    assert found, over
    kpi, period, start, end = found.groups()
    key = {"period": period, "time_period": start + end}
    if kpi is None:
        return {**key, "kpi": KPIS[name], "year_group": "Total"}
    subject, group = name.split(", ")
    group = "Total" if group == "All year groups" else group
    return {**key, "kpi": KPIS[kpi], "subject": subject, "year_group": group}


def heat_keys(table: ReadTable) -> list[dict[str, str]]:
    assert table.head[0][0].rowspan == 2
    over = [cell.text for cell in table.head[0][1:] for _ in range(cell.colspan)]
    return [key_of(*pair) for pair in zip(over, (cell.text for cell in table.head[1]), strict=True)]


def changes_of(tables: Tables, unit: str, key: dict[str, str]) -> list[dict[str, Any]]:
    return [
        c
        for c in tables["published_changes"]
        if c["audience"] == "site"
        and c["is_latest"]
        and c["unit_code"] == (unit if unit != "trust" else "TR99999")
        and c["kpi"] == key["kpi"]
        and c["year_group"] == key["year_group"]
        and c["subject"] == key.get("subject", c["subject"])
    ]


def check_heat_cell(cell: ReadCell, line: Line, change: list[dict[str, Any]]) -> None:
    assert cell.text == rounded(line["value"], 1, percent(line["kpi"]))
    said = cell.unseen.split(", ") if cell.unseen else []
    marks = [SEEN_MARKS[words] for words in said if words in SEEN_MARKS]
    assert marks == ([line["comparison_flag"]] if line["comparison_flag"] in SEEN_MARKS.values() else [])
    trends = [words for words in said if "on a year before" in words]
    wanted = [c["change"] for c in change if c["change"]]
    assert len(trends) == len(wanted)
    assert not wanted or trends[0].startswith({"up": "up", "down": "down", "same": "about"}[wanted[0]])


def test_the_heat_tables_show_the_downloads_figures(
    heat_tables: dict[str, ReadTable], lines: list[Line], tables: Tables
) -> None:
    assert set(heat_tables) == {"index.html", "compare/phase-primary.html", "compare/cluster-north.html"}
    compared = 0
    for page, table in heat_tables.items():
        keys = heat_keys(table)
        assert len({json.dumps(key, sort_keys=True) for key in keys}) == len(keys), "one series a column"
        assert (keys[0]["kpi"] == "attendance") == ("phase" not in page), "the phase has no figure of attendance"
        assert sum(key["kpi"] == "mean_mark" for key in keys) <= 4
        names = [row[0].text for row in table.body if row[0].href]
        expected = NAMES if "cluster" not in page else {u: n for u, n in NAMES.items() if u != FORMULA}
        assert names == sorted(expected.values(), key=str.casefold)
        for row in table.body:
            unit = "trust" if row[0].text == TRUST else URNS.get(row[0].text)
            for key, cell in zip(keys, row[1:], strict=True):
                if unit is None or unit == SILENT:
                    assert unit is None or cell.text == "–"
                    continue
                check_heat_cell(cell, the_line(lines, unit=unit, **key), changes_of(tables, unit, key))
                compared += 1
    assert compared >= 3 * 3 * 6


def test_the_first_screen_says_when_what_and_how_sure(site: Path, lines: list[Line], tables: Tables) -> None:
    page = (site / "index.html").read_text(encoding="utf-8")
    text = html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page)))
    assert "As at1 September 2025" in text.replace("As at ", "As at")
    assert IDENTITY.release_id in text
    assert "3 of 4 schools, 88.9% of pupils" in text
    tiles = [html.unescape(tile) for tile in re.findall(r'<li class="tile">(.*?)</li>', page, re.S)]
    assert [re.search(r">([^<]+)</a>", tile)[1] for tile in tiles] == [  # type: ignore[index]
        "Judgement coverage",
        "Mean mark",
        "Attendance",
    ], "the KPIs in the order their files ask for"
    for tile in tiles:
        kpi = KPIS[re.search(r">([^<]+)</a>", tile)[1]]  # type: ignore[index]
        row = next(
            r
            for r in tables["published_latest"]
            if r["audience"] == "site" and r["scope"] == "Total" and r["kpi"] == kpi and r["lead_rank"] == 1
        )
        wanted = {"kpi": kpi, "period": row["period_title"], "year_group": row["year_group"]}
        wanted["time_period"] = row["academic_year"].replace("/", "")
        line = the_line(lines, unit="trust", subject=row["subject"], **wanted)
        value, low, high = (rounded(line[n], 1, percent(kpi)) for n in ("value", "lower_95_ci", "upper_95_ci"))
        assert f'<p class="figure">{value}</p>' in tile
        assert f"95% interval between {low} and {high}" in tile
        assert f"{line['pupil_count']} pupils" in tile
        change = changes_of(tables, "trust", {**wanted, "subject": row["subject"]})
        if not change:
            assert "There is no like figure of a year before." in tile
        else:
            assert change[0]["change_words"] in tile
            assert f"Difference {signed(change[0]['difference'])}" in tile
            assert f"{signed(change[0]['lower_95_ci'])} to {signed(change[0]['upper_95_ci'])}" in tile


def signed(value: float) -> str:
    said = rounded(f"{value:.6f}", 1, False)
    said = "0.0" if said == "−0.0" else said
    return said if said.startswith("−") or said == "0.0" else f"+{said}"


def test_the_largest_changes_are_the_three_of_the_table_in_words(site: Path, tables: Tables) -> None:
    page = (site / "index.html").read_text(encoding="utf-8")
    part = page.split('id="changes"')[1].split("</section>")[0]
    ranked = sorted(
        (c for c in tables["published_changes"] if c["audience"] == "site" and c["change_rank"]),
        key=lambda c: c["change_rank"],
    )
    assert ranked, "the tiny trust has a change that is more than chance"
    items = re.findall(r"<li>(.*?)</li>", part, re.S)
    assert len(items) == min(3, len(ranked))
    for item, change in zip(items, ranked, strict=False):
        assert f"schools/{change['unit_code']}.html" in item
        assert f"kpis/{change['kpi']}.html" in item
        assert change["change_words"] in html.unescape(item)
        assert f"Difference {signed(change['difference'])}" in item


def test_who_has_not_sent_yet_is_said_with_the_way_to_it(site: Path) -> None:
    part = (site / "index.html").read_text(encoding="utf-8").split('id="waited"')[1].split("</section>")[0]
    assert re.findall(r'href="[^"]*/(\w+)\.html"', part) == [SILENT]
    assert "late:" in part
    assert "Results (Autumn), Results (Summer)" in part


def test_a_table_is_sifted_by_numbered_classes_alone(site: Path) -> None:
    page = (site / "index.html").read_text(encoding="utf-8")
    style = (site / "static/plumbline.css").read_text(encoding="utf-8")
    labels = re.findall(r'id="(sift-[pc]\d+)"[^>]*>\s*([^<]+?)\s*<span>(\d+)</span>', page)
    assert [(name, count) for _, name, count in labels] == [("All", "4"), ("No cluster", "1"), ("North", "3")]
    for ident, name, count in labels[1:]:
        number = ident.removeprefix("sift-")
        assert f".sifted:has(#{ident}:checked) tr.school:not(.{number})" in style
        assert len(re.findall(rf'<tr class="school[^"]*\b{number}\b', page)) == int(count), name


def titles_of(path: Path) -> list[str]:
    return [title for title in read_page(path).titles if ": " in title]


def test_every_mark_of_a_drawing_says_the_downloads_figure(site: Path, lines: list[Line]) -> None:
    """A mark's title is a unit, its value, its interval and its pupils: all four of one row of the download."""
    known = set()
    for line in lines:
        places = (line["value"], line["lower_95_ci"], line["upper_95_ci"])
        if line["value"] in ("c", "x", "z", "u"):
            continue
        value, low, high = (rounded(text, 1, percent(line["kpi"])) for text in places)
        name = NAMES.get(line["unit"], "The trust")
        known.add((name, value, f"between {low} and {high}", f"{line['pupil_count']} pupils"))
    seen = 0
    own = [site / f"schools/{urn}.html" for urn in NAMES]
    for path in (*own, *sorted((site / "compare").glob("*.html"))):
        for title in titles_of(path):
            name, rest = title.split(": ", 1)
            said = re.fullmatch(r"(\S+), (between \S+ and \S+), (\d+ pupils)(, .+)?", rest)
            if said is None:
                continue
            name = name.split(", Week of")[0]
            heard = [k for k in known if k[1:] == said.groups()[:3]]
            assert any(name == k[0] or name.startswith("Week of") for k in heard), f"{path.name}: {title}"
            seen += 1
    assert seen > 45


def test_a_strip_has_a_row_for_every_kpi_and_a_table_beside_it(site: Path, lines: list[Line]) -> None:
    for urn in (WHOLE, FORMULA):
        page = read_page(site / f"schools/{urn}.html")
        (table,) = [t for t in page.tables if t.caption.endswith("every KPI now")]
        rows = body(table)
        assert len(rows) == len(KPIS)
        for row, href, _ in rows:
            kpi = next(code for title, code in KPIS.items() if row["KPI"].startswith(title))
            assert href == f"../kpis/{kpi}.html#s-{urn}", "the school is lit on the KPI's page"
            period, year = row["When"].rsplit(" ", 1)
            wanted = {"kpi": kpi, "period": period, "time_period": year.replace("/", ""), "unit": urn}
            if kpi != "attendance":
                wanted["subject"], group = row["KPI"].split(": ")[1].split(", ")
                wanted["year_group"] = "Total" if group == "All year groups" else group
            else:
                wanted["year_group"] = "Total"
            line = the_line(lines, **wanted)
            assert row["School"] == rounded(line["value"], 1, percent(kpi))
            assert row["Pupils"] == line["pupil_count"]
            trust = the_line(lines, **{**wanted, "unit": "trust"})
            assert row["Trust"] == rounded(trust["value"], 1, percent(kpi))
            assert f"{row['School']} ({row['Pupils']} pupils)" in page.text


def test_weeks_stand_beside_the_trusts_and_last_years(site: Path, lines: list[Line]) -> None:
    page = read_page(site / f"schools/{WHOLE}.html")
    (table,) = [t for t in page.tables if "in the weeks of" in t.caption]
    rows = body(table)
    assert len(rows) == len(WEEKS)
    last_year = LAST_YEAR.replace("/", "")
    before = {n["period"]: n for n in lines if n["time_period"] == last_year and n["unit"] == WHOLE}
    missing = 0
    for place, (row, _, _) in enumerate(reversed(rows)):
        period = f"Week of {row['Week beginning']}"
        assert row["Percent"] == rounded(the_line(lines, unit=WHOLE, period=period)["value"], 1, True)
        assert row["Trust"] == rounded(the_line(lines, unit="trust", period=period)["value"], 1, True)
        last = before.get(week_title(WEEKS[place] - timedelta(days=364)))
        if last:
            assert row["Same week a year before"] == rounded(last["value"], 1, True)
        else:
            assert row["Same week a year before"] == "–"
            missing += 1
    assert not [g for _, g in page.tags if g.get("class") == "flag"], "the break is after the last week"
    assert missing == 1, "the third week was not sent a year before"


def week_title(monday: date) -> str:
    return f"Week of {monday.day} {monday:%B} {monday.year}"


def test_the_grid_shows_each_subjects_year_groups_with_their_pupils(site: Path, lines: list[Line]) -> None:
    compared = 0
    for urn in (WHOLE, FORMULA):
        page = read_page(site / f"schools/{urn}.html")
        for table in page.tables:
            if table.head[-1][0].text != "Subject":
                continue
            found = re.match(r"(.+) \((?:marks|percent of pupils)\), (\w+) (\d{4})/(\d\d)", table.caption)
            assert found, table.caption
            groups = [cell.text for cell in table.head[-1][1:]]
            for row in table.body:
                for group, cell in zip(groups, row[1:], strict=True):
                    if cell.text == "–":
                        continue
                    line = the_line(
                        lines,
                        unit=urn,
                        kpi=KPIS[found[1]],
                        period=found[2],
                        time_period=found[3] + found[4],
                        subject=row[0].text,
                        year_group="Total" if group == "All year groups" else group,
                    )
                    assert cell.text == rounded(line["value"], 1, percent(line["kpi"]))
                    assert cell.note == f"{line['pupil_count']}pupils"
                    compared += 1
    assert compared == 2 * (4 + 2)


def test_highlights_are_the_published_sentences(site: Path, tables: Tables) -> None:
    known = {f["comparison_words"] for f in tables["published_kpi_values"] if f["audience"] == "site"}
    known |= {c["change_words"] for c in tables["published_changes"] if c["audience"] == "site"}
    for urn in (WHOLE, FORMULA):
        page = html.unescape((site / f"schools/{urn}.html").read_text(encoding="utf-8"))
        part = page.split('id="highlights"')[1].split("</section>")[0]
        lists = part.split('id="discuss"')
        for found in lists:
            items = re.findall(r"<li>.*?<p>(.*?)</p>", found, re.S)
            assert len(items) <= 3
            for item in items:
                words = re.sub(r"<span.*", "", item, flags=re.S).strip()
                assert words in known
    coverage = re.findall(r"Judgement coverage", part)
    assert not coverage, "no direction is hoped for, so it is in neither list"


def test_a_school_without_data_says_so_first_and_what_is_late(site: Path) -> None:
    page = read_page(site / f"schools/{SILENT}.html")
    text = re.sub(r"\s+", " ", page.text)
    raw = (site / f"schools/{SILENT}.html").read_text(encoding="utf-8")
    assert raw.index("Nothing has been received from this school yet.") < raw.index('id="kpis"')
    assert "There is no figure of this school that could be shown now." in text
    assert "No figure of this school is compared with the trust." in text
    (sent,) = [t for t in page.tables if t.caption.startswith("What was sent")]
    assert {row["State"] for row, _, _ in body(sent)} == {"◆late", "–not expected"}


def test_the_choice_of_schools_knows_what_the_page_shows_and_no_more(
    site: Path, heat_tables: dict[str, ReadTable], lines: list[Line]
) -> None:
    script = (site / "static/figures.js").read_text(encoding="utf-8")
    figures = json.loads(re.search(r"plumbline\.figures = (.*);\n", script)[1])  # type: ignore[index]
    table = heat_tables["index.html"]
    keys = heat_keys(table)
    assert [key_of(over, name) for over, name, _ in figures["columns"]] == keys
    shown = {row[0].text: [cell.text for cell in row[1:]] for row in table.body}
    for name, cells in [(s[1], s[4]) for s in figures["schools"]] + [tuple(figures["trust"])]:
        assert [cell[0] for cell in cells] == shown[name]
        for key, (text, mark, _, trend, _, value) in zip(keys, cells, strict=True):
            if value is None:
                assert mark is None
                assert trend is None
                continue
            line = the_line(lines, unit=URNS.get(name, "trust"), **key)
            assert value == float(line["value"])
            assert text == rounded(line["value"], 1, percent(key["kpi"]))
    small = next(cells for urn, _, _, _, cells in figures["schools"] if urn == SMALL)
    assert {(text, value) for text, _, _, _, _, value in small} == {("c", None)}
    names = json.loads(
        re.search(r"plumbline\.schools = (.*);\n", (site / "static/schools.js").read_text(encoding="utf-8"))[1]  # type: ignore[index]
    )
    assert {urn: name for name, urn, _ in names} == NAMES


def test_a_hidden_school_is_a_sign_and_never_a_dot(site: Path) -> None:
    own = read_page(site / f"schools/{SMALL}.html")
    assert "There is no figure of this school that could be shown now." in own.text
    assert not [t for t in own.tables if t.caption.endswith("every KPI now")]
    for path in sorted(site.rglob("*.html")):
        assert not [title for title in titles_of(path) if title.startswith(f"{NAMES[SMALL]}:")], path


def test_every_page_of_a_kind_stands_in_its_place_of_the_navigation(site: Path) -> None:
    wanted = {
        "figures.html": "Trust",
        f"schools/{WHOLE}-figures.html": "Schools",
        "compare.html": "Compare",
        "compare/phase-primary.html": "Compare",
    }
    for path, label in wanted.items():
        page: ReadPage = read_page(site / path)
        nav = (site / path).read_text(encoding="utf-8").split('class="main-nav"')[1].split("</nav>")[0]
        assert re.findall(r'aria-current="true">([^<]+)<', nav) == [label]
        assert page.headings[0][0] == 1


def test_a_school_that_left_keeps_its_page_and_leads_to_its_successor(tmp_path: Path) -> None:
    tables = add_attendance(make_tables())
    next(s for s in tables["published_schools"] if s["urn"] == SMALL)["left_on"] = date(2024, 12, 31)
    tables["published_breaks"][0]["break_on"] = date(2024, 9, 18)
    tables["published_breaks"][0]["words"] = f"The school has URN {WHOLE} from 1 January 2025; before that {SMALL}."
    build_release(write_tables(tables, tmp_path / "published"), tmp_path / "release", IDENTITY)
    gone = (tmp_path / f"release/site/schools/{SMALL}.html").read_text(encoding="utf-8")
    opening = gone.split('<div class="state">')[1].split("</div>")[0]
    assert f"{NAMES[SMALL]} was in the trust until 31 December 2024." in opening
    assert f'<a href="../schools/{WHOLE}.html">' in opening
    assert f"schools/{SMALL}-figures.html" in gone
    after = (tmp_path / f"release/site/schools/{WHOLE}.html").read_text(encoding="utf-8")
    assert after.count('class="flag"') == 1, "the break is drawn in the weeks"
    assert f'<a href="../schools/{SMALL}.html">' in after.split('<div class="state">')[1].split("</div>")[0]


def test_very_many_schools_are_carried_on_from_page_to_page() -> None:
    tables = make_tables()
    one = next(s for s in tables["published_schools"] if s["urn"] == SILENT)
    tables["published_schools"] += [{**one, "urn": f"91{n:04}", "name": f"School {n:04}"} for n in range(150)]
    with TemporaryDirectory() as folder:
        context = Context(read_published(write_tables(tables, Path(folder))), IDENTITY)
        pages = gather_trust_pages(context)
    assert [page.path for page in pages] == ["index.html", "index-2.html"]
    views = [page.view for page in pages]
    assert all(isinstance(view, TrustView) for view in views)
    listed = [[row.cells[0].text for row in view.heat.rows] for view in views if isinstance(view, TrustView)]
    assert {names[0] for names in listed} == {TRUST}, "each part begins with the trust"
    assert sum(len(names) - 1 for names in listed) == 154
