"""Registers sent: the marks of a school and their totals, a file a half-term or a week.

Here lives how attendance leaves a school, and the defects planted in it. What the marks are lives in `registers`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from ingest.invent.absence import CODE
from ingest.invent.entry import Defect, MistypedCell, Pupil, Style
from ingest.invent.registers import AM, PM, Register
from ingest.invent.saying import name_surname_first
from ingest.invent.school_days import HalfTerm, list_half_terms
from ingest.invent.sender import Sender

_DAY = dt.timedelta(days=1)


def send_weeks(
    sender: Sender, year: str, *, style: Style | None = None, after: dt.date = dt.date.min
) -> None:
    """Send the registers of a year with a week's marks in a cell, one file a half-term with a row a pupil and week."""
    for half_term, register in cut_half_terms(sender, year, after=after):
        name = f"Registers/{year.replace('/', '-')} {half_term.half_term} registers.csv"
        filled = _fill_weeks(register)
        defects: list[Defect] = []
        short = sender.truths.at("mark_string_short", sender.urn)
        if short and (short["academic_year"], short["half_term"]) == (year, half_term.half_term):
            defects.append(MistypedCell(filled.roll[3].pupil, "Marks", "/\\ /\\ /\\ /\\ /"))
        sender.write_marks("sims_weekly_register", filled, name, style, defects=defects)
        differs = sender.truths.at("total_differs", sender.urn)
        if differs and (differs["academic_year"], differs["half_term"]) == (year, half_term.half_term):
            _state_more(sender, name, differs["more"])


def send_single_weeks(sender: Sender, year: str, style: Style, *, after: dt.date, until: dt.date) -> None:
    """Send a file a week, whose title says which week it is, as an office does on Fridays."""
    register = _fill_weeks(sender.take_register(year).cut(after, until))
    for monday in (day for day in register.days if day.weekday() == 0):
        week = register.cut(monday, monday + 4 * _DAY)  # empty in a holiday
        # In SIMS the names have no comma.
        pupils: list[Pupil] = [name_surname_first(one.pupil) for one in week.roll]
        sender.write_marks(
            "sims_weekly_register", week, f"Registers/Week {monday}.csv", style, pupils=pupils,
            said={"week_begins": f"{monday:%d/%m/%Y}", "exported_on": f"{monday + 4 * _DAY:%d/%m/%Y}"},
        )  # fmt: skip


def send_days(sender: Sender, year: str, *, with_upn: bool = True) -> None:
    """Send a column a day and session, one file a half-term."""
    for half_term, register in cut_half_terms(sender, year):
        name = f"Attendance {year.replace('/', '-')} {half_term.half_term}.csv"
        pupils = [one.pupil if with_upn else {**one.pupil, "upn": ""} for one in register.roll]
        sender.write_marks("attendance_by_date", register, name, pupils=pupils)


def send_sessions(
    sender: Sender, year: str, form: str = "arbor_session_attendance", ending: str = "csv", after: dt.date = dt.date.min
) -> None:
    """Send a row a mark, one file a half-term, from the day `after`."""
    style = Style(encoding="utf-8-sig") if ending == "csv" else Style()
    for half_term, register in cut_half_terms(sender, year, after=after):
        closed = sender.truths.at("marks_on_a_closed_day", sender.urn)
        if closed and half_term.starts <= closed["day"] <= half_term.ends:
            register = _mark_closed_day(register, closed["day"], closed["year_groups"])
        name = f"Session attendance {year.replace('/', '-')} {half_term.half_term}.{ending}"
        sender.write_marks(form, register, name, style)


def send_totals(sender: Sender, year: str, *, until: dt.date = dt.date.max) -> None:
    """Send how many sessions of each code every pupil has, one file a half-term."""
    for half_term, register in cut_half_terms(sender, year, until=until):
        last = min(half_term.ends, until, sender.facts.as_of)
        name = f"Attendance totals {year.replace('/', '-')} {half_term.half_term}.csv"
        sender.write_totals(
            "attendance_totals", register, (half_term.starts, last), name,
            said={"from_date": f"{half_term.starts:%d/%m/%Y}", "to_date": f"{last:%d/%m/%Y}"},
        )  # fmt: skip


def cut_half_terms(
    sender: Sender, year: str, *, after: dt.date = dt.date.min, until: dt.date | None = None
) -> Iterator[tuple[HalfTerm, Register]]:
    """Yield each half-term that has begun, with the part of the register in it that lies in the days asked for."""
    register = sender.take_register(year)
    for half_term in list_half_terms(sender.school.la_code, year):
        part = register.cut(max(half_term.starts, after), min(half_term.ends, until or half_term.ends))
        if part.roll and part.days:
            yield half_term, part


def _fill_weeks(register: Register) -> Register:
    """Return whole weeks: # on days the school was closed, Z before a pupil came, - after a pupil left."""
    first, last = register.days[0], register.days[-1]
    monday, friday = first - first.weekday() * _DAY, last + (4 - last.weekday()) * _DAY
    days = [day for n in range((friday - monday).days + 1) if (day := monday + n * _DAY).weekday() < 5]
    open_days = [days.index(day) for day in register.days]
    marks = np.full((len(register.roll), len(days), 2), CODE["#"], np.uint8)
    marks[:, open_days, :] = register.marks
    for pupil, one in enumerate(register.roll):
        before = np.array([day < one.start for day in days])[:, None]
        marks[pupil] = np.where(marks[pupil] > 0, marks[pupil], np.where(before, CODE["Z"], CODE["-"]))
    # A week in which a pupil has no mark of their own is not written at all.
    taken = np.zeros(marks.shape[:2], bool)
    taken[:, open_days] = register.marks.any(axis=2)
    weeks = taken.reshape(len(register.roll), -1, 5).any(axis=2)
    marks[~np.repeat(weeks, 5, axis=1)] = 0
    return replace(register, days=days, marks=marks)


def _mark_closed_day(register: Register, day: dt.date, year_groups: list[str]) -> Register:
    """Return the register with marks of present pupils on a day nobody was there."""
    days = sorted([*register.days, day])
    marks = np.insert(register.marks, days.index(day), 0, axis=1)
    here = [at for at, one in enumerate(register.roll) if one.year_group in year_groups and one.is_here_on(day)]
    marks[here, days.index(day), AM], marks[here, days.index(day), PM] = CODE["/"], CODE["\\"]
    return replace(register, days=days, marks=marks)


def _state_more(sender: Sender, name: str, more: int) -> None:
    """Let the last line of a file state more rows than there are."""
    path = sender.folder / name
    text = path.read_bytes().decode("utf-8")
    head, words, count = text.rstrip().rpartition("Number of pupils: ")
    path.write_bytes(f"{head}{words}{int(count) + more}\r\n".encode())
