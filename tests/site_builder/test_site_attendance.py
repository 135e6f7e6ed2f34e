"""Pages of attendance: every period in its place, the downloads' figures, breaks and other populations said."""

from __future__ import annotations

import html
import re
from pathlib import Path

import pytest
from site_attendance import BREAK, WEEKS, add_attendance
from site_html import ReadTable, read_page
from site_tiny_trust import IDENTITY, NAMES, SMALL, TRUST, WHOLE, make_tables, write_tables
from test_site_figures import FLAGS, Line, body, read_csv, rounded, the_line

from site_builder import build_release


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("attendance")
    published = write_tables(add_attendance(make_tables()), folder / "published")
    build_release(published, folder / "release", IDENTITY)
    return folder / "release"


@pytest.fixture(scope="module")
def lines(release: Path) -> list[Line]:
    schools = read_csv(release / "site/data/trust_kpi_school.csv")
    mats = read_csv(release / "site/data/trust_kpi_mat.csv")
    return [
        {**line, "unit": line.get("school_urn", "trust")}
        for line in (*schools, *mats)
        if line["kpi"] == "attendance" and line["time_period"] == "202425"
    ]


def pages(release: Path, stem: str) -> list[ReadTable]:
    found = sorted(release.glob(f"site/{stem}*.html"), key=lambda path: (len(path.name), path.name))
    return [table for path in found if re.fullmatch(rf"{stem.split('/')[-1]}(-\d+)?\.html", path.name)
            for table in read_page(path).tables]  # fmt: skip


def test_a_kpi_page_shows_periods_with_the_year_to_date_first(release: Path, lines: list[Line]) -> None:
    tables = [table for table in pages(release, "kpis/attendance-figures") if " · 2024/25 · " in table.caption]
    periods = list(dict.fromkeys(table.caption.split(" · ")[2] for table in tables))
    assert periods == ["Year to date", "Spring term", "Autumn term", "Autumn 1"]
    by_year_group = [table.caption for table in tables if "Year 5" in table.caption]
    assert len(by_year_group) == 1, "year groups are shown for the year to date only"
    compared = 0
    for table in tables:
        _, _, period, _, group = table.caption.split(" · ")
        assert "Coverage" not in [cell.text for cell in table.head[0]], "marks of a register have no coverage"
        for row, href, note in body(table):
            unit = re.findall(r"schools/(\w+)\.html", href)[0] if href else "trust"
            group_said = "Total" if group == "Reception to Year 11" else group
            line = the_line(lines, unit=unit, period=period, year_group=group_said, breakdown="Total")
            assert row["Percent"] == rounded(line["value"], 1, True)
            assert row["Pupils"] == line["pupil_count"]
            if href:
                assert FLAGS.get(row["Against the trust"], "z") == line["comparison_flag"]
                assert (note == BREAK) == (unit == WHOLE), "a break is said beside the school's figure"
            compared += 1
    assert compared == 4 * 6


def test_weeks_stand_in_tables_by_month(release: Path, lines: list[Line]) -> None:
    found = {t.caption: t for t in pages(release, "kpis/attendance-figures") if "weeks beginning" in t.caption}
    found = {caption: table for caption, table in found.items() if caption.endswith("2024")}
    months = ["Attendance, weeks beginning in October 2024", "Attendance, weeks beginning in September 2024"]
    assert list(found) == months, "the latest month first"
    urn_of = {name: urn for urn, name in NAMES.items()}
    shown = 0
    for table in found.values():
        heads = [cell.text for cell in table.head[0]][1:]
        for row in table.body:
            for head, cell in zip(heads, row[1:], strict=True):
                period = f"Week of {head} 2024"
                line = the_line(lines, unit=urn_of.get(row[0].text, "trust"), period=period, breakdown="Total")
                assert cell.text == rounded(line["value"], 1, True)
                shown += 1
    assert shown == 4 * len(WEEKS)


def test_other_populations_stand_beside_the_headline(release: Path, lines: list[Line]) -> None:
    (table,) = [t for t in pages(release, "kpis/attendance-figures") if t.caption.endswith("by population")]
    assert [cell.text for cell in table.head[0]] == ["School", "Reception to Year 11", "Aged 5 to 15", "Nursery"]
    for row in table.body:
        unit = {name: urn for urn, name in NAMES.items()}.get(row[0].text, "trust")
        for label, cell in zip(("Total", "Aged 5 to 15", "Nursery"), row[1:], strict=True):
            line = the_line(lines, unit=unit, period="Year to date", breakdown=label, year_group="Total")
            assert cell.text == rounded(line["value"], 1, True)


def test_a_school_page_shows_its_year_its_weeks_and_its_break(release: Path, lines: list[Line]) -> None:
    path = release / f"site/schools/{WHOLE}.html"
    assert BREAK in path.read_text(encoding="utf-8")
    found = [t for t in pages(release, f"schools/{WHOLE}-figures") if t.caption.startswith("Attendance")]
    tables = {t.caption: t for t in found if "2024/25" in t.caption}
    assert list(tables) == [
        "Attendance (percent of sessions), 2024/25, all pupils",
        "Attendance (percent of sessions), 2024/25, by sex",
        "Attendance (percent of sessions), 2024/25, by population",
        "Attendance (percent of sessions), 2024/25, week by week",
    ]
    own = body(tables["Attendance (percent of sessions), 2024/25, all pupils"])
    assert [row["When"] for row, _, _ in own] == ["Year to date"] * 3 + ["Spring term", "Autumn term", "Autumn 1"]
    weeks = body(tables["Attendance (percent of sessions), 2024/25, week by week"])
    assert len(weeks) == len(WEEKS)
    for row, _, _ in (*own[3:], *weeks):
        period = row.get("When") or row["Week"]
        line = the_line(lines, unit=WHOLE, period=period, year_group="Total", breakdown="Total")
        assert row["Percent"] == rounded(line["value"], 1, True)
        trust = the_line(lines, unit="trust", period=period, year_group="Total", breakdown="Total")
        assert row["Trust"] == rounded(trust["value"], 1, True)


def test_the_page_of_all_figures_shows_attendance_by_the_year_to_date(release: Path, lines: list[Line]) -> None:
    found = [t for t in pages(release, "figures") if t.caption.startswith("Attendance")]
    assert [t.caption.split(", ")[-1].split(" (")[0] for t in found] == ["Year to date"]
    trust = next(row for row in found[0].body if row[0].text == TRUST)
    line = the_line(lines, unit="trust", period="Year to date", year_group="Total", breakdown="Total")
    assert trust[1].text == rounded(line["value"], 1, True)


def test_a_hidden_attendance_figure_is_a_sign_in_every_table(release: Path, lines: list[Line]) -> None:
    hidden = [line for line in lines if line["unit"] == SMALL]
    assert hidden
    assert {line["value"] for line in hidden} == {"c"}
    rows = [row for t in pages(release, "kpis/attendance-figures") for row in t.body if row[0].text == NAMES[SMALL]]
    assert rows
    assert {cell.text for row in rows for cell in row[1:]} == {"c"}


def test_schools_of_one_name_are_told_apart(tmp_path: Path) -> None:
    """As before and after a change of URN; the download keeps the name as the register has it."""
    tables = make_tables()
    for table, column in (("published_schools", "urn"), ("published_kpi_values", "unit_code")):
        name = "name" if table == "published_schools" else "unit_name"
        for row in tables[table]:
            if row[column] == SMALL:
                row[name] = NAMES[WHOLE]
    build_release(write_tables(tables, tmp_path / "published"), tmp_path / "release", IDENTITY)
    page = html.unescape((tmp_path / "release" / "site" / "index.html").read_text(encoding="utf-8"))
    for urn in (WHOLE, SMALL):
        assert f"{NAMES[WHOLE]} (URN {urn})" in page
    lines = read_csv(tmp_path / "release" / "site" / "data" / "trust_kpi_school.csv")
    assert {line["school_name"] for line in lines if line["school_urn"] in (WHOLE, SMALL)} == {NAMES[WHOLE]}


def test_the_data_team_sees_files_of_several_schools_and_the_rows_of_none(release: Path) -> None:
    tables = {t.caption: t for t in read_page(release / "ops/index.html").tables}
    (file,) = body(tables["Where their rows went"])
    assert file[0]["Rows"] == "4,201"
    assert [file[0][name] for name in ("Headings and the like", "To schools", "Of no school")] == ["1", "4,194", "6"]
    (row,) = body(tables["Rows of no school"])
    assert row[0]["Row"] == "1,234"
    assert row[0]["What to do"] == "Add the school to schools.csv."
    for path in (release / "site").rglob("*.html"):
        assert "all schools.csv" not in path.read_text(encoding="utf-8"), "file names stay off the site"
