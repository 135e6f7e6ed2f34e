"""Statutory results: what the national tests of the invented pupils of one year came to.

Here lives the chance behind key stage 2, phonics and the multiplication tables check, near the country's figures (2025:
reading 75, writing 72, mathematics 74, all three 62 % at the expected standard; phonics 80 % in Year 1; tables 20.6
marks of 25 on average, a third with full marks).
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterable, Iterator, Mapping

from ingest.invent.characters import InventedSchool
from ingest.invent.entry import Cell, Entry
from ingest.invent.rolls import Enrolment
from ingest.invent.traits import Traits

# Subject of a test -> mean and spread of its scaled scores; the standard is met from 100.
_KS2 = {"Reading": (106.0, 9.2), "Mathematics": (104.9, 8.4), "Grammar, punctuation and spelling": (105.2, 9.0)}
_BELOW_THE_TEST, _ABSENT = -1.95, 0.008
# How much of a result is the pupil's own and not the day's.
_STEADY = 0.93
# A school a little above or below others is so in the national tests too.
_USUAL_MEAN, _SCHOOL_SPREAD = 56.0, 30.0


class Statutory:
    """The statutory results of one seed."""

    def __init__(self, seed: int, traits: Traits) -> None:
        self._seed, self._traits = seed, traits

    def sit_ks2(self, school: InventedSchool, roll: Iterable[Enrolment]) -> Iterator[Entry]:
        """Yield the tests and teacher assessments of the pupils of Year 6, final."""
        for one in (one for one in roll if one.year_group == "6" and one.end is None):
            for subject, (mean, spread) in _KS2.items():
                score, chance = self._score(school, one, subject)
                if chance.random() < _ABSENT:
                    said: Mapping[str, str] = {"value": "A"}
                elif score < _BELOW_THE_TEST:
                    said = {"value": "B"}
                else:
                    mark = min(max(round(mean + spread * score), 80), 120)
                    said = {"value": "AS" if mark >= 100 else "NS", "mark": str(mark)}
                yield self._enter(one, "KS2 test", subject, {**said, "status": "final"})
            score, _ = self._score(school, one, "Writing")
            writing = "PK4" if score < -2.1 else "WTS" if score < -0.6 else "EXS" if score < 1.15 else "GDS"
            yield self._enter(one, "KS2 teacher assessment", "Writing", {"value": writing, "status": "final"})
            score, _ = self._score(school, one, "Science")
            science = "EXS" if score > -0.88 else "HNM"
            yield self._enter(one, "KS2 teacher assessment", "Science", {"value": science, "status": "final"})

    def sit_phonics(self, school: InventedSchool, roll: Iterable[Enrolment]) -> Iterator[Entry]:
        """Yield the check of Year 1."""
        for one in (one for one in roll if one.year_group == "1" and one.end is None):
            score, chance = self._score(school, one, "Phonics")
            mark = min(max(round(36.2 + 5.3 * score), 0), 40)
            said = {"value": "Wa" if mark >= 32 else "Wt", "mark": str(mark)}
            if chance.random() < 0.012:
                said = {"value": chance.choice("AD")}
            yield self._enter(one, "Phonics screening check", "Phonics", {**said, "status": "final"})

    def sit_tables(self, school: InventedSchool, roll: Iterable[Enrolment]) -> Iterator[Entry]:
        """Yield the multiplication tables check of Year 4."""
        for one in (one for one in roll if one.year_group == "4" and one.end is None):
            score, chance = self._score(school, one, "Multiplication tables")
            place = (1 + math.erf(score / math.sqrt(2))) / 2
            mark = "25" if place > 0.66 else str(int(25 * (place / 0.66) ** 0.32))
            said = {"value": "A"} if chance.random() < 0.02 else {"value": mark, "mark": mark}
            yield self._enter(one, "Multiplication tables check", "Mathematics", said)

    def _score(self, school: InventedSchool, one: Enrolment, subject: str) -> tuple[float, random.Random]:
        chance = random.Random(f"{self._seed} statutory {subject} {one.person.key}")
        known = "Writing" if subject.startswith("Grammar") else subject
        own = self._traits.find_ability(one.person, known)
        # Those who do well in one national test do so in the next, more than from week to week in class.
        ability = 0.6 * own + 0.42 * self._traits.of(one.person).ability
        at_school = (school.character.mean - _USUAL_MEAN) / _SCHOOL_SPREAD
        return _STEADY * ability + math.sqrt(1 - _STEADY**2) * chance.gauss(0, 1) + at_school, chance

    def _enter(self, one: Enrolment, assessment: str, subject: str, said: Mapping[str, Cell | None]) -> Entry:
        fixed = {
            "academic_year": one.academic_year, "year_group": one.year_group, "assessment": assessment,
            "subject": subject, "window_label": "Summer", "result_type": "statutory",
        }  # fmt: skip
        return Entry("results", one.pupil, {**fixed, **said})
