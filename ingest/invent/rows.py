"""Rows: records put together into the rows of an export; the inverse of `reshape`.

Here lives the decision which records share a row and under which heading each value stands, and the proof that
the rows would be read as these records and no others. How a record is worded lives in `claims`; headers, titles and
files do not live here either.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from ingest.format_file import FormatFile, RecordRule
from ingest.invent.claims import WHOLE_ROW, Claim, Worder
from ingest.invent.entry import Cell, Entry, NotWritable, Pupil, PupilName, Style, name_pupil
from ingest.pattern import PLACE, plain_text
from ingest.reshape import CARRIERS


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


def compose_rows(form: FormatFile, entries: Sequence[Entry], style: Style, also: Iterable[Pupil] = ()) -> Rows:
    """Return rows that the format reads as exactly these entries; pupils of `also` stand there in any case.

    Rows come in the order in which their pupils first appear. Raises NotWritable, saying why, when the format
    cannot say an entry, or would read something besides.
    """
    claims = _find_headings(form, Worder(form, style).word_entries(entries), style)
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
    by_pupil = _place_all(form, claims, also)
    rows = Rows([row for rows in by_pupil.values() for row in rows], titles, wide)
    _fill_presence_cells(rows)
    readers = {heading: _list_readers(form, heading) for heading in wide}
    for row in rows.rows:
        _check_row(form, row, rows, readers)
    return rows


def _place_all(form: FormatFile, claims: list[Claim], also: Iterable[Pupil]) -> dict[PupilName, list[Row]]:
    """Return the rows of each pupil with every claim in its place."""
    others = {name_pupil(pupil): pupil for pupil in also}
    by_pupil: dict[PupilName, list[Row]] = {who: [] for who in (*(claim.who for claim in claims), *others)}
    if len(form.records) == 1 and form.records[0].pattern is None:
        # A long list: a row a record. No other could share it, so none is looked for.
        known: set[tuple[PupilName, tuple[Cell, ...]]] = set()
        for claim in claims:
            if (key := (claim.who, tuple(claim.words.values()))) not in known:
                known.add(key)
                by_pupil[claim.who].append(Row(claim.pupil, claim.words, claims={(claim.rule, WHOLE_ROW)}))
    else:
        # The records that say most about their row come first; what holds for every row then joins them.
        for claim in sorted(claims, key=lambda one: -len(one.words)):
            _place(claim, by_pupil[claim.who])
        for claim in claims:
            _repeat(form, claim, by_pupil[claim.who])
    for who, pupil in others.items():
        if not by_pupil[who]:
            by_pupil[who].append(Row(pupil))
    return by_pupil


def _find_headings(form: FormatFile, claims: list[Claim], style: Style) -> list[Claim]:
    """Return the claims with their headings: each its own, or those of the pupil's other records that agree.

    Several rules may read one column, such as an enrolment and a class from "Class Summer 2024/25 Year 3"; the
    class does not say the year group, but stands under the heading of the enrolment that does.
    """
    complete: list[Claim] = []
    partial: list[tuple[RecordRule, Claim]] = []
    known: dict[tuple[int, tuple[tuple[str, str], ...]], str] = {}
    for claim in claims:
        rule = form.records[claim.rule]
        if rule.pattern is None:
            complete.append(claim)
            continue
        said = {place: style.said[place] for place in rule.pattern.places if place in style.said}
        claim.captured = said | claim.captured
        if all(claim.captured.get(place) for place in rule.pattern.places):
            key = (claim.rule, tuple(sorted(claim.captured.items())))
            if key not in known:
                known[key] = _head(form, rule, claim.captured)
            claim.heading = known[key]
            complete.append(claim)
        else:
            partial.append((rule, claim))
    for rule, claim in partial:
        headings = {
            other.heading
            for other in complete
            if form.records[other.rule].each_column == rule.each_column
            and other.who == claim.who
            and claim.captured.items() <= other.captured.items()
        }
        if not headings:
            raise NotWritable(f"the heading “{rule.each_column}” needs more than a record of {rule.kind} says")
        complete += [replace(claim, heading=heading) for heading in sorted(headings)]
    return complete


def _head(form: FormatFile, rule: RecordRule, captured: dict[str, str]) -> str:
    assert rule.pattern is not None
    heading = plain_text(rule.pattern.fill(captured))
    if rule.pattern.match(heading) != {place: plain_text(text) for place, text in captured.items()}:
        raise NotWritable(f"the heading “{heading}” would be read otherwise than it was written")
    if heading.casefold() in {plain_text(name).casefold() for name in form.columns}:
        raise NotWritable(f"the heading “{heading}” is also the name of a column")
    return heading


def _place(claim: Claim, rows: list[Row]) -> None:
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


def _repeat(form: FormatFile, claim: Claim, rows: list[Row]) -> None:
    """Claim the other rows of the pupil in which the format reads the same record again."""
    every_row = form.records[claim.rule].kind not in CARRIERS
    for row in rows:
        if not claim.heading and _fits(claim, row) and (every_row or claim.words.items() <= row.words.items()):
            row.words.update(claim.words)
            row.claims.add((claim.rule, claim.heading))


def _fits(claim: Claim, row: Row) -> bool:
    if any(row.words.get(word, text) != text for word, text in claim.words.items()):
        return False
    return claim.cell is None or row.cells.get(claim.heading, claim.cell) == claim.cell


def _fill_presence_cells(rows: Rows) -> None:
    """Where a heading alone says something, any text in the cell will do."""
    for row in rows.rows:
        for _, heading in row.claims:
            if heading:
                row.cells.setdefault(heading, "x")


def _list_readers(form: FormatFile, heading: str) -> set[int]:
    """Return the rules that read a column with this heading: of one kind, those with the most fixed text."""
    fitting = [
        (number, rule.kind, len(plain_text(PLACE.sub("", rule.pattern.text))))
        for number, rule in enumerate(form.records)
        if rule.pattern is not None and rule.pattern.match(heading) is not None
    ]
    return {number for number, kind, fixed in fitting if fixed == max(f for _, k, f in fitting if k == kind)}


def _check_row(form: FormatFile, row: Row, rows: Rows, readers: dict[str, set[int]]) -> None:
    """Raise NotWritable when reading the row would give a record that nobody asked for."""
    for number, rule in enumerate(form.records):
        if rule.pattern is None:
            word = rule.each_mark.cell if rule.each_mark else rule.fields.get(CARRIERS.get(rule.kind, ""))
            speaks = word is None or bool(row.words.get(word) or rows.titles.get(word))
            made = [WHOLE_ROW] if speaks else []
        else:
            made = [heading for heading in row.cells if number in readers[heading]]
        for heading in made:
            if (number, heading) not in row.claims:
                raise NotWritable(
                    f"a row of {form.format} would also be read as a record of {rule.kind} that was not asked for"
                )
