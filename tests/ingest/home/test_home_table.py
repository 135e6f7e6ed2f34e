"""Reading tables strictly: CSV as spreadsheets save it, XLSX, and every problem with its row."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Callable
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict

from ingest.home.strict import ConfigurationError, Problem, read_numbered_table, read_table

Messages = Callable[..., list[str]]


class Tool(BaseModel):
    model_config = ConfigDict(extra="forbid")

    code: str
    name: str
    weight_kg: int | None = None
    bought: dt.date | None = None


def write(tmp_path: Path, text: str, encoding: str = "utf-8") -> Path:
    path = tmp_path / "tools.csv"
    path.write_bytes(text.encode(encoding))
    return path


def list_problems(path: Path) -> list[Problem] | None:
    try:
        read_table(path, Tool)
    except ConfigurationError as error:
        return error.problems
    return None


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";"])
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_csv_is_read_as_spreadsheets_save_it(
    tmp_path: Path, encoding: str, delimiter: str, ending: str
) -> None:
    rows = ["Code,Name,Weight kg", "01,Zoë’s saw,3", ",,", "02,Plane,"]
    path = write(tmp_path, ending.join(rows).replace(",", delimiter), encoding)
    table = read_numbered_table(path, Tool)
    assert [(t.code, t.name, t.weight_kg) for t in table.rows] == [
        ("01", "Zoë’s saw", 3),
        ("02", "Plane", None),
    ]
    assert table.numbers == [2, 4]


def test_a_header_alone_is_a_table_of_no_rows(tmp_path: Path) -> None:
    assert read_table(write(tmp_path, "code,name\n"), Tool) == []


def test_a_workbook_is_read_with_the_same_columns(tmp_path: Path) -> None:
    path = tmp_path / "tools.xlsx"
    with xlsxwriter.Workbook(str(path)) as workbook:
        sheet = workbook.add_worksheet("Tools")
        sheet.write_row(1, 0, ["code", "name", "weight_kg", "bought"])
        sheet.write_row(2, 0, [900001, "Saw", 3])
        sheet.write_datetime(2, 3, dt.date(2025, 9, 1), workbook.add_format({"num_format": "dd/mm/yyyy"}))
        sheet.write_row(4, 0, ["007", "Plane"])
    table = read_numbered_table(path, Tool)
    assert table.rows == [
        Tool(code="900001", name="Saw", weight_kg=3, bought=dt.date(2025, 9, 1)),
        Tool(code="007", name="Plane"),
    ]
    assert table.numbers == [3, 5]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "code,nme\n1,a\n",
            [
                'tools.csv row 1: "nme" is not a column Plumbline knows here. Did you mean "name"?',
            ],
        ),
        (
            "name\na\n",
            ['tools.csv row 1: the column "code" is missing. Add it to the first row that holds anything.'],
        ),
        (
            "code,name,zzzz\n",
            [
                'tools.csv row 1: "zzzz" is not a column Plumbline knows here. '
                "It knows code, name, weight_kg, bought."
            ],
        ),
        ("code,name,Name\n", ['tools.csv row 1: there are two columns "Name". Keep one of them.']),
        (
            "code,name\n1,\n,b\n",
            [
                'tools.csv row 2: "name" is empty. Fill in the cell.',
                'tools.csv row 3: "code" is empty. Fill in the cell.',
            ],
        ),
        (
            "code,name,weight_kg\n\n1,a,heavy\n",
            ['tools.csv row 3: "weight_kg" is "heavy"; expected a whole number.'],
        ),
        (
            "code,name\n1,Hill, upper\n",
            [
                'tools.csv row 2: "upper" stands in no named column. '
                "Put text that holds a comma in quotes, or move the cell under its column."
            ],
        ),
        (
            'code,name\n1,"a\n2,b\n',
            [
                "tools.csv row 2: the quotes of this row do not pair up, so its cells cannot be told apart. "
                'Look for a " that is opened and not closed; inside quotes write it twice.'
            ],
        ),
        (
            "",
            [
                "tools.csv: the table is empty, its header too. "
                "The first row names the columns: code, name, weight_kg, bought."
            ],
        ),
    ],
)  # fmt: skip
def test_each_problem_is_named(tmp_path: Path, messages: Messages, text: str, expected: list[str]) -> None:
    assert messages(read_table, write(tmp_path, text), Tool) == expected


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        (
            "tools.csv",
            b"PK\x03\x04rest",
            'tools.csv: this is a workbook, not a CSV file. Rename it to "tools.xlsx", '
            "or save it from the spreadsheet as CSV.",
        ),
        (
            "tools.csv",
            "code\tname\n".encode("utf-16"),
            "tools.csv: this is not a CSV file Plumbline can read. "
            'Save it again as "CSV UTF-8 (comma delimited)".',
        ),
        (
            "tools.csv",
            b"code,name\n1,\x81\n",
            "tools.csv: the text is neither UTF-8 nor Windows-1252. "
            'Save it again as "CSV UTF-8 (comma delimited)".',
        ),
        (
            "tools.xlsx",
            b"PK\x03\x04 cut short",
            "tools.xlsx: the workbook cannot be opened; it may be damaged, half-copied or protected by a "
            "password. Open it in the spreadsheet and save it again, or save it as CSV.",
        ),
    ],
)
def test_what_is_no_table_is_named(
    tmp_path: Path, messages: Messages, name: str, content: bytes, expected: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    assert messages(read_table, path, Tool) == [expected]


@settings(deadline=None)
@given(st.binary(max_size=300), st.sampled_from(["tools.csv", "tools.xlsx"]))
def test_any_bytes_are_read_or_named(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, name: str
) -> None:
    path = tmp_path_factory.getbasetemp() / name
    path.write_bytes(content)
    problems = list_problems(path)
    assert problems is None or (problems and all(str(problem).startswith(path.name) for problem in problems))


CELL = st.text(
    alphabet=st.characters(codec="utf-8", exclude_characters="\x00", exclude_categories=("Cs",)),
    min_size=1,
    max_size=12,
).filter(lambda text: bool(text.strip()))


@settings(deadline=None)
@given(
    rows=st.lists(st.tuples(CELL, CELL), max_size=20),
    blanks=st.lists(st.booleans(), min_size=20, max_size=20),
    delimiter=st.sampled_from(",;"),
    mark=st.sampled_from(["utf-8", "utf-8-sig"]),
)
def test_no_row_is_lost(
    tmp_path_factory: pytest.TempPathFactory,
    rows: list[tuple[str, str]],
    blanks: list[bool],
    delimiter: str,
    mark: str,
) -> None:
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, delimiter=delimiter)
    writer.writerow(["code", "name"])
    numbers = []
    number = 1
    for row, blank in zip(rows, blanks, strict=False):
        if blank:
            writer.writerow(["", ""])
            number += 1
        writer.writerow(row)
        number += 1
        numbers.append(number)
    path = tmp_path_factory.getbasetemp() / "tools.csv"
    path.write_bytes(buffer.getvalue().encode(mark))
    table = read_numbered_table(path, Tool)
    assert [(tool.code, tool.name) for tool in table.rows] == [(a.strip(), b.strip()) for a, b in rows]
    assert table.numbers == numbers


@settings(deadline=None)
@given(st.binary(max_size=120), st.integers(min_value=0, max_value=6000))
def test_a_damaged_workbook_is_read_or_named(
    tmp_path_factory: pytest.TempPathFactory, noise: bytes, at: int
) -> None:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as workbook:
        workbook.add_worksheet().write_row(0, 0, ["code", "name"])
    content = buffer.getvalue()
    at %= len(content)
    path = tmp_path_factory.getbasetemp() / "tools.xlsx"
    path.write_bytes(content[:at] + noise + content[at + len(noise) :])
    problems = list_problems(path)
    assert problems is None or (problems and all(str(problem).startswith(path.name) for problem in problems))
