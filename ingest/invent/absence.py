"""Absence: which invented pupils are away on which school days, in spells as people really have them.

Here lives the chance behind absence: a propensity a pupil, illness in spells with a winter peak, other absence more on
Fridays, holidays near the ends of terms. Everything else a register says is put over it in `registers`.

The profiles were fitted so that what comes out lies near the national figures of 2025/26 (attendance and persistent
absence: primary 94.72 and 13.77 %, secondary 91.51 and 23.77 %, special 86.83 and 36.06 %; DfE, pupil attendance in
schools, week of 17 July 2026).
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from math import gamma

import numpy as np
from numpy.typing import NDArray

Reals = NDArray[np.float64]
Flags = NDArray[np.bool_]
Codes = NDArray[np.uint8]

# What a mark can be; the first stands for no record at all.
CODES = (
    "", "/", "\\", "L", "I", "M", "O", "N", "G", "U", "C", "C1", "C2", "E", "R", "S", "T", "J1", "V", "P", "B", "W",
    "K", "D", "X", "Q", "Y4", "-", "#", "Z", "H", "J",
)  # fmt: skip
CODE = {code: place for place, code in enumerate(CODES)}
_MOST_AWAY = 0.45  # of those who are not severely absent


@dataclass(frozen=True)
class Profile:
    """How pupils of one kind are away.

    usual: mean share of sessions missed of those not severely absent, apart from holidays; shape: of the Weibull
    distribution over pupils, lower is more uneven; severe: share of pupils who miss more than half; other: share of
    absence that is not illness; holidays, medical, late, too_late, suspended: chances a pupil and year, or a session.
    """

    usual: float
    shape: float
    severe: float
    other: float
    holidays: float
    medical: float
    late: float
    too_late: float
    suspended: float


PROFILES = {
    "nursery": Profile(0.075, 1.2, 0.010, 0.35, 0.10, 0.003, 0.030, 0.0010, 0.0),
    "primary": Profile(0.0395, 1.02, 0.008, 0.15, 0.19, 0.003, 0.032, 0.0006, 0.002),
    "secondary": Profile(0.0600, 0.9, 0.030, 0.32, 0.05, 0.004, 0.040, 0.0020, 0.045),
    "sixth_form": Profile(0.065, 1.0, 0.010, 0.45, 0.03, 0.005, 0.050, 0.0020, 0.005),
    "special": Profile(0.084, 0.72, 0.075, 0.22, 0.04, 0.008, 0.025, 0.0010, 0.030),
    "provision": Profile(0.22, 1.0, 0.18, 0.55, 0.02, 0.005, 0.080, 0.0100, 0.15),
}
# Older pupils of secondary schools are away more.
_BY_YEAR = {"7": 0.80, "8": 0.92, "9": 1.02, "10": 1.10, "11": 1.16}


def start_generator(*about: object) -> np.random.Generator:
    """Return a generator of its own for one matter. Only its `random` is used, whose stream numpy never changes."""
    words = " ".join(map(str, about))
    return np.random.Generator(np.random.PCG64(int.from_bytes(hashlib.sha256(words.encode()).digest()[:16], "big")))


def spread_evenly(scores: Reals) -> Reals:
    """Return for each score its place among all, between 0 and 1: a small school gets its share of every kind."""
    places = np.empty(len(scores))
    places[np.argsort(scores, kind="stable")] = np.arange(len(scores))
    return (places + 0.5) / max(len(scores), 1)


def draw_propensities(profile: Profile, scores: Reals, year_groups: Sequence[str]) -> Reals:
    """Return the share of sessions each pupil tends to miss; a higher score is a pupil who is away more."""
    place = spread_evenly(scores)
    within = np.clip(place / (1 - profile.severe), 0, 1 - 1e-6)
    scale = profile.usual / gamma(1 + 1 / profile.shape)
    years = np.array([_BY_YEAR.get(year_group, 1.0) for year_group in year_groups])
    usual = np.clip(years * scale * (-np.log1p(-within)) ** (1 / profile.shape), 0.002, _MOST_AWAY)
    return np.where(place > 1 - profile.severe, 0.55 + 0.25 * (scores - np.floor(scores)), usual)


def draw_spells(
    profile: Profile,
    propensities: Reals,
    days: Sequence[dt.date],
    times: Reals,
    generator: np.random.Generator,
) -> Codes:
    """Return what each pupil is away with on each day (0: not away), as pupils x days of places in CODES.

    `times`: by day, how many times the usual. A chain that begins and ends spells with such chances that each
    pupil misses the share of days that is their own.
    """
    pupils, severe = len(propensities), propensities > _MOST_AWAY
    other = np.clip(profile.other * (0.45 + 0.55 * propensities / profile.usual), 0.02, 0.75)
    stop_ill, stop_other = np.where(severe, 0.25, 0.5), np.where(severe, 1 / 12, 0.8)
    odds = propensities / (1 - propensities)
    winter, friday = _weigh_winter(days) * times, _weigh_weekdays(days) * times
    ill = CODE["I"]
    drawn = generator.random((pupils, 2))
    away = np.where(drawn[:, 0] < propensities, np.where(drawn[:, 1] < other, CODE["O"], ill), 0)
    out = np.zeros((pupils, len(days)), np.uint8)
    for at in range(len(days)):
        ends, begins, which = generator.random((3, pupils))
        stop = np.where(away == ill, stop_ill, stop_other)
        chance_ill, chance_other = odds * (1 - other) * stop_ill * winter[at], odds * other * stop_other * friday[at]
        kind = np.select([which < 0.08, which < 0.20], [CODE["N"], CODE["C"]], CODE["O"])
        begun = np.where(begins < chance_ill, ill, np.where(begins < chance_ill + chance_other, kind, 0))
        away = np.where(away == 0, begun, np.where(ends < stop, 0, away))
        out[:, at] = away
    return out


def draw_holidays(profile: Profile, days: Sequence[dt.date], pupils: int, generator: np.random.Generator) -> Flags:
    """Return who is on a holiday in term time when: most next to the school's own holidays, three to nine days."""
    out = np.zeros((pupils, len(days)), bool)
    edges = [at for at in range(1, len(days)) if (days[at] - days[at - 1]).days > 4] or [len(days) // 2]
    drawn = generator.random((pupils, 4))
    for pupil in np.flatnonzero(drawn[:, 0] < profile.holidays * len(days) / 190):
        length = 3 + int(drawn[pupil, 1] * 7)
        edge = edges[int(drawn[pupil, 2] * len(edges))]
        first = edge - length if drawn[pupil, 3] < 0.7 else edge
        out[pupil, max(first, 0) : first + length] = True
    return out


def _weigh_winter(days: Sequence[dt.date]) -> Reals:
    from_peak = np.array([(day - dt.date(day.year, 1, 5)).days for day in days])
    return 1 + 0.35 * np.cos(2 * np.pi * from_peak / 365.25)


def _weigh_weekdays(days: Sequence[dt.date]) -> Reals:
    return np.array([(1.05, 0.94, 0.92, 0.96, 1.13)[day.weekday()] for day in days])
