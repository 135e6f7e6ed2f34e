"""Reshape: data rows to records of text, by the format's rules (wide to long where a header pattern says so).

Here lives the making of records from rows; the text is not yet typed. The cutting of a cell into several marks
(see `mark_string`), typing (see `typed_records`) and whose record it is (see `identities`) do not live here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import compress

from ingest.fixes import Fix, holds_number
from ingest.format_file import CELL, IDENTITY_WORDS, FormatFile, RecordRule
from ingest.layout import DataRows
from ingest.mark_string import read_week
from ingest.pattern import plain_text
from ingest.recognise import Header, name_column

# A record says nothing when this column is empty: a blank cell is not a judgement, a mark or a group,
# and work that nobody has moderated yet is no moderation.
CARRIERS = {
    "results": "value",
    "groups": "group_name",
    "attendance": "mark_code",
    "attendance_totals": "sessions",
    "judgements": "value",
    "moderation": "moderated_value",
}


@dataclass
class TextRecords:
    """Records of one kind and place in the row, as text: `file_rows[i]` gave `columns[...][i]`.

    `troubles`: by file row, what is wrong with all that the row gives by this rule; told once a row.
    """

    kind: str
    ordinal: int  # place in the row: one number a rule and column, or a rule and mark
    source_column: str | None
    file_rows: list[int]
    columns: dict[str, Sequence[str]]  # contract column -> text, '' where blank
    headers: dict[str, str]  # contract column -> what the file calls it, for messages
    troubles: Mapping[int, Fix] = field(default_factory=dict)


class _Blanks(dict[str, bool]):
    """Whether a text counts as an empty cell; each text is looked at once a file."""

    def __init__(self, form: FormatFile) -> None:
        self._texts = {"", *(plain_text(text).casefold() for text in form.blanks)}

    def __missing__(self, text: str) -> bool:
        self[text] = blank = not text or plain_text(text).casefold() in self._texts
        return blank


class _Spellings(dict[str, str]):
    """What a text of one column means by the format's `values`: our word for it, '' for a blank one."""

    def __init__(self, spelt: Mapping[str, str], blanks: _Blanks) -> None:
        self._renamed = {plain_text(seen).casefold(): ours for seen, ours in spelt.items()}
        self._blanks = blanks

    def __missing__(self, text: str) -> str:
        ours = "" if self._blanks[text] else self._renamed.get(plain_text(text).casefold(), text)
        self[text] = ours
        return ours


@dataclass
class _Place:
    """One place in the row that gives a record: a column of a header pattern, a mark of a cell, or the row itself.

    `own`: the words this place gives, the same for every row or one a row; they stand before those of the columns.
    `filled`: the cells without which there is no record; None: the column of the kind's carrier.
    """

    heading: str | None
    own: Mapping[str, str | Sequence[str]]
    filled: Sequence[str] | None = None
    troubles: Mapping[int, Fix] = field(default_factory=dict)


def read_identity_cells(data: DataRows, header: Header) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield each data row's number in the file and its identifiers by our word ('' where blank)."""
    plain = _Spellings({}, _Blanks(header.format))
    places = {
        word: header.places[name]
        for name, word in header.format.columns.items()
        if word is not None and word in IDENTITY_WORDS and name in header.places
    }
    for number, cells in zip(data.numbers, data.cells, strict=True):
        yield number, {word: plain[cells[i]] for word, i in places.items()}


def make_records(data: DataRows, header: Header) -> Iterator[TextRecords]:
    """Yield the text records of each rule; blank carriers give no record. The ordinal is stable per column and mark."""
    maker = _Maker(data, header)
    ordinal = 0
    for number, rule in enumerate(header.format.records):
        for place in maker.find_places(number, rule):
            ordinal += 1
            yield maker.build(rule, ordinal, place)


class _Maker:
    """Makes the records of one file: what its columns and titles say is looked up once."""

    def __init__(self, data: DataRows, header: Header) -> None:
        self.data, self.header, self.form = data, header, header.format
        self.blanks = _Blanks(self.form)
        self.names = {word: name for name, word in self.form.columns.items() if word}
        self.words = {
            word: data.column(header.places[name]) for word, name in self.names.items() if name in header.places
        }
        self._spellings: dict[tuple[str, str], _Spellings] = {}

    def find_places(self, number: int, rule: RecordRule) -> Iterator[_Place]:
        """Yield the places of a row that give a record by this rule; their number does not hang on what cells say."""
        if rule.pattern is not None:
            for position in self.header.wide[number]:
                cell, heading = self.data.column(position), self.header.cells[position]
                # A sheet may be laid on its side: a heading with a pupil's number in it must not name a record.
                name = f"column {name_column(position)}" if holds_number(heading) else plain_text(heading)
                yield _Place(name, {**(rule.pattern.match(heading) or {}), CELL: cell}, cell)
        elif rule.each_mark is not None:
            yield from self._find_marks(rule)
        else:
            yield _Place(self.names.get(rule.fields.get(CARRIERS.get(rule.kind, ""), "")), {})

    def _find_marks(self, rule: RecordRule) -> Iterator[_Place]:
        each = rule.each_mark
        if each is None or each.cell not in self.words:
            return
        first_days, first_header = self._hear(each.first_day, "session_date", _Place(None, {}))
        heading = plain_text(self.header.cells[self.header.places[self.names[each.cell]]])
        week = read_week(
            each,
            self.words[each.cell],
            first_days,
            self.data.numbers,
            order=self.form.dates,
            is_blank=self.blanks.__getitem__,
            headers=(heading, first_header),
        )
        for mark, day, session in zip(week.marks, week.days, week.sessions, strict=True):
            yield _Place(heading, {"mark": mark, "day": day, "session": session}, mark, week.troubles)

    def build(self, rule: RecordRule, ordinal: int, place: _Place) -> TextRecords:
        """Return the records that one place of every row gives by `rule`."""
        rows = self.data.numbers
        columns: dict[str, Sequence[str]] = {}
        headers: dict[str, str] = {}
        for column, word in rule.fields.items():
            columns[column], headers[column] = self._hear(word, column, place)
        for column, fixed in rule.set.items():
            columns[column] = [fixed] * len(rows)
        carrier = columns.get(CARRIERS.get(rule.kind, ""))
        keep: list[bool] | None = None
        if place.filled is not None:
            keep = [not blank for blank in map(self.blanks.__getitem__, place.filled)]
        elif carrier is not None:
            keep = [bool(text) for text in carrier]
        if keep is not None and not all(keep):
            rows = list(compress(rows, keep))
            columns = {column: list(compress(texts, keep)) for column, texts in columns.items()}
        return TextRecords(rule.kind, ordinal, place.heading, rows, columns, headers, place.troubles)

    def _hear(self, word: str, column: str, place: _Place) -> tuple[list[str], str]:
        """Return what is said under `word` for a contract column, one text a row, and what the file calls it.

        The heading over the cell is nearest to it, then a column of the row, then the title of the file.
        """
        spellings = self._spellings.get((column, word))
        if spellings is None:
            spelt = self.form.values.get(word, {}) | self.form.values.get(column, {})
            spellings = self._spellings[column, word] = _Spellings(spelt, self.blanks)
        said = place.own.get(word, self.words.get(word))
        name = (place.heading if word in place.own else self.names.get(word)) or "title of the file"
        if said is None or isinstance(said, str):
            text = self.data.said.get(word, "") if said is None else said
            return [spellings[text]] * len(self.data.numbers), name
        return list(map(spellings.__getitem__, said)), name
