"""A table a person keeps, as CSV or XLSX, as rows of text cells with the row numbers a spreadsheet shows.

Encodings, delimiters and cell types end here. What the columns mean, and whether they are the right ones,
does not live here.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import zipfile
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

import python_calamine

from ingest.home.problems import Problem

_SPREADSHEET_SUFFIXES = (".xlsx", ".xlsm")
_ZIP_MAGIC = b"PK\x03\x04"


@dataclass(frozen=True)
class Row:
    """One row that holds something: its number as a spreadsheet counts it, from 1, and its cells as text."""

    number: int
    cells: list[str]


def read_cells(path: Path, file: str, known_columns: Collection[str]) -> tuple[list[Row], list[Problem]]:
    """Read the rows of a table that hold anything, in order; an unreadable file gives one problem and no row.

    Reads CSV (UTF-8, else Windows-1252; comma or semicolon, whichever gives more known columns) and the first
    sheet of an XLSX workbook.
    """
    content = path.read_bytes()
    if path.suffix.lower() in _SPREADSHEET_SUFFIXES:
        return _read_spreadsheet(content, file)
    if content.startswith(_ZIP_MAGIC):
        what = "this is a workbook, not a CSV file."
        return [], [
            _refuse(file, what, f'Rename it to "{path.stem}.xlsx", or save it from the spreadsheet as CSV.')
        ]
    if content.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" in content:
        what = "this is not a CSV file Plumbline can read."
        return [], [_refuse(file, what, 'Save it again as "CSV UTF-8 (comma delimited)".')]
    try:
        text = decode_text(content)
    except UnicodeDecodeError:
        what = "the text is neither UTF-8 nor Windows-1252."
        return [], [_refuse(file, what, 'Save it again as "CSV UTF-8 (comma delimited)".')]
    return _read_delimited(text, file, known_columns)


def decode_text(content: bytes) -> str:
    """Decode a text file people keep: UTF-8 or Windows-1252; UnicodeDecodeError where it is neither."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252")


def _read_delimited(text: str, file: str, known_columns: Collection[str]) -> tuple[list[Row], list[Problem]]:
    readings = [_split(text, delimiter, file) for delimiter in ",;"]
    # max() keeps the first of equals, so a header that tells nothing is read with commas.
    return max(readings, key=lambda reading: _count_known(reading[0], known_columns))


def _split(text: str, delimiter: str, file: str) -> tuple[list[Row], list[Problem]]:
    rows: list[Row] = []
    number = 0
    try:
        # strict: otherwise a quote that is never closed would swallow every row below it without a word.
        for number, record in enumerate(
            csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True), 1
        ):
            cells = [cell.strip() for cell in record]
            if any(cells):
                rows.append(Row(number, cells))
    except csv.Error:
        what = "the quotes of this row do not pair up, so its cells cannot be told apart."
        remedy = 'Look for a " that is opened and not closed; inside quotes write it twice.'
        return rows[:1], [Problem(file, number + 1, "this row", what=what, remedy=remedy)]
    return rows, []


def _count_known(rows: list[Row], known_columns: Collection[str]) -> int:
    return len({name_column(cell) for cell in rows[0].cells} & set(known_columns)) if rows else 0


def name_column(header: str) -> str:
    """Fold a header to the way columns are named: "Lowest age" is lowest_age."""
    return "_".join(header.replace("-", " ").replace("_", " ").split()).casefold()


def _read_spreadsheet(content: bytes, file: str) -> tuple[list[Row], list[Problem]]:
    try:
        workbook = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        grid = workbook.get_sheet_by_index(0).to_python(skip_empty_area=False)
    except (python_calamine.CalamineError, zipfile.BadZipFile, ValueError, IndexError, OSError):
        what = "the workbook cannot be opened; it may be damaged, half-copied or protected by a password."
        return [], [_refuse(file, what, "Open it in the spreadsheet and save it again, or save it as CSV.")]
    rows = [Row(number, [_show(cell) for cell in record]) for number, record in enumerate(grid, 1)]
    return [row for row in rows if any(row.cells)], []


def _show(cell: object) -> str:
    """Write a cell as a person reads it: 900001 and not 900001.0, a day without its midnight."""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, dt.datetime) and cell.time() == dt.time():
        return cell.date().isoformat()
    return str(cell).strip()


def _refuse(file: str, what: str, remedy: str) -> Problem:
    return Problem(file, None, "this file", what=what, remedy=remedy)
