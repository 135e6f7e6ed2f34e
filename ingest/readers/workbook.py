"""Workbooks (XLSX and old XLS) through python-calamine: every cell as the text a person reads in it.

Here lives the turning of workbook cells into text. Header, footers and meaning do not live here.
"""

from __future__ import annotations

import datetime as dt
import io
import math
from collections.abc import Callable
from decimal import Decimal

from python_calamine import CalamineWorkbook

from ingest.readers.sheet import Sheet, Unreadable

Cell = object


def read_workbook(content: bytes) -> list[Sheet]:
    """Return every sheet that holds a cell. Raises Unreadable when the workbook is damaged or protected."""
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
        sheets = [
            (name, workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)) for name in workbook.sheet_names
        ]
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # calamine has a type of its own per file kind, and one for its own faults
        raise Unreadable(
            "The file begins like a workbook but cannot be opened: it is cut short, damaged, protected by a "
            "password, or not a workbook at all.",
            "Open it in Excel; if it opens, save it again as XLSX without a password, else export it again.",
        ) from error
    read = [
        Sheet(rows=[[_as_text(cell) for cell in row] for row in rows], made_of="workbook", name=name)
        for name, rows in sheets
        if any(cell != "" for row in rows for cell in row)
    ]
    if not read:
        raise Unreadable(
            "The workbook is empty.", "Run the export again and check that it holds rows before it is saved."
        )
    return read


def _number(value: float) -> str:
    """Return a number as a spreadsheet shows it: 15 digits at most, no power of ten, no .0 after a whole number."""
    if not math.isfinite(value):
        return str(value)
    text = f"{Decimal(format(value, '.15g')):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


_WAYS: dict[type, Callable[..., str]] = {
    str: str,
    bool: lambda value: "TRUE" if value else "FALSE",
    int: str,
    float: _number,
    dt.datetime: lambda value: value.date().isoformat() if value.time() == dt.time() else value.isoformat(" "),
    dt.date: lambda value: value.isoformat(),
    dt.time: lambda value: value.isoformat(),
}


def _as_text(cell: Cell) -> str:
    return _WAYS.get(type(cell), str)(cell)
