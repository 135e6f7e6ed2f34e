"""Recognition: which format a sheet is in, or which one comes nearest and what differs.

Here lives the comparing of header rows with the formats' columns. Reading the data does not live here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from ingest.format_file import FormatFile
from ingest.pattern import Pattern, plain_text
from ingest.readers import Sheet

ROWS_LOOKED_AT = 40


@dataclass(frozen=True)
class Header:
    """A header found in a sheet: where it is, its cells as text, and which cell is which column of the format."""

    format: FormatFile
    row: int  # index of its last row, from 0
    cells: tuple[str, ...]
    places: dict[str, int]  # header of the format -> position of the cell
    missing: tuple[str, ...] = ()
    doubled: dict[str, tuple[int, ...]] = field(default_factory=dict)
    extra: tuple[int, ...] = ()
    wide: dict[int, tuple[int, ...]] = field(default_factory=dict)  # record rule -> positions that fit its pattern
    title_rows_fitting: int = 0

    @property
    def fits(self) -> bool:
        """Whether every needed column is there once and every header pattern fits at least one column."""
        return not self.missing and not self.doubled

    @property
    def matched(self) -> int:
        """How many cells this format explains."""
        return len(self.places) + len({position for positions in self.wide.values() for position in positions})


class _Look:
    """The rows of a sheet as headings, read once for all the formats it is compared with."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self._lines: dict[tuple[int, int], _Line | None] = {}
        self._fits: dict[tuple[str, str], bool] = {}

    def line(self, row: int, header_rows: int) -> _Line | None:
        """Return the heading whose last line is this row; None where there is no row above for its first line."""
        if (row, header_rows) not in self._lines:
            cells = _header_cells(self.sheet, header_rows, row)
            self._lines[row, header_rows] = None if cells is None else _Line(cells)
        return self._lines[row, header_rows]

    def fits(self, pattern: Pattern, cell: str) -> bool:
        """Return whether the cell fits the pattern; below the header, the same few cells come again and again."""
        key = (pattern.text, cell)
        if key not in self._fits:
            self._fits[key] = pattern.match(cell) is not None
        return self._fits[key]


class _Line:
    """One row as headings: its cells, their names as they are compared, and where each name stands."""

    def __init__(self, cells: list[str]) -> None:
        self.cells = cells
        self.names = [plain_text(cell).casefold() for cell in cells]
        self.at: dict[str, list[int]] = {}
        for position, name in enumerate(self.names):
            self.at.setdefault(name, []).append(position)


def find_header(sheet: Sheet, formats: Iterable[FormatFile]) -> list[Header]:
    """Return the best header for each format that explains at least one cell, the most telling first.

    A header that fits comes before one that does not; then the more cells explained (and the fewer unexplained)
    the better.
    """
    look = _Look(sheet)
    found = [best for form in formats if (best := _best_header(look, form)) is not None]
    return sorted(found, key=_rank, reverse=True)


def _rank(header: Header) -> tuple[bool, int, int, int, str]:
    wanting = len(header.missing) + len(header.doubled)
    return (header.fits, header.matched - wanting, header.title_rows_fitting, -len(header.extra), header.format.format)


def _best_header(look: _Look, form: FormatFile) -> Header | None:
    best: Header | None = None
    for row in range(min(len(look.sheet.rows), ROWS_LOOKED_AT)):
        header = _compare(look, form, row)
        if header is not None and (best is None or _rank(header) > _rank(best)):
            best = header
    return best


def read_header(sheet: Sheet, form: FormatFile, row: int) -> Header | None:
    """Return the header whose last line is `sheet.rows[row]`, as `form` reads it; None when nothing fits."""
    return _compare(_Look(sheet), form, row)


def _compare(look: _Look, form: FormatFile, row: int) -> Header | None:
    line = look.line(row, form.header_rows)
    if line is None:
        return None
    places: dict[str, int] = {}
    doubled: dict[str, tuple[int, ...]] = {}
    missing: list[str] = []
    for header, spellings in form.spellings.items():
        positions = sorted(i for spelling in spellings for i in line.at.get(spelling, ()))
        if len(positions) > 1:
            doubled[header] = tuple(positions)
        if positions:
            places[header] = positions[0]
        elif header not in form.optional:
            missing.append(header)
    named = set(places.values())
    free = [i for i, name in enumerate(line.names) if name and i not in named and name not in form.left_out]
    wide = _fit_patterns(look, form, line.cells, free)
    for number, fitting in wide.items():
        if not fitting:
            missing.append(form.records[number].each_column or "")
        for i in fitting:
            if len(line.at[line.names[i]]) > 1:
                doubled[line.cells[i]] = tuple(j for j in fitting if line.names[j] == line.names[i])
    if not places and not any(wide.values()):
        return None
    known = {i for fitting in wide.values() for i in fitting}
    known |= {i for positions in doubled.values() for i in positions}
    above = [_first_filled(cells) for cells in look.sheet.rows[: row + 1 - form.header_rows]]
    fitting_titles = sum(1 for text in above for pattern in form.title_patterns if look.fits(pattern, text))
    return Header(
        format=form,
        row=row,
        cells=tuple(line.cells),
        places=places,
        missing=tuple(missing),
        doubled=doubled,
        extra=tuple(i for i in free if i not in known),
        wide=wide,
        title_rows_fitting=fitting_titles,
    )


def _fit_patterns(look: _Look, form: FormatFile, cells: list[str], free: list[int]) -> dict[int, tuple[int, ...]]:
    """Return, for each rule with a header pattern, the positions it reads.

    Where patterns of several rules of one kind fit a heading, the one with the most fixed text reads it (the first
    in the file, of equals), since "{subject} test {term}" knows more of "Maths test Summer" than "{subject} {term}".
    """
    rules = [(n, rule.kind, rule.pattern) for n, rule in enumerate(form.records) if rule.pattern is not None]
    wide: dict[int, list[int]] = {n: [] for n, _, _ in rules}
    for i in free if rules else ():
        matching = [(n, kind, pattern) for n, kind, pattern in rules if look.fits(pattern, cells[i])]
        fitting: dict[str, tuple[int, str]] = {}
        for _, kind, pattern in matching:
            best = fitting.get(kind)
            if best is None or pattern.literal_length > best[0]:
                fitting[kind] = (pattern.literal_length, pattern.text)
        for n, kind, pattern in matching:
            if fitting[kind][1] == pattern.text:
                wide[n].append(i)
    return {n: tuple(positions) for n, positions in wide.items()}


def _header_cells(sheet: Sheet, header_rows: int, row: int) -> list[str] | None:
    """Return one text a column; of a two-line header, the upper cell (carried to the right) then the lower."""
    lower = sheet.rows[row]
    if header_rows == 1:
        return list(lower)
    if row == 0:
        return None
    above = sheet.rows[row - 1]
    cells, carried = [], ""
    for i in range(max(len(lower), len(above))):
        top = above[i] if i < len(above) else ""
        bottom = lower[i] if i < len(lower) else ""
        carried = top if top.strip() else carried
        # Below a merged heading the carried text belongs to a named column only; a column with no text of its
        # own in either line has no heading.
        cells.append(f"{carried} {bottom}".strip() if bottom.strip() else top.strip())
    return cells


def name_column(position: int) -> str:
    """Return a column's letter as a spreadsheet shows it: A for 0, AA for 26."""
    letters = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _first_filled(cells: list[str]) -> str:
    return next((cell for cell in cells if cell.strip()), "")
