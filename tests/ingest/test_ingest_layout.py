"""Layout: each row is title, header, blank, footer or data, and none of the data is passed over unseen."""

from __future__ import annotations

import pytest
from small_trust import MARKS, ROLL, ROLL_HEADING, make_format, make_upn

from ingest.layout import cut_layout
from ingest.readers import Sheet
from ingest.recognise import read_header

HEADING = ROLL_HEADING.split(",")


def cut(text: str, rows: list[list[str]], folder, at: int = 0):
    form = make_format(text, folder)
    sheet = Sheet(rows, "text")
    header = read_header(sheet, form, at)
    assert header is not None
    data = cut_layout(sheet, header)
    assert data.rows_total == len(rows)
    assert data.rows_layout + len(data.cells) == data.rows_total
    assert len(data.cells) == len(data.numbers)
    return data


def person(adno: str, **cells: str) -> list[str]:
    named = {"Adno": adno, "Surname": "Sur", "Forename": "Fore", "DOB": "01/02/2016", "Class": "Oak"} | cells
    return [named.get(name, "") for name in HEADING]


def test_titles_blank_rows_footers_and_a_repeated_header(tmp_path):
    rows = [
        ["Ash roll"],
        ["Printed 01/07/2025"],
        [],
        HEADING,
        person("7"),
        ["", " ", "\u00a0"],
        [cell.upper() for cell in HEADING],
        person("8"),
        ["Total: 2 pupils"],
        ["", "Total"],
    ]
    data = cut(ROLL, rows, tmp_path, at=3)
    assert data.numbers == [5, 8]
    assert data.said == {"school_name": "Ash", "exported_on": "01/07/2025", "row_count": "2"}
    assert data.fixes == []


@pytest.mark.parametrize("total", ["3", "1", "0", "9" * 400])
def test_a_total_that_differs_is_said(tmp_path, total):
    data = cut(ROLL, [HEADING, person("7"), person("8"), [f"Total: {total} pupils"]], tmp_path)
    (fix,) = data.fixes
    assert (fix.code, fix.severity, fix.file_row) == ("total differs", "look", 4)
    assert fix.expected.startswith("2,")
    assert data.numbers == [2, 3]


def test_a_total_with_zeros_before_it_is_the_same(tmp_path):
    assert cut(ROLL, [HEADING, person("7"), ["Total: 01 pupils"]], tmp_path).fixes == []


def test_a_pupil_whose_row_begins_like_a_footer_is_data(tmp_path):
    head = ["Class", *HEADING[:-1]]
    row = ["Total", "A000", "7", "Sur", "Fore", "01/02/2016", "F", "4", "2024/25"]
    assert cut(ROLL, [head, row], tmp_path).numbers == [2]
    # One identifier alone may be a count: it is read as a footer, and said.
    data = cut(ROLL, [head, ["Total", "", "25"], ["Total"]], tmp_path)
    assert data.numbers == []
    assert [(fix.code, fix.file_row) for fix in data.fixes] == [("row read as a footer", 2)]


def test_a_pupils_group_called_total_is_data(tmp_path):
    assert cut(ROLL, [HEADING, person("7", Class="Total")], tmp_path).numbers == [2]


def test_a_row_too_wide_is_kept_apart_and_named(tmp_path):
    rows = [["Adno", "Maths test Summer"], ["7", "12", "3"], ["8", "12", "", ""]]
    data = cut(MARKS, rows, tmp_path)
    assert data.refused == {2: "row wider than the header"}
    assert [(fix.file_row, fix.seen, fix.expected) for fix in data.fixes] == [
        (2, "3 cells", "2 cells, as in the header")
    ]


def test_a_row_that_ends_before_an_identifier_is_kept_apart_and_named(tmp_path):
    head = ["Adno", "Pupil", "DOB", "Maths test Summer"]
    rows = [head, ["7", "A B"], ["8", "C D", "01/02/2016"], ["9", "E F", "", ""]]
    data = cut(MARKS, rows, tmp_path)
    assert data.refused == {2: "row shorter than the header"}
    assert [(fix.file_row, fix.seen, fix.expected[:7]) for fix in data.fixes] == [(2, "2 cells", "4 cells")]


def test_a_number_of_a_pupil_in_another_column_keeps_the_row_apart(tmp_path):
    head = ["Teacher", "Adno", "Pupil", "Maths test Summer"]
    upn = make_upn(77)
    rows = [head, [upn, "7", "A B", "1"], ["T", "8", "C D", upn], ["T", upn, "", "3"]]
    data = cut(MARKS, rows, tmp_path)
    assert data.refused == {3: "a number that identifies a pupil stands in another column"}  # what is not read is left
    assert [(fix.file_row, fix.field) for fix in data.fixes] == [(3, "Maths test Summer")]
    assert upn not in repr(data.fixes)


def test_a_torn_row_is_seen_though_each_row_ends_with_the_separator(tmp_path):
    rows = [["Adno", "Pupil", "Maths test Summer", ""], ["7", "A B", "12", ""], ["8", "C", "D", "12", ""]]
    assert cut(MARKS, rows, tmp_path).refused == {3: "row wider than the header"}


def test_data_under_a_blank_heading_is_said(tmp_path):
    rows = [["Adno", "Maths test Summer", "", "Pupil"], ["7", "12", "13", "A B"], ["8", "12", "14", "C D"]]
    (fix,) = cut(MARKS, rows, tmp_path).fixes
    assert (fix.code, fix.field, fix.seen, fix.severity) == (
        "data without a heading", "column C", "cells are filled in rows 2, 3", "fix",
    )  # fmt: skip


def test_short_rows_are_filled_up_and_cells_trimmed(tmp_path):
    rows = [["Adno", "Pupil", "Maths test Summer"], ["\ufeff7 ", "A\u00a0 \n B"]]
    assert cut(MARKS, rows, tmp_path).cells == [["7", "A B", ""]]


def test_a_two_line_header_printed_again_is_layout(tmp_path):
    two = MARKS.replace("columns:", "header_rows: 2\ncolumns:").replace(
        "{subject} test {term}", "{term} test {subject}"
    )
    head = [["Adno", "Summer test", ""], ["", "English", "Maths"]]
    rows = [*head, ["7", "1", "2"], *head, ["8", "3", "4"]]
    assert cut(two, rows, tmp_path, at=1).numbers == [3, 6]
