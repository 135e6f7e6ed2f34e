"""Files: a grid of cells as the bytes of a delimited text or a workbook, the same bytes every time.

Here lives knowledge of file kinds. What stands in the cells does not live here.
"""

from __future__ import annotations

import codecs
import csv
import datetime as dt
import io
import re
from collections.abc import Sequence

import xlsxwriter

from ingest.invent.entry import Cell, NotWritable

# Workbooks carry the moment they were made; this one never changes.
_CREATED = dt.datetime(2025, 9, 1)  # noqa: DTZ001  a workbook's own time has no zone
_NUMBER = re.compile(r"0|-?[1-9]\d{0,14}|-?(0|[1-9]\d{0,9})\.\d{0,3}[1-9]")


def make_delimited(grid: Sequence[Sequence[str]], encoding: str, delimiter: str) -> bytes:
    """Return the grid as delimited text with CRLF. Raises NotWritable for a letter the encoding does not have."""
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter, lineterminator="\r\n").writerows(grid)
    try:
        if encoding == "utf-16":  # always little-endian, whatever the machine
            return codecs.BOM_UTF16_LE + text.getvalue().encode("utf-16-le")
        return text.getvalue().encode(encoding)
    except UnicodeEncodeError as error:
        letter = error.object[error.start]
        raise NotWritable(f"the letter “{letter}” does not exist in {encoding}") from error


def make_workbook(grid: Sequence[Sequence[Cell]], merges: Sequence[tuple[int, int, int]]) -> bytes:
    """Return the grid as an XLSX; `merges` are (row, first column, last column), counted from 0.

    Numbers become numbers where the reader gives back the very same text, dates real dates.
    """
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as workbook:
        workbook.set_properties({"created": _CREATED})
        day = workbook.add_format({"num_format": "dd/mm/yyyy"})
        sheet = workbook.add_worksheet("Export")
        for row, cells in enumerate(grid):
            for column, cell in enumerate(cells):
                if isinstance(cell, dt.date):
                    sheet.write_datetime(row, column, dt.datetime.combine(cell, dt.time()), day)
                elif _NUMBER.fullmatch(cell):
                    sheet.write_number(row, column, float(cell))
                elif cell:
                    sheet.write_string(row, column, cell)
        for row, first, last in merges:
            if last > first:
                sheet.merge_range(row, first, row, last, grid[row][first])
    return content.getvalue()
