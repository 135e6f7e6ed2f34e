"""Traits: what is true of an invented pupil wherever and whenever they are looked at.

Here lives the latent side of a pupil: ability, home, how often they are away. Each trait is drawn from the pupil
alone, so more schools or another day never change it. Marks and marks of the register are made from these
elsewhere (see `marks`, `attendance`).
"""

from __future__ import annotations

import random
from dataclasses import dataclass

from ingest.invent.people import Person

# Share of pupils with pupil premium, and how much of a standard deviation lies between them and the others.
_PREMIUM, _PREMIUM_GAP = 0.27, 0.55
# Girls a little ahead in English and boys in mathematics, as in the country's results.
_SLIGHT = {"English": 0.12, "Reading": 0.10, "Writing": 0.20, "Mathematics": -0.05, "Science": 0.0}
_COMMON, _OWN = 0.86, 0.51
_OBSERVANT = 0.07


@dataclass(frozen=True)
class Trait:
    """One pupil's latent side, in standard deviations; `away` high: away more often than others."""

    ability: float
    away: float
    has_premium: bool


class Traits:
    """The traits of every pupil of one seed."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._traits: dict[str, Trait] = {}
        self._abilities: dict[tuple[str, str], float] = {}

    def of(self, person: Person) -> Trait:
        """Return the person's traits."""
        if person.key not in self._traits:
            chance = random.Random(f"{self._seed} traits {person.key}")
            home = random.Random(f"{self._seed} home {person.surname}").gauss(0, 1)
            has_premium = chance.random() < _PREMIUM + 0.08 * home
            ability = chance.gauss(0, 0.97) - _PREMIUM_GAP * (has_premium - _PREMIUM)
            away = 0.45 * home + 0.85 * chance.gauss(0, 1) - 0.3 * ability + 0.5 * (has_premium - _PREMIUM)
            self._traits[person.key] = Trait(ability, away, has_premium)
        return self._traits[person.key]

    def observes(self, person: Person) -> bool:
        """Whether the person's family keeps the festivals of `registers`."""
        return random.Random(f"{self._seed} keeps {person.surname}").random() < _OBSERVANT

    def find_ability(self, person: Person, subject: str) -> float:
        """Return the person's ability in a subject, in standard deviations of all pupils."""
        at = (person.key, subject)
        if at not in self._abilities:
            own = random.Random(f"{self._seed} {subject} {person.key}").gauss(0, 1)
            slight = _SLIGHT.get(subject, 0.0) * (1 if person.sex == "F" else -1)
            self._abilities[at] = _COMMON * self.of(person).ability + _OWN * own + slight
        return self._abilities[at]
