"""Rows: records put together into the rows of an export; the inverse of `reshape`.

Here lives the decision which records share a row and under which heading each value stands, and the proof that
the rows would be read as these records and no others. Headers, titles and files do not live here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

from ingest.format_file import CELL, FormatFile, RecordRule
from ingest.invent.entry import Cell, Entry, NotWritable, Pupil, Style, name_pupil
from ingest.invent.wording import word_value, write_date
from ingest.pattern import PLACE, plain_text
from ingest.reshape import CARRIERS

T = TypeVar("T", bound=Cell)

# Claimed by a record of a rule that looks at the whole row.
WHOLE_ROW = ""


@dataclass
class Row:
    """A row of the export: its pupil, texts by our word, cells by wide heading, and which records it holds."""

    pupil: Pupil
    words: dict[str, Cell] = field(default_factory=dict)
    cells: dict[str, Cell] = field(default_factory=dict)
    claims: set[tuple[int, str]] = field(default_factory=set)


@dataclass
class Rows:
    """All rows, what the title rows must say, and the wide headings in order with the rule each is from."""

    rows: list[Row]
    titles: dict[str, str]
    wide: dict[str, int]


@dataclass
class _Claim:
    """One record, worded: the rule it goes by and the texts it needs in its row, in the title and in its cell."""

    rule: int
    pupil: Pupil
    words: dict[str, Cell]
    titles: dict[str, str]
    heading: str = WHOLE_ROW
    cell: Cell | None = None
    captured: dict[str, str] = field(default_factory=dict)  # what it says in its heading, by place


def compose_rows(form: FormatFile, entries: Sequence[Entry], style: Style, also: Iterable[Pupil] = ()) -> Rows:
    """Return rows that the format reads as exactly these entries; pupils of `also` stand there in any case.

    Rows come in the order in which their pupils first appear. Raises NotWritable, saying why, when the format
    cannot say an entry, or would read something besides.
    """
    claims = _find_headings(form, [_word_entry(form, entry, style) for entry in entries], style)
    titles: dict[str, str] = {}
    wide: dict[str, int] = {}
    for claim in claims:
        for word, text in claim.titles.items():
            if titles.setdefault(word, text) != text:
                raise NotWritable(f"the title says one {word}, but there are “{titles[word]}” and “{text}”")
        if claim.heading:
            wide.setdefault(claim.heading, claim.rule)
    for rule in form.records:
        if rule.pattern and not any(rule.pattern.match(heading) for heading in wide):
            raise NotWritable(f"no record needs a column like “{rule.pattern.text}”, which {form.format} must have")
    by_pupil: dict[tuple[tuple[str, str], ...], list[Row]] = {}
    for pupil in (*(claim.pupil for claim in claims), *also):
        by_pupil.setdefault(name_pupil(pupil), [])
    # The records that say most about their row come first; what holds for every row then joins them.
    for claim in sorted(claims, key=lambda one: -len(one.words)):
        _place(claim, by_pupil[name_pupil(claim.pupil)])
    for claim in claims:
        _repeat(form, claim, by_pupil[name_pupil(claim.pupil)])
    for pupil in also:
        if not by_pupil[name_pupil(pupil)]:
            by_pupil[name_pupil(pupil)].append(Row(pupil))
    rows = Rows([row for rows in by_pupil.values() for row in rows], titles, wide)
    _fill_presence_cells(rows)
    for row in rows.rows:
        _check_row(form, row, rows)
    return rows


def _word_entry(form: FormatFile, entry: Entry, style: Style) -> _Claim:
    number, rule = _find_rule(form, entry)
    places = rule.pattern.places if rule.pattern else ()
    columns = {word for word in form.columns.values() if word}
    claim = _Claim(number, entry.pupil, {}, {})
    captured: dict[str, str] = {}
    for column, word in rule.fields.items():
        text = word_value(form, entry.kind, column, word, entry.columns.get(column), style)
        if word == CELL and rule.pattern:
            claim.cell = text
        elif word in places:
            _agree(captured, word, _as_text(form, text), form)
        elif word in columns:
            _agree(claim.words, word, text, form)
        else:
            _agree(claim.titles, word, _as_text(form, text), form)
    claim.captured = captured
    if rule.pattern and claim.cell == "":
        raise NotWritable(f"a record under “{rule.pattern.text}” has an empty cell, which says nothing")
    return claim


def _find_headings(form: FormatFile, claims: list[_Claim], style: Style) -> list[_Claim]:
    """Return the claims with their headings: each its own, or those of the pupil's other records that agree.

    Several rules may read one column, such as an enrolment and a class from "Class Summer 2024/25 Year 3"; the
    class does not say the year group, but stands under the heading of the enrolment that does.
    """
    complete: list[_Claim] = []
    partial: list[tuple[RecordRule, _Claim]] = []
    for claim in claims:
        rule = form.records[claim.rule]
        if rule.pattern is None:
            complete.append(claim)
            continue
        said = {place: style.said[place] for place in rule.pattern.places if place in style.said}
        claim.captured = said | claim.captured
        if all(claim.captured.get(place) for place in rule.pattern.places):
            claim.heading = _head(form, rule, claim.captured)
            complete.append(claim)
        else:
            partial.append((rule, claim))
    for rule, claim in partial:
        headings = {
            other.heading
            for other in complete
            if form.records[other.rule].each_column == rule.each_column
            and name_pupil(other.pupil) == name_pupil(claim.pupil)
            and claim.captured.items() <= other.captured.items()
        }
        if not headings:
            raise NotWritable(f"the heading “{rule.each_column}” needs more than a record of {rule.kind} says")
        complete += [replace(claim, heading=heading) for heading in sorted(headings)]
    return complete


def _find_rule(form: FormatFile, entry: Entry) -> tuple[int, RecordRule]:
    said = {column for column, value in entry.columns.items() if value is not None}
    for number, rule in enumerate(form.records):
        derived = {"mark"} if rule.kind == "results" else set()  # made from the value when it is read
        if (
            rule.kind == entry.kind
            and said <= {*rule.fields, *rule.set, *derived}
            and all(entry.columns.get(column) == fixed for column, fixed in rule.set.items())
        ):
            return number, rule
    raise NotWritable(f"the format {form.format} has no rule for a record of {entry.kind} with {sorted(said)}")


def _head(form: FormatFile, rule: RecordRule, captured: dict[str, str]) -> str:
    assert rule.pattern is not None
    heading = plain_text(rule.pattern.fill(captured))
    if rule.pattern.match(heading) != {place: plain_text(text) for place, text in captured.items()}:
        raise NotWritable(f"the heading “{heading}” would be read otherwise than it was written")
    if heading.casefold() in {plain_text(name).casefold() for name in form.columns}:
        raise NotWritable(f"the heading “{heading}” is also the name of a column")
    return heading


def _agree(texts: dict[str, T], word: str, text: T, form: FormatFile) -> None:
    if texts.setdefault(word, text) != text:
        raise NotWritable(f"two columns of a record need different texts under “{word}” of {form.format}")


def _as_text(form: FormatFile, cell: Cell) -> str:
    return write_date(form, cell) if isinstance(cell, dt.date) else cell


def _place(claim: _Claim, rows: list[Row]) -> None:
    """Put a worded record into every row of its pupil that it agrees with, else into a row of its own."""
    fitting = [row for row in rows if _fits(claim, row)]
    if claim.heading:
        fitting = fitting[:1]  # in several rows it would be several records
    if not fitting:
        fitting = [Row(claim.pupil)]
        rows.extend(fitting)
    for row in fitting:
        row.words.update(claim.words)
        row.claims.add((claim.rule, claim.heading))
        if claim.heading and claim.cell is not None:
            row.cells[claim.heading] = claim.cell


def _repeat(form: FormatFile, claim: _Claim, rows: list[Row]) -> None:
    """Claim the other rows of the pupil in which the format reads the same record again."""
    every_row = form.records[claim.rule].kind not in CARRIERS
    for row in rows:
        if not claim.heading and _fits(claim, row) and (every_row or claim.words.items() <= row.words.items()):
            row.words.update(claim.words)
            row.claims.add((claim.rule, claim.heading))


def _fits(claim: _Claim, row: Row) -> bool:
    if any(row.words.get(word, text) != text for word, text in claim.words.items()):
        return False
    return claim.cell is None or row.cells.get(claim.heading, claim.cell) == claim.cell


def _fill_presence_cells(rows: Rows) -> None:
    """Where a heading alone says something, any text in the cell will do."""
    for row in rows.rows:
        for _, heading in row.claims:
            if heading:
                row.cells.setdefault(heading, "x")


def _list_readers(form: FormatFile, heading: str) -> list[int]:
    """Return the rules that read a column with this heading: of one kind, those with the most fixed text."""
    fitting = [
        (number, rule.kind, len(plain_text(PLACE.sub("", rule.pattern.text))))
        for number, rule in enumerate(form.records)
        if rule.pattern is not None and rule.pattern.match(heading) is not None
    ]
    return [number for number, kind, fixed in fitting if fixed == max(f for _, k, f in fitting if k == kind)]


def _check_row(form: FormatFile, row: Row, rows: Rows) -> None:
    """Raise NotWritable when reading the row would give a record that nobody asked for."""
    for number, rule in enumerate(form.records):
        if rule.pattern is None:
            carrier = CARRIERS.get(rule.kind)
            word = rule.fields.get(carrier or "")
            speaks = word is None or bool(row.words.get(word) or rows.titles.get(word))
            made = [WHOLE_ROW] if speaks else []
        else:
            made = [heading for heading in row.cells if number in _list_readers(form, heading)]
        for heading in made:
            if (number, heading) not in row.claims:
                raise NotWritable(
                    f"a row of {form.format} would also be read as a record of {rule.kind} that was not asked for"
                )
