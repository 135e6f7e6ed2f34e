"""Marks: how the invented pupils do, by subject and window, and how their teachers judge them.

Here lives the chance behind every result. Which file a result goes into does not live here.
"""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass

from ingest.invent.characters import InventedSchool
from ingest.invent.rolls import Enrolment

SUBJECTS = ("English", "Mathematics")
TEST = "Common Test"
JUDGEMENT = "Teacher Assessment"
# Away for the whole of it, or for one paper.
_AWAY, _NOT_ASSESSED = 0.02, 0.015
_SPREAD = 15.0
# Share of a mark that stays with the pupil from test to test; the rest is the day.
_STEADY = 0.8
_GAIN_A_TERM = 2.0


@dataclass(frozen=True)
class Window:
    """One window of the demo: its label in exports, its academic year and the day its tests are sat."""

    label: str
    academic_year: str
    day: dt.date
    terms_so_far: int

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
    """The results of the trust; the same generator gives the same results in the same order of asking."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._ability: dict[tuple[str, str], float] = {}

    def sit(self, school: InventedSchool, roll: list[Enrolment], window: Window) -> list[Result]:
        """Return a result a subject for each pupil on roll that day, in the order of the roll."""
        results = []
        for one in roll:
            if one.year_group != "R" and one.is_here_on(window.day):
                chance_away = 1.0 if self._chance.random() < _AWAY else _NOT_ASSESSED
                results += [self._result(school, one, subject, window, chance_away) for subject in SUBJECTS]
        return results

    def _result(
        self, school: InventedSchool, one: Enrolment, subject: str, window: Window, chance_away: float
    ) -> Result:
        today = self._chance.gauss(0, 1)
        score = _STEADY * self._find_ability(one, subject) + (1 - _STEADY**2) ** 0.5 * today
        mark = round(school.character.mean + _GAIN_A_TERM * window.terms_so_far + _SPREAD * score)
        seen_by_teacher = mark + self._chance.gauss(0, 6)
        judgement = "WTS" if seen_by_teacher < 47 else "EXS" if seen_by_teacher < 70 else "GDS"
        if self._chance.random() < chance_away:
            return Result(one, subject, window, None, judgement if self._chance.random() < 0.5 else None)
        return Result(one, subject, window, min(max(mark, 0), 100), judgement)

    def _find_ability(self, one: Enrolment, subject: str) -> float:
        pupil = one.person.upn
        if (pupil, subject) not in self._ability:
            common = self._ability.setdefault((pupil, ""), self._chance.gauss(0, 1))
            slight = {"English": 0.12, "Mathematics": -0.05}.get(subject, 0.0) * (1 if one.person.sex == "F" else -1)
            self._ability[pupil, subject] = 0.85 * common + 0.53 * self._chance.gauss(0, 1) + slight
        return self._ability[pupil, subject]
