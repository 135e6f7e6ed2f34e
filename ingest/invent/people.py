"""People: invented pupils with names, numbers and birth dates that no real pupil has.

Here lives the making of one person after another from a seeded generator. Which school they go to and how they do
there does not live here (see `rolls`, `traits` and `marks`).

Names are put together from syllables chosen so that the result reads as a name and is none. UPNs have a right check
letter and an LA code that no authority has ever had: England's codes begin at 201, and 001 to 005 stand for places
outside England, so 191 to 193 mean nowhere.
"""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter
from dataclasses import dataclass
from functools import cached_property

from ingest.home.words import end_year, start_year
from ingest.invent.entry import Pupil
from ingest.upn import LETTERS, find_check_letter

UNUSED_LA_CODES = ("191", "192", "193")

_FORENAME_STARTS = ("Bry", "Dru", "Fle", "Gwo", "Kva", "Plu", "Ska", "Tru", "Vri", "Zla", "Öl", "Quo", "Thu", "Zé")
_FORENAME_MIDDLES = ("lm", "nd", "rv", "sk", "zt", "mb", "lg", "rpl")
_FORENAME_ENDS = ("ek", "ib", "oz", "uth", "ai", "ëm", "isk", "olo", "ux", "yn")
_SURNAME_STARTS = ("Blen", "Crov", "Dask", "Frim", "Glaz", "Hurv", "Jost", "Klem", "Morv", "Nesk", "Plon", "Quem")
_SURNAME_MIDDLES = ("a", "der", "i", "lo", "u", "zé", "er", "ö")
_SURNAME_ENDS = ("bleth", "dorf", "gazzle", "kwist", "mond", "pelk", "rusk", "thwell", "vick", "zart")
_UPN_SERIALS = 1000  # a school gives three digits a year

# Years between a pupil's Reception and their year group.
YEARS_ON = {"N1": -2, "N2": -1, "R": 0, **{str(n): n for n in range(1, 15)}}


@dataclass(frozen=True)
class Person:
    """An invented pupil as the school's system knows them; `sex` by the contract's code, no UPN is ''."""

    upn: str
    surname: str
    forename: str
    date_of_birth: dt.date
    sex: str
    former_upn: str = ""

    @cached_property
    def key(self) -> str:
        """What tells one person from another, whatever number a school gives them."""
        return f"{self.surname}|{self.forename}|{self.date_of_birth}"

    def as_pupil(self, local_number: str) -> Pupil:
        """Return the person's identifiers by the contract's words, with the number one school uses."""
        said = {
            "upn": self.upn,
            "local_number": local_number,
            "surname": self.surname,
            "forename": self.forename,
            "full_name": f"{self.surname}, {self.forename}",
            "date_of_birth": self.date_of_birth.isoformat(),
        }
        return said | {"former_upn": self.former_upn} if self.former_upn else said


class People:
    """Invents people, no two of whom share a name or a UPN; the same generator gives the same people."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._names: set[tuple[str, str]] = set()
        self._upns: Counter[tuple[str, str, str]] = Counter()

    def invent(
        self,
        year_group: str,
        academic_year: str,
        la_code: str,
        establishment: str,
        *,
        has_upn: bool = True,
        surname: str = "",
    ) -> Person:
        """Return a new person of the age for `year_group` in `academic_year`, numbered by a school in `la_code`.

        `establishment` is four digits; `surname` is a brother's or sister's. Raises ValueError when that school has
        run out of numbers for the year.
        """
        first = int(academic_year[:4]) - YEARS_ON[year_group] - 5
        born_in = f"{first}/{(first + 1) % 100:02d}"
        earliest, latest = start_year(born_in), end_year(born_in)
        born = earliest + dt.timedelta(days=self._chance.randrange((latest - earliest).days + 1))
        surname, forename = self._name(surname)
        return Person(
            upn=self._number(la_code, establishment, first + 5) if has_upn else "",
            surname=surname,
            forename=forename,
            date_of_birth=born,
            sex="F" if self._chance.random() < 0.49 else "M",
        )

    def _name(self, family: str = "") -> tuple[str, str]:
        while True:
            forename = "".join(map(self._chance.choice, (_FORENAME_STARTS, _FORENAME_MIDDLES, _FORENAME_ENDS)))
            surname = family or self._surname()
            if not family and self._chance.random() < 0.05:
                surname += "-" + self._surname()
            elif not family and self._chance.random() < 0.04:
                surname = "O’" + surname
            if (surname, forename) not in self._names:
                self._names.add((surname, forename))
                return surname, forename

    def _surname(self) -> str:
        return "".join(map(self._chance.choice, (_SURNAME_STARTS, _SURNAME_MIDDLES, _SURNAME_ENDS)))

    def _number(self, la_code: str, establishment: str, year: int) -> str:
        given = (la_code, establishment, f"{year % 100:02d}")
        self._upns[given] += 1
        serial = self._upns[given]
        if serial >= _UPN_SERIALS:
            raise ValueError(f"school {la_code}/{establishment} has no number left for pupils who began in {year}")
        body = "".join(given) + f"{serial:03d}"
        return find_check_letter(body) + body


def make_temporary(upn: str) -> str:
    """Return the temporary UPN a school would give in place of `upn`: its last character is a letter."""
    body = upn[1:12] + LETTERS[int(upn[12])]
    return find_check_letter(body) + body
