"""Every number on the site's pages is the download's, rounded; every hidden one is hidden everywhere on the site."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest
from site_html import ReadTable, read_page
from site_tiny_trust import HIDDEN_MEAN, NAMES, SECRET_FILE_NAMES, SEEN_IN_A_CELL, SMALL, TRUST, make_tables

Line = dict[str, str]
TITLES = {"Mean mark": "mean_mark", "Judgement coverage": "judgement_coverage"}
FLAGS = {"above": "above", "about the same": "similar", "below": "below", "not compared": "z"}
SYMBOLS = {"c", "x", "z", "u"}


def rounded(text: str, places: int, percent: bool) -> str:
    """A CSV figure as a page must show it, worked out on its digits alone: half away from zero."""
    if text in SYMBOLS:
        return text
    sign, digits = ("−", text[1:]) if text.startswith("-") else ("", text)
    whole, _, rest = digits.partition(".")
    number = int(whole + rest[:places]) + (1 if rest[places] >= "5" else 0)
    written = str(number).rjust(places + 1, "0")
    said = f"{int(written[:-places] or 0):,}" + (f".{written[-places:]}" if places else "")
    return sign + said + ("%" if percent else "")


def read_csv(path: Path) -> list[Line]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


# Read by tests of their own: their text is packed.
PACKED = (".xlsx", ".parquet")


def text_files(folder: Path) -> list[Path]:
    """Every file of the folder that can be read as text."""
    return [path for path in sorted(folder.rglob("*")) if path.is_file() and path.suffix not in PACKED]


@pytest.fixture(scope="module")
def lines(tiny_release: Path) -> list[Line]:
    """All rows of the site's downloads, a school's row with its name as the register has it."""
    schools = read_csv(tiny_release / "site/data/trust_kpi_school.csv")
    mats = read_csv(tiny_release / "site/data/trust_kpi_mat.csv")
    return [{**line, "unit": line.get("school_urn", "trust")} for line in (*schools, *mats)]


def the_line(lines: list[Line], **wanted: str) -> Line:
    found = [line for line in lines if all(line[name] == value for name, value in wanted.items())]
    assert len(found) == 1, f"{len(found)} rows for {wanted}"
    return found[0]


def year_of(academic_year: str) -> str:
    return academic_year[:4] + academic_year[5:]


def group_of(shown: str) -> str:
    return "Total" if shown == "All year groups" else shown


def check_cells(cells: dict[str, str], line: Line, percent: bool) -> int:
    """The cells under their headings against a row of the download; how many figures were compared."""
    value = next(cells[name] for name in ("Marks", "Percent") if name in cells)
    assert value == rounded(line["value"], 1, percent)
    assert cells["Pupils"] == line["pupil_count"]
    low, high = (rounded(line[name], 1, percent) for name in ("lower_95_ci", "upper_95_ci"))
    assert cells["95% interval"] == (low if low in SYMBOLS else f"between {low} and {high}")
    if "Coverage" in cells:
        assert cells["Coverage"] == rounded(line["judgement_coverage_percent"], 1, True)
    return 4


def body(table: ReadTable) -> list[tuple[dict[str, str], str | None, str]]:
    """Rows as heading -> text, with where the row's heading leads and its note."""
    names = [cell.text for cell in table.head[-1]]
    return [(dict(zip(names, (c.text for c in row), strict=True)), row[0].href, row[0].note) for row in table.body]


def test_kpi_pages_show_the_downloads_figures(tiny_release: Path, lines: list[Line]) -> None:
    compared = 0
    several = [f for f in make_tables()["published_kpi_values"] if f["audience"] == "site"]
    for title, kpi in TITLES.items():
        for table in read_page(tiny_release / f"site/kpis/{kpi}-figures.html").tables:
            if " · " not in table.caption:
                continue
            parts = table.caption.split(" · ")
            subject, group = parts[3].split(" (")[0], group_of(parts[4])
            assert parts[0] == title
            key = {
                "kpi": kpi,
                "time_period": year_of(parts[1]),
                "period": parts[2],
                "subject": subject,
                "year_group": group,
                "breakdown": "Total",
            }
            names = [row["School"] for row, href, _ in body(table) if href]
            assert names == sorted(names, key=str.casefold), "schools stand in the order of their names"
            for row, href, note in body(table):
                percent = kpi == "judgement_coverage"
                if href:
                    urn = re.fullmatch(r"\.\./schools/(\w+)\.html", href)
                    assert urn
                    line = the_line(lines, unit=urn[1], **key)
                    assert FLAGS.get(row["Against the trust"], "z") == line["comparison_flag"]
                    compared += check_cells(row, line, percent)
                elif row["School"] == TRUST:
                    line = the_line(lines, unit="trust", **key)
                    share = rounded(line["pupils_in_percent"], 1, True)
                    assert note == f"{line['schools_in']} of {line['schools_of']} schools, {share} of pupils"
                    compared += check_cells(row, line, percent)
                else:
                    geography, name = row["School"].split(": ")
                    source = [
                        f
                        for f in several
                        if (
                            f["geography"],
                            f["unit_name"],
                            f["kpi"],
                            f["academic_year"],
                            f["period_title"],
                            f["subject"],
                            f["year_group"],
                            f["breakdown"],
                        )
                        == (geography, name, kpi, parts[1], parts[2], subject, group, "Total")
                    ]
                    assert len(source) == 1
                    shown = next(row[head] for head in ("Marks", "Percent") if head in row)
                    assert shown == rounded(f"{source[0]['value']:.6f}", 1, percent)
                    assert f"{source[0]['schools_in']} of {source[0]['schools_of']} schools" in note
    totals = [line for line in lines if line["breakdown"] == "Total"]
    assert compared == 4 * len(totals), "every row of the downloads stands on a KPI page"


def test_school_pages_show_the_downloads_figures(tiny_release: Path, lines: list[Line]) -> None:
    compared = 0
    for urn in NAMES:
        for table in read_page(tiny_release / f"site/schools/{urn}-figures.html").tables:
            found = re.match(r"(.+) \((?:marks|percent of pupils)\), (\d{4}/\d\d), (all pupils|by )", table.caption)
            if not found:
                continue
            kpi = TITLES[found[1]]
            for row, _, _ in body(table):
                key = {
                    "kpi": kpi,
                    "time_period": year_of(found[2]),
                    "period": row["When"],
                    "subject": row["Subject"],
                    "year_group": group_of(row["Year group"]),
                    "breakdown": row.get("Group", "Total"),
                }
                percent = kpi == "judgement_coverage"
                line = the_line(lines, unit=urn, **key)
                compared += check_cells(row, line, percent)
                trust = the_line(lines, unit="trust", **key)
                assert row["Trust"] == rounded(trust["value"], 1, percent)
                assert FLAGS.get(row["Against the trust"], "z") == line["comparison_flag"]
    assert compared == 4 * len([line for line in lines if line["unit"] != "trust"])


def test_the_page_of_all_figures_shows_the_downloads_latest(tiny_release: Path, lines: list[Line]) -> None:
    compared = 0
    urn_of = {name: urn for urn, name in NAMES.items()}
    for table in read_page(tiny_release / "site/figures.html").tables:
        found = re.match(r"(.+) \((?:marks|percent of pupils)\), (\d{4}/\d\d), (\w+)", table.caption)
        if not found:
            continue
        kpi, percent = TITLES[found[1]], found[1] == "Judgement coverage"
        subjects = [cell.text for cell in table.head[0][1:] for _ in range(cell.colspan)]
        columns = list(zip(subjects, (cell.text for cell in table.head[1]), strict=True))
        assert table.body[0][0].text == TRUST, "the trust's row stands first"
        for row in table.body:
            for (subject, group), cell in zip(columns, row[1:], strict=True):
                wanted = {
                    "kpi": kpi,
                    "time_period": year_of(found[2]),
                    "period": found[3],
                    "subject": subject,
                    "year_group": group_of(group),
                    "breakdown": "Total",
                }
                line = the_line(lines, unit=urn_of.get(row[0].text, "trust"), **wanted)
                if row[0].text == "Schools in the trust's figure":
                    assert cell.text == f"{line['schools_in']} of {line['schools_of']}"
                elif row[0].text == "Share of pupils in it":
                    assert cell.text == rounded(line["pupils_in_percent"], 1, True)
                else:
                    assert cell.text == rounded(line["value"], 1, percent)
                compared += 1
    assert compared == 6 * 7


def test_a_hidden_figure_is_nowhere_on_the_site(tiny_release: Path) -> None:
    tables = make_tables()["published_kpi_values"]
    hidden = {
        (f["unit_code"], f["kpi"], f["academic_year"], f["period"], f["subject"], f["year_group"], f["breakdown"])
        for f in tables
        if f["audience"] == "site" and f["symbol"] == "c"
    }
    values = [
        f["value"]
        for f in tables
        if f["audience"] == "central"
        and (
            f["unit_code"],
            f["kpi"],
            f["academic_year"],
            f["period"],
            f["subject"],
            f["year_group"],
            f["breakdown"],
        )
        in hidden
        and f["kpi"] == "mean_mark"
    ]
    assert HIDDEN_MEAN in values
    assert any(value != HIDDEN_MEAN for value in values), "a hidden group of pupils is among them"
    central = (tiny_release / "extracts/trust_kpi_school.csv").read_text(encoding="utf-8")
    for path in text_files(tiny_release / "site"):
        text = path.read_text(encoding="utf-8")
        for value in {HIDDEN_MEAN, 31.527944}:
            assert f"{value:.6f}" in central
            assert str(value)[:5] not in text, path
            assert f">{value:.1f}" not in text, path


def test_a_hidden_number_of_pupils_does_not_show_in_the_counts_of_files(tiny_release: Path) -> None:
    """The tiny school sent one file of five pupils; its rows would say so."""
    told = ("Rows in file", "Rows with records", "Records", "Used", "Records used")
    for path, heads in (
        (f"site/received/{SMALL}.html", {"Rows in file", "Where it went", "Records used"}),
        (f"site/schools/{SMALL}.html", {"Records used"}),
    ):
        counted = [row for t in read_page(tiny_release / path).tables for row, _, _ in body(t) if heads & row.keys()]
        assert {head for row in counted for head in heads & row.keys()} == heads, path
        for row in counted:
            for name in told:
                assert row.get(name, "c") in ("c", "z"), f"{path}: {row}"
        assert any(row.get(name) == "c" for row in counted for name in told), path
    own = read_page(tiny_release / f"packs/{SMALL}/index.html").tables
    assert [row["Rows in file"] for t in own for row, _, _ in body(t) if "Rows in file" in row] == ["7"]


def test_no_file_name_and_nothing_seen_in_a_cell_is_on_the_site(tiny_release: Path) -> None:
    for path in text_files(tiny_release / "site"):
        page = path.read_text(encoding="utf-8")
        text = read_page(path).text if path.suffix == ".html" else page
        for name in [name for names in SECRET_FILE_NAMES.values() for name in names]:
            assert name not in text, path
            assert name not in page, path
        assert "Sparrow" not in page, path
        assert SEEN_IN_A_CELL[:6] not in page, path


def test_a_pack_holds_nothing_of_another_school(tiny_release: Path) -> None:
    for urn in SECRET_FILE_NAMES:
        for path in text_files(tiny_release / "packs" / urn):
            raw = path.read_text(encoding="utf-8")
            text = read_page(path).text if path.suffix == ".html" else raw
            for other in set(NAMES) - {urn}:
                assert other not in raw, path
                assert NAMES[other] not in text, path
                for name in SECRET_FILE_NAMES.get(other, []):
                    assert name not in text, path


def test_what_was_seen_in_a_cell_stands_in_the_pack_only(tiny_release: Path) -> None:
    for path in text_files(tiny_release):
        if "packs" not in path.parts:
            assert SEEN_IN_A_CELL[:6] not in path.read_text(encoding="utf-8"), path
    own = (tiny_release / "packs/900001/fix-list.csv").read_text(encoding="utf-8")
    assert SEEN_IN_A_CELL in own
    page = read_page(tiny_release / "packs/900001/index.html")
    assert SEEN_IN_A_CELL in page.text
    assert [row["Row"] for t in page.tables for row, _, _ in body(t) if "What was seen" in row] == [
        "whole file",
        "12",
        "whole file",
    ]


def test_names_of_fields_are_words_on_pages(tiny_release: Path) -> None:
    assert "window_label" in (tiny_release / "packs/900001/fix-list.csv").read_text(encoding="utf-8")
    for path in ("packs/900001/index.html", "ops/index.html"):
        page = (tiny_release / path).read_text(encoding="utf-8")
        assert "<td>window label</td>" in page or '<th scope="row">window label</th>' in page
        assert "window_label" not in page


def test_the_ledger_of_the_data_page_is_the_published_one(tiny_release: Path) -> None:
    tables = make_tables()
    small = {r["receipt_id"] for r in tables["published_receipts"] if r["urn"] == SMALL}
    for receipt in tables["published_receipts"]:
        counts = [receipt[name] for name in ("rows_with_records", "records_used")]
        lines = [
            e["records"]
            for e in tables["published_ledger"]
            if e["receipt_id"] == receipt["receipt_id"] and e["bucket"] in ("used", "out of scope")
        ]
        if any(0 < (count or 0) < 6 for count in (*counts, *lines)):
            small.add(receipt["receipt_id"])
    wanted = sorted(
        (e["receipt_id"], e["reason"] or "", str(e["records"]) if e["receipt_id"] not in small else "c")
        for e in tables["published_ledger"]
    )
    assert {records == "c" for _, _, records in wanted} == {True, False}
    shown = sorted(
        (row["Receipt"], row["Why"], row["Records"])
        for path in sorted((tiny_release / "site/received").glob("*.html"))
        for t in read_page(path).tables
        for row, _, _ in body(t)
        if "Where it went" in row
    )
    assert shown == wanted
