"""Reshape: data rows to records of text, by the format's rules (wide to long where a header pattern says so).

Here lives the making of records from rows; the text is not yet typed. Typing (see `typing_step`) and whose record
it is (see `identities`) do not live here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from ingest.format_file import CELL, IDENTITY_WORDS, FormatFile, RecordRule
from ingest.layout import DataRows
from ingest.pattern import plain_text
from ingest.recognise import Header

# A record says nothing when this column is empty: a blank cell is not a judgement, nor a group.
CARRIERS = {"results": "value", "groups": "group_name"}


@dataclass
class TextRecords:
    """Records of one kind as text: file_row, ordinal (place in the row), source_column, then contract columns."""

    kind: str
    rows: pd.DataFrame
    headers: dict[str, str]  # contract column -> what the file calls it, for messages


def clean_cells(cells: pd.DataFrame) -> pd.DataFrame:
    """Return the cells with spaces made plain and trimmed, leaving everything else as the school wrote it."""
    return cells.apply(
        lambda column: column.map({text: _trim(text) for text in column.unique()}) if len(column) else column
    )


def _trim(text: str) -> str:
    return " ".join(text.replace("\ufeff", "").replace("\u00a0", " ").split())


def read_identity_cells(data: DataRows, header: Header) -> pd.DataFrame:
    """Return the identifier columns of each data row by our word ('' where blank), index = row in the file."""
    blank = _blank_texts(header.format)
    words = {
        word: data.cells[header.places[name]]
        for name, word in header.format.columns.items()
        if word in IDENTITY_WORDS and name in header.places
    }
    frame = pd.DataFrame(words, index=data.cells.index, dtype=str)
    return frame.mask(frame.apply(lambda column: column.str.casefold().isin(blank)), "")


def make_records(data: DataRows, header: Header) -> Iterator[TextRecords]:
    """Yield the text records of each rule; blank carriers give no record. The ordinal is stable per column."""
    form = header.format
    ordinal = 0
    for number, rule in enumerate(form.records):
        if rule.pattern is None:
            ordinal += 1
            words = _row_words(data, header)
            yield _build(rule, data, header, words, ordinal, None)
            continue
        for position in header.wide[number]:
            ordinal += 1
            words = _row_words(data, header)
            words.update(rule.pattern.match(header.cells[position]) or {})
            words[CELL] = data.cells[position]
            yield _build(rule, data, header, words, ordinal, position)


def _row_words(data: DataRows, header: Header) -> dict[str, pd.Series | str]:
    words: dict[str, pd.Series | str] = dict(data.said)
    for name, word in header.format.columns.items():
        if word is not None and name in header.places:
            words[word] = data.cells[header.places[name]]
    return words


def _build(
    rule: RecordRule,
    data: DataRows,
    header: Header,
    words: dict[str, pd.Series | str],
    ordinal: int,
    position: int | None,
) -> TextRecords:
    form = header.format
    blank = _blank_texts(form)
    rows = pd.DataFrame(index=data.cells.index)
    rows["file_row"] = data.cells.index
    rows["ordinal"] = ordinal
    rows["source_column"] = plain_text(header.cells[position]) if position is not None else _carrier_header(rule, form)
    headers: dict[str, str] = {}
    for column, fixed in rule.set.items():
        rows[column] = fixed
    for column, word in rule.fields.items():
        said = words.get(word, "")
        values = said if isinstance(said, pd.Series) else pd.Series(said, index=data.cells.index, dtype=str)
        renamed = {plain_text(seen).casefold(): ours for seen, ours in form.values.get(word, {}).items()}
        renamed |= {plain_text(seen).casefold(): ours for seen, ours in form.values.get(column, {}).items()}
        rows[column] = values.map(
            {
                text: "" if text.casefold() in blank else renamed.get(plain_text(text).casefold(), text)
                for text in values.unique()
            }
        )
        headers[column] = _header_of(word, header, position)
    carrier = CARRIERS.get(rule.kind)
    if rule.pattern is not None:
        cell = words[CELL]
        rows = rows[~cell.str.casefold().isin(blank)] if isinstance(cell, pd.Series) else rows
    elif carrier in rows:
        rows = rows[rows[carrier] != ""]
    return TextRecords(kind=rule.kind, rows=rows, headers=headers)


def _header_of(word: str, header: Header, position: int | None) -> str:
    for name, ours in header.format.columns.items():
        if ours == word:
            return name
    return plain_text(header.cells[position]) if position is not None else "title of the file"


def _carrier_header(rule: RecordRule, form: FormatFile) -> str | None:
    word = rule.fields.get(CARRIERS.get(rule.kind, ""))
    return next((name for name, ours in form.columns.items() if ours == word), None) if word else None


def _blank_texts(form: FormatFile) -> set[str]:
    return {"", *(plain_text(text).casefold() for text in form.blanks)}
