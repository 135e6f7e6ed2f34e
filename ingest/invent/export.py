"""Export: records written through a format file, so that reading the file gives the same records again.

Here lives the one door for writing (`write_export`): title rows, header of one or two lines, data, footers, and
planted defects. Which records share a row is decided in `rows`, bytes are made in `files`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from ingest.format_file import IDENTITY_WORDS, FormatFile
from ingest.invent.entry import Cell, Defect, Entry, MistypedCell, NotWritable, Pupil, RepeatedRow, Style, name_pupil
from ingest.invent.files import make_delimited, make_workbook
from ingest.invent.rows import Rows, compose_rows
from ingest.invent.wording import check_readable, write_date
from ingest.pattern import PLACE, plain_text


@dataclass
class _Heading:
    """A column to write: what stands in the header (upper line '' where there is one line) and its cells."""

    upper: str
    lower: str
    cells: list[Cell]

    @property
    def whole(self) -> str:
        return f"{self.upper} {self.lower}".strip()


def write_export(
    form: FormatFile,
    entries: Sequence[Entry],
    path: Path,
    style: Style | None = None,
    *,
    also: Iterable[Pupil] = (),
    defects: Sequence[Defect] = (),
) -> None:
    """Write `entries` as an export in the format `form` to `path` (XLSX by its ending, else delimited text).

    Pupils of `also` get a row even when nothing is known of them; `defects` spoil what is written. Raises
    NotWritable when the format cannot say these entries, so that what was written can always be read back.
    """
    style = style or Style()
    also = list(also)
    rows = compose_rows(form, entries, style, also)
    headings = _lay_columns(form, rows, style)
    for defect in defects:
        _spoil(defect, rows, headings)
    data = [list(cells) for cells in zip(*(heading.cells for heading in headings), strict=True)]
    _check_data(form, data, headings)
    above: list[list[Cell]] = [[text] for text in _say_titles(form, rows, style)]
    if above:
        above.append([])
    header, merges = _lay_header(form, headings, len(above))
    below = _say_footers(form, headings, len(data), style) if style.footers else []
    grid = [*above, *header, *data, *below]
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix.lower() == ".xlsx":
        path.write_bytes(make_workbook(grid, merges))
    else:
        texts = [[_as_text(form, cell) for cell in cells] for cells in grid]
        path.write_bytes(make_delimited(texts, style.encoding, style.delimiter))


def _lay_columns(form: FormatFile, rows: Rows, style: Style) -> list[_Heading]:
    """Return the plain columns in the format's order, then the wide ones, those of one upper heading together."""
    headings = []
    for name, word in form.columns.items():
        cells: list[Cell] = [
            (row.pupil.get(word, "") if word in IDENTITY_WORDS else row.words.get(word, "")) if word else ""
            for row in rows.rows
        ]
        if word in IDENTITY_WORDS:
            cells = [_identify(form, word, str(cell)) for cell in cells]
        if name in form.optional and not any(cells):
            continue
        written = style.spellings.get(name, name)
        if written != name and written not in form.also_called.get(name, []):
            raise NotWritable(f"“{written}” is not another name of the column “{name}”")
        headings.append(_Heading("", written, cells))
    wide = [
        _Heading(*_cut_heading(form, heading, rule), [row.cells.get(heading, "") for row in rows.rows])
        for heading, rule in rows.wide.items()
    ]
    uppers = list(dict.fromkeys(heading.upper for heading in wide))
    return headings + sorted(wide, key=lambda heading: uppers.index(heading.upper))


def _identify(form: FormatFile, word: str | None, text: str) -> Cell:
    if text:
        check_readable(form, text)
    return dt.date.fromisoformat(text) if word == "date_of_birth" and text else text


def _cut_heading(form: FormatFile, heading: str, rule: int) -> tuple[str, str]:
    """Return the upper and the lower line of a wide heading: the last place of its pattern stands below."""
    if form.header_rows == 1:
        return "", heading
    pattern = form.records[rule].pattern
    captured = (pattern.match(heading) if pattern else None) or {}
    text = pattern.text if pattern else ""
    cut = max((place.start() for place in PLACE.finditer(text)), default=0)
    fill = {place: captured.get(place, "") for place in (pattern.places if pattern else ())}
    upper = plain_text(PLACE.sub(lambda place: fill[place.group(1)], text[:cut]))
    lower = plain_text(PLACE.sub(lambda place: fill[place.group(1)], text[cut:]))
    if not upper or f"{upper} {lower}" != heading:
        raise NotWritable(f"the heading “{heading}” cannot be cut into two lines")
    return upper, lower


def _lay_header(
    form: FormatFile, headings: list[_Heading], row: int
) -> tuple[list[list[Cell]], list[tuple[int, int, int]]]:
    """Return the header's lines, and which cells of the upper one are merged (`row` is its place in the file)."""
    whole = [plain_text(heading.whole).casefold() for heading in headings]
    if len(set(whole)) < len(whole):
        raise NotWritable("two columns would have the same heading")
    lower: list[Cell] = [heading.lower for heading in headings]
    if form.header_rows == 1:
        return [lower], []
    upper: list[Cell] = []
    merges: list[tuple[int, int, int]] = []
    for column, heading in enumerate(headings):
        again = column > 0 and heading.upper and heading.upper == headings[column - 1].upper
        upper.append("" if again else heading.upper)
        if again:
            merges[-1] = (row, merges[-1][1], column)
        elif heading.upper:
            merges.append((row, column, column))
    return [upper, lower], merges


def _say_titles(form: FormatFile, rows: Rows, style: Style) -> list[str]:
    words = {**style.said, **rows.titles}
    said: dict[str, str] = {}
    lines = []
    for pattern in form.title_patterns:
        if all(words.get(place) for place in pattern.places):
            line = plain_text(pattern.fill(words))
            heard = next((found for other in form.title_patterns if (found := other.match(line)) is not None), {})
            said.update(heard)
            lines.append(line)
    for word, text in rows.titles.items():
        if said.get(word, "") != plain_text(text):
            raise NotWritable(f"no title row of {form.format} says {word} as “{text}”")
    return lines


def _say_footers(form: FormatFile, headings: list[_Heading], count: int, style: Style) -> list[list[Cell]]:
    """Return the rows below the data: those that speak of an average hold it for every column of numbers."""
    words = {**style.said, "row_count": str(count)}
    lines: list[list[Cell]] = []
    for pattern in form.footer_patterns:
        if not all(words.get(place) for place in pattern.places):
            continue
        line: list[Cell] = [plain_text(pattern.fill(words))]
        if "average" in pattern.text.casefold():
            line += [_average(heading.cells) for heading in headings[1:]]
        lines.append(line)
    return lines


def _average(cells: list[Cell]) -> str:
    filled = [cell for cell in cells if cell]
    numbers = [float(cell) for cell in filled if isinstance(cell, str) and cell.isdigit()]
    if not numbers or len(numbers) * 2 < len(filled) or any(len(str(cell)) > 4 for cell in filled):
        return ""
    return f"{sum(numbers) / len(numbers):.1f}"


def _check_data(form: FormatFile, data: list[list[Cell]], headings: list[_Heading]) -> None:
    """Raise NotWritable for a row that would be read as a footer, as blank or as the header again."""
    if not data:
        raise NotWritable("there is no row to write; a file without rows is refused when it is read")
    header = [plain_text(heading.whole) for heading in headings]
    for cells in data:
        texts = [_as_text(form, cell) for cell in cells]
        first = next((text for text in texts if text), "")
        if not first:
            raise NotWritable("a row would be blank")
        if any(pattern.match(first) for pattern in form.footer_patterns):
            raise NotWritable(f"a row that begins with “{first}” would be read as a footer")
        if [plain_text(text) for text in texts] == header:
            raise NotWritable("a row would be read as the header again")


def _spoil(defect: Defect, rows: Rows, headings: list[_Heading]) -> None:
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
