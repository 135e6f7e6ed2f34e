"""Reshape: data rows to records of text, by the format's rules (wide to long where a header pattern says so).

Here lives the making of records from rows; the text is not yet typed. Typing (see `typed_records`) and whose
record it is (see `identities`) do not live here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ingest.format_file import CELL, IDENTITY_WORDS, FormatFile, RecordRule
from ingest.layout import DataRows
from ingest.pattern import plain_text
from ingest.recognise import Header

# A record says nothing when this column is empty: a blank cell is not a judgement, nor a group.
CARRIERS = {"results": "value", "groups": "group_name"}


@dataclass
class TextRecords:
    """Records of one kind and place in the row, as text: `file_rows[i]` gave `columns[...][i]`."""

    kind: str
    ordinal: int  # place in the row: one number a rule and column
    source_column: str | None
    file_rows: list[int]
    columns: dict[str, list[str]]  # contract column -> text, '' where blank
    headers: dict[str, str]  # contract column -> what the file calls it, for messages


def read_identity_cells(data: DataRows, header: Header) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield each data row's number in the file and its identifiers by our word ('' where blank)."""
    blank = _blank_texts(header.format)
    places = {
        word: header.places[name]
        for name, word in header.format.columns.items()
        if word is not None and word in IDENTITY_WORDS and name in header.places
    }
    for number, cells in zip(data.numbers, data.cells, strict=True):
        yield (
            number,
            {word: "" if _is_blank(cells[i], blank) else cells[i] for word, i in places.items()},
        )


def make_records(data: DataRows, header: Header) -> Iterator[TextRecords]:
    """Yield the text records of each rule; blank carriers give no record. The ordinal is stable per column."""
    ordinal = 0
    words = {
        word: data.column(header.places[name])
        for name, word in header.format.columns.items()
        if word is not None and name in header.places
    }
    for number, rule in enumerate(header.format.records):
        for position in [None] if rule.pattern is None else header.wide[number]:
            ordinal += 1
            yield _build(rule, data, header, words, ordinal, position)


def _build(
    rule: RecordRule,
    data: DataRows,
    header: Header,
    words: dict[str, list[str]],
    ordinal: int,
    position: int | None,
) -> TextRecords:
    form = header.format
    blank = _blank_texts(form)
    heading: dict[str, str] = {}
    cell: list[str] | None = None
    if position is not None and rule.pattern is not None:
        heading = rule.pattern.match(header.cells[position]) or {}
        cell = data.column(position)
    columns: dict[str, list[str]] = {}
    headers: dict[str, str] = {}
    for column, word in rule.fields.items():
        spelt = form.values.get(word, {}) | form.values.get(column, {})
        renamed = {plain_text(seen).casefold(): ours for seen, ours in spelt.items()}
        # The heading over the cell is nearest to it, then a column of the row, then the title of the file.
        said = cell if word == CELL else None if word in heading else words.get(word)
        headers[column] = _name_source(word, header, position, said is not None)
        if said is None:
            text = heading.get(word, data.said.get(word, ""))
            columns[column] = [_rename(text, blank, renamed)] * len(data.numbers)
        else:
            known = {text: _rename(text, blank, renamed) for text in set(said)}
            columns[column] = [known[text] for text in said]
    for column, fixed in rule.set.items():
        columns[column] = [fixed] * len(data.numbers)
    carrier = columns.get(CARRIERS.get(rule.kind, ""))
    if cell is not None:
        kept = [i for i, text in enumerate(cell) if not _is_blank(text, blank)]
    elif carrier is not None:
        kept = [i for i, text in enumerate(carrier) if text]
    else:
        kept = list(range(len(data.numbers)))
    return TextRecords(
        kind=rule.kind,
        ordinal=ordinal,
        source_column=_carrier_header(rule, form) if position is None else plain_text(header.cells[position]),
        file_rows=[data.numbers[i] for i in kept],
        columns={column: [values[i] for i in kept] for column, values in columns.items()},
        headers=headers,
    )


def _rename(text: str, blank: set[str], renamed: dict[str, str]) -> str:
    return "" if _is_blank(text, blank) else renamed.get(plain_text(text).casefold(), text)


def _is_blank(text: str, blank: set[str]) -> bool:
    return not text or plain_text(text).casefold() in blank


def _name_source(word: str, header: Header, position: int | None, in_column: bool) -> str:
    if in_column and word != CELL:
        return next(name for name, ours in header.format.columns.items() if ours == word)
    return plain_text(header.cells[position]) if position is not None else "title of the file"


def _carrier_header(rule: RecordRule, form: FormatFile) -> str | None:
    word = rule.fields.get(CARRIERS.get(rule.kind, ""))
    return next((name for name, ours in form.columns.items() if ours == word), None) if word else None


def _blank_texts(form: FormatFile) -> set[str]:
    return {"", *(plain_text(text).casefold() for text in form.blanks)}
