"""Layout: which rows of a sheet are title, header, blank or footer, and which are data.

Here lives the cutting of a sheet into rows of data with their place in the file; every other row is counted. What
a data row's cells mean does not live here (see `reshape`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from ingest.fixes import Fix, holds_number, list_rows, show_cell
from ingest.format_file import IDENTITY_WORDS, SCHOOL_WORDS
from ingest.pattern import Pattern, plain_text
from ingest.readers import Sheet
from ingest.recognise import Header, name_column

TOO_WIDE = "row wider than the header"
TOO_SHORT = "row shorter than the header"
PUPILS_NUMBER = "a number that identifies a pupil stands in another column"


@dataclass
class DataRows:
    """The data of a sheet: `cells[i]` are the trimmed cells of row `numbers[i]` of the file, one a header cell."""

    cells: list[list[str]]
    numbers: list[int]
    rows_total: int
    rows_layout: int
    said: dict[str, str] = field(default_factory=dict)  # what title rows and footers say, by place
    refused: dict[int, str] = field(default_factory=dict)  # rows that are data but cannot be trusted, and why
    fixes: list[Fix] = field(default_factory=list)

    def column(self, position: int) -> list[str]:
        """The cells of one column, in the order of `numbers`."""
        return [cells[position] for cells in self.cells]


class _Trimmed(dict[str, str]):
    """A cell with spaces made plain and trimmed, everything else as the school wrote it; one text for all alike."""

    def __missing__(self, cell: str) -> str:
        self[cell] = text = " ".join(cell.replace("\ufeff", "").split())
        return text

    def find_numbers(self) -> set[str]:
        """Return the texts that may be a pupil's number."""
        return {text for text in self.values() if holds_number(text)}


class _Plain(dict[str, str]):
    """A cell as it is compared with a heading."""

    def __missing__(self, cell: str) -> str:
        self[cell] = text = plain_text(cell).casefold()
        return text


def cut_layout(sheet: Sheet, header: Header) -> DataRows:
    """Return the data rows below `header`, with everything else counted as layout.

    A row is layout when it is at or above the header, blank, a footer by the format's patterns, or the header
    printed again. A total that a footer states is compared with the rows found.
    """
    form, width = header.format, len(header.cells)
    data = DataRows([], [], len(sheet.rows), 0)
    trimmed, plain = _Trimmed(), _Plain()
    top = header.row + 1 - form.header_rows
    for cells in sheet.rows[:top]:
        _hear(next((cell for cell in cells if cell.strip()), ""), form.title_patterns, data.said)
    again = {_plain_row(cells) for cells in (*sheet.rows[top : header.row + 1], header.cells)} - {()}
    begins = {next(cell for cell in row if cell) for row in again}
    people = [
        header.places[name] for name, word in form.columns.items() if word in IDENTITY_WORDS and name in header.places
    ]
    blank_ends = width - max((i + 1 for i, cell in enumerate(header.cells) if cell.strip()), default=0)
    needed = _find_needed(header)
    footers: list[tuple[int, dict[str, str]]] = []
    for number, raw in enumerate(sheet.rows[header.row + 1 :], start=header.row + 2):
        place = 0 if raw and trimmed[raw[0]] else next((i for i, cell in enumerate(raw) if trimmed[cell]), None)
        if place is None:
            continue
        spoken: dict[str, str] = {}
        if form.footer_patterns and _hear(raw[place], form.footer_patterns, spoken):
            others = [i for i in people if i != place]
            if not _names_a_pupil(raw, place, people, others):
                footers.append((number, spoken))
                if any(raw[i].strip() for i in others if i < len(raw)):
                    data.fixes.append(_doubtful_footer(number))
                continue
        if plain[raw[place]] in begins and _plain_row(raw) in again:
            continue
        cells = list(map(trimmed.__getitem__, raw))
        if len(cells) > width and any(cells[width - blank_ends :]):
            data.refused[number] = TOO_WIDE
            data.fixes.append(_too_wide(number, len(raw), width))
        elif len(cells) < min(needed, width) and not any(cells[needed - 1 :]):
            data.refused[number] = TOO_SHORT
            data.fixes.append(_too_short(number, len(raw), width))
        data.numbers.append(number)
        data.cells.append(cells if len(cells) == width else (cells + [""] * width)[:width])
    data.fixes += _refuse_numbers(data, header, trimmed.find_numbers())
    for number, spoken in footers:
        data.said.update(spoken)
        stated = spoken.get("row_count")
        if stated is not None and (stated.lstrip("0") or "0") != str(len(data.cells)):
            data.fixes.append(_total_differs(number, stated, len(data.cells)))
    data.rows_layout = len(sheet.rows) - len(data.cells)
    data.fixes += _find_headless(data, header)
    return data


def _names_a_pupil(raw: list[str], place: int, people: list[int], others: list[int]) -> bool:
    """Whether a row that reads like a footer is a pupil's all the same: each identifier is filled in.

    One identifier beside the footer's own cell may be a count, so that alone proves nothing.
    """
    return len(people) > 1 and all(i < len(raw) and raw[i].strip() for i in others)


def _list_read(header: Header) -> list[int]:
    """Return the places of the columns that records are made from."""
    read = {header.places[n] for n, word in header.format.columns.items() if word and n in header.places}
    return sorted(read.union(*header.wide.values()) - set(_list_places(header, (*IDENTITY_WORDS, *SCHOOL_WORDS))))


def _list_places(header: Header, words: Iterable[str]) -> list[int]:
    wanted = set(words)
    return [header.places[n] for n, word in header.format.columns.items() if word in wanted and n in header.places]


def _find_needed(header: Header) -> int:
    """Return how many cells a row has at least if none was lost on the way; fewer, and its cells may have slid.

    Some systems leave out blank cells at the end. They may, but not where an identifier belongs; and where a record
    is made from a column before an identifier, a column that must be there has to be there.
    """
    form = header.format
    people = _list_places(header, IDENTITY_WORDS)
    ends = _list_places(header, [word for word in IDENTITY_WORDS if word != "former_upn"])
    if people and min(_list_read(header), default=max(people)) < max(people):
        ends += [header.places[n] for n, word in form.columns.items() if word and n not in form.optional]
    return max(ends, default=-1) + 1


def _refuse_numbers(data: DataRows, header: Header, numbers: set[str]) -> Iterable[Fix]:
    """Mark the rows as refused in which a pupil's number stands where a record would carry it on; yield their fixes."""
    for position in _list_read(header) if numbers else ():
        column = data.column(position)
        if numbers.isdisjoint(column):
            continue
        heading = plain_text(header.cells[position])
        for row, cell in zip(data.numbers, column, strict=True):
            if cell in numbers and row not in data.refused:
                data.refused[row] = PUPILS_NUMBER
                yield _pupils_number(row, f"column {name_column(position)}" if holds_number(heading) else heading)


def _find_headless(data: DataRows, header: Header) -> Iterable[Fix]:
    """Name each column that holds data under a blank heading, as below merged cells: none is read."""
    for position, cell in enumerate(header.cells):
        if cell.strip():
            continue
        rows = [number for number, cells in zip(data.numbers, data.cells, strict=True) if cells[position]]
        if rows:
            yield Fix(
                code="data without a heading",
                field=f"column {name_column(position)}",
                seen=f"cells are filled in {list_rows(rows)}",
                expected="a heading over every column that holds data",
                remedy="Write a heading in each cell of the heading row (no merged cells), or empty the column.",
                file_row=header.row + 1,
            )


def _doubtful_footer(number: int) -> Fix:
    return Fix(
        code="row read as a footer",
        field="whole row",
        seen="a row that begins like a footer of this format and has more cells filled",
        expected="a footer, or a pupil's row with every identifying column filled",
        remedy="Nothing to do if it is a footer. If it is a pupil's row, fill in all of the pupil's details.",
        file_row=number,
        severity="look",
    )


def _too_wide(number: int, cells: int, width: int) -> Fix:
    return Fix(
        code=TOO_WIDE,
        field="whole row",
        seen=f"{cells} cells",
        expected=f"{width} cells, as in the header",
        remedy="A cell may hold the separator without quotation marks. Export again, or mend the row.",
        file_row=number,
    )


def _too_short(number: int, cells: int, width: int) -> Fix:
    return Fix(
        code=TOO_SHORT,
        field="whole row",
        seen=f"{cells} cell{'' if cells == 1 else 's'}",
        expected=f"{width} cells, as in the header, so that each stands in its own column",
        remedy="A cell may have been left out. Export again, or mend the row; an empty cell needs its separator too.",
        file_row=number,
    )


def _pupils_number(number: int, heading: str) -> Fix:
    return Fix(
        code=PUPILS_NUMBER,
        field=heading,
        seen="a number like a pupil's (not shown)",
        expected="such numbers only in the columns that say who the pupil is",
        remedy="The cells of the row may have slid into the wrong columns. Mend the row in the school's system and "
        "export again.",
        file_row=number,
    )


def _total_differs(number: int, stated: str, rows: int) -> Fix:
    return Fix(
        code="total differs",
        field="footer",
        seen=f"a total of {show_cell(stated)}",
        expected=f"{rows}, the number of rows above it",
        remedy="Check that no row was deleted or added by hand, or export again.",
        file_row=number,
        severity="look",
    )


def _plain_row(cells: Iterable[str]) -> tuple[str, ...]:
    """Return the row as compared with a header: plain, no case, without blank cells at the end."""
    plain = [plain_text(cell).casefold() for cell in cells]
    while plain and not plain[-1]:
        plain.pop()
    return tuple(plain)


def _hear(text: str, patterns: list[Pattern], said: dict[str, str]) -> bool:
    for pattern in patterns:
        places = pattern.match(text)
        if places is not None:
            said.update(places)
            return True
    return False
