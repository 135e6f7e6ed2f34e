"""Layout: which rows of a sheet are title, header, blank or footer, and which are data.

Here lives the cutting of a sheet into rows of data with their place in the file; every other row is counted. What
a data row's cells mean does not live here (see `reshape`).
"""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

from ingest.fixes import Fix, show
from ingest.pattern import Pattern, plain_text
from ingest.recognise import Header
from ingest.readers import Sheet


@dataclass
class DataRows:
    """The data of a sheet: one row a data row, columns 0..n-1 as the header's cells, index = row in the file."""

    cells: pd.DataFrame
    rows_total: int
    rows_layout: int
    said: dict[str, str] = field(default_factory=dict)  # what title rows and footers say, by place
    refused: dict[int, str] = field(default_factory=dict)  # rows that are data but cannot be trusted, and why
    fixes: list[Fix] = field(default_factory=list)


def cut_layout(sheet: Sheet, header: Header) -> DataRows:
    """Return the data rows below `header`, with everything else counted as layout.

    A row is layout when it is at or above the header, blank, a footer by the format's patterns, or the header
    printed again. A total that a footer states is compared with the rows found.
    """
    form, width = header.format, len(header.cells)
    said: dict[str, str] = {}
    for cells in sheet.rows[: header.row + 1 - form.header_rows]:
        _hear(next((cell for cell in cells if cell.strip()), ""), form.title_patterns, said)
    again = tuple(plain_text(cell) for cell in header.cells)
    numbers: list[int] = []
    rows: list[list[str]] = []
    fixes: list[Fix] = []
    footers: list[tuple[int, dict[str, str]]] = []
    refused: dict[int, str] = {}
    for number, cells in enumerate(sheet.rows[header.row + 1 :], start=header.row + 2):
        first = next((cell for cell in cells if cell.strip()), "")
        if not first:
            continue
        spoken: dict[str, str] = {}
        if form.footer_patterns and _hear(first, form.footer_patterns, spoken):
            footers.append((number, spoken))
            continue
        if plain_text(first) in again and tuple(plain_text(cell) for cell in cells[:width]) == again[: len(cells)]:
            continue
        surplus = [cell for cell in cells[width:] if cell.strip()]
        if surplus:
            refused[number] = "row wider than the header"
            fixes.append(
                Fix(
                    code="row wider than the header",
                    field="whole row",
                    seen=f"{len(cells)} cells",
                    expected=f"{width} cells, as in the header",
                    remedy="A cell may hold the separator without quotation marks. Export again, or mend the row.",
                    file_row=number,
                )
            )
        numbers.append(number)
        rows.append((cells + [""] * width)[:width])
    for number, spoken in footers:
        said.update(spoken)
        stated = spoken.get("row_count")
        if stated is not None and int(stated) != len(rows):
            fixes.append(
                Fix(
                    code="total differs",
                    field="footer",
                    seen=f"a total of {show(stated)}",
                    expected=f"{len(rows)}, the number of rows above it",
                    remedy="Check that no row was deleted or added by hand, or export again.",
                    file_row=number,
                    severity="look",
                )
            )
    cells_frame = pd.DataFrame(rows, index=pd.Index(numbers, dtype="int64"), columns=range(width), dtype=str)
    return DataRows(
        cells=cells_frame,
        rows_total=len(sheet.rows),
        rows_layout=len(sheet.rows) - len(rows),
        said=said,
        refused=refused,
        fixes=fixes,
    )


def _hear(text: str, patterns: list[Pattern], said: dict[str, str]) -> bool:
    for pattern in patterns:
        places = pattern.match(text)
        if places is not None:
            said.update(places)
            return True
    return False
