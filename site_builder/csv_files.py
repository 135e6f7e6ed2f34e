"""CSV as every file of a release has it: UTF-8 without BOM, `\\n`, RFC 4180, safe in a spreadsheet.

Here live the writers (of rows, and of whole columns), and the rule that takes the danger out of text a spreadsheet
would run as a formula. What columns a file has lives with the file.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

from site_builder.extract_rows import Numbers, Texts

CsvValue = str | int | bool | date | None

_ROWS_AT_ONCE = 100_000

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


def _quoted(values: Sequence[str]) -> list[str]:
    """Each value as a cell among others: in quotes where it must be."""
    cells = []
    for value in values:
        out = io.StringIO(newline="")
        csv.writer(out, lineterminator="\n").writerow([harmless(value), ""])
        cells.append(out.getvalue()[:-2])
    return cells


def _joinable(cells: Texts | Numbers) -> pa.Array | pa.Scalar:
    if isinstance(cells, Numbers):
        return cells.written
    written = _quoted(cells.values)
    return pa.scalar(written[0]) if len(written) == 1 else cells.spread(written)


def join_rows(pieces: Sequence[pa.Array | pa.Scalar], rows: int) -> Iterator[bytes]:
    """The pieces of each row one after the other, row after row, as bytes: so many rows at once."""
    for start in range(0, rows, _ROWS_AT_ONCE):
        part = [
            piece.slice(start, _ROWS_AT_ONCE) if isinstance(piece, pa.Array) else pa.scalar(piece.as_py())
            for piece in pieces
        ]
        joined = pc.binary_join_element_wise(*part, "").cast(pa.string()).buffers()[2]
        yield b"" if joined is None else bytes(joined)


def write_columns(names: Sequence[str], columns: Sequence[Texts | Numbers], rows: int) -> bytes:
    """Whole columns as CSV; the same bytes as `write_csv` gives of the same cells."""
    comma, end = pa.scalar(","), pa.scalar("\n")
    pieces: list[pa.Array | pa.Scalar] = []
    for cells in columns:
        pieces += [_joinable(cells), comma]
    pieces[-1] = end
    return ",".join(names).encode("utf-8") + b"\n" + b"".join(join_rows(pieces, rows))
