"""Rolls: who is at which invented school in which academic year, with joiners and leavers.

Here lives the life of the trust's pupils from one year to the next. The few whose life is told one by one (movers,
dual registrations, guests) are in `moves`; how pupils do in tests does not live here.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from ingest.home.words import start_year
from ingest.invent.characters import InventedSchool
from ingest.invent.entry import Pupil
from ingest.invent.people import YEARS_ON, People, Person

JOINING_SHARE = LEAVING_SHARE = 0.04
# Of the pupils who finish a primary school of the trust, so many out of a hundred go to a secondary of it.
STAYING_PERCENT = 35
SIBLING_SHARE = 0.25
YEAR_GROUPS = tuple(YEARS_ON)
# Joiners and leavers come and go from the second week to the week before the summer half-term.
_FIRST_DAY, _LAST_DAY = 12, 250


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
    status: str = "C"

    @cached_property
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
        self._rolls: dict[tuple[str, str], list[Enrolment]] = {}
        for place, year in enumerate(years):
            moved_up: list[Person] = []
            for school in schools:
                before = self._rolls.get((school.urn, years[place - 1]), []) if place else []
                self._rolls[school.urn, year] = self._fill_year(school, year, before, moved_up)
                moved_up += self._finish(school, before)

    def of(self, urn: str, academic_year: str) -> list[Enrolment]:
        """Return the school's enrolments of the year as known on the day of the demo, by year, class and name."""
        known = [
            one if one.end is None or one.end <= self._as_of else replace(one, end=None)
            for one in self._rolls.get((urn, academic_year), [])
            if one.start <= self._as_of
        ]
        return sorted(
            known,
            key=lambda one: (
                YEAR_GROUPS.index(one.year_group), one.class_name, one.person.surname, one.person.forename,
            ),
        )  # fmt: skip

    def find(self, urn: str, academic_year: str, year_group: str, place: int = 0) -> Enrolment:
        """Return the `place`-th pupil of a year group who stays for the whole year."""
        here = self._rolls[urn, academic_year]
        return [one for one in here if one.year_group == year_group and one.end is None and one.status == "C"][place]

    def list_of(self, urn: str, academic_year: str) -> list[Enrolment]:
        """Return all the school's enrolments of the year, also those to come."""
        return list(self._rolls[urn, academic_year])

    def remove(self, urn: str, one: Enrolment) -> None:
        """Take an enrolment away."""
        self._rolls[urn, one.academic_year].remove(one)

    def change(self, urn: str, old: Enrolment, new: Enrolment) -> None:
        """Put `new` in the place of `old`."""
        here = self._rolls[urn, old.academic_year]
        here[here.index(old)] = new

    def add(self, school: InventedSchool, like: Enrolment, **changes: object) -> Enrolment:
        """Add an enrolment at `school` of the person enrolled by `like`, under this school's own number."""
        new = self._enrol(school, like.academic_year, like.year_group, start=like.start, person=like.person)
        new = replace(new, **changes)  # type: ignore[arg-type]
        self._rolls[school.urn, like.academic_year].append(new)
        return new

    def hand_over(self, urn: str, next_urn: str, academic_year: str, day: dt.date) -> None:
        """Let everybody at `urn` go on under `next_urn` from `day`."""
        here = self._rolls[urn, academic_year]
        staying = [one for one in here if one.end is None or one.end >= day]
        self._rolls[next_urn, academic_year] = [replace(one, start=max(one.start, day)) for one in staying]
        last = day - dt.timedelta(days=1)
        self._rolls[urn, academic_year] = [
            replace(one, end=min(one.end or last, last)) for one in here if one.start <= last
        ]

    def _fill_year(
        self, school: InventedSchool, year: str, before: list[Enrolment], arriving: list[Person]
    ) -> list[Enrolment]:
        kind = school.character
        groups = kind.year_groups
        staying = [one for one in before if one.end is None and one.year_group != groups[-1]]
        roll: list[Enrolment] = []
        for place, year_group in enumerate(groups):
            wanted = kind.sizes[year_group] + (0 if kind.steady else self._chance.randint(-2, 2))
            moving = [self._move_up(school, one, year) for one in staying if one.year_group == groups[place - 1]]
            if year_group == kind.stay_from:  # not everybody stays on for the sixth form
                moving = self._chance.sample(moving, min(wanted, len(moving)))
            roll += moving
            if kind.steady and before and place == 0:  # as many come as go
                grows = sum(kind.sizes[group] - kind.sizes[groups[groups.index(group) - 1]] for group in kind.entry)
                wanted = sum(kind.sizes.values()) - len(staying) - grows
            comes_now = not before or place == 0 or year_group in kind.entry
            began = year if before else f"{int(year[:4]) - place}/{(int(year[:4]) - place + 1) % 100:02d}"
            for _ in range(wanted - len(moving) if comes_now else 0):
                known = arriving.pop(0) if before and year_group == "7" and arriving else None
                roll.append(
                    self._enrol(school, year, year_group, start=start_term(began), person=known, among=roll)
                )
        return roll if kind.steady else [*map(self._let_leave, roll), *self._join(school, year)]

    def _finish(self, school: InventedSchool, before: list[Enrolment]) -> list[Person]:
        """Return those who leave the top of a primary school and go on to a secondary of the trust."""
        top = school.character.year_groups[-1]
        if top != "6":
            return []
        leaving = [one.person for one in before if one.year_group == top and one.end is None]
        return [one for one in leaving if self._chance.randrange(100) < STAYING_PERCENT]

    def _join(self, school: InventedSchool, year: str) -> Iterator[Enrolment]:
        """Yield pupils who come in the course of the year."""
        for year_group, size in school.character.sizes.items():
            for _ in range(size):
                if self._chance.random() < JOINING_SHARE:
                    later = dt.timedelta(days=self._days())
                    yield self._enrol(school, year, year_group, start=start_term(year) + later)

    def _let_leave(self, one: Enrolment) -> Enrolment:
        if self._chance.random() >= LEAVING_SHARE:
            return one
        return replace(one, end=start_term(one.academic_year) + dt.timedelta(days=self._days() + 7))

    def _days(self) -> int:
        """Return a number of days that leads from a Wednesday to a Wednesday or a Thursday."""
        days = self._chance.randint(_FIRST_DAY, _LAST_DAY)
        return days - days % 7 + self._chance.randrange(2)

    def _move_up(self, school: InventedSchool, one: Enrolment, year: str) -> Enrolment:
        groups = school.character.year_groups
        year_group = groups[groups.index(one.year_group) + 1]
        letter = one.class_name.removeprefix(one.year_group)
        return replace(one, academic_year=year, year_group=year_group, class_name=year_group + letter)

    def _enrol(
        self,
        school: InventedSchool,
        year: str,
        year_group: str,
        *,
        start: dt.date,
        person: Person | None = None,
        among: list[Enrolment] | None = None,
    ) -> Enrolment:
        self._numbers[school.urn] += 1
        kind = school.character
        number = self._numbers[school.urn]
        if person is None:
            sibling = self._chance.choice(among) if among and self._chance.random() < SIBLING_SHARE else None
            person = self._people.invent(
                year_group, year, school.la_code, self._first_school(school),
                has_upn=kind.has_upns, surname=sibling.person.surname if sibling else "",
            )  # fmt: skip
        return Enrolment(
            person=person,
            local_number=kind.local_number.format(1000 + number),
            academic_year=year,
            year_group=year_group,
            class_name=year_group + kind.classes[number % len(kind.classes)],
            start=start,
        )

    def _first_school(self, school: InventedSchool) -> str:
        """A pupil's number comes from the first school, which for older pupils is another one, unnamed here."""
        if YEARS_ON[school.character.year_groups[0]] <= 0:
            return school.establishment
        return f"{int(school.establishment) % 1000 + 3000}"


def start_term(academic_year: str) -> dt.date:
    """The first school day of the year: the first Wednesday of September."""
    first = start_year(academic_year)
    return first + dt.timedelta(days=(2 - first.weekday()) % 7)
