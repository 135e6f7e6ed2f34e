"""The sheet of codes that wait: what stands in it, and that it is read back strictly."""

# The messages stand here whole, as a person sees them.
# ruff: noqa: E501

from __future__ import annotations

import csv
import datetime as dt
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
import python_calamine
import xlsxwriter

from ingest.home import load_home
from ingest.home.kept_rows import ScaleRow
from ingest.home.mapping_proposal import (
    MAPPED_BY_SHEET,
    NOT_APPROVED,
    Proposal,
    list_mapped_codes,
    propose_copy,
    propose_sheet,
    read_mapped,
)
from ingest.home.mapping_sheet import COLUMNS, Approval, Waiting, read_sheet, write_sheet
from ingest.home.problems import ConfigurationError

Messages = Callable[..., list[str]]

ASH, BIRCH = "999901", "999902"
STARTS, DAY = dt.date(2024, 9, 1), dt.date(2026, 1, 9)
NOBODY = Approval(None, None, DAY)
DIRECTOR = Approval("Director", "Agreed in moderation", DAY)
CLASSES = {"Teacher Assessment": "D"}
FORMULA_LIKE = ["=", "++", "-", "@2", "'s", "01", "1/2", "1E5"]


def wait(code: str, school: str = ASH, *, subject: str = "English", for_trust: bool = True) -> Waiting:
    return Waiting(
        "markbook_judgements", "Teacher Assessment", school, "Ash Primary School", subject, "4", code, 7, for_trust,
        "EXS", "It means that in the scale steps.",
    )  # fmt: skip


def fill(path: Path, *filled: Mapping[str, str]) -> Path:
    """A sheet of SEC at Ash, a row for each of `filled`, as a CSV."""
    plain = {
        "format": "markbook_judgements", "assessment": "Teacher Assessment", "school": ASH, "subject": "English",
        "year_group": "4", "code": "SEC", "band": "EXS", "valid_from": "2024-09-01",
    }  # fmt: skip
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows({**plain, **row} for row in filled)
    return path


WAITING = [wait("SEC"), wait("SEC", BIRCH), wait("DEV"), wait("Fell ill in class", for_trust=False)]


def read(path: Path, approval: Approval = NOBODY, kept: list[ScaleRow] | None = None) -> Proposal:
    mapped = kept or []
    return propose_sheet(read_sheet(path, WAITING, list_mapped_codes(mapped), approval), mapped, CLASSES)


def show(path: Path) -> list[list[object]]:
    return python_calamine.CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_every_code_comes_back_as_it_was_and_none_can_run(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"codes{suffix}"
    waiting = [wait(code) for code in FORMULA_LIKE]
    write_sheet(path, waiting, STARTS)
    if suffix == ".xlsx":
        cells = [str(row[COLUMNS.index("code")]) for row in show(path)[1:]]
        with zipfile.ZipFile(path) as book:
            assert b"<f>" not in book.read("xl/worksheets/sheet1.xml")
    else:
        with path.open(encoding="utf-8-sig", newline="") as file:
            cells = [row["code"] for row in csv.DictReader(file)]
    assert len(cells) == len(FORMULA_LIKE)
    assert not any(cell.startswith(("=", "+", "-", "@")) for cell in cells)
    # A person fills in one column and saves as CSV.
    filled = tmp_path / "filled.csv"
    fill(filled, *({"code": cell} for cell in cells))
    sheet = read_sheet(filled, waiting, set(), NOBODY)
    assert [row.code for _, row in sheet.rows] == FORMULA_LIKE


def test_a_fresh_sheet_reads_as_all_left_for_later(tmp_path: Path) -> None:
    write_sheet(tmp_path / "codes.xlsx", WAITING, STARTS)
    sheet = read_sheet(tmp_path / "codes.xlsx", WAITING, set(), DIRECTOR)
    assert (sheet.rows, sheet.left_for_later) == ([], 4)


def test_the_workbook_has_a_header_that_stays_and_a_sheet_that_says_how(tmp_path: Path) -> None:
    path = tmp_path / "codes.xlsx"
    write_sheet(path, WAITING, STARTS)
    assert show(path)[0] == list(COLUMNS)
    assert show(path)[1][: COLUMNS.index("band")] == [
        "markbook_judgements", "Teacher Assessment", ASH, "Ash Primary School", "English", "4", "SEC", 7.0, "EXS",
        "It means that in the scale steps.",
    ]  # fmt: skip
    with zipfile.ZipFile(path) as book:
        assert b'state="frozen"' in book.read("xl/worksheets/sheet1.xml")
    second = python_calamine.CalamineWorkbook.from_path(str(path)).get_sheet_by_index(1).to_python()
    words = "\n".join(str(row[0]) for row in second)
    assert all(column in words for column in COLUMNS[COLUMNS.index("band") :])


def test_a_workbook_filled_in_a_spreadsheet_is_read(tmp_path: Path) -> None:
    path = tmp_path / "codes.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet, day = book.add_worksheet(), book.add_format({"num_format": "dd/mm/yyyy"})
        heads = [
            "Format",
            "Assessment",
            "School",
            "Year group",
            "Code",
            "Points",
            "Approved by",
            "Approved on",
            "Rationale",
            "Valid from",
        ]
        sheet.write_row(0, 0, heads)
        sheet.write_row(1, 0, ["markbook_judgements", "Teacher Assessment", 999901, 4, "SEC", 3.5, "Director"])
        sheet.write_datetime(1, 7, dt.date(2026, 1, 8), day)
        sheet.write_string(1, 8, "Agreed")
        sheet.write_datetime(1, 9, dt.date(2025, 9, 1), day)
    [placed] = read(path).rows
    assert (placed.row.school, placed.row.year_group, placed.row.points, placed.row.band) == (ASH, "4", 3.5, None)
    assert (placed.row.approved_on, placed.row.valid_from) == (dt.date(2026, 1, 8), dt.date(2025, 9, 1))


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"band": "EXP"}, 'codes.csv row 3: "band" is "EXP"; expected NA, BLW, WTS, EXS or GDS. Did you mean "EXS"?'),
        ({"points": "many"}, 'codes.csv row 3: "points" is "many"; expected a number.'),
        ({"for_all_schools": "yess"}, 'codes.csv row 3: "for_all_schools" is "yess"; expected yes or no. Did you mean "yes"?'),
        ({"code": "SECC"}, 'codes.csv row 3: the code "SECC" is not one that waits for a meaning there. Did you mean "SEC"?'),
        ({"format": "markbook_judgement"}, 'codes.csv row 3: the format "markbook_judgement" is not one that waits for a meaning. Did you mean "markbook_judgements"?'),
        ({"assessment": "Teachr Assessment"}, 'codes.csv row 3: the assessment "Teachr Assessment" is not one that waits for a meaning there. Did you mean "Teacher Assessment"?'),
        ({"school": ""}, 'codes.csv row 3: "school" is empty, and the row is not for all schools. Put the school\'s URN back, or write yes under for_all_schools.'),
        ({"valid_from": ""}, 'codes.csv row 3: "valid_from" is empty. Fill in the first day the meaning holds.'),
        ({"valid_from": "2025-13-01"}, 'codes.csv row 3: "valid_from" is "2025-13-01"; expected a date such as 2025-09-01 or 01/09/2025 (day first).'),
        ({"approved_by": "Head", "approved_on": "2026-01-01"}, 'codes.csv row 3: "rationale" is empty in a row that Head approved. Fill in the cell, or fill all such cells at once with --approved-by and --rationale.'),
        ({"band": "WTS"}, 'codes.csv row 3: the code of this row has another "band" than in row 2, for the same use. Say the same in both, or part them by school, subject or year group.'),
    ],
)  # fmt: skip
def test_a_mistake_is_told_by_file_row_and_column(
    tmp_path: Path, messages: Messages, wrong: dict[str, str], message: str
) -> None:
    path = fill(tmp_path / "codes.csv", {}, wrong)
    assert messages(read, path) == [message]


def test_a_misspelled_column_is_told(tmp_path: Path, messages: Messages) -> None:
    path = fill(tmp_path / "codes.csv", {})
    path.write_text(path.read_text("utf-8").replace("approved_by", "aproved_by"), encoding="utf-8")
    assert messages(read, path) == [
        'codes.csv row 1: "aproved_by" is not a column Plumbline knows here. Did you mean "approved_by"?'
    ]


def test_what_a_school_keeps_is_never_suggested_or_said(tmp_path: Path, messages: Messages) -> None:
    path = fill(tmp_path / "codes.csv", {"code": "Fell ill in clas"})
    told = messages(read, path)
    assert told == [
        "codes.csv row 2: the code of this row is not one that waits for a meaning there. Leave it as the sheet had it; a code nobody sent yet goes into a scale file."
    ]
    # The school's own sheet may map it.
    assert len(read(fill(tmp_path / "codes.csv", {"code": "Fell ill in class"})).rows) == 1


def test_rows_that_say_the_same_are_one_and_an_approved_one_stands_for_all(tmp_path: Path) -> None:
    everywhere = {"for_all_schools": "yes", "subject": "", "year_group": ""}
    approved = {"approved_by": "Head", "approved_on": "2026-01-01", "rationale": "Agreed"}
    path = fill(tmp_path / "codes.csv", everywhere, {**everywhere, **approved, "school": BIRCH})
    [placed] = read(path).rows
    assert (placed.row.school, placed.row.subject, placed.row.approved_by) == (None, None, "Head")
    assert placed.number == 3


def test_bulk_approval_fills_empty_cells_alone(tmp_path: Path) -> None:
    own = {"code": "DEV", "approved_by": "Head", "approved_on": "2026-01-01", "rationale": "Ours"}
    path = fill(tmp_path / "codes.csv", own, {}, {"school": BIRCH, "band": ""})
    rows = [placed.row for placed in read(path, DIRECTOR).rows]
    assert [(row.code, row.approved_by, row.approved_on, row.rationale) for row in rows] == [
        ("DEV", "Head", dt.date(2026, 1, 1), "Ours"), ("SEC", "Director", DAY, "Agreed in moderation"),
    ]  # fmt: skip
    assert read_sheet(path, WAITING, set(), DIRECTOR).left_for_later == 1


def test_a_row_nobody_approved_is_never_among_those_to_write(tmp_path: Path) -> None:
    approved = {"code": "DEV", "approved_by": "Head", "approved_on": "2026-01-01", "rationale": "Ours"}
    proposal = read(fill(tmp_path / "codes.csv", {}, approved))
    assert [placed.row.approved_by for placed in proposal.rows] == ["Head", NOT_APPROVED]
    assert NOT_APPROVED not in proposal.approved.write_table()
    assert "DEV" in proposal.approved.write_table()


def test_what_is_written_keeps_the_rows_there_are_and_takes_none_twice(tiny: Path, tmp_path: Path) -> None:
    path = tiny / MAPPED_BY_SHEET
    path.parent.mkdir()
    first = read(fill(tmp_path / "codes.csv", {}), DIRECTOR)
    path.write_text(first.write_table(), encoding="utf-8")
    kept = read_mapped(tiny)
    second = read(fill(tmp_path / "codes.csv", {"code": "DEV", "points": "2.5"}, {}), DIRECTOR, kept)
    assert (second.standing, len(second.rows)) == (1, 1)
    path.write_text(second.write_table(), encoding="utf-8")
    assert path.read_text("utf-8").startswith(first.write_table())
    assert [(row.scale, row.code, row.points) for row in load_home(tiny).kept.own_scales] == [
        ("mapped_by_sheet", "SEC", None), ("mapped_by_sheet", "DEV", 2.5),
    ]  # fmt: skip


def test_a_mistake_the_configuration_finds_is_told_where_the_sheet_has_it(tiny: Path, tmp_path: Path) -> None:
    path = tiny / MAPPED_BY_SHEET
    path.parent.mkdir()
    path.write_text(read(fill(tmp_path / "codes.csv", {}), DIRECTOR).write_table(), encoding="utf-8")
    sheet = fill(tmp_path / "codes.csv", {"code": "DEV"}, {"band": "GDS"}, {"code": "DEV", "subject": "Maths"})
    proposal = read(sheet, DIRECTOR, read_mapped(tiny))
    path.write_text(proposal.write_table(), encoding="utf-8")
    with pytest.raises(ConfigurationError) as raised:
        load_home(tiny)
    assert sorted(str(problem) for problem in proposal.say_where(raised.value).problems) == [
        'codes.csv row 3: "SEC" stands here a second time for the same days and the same use; it is first in row 2 of scales/mapped_by_sheet.csv. Keep one of the two, or part them by their days.',
    ]
    path.write_text(read(fill(tmp_path / "codes.csv", {"subject": "Maths"}), DIRECTOR).write_table(), encoding="utf-8")
    proposal = read(fill(tmp_path / "codes.csv", {}, {"subject": "Maths"}), DIRECTOR)
    path.write_text(proposal.write_table(), encoding="utf-8")
    with pytest.raises(ConfigurationError) as raised:
        load_home(tiny)
    [problem] = proposal.say_where(raised.value).problems
    assert str(problem).startswith('codes.csv row 3: "Maths" is not one of this trust\'s subjects')


def test_one_school_s_rows_become_another_s_to_be_approved_anew(tiny: Path, tmp_path: Path) -> None:
    path = tiny / MAPPED_BY_SHEET
    path.parent.mkdir()
    everywhere = {"code": "DEV", "for_all_schools": "yes"}
    path.write_text(read(fill(tmp_path / "codes.csv", {}, everywhere), DIRECTOR).write_table(), encoding="utf-8")
    home = load_home(tiny)
    proposal = propose_copy(home.kept.placed_scales, ASH, [BIRCH, "999903"], read_mapped(tiny), NOBODY)
    assert [(placed.row.school, placed.row.code, placed.row.band) for placed in proposal.rows] == [
        (BIRCH, "SEC", "EXS"), ("999903", "SEC", "EXS"),
    ]  # fmt: skip
    assert proposal.approved.rows == []
    path.write_text(proposal.write_table(), encoding="utf-8")
    assert len(load_home(tiny).kept.own_scales) == 4
    again = propose_copy(load_home(tiny).kept.placed_scales, ASH, [BIRCH], read_mapped(tiny), DIRECTOR)
    assert (again.rows, again.standing) == ([], 1)
