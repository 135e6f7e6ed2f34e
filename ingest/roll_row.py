"""Roll row: what one row of a pupil list says of a pupil, as it is kept and as it is compared.

Here live the row, the comparing of local numbers, and whether two rows may speak of one pupil. The roll that is made
of such rows lives in `roll`; which keys are one pupil's, in `same_pupil`.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from ingest.names import drop_accents, fold_name

_SPREADSHEET_NUMBER = re.compile(r"0*([0-9]+?)(?:\.0+)?")


class RollRow(NamedTuple):
    """What one row of a file said of a pupil. An empty `pupil_key`: the number stands for two pupils, so for none."""

    pupil_key: str
    receipt_id: str
    upn: str = ""
    former_upn: str = ""
    local_number: str = ""
    surname: str = ""
    forename: str = ""
    full_name: str = ""
    date_of_birth: str = ""
    file_row: str = ""  # the first row of the file that says this
    academic_year: str = ""  # the list's, as 2024/25; '' where it says none

    @property
    def name(self) -> str:
        """The pupil's name as it is compared, surname first where the file says which is which."""
        return fold_name(self.full_name or f"{self.surname} {self.forename}")

    @property
    def names(self) -> set[str]:
        """The ways to write the name: surname first, and forename first where the file says which is which."""
        ways = [self.name]
        surname, comma, forename = self.full_name.partition(",")
        if comma:
            ways.append(fold_name(f"{forename} {surname}"))
        if self.surname or self.forename:
            ways += [fold_name(f"{self.surname} {self.forename}"), fold_name(f"{self.forename} {self.surname}")]
        return set(ways) - {""}


def fold_number(number: str) -> str:
    """Return a local number as it is compared: 007, 7 and 7.0 are one, since spreadsheets change one to another."""
    found = _SPREADSHEET_NUMBER.fullmatch(number)
    return found.group(1) if found else number.casefold()


def may_be_one(one: RollRow, other: RollRow) -> bool:
    """Whether two rows do not speak against being one pupil's: no other birth date and no other forename.

    A surname may change; twins share it with the birth date. Where a row does not say which part is the forename,
    one row's words must hold the other's.
    """
    if one.date_of_birth and other.date_of_birth and one.date_of_birth != other.date_of_birth:
        return False
    if one.forename and other.forename:
        return bool(_words(one.forename) & _words(other.forename))
    words, others = _words(one.name), _words(other.name)
    if one.forename or other.forename:
        named, rest = (one, others) if one.forename else (other, words)
        return not rest or bool(_words(named.forename) & rest)
    return words <= others or others <= words


def _words(name: str) -> set[str]:
    return set(drop_accents(fold_name(name)).split())
