"""Looking: where the headings of an unknown sheet stand, and what lies above and below its data.

Here lives the cutting of a sheet nobody has described. What a column means is guessed elsewhere (see `meanings`).
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from ingest.draft.headings import list_words
from ingest.pattern import plain_text
from ingest.readers import Sheet

ROWS_LOOKED_AT = 40
_NUMBER = re.compile(r"[-+]?[0-9][0-9.,%/: -]*")
_DAY = re.compile(r"[0-9]{1,4}[/.-][0-9]{1,2}[/.-][0-9]{1,4}")
_YEARS = re.compile(r"(?<![0-9])20[0-9]{2}\s*[/-]\s*(?:20)?[0-9]{2}(?![0-9/-])")
_YEAR_GROUP = re.compile(r"(?i)(?<!academic )\b(?:year|yr)\s?[0-9]{1,2}\b(?!\d)")


@dataclass(frozen=True)
class Seen:
    """What was seen of a sheet: its headings, the cells below each, and the texts above and below the table."""

    header_row: int  # index of the last line of the header, from 0
    header_rows: int
    headings: list[str]
    columns: list[list[str]]  # filled cells below each heading
    rows: int
    titles: list[str]
    footers: list[str]


def see_sheet(sheet: Sheet, known: Collection[str]) -> Seen | None:
    """Return what a sheet seems to be; None where no row looks like headings over data.

    `known`: headings of the formats there are, folded. The row that has most of them is the header, else the one
    with most words that are neither numbers nor dates.
    """
    best, best_score = None, (0, 0, 0)
    for row in range(min(len(sheet.rows) - 1, ROWS_LOOKED_AT)):
        cells = [plain_text(cell) for cell in sheet.rows[row]]
        words = [cell for cell in cells if cell and not _NUMBER.fullmatch(cell)]
        below = max((_count_filled(sheet.rows[n]) for n in range(row + 1, min(row + 4, len(sheet.rows)))), default=0)
        if len(words) < 2 or below < 2 or below * 2 < len(words):
            continue
        score = (sum(cell.casefold() in known for cell in words), len(set(words)), -row)
        if score > best_score:
            best, best_score = row, score
    return _cut(sheet, best) if best is not None else None


def _cut(sheet: Sheet, row: int) -> Seen:
    lower = [plain_text(cell) for cell in sheet.rows[row]]
    upper = [plain_text(cell) for cell in sheet.rows[row - 1]] if row else []
    two = _is_upper_line(upper, lower)
    headings = _join_lines(upper, lower) if two else lower
    rows = [cells for cells in sheet.rows[row + 1 :] if _count_filled(cells)]
    usual = sorted(_count_filled(cells) for cells in rows)[len(rows) // 2] if rows else 0
    # A report of several pages prints its headings and page numbers again between the data.
    again = [plain_text(cell) for cell in sheet.rows[row]]
    rows = [cells for cells in rows if [plain_text(cell) for cell in cells] != again]
    # A row with few cells is a footer only by its words: a pupil without results has few cells too.
    footers = [text for cells in rows if _count_filled(cells) * 2 <= usual and _begins_as_footer(text := _first(cells))]
    body = [cells for cells in rows if _count_filled(cells) * 2 > usual or not _begins_as_footer(_first(cells))]
    columns = [
        [plain_text(cells[i]) for cells in body if i < len(cells) and cells[i].strip()] for i in range(len(headings))
    ]
    above = [_first(cells) for cells in sheet.rows[: row - two]]
    return Seen(row, 1 + two, headings, columns, len(body), [text for text in above if text], footers)


def _first(cells: list[str]) -> str:
    return next((plain_text(cell) for cell in cells if cell.strip()), "")


def _begins_as_footer(text: str) -> bool:
    return text.casefold().split(" ")[0].strip(":") in list_words("footers")


def _is_upper_line(upper: list[str], lower: list[str]) -> bool:
    """Whether the row above belongs to the headings: several filled cells, and names below that need them."""
    filled = [cell for cell in upper if cell]
    named = [cell for cell in lower if cell]
    return len(filled) > 1 and (len(set(named)) < len(named) or len(filled) * 2 >= len(named))


def _join_lines(upper: list[str], lower: list[str]) -> list[str]:
    """Join two lines of headings as the reader of two-line headers does: the upper cell is carried to the right."""
    joined, carried = [], ""
    for i in range(max(len(upper), len(lower))):
        top = upper[i] if i < len(upper) else ""
        bottom = lower[i] if i < len(lower) else ""
        carried = top or carried
        joined.append(f"{carried} {bottom}".strip() if bottom else top)
    return joined


def _count_filled(cells: list[str]) -> int:
    return sum(1 for cell in cells if cell.strip())


def make_title_pattern(text: str) -> str | None:
    """Return the pattern of a row above the headings that says something of use; None for any other."""
    found = _YEARS.sub("{academic_year}", text, count=1)
    if "{academic_year}" not in found:
        found = _DAY.sub("{exported_on}", found, count=1)
    found = _YEAR_GROUP.sub("{year_group}", found, count=1)
    return _hide_words(found) if "{" in found else None


def make_footer_pattern(text: str) -> str:
    """Return the pattern of a row below the data: its dates and numbers may be others another time."""
    found = _DAY.sub("{exported_on}", text, count=1)
    places = iter("abcdefgh")

    def name(number: re.Match[str]) -> str:
        place = next(places, "")
        return f"{{number_{place}}}" if place else number.group()

    return _hide_words(re.sub(r"[0-9]+", name, found) if "{" not in found else found)


def _hide_words(text: str) -> str:
    """Leave only words that stand in titles and footers anywhere; others may be a name, so a place stands for them."""
    usual = {*list_words("titles"), *list_words("footers")}
    places = iter("abcdefgh")
    words, hidden = [], False
    for word in text.split(" "):
        if "{" in word or word.casefold().strip(":,()-") in usual or not word.strip(":,()-"):
            words.append(word)
            hidden = False
        elif not hidden:
            words.append(f"{{words_{next(places, 'z')}}}")
            hidden = True
    return " ".join(words)
