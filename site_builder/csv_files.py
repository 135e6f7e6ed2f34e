"""CSV as every file of a release has it: UTF-8 without BOM, `\\n`, RFC 4180, safe in a spreadsheet.

Here lives the writer, and the rule that takes the danger out of text a spreadsheet would run as a formula.
What columns a file has lives with the file.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

CsvValue = str | int | bool | date | None

# A spreadsheet runs a cell that begins so. Carriage return and line feed are skipped by some before they
# look.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")


@dataclass(frozen=True)
class CsvTable:
    """A header and rows. Text is made harmless; numbers and dates are written as they are.

    Columns of figures hold text made in this room (`-1.500000`, `c`): `figures` names them, and they are
    let be.
    """

    header: Sequence[str]
    rows: Iterable[Sequence[CsvValue]]
    figures: frozenset[str] = frozenset()


def harmless(text: str) -> str:
    """`text` with a leading apostrophe where a spreadsheet would take it for a formula."""
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


def _written(value: CsvValue, figure: bool) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    return value if figure else harmless(value)


def write_csv(table: CsvTable) -> bytes:
    """The table as bytes."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(table.header)
    figures = [name in table.figures for name in table.header]
    for row in table.rows:
        writer.writerow([_written(value, figure) for value, figure in zip(row, figures, strict=True)])
    return out.getvalue().encode("utf-8")
