"""Marks: how the invented pupils do, by subject and window, and how their teachers judge them.

Here lives the chance behind every test and judgement within the year, and the truths planted in them. Statutory results
live in `statutory`, judgements of single objectives in `objectives`; which file a result goes into, in `sending`.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Sequence
from dataclasses import dataclass

from ingest.invent.characters import InventedSchool
from ingest.invent.rolls import Enrolment, Rolls
from ingest.invent.traits import Traits
from ingest.invent.truths import Planted, Truths

SUBJECTS = ("English", "Mathematics")
CORE = ("Reading", "Writing", "Mathematics")
TEST, MOCK = "Common Test", "Mock exam"
JUDGEMENT = "Teacher Assessment"
# Away for the whole of it, or for one paper.
_AWAY, _NOT_ASSESSED = 0.02, 0.015
_SPREAD = 15.0
# Share of a mark that stays with the pupil from test to test; the rest is the day.
_STEADY = 0.8
_GAIN_A_TERM = 2.0
# What a teacher has in mind is this far from the mark of the day, and where the bands begin in it.
_TEACHER_SPREAD = 6.0
_BANDS = ((27, "BLW"), (46, "WTS"), (70, "EXS"))
# Average GCSE grade of a mock and its spread, as of a whole country's entries.
_GRADE, _GRADE_SPREAD = 4.5, 1.9
INTERVENTIONS = ("intervention_that_works", "intervention_without_effect")


@dataclass(frozen=True)
class Window:
    """One window of the demo: its label in exports, its academic year and the day its tests are sat."""

    label: str
    academic_year: str
    day: dt.date
    terms_so_far: int
    year_groups: tuple[str, ...]
    phases: tuple[str, ...]

    @property
    def stem(self) -> str:
        """The window in a file's name, such as 2025-07, so that names sort by time."""
        return f"{self.day:%Y-%m}"


@dataclass(frozen=True)
class Result:
    """A pupil's result in one subject and window; `mark` None where the pupil was not assessed."""

    enrolment: Enrolment
    subject: str
    window: Window
    mark: int | None
    judgement: str | None


class Marks:
    """The results of the trust; a pupil's result depends on the pupil, the subject and the window alone."""

    def __init__(self, seed: int, rolls: Rolls, traits: Traits, truths: Truths) -> None:
        self._seed, self._rolls, self._traits, self._truths = seed, rolls, traits, truths
        self._members: dict[str, frozenset[str]] = {}
        self._away: dict[tuple[str, dt.date], bool] = {}

    def sit(
        self, school: InventedSchool, roll: Sequence[Enrolment], window: Window, subjects: Sequence[str] = SUBJECTS
    ) -> list[Result]:
        """Return a result a subject for each pupil on roll that day whom the window assesses, in the roll's order.

        A pupil of two schools sits at the main one.
        """
        return [
            self._result(school, one, subject, window)
            for one in roll
            if one.year_group in window.year_groups and one.is_here_on(window.day) and one.status != "S"
            for subject in subjects
        ]

    def choose_members(self, school: InventedSchool, windows: Sequence[Window]) -> None:
        """Choose who is in the planted interventions of a school: by chance from those low in autumn."""
        for name in INTERVENTIONS:
            planted = self._truths.at(name, school.urn)
            autumns = [window for window in windows if planted and _is_just_before(planted["starts"], window)]
            if planted and autumns:
                self._members[name] = self._choose(name, planted, school, autumns[-1])

    def find_members(self, name: str) -> frozenset[str]:
        """Return the pupils (`Person.key`) in a planted intervention; nobody before it was decided on."""
        return self._members.get(name, frozenset())

    def _choose(self, name: str, planted: Planted, school: InventedSchool, window: Window) -> frozenset[str]:
        roll = self._rolls.of(school.urn, window.academic_year)
        marks = {
            one.enrolment.person.key: one.mark
            for one in self.sit(school, roll, window, (planted["subject"],))
            if one.mark is not None
            and one.enrolment.year_group in planted["year_groups"]
            and one.enrolment.is_here_on(planted["starts"])
        }
        low = sorted(marks, key=lambda key: (marks[key], key))[: 2 * planted["members"]]
        chosen = random.Random(f"{self._seed} {name}").sample(low, min(planted["members"], len(low)))
        return frozenset(chosen)

    def _result(self, school: InventedSchool, one: Enrolment, subject: str, window: Window) -> Result:
        chance = random.Random(f"{self._seed} {window.day} {subject} {one.person.key}")
        day, teacher = chance.gauss(0, 1), chance.gauss(0, _TEACHER_SPREAD)
        score = _STEADY * self._traits.find_ability(one.person, subject) + (1 - _STEADY**2) ** 0.5 * day
        if window.label.startswith("Mock"):
            grade = min(max(round(_GRADE + 0.2 * window.terms_so_far + _GRADE_SPREAD * score), 1), 9)
            return Result(one, subject, window, None if chance.random() < _AWAY else grade, None)
        level = school.character.mean + _GAIN_A_TERM * window.terms_so_far + _SPREAD * score
        mark = round(level + self._find_planted(school, one, subject, window))
        lenient = self._truths.at("lenient_school", school.urn)
        seen = mark + teacher + (lenient["marks_higher"] if lenient else 0)
        judgement = find_band(seen)
        if self._is_away(one, window) or chance.random() < _NOT_ASSESSED:
            return Result(one, subject, window, None, judgement if chance.random() < 0.5 else None)
        return Result(one, subject, window, min(max(mark, 0), 100), judgement)

    def _is_away(self, one: Enrolment, window: Window) -> bool:
        """Whether the pupil was away for all of the window's tests."""
        at = (one.person.key, window.day)
        if at not in self._away:
            self._away[at] = random.Random(f"{self._seed} away {window.day} {one.person.key}").random() < _AWAY
        return self._away[at]

    def _find_planted(self, school: InventedSchool, one: Enrolment, subject: str, window: Window) -> float:
        """Return the marks that a truth adds to a pupil's result, or takes from it."""
        more = 0.0
        gap = self._truths.at("group_gap", school.urn)
        if gap and self._traits.of(one.person).has_premium:
            more -= gap["marks_lower"]
        for name in INTERVENTIONS:
            planted = self._truths.at(name, school.urn)
            is_in_it = one.person.key in self.find_members(name)
            if planted and is_in_it and subject == planted["subject"] and window.day > planted["starts"]:
                more += _share_done(planted, window) * planted["marks_gained"]
        return more


def _is_just_before(starts: dt.date, window: Window) -> bool:
    """Whether it is the window from whose results the members of an intervention are chosen."""
    return window.label == "Autumn" and dt.timedelta(0) < starts - window.day < dt.timedelta(days=90)


def _share_done(planted: Planted, window: Window) -> float:
    """Return how much of an intervention has worked by the window: all of it after two terms."""
    since: dt.timedelta = window.day - planted["starts"]
    return min(since.days / 160, 1.0)


def find_band(mark: float) -> str:
    """Return the band a mark, or what a teacher has in mind instead of one, lies in."""
    return next((band for end, band in _BANDS if mark < end), "GDS")


def read_bands() -> tuple[str, ...]:
    """Return the words of the judgements, lowest first."""
    return (*(band for _, band in _BANDS), "GDS")
