"""Workbooks (XLSX and old XLS) through python-calamine: every cell as the text a person reads in it.

Here lives the opening of workbooks. How a cell's value is written as text lives in `cell_text`; header, footers and
meaning do not live here.
"""

from __future__ import annotations

import io

from python_calamine import CalamineWorkbook

from ingest.readers.cell_text import show_cell
from ingest.readers.sheet import Sheet, Unreadable


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
        Sheet(rows=[list(map(show_cell, row)) for row in rows], made_of="workbook", name=name)
        for name, rows in sheets
        if any(cell != "" for row in rows for cell in row)
    ]
    if not read:
        raise Unreadable(
            "The workbook is empty.", "Run the export again and check that it holds rows before it is saved."
        )
    return read
