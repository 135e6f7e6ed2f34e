"""Wording: a value of the contract as a format's export writes it; the inverse of `values` and of renaming.

Here lives the choice of the text for one value. Where in the file it stands does not live here (see `rows`).
"""

from __future__ import annotations

import datetime as dt
from functools import lru_cache

from ingest.contract import RECORD_KINDS
from ingest.format_file import FormatFile, Order
from ingest.invent.entry import Cell, NotWritable, Style
from ingest.pattern import plain_text

_DATES: dict[Order, str] = {
    "day_month_year": "%d/%m/%Y",
    "month_day_year": "%m/%d/%Y",
    "year_month_day": "%Y-%m-%d",
}


def write_date(form: FormatFile, day: dt.date) -> str:
    """Return a date in the order the format declares."""
    return _write_date(form.dates, day)


@lru_cache(maxsize=4096)  # an export says the same few days over and over
def _write_date(order: Order, day: dt.date) -> str:
    return day.strftime(_DATES[order])


def word_value(form: FormatFile, kind: str, column: str, word: str, value: Cell | None, style: Style) -> Cell:
    """Return what to write under `word` so that the column is read as `value`; '' for None.

    Raises NotWritable where the format would read something else, or nothing.
    """
    if value is None:
        return ""
    if isinstance(value, dt.date):
        return value
    return _word_text(form, kind, column, word, value, style)


def _word_text(form: FormatFile, kind: str, column: str, word: str, value: str, style: Style) -> str:
    by_word, by_column = form.values.get(word, {}), form.values.get(column, {})
    # Read first by the column's own renaming, then by the word's.
    overridden = {plain_text(seen).casefold() for seen in by_column}
    for seen, ours in (
        *by_column.items(),
        *((s, o) for s, o in by_word.items() if plain_text(s).casefold() not in overridden),
    ):
        if ours == value:
            return seen
    text = value
    column_type = RECORD_KINDS[kind].column(column).type
    if column_type == "year_group":
        text = style.year_group.format(value) if value.isdigit() else "Reception" if value == "R" else value
    elif column_type == "academic_year":
        first = int(value[:4])
        text = style.academic_year.format(first=first, last=first + 1, short=value[-2:])
    renamed = overridden | {plain_text(seen).casefold() for seen in by_word}
    if plain_text(text).casefold() in renamed:
        raise NotWritable(f"“{text}” under “{word}” would be read as something else by the format {form.format}")
    check_readable(form, text)
    return text


def check_readable(form: FormatFile, text: str) -> None:
    """Raise NotWritable when a cell with this text would be read as empty or with other spaces."""
    if not text or text != " ".join(text.split()) or "\ufeff" in text:
        raise NotWritable(f"“{text}” would lose its spaces when it is read")
    if plain_text(text).casefold() in {plain_text(blank).casefold() for blank in form.blanks}:
        raise NotWritable(f"“{text}” counts as an empty cell in the format {form.format}")
