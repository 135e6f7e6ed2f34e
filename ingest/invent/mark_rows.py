"""Mark rows: the rows of a register's export, composed from whole arrays of marks.

Here lives the quick way for marks and their totals by the million: the same rows `rows` would compose from an entry a
mark, by the same format file (a test compares the bytes), without making the entries. Everything after the rows is
shared (see `export`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ingest.format_file import CELL, FormatFile, RecordRule
from ingest.invent.entry import Cell, NotWritable, Pupil, Style
from ingest.invent.rows import Row, Rows
from ingest.invent.wording import word_value, write_date
from ingest.pattern import plain_text

SESSIONS = ("AM", "PM")
Words = dict[str, Cell]


@dataclass(frozen=True)
class MarkTable:
    """Marks to write: pupils x days x sessions of places in `codes`; where the code is '' there is no mark."""

    pupils: Sequence[Pupil]
    days: Sequence[dt.date]
    marks: NDArray[np.uint8]
    codes: Sequence[str]
    minutes_late: NDArray[np.uint8] | None = None


@dataclass(frozen=True)
class TotalTable:
    """Totals to write of one span of days: pupils x codes; where `sessions` is 0 nothing is said."""

    pupils: Sequence[Pupil]
    first: dt.date
    last: dt.date
    sessions: NDArray[np.int64]
    codes: Sequence[str]


def compose_marks(form: FormatFile, table: MarkTable, style: Style) -> Rows:
    """Return the rows in which the format says these marks: a row a pupil, a pupil and week, or a mark.

    A cell of several marks must have all of them. Raises NotWritable where it has not, and where the format has no
    rule for marks.
    """
    rule = _find_rule(form, "attendance")
    wording = _Wording(form, rule, style)
    if rule.each_mark:
        return _compose_weeks(wording, table)
    if rule.pattern:
        return _compose_days(wording, table)
    return _compose_list(wording, table)


def compose_totals(form: FormatFile, table: TotalTable, style: Style) -> Rows:
    """Return the rows in which the format says these totals: a row a pupil, or a row a pupil and code."""
    wording = _Wording(form, _find_rule(form, "attendance_totals"), style)
    wording.say_of_all("from_date", table.first)
    wording.say_of_all("to_date", table.last)
    places = [place for place in range(len(table.codes)) if table.sessions[:, place].any()]
    if wording.rule.pattern is None:
        codes = {at: wording.words | wording.say("mark_code", table.codes[at]) for at in places}
        return wording.finish(
            Row(pupil, codes[at] | wording.say("sessions", str(row[at])))
            for pupil, row in zip(table.pupils, table.sessions.tolist(), strict=True)
            for at in places
            if row[at]
        )
    word = wording.rule.fields["mark_code"]
    heads = [(at, wording.head({word: table.codes[at]})) for at in places]
    texts = [str(number) for number in range(int(table.sessions.max(initial=0)) + 1)]
    return wording.finish(
        Row(pupil, dict(wording.words), {heading: texts[row[at]] for at, heading in heads if row[at]})
        for pupil, row in zip(table.pupils, table.sessions.tolist(), strict=True)
    )


class _Wording:
    """Words values by one rule of a format; a value is worded once."""

    def __init__(self, form: FormatFile, rule: RecordRule, style: Style) -> None:
        self.form, self.rule, self.style = form, rule, style
        columns = {word for word in form.columns.values() if word}
        titles = {place for pattern in form.title_patterns for place in pattern.places}
        self._in_column = columns - (titles & set(style.said))
        self.words: Words = {}
        self.titles: dict[str, str] = {}
        self.wide: dict[str, int] = {}

    def text(self, column: str, value: Cell) -> Cell:
        """Return what to write so that the column is read as `value`."""
        word = self.rule.fields[column]
        return word_value(self.form, self.rule.kind, column, word, value, self.style)

    def say(self, column: str, value: Cell) -> Words:
        """Return the cell of a row that says `value` of a column."""
        return {self.rule.fields[column]: self.text(column, value)}

    def say_of_all(self, column: str, value: Cell) -> None:
        """Say `value` of every row, in its column or in a title."""
        self.place(self.rule.fields[column], self.text(column, value), self.words)

    def place(self, word: str, cell: Cell, words: Words) -> None:
        """Put a cell under `word` into `words` where that is a column, else into the title."""
        if word in self._in_column:
            words[word] = cell
        elif self.titles.setdefault(word, self.as_text(cell)) != self.as_text(cell):
            raise NotWritable(f"the title says one {word}, but there are several")

    def as_text(self, cell: Cell) -> str:
        """Return a cell as text."""
        return write_date(self.form, cell) if isinstance(cell, dt.date) else cell

    def head(self, captured: Mapping[str, str]) -> str:
        """Return the heading of a wide column. Raises NotWritable where it would be read otherwise."""
        assert self.rule.pattern is not None
        heading = plain_text(self.rule.pattern.fill(dict(captured)))
        if self.rule.pattern.match(heading) != captured:
            raise NotWritable(f"the heading “{heading}” would be read otherwise than it was written")
        self.wide.setdefault(heading, self.form.records.index(self.rule))
        return heading

    def finish(self, rows: Iterator[Row]) -> Rows:
        """Return all rows with titles and wide headings."""
        return Rows(list(rows), self.titles, self.wide)


def _find_rule(form: FormatFile, kind: str) -> RecordRule:
    found = [rule for rule in form.records if rule.kind == kind]
    if len(found) != 1 or found[0].set:
        raise NotWritable(f"the format {form.format} has no rule of its own for {kind}")
    return found[0]


def _compose_weeks(wording: _Wording, table: MarkTable) -> Rows:
    """A row a pupil and week, its marks in one cell."""
    each = wording.rule.each_mark
    assert each is not None
    gap = wording.style.mark_gap
    text_of = [str(wording.text("mark_code", code)) if code else "" for code in table.codes]
    mondays = list(dict.fromkeys(day - dt.timedelta(day.weekday()) for day in table.days))
    weeks = [
        [table.days.index(monday + dt.timedelta(day)) for day in range(each.days)] for monday in mondays
    ]  # fmt: skip

    def compose() -> Iterator[Row]:
        for pupil, marks in zip(table.pupils, table.marks, strict=True):
            for monday, days in zip(mondays, weeks, strict=True):
                week = marks[days].tolist()
                if not any(map(any, week)):
                    continue
                if not all(map(all, week)):
                    raise NotWritable(f"the week of {monday} has no mark for a session; one that was not taken is -")
                words: Words = {each.cell: gap.join("".join(text_of[mark] for mark in day) for day in week)}
                wording.place(each.first_day, monday, words)
                yield Row(pupil, words)

    return wording.finish(compose())


def _compose_days(wording: _Wording, table: MarkTable) -> Rows:
    """A row a pupil, a column a day and session."""
    day_word, session_word = wording.rule.fields["session_date"], wording.rule.fields["session"]
    if wording.rule.fields["mark_code"] != CELL:
        raise NotWritable(f"the format {wording.form.format} does not have its marks in the cells")
    text_of = [str(wording.text("mark_code", code)) if code else "" for code in table.codes]
    heads = [
        wording.head({day_word: wording.as_text(day), session_word: str(wording.text("session", session))})
        for day in table.days
        for session in SESSIONS
    ]

    def fill(marks: NDArray[np.uint8]) -> Words:
        return {heading: text_of[mark] for heading, mark in zip(heads, marks.ravel().tolist(), strict=True) if mark}

    return wording.finish(
        Row(pupil, {}, fill(marks)) for pupil, marks in zip(table.pupils, table.marks, strict=True)
    )


def _compose_list(wording: _Wording, table: MarkTable) -> Rows:
    """A row a mark."""
    sessions = [wording.say("session", session) for session in SESSIONS]
    when = [{**wording.say("session_date", day), **session} for day in table.days for session in sessions]
    what = [wording.say("mark_code", code) if code else {} for code in table.codes]
    late: Mapping[int, Words] = {}
    minutes = np.zeros_like(table.marks) if table.minutes_late is None else table.minutes_late
    if "minutes_late" in wording.rule.fields:
        late = {number: wording.say("minutes_late", str(number)) for number in np.unique(minutes).tolist() if number}

    def compose() -> Iterator[Row]:
        for pupil, marks, after in zip(table.pupils, table.marks, minutes, strict=True):
            for at, mark, minute in zip(when, marks.ravel().tolist(), after.ravel().tolist(), strict=True):
                if mark:
                    yield Row(pupil, {**at, **what[mark], **late.get(minute, {})})

    return wording.finish(compose())
