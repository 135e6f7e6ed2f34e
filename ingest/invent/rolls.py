"""Rolls: who is at which invented school in which academic year, with joiners, leavers and movers.

Here lives the life of the trust's pupils from one year to the next. How they do in tests does not live here.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from dataclasses import dataclass, replace

from ingest.home.words import start_year
from ingest.invent.characters import InventedSchool
from ingest.invent.entry import Pupil
from ingest.invent.people import People, Person

JOINING_SHARE = LEAVING_SHARE = 0.04
# Of the pupils who finish a primary school of the trust, so many out of a hundred go to its secondary.
STAYING_PERCENT = 35
# The one pupil who changes from the first school to the second in the middle of the first year.
MOVE_OUT, MOVE_IN, MOVER_YEAR_GROUP = (2, 13), (2, 24), "4"


@dataclass(frozen=True)
class Enrolment:
    """One pupil at one school in one academic year. `end` is the last day on roll, where one is known."""

    person: Person
    local_number: str
    academic_year: str
    year_group: str
    class_name: str
    start: dt.date
    end: dt.date | None = None

    @property
    def pupil(self) -> Pupil:
        """The pupil's identifiers as this school's exports write them."""
        return self.person.as_pupil(self.local_number)

    def is_here_on(self, day: dt.date) -> bool:
        """Whether the pupil was on roll that day."""
        return self.start <= day and (self.end is None or day <= self.end)


class Rolls:
    """The enrolments of every school: `of(urn, academic_year)`, in the order the school's system lists them."""

    def __init__(
        self,
        schools: list[InventedSchool],
        years: tuple[str, ...],
        as_of: dt.date,
        chance: random.Random,
        people: People,
    ) -> None:
        self._as_of = as_of
        self._chance = chance
        self._people = people
        self._numbers = {school.urn: 0 for school in schools}
        self._schools = schools
        self._rolls: dict[tuple[str, str], list[Enrolment]] = {}
        for place, year in enumerate(years):
            moved_up: list[Person] = []
            for school in schools:
                before = self._rolls.get((school.urn, years[place - 1]), []) if place else []
                self._rolls[school.urn, year] = self._fill_year(school, year, before, moved_up)
                top = school.character.year_groups[-1]
                moved_up += [
                    one.person
                    for one in before
                    if one.year_group == top and one.end is None and chance.randrange(100) < STAYING_PERCENT
                ]
            if place == 0 and len(schools) > 1:
                self._move_one(schools[0], schools[1], year)

    def of(self, urn: str, academic_year: str) -> list[Enrolment]:
        """Return the school's enrolments of the year as known on the day of the demo, by year, class and name."""
        order = ["R", *(str(n) for n in range(1, 15))]
        known = [
            one if one.end is None or one.end <= self._as_of else replace(one, end=None)
            for one in self._rolls[urn, academic_year]
            if one.start <= self._as_of
        ]
        return sorted(
            known,
            key=lambda one: (order.index(one.year_group), one.class_name, one.person.surname, one.person.forename),
        )

    def _fill_year(
        self, school: InventedSchool, year: str, before: list[Enrolment], arriving: list[Person]
    ) -> list[Enrolment]:
        groups = school.character.year_groups
        roll = [self._move_up(school, one, year) for one in before if one.end is None and one.year_group != groups[-1]]
        for place, year_group in enumerate(groups):
            if not before:
                wanted = school.character.pupils_a_year + self._chance.randint(-2, 2)
                began = f"{int(year[:4]) - place}/{(int(year[:4]) - place + 1) % 100:02d}"
                roll += [self._enrol(school, year, year_group, start=start_term(began)) for _ in range(wanted)]
            elif place == 0:
                wanted = school.character.pupils_a_year + self._chance.randint(-2, 2)
                known = [arriving.pop(0) for _ in range(min(wanted, len(arriving)) if year_group == "7" else 0)]
                roll += [self._enrol(school, year, year_group, start=start_term(year), person=one) for one in known]
                roll += [
                    self._enrol(school, year, year_group, start=start_term(year)) for _ in range(wanted - len(known))
                ]
        return [*map(self._let_leave, roll), *self._join(school, year)]

    def _join(self, school: InventedSchool, year: str) -> Iterator[Enrolment]:
        """Yield pupils who come in the course of the year, before its autumn half-term or after it."""
        for year_group in school.character.year_groups:
            for _ in range(school.character.pupils_a_year):
                if self._chance.random() < JOINING_SHARE:
                    later = dt.timedelta(days=self._days(12, 75))
                    yield self._enrol(school, year, year_group, start=start_term(year) + later)

    def _let_leave(self, one: Enrolment) -> Enrolment:
        if self._chance.random() >= LEAVING_SHARE:
            return one
        return replace(one, end=start_term(one.academic_year) + dt.timedelta(days=self._days(20, 100)))

    def _days(self, least: int, most: int) -> int:
        """Return a number of days that leads from a Wednesday to a Wednesday or a Thursday."""
        days = self._chance.randint(least, most)
        return days - days % 7 + self._chance.randrange(2)

    def _move_up(self, school: InventedSchool, one: Enrolment, year: str) -> Enrolment:
        groups = school.character.year_groups
        year_group = groups[groups.index(one.year_group) + 1]
        letter = one.class_name.removeprefix(one.year_group)
        return replace(one, academic_year=year, year_group=year_group, class_name=year_group + letter)

    def _enrol(
        self, school: InventedSchool, year: str, year_group: str, *, start: dt.date, person: Person | None = None
    ) -> Enrolment:
        self._numbers[school.urn] += 1
        kind = school.character
        number = self._numbers[school.urn]
        return Enrolment(
            person=person or self._people.invent(year_group, year, school.la_code, self._first_school(school)),
            local_number=kind.local_number.format(1000 + number),
            academic_year=year,
            year_group=year_group,
            class_name=year_group + kind.classes[number % len(kind.classes)],
            start=start,
        )

    def _first_school(self, school: InventedSchool) -> str:
        """A pupil's number comes from the first school, which for older pupils is another one, unnamed here."""
        if school.character.year_groups[0] == "R":
            return school.establishment
        return f"{int(school.establishment) % 1000 + 3000}"

    def _move_one(self, first: InventedSchool, second: InventedSchool, year: str) -> None:
        spring = int(year[:4]) + 1
        here = self._rolls[first.urn, year]
        if MOVER_YEAR_GROUP not in second.character.year_groups:
            return
        at = next(i for i, one in enumerate(here) if one.year_group == MOVER_YEAR_GROUP and one.end is None)
        here[at] = replace(here[at], end=dt.date(spring, *MOVE_OUT))
        self._rolls[second.urn, year].append(
            self._enrol(second, year, MOVER_YEAR_GROUP, start=dt.date(spring, *MOVE_IN), person=here[at].person)
        )


def start_term(academic_year: str) -> dt.date:
    """The first school day of the year: the first Wednesday of September."""
    first = start_year(academic_year)
    return first + dt.timedelta(days=(2 - first.weekday()) % 7)
