"""Headings: the columns of an export to write, each with its heading and its cells, and the header's lines.

Here lives the order of columns and the cutting of a heading into two lines. What the cells say is decided in `rows`;
what stands above and below the table, in `framing`.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from ingest.format_file import IDENTITY_WORDS, SCHOOL_WORDS, FormatFile
from ingest.invent.entry import Cell, NotWritable, Style
from ingest.invent.rows import Row, Rows
from ingest.invent.wording import check_readable
from ingest.pattern import PLACE, plain_text


@dataclass
class Heading:
    """A column to write: what stands in the header (upper line '' where there is one line) and its cells."""

    upper: str
    lower: str
    cells: list[Cell]

    @property
    def whole(self) -> str:
        """The heading as it is read."""
        return f"{self.upper} {self.lower}".strip()


def lay_columns(form: FormatFile, rows: Rows, style: Style) -> list[Heading]:
    """Return the columns to write: the format's own in its order, extras, then the wide ones by upper heading.

    Raises NotWritable for a spelling or an extra that the format does not name, for a column left out that would be
    missed, and for two columns of one heading.
    """
    for name in style.without:
        if name not in form.optional or form.columns[name] not in IDENTITY_WORDS:
            raise NotWritable(f"“{name}” is not an optional column of {form.format} that says who the pupil is")
    headings = []
    for name, word in form.columns.items():
        cells = _say_column(form, rows.rows, word, style)
        if name in style.without or (name in form.optional and not any(cells)):
            continue
        written = style.spellings.get(name, name)
        if written != name and written not in form.also_called.get(name, []):
            raise NotWritable(f"“{written}” is not another name of the column “{name}”")
        # A column that must be there and is not read holds a number of its own kind, as systems write one.
        headings.append(Heading("", written, cells if word else [str(n) for n, _ in enumerate(rows.rows, 1)]))
    for name, texts in style.extras.items():
        if name not in form.leave_out:
            raise NotWritable(f"“{name}” is not among the columns that {form.format} leaves out")
        headings.append(Heading("", name, [texts[n % len(texts)] for n, _ in enumerate(rows.rows)]))
    wide = [
        Heading(*_cut_heading(form, heading, rule), [row.cells.get(heading, "") for row in rows.rows])
        for heading, rule in rows.wide.items()
    ]
    uppers = {upper: place for place, upper in reversed(list(enumerate(heading.upper for heading in wide)))}
    headings += sorted(wide, key=lambda heading: uppers[heading.upper])
    whole = [plain_text(heading.whole).casefold() for heading in headings]
    if len(set(whole)) < len(whole):
        raise NotWritable("two columns would have the same heading")
    for place in sorted(style.blank_columns):
        headings.insert(place, Heading("", "", [""] * len(rows.rows)))
    return headings


def _say_column(form: FormatFile, rows: list[Row], word: str | None, style: Style) -> list[Cell]:
    """Return what stands under our word in each row."""
    if word not in IDENTITY_WORDS and word not in SCHOOL_WORDS:
        return [row.words.get(word, "") for row in rows] if word else [""] * len(rows)
    else_said = style.said.get(word, "") if word in SCHOOL_WORDS else ""
    texts = [row.pupil.get(word, "") or else_said for row in rows]
    known: dict[str, Cell] = {"": ""}
    for text in set(texts) - {""}:
        check_readable(form, text)
        known[text] = dt.date.fromisoformat(text) if word == "date_of_birth" else text
    return [known[text] for text in texts]


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


def lay_header(
    form: FormatFile, headings: list[Heading], row: int, style: Style
) -> tuple[list[list[Cell]], list[tuple[int, int, int]]]:
    """Return the header's lines, and which cells of the upper one are merged (`row` is its place in the file)."""
    lower: list[Cell] = [_space_oddly(heading.lower, place, style) for place, heading in enumerate(headings)]
    if form.header_rows == 1:
        return [lower], []
    upper: list[Cell] = []
    merges: list[tuple[int, int, int]] = []
    for column, heading in enumerate(headings):
        again = column > 0 and heading.upper and heading.upper == headings[column - 1].upper
        upper.append("" if again else _space_oddly(heading.upper, column, style))
        if again:
            merges[-1] = (row, merges[-1][1], column)
        elif heading.upper:
            merges.append((row, column, column))
    return [upper, lower], merges


def _space_oddly(text: str, place: int, style: Style) -> str:
    """Return a heading as people leave it: two spaces, a space that is none for a computer, one at the end."""
    if not style.odd_spaces or not text:
        return text
    return (text.replace(" ", "  "), text.replace(" ", "\u00a0"), text + " ")[place % 3]
