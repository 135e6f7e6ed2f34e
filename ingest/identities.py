"""Identities: whose row each row of a file is. A keyed hash goes out; no identifier does.

Here lives the matching of rows to a school's roll, and for a file that makes the roll, the naming of new pupils.
What is known of a pupil lives in `roll`; what a row says about the pupil does not live here.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass, field

from ingest.fixes import Fix, describe_shape, list_rows
from ingest.roll import Roll, RollRow, fold_name, fold_number
from ingest.upn import read_upn
from ingest.values import DATE_WORDS, NotAValue, read_date

NOT_ON_ROLL = "pupil not on roll"
SEVERAL_FIT = "more than one pupil fits"
NO_NUMBER = "row says no pupil"
TWO_PUPILS = "one number for two pupils"
OTHER_NAME = "number and name are of two pupils"
BIRTH_UNREAD = "date of birth cannot be read"

REMEDIES = {
    NOT_ON_ROLL: "Check the number or name against the pupil list; if the pupil has joined since, send a new "
    "pupil list.",
    SEVERAL_FIT: "Two pupils share this number or name. Add the UPN, the local number or the date of birth to "
    "the export.",
    NO_NUMBER: "Fill in the pupil's number, or delete the row if it is not a pupil's.",
    TWO_PUPILS: "Give each pupil the right number in the school's system and export again.",
    OTHER_NAME: "Correct the number or the name: on the roll, this number is a pupil's with quite another name.",
    BIRTH_UNREAD: "Correct the date, or set the export to write dates in that order.",
}


@dataclass
class Matched:
    """Whose row each row is: `keys` by file row, `reasons` where refused, and for a roll its rows."""

    keys: dict[int, str] = field(default_factory=dict)
    reasons: dict[int, str] = field(default_factory=dict)
    fixes: list[Fix] = field(default_factory=list)
    upn_keys: set[str] = field(default_factory=set)  # of the pupils the file names by UPN
    roll_rows: list[RollRow] = field(default_factory=list)


@dataclass(frozen=True)
class Person:
    """What one row says of a pupil. `birth` is None where the cell cannot be read as a date."""

    file_row: int
    said: dict[str, str]
    upn: str
    former_upn: str
    birth: str | None

    @property
    def local(self) -> str:
        """The school's own number, as written."""
        return self.said.get("local_number", "")

    @property
    def name(self) -> str:
        """The name as it is compared."""
        return fold_name(
            self.said.get("full_name") or f"{self.said.get('surname', '')} {self.said.get('forename', '')}"
        )


def match_rows(
    rows: Iterable[tuple[int, dict[str, str]]],
    headers: dict[str, str],
    roll: Roll,
    key: bytes,
    *,
    receipt_id: str,
    makes_roll: bool,
    date_order: str,
) -> Matched:
    """Match each row (number in the file, identifiers by our word) to a pupil key.

    By UPN; else by the school's own number; else by name and date of birth, or by name alone where the row has
    no date of birth, when exactly one pupil on the roll fits. A file that makes the roll may name new pupils.
    """
    out = Matched()
    people = [_read_person(row, said, headers, out, date_order, makes_roll) for row, said in rows]
    shared = _find_shared_numbers(people) if makes_roll else {}
    known: dict[RollRow, None] = {}
    for person in people:
        rows_sharing = shared.get(person.file_row, {})
        pupil_key, reason = _find_pupil(person, rows_sharing, roll, key, makes_roll=makes_roll)
        if reason:
            out.reasons[person.file_row] = reason
            out.fixes.append(_refuse(person, reason, headers, rows_sharing, makes_roll=makes_roll))
        else:
            out.keys[person.file_row] = pupil_key
            if person.upn:
                out.upn_keys.add(pupil_key)
            if not makes_roll and _is_unknown_number(person, roll):
                out.fixes.append(_by_name(person, headers))
            if rows_sharing:
                out.fixes.append(_refuse(person, TWO_PUPILS, headers, rows_sharing, makes_roll=makes_roll))
            if person.birth is None:
                out.fixes.append(_birth_unread(person, headers, date_order))
        if makes_roll and (pupil_key or rows_sharing):
            known[_make_roll_row(person, pupil_key, receipt_id, rows_sharing)] = None
    out.roll_rows = list(known)
    return out


def _find_pupil(
    person: Person, sharing: dict[str, list[int]], roll: Roll, key: bytes, *, makes_roll: bool
) -> tuple[str, str]:
    """Return the pupil's key and '', or '' and the reason why the row is nobody's."""
    if "upn" in sharing or ("local_number" in sharing and not person.upn):
        return "", TWO_PUPILS
    if person.upn:
        own = hash_key(key, person.upn)
        found = roll.by_upn.get(person.upn, own)
        # A roll says anew whose a UPN is; any other file means the pupil the roll means.
        return (own, "") if makes_roll and not found else (found, "" if found else SEVERAL_FIT)
    number = fold_number(person.local) if person.local else ""
    if number and number in roll.by_local and not (makes_roll and "" in roll.by_local[number]):
        return _choose(roll.by_local[number], person, roll)
    if makes_roll and number:
        return hash_key(key, f"{roll.urn}|{number}"), ""
    if person.name:
        if person.birth is None:
            return "", BIRTH_UNREAD
        if person.birth:
            return _choose(roll.by_name_and_birth.get((person.name, person.birth), set()), person, roll)
        return _choose(roll.by_name.get(person.name, set()), person, roll)
    return "", NOT_ON_ROLL if person.local or person.said.get("upn") else NO_NUMBER


def _choose(found: set[str], person: Person, roll: Roll) -> tuple[str, str]:
    if not found:
        return "", NOT_ON_ROLL
    if len(found) > 1 or "" in found:
        return "", SEVERAL_FIT
    (pupil_key,) = found
    words = roll.words_of.get(pupil_key, set())
    # A pupil who takes another surname keeps the forename; with no word in common it is somebody else.
    if person.name and words and not words & set(person.name.split()):
        return "", OTHER_NAME
    return pupil_key, ""


def _is_unknown_number(person: Person, roll: Roll) -> bool:
    return bool(person.local) and not person.upn and fold_number(person.local) not in roll.by_local


def _find_shared_numbers(people: list[Person]) -> dict[int, dict[str, list[int]]]:
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


def _make_roll_row(person: Person, pupil_key: str, receipt_id: str, sharing: dict[str, list[int]]) -> RollRow:
    """Return what the roll keeps; of a refused row only the number that stands for two pupils."""
    if not pupil_key:
        upn = person.upn if "upn" in sharing else ""
        return RollRow("", receipt_id, upn=upn, local_number=person.local if "local_number" in sharing else "")
    said = person.said
    return RollRow(
        pupil_key, receipt_id, person.upn, person.former_upn, person.local, said.get("surname", ""),
        said.get("forename", ""), said.get("full_name", ""), person.birth or "",
    )  # fmt: skip


def _read_person(
    row: int, said: dict[str, str], headers: dict[str, str], out: Matched, order: str, makes_roll: bool
) -> Person:
    spare = makes_roll or bool(said.get("local_number") or said.get("full_name") or said.get("surname"))
    upn = _read_upn(said, "upn", row, headers, out, spare=spare)
    former = _read_upn(said, "former_upn", row, headers, out, spare=True)
    birth: str | None = ""
    if text := said.get("date_of_birth", ""):
        try:
            birth = read_date(text, order).isoformat()
        except NotAValue:
            birth = None
    return Person(row, said, upn, former, birth)


def _read_upn(said: dict[str, str], word: str, row: int, headers: dict[str, str], out: Matched, *, spare: bool) -> str:
    """Return the UPN of a row ('' for none); note a repair, or what is wrong with it (`spare`: it can do without)."""
    text = said.get(word, "")
    upn, note = read_upn(text)
    if note is not None and upn:
        out.fixes.append(
            Fix(
                code="UPN repaired",
                field=headers[word],
                seen="12 digits without the first letter; not shown, as they identify a pupil",
                expected="a letter and 12 digits; the letter was worked out from the digits",
                remedy="Nothing to do now. Format the column as text before saving, so that the letter is kept.",
                file_row=row,
                severity="look",
            )
        )
    elif note is not None:
        out.fixes.append(
            Fix(
                code="not a UPN",
                field=headers[word],
                seen=f"{describe_shape(text)}: {note}",
                expected="a letter and 12 digits (the last may be a letter in a temporary UPN)",
                remedy="Correct the UPN in the school's system and export again.",
                file_row=row,
                severity="look" if spare else "fix",
            )
        )
    return upn or ""


def _refuse(
    person: Person, reason: str, headers: dict[str, str], sharing: dict[str, list[int]], *, makes_roll: bool
) -> Fix:
    word = next((w for w in sharing), None) if reason == TWO_PUPILS else None
    word = word or ("date_of_birth" if reason == BIRTH_UNREAD else None)
    word = word or next((w for w in headers if person.said.get(w)), next(iter(headers)))
    seen = describe_shape(person.said.get(word, ""))
    expected = "a UPN or the school's own number" if makes_roll else "one pupil on this school's roll"
    if reason == TWO_PUPILS:
        seen, expected = f"one number for two pupils in {list_rows(sharing[word])}", "a number of its own for each"
    return Fix(reason, headers[word], seen, expected, REMEDIES[reason], file_row=person.file_row)


def _by_name(person: Person, headers: dict[str, str]) -> Fix:
    return Fix(
        code="matched by name",
        field=headers["local_number"],
        seen=describe_shape(person.local) + "; it is not on the roll, and the name fits exactly one pupil",
        expected="a number on this school's roll",
        remedy="Check the number. If it is new, send a new pupil list.",
        file_row=person.file_row,
        severity="look",
    )


def _birth_unread(person: Person, headers: dict[str, str], order: str) -> Fix:
    return Fix(
        code=BIRTH_UNREAD,
        field=headers["date_of_birth"],
        seen=describe_shape(person.said["date_of_birth"]),
        expected=DATE_WORDS[order],
        remedy=REMEDIES[BIRTH_UNREAD] + " The pupil is known by number; files without one cannot be matched.",
        file_row=person.file_row,
        severity="look",
    )


def hash_key(key: bytes, text: str) -> str:
    """Return the pupil key: HMAC-SHA256 of the UPN (or of school and local number), 32 hex digits."""
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()[:32]
