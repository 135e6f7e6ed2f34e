"""Readers: whatever bytes a person drops in the inbox come back as rows of text, or as words on what they are."""

from __future__ import annotations

import codecs
import contextlib
import csv
import datetime as dt
import io
import json
import re
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from ingest.readers import Sheet, Unreadable, read_sheets

ENCODINGS = {
    "utf-8": (b"", "utf-8"),
    "utf-8 bom": (codecs.BOM_UTF8, "utf-8"),
    "utf-16-le": (b"", "utf-16-le"),
    "utf-16-be": (b"", "utf-16-be"),
    "utf-16-le bom": (codecs.BOM_UTF16_LE, "utf-16-le"),
    "utf-16-be bom": (codecs.BOM_UTF16_BE, "utf-16-be"),
    "windows-1252": (b"", "cp1252"),
}
ROWS = [
    ["Adno", "Name", "Note", "Mark"],
    ["1", "O’Neill, Zoë", 'said "well"; done', "12"],
    ["2", "Ann | Bob", "two\nlines", ""],
    ["3", "£5\tTab", "", "7,5"],
]


def write(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def write_csv(rows: list[list[str]], encoding: str, delimiter: str) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter).writerows(rows)
    mark, codec = ENCODINGS[encoding]
    return mark + text.getvalue().encode(codec)


def write_workbook(path: Path, sheets: dict[str, list[list[object]]]) -> Path:
    with xlsxwriter.Workbook(path, {"default_date_format": "dd/mm/yyyy"}) as book:
        book.set_properties({"created": dt.datetime(2025, 1, 1)})  # noqa: DTZ001  the same bytes each time
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for y, row in enumerate(rows):
                for x, cell in enumerate(row):
                    if cell is not None:
                        sheet.write(y, x, cell)
    return path


def refuse(path: Path) -> Unreadable:
    with pytest.raises(Unreadable) as raised:
        read_sheets(path)
    assert raised.value.reason.endswith(".")
    assert raised.value.remedy.endswith(".")
    return raised.value


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_every_encoding_and_delimiter_reads_back_the_same_rows(tmp_path, encoding, delimiter):
    (sheet,) = read_sheets(write(tmp_path / "a.csv", write_csv(ROWS, encoding, delimiter)))
    assert sheet.rows == ROWS
    assert "text with" in sheet.made_of


# Printable text with all that needs quoting; only letters Windows-1252 knows, so that each encoding can hold it.
CELL = st.text(alphabet="abcXYZ059 éöüß£’-,;|\t\"'\n.", max_size=12)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.integers(2, 5).flatmap(lambda n: st.lists(st.lists(CELL, min_size=n, max_size=n), min_size=1, max_size=8)),
    encoding=st.sampled_from(sorted(ENCODINGS)),
    delimiter=st.sampled_from(",;\t|"),
)
def test_text_written_by_the_csv_module_reads_back(tmp_path, rows, encoding, delimiter):
    table = [[f"Heading {i}" for i in range(len(rows[0]))], *rows]
    content = write_csv(table, encoding, delimiter)
    if encoding == "windows-1252":  # bytes that happen to be good UTF-8 are read as such; nobody could tell
        with contextlib.suppress(UnicodeDecodeError):
            assume(content.isascii() or not content.decode("utf-8"))
    (sheet,) = read_sheets(write(tmp_path / "a.csv", content))
    assert sheet.rows == table


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.one_of(
        st.binary(max_size=400),
        st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace")),
        st.text(max_size=100).map(lambda text: text.encode("utf-16", "replace")),
        st.binary(max_size=200).map(lambda tail: b"PK\x03\x04" + tail),
        st.binary(max_size=200).map(lambda tail: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + tail),
    )
)
def test_any_bytes_give_sheets_or_words(tmp_path, content):
    path = write(tmp_path / "any.csv", content)
    try:
        sheets = read_sheets(path)
    except Unreadable:
        refuse(path)
    else:
        assert all(isinstance(cell, str) for sheet in sheets for row in sheet.rows for cell in row)
        assert sheets
        assert all(isinstance(sheet, Sheet) for sheet in sheets)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_a_spoilt_workbook_gives_sheets_or_words(tmp_path, data):
    good = write_workbook(tmp_path / "good.xlsx", {"A": [["Adno", "Mark"], [1, 2.5]]}).read_bytes()
    spoilt = bytearray(good)
    for _ in range(data.draw(st.integers(1, 6))):
        spoilt[data.draw(st.integers(0, len(spoilt) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(1, len(spoilt)))
    path = write(tmp_path / "spoilt.xlsx", bytes(spoilt[:cut]))
    try:
        assert read_sheets(path)
    except Unreadable:
        refuse(path)


def test_a_workbook_gives_the_text_a_person_reads_in_it(tmp_path):
    path = write_workbook(
        tmp_path / "a.xlsx",
        {
            "Data": [
                [],
                [],
                ["Adno", "Mark", "On", "Here", "Long", "Third"],
                [7, 12.5, dt.date(2025, 6, 3), True, 801200005001, 0.1 + 0.2],
                [8, None, dt.datetime(2025, 6, 3, 9, 30), False, 1e15, 1 / 3],  # noqa: DTZ001  cells have no zone
            ],
            "Empty": [],
        },
    )
    (sheet,) = read_sheets(path)
    assert sheet.name == "Data"
    assert [any(row) for row in sheet.rows] == [False, False, True, True, True]  # row 3 is row 3 of the spreadsheet
    assert sheet.rows[3] == ["7", "12.5", "2025-06-03", "TRUE", "801200005001", "0.3"]
    assert sheet.rows[4] == ["8", "", "2025-06-03 09:30:00", "FALSE", "1000000000000000", "0.333333333333333"]


def test_a_workbook_is_known_by_its_bytes_not_its_name(tmp_path):
    good = write_workbook(tmp_path / "a.xlsx", {"A": [["Adno", "Mark"], ["1", "2"]]}).read_bytes()
    (sheet,) = read_sheets(write(tmp_path / "a.csv", good))
    assert sheet.rows == [["Adno", "Mark"], ["1", "2"]]


@pytest.mark.parametrize("content", [b"", b" \r\n\t \n", b"\xef\xbb\xbf", b"\xff\xfe", b"\xff\xfe \x00\r\x00\n\x00"])
def test_an_empty_file_is_called_empty(tmp_path, content):
    assert refuse(write(tmp_path / "a.csv", content)).reason == "The file is empty."


@pytest.mark.parametrize("name", ["a.csv", "a.xlsx", "a.json"])
def test_a_placeholder_of_zero_bytes_is_not_called_empty(tmp_path, name):
    said = refuse(write(tmp_path / name, bytes(4096)))
    assert "placeholder of a cloud drive" in said.reason
    assert "downloaded" in said.remedy


@pytest.mark.parametrize(
    ("content", "named"),
    [
        (b"\xff\xd8\xff\xe0\x00\x10JFIF" + bytes(range(256)), "a photo (JPEG)"),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "a picture (PNG)"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj", "a PDF document"),
        (b"\x1f\x8b\x08\x00" + bytes(40), "a compressed file"),
        (b"SQLite format 3\x00" + bytes(40), "a database"),
    ],
)
def test_what_was_dropped_by_mistake_is_named(tmp_path, content, named):
    assert named in refuse(write(tmp_path / "marks.csv", content)).reason


def test_workbooks_that_cannot_be_opened_say_so(tmp_path):
    good = write_workbook(tmp_path / "a.xlsx", {"A": [["Adno"], *([str(n)] for n in range(500))]}).read_bytes()
    old = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
    for content in (good[: len(good) // 2], good[:40], old, b"PK\x03\x04" + bytes(200)):
        assert "cannot be opened" in refuse(write(tmp_path / "b.xlsx", content)).reason
    assert refuse(write_workbook(tmp_path / "c.xlsx", {"A": [], "B": []})).reason == "The workbook is empty."


@pytest.mark.parametrize(
    "text",
    ['Adno,Name\n1,Ann\n2,"Bob\n3,Cat\n', 'Adno,Name\n1,Ann\n2,"Bob" B,\n', "Adno,Name\n1,Ann\n2," + "x" * 140000],
)
def test_an_unclosed_quotation_mark_names_its_row(tmp_path, text):
    error = refuse(write(tmp_path / "a.csv", text.encode()))
    assert error.row == 3
    assert "Row 3" in error.reason


@pytest.mark.parametrize("content", [b"Adno,Name\n1,A\x00nn\n", b"a,b\n" * 2000 + b"1,\x00\n", b"Adno\x01,b\n1,2"])
def test_stray_zero_and_control_bytes_are_no_text(tmp_path, content):
    assert "text" in refuse(write(tmp_path / "a.csv", content)).reason


def test_a_mark_for_the_end_of_the_file_is_no_harm(tmp_path):
    (sheet,) = read_sheets(write(tmp_path / "a.csv", b"Adno,Name\r\n1,Ann\r\n\x1a"))
    assert sheet.rows == [["Adno", "Name"], ["1", "Ann"]]


def test_decimal_commas_do_not_hide_the_semicolons(tmp_path):
    (sheet,) = read_sheets(write(tmp_path / "a.csv", b"Adno;Mark;Other\n1;2,5;3,5\n2;4,5;5,5\n"))
    assert sheet.rows[1] == ["1", "2,5", "3,5"]


# JSON ---------------------------------------------------------------------------------------------------------------

PAGE = """{
 "data": [
  {"upi": "1", "education_details": {"data": {"upn": "A1", "current_nc_year": "6", "part_time": false}},
   "date_of_birth": {"date": "2012-05-01 00:00:00.000000", "timezone_type": 3, "timezone": "Europe/London"},
   "share": 0.75, "count": 12, "long": 801200005001, "whole": 6.0, "restored_at": null, "tags": ["a", null, 2, true],
   "classes": {"data": [{"name": "6A", "id": 1}, {"name": "Maths 2"}]}},
  {"upi": "2", "education_details": {"data": []}, "date_of_birth": null, "forename": "Zo\\u00eb", "tags": [],
   "classes": {"data": []}}
 ],
 "meta": {"pagination": {"next": "https://x/?page=3", "more": true, "per_page": 2, "current_page": 2}}
}"""


def read_json(folder: Path, content: str | bytes, name: str = "page.json") -> Sheet:
    (sheet,) = read_sheets(write(folder / name, content.encode() if isinstance(content, str) else content))
    return sheet


def test_a_page_is_a_row_an_item_and_a_column_a_path(tmp_path):
    sheet = read_json(tmp_path, PAGE)
    rows = [dict(zip(sheet.rows[0], row, strict=True)) for row in sheet.rows[1:]]
    assert rows[0] == {
        "upi": "1", "education_details.upn": "A1", "education_details.current_nc_year": "6",
        "education_details.part_time": "FALSE", "date_of_birth.date": "2012-05-01 00:00:00.000000", "share": "0.75",
        "count": "12", "long": "801200005001", "whole": "6", "restored_at": "", "tags": "a, 2, TRUE",
        "classes.1.name": "6A", "classes.1.id": "1", "classes.2.name": "Maths 2", "forename": "",
    }  # fmt: skip
    assert {name: cell for name, cell in rows[1].items() if cell} == {"upi": "2", "forename": "Zoë"}
    assert list(rows[0])[:3] == ["upi", "education_details.upn", "education_details.current_nc_year"]
    assert sheet.made_of == "JSON page 2 (UTF-8)"


@pytest.mark.parametrize(
    ("content", "rows", "made_of"),
    [
        ('[{"a": 1}, {"b": 2}]', [["a", "b"], ["1", ""], ["", "2"]], "JSON (UTF-8)"),
        ('{"data": {"a": 1}}', [["a"], ["1"]], "JSON (UTF-8)"),
        ('{"data": [{"a": 1}], "meta": {"current_page": 2, "last_page": 5}}', [["a"], ["1"]],
         "JSON page 2 of 5 (UTF-8)"),
        ('[{"data": [{"a": 1}]}, {"data": [{"a": 2}], "meta": {}}]', [["a"], ["1"], ["2"]], "2 JSON pages (UTF-8)"),
        ('[{"a": {"b": {"data": {"c": null}}}}]', [["a.b.c"], [""]], "JSON (UTF-8)"),
        ('[{"a": {}}, {"a": {"b": 1}}, {"a": 5}]', [["a", "a.b"], ["", ""], ["", "1"], ["5", ""]], "JSON (UTF-8)"),
        ('[{"data": "x", "more": 1}]', [["data", "more"], ["x", "1"]], "JSON (UTF-8)"),
        ('[{"a": [[1, 2], 3]}]', [["a.1", "a.2"], ["1, 2", "3"]], "JSON (UTF-8)"),
        ('[{"a": 1e3, "b": 1e400, "c": NaN, "d": -0.10}]', [["a", "b", "c", "d"], ["1000", "inf", "NaN", "-0.1"]],
         "JSON (UTF-8)"),
        ('[{"half\\ud83d": "a\\ud83d"}]', [["half?"], ["a?"]], "JSON (UTF-8)"),
        ("[{}]", [[], []], "JSON (UTF-8)"),
    ],
)  # fmt: skip
def test_shapes_of_json(tmp_path, content, rows, made_of):
    sheet = read_json(tmp_path, content)
    assert (sheet.rows, sheet.made_of) == (rows, made_of)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8 bom", "utf-16-le", "utf-16-be", "utf-16-le bom", "utf-16-be bom"])
@pytest.mark.parametrize("name", ["page.json", "page.JSON", "page.txt", "page.csv"])
def test_json_is_known_by_its_beginning_in_every_encoding(tmp_path, encoding, name):
    mark, codec = ENCODINGS[encoding]
    sheet = read_json(tmp_path, mark + '\n [ {"Name": "Zoë"} ]'.encode(codec), name)
    assert sheet.rows == [["Name"], ["Zoë"]]


def test_a_table_whose_first_heading_begins_with_a_bracket_is_no_json(tmp_path):
    assert read_json(tmp_path, "[Adno],{Name}\n1,Ann\n", "a.csv").rows == [["[Adno]", "{Name}"], ["1", "Ann"]]
    assert read_json(tmp_path, "Adno,Name\n1,Ann\n", "a.json").rows == [["Adno", "Name"], ["1", "Ann"]]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (PAGE[: len(PAGE) // 2], "line 5"),
        (PAGE.replace('"upi": "2",', '"upi": "2"'), "line 7"),
        ('[{"a": 1}] [{"a": 2}]', "line 1"),
        ("[1, 2]", "Item 1"),
        ('[{"secret": 1}, "secret"]', "Item 2"),
        ('{"error": "secret"}', "neither a list"),
        ('{"data": "secret"}', "neither a list"),
        ('{"data": []}', "no items"),
        ("[]", "no items"),
        ('[{"secret": 1, "secret": 2}]', "under one name"),
        ('[{"a": 1}, {"secret.b": 1, "secret": {"b": 2}}]', "Item 2"),
        ("[" * 100_000, "nested too deeply"),
        ("[" + ", ".join(f'{{"secret{n}": 1}}' for n in range(2001)) + "]", "different names"),
    ],
)
def test_what_is_no_page_is_said_with_its_place_and_without_its_values(tmp_path, content, said):
    error = refuse(write(tmp_path / "page.json", content.encode()))
    assert said in error.reason
    assert "secret" not in error.reason + error.remedy
    assert error.__cause__ is None or "secret" not in str(error.__cause__)


WORD = st.text("ab.Zé\u00a0\n0 ", max_size=6)
PLAIN = st.sampled_from([None, True, False, 0, -12, 0.75, 1e20, 10**25, ""]) | WORD
ANY = st.recursive(
    PLAIN,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORD | st.just("data"), inner, max_size=3),
    max_leaves=8,
)


def list_leaves(value: object) -> list[str]:
    """The plain values below `value` that are not empty, as a slow reader would write them."""
    if isinstance(value, dict | list):
        inner = value.values() if isinstance(value, dict) else value
        return [leaf for one in inner for leaf in list_leaves(one)]
    return (
        [] if value is None or value == "" else ["TRUE" if value is True else "FALSE" if value is False else str(value)]
    )


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.dictionaries(WORD, ANY, max_size=3), min_size=1, max_size=4))
def test_any_items_are_read_whole_or_refused_in_words(tmp_path, items):
    """Item n is row n + 1, and no text of it is lost (numbers may be written otherwise)."""
    path = write(tmp_path / "any.json", json.dumps({"data": items}).encode())
    try:
        (sheet,) = read_sheets(path)
    except Unreadable:
        refuse(path)
        return
    assert len(sheet.rows) == 1 + len(items)
    assert len({len(row) for row in sheet.rows}) == 1
    assert len(set(sheet.rows[0])) == len(sheet.rows[0])
    for item, row in zip(items, sheet.rows[1:], strict=True):
        said = " ".join(row)
        for leaf in list_leaves(item):
            assert leaf in said or re.fullmatch(r"-?[0-9.e+-]+", leaf)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_a_spoilt_page_gives_rows_or_words(tmp_path, data):
    spoilt = bytearray(PAGE.encode())
    for _ in range(data.draw(st.integers(0, 4))):
        spoilt[data.draw(st.integers(0, len(spoilt) - 1))] = data.draw(st.integers(0, 255))
    path = write(tmp_path / "spoilt.json", bytes(spoilt[: data.draw(st.integers(1, len(spoilt)))]))
    try:
        assert read_sheets(path)
    except Unreadable:
        refuse(path)


def test_a_file_that_cannot_be_opened_raises_oserror(tmp_path):
    with pytest.raises(OSError, match="gone"):
        read_sheets(tmp_path / "gone.csv")
