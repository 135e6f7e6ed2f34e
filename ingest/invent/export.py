"""Export: records written through a format file, so that reading the file gives the same records again.

Here lives the one door for writing (`write_export`) and the planting of defects. Which records share a row is
decided in `rows`, columns are laid in `headings`, titles and footers in `framing`, bytes are made in `files`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from pathlib import Path

from ingest.format_file import FormatFile
from ingest.invent.entry import Cell, Defect, Entry, MistypedCell, NotWritable, Pupil, RepeatedRow, Style, name_pupil
from ingest.invent.files import make_delimited, make_pages, make_workbook
from ingest.invent.framing import frame_rows, say_titles
from ingest.invent.headings import Heading, lay_columns, lay_header
from ingest.invent.rows import Rows, compose_rows
from ingest.invent.wording import write_date
from ingest.pattern import plain_text


def write_export(
    form: FormatFile,
    entries: Sequence[Entry],
    path: Path,
    style: Style | None = None,
    *,
    also: Iterable[Pupil] = (),
    defects: Sequence[Defect] = (),
) -> None:
    """Write `entries` as an export in the format `form` to `path`: XLSX or JSON by its ending, else delimited text.

    Pupils of `also` get a row even when nothing is known of them; `defects` spoil what is written. Raises
    NotWritable when the format cannot say these entries, so that what was written can always be read back.
    """
    style = style or Style()
    write_rows(form, compose_rows(form, entries, style, list(also)), path, style, defects)


def write_rows(form: FormatFile, rows: Rows, path: Path, style: Style, defects: Sequence[Defect] = ()) -> None:
    """Write composed rows as `write_export` does; for rows that were composed another way (see `mark_rows`)."""
    headings = lay_columns(form, rows, style)
    for defect in defects:
        _spoil(defect, rows, headings)
    data = [list(cells) for cells in zip(*(heading.cells for heading in headings), strict=True)]
    _check_data(form, data, headings)
    above = say_titles(form, rows.titles, style)
    header, merges = lay_header(form, headings, len(above), style)
    below = frame_rows(form, headings, header, data, style)
    content: bytes
    if path.suffix.lower() == ".json":
        if above or len(header) > 1 or len(below) > len(data) or "" in header[0]:
            raise NotWritable("JSON pages hold rows and nothing else: no title, footer, second line or blank column")
        content = make_pages([str(name) for name in header[0]], data)
    elif path.suffix.lower() == ".xlsx":
        content = make_workbook([*above, *header, *below], merges)
    else:
        grid = [*above, *header, *below]
        texts = [[cell if isinstance(cell, str) else _as_text(form, cell) for cell in cells] for cells in grid]
        content = make_delimited(texts, style.encoding, style.delimiter)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def _check_data(form: FormatFile, data: list[list[Cell]], headings: list[Heading]) -> None:
    """Raise NotWritable for a row that would be read as a footer, as blank or as the header again."""
    if not data:
        raise NotWritable("there is no row to write; a file without rows is refused when it is read")
    header = [plain_text(heading.whole) for heading in headings]
    looked_at: set[Cell] = set()
    for cells in data:
        first = next((cell for cell in cells if cell), "")
        if first in looked_at:
            continue
        text = _as_text(form, first)
        if not text:
            raise NotWritable("a row would be blank")
        if any(pattern.match(text) for pattern in form.footer_patterns):
            raise NotWritable(f"a row that begins with “{text}” would be read as a footer")
        if plain_text(text) not in header:
            looked_at.add(first)
        elif [plain_text(_as_text(form, cell)) for cell in cells] == header:
            raise NotWritable("a row would be read as the header again")


def _spoil(defect: Defect, rows: Rows, headings: list[Heading]) -> None:
    at = next((i for i, row in enumerate(rows.rows) if name_pupil(row.pupil) == name_pupil(defect.pupil)), None)
    if at is None:
        raise NotWritable("a defect is planted in the row of a pupil who has none")
    if isinstance(defect, RepeatedRow):
        for heading in headings:
            heading.cells.append(heading.cells[at])
    elif isinstance(defect, MistypedCell):
        under = next((one for one in headings if one.whole == defect.header), None)
        if under is None:
            raise NotWritable(f"a defect is planted in the column “{defect.header}”, which is not written")
        under.cells[at] = defect.text


def _as_text(form: FormatFile, cell: Cell) -> str:
    return write_date(form, cell) if isinstance(cell, dt.date) else cell
