"""Framing: what stands above and below the table of an export: titles, footers, and the breaks of printed pages.

Here lives the saying of title rows and footers by the format's patterns. The table itself is laid in `headings`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ingest.format_file import FormatFile
from ingest.invent.entry import Cell, NotWritable, Style
from ingest.invent.headings import Heading
from ingest.pattern import Pattern, plain_text

# Places of a footer that stands at the end of every printed page.
PAGE_WORDS = frozenset({"page", "pages"})


def say_titles(form: FormatFile, titles: Mapping[str, str], style: Style) -> list[list[Cell]]:
    """Return the rows above the header, with a blank one below them: what the style adds, then each title.

    A title stands there when every place of it is known from the style or from `titles` (what the records need).
    Raises NotWritable where a word of `titles` would not be read from the titles as it is.
    """
    words = {**style.said, **titles}
    said: dict[str, str] = {}
    lines: list[list[Cell]] = []
    for text in style.above:
        if _hear(form.title_patterns, text) is not None:
            raise NotWritable(f"the row “{text}” above the table would be read as a title of {form.format}")
        lines.append([text])
    for pattern in form.title_patterns:
        if all(words.get(place) for place in pattern.places):
            line = plain_text(pattern.fill(words))
            said.update(_hear(form.title_patterns, line) or {})
            lines.append([line])
    for word, text in titles.items():
        if said.get(word, "") != plain_text(text):
            raise NotWritable(f"no title row of {form.format} says {word} as “{text}”")
    return [*lines, []] if lines else []


def _hear(patterns: Sequence[Pattern], line: str) -> dict[str, str] | None:
    return next((found for pattern in patterns if (found := pattern.match(line)) is not None), None)


def frame_rows(
    form: FormatFile, headings: list[Heading], header: list[list[Cell]], data: list[list[Cell]], style: Style
) -> list[list[Cell]]:
    """Return the rows below the header: data, footers, and after each printed page its footer and the header again."""
    if not style.footers:
        return data
    of_page = [pattern for pattern in form.footer_patterns if PAGE_WORDS & set(pattern.places)]
    words = {**style.said, "row_count": str(len(data))}
    below: list[list[Cell]] = []
    for pattern in form.footer_patterns:
        if pattern not in of_page and all(words.get(place) for place in pattern.places):
            below.append([plain_text(pattern.fill(words)), *_count_up(pattern, headings)])
    if not style.page_rows or not of_page:
        return [*data, *below]
    pages = [data[at : at + style.page_rows] for at in range(0, len(data), style.page_rows)]
    framed: list[list[Cell]] = []
    for number, page in enumerate(pages, 1):
        if number > 1:
            framed += [[], *header]
        numbers = {**words, "page": str(number), "pages": str(len(pages))}
        framed += page
        framed += below if number == len(pages) else []
        framed += [[plain_text(pattern.fill(numbers))] for pattern in of_page]
    return framed


def _count_up(pattern: Pattern, headings: list[Heading]) -> list[Cell]:
    """Return what stands beside a footer: averages or totals of the columns of numbers, where it speaks of such."""
    if pattern.places:
        return []
    text = pattern.text.casefold()
    if "average" in text:
        return [_average(heading.cells) for heading in headings[1:]]
    return [_total(heading.cells) for heading in headings[1:]] if "total" in text else []


def _numbers(cells: list[Cell]) -> list[int]:
    """Return the numbers of a column of them, [] for any other: half a column of codes has no average."""
    filled = [cell for cell in cells if cell]
    numbers = [int(cell) for cell in filled if isinstance(cell, str) and cell.isdigit()]
    if len(numbers) * 2 < len(filled) or any(len(str(cell)) > 4 for cell in filled):
        return []
    return numbers


def _average(cells: list[Cell]) -> str:
    numbers = _numbers(cells)
    return f"{sum(numbers) / len(numbers):.1f}" if numbers else ""


def _total(cells: list[Cell]) -> str:
    numbers = _numbers(cells)
    return str(sum(numbers)) if numbers else ""
