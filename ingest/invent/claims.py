"""Claims: records worded for a format, each with the texts it needs in its row, in the title and under its heading.

Here lives the choice of the rule that can say a record, and the putting together of marks that share a cell. Which
records share a row is decided in `rows`; how one value is worded, in `wording`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from ingest.ages import AGE
from ingest.format_file import CELL, MARK_WORDS, EachMark, FormatFile, RecordRule
from ingest.invent.entry import Cell, Entry, NotWritable, Pupil, PupilName, Style, name_pupil
from ingest.invent.wording import check_readable, word_value, write_date
from ingest.mark_string import cut_marks
from ingest.values import read_date

T = TypeVar("T", bound=Cell)

# Claimed by a record of a rule that looks at the whole row.
WHOLE_ROW = ""


@dataclass
class Claim:
    """One record, worded: the rule it goes by and the texts it needs in its row, in the title and in its cell.

    A claim of marks that share a cell stands for all the records of that cell.
    """

    rule: int
    pupil: Pupil
    who: PupilName
    words: dict[str, Cell] = field(default_factory=dict)
    titles: dict[str, str] = field(default_factory=dict)
    heading: str = WHOLE_ROW
    cell: Cell | None = None
    captured: dict[str, str] = field(default_factory=dict)  # what it says in its heading, by place


class Worder:
    """Words entries by the rules of one format, in one style. The same few values are worded once."""

    def __init__(self, form: FormatFile, style: Style) -> None:
        self.form = form
        self.style = style
        self._columns = {word for word in form.columns.values() if word}
        titles = {place for pattern in form.title_patterns for place in pattern.places}
        # What both could say stands in the title where the style says so.
        self._in_column = self._columns - (titles & set(style.said))
        self._known: dict[tuple[int, str, Cell], Cell] = {}
        self._who: dict[int, tuple[Pupil, PupilName]] = {}

    def word_entries(self, entries: Sequence[Entry]) -> list[Claim]:
        """Return the claims of all entries, in their order; marks that share a cell are one claim, at the first's.

        Raises NotWritable, saying why, where no rule of the format can say an entry.
        """
        claims: list[Claim] = []
        weeks: dict[tuple[int, PupilName, dt.date, tuple[tuple[str, Cell], ...]], _Week] = {}
        for entry in entries:
            number, claim = self._word(entry)
            rule = self.form.records[number]
            if rule.each_mark is None:
                claims.append(claim)
                continue
            day, mark = claim.words.pop("day", ""), claim.words.pop("mark")
            session = claim.words.pop("session", rule.each_mark.sessions[0])
            first = self._find_first_day(rule.each_mark, day)
            week = weeks.get(key := (number, claim.who, first, tuple(claim.words.items())))
            if week is None:
                week = weeks[key] = _Week(rule.each_mark, first, claim)
                claims.append(claim)
            week.add(day, session, mark)
        for week in weeks.values():
            self._say_first_day(week)
            text = week.write(self.style.mark_gap)
            check_readable(self.form, text)
            week.claim.words[week.rule.cell] = text
        return claims

    def as_text(self, cell: Cell) -> str:
        """Return a cell as it stands in a title, in a heading or in delimited text."""
        return write_date(self.form, cell) if isinstance(cell, dt.date) else cell

    def _word(self, entry: Entry) -> tuple[int, Claim]:
        said = {column for column, value in entry.columns.items() if value is not None}
        trouble: NotWritable | None = None
        for number, rule in enumerate(self.form.records):
            if rule.kind == entry.kind and _can_say(rule, said, entry.columns):
                try:
                    return number, self._word_by(number, rule, entry)
                except NotWritable as found:  # another rule may have a place for it
                    trouble = trouble or found
        raise trouble or NotWritable(
            f"the format {self.form.format} has no rule for a record of {entry.kind} with {sorted(said)}"
        )

    def _word_by(self, number: int, rule: RecordRule, entry: Entry) -> Claim:
        places = rule.pattern.places if rule.pattern else ()
        claim = Claim(number, entry.pupil, self._name(entry.pupil))
        for column, word in rule.fields.items():
            text = self._word_value(number, rule, column, word, entry.columns.get(column))
            if word == CELL and rule.pattern:
                claim.cell = text
            elif word in places:
                self._agree(claim.captured, word, self.as_text(text))
            elif word in self._in_column or (rule.each_mark and word in MARK_WORDS):
                self._agree(claim.words, word, text)
            else:
                self._agree(claim.titles, word, self.as_text(text))
        if rule.pattern and claim.cell == "":
            raise NotWritable(f"a record under “{rule.pattern.text}” has an empty cell, which says nothing")
        return claim

    def _word_value(self, number: int, rule: RecordRule, column: str, word: str, value: Cell | None) -> Cell:
        if value is None:
            return ""
        known = self._known.get(key := (number, column, value))
        if known is None:
            known = self._known[key] = word_value(self.form, rule.kind, column, word, value, self.style)
        return known

    def _name(self, pupil: Pupil) -> PupilName:
        known = self._who.get(id(pupil))
        if known is None:  # the pupil is kept beside the name, so that no other can get the id meanwhile
            known = self._who[id(pupil)] = (pupil, name_pupil(pupil))
        return known[1]

    def _agree(self, texts: dict[str, T], word: str, text: T) -> None:
        if texts.setdefault(word, text) != text:
            raise NotWritable(f"two columns of a record need different texts under “{word}” of {self.form.format}")

    def _find_first_day(self, rule: EachMark, day: Cell) -> dt.date:
        if not isinstance(day, dt.date):
            raise NotWritable(f"a mark under “{rule.cell}” needs its day as a date")
        said = self.style.said.get(rule.first_day)
        if said and rule.first_day not in self._in_column:
            return read_date(said, self.form.dates)
        if rule.days < 5:
            raise NotWritable(f"the style must say {rule.first_day}: nobody can tell it from {rule.days} days")
        return day - dt.timedelta(day.weekday())

    def _say_first_day(self, week: _Week) -> None:
        if week.rule.first_day in self._in_column:
            self._agree(week.claim.words, week.rule.first_day, week.first)
        else:
            self._agree(week.claim.titles, week.rule.first_day, self.as_text(week.first))


@dataclass
class _Week:
    """The marks of one cell as they are gathered, and the claim that stands for them."""

    rule: EachMark
    first: dt.date
    claim: Claim
    marks: dict[tuple[int, str], str] = field(default_factory=dict)

    def add(self, day: Cell, session: Cell, mark: Cell) -> None:
        assert isinstance(day, dt.date)
        at = ((day - self.first).days, str(session))
        if not 0 <= at[0] < self.rule.days or at[1] not in self.rule.sessions:
            raise NotWritable(f"the cell from {self.first} has no place for {at[1]} of {day}")
        if self.marks.setdefault(at, str(mark)) != mark:
            raise NotWritable(f"two marks for {at[1]} of {day}")

    def write(self, gap: str) -> str:
        """Return the cell, its days apart by `gap`."""
        days = []
        for day in range(self.rule.days):
            missing = [session for session in self.rule.sessions if not self.marks.get((day, session))]
            if missing:
                when = self.first + dt.timedelta(day)
                raise NotWritable(f"there is no mark for {missing[0]} of {when}; one that was not taken is -")
            days.append([self.marks[day, session] for session in self.rule.sessions])
        text = gap.join("".join(marks) for marks in days)
        wanted = [mark for marks in days for mark in marks]
        if cut_marks(text, len(wanted)) != wanted:
            raise NotWritable(f"the marks {text} would be cut otherwise than they were written")
        return text


def _can_say(rule: RecordRule, said: Iterable[str], columns: Mapping[str, Cell | None]) -> bool:
    """Whether the rule has a place for everything the record says, and fixes nothing else."""
    derived = {AGE}
    if columns.get("result_type") == "test":
        derived.add("mark")  # made from the value when it is read
    return all(name in rule.fields or name in rule.set or name in derived for name in said) and all(
        columns.get(name) == fixed for name, fixed in rule.set.items()
    )
