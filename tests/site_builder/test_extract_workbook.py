"""The workbook: laid out for people and screen readers, figures the CSV's, text never a formula.

The last test opens it in LibreOffice. Where that is absent, CI fails with the line that installs it; anywhere else the
test says it skipped.
"""

from __future__ import annotations

import csv
import io
import os
import re
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from xml.etree import ElementTree

import pytest
import python_calamine
from site_tiny_trust import IDENTITY, NAMES, TRUST

from site_builder.extract_columns import EXTRACTS
from site_builder.sheet_rows import column_letters, xml_text

INSTALL = "apt-get update && apt-get install -y --no-install-recommends libreoffice-calc"
FOLDERS = ["site/data", "extracts"]
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
LONG = {"Schools": "trust_kpi_school", "Trust": "trust_kpi_mat"}
FIRST = 5  # rows above the first of a table
Row = list[object]


@cache
def read_book(path: Path) -> dict[str, list[Row]]:
    book = python_calamine.CalamineWorkbook.from_path(path)
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def parts(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as book:
        return {name: book.read(name) for name in book.namelist()}


def sheets_xml(path: Path) -> Iterator[tuple[str, bytes, bytes | None]]:
    """Name, worksheet and table of each sheet."""
    found = parts(path)
    names = [sheet.attrib["name"] for sheet in ElementTree.fromstring(found["xl/workbook.xml"]).iter(f"{MAIN}sheet")]
    for number, name in enumerate(names, start=1):
        links = found.get(f"xl/worksheets/_rels/sheet{number}.xml.rels", b"")
        table = re.search(rb"tables/(table\d+\.xml)", links)
        yield (
            name,
            found[f"xl/worksheets/sheet{number}.xml"],
            found[f"xl/tables/{table[1].decode()}"] if table else None,
        )


@pytest.fixture(params=FOLDERS)
def book(request: pytest.FixtureRequest, tiny_release: Path) -> Path:
    """The workbook of each folder."""
    return tiny_release / str(request.param) / "plumbline_kpis.xlsx"


def test_sheets_stand_in_the_order_a_person_needs(book: Path) -> None:
    names = list(read_book(book))
    years = ("2023-24", "2024-25")
    assert names[:5] == ["Cover", "Contents", "Headline", "Notes", "Dictionary"]
    assert names[5:] == [f"{table} {year}" for table in LONG for year in years]
    assert all(len(name) <= 31 for name in names)
    assert b"activeTab" not in parts(book)["xl/workbook.xml"], "it opens on the first sheet"
    cover = [row[0] for row in read_book(book)["Cover"]]
    assert cover[0] == f"KPIs of {TRUST}"
    assert f"Release {IDENTITY.release_id}, as at 1 September 2025." in cover
    contents = [row[0] for row in read_book(book)["Contents"][FIRST:]]
    assert contents == names[2:3] + names[3:]


def test_each_sheet_has_a_title_one_marked_table_and_nothing_in_its_way(book: Path) -> None:
    told = read_book(book)
    for name, sheet, table in sheets_xml(book):
        assert told[name][0][0], "a title in A1"
        assert b"<mergeCell" not in sheet
        assert b"<f>" not in sheet, "no cell is a formula"
        if name == "Cover":
            assert table is None
            continue
        assert told[name][1][0] == "This worksheet contains one table."
        assert table is not None
        marked = ElementTree.fromstring(table)
        width, height = len(told[name][0]), len(told[name])
        assert marked.attrib["ref"] == f"A{FIRST}:{column_letters(width - 1)}{height}"
        headings = [column.attrib["name"] for column in marked.iter(f"{MAIN}tableColumn")]
        assert headings == told[name][FIRST - 1]
        assert len({heading.casefold() for heading in headings}) == width
        assert f'ySplit="{FIRST}"'.encode() in sheet, "the header stays in sight"
        body = told[name][FIRST:]
        assert body
        assert all(cell != "" for row in body for cell in row), f"a blank cell in {name}"
        assert re.search(rb'<dimension ref="A1:%b%d"' % (column_letters(width - 1).encode(), height), sheet)


def test_letters_are_plain_and_large_enough_and_the_language_is_said(book: Path) -> None:
    found = parts(book)
    style = ElementTree.fromstring(found["xl/styles.xml"])
    fonts = [(font.find(f"{MAIN}name"), font.find(f"{MAIN}sz")) for font in style.iter(f"{MAIN}font")]
    assert {name.attrib["val"] for name, _ in fonts if name is not None} == {"Arial"}
    assert min(float(size.attrib["val"]) for _, size in fonts if size is not None) >= 10
    assert max(float(size.attrib["val"]) for _, size in fonts if size is not None) >= 12
    assert b"<dc:language>en-GB</dc:language>" in found["docProps/core.xml"]
    assert f"<dc:title>KPIs of {TRUST.replace('&', '&amp;')}".encode() in found["docProps/core.xml"]
    assert b"2025-09-01T00:00:00Z" in found["docProps/core.xml"]


def read_csv(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def check_long_tables(folder: Path, sheets: dict[str, list[Row]]) -> None:
    """Each figure, symbol and count of the long sheets is the CSV's, row for row."""
    for table, stem in LONG.items():
        rows = read_csv(folder / f"{stem}.csv")
        shown = [row for name, body in sheets.items() if name.startswith(f"{table} ") for row in body[FIRST:]]
        headings = next(body[FIRST - 1] for name, body in sheets.items() if name.startswith(f"{table} "))
        assert len(shown) == len(rows)
        columns = [column for column in EXTRACTS[stem][1] if column.role == "indicator"]
        for row, cells in zip(rows, shown, strict=True):
            seen = dict(zip(headings, cells, strict=True))
            for column in columns:
                cell, said = row[column.name], seen[column.label]
                if re.fullmatch(r"-?[\d.]+", cell):
                    assert float(str(said)) == float(cell), column.name
                else:
                    assert said == f"[{cell}]", column.name
            assert seen["Academic year"] == f"{row['time_period'][:4]}/{row['time_period'][4:]}"
            if stem == "trust_kpi_school":
                assert str(seen["URN"]).removesuffix(".0") == row["school_urn"]


def test_figures_are_those_of_the_csv(book: Path) -> None:
    sheets = read_book(book)
    check_long_tables(book.parent, sheets)
    numbers = {type(row[-2]) for row in sheets["Trust 2024-25"][FIRST:]}
    assert numbers <= {float, int}, "a figure is a number"


def test_the_headline_shows_each_schools_latest_figure(book: Path) -> None:
    rows = read_csv(book.parent / "trust_kpi_school.csv")
    table = read_book(book)["Headline"]
    headings, body = table[FIRST - 1], table[FIRST:]
    assert [row[1] for row in body] == [f"{TRUST} (whole trust)", *sorted(NAMES.values(), key=str.casefold)]
    place = next(n for n, text in enumerate(headings) if str(text).startswith("Judgement coverage"))
    assert headings[place] == "Judgement coverage: English, Summer 2024/25 (percent of pupils)"
    for row in body[1:]:
        figures = [
            line["value"]
            for line in rows
            if line["school_urn"] == str(row[0])
            and line["kpi"] == "judgement_coverage"
            and (line["time_period"], line["year_group"]) == ("202425", "Total")
        ]
        cell = row[place]
        if not figures:
            assert cell == "no figure"
        elif isinstance(cell, float):
            assert f"{cell:.6f}" == figures[0]
        else:
            assert cell == f"[{figures[0]}]"


def test_text_that_looks_like_a_formula_is_text(book: Path) -> None:
    schools = {row[2] for row in read_book(book)["Schools 2024-25"][FIRST:]}
    assert '=HYPERLINK("x")' in schools, "whole, since nothing runs it"
    sheet = next(xml for name, xml, _ in sheets_xml(book) if name == "Schools 2024-25")
    assert b't="inlineStr"><is><t>=HYPERLINK(' in sheet


def test_numbers_show_their_kpis_decimals(book: Path) -> None:
    name, sheet, _ = next(found for found in sheets_xml(book) if found[0] == "Schools 2024-25")
    style = ElementTree.fromstring(parts(book)["xl/styles.xml"])
    formats = {one.attrib["numFmtId"]: one.attrib["formatCode"] for one in style.iter(f"{MAIN}numFmt")} | {"1": "0"}
    used = list(style.find(f"{MAIN}cellXfs") or [])
    headings = read_book(book)[name][FIRST - 1]

    def format_of(heading: str) -> str:
        letters = column_letters(headings.index(heading))
        found = re.search(rb'<c r="%b%d" s="(\d+)"><v>' % (letters.encode(), FIRST + 1), sheet)
        assert found, heading
        return formats[used[int(found[1])].attrib["numFmtId"]]

    assert format_of("Value") == format_of("Share of pupils on roll with a result") == "0.0"
    assert format_of("Number of pupils") == "0"


def test_signs_a_spreadsheet_cannot_hold_are_written_as_it_writes_them() -> None:
    assert xml_text("a\x0bb") == "<t>a_x000B_b</t>"
    assert xml_text("_x000B_ is text") == "<t>_x005F_x000B_ is text</t>"
    assert xml_text(" a < b & c ") == '<t xml:space="preserve"> a &lt; b &amp; c </t>'
    assert [column_letters(place) for place in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]


def test_libreoffice_opens_it_with_the_same_figures(tiny_release: Path, tmp_path: Path) -> None:
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        said = f"LibreOffice is not installed, so the workbook was not opened in it. Install it with: {INSTALL}"
        if os.environ.get("CI") == "true":
            pytest.fail(said)
        pytest.skip(said)
    folder = tiny_release / "site/data"
    # Comma, double quotes, UTF-8, from row 1, cells as they are kept and not as they are shown, every sheet.
    form = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,false,false,false,-1"
    home = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    words = [program, "--headless", home, "--convert-to", form, "--outdir", tmp_path, folder / "plumbline_kpis.xlsx"]
    done = subprocess.run(words, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    sheets: dict[str, list[Row]] = {}
    for path in sorted(tmp_path.glob("plumbline_kpis-*.csv")):
        lines = csv.reader(io.StringIO(path.read_text("utf-8"), newline=""))
        sheets[path.stem.removeprefix("plumbline_kpis-")] = [list(row) for row in lines]
    assert sorted(sheets) == sorted(read_book(folder / "plumbline_kpis.xlsx"))
    check_long_tables(folder, sheets)
    assert '=HYPERLINK("x")' in {row[2] for row in sheets["Schools 2024-25"]}
