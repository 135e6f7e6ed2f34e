"""Exports: what the measured schools send, written through the format files real exports are read by.

Here lives what stands in each export. Who the pupils are and what their registers say is made by `ingest.invent`; which
formats a school sends is in `house_styles`, the home around it in `invented_home`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ingest.invent.absence import start_generator
from ingest.invent.entry import Entry, Style
from ingest.invent.export import write_export
from ingest.invent.rolls import Enrolment
from ingest.invent.saying import say_enrolments
from ingest.invent.send_registers import send_days, send_sessions, send_weeks
from ingest.invent.sender import Sender
from orchestration.bench.house_styles import JUDGEMENT, TEST, HouseStyle

YEAR = "2025/26"
WINDOWS = {"Baseline": dt.date(2025, 9, 17), "Autumn": dt.date(2025, 11, 26)}
_BANDS, _BAND_ENDS = ("BLW", "WTS", "EXS", "GDS"), (30, 48, 70)
_AWAY = 0.02


@dataclass(frozen=True)
class Marks:
    """One school's results: `marks` (pupils x subjects x windows, -1 where away), the pupils and the subjects."""

    roll: Sequence[Enrolment]
    subjects: Sequence[str]
    marks: NDArray[np.int64]

    def say(self, *, tests: bool, judgements: bool, window: str | None = None) -> Iterator[Entry]:
        """Yield the results as entries; `window`: only of this one."""
        bands = np.digitize(self.marks, _BAND_ENDS)
        for pupil, one in enumerate(self.roll):
            for place, label in enumerate(WINDOWS):
                if window in (None, label):
                    yield from self._say_pupil(one, place, label, bands[pupil], pupil, tests, judgements)

    def _say_pupil(
        self, one: Enrolment, place: int, label: str, bands: NDArray[np.int64], pupil: int, tests: bool, judged: bool
    ) -> Iterator[Entry]:
        about = {"academic_year": YEAR, "year_group": one.year_group, "window_label": label}
        for at, subject in enumerate(self.subjects):
            mark = int(self.marks[pupil, at, place])
            if tests and mark >= 0:
                said = {"subject": subject, "assessment": TEST, "result_type": "test", "value": str(mark)}
                yield Entry("results", one.pupil, about | said)
            if judged and mark >= 0:
                said = {"subject": subject, "assessment": JUDGEMENT, "result_type": "teacher_judgement"}
                yield Entry("results", one.pupil, about | said | {"value": _BANDS[bands[at, place]]})


def draw_marks(sender: Sender, subjects: Sequence[str]) -> Marks:
    """Draw the school's results: an ability a pupil, a level a school, and the day."""
    roll = sender.list_roll(YEAR)
    chance = start_generator(sender.facts.seed, "bench", sender.urn)
    drawn = chance.normal(size=(len(roll), len(subjects), len(WINDOWS)))
    ability = chance.normal(size=(len(roll), 1, 1))
    marks = np.clip(np.round(50 + 4 * chance.normal() + 12 * ability + 8 * drawn), 0, 100).astype(np.int64)
    marks[chance.random(marks.shape) < _AWAY] = -1
    return Marks(roll, subjects, marks)


def send_school(sender: Sender, kind: HouseStyle, marks: Marks) -> None:
    """Write all that one school sends by itself."""
    if not kind.is_in_group:
        _send_pupils(sender, kind)
    if kind.registers == "sims_weekly_register":
        send_weeks(sender, YEAR, style=replace(kind.style, said={}))
    elif kind.registers == "attendance_by_date":
        send_days(sender, YEAR)
    elif kind.registers == "wonde_attendance":
        send_sessions(sender, YEAR, "wonde_attendance", "json")
    else:
        send_sessions(sender, YEAR)
    if kind.tests == "marksheet":
        _send_marksheets(sender, marks)
    elif kind.tests == "assessment_wide":
        sender.write("assessment_wide", marks.say(tests=True, judgements=False), "Assessment 2025-11.xlsx")
    for label, day in WINDOWS.items():
        tests, judged = kind.tests == "results_rows", kind.judgements == "results_rows"
        if tests or judged:
            entries = list(marks.say(tests=tests, judgements=judged, window=label))
            sender.write("results_rows", entries, f"results {label}.csv")
        if kind.judgements == "markbook_judgements":
            entries = [
                replace(one, columns={**one.columns, "assessed_on": day})
                for one in marks.say(tests=False, judgements=True, window=label)
            ]
            sender.write("markbook_judgements", entries, f"markbook {label}.csv")


def send_correction(sender: Sender, marks: Marks, name: str) -> None:
    """Write the one new file of a changed school: the first subject's tests of autumn, each mark one lower."""
    first = Marks(marks.roll, marks.subjects[:1], np.maximum(marks.marks[:, :1] - 1, -1))
    sender.write("results_rows", first.say(tests=True, judgements=False, window="Autumn"), name)


def send_region(senders: Sequence[Sender], marks: Sequence[Marks], region: str) -> None:
    """Write what the group's system exports of a few schools: their pupils, and their results by window."""
    formats, folder, style = senders[0].formats, senders[0].inbox / "_trust", Style(encoding="utf-8-sig")
    pupils = [
        _name_school(entry, one)
        for one in senders
        for entry in say_enrolments(one.list_roll(YEAR), formats["group_pupils"])
    ]
    write_export(formats["group_pupils"], pupils, folder / f"Group pupils {region}.csv", style)
    for label in WINDOWS:
        results = [
            _name_school(entry, one)
            for one, mine in zip(senders, marks, strict=True)
            for entry in mine.say(tests=True, judgements=True, window=label)
        ]
        write_export(formats["group_results"], results, folder / f"Group results {label} {region}.csv", style)


def _name_school(entry: Entry, sender: Sender) -> Entry:
    school = sender.school
    said = {"school_urn": sender.urn, "school_laestab": f"{school.la_code}/{school.establishment}"}
    return replace(entry, pupil={**entry.pupil, **said, "school_name": school.name})


def _send_pupils(sender: Sender, kind: HouseStyle) -> None:
    form = kind.pupils
    style, ending = kind.style, "json" if form == "wonde_students" else "csv"
    if form == "sims_pupil_list":
        said = {"academic_year": YEAR, "school_name": sender.school.name, "exported_on": "19/12/2025"}
        style = replace(style, above=("Pupils on roll",), said=said)
    entries = say_enrolments(sender.list_roll(YEAR), sender.formats[form])
    sender.write(form, entries, f"Pupils 2025-26.{ending}", style)


def _send_marksheets(sender: Sender, marks: Marks) -> None:
    groups = [one.year_group for one in marks.roll]
    for year_group in dict.fromkeys(groups):
        places = [at for at, group in enumerate(groups) if group == year_group]
        mine = Marks([marks.roll[at] for at in places], marks.subjects, marks.marks[places])
        entries = mine.say(tests=True, judgements=False)
        sender.write("marksheet", entries, f"Marksheet Y{year_group}.csv", said={"exported_on": "01/12/2025"})
