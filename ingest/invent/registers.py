"""Registers: the marks of an invented school, pupil by pupil and session by session.

Here lives what stands over plain absence (see `absence`): lateness, visits, suspensions, study leave, part-time and
dual attendance, registers nobody took, and the planted marks. How a register is written does not live here (see
`send_registers`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ingest.invent.absence import (
    CODE,
    CODES,
    PROFILES,
    Codes,
    Flags,
    Reals,
    draw_holidays,
    draw_propensities,
    draw_spells,
    start_generator,
)
from ingest.invent.characters import InventedSchool
from ingest.invent.rolls import Enrolment, Rolls
from ingest.invent.school_days import list_half_terms, list_school_days
from ingest.invent.traits import Traits
from ingest.invent.truths import Truths

AM, PM = 0, 1
# A day on which the schools of this local authority could not open, and days of religious observance.
SNOW_DAY, SNOW_LA = dt.date(2026, 1, 8), "192"
FESTIVALS = (dt.date(2025, 3, 31), dt.date(2026, 3, 20))
# Share of pupils to whom something happens that does not to others.
_SOMETHING_OF_ONES_OWN = 0.04
_PROVISION, _SPECIAL = "Alternative provision", "Special"


@dataclass
class Register:
    """The marks of one school and year: `marks` is pupils x days x sessions of places in CODES, 0 no record."""

    urn: str
    academic_year: str
    roll: list[Enrolment]
    days: list[dt.date]
    marks: Codes

    def cut(self, first: dt.date, last: dt.date) -> Register:
        """Return the part between two days, both counted, with the pupils who have a mark in it."""
        columns = [at for at, day in enumerate(self.days) if first <= day <= last]
        marks = self.marks[:, columns, :]
        here = marks.any(axis=(1, 2))
        roll = [self.roll[at] for at in np.flatnonzero(here).tolist()]
        return Register(self.urn, self.academic_year, roll, [self.days[at] for at in columns], marks[here])

    def count_codes(self) -> NDArray[np.int64]:
        """Return how many sessions of each code each pupil has: pupils x CODES."""
        flat = self.marks.reshape(len(self.roll), 2 * len(self.days))
        return np.stack([(flat == place).sum(axis=1) for place in range(len(CODES))], axis=1)


class Registers:
    """The registers of the whole trust; what a school's register holds depends on no other school."""

    def __init__(self, seed: int, as_of: dt.date, rolls: Rolls, traits: Traits, truths: Truths) -> None:
        self._seed, self._as_of = seed, as_of
        self._rolls, self._traits, self._truths = rolls, traits, truths

    def take(self, school: InventedSchool, urn: str, academic_year: str) -> Register:
        """Return the register of a school under one of its URNs, up to the day of the demo."""
        roll = self._rolls.of(urn, academic_year)
        days = list_school_days(school.la_code, academic_year, self._as_of)
        generator = start_generator(self._seed, "register", urn, academic_year)
        marks = np.zeros((len(roll), len(days), 2), np.uint8)
        times = self._weigh_days(school, urn, academic_year, days)
        kinds = [name_profile(school, one) for one in roll]
        for kind in dict.fromkeys(kinds):
            places = np.array([at for at, name in enumerate(kinds) if name == kind])
            marks[places] = self._mark_kind(kind, [roll[at] for at in places], days, times, generator)
        register = Register(urn, academic_year, roll, days, marks)
        if days and roll:
            self._put_events(school, register, generator)
            self._put_planted(school, register)
            _leave_out_absent_from_roll(register)
        return register

    def _weigh_days(self, school: InventedSchool, urn: str, academic_year: str, days: list[dt.date]) -> Reals:
        times = np.ones(len(days))
        falling = self._truths.at("falling_attendance", urn)
        if falling and falling["academic_year"] == academic_year:
            for half_term in list_half_terms(school.la_code, academic_year):
                within = [half_term.starts <= day <= half_term.ends for day in days]
                times[within] = falling["times"][half_term.half_term]
        return times

    def _mark_kind(
        self, kind: str, roll: list[Enrolment], days: list[dt.date], times: Reals, generator: np.random.Generator
    ) -> Codes:
        """Return the marks of pupils of one profile as if all were on roll every day."""
        profile, pupils = PROFILES[kind], len(roll)
        scores = np.array([self._traits.of(one.person).away for one in roll]) + 0.35 * _to_normal(generator, pupils)
        propensities = draw_propensities(profile, scores, [one.year_group for one in roll])
        spells = draw_spells(profile, propensities, days, times, generator)
        spells[draw_holidays(profile, days, pupils, generator)] = CODE["G"]
        marks = np.repeat(spells[:, :, None], 2, axis=2)
        # A spell of one day is often of one half of it.
        drawn = generator.random((5, pupils, len(days)))
        before = np.pad(spells, ((0, 0), (1, 0)))[:, :-1]
        after = np.pad(spells, ((0, 0), (0, 1)))[:, 1:]
        single = (spells > 0) & (before == 0) & (after == 0)
        marks[:, :, AM][single & (drawn[0] < 0.18)] = 0
        marks[:, :, PM][single & (drawn[0] > 0.88)] = 0
        # A few are late often: the mean of what stands over 1.43 is 1.
        late = profile.late * (-np.log1p(-generator.random(pupils)))[:, None] ** 1.6 / 1.43
        for session, rarer in ((AM, 1.0), (PM, 0.15)):
            column = marks[:, :, session]
            free = column == 0
            column[free] = CODE["/" if session == AM else "\\"]
            column[free & (drawn[1 + session] < rarer * late)] = CODE["L"]
            column[free & (drawn[1 + session] > 1 - profile.too_late)] = CODE["U"]
            column[free & (drawn[3 + session] < profile.medical)] = CODE["M"]
        if kind == "nursery":  # every other pupil comes in the mornings only
            marks[::2, :, PM] = CODE["X"]
        self._suspend(profile.suspended, marks, generator)
        return marks

    def _suspend(self, chance: float, marks: Codes, generator: np.random.Generator) -> None:
        drawn = generator.random((3, len(marks)))
        for pupil in np.flatnonzero(drawn[0] < chance):
            first = int(drawn[1, pupil] * marks.shape[1])
            marks[pupil, first : first + 1 + int(drawn[2, pupil] * 3)] = CODE["E"]

    def _put_events(self, school: InventedSchool, register: Register, generator: np.random.Generator) -> None:
        """Put what happens to a year group, a class or a few pupils over those who would be present."""
        marks, days, roll = register.marks, register.days, register.roll
        is_present = np.isin(marks, (CODE["/"], CODE["\\"], CODE["L"]))
        groups = np.array([one.year_group for one in roll])
        for year_group in dict.fromkeys(groups.tolist()):
            trip = int(generator.random() * len(days))
            self._put(register, is_present, groups == year_group, [trip], "V")
        if school.character.phase in ("Secondary", "All-through"):
            work = [at for at, day in enumerate(days) if dt.date(2026, 6, 22) <= day <= dt.date(2026, 6, 26)]
            self._put(register, is_present, groups == "10", work, "W")
            leave = [at for at, day in enumerate(days) if (day.month, day.day) > (6, 4) and day.month < 7]
            self._put(register, is_present, np.isin(groups, ("11", "13")), leave[2::5], "S")
        is_apart = school.character.phase in (_SPECIAL, _PROVISION)
        for pupil, chance in enumerate(generator.random(len(roll))):
            if chance >= _SOMETHING_OF_ONES_OWN:
                continue
            alone, own = np.arange(len(roll)) == pupil, _choose_days(days, generator)
            if chance < 0.012:
                self._put(register, is_present, alone, own[:3], "P")
            elif chance < 0.026 and is_apart:
                marks[pupil, own, PM] = CODE["C2"]
            elif chance < 0.034 and is_apart:
                self._put(register, is_present, alone, own, "K")
            elif chance < 0.040 and is_apart:
                marks[pupil, own[:3], :] = CODE["Q"]
            elif chance < 0.016:
                marks[pupil, own[:2], :] = CODE["C1"]
            elif chance < 0.020:
                marks[pupil, own[:10], :] = CODE["T"]
            elif groups[pupil] == "10":
                self._put(register, is_present, alone, own, "B")
            elif groups[pupil] in ("11", "13"):
                marks[pupil, own[:1], AM] = CODE["J1"]
        observant = np.array([self._traits.observes(one.person) for one in roll])
        for at in (at for at, day in enumerate(days) if day in FESTIVALS):
            marks[observant, at] = CODE["R"]
        if school.la_code == SNOW_LA:
            marks[:, [at for at, day in enumerate(days) if day == SNOW_DAY]] = CODE["Y4"]
        for class_name in sorted({one.class_name for one in roll}):
            if generator.random() < 0.25:
                here = np.array([one.class_name == class_name for one in roll])
                marks[here, int(generator.random() * len(days)), PM] = CODE["-"]

    @staticmethod
    def _put(register: Register, is_present: Flags, who: Flags, when: Sequence[int], code: str) -> None:
        for at in when:
            for session in (AM, PM):
                register.marks[who & is_present[:, at, session], at, session] = CODE[code]

    def _put_planted(self, school: InventedSchool, register: Register) -> None:
        """Put dual registrations, retired codes and a register nobody took where `truths.yml` wants them."""
        days, marks = register.days, register.marks
        dual = self._truths.find("dual_registration")
        if dual and register.academic_year == dual["academic_year"]:
            for pupil, one in enumerate(register.roll):
                elsewhere = one.status == "M" and register.urn == dual.school
                if elsewhere or (one.status == "S" and register.urn == dual["next_school"]):
                    away = [
                        at for at, day in enumerate(days)
                        if day >= dual["joins"] and (day.weekday() in dual["days_there"]) == elsewhere
                    ]  # fmt: skip
                    marks[pupil, away, :] = CODE["D"]
        retired = self._truths.at("retired_codes", register.urn)
        if retired:
            within = [at for at, day in enumerate(days) if retired["first"] <= day <= retired["last"]]
            staying = [at for at, one in enumerate(register.roll) if one.end is None and one.start <= retired["first"]]
            codes = [code for code, number in retired["codes"].items() for _ in range(number)] if within else []
            for turn, code in enumerate(codes):
                marks[staying[7 * turn % len(staying)], within[turn % len(within)], AM] = CODE[code]
        missed = self._truths.at("register_not_taken", register.urn)
        if missed and missed["day"] in days:
            here = [at for at, one in enumerate(register.roll) if one.year_group == missed["year_group"]]
            marks[here, days.index(missed["day"]), PM] = CODE["-"]


def name_profile(school: InventedSchool, one: Enrolment) -> str:
    """Return the profile of `absence` a pupil follows."""
    if school.character.phase == _SPECIAL:
        return "special"
    if school.character.phase == _PROVISION:
        return "provision"
    if one.year_group in ("N1", "N2"):
        return "nursery"
    if one.year_group in ("12", "13", "14"):
        return "sixth_form"
    is_older = one.year_group in ("7", "8", "9", "10", "11") and school.character.phase != "Primary"
    return "secondary" if is_older else "primary"


def list_weeks(days: Sequence[dt.date]) -> Iterator[dt.date]:
    """Yield the Mondays of the weeks that hold these days."""
    yield from dict.fromkeys(day - dt.timedelta(days=day.weekday()) for day in days)


def _choose_days(days: Sequence[dt.date], generator: np.random.Generator) -> list[int]:
    """Return up to twelve days on one weekday, or in a row, as places."""
    first = int(generator.random() * len(days))
    step = 5 if generator.random() < 0.5 else 1
    return list(range(first, len(days), step))[:12]


def _to_normal(generator: np.random.Generator, number: int) -> Reals:
    """Return normal numbers made from even ones (Box and Muller)."""
    drawn = generator.random((2, number))
    return np.asarray(np.sqrt(-2 * np.log1p(-drawn[0])) * np.cos(2 * np.pi * drawn[1]))


def _leave_out_absent_from_roll(register: Register) -> None:
    starts = np.array([one.start.toordinal() for one in register.roll])[:, None]
    ends = np.array([(one.end or dt.date.max).toordinal() for one in register.roll])[:, None]
    days = np.array([day.toordinal() for day in register.days])[None, :]
    register.marks[(days < starts) | (days > ends)] = 0
