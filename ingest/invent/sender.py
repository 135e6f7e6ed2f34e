"""Sender: one invented school about to send, with what is true of it and where its files go.

Here live the pieces every export is made from, and the writing of one export in the school's style. Which exports a
school sends is decided in `sending` and the modules beside it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ingest.format_file import FormatFile
from ingest.invent.absence import CODE, CODES, Codes, start_generator
from ingest.invent.characters import InventedSchool
from ingest.invent.entry import Defect, Entry, Pupil, Style
from ingest.invent.export import write_export, write_rows
from ingest.invent.mark_rows import MarkTable, TotalTable, compose_marks, compose_totals
from ingest.invent.marks import SUBJECTS, Marks, Result, Window
from ingest.invent.objectives import Objectives
from ingest.invent.people import People
from ingest.invent.registers import Register, Registers
from ingest.invent.rolls import Enrolment, Rolls
from ingest.invent.statutory import Statutory
from ingest.invent.traits import Traits
from ingest.invent.truths import Truths


@dataclass(frozen=True)
class Facts:
    """All that is true of the invented trust, before anything is written."""

    seed: int
    as_of: dt.date
    years: tuple[str, ...]
    windows: tuple[Window, ...]
    schools: Sequence[InventedSchool]
    people: People
    rolls: Rolls
    traits: Traits
    truths: Truths
    marks: Marks
    statutory: Statutory
    objectives: Objectives
    registers: Registers


@dataclass(frozen=True)
class Sender:
    """One school about to send under one of its URNs, into its folder of the inbox."""

    facts: Facts
    school: InventedSchool
    urn: str
    inbox: Path
    formats: Mapping[str, FormatFile]
    sent: dict[Path, str]  # what all schools have written: the format of each file
    _rolls: dict[str, list[Enrolment]] = field(default_factory=dict)
    _registers: dict[str, Register] = field(default_factory=dict)

    @property
    def folder(self) -> Path:
        """The school's folder; a school under a new URN has a new one."""
        return self.inbox / self.school.folder.replace(self.school.urn, self.urn)

    @property
    def truths(self) -> Truths:
        """What is planted."""
        return self.facts.truths

    def list_roll(self, year: str) -> list[Enrolment]:
        """Return the enrolments of a year under this URN."""
        if year not in self._rolls:
            self._rolls[year] = self.facts.rolls.of(self.urn, year)
        return self._rolls[year]

    def list_windows(self, labels: Iterable[str] = ("Autumn", "Spring", "Summer")) -> list[Window]:
        """Return the windows so far in which this school assesses under this URN, with one of the labels."""
        wanted = set(labels)
        return [
            window
            for window in self.facts.windows
            if window.label in wanted
            and self.school.character.phase in window.phases
            and any(one.is_here_on(window.day) for one in self.list_roll(window.academic_year))
        ]

    def sit(self, window: Window, subjects: Sequence[str] = SUBJECTS) -> list[Result]:
        """Return the results of a window."""
        return self.facts.marks.sit(self.school, self.list_roll(window.academic_year), window, subjects)

    def take_register(self, year: str) -> Register:
        """Return the marks of a year, taken once."""
        if year not in self._registers:
            self._registers[year] = self.facts.registers.take(self.school, self.urn, year)
        return self._registers[year]

    def write(
        self,
        form: str,
        entries: Iterable[Entry],
        name: str,
        style: Style | None = None,
        *,
        also: Iterable[Pupil] = (),
        defects: Sequence[Defect] = (),
        said: Mapping[str, str] | None = None,
    ) -> None:
        """Write one export in the school's style, or nothing where there is nothing to say; `said`: for titles."""
        listed = list(entries)
        if listed:
            path = self._note(form, name)
            write_export(self.formats[form], listed, path, self._style(style, said), also=also, defects=defects)

    def write_marks(
        self,
        form: str,
        register: Register,
        name: str,
        style: Style | None = None,
        *,
        defects: Sequence[Defect] = (),
        pupils: Sequence[Pupil] | None = None,
        said: Mapping[str, str] | None = None,
    ) -> None:
        """Write marks of a register, or nothing where it is empty; `pupils`: how to write them, else as they are."""
        if not len(register.roll) or not register.days:
            return
        known = pupils or [one.pupil for one in register.roll]
        table = MarkTable(known, register.days, register.marks, CODES, _draw_minutes(self.facts.seed, register))
        written = self._style(style, said)
        rows = compose_marks(self.formats[form], table, written)
        write_rows(self.formats[form], rows, self._note(form, name), written, defects)

    def write_totals(
        self, form: str, register: Register, span: tuple[dt.date, dt.date], name: str, said: Mapping[str, str]
    ) -> None:
        """Write the totals of a register, which covers the span."""
        if not len(register.roll):
            return
        table = TotalTable([one.pupil for one in register.roll], *span, register.count_codes(), CODES)
        table = replace(table, sessions=_drop_none(table.sessions))
        written = self._style(None, said)
        rows = compose_totals(self.formats[form], table, written)
        write_rows(self.formats[form], rows, self._note(form, name), written)

    def copy(self, name: str, again: str) -> None:
        """Send a file once more under another name."""
        path = self.folder / name
        self._note(self.sent[path], again).write_bytes(path.read_bytes())

    def _note(self, form: str, name: str) -> Path:
        path = self.folder / name
        self.sent[path] = form
        return path

    def _style(self, style: Style | None, said: Mapping[str, str] | None) -> Style:
        known = style or self.school.character.style
        return replace(known, said={**known.said, **said}) if said else known


def _draw_minutes(seed: int, register: Register) -> Codes:
    """Return how many minutes late those were who were: one to thirty, rarely more for those after the register."""
    generator = start_generator(seed, "minutes", register.urn, register.days[0])
    drawn = generator.random(register.marks.shape)
    minutes = np.zeros(register.marks.shape)
    minutes = np.where(register.marks == CODE["L"], 1 + 29 * drawn**2, minutes)
    minutes = np.where(register.marks == CODE["U"], 31 + 90 * drawn, minutes)
    return minutes.astype(np.uint8)


def _drop_none(sessions: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the counts without those of "no record at all"."""
    counted = sessions.copy()
    counted[:, 0] = 0
    return counted
