"""Mark strings: a cell that holds the marks of several sessions, cut into marks with their days and sessions.

Here lives the cutting of such cells and what is wrong with those that cannot be cut. What a mark means does not
live here (it is a dated seed), nor the making of records (see `reshape`).
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from ingest.fixes import Fix, describe_shape
from ingest.format_file import EachMark
from ingest.values import DATE_WORDS, NotAValue, read_date

# A letter with a digit is one mark (C1, Y7), as is any other sign by itself.
_MARK = re.compile(r"[^\W\d_][0-9]|\S")
_BETWEEN = re.compile(r"[,|]")

CANNOT_BE_READ = "marks cannot be read"
NO_FIRST_DAY = "first day cannot be read"


@dataclass
class Week:
    """The marks of a rule's cells: `marks[k][i]`, `days[k][i]` and `sessions[k][i]` of the k-th mark of row i, as text.

    What is not there or not known is ''. `troubles` says, by file row, why none of the row's marks can be used.
    """

    marks: list[Sequence[str]]
    days: list[list[str]]
    sessions: list[list[str]]
    troubles: dict[int, Fix] = field(default_factory=dict)


def cut_marks(text: str, wanted: int) -> list[str]:
    """Return the marks of a cell: where commas or bars stand, what is between them ('' for none), else sign by sign.

    White space counts for nothing. A comma after the last of the `wanted` marks ends the cell and begins no mark.
    """
    if not _BETWEEN.search(text):
        return _MARK.findall(text)
    marks = ["".join(piece.split()) for piece in _BETWEEN.split(text)]
    return marks[:-1] if len(marks) == wanted + 1 and not marks[-1] else marks


def read_week(
    rule: EachMark,
    cells: list[str],
    first_days: list[str],
    file_rows: list[int],
    *,
    order: str,
    is_blank: Callable[[str], bool],
    headers: tuple[str, str],
) -> Week:
    """Return the marks of `cells`, whose first are of `first_days` (dates in `order`), one cell a row.

    `headers`: what the file calls the cells and the first days. A cell with another number of marks than the rule
    wants, or without a day that can be read, is in trouble; its marks (as many as the rule wants at most) come
    without day and session.
    """
    wanted = rule.days * len(rule.sessions)
    cut = {text: [] if is_blank(text) else cut_marks(text, wanted) for text in set(cells)}
    uncut = {text for text, marks in cut.items() if any(marks) and len(marks) != wanted}
    padded = {
        text: tuple("" if is_blank(mark) else mark for mark in (*marks, *[""] * wanted)[:wanted])
        for text, marks in cut.items()
    }
    starts = {text: _read_first(text, order) for text in set(first_days)}
    days: list[list[str]] = []
    sessions: list[list[str]] = []
    for number in range(wanted):
        day, session = divmod(number, len(rule.sessions))
        of_day = {text: _say_day(start, day) for text, start in starts.items()}
        days.append([of_day[first] for first in first_days])
        sessions.append([rule.sessions[session]] * len(cells))
    week = Week(list(zip(*(padded[text] for text in cells), strict=True)) or [()] * wanted, days, sessions)
    undated = {text for text, start in starts.items() if isinstance(start, NotAValue)}
    for i, (text, first) in enumerate(zip(cells, first_days, strict=True)) if uncut or undated else ():
        start, row, held = starts[first], file_rows[i], sum(1 for mark in padded[text] if mark)
        if held and text in uncut:
            week.troubles[row] = _say_uncut(rule, len(cut[text]), row, headers[0], held)
        elif held and isinstance(start, NotAValue):
            week.troubles[row] = _say_no_day(first, start, order, row, headers[1], held)
        if row in week.troubles:
            for texts in (*days, *sessions):
                texts[i] = ""
    return week


def _say_day(first: dt.date | NotAValue, day: int) -> str:
    return "" if isinstance(first, NotAValue) else (first + dt.timedelta(day)).isoformat()


def _read_first(text: str, order: str) -> dt.date | NotAValue:
    try:
        return read_date(text, order)
    except NotAValue as problem:
        return problem


def _say_uncut(rule: EachMark, seen: int, file_row: int, header: str, held: int) -> Fix:
    each = "two" if len(rule.sessions) == 2 else "one"
    return Fix(
        code=CANNOT_BE_READ,
        field=header,
        seen=f"{seen} mark{'' if seen == 1 else 's'}",
        expected=f"{rule.days * len(rule.sessions)} marks, {each} for each of {rule.days} days",
        remedy="Export the register again with a sign for every session, also where there is no mark; nobody can "
        "say which session is the missing one.",
        file_row=file_row,
        records_held=held,
    )


def _say_no_day(seen: str, problem: NotAValue, order: str, file_row: int, header: str, held: int) -> Fix:
    return Fix(
        code=NO_FIRST_DAY,
        field=header,
        seen=describe_shape(seen) if seen else "an empty cell",
        expected=DATE_WORDS[order],
        remedy=problem.remedy if seen else "Fill in the first day of the marks and export again.",
        file_row=file_row,
        records_held=held,
    )
