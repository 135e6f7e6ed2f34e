"""Person: what one row of a file says of a pupil, and which rows of a list give one number to two pupils.

Here lives the reading of a row's identifiers. Whose row it is lives in `identities`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from ingest.fixes import Fix
from ingest.identity_fixes import say_upn
from ingest.known_pupil import SaidName, make_said_name
from ingest.names import fold_name
from ingest.roll_row import RollRow, fold_number
from ingest.upn import read_upn
from ingest.values import NotAValue, read_date


@dataclass(frozen=True)
class Person:
    """What one row says of a pupil. `birth` is None where the cell cannot be read as a date."""

    file_row: int
    said: dict[str, str]
    upn: str
    former_upn: str
    birth: str | None
    year: str = ""  # the academic year the row speaks of

    @property
    def local(self) -> str:
        """The school's own number, as written."""
        return self.said.get("local_number", "")

    @cached_property
    def name(self) -> str:
        """The name as it is compared."""
        return fold_name(
            self.said.get("full_name") or f"{self.said.get('surname', '')} {self.said.get('forename', '')}"
        )

    @cached_property
    def said_name(self) -> SaidName:
        """The name as it is compared with that of a pupil who has the number."""
        said = self.said
        return make_said_name(said.get("surname", ""), said.get("forename", ""), said.get("full_name", ""))


def find_shared_numbers(people: list[Person]) -> dict[int, dict[str, list[int]]]:
    """Return, for rows whose UPN or local number another row gives to another pupil, by which and in which rows."""
    shared: dict[int, dict[str, list[int]]] = {}
    for word in ("upn", "local_number"):
        groups: dict[str, list[Person]] = {}
        for person in people:
            number = person.upn if word == "upn" else fold_number(person.local) if person.local else ""
            if number:
                groups.setdefault(number, []).append(person)
        for group in groups.values():
            if len(group) > 1 and _are_two(group, word):
                rows = [person.file_row for person in group]
                for person in group:
                    shared.setdefault(person.file_row, {})[word] = rows
    return shared


def _are_two(group: list[Person], word: str) -> bool:
    """Whether rows with one number say two names, two dates of birth, two UPNs, or write the number two ways."""
    if len({person.name for person in group} - {""}) > 1 or len({p.birth for p in group} - {"", None}) > 1:
        return True
    return word == "local_number" and (
        len({person.upn for person in group} - {""}) > 1 or len({person.local for person in group}) > 1
    )


def make_roll_row(person: Person, pupil_key: str, receipt_id: str, sharing: dict[str, list[int]]) -> RollRow:
    """Return what the roll keeps; of a refused row only the number that stands for two pupils."""
    if not pupil_key:
        upn = person.upn if "upn" in sharing else ""
        return RollRow("", receipt_id, upn=upn, local_number=person.local if "local_number" in sharing else "")
    said = person.said
    return RollRow(
        pupil_key, receipt_id, person.upn, person.former_upn, person.local, said.get("surname", ""),
        said.get("forename", ""), said.get("full_name", ""), person.birth or "", academic_year=person.year,
    )  # fmt: skip


def read_person(
    row: int,
    said: dict[str, str],
    headers: dict[str, str],
    fixes: list[Fix],
    order: str,
    makes_roll: bool,
    year: str = "",
) -> Person:
    """Return what a row says of a pupil; notes in `fixes` what is wrong with a UPN."""
    spare = makes_roll or bool(said.get("local_number") or said.get("full_name") or said.get("surname"))
    upn = _read_upn(said, "upn", row, headers, fixes, spare=spare)
    former = _read_upn(said, "former_upn", row, headers, fixes, spare=True)
    birth: str | None = ""
    if text := said.get("date_of_birth", ""):
        try:
            birth = read_date(text, order).isoformat()
        except NotAValue:
            birth = None
    return Person(row, said, upn, former, birth, year)


def _read_upn(
    said: dict[str, str], word: str, row: int, headers: dict[str, str], fixes: list[Fix], *, spare: bool
) -> str:
    """Return the UPN of a row ('' for none); note a repair, or what is wrong with it (`spare`: it can do without)."""
    text = said.get(word, "")
    upn, note = read_upn(text) if text else (None, None)
    if note is not None:
        fixes.append(say_upn(text, note, headers[word], row, repaired=bool(upn), spare=spare))
    return upn or ""
