"""Recognition: which format a sheet is in, or which one comes nearest and what differs.

Here lives the comparing of header rows with the formats' columns. Reading the data does not live here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from ingest.format_file import FormatFile
from ingest.pattern import plain_text
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


def find_header(sheet: Sheet, formats: Iterable[FormatFile]) -> list[Header]:
    """Return the best header for each format that explains at least one cell, the most telling first.

    A header that fits comes before one that does not; then the more cells explained (and the fewer unexplained)
    the better.
    """
    found = [best for form in formats if (best := _best_header(sheet, form)) is not None]
    return sorted(found, key=_rank, reverse=True)


def _rank(header: Header) -> tuple[bool, int, int, int, str]:
    wanting = len(header.missing) + len(header.doubled)
    return (header.fits, header.matched - wanting, header.title_rows_fitting, -len(header.extra), header.format.format)


def _best_header(sheet: Sheet, form: FormatFile) -> Header | None:
    best: Header | None = None
    for row in range(min(len(sheet.rows), ROWS_LOOKED_AT)):
        header = read_header(sheet, form, row)
        if header is not None and (best is None or _rank(header) > _rank(best)):
            best = header
    return best


def read_header(sheet: Sheet, form: FormatFile, row: int) -> Header | None:
    """Return the header whose last line is `sheet.rows[row]`, as `form` reads it; None when nothing fits."""
    cells = _header_cells(sheet, form, row)
    if cells is None:
        return None
    names = [plain_text(cell).casefold() for cell in cells]
    places: dict[str, int] = {}
    doubled: dict[str, tuple[int, ...]] = {}
    missing: list[str] = []
    for header in form.columns:
        spellings = {plain_text(text).casefold() for text in (header, *form.also_called.get(header, []))}
        positions = tuple(i for i, name in enumerate(names) if name in spellings)
        if len(positions) > 1:
            doubled[header] = positions
        if positions:
            places[header] = positions[0]
        elif header not in form.optional:
            missing.append(header)
    named = set(places.values())
    left_out = {plain_text(text).casefold() for text in form.leave_out}
    free = [i for i, name in enumerate(names) if name and i not in named and name not in left_out]
    wide = _fit_patterns(form, cells, free)
    for number, fitting in wide.items():
        if not fitting:
            missing.append(form.records[number].each_column or "")
        for i in fitting:
            if names.count(names[i]) > 1:
                doubled[cells[i]] = tuple(j for j in fitting if names[j] == names[i])
    if not places and not any(wide.values()):
        return None
    known = {i for fitting in wide.values() for i in fitting}
    known |= {i for positions in doubled.values() for i in positions}
    extra = tuple(i for i in free if i not in known)
    above = [_first_filled(cells_above) for cells_above in sheet.rows[: row + 1 - form.header_rows]]
    fitting_titles = sum(1 for text in above for pattern in form.title_patterns if pattern.match(text))
    return Header(
        format=form, row=row, cells=tuple(cells), places=places, missing=tuple(missing), doubled=doubled,
        extra=extra, wide=wide, title_rows_fitting=fitting_titles,
    )  # fmt: skip


def _fit_patterns(form: FormatFile, cells: list[str], free: list[int]) -> dict[int, tuple[int, ...]]:
    """Return, for each rule with a header pattern, the positions it reads.

    Where patterns of several rules of one kind fit a heading, the one with the most fixed text reads it (the first
    in the file, of equals), since "{subject} test {term}" knows more of "Maths test Summer" than "{subject} {term}".
    """
    wide: dict[int, list[int]] = {n: [] for n, rule in enumerate(form.records) if rule.pattern is not None}
    for i in free:
        fitting: dict[str, tuple[int, str]] = {}
        rules = [(n, rule) for n, rule in enumerate(form.records) if rule.pattern is not None]
        matching = [(n, rule, rule.pattern) for n, rule in rules if rule.pattern and rule.pattern.match(cells[i])]
        for _, rule, pattern in matching:
            best = fitting.get(rule.kind)
            if best is None or pattern.literal_length > best[0]:
                fitting[rule.kind] = (pattern.literal_length, pattern.text)
        for n, rule, pattern in matching:
            if fitting[rule.kind][1] == pattern.text:
                wide[n].append(i)
    return {n: tuple(positions) for n, positions in wide.items()}


def _header_cells(sheet: Sheet, form: FormatFile, row: int) -> list[str] | None:
    """Return one text a column; of a two-line header, the upper cell (carried to the right) then the lower."""
    lower = sheet.rows[row]
    if form.header_rows == 1:
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
