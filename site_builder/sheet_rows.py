"""The rows of a long worksheet, made from whole columns and set into a workbook that has everything but them.

Here lives the little of the spreadsheet format (ECMA-376) that takes: a row, a number cell, a text cell. A writer that
is handed one cell at a time needs ten times as long for a hundred thousand rows. Text is text: no cell is a formula.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from site_builder.csv_files import join_rows
from site_builder.extract_rows import Numbers, Texts

_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


@dataclass(frozen=True)
class SheetColumn:
    """A column of a long sheet. `styles`: of figures, the style of each row; else one style for all."""

    heading: str
    cells: Texts | Numbers
    styles: str | pa.Array


@dataclass(frozen=True)
class LongRows:
    """Rows of some columns for one worksheet: from row `start` of the columns, `count` of them.

    `first_row` is the spreadsheet's number of the first of them; what the worksheet has from there on gives way.
    """

    columns: Sequence[SheetColumn]
    start: int
    count: int
    first_row: int


def column_letters(place: int) -> str:
    """The spreadsheet's name of a column: 0 is A, 26 is AA."""
    return (column_letters(place // 26 - 1) if place >= 26 else "") + chr(ord("A") + place % 26)


def xml_text(value: str) -> str:
    """`value` as the text of a cell; a sign that XML cannot hold as spreadsheets write it (`_x000B_`)."""
    shielded = re.sub(r"_(?=x[0-9A-Fa-f]{4}_)", "_x005F_", value)
    safe = escape(_ILLEGAL.sub(lambda found: f"_x{ord(found.group()):04X}_", shielded))
    return f'<t xml:space="preserve">{safe}</t>' if value != value.strip() or "\n" in value else f"<t>{safe}</t>"


def _text_cell(style: str, value: str) -> str:
    return f'" s="{style}" t="inlineStr"><is>{xml_text(value)}</is></c>'


def _cells(column: SheetColumn, symbol_style: str, start: int, count: int) -> pa.Array:
    """What follows the address in each cell of a column."""
    if isinstance(column.cells, Texts):
        assert isinstance(column.styles, str)
        written = [_text_cell(column.styles, value) for value in column.cells.values]
        return pc.take(pa.array(written, pa.string()), column.cells.places.slice(start, count))
    text, symbols = column.cells.text.slice(start, count), column.cells.symbols.slice(start, count)
    styles = column.styles if isinstance(column.styles, str) else column.styles.slice(start, count)
    numbers = pc.binary_join_element_wise('" s="', styles, '"><v>', text, "</v></c>", "")
    encoded = symbols.dictionary_encode()
    told = [_text_cell(symbol_style, f"[{symbol}]") for symbol in encoded.dictionary.to_pylist()]
    return pc.coalesce(numbers, pc.take(pa.array(told, pa.string()), encoded.indices))


def _rows_xml(rows: LongRows, symbol_style: str) -> Iterator[bytes]:
    numbers = pa.array(np.arange(rows.first_row, rows.first_row + rows.count)).cast(pa.string())
    pieces: list[pa.Array | pa.Scalar] = [pa.scalar('<row r="'), numbers, pa.scalar('">')]
    for place, column in enumerate(rows.columns):
        address = pa.scalar(f'<c r="{column_letters(place)}')
        pieces += [address, numbers, _cells(column, symbol_style, rows.start, rows.count)]
    pieces.append(pa.scalar("</row>"))
    return join_rows(pieces, rows.count)


def style_of(sheet: bytes, row: int, place: int) -> str:
    """The number of the style a cell of a written worksheet has; ValueError where the cell is not there."""
    found = re.search(rb'<c r="%b%d" s="(\d+)"' % (column_letters(place).encode(), row), sheet)
    if found is None:
        raise ValueError(f"cell {column_letters(place)}{row} of the worksheet has no style")
    return found.group(1).decode()


def set_rows(sheet: bytes, rows: LongRows, symbol_style: str) -> Iterator[bytes]:
    """A written worksheet, piece by piece, its pattern rows replaced; symbols among figures have `symbol_style`."""
    begin = sheet.index(b'<row r="%d"' % rows.first_row)
    end = sheet.index(b"</sheetData>")
    last = f"{column_letters(len(rows.columns) - 1)}{rows.first_row + rows.count - 1}"
    head = re.sub(rb'<dimension ref="[^"]*"/>', b'<dimension ref="A1:%b"/>' % last.encode(), sheet[:begin], count=1)
    yield head
    yield from _rows_xml(rows, symbol_style)
    yield sheet[end:]


def set_extent(table: bytes, name: str, header_row: int, columns: int, rows: int) -> bytes:
    """The marks of the table `name` stretched over `rows` rows; ValueError where they are another table's."""
    if b'displayName="%b"' % name.encode() not in table:
        raise ValueError(f"the workbook's part for the table {name} holds another")
    extent = f"A{header_row}:{column_letters(columns - 1)}{header_row + rows}".encode()
    return re.sub(rb'ref="A\d+:[A-Z]+\d+"', b'ref="%b"' % extent, table)


def repack(workbook: bytes, changed: Mapping[str, Iterable[bytes]]) -> bytes:
    """The workbook with some of its parts changed, each made when its turn comes.

    The date of every part is the earliest a zip file knows, so that the same parts give the same bytes.
    """
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook)) as before,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=4) as after,
    ):
        for name in before.namelist():
            with after.open(name, "w") as part:
                for piece in changed.get(name) or [before.read(name)]:
                    part.write(piece)
    return out.getvalue()
