"""Files: a grid of cells as the bytes of a delimited text, a workbook or JSON pages, the same bytes every time.

Here lives knowledge of file kinds. What stands in the cells does not live here.
"""

from __future__ import annotations

import codecs
import csv
import datetime as dt
import io
import json
import re
from collections.abc import Sequence
from typing import Any

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


def make_pages(names: Sequence[str], rows: Sequence[Sequence[Cell]]) -> bytes:
    """Return the rows as one JSON page in its envelope, a line a row; `names` are paths joined with dots.

    An empty cell is null. An included object stands in a "data" of its own, and a date under ".date" beside its time
    zone, as school data services send them. Raises NotWritable where one name is a part of the way to another.
    """
    lines = (json.dumps(_nest(names, cells), ensure_ascii=False) for cells in rows)
    meta = {"pagination": {"next": None, "previous": None, "more": False, "per_page": 200, "current_page": 1}}
    return ('{"data": [\n' + ",\n".join(lines) + '\n], "meta": ' + json.dumps(meta) + "}\n").encode()


def _nest(names: Sequence[str], cells: Sequence[Cell]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, cell in zip(names, cells, strict=True):
        *way, last = name.split(".")
        at = found
        for step in way[:-1] if last == "date" else way:
            at = _step(_step(at, step, name), "data", name)
        if last == "date" and way:
            if cell:
                at = _step(at, way[-1], name)
                at |= {"date": f"{cell} 00:00:00.000000", "timezone_type": 3, "timezone": "Europe/London"}
            else:
                at[way[-1]] = None
        elif last in at:
            raise NotWritable(f"“{name}” is also a part of the way to another name")
        else:
            at[last] = None if cell == "" else str(cell)
    return found


def _step(at: dict[str, Any], step: str, name: str) -> dict[str, Any]:
    inner = at.setdefault(step, {})
    if not isinstance(inner, dict):
        raise NotWritable(f"“{name}” leads through a value")
    return inner
