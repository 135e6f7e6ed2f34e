"""Identity fixes: why a row is nobody's, and what a person should know of how a row was matched, in words.

Here live the reasons, remedies and lines of the fix-list. An identifier is described and never shown. When a row is
nobody's is decided in `identities`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ingest.fixes import Fix, describe_shape, list_rows
from ingest.values import DATE_WORDS

NOT_ON_ROLL = "pupil not on roll"
SEVERAL_FIT = "more than one pupil fits"
NO_NUMBER = "row says no pupil"
TWO_PUPILS = "one number for two pupils"
OTHER_NAME = "number and name are of two pupils"
BIRTH_UNREAD = "date of birth cannot be read"
REPAIRED = "UPN repaired"
NOT_A_UPN = "not a UPN"
BY_NAME = "matched by name"
WITHOUT_ACCENTS = "matched without accents"
NO_NUMBERS = "known by name and date of birth"
TEST_PUPIL = "name of a test pupil"
NUMBER_AGAIN = "number was another pupil's"
UPN_OTHER_NAME = "UPN and name are of two pupils"
UPN_OTHER_BIRTH = "UPN and date of birth are of two pupils"
OLD_LIST_NAME = "matched by name to an earlier list"

REMEDIES = {
    NOT_ON_ROLL: "Check the number or name against the pupil list; if the pupil has joined since, send a new "
    "pupil list.",
    SEVERAL_FIT: "Two pupils share this number or name. Add the UPN, the local number or the date of birth to "
    "the export.",
    NO_NUMBER: "Fill in the pupil's number, or delete the row if it is not a pupil's.",
    TWO_PUPILS: "Give each pupil the right number in the school's system and export again.",
    OTHER_NAME: "Correct the number, the name or the date of birth: on the roll, this number is a pupil's with "
    "another forename or date of birth.",
    BIRTH_UNREAD: "Correct the date, or set the export to write dates in that order.",
}
NAME_WORDS = ("full_name", "surname", "forename")


def say_refused(
    reason: str,
    file_row: int,
    said: Mapping[str, str],
    headers: Mapping[str, str],
    sharing: Mapping[str, Sequence[int]],
    *,
    makes_roll: bool,
) -> Fix:
    """Return the line for a row that is nobody's, or (sharing) whose number is nobody's."""
    word = next((w for w in sharing), None) if reason == TWO_PUPILS else None
    word = word or ("date_of_birth" if reason == BIRTH_UNREAD else None)
    word = word or next((w for w in headers if said.get(w)), next(iter(headers)))
    seen = describe_shape(said.get(word, ""))
    expected = "a UPN or the school's own number" if makes_roll else "one pupil on this school's roll"
    if reason == TWO_PUPILS:
        seen, expected = f"one number for two pupils in {list_rows(sharing[word])}", "a number of its own for each"
    return Fix(reason, headers[word], seen, expected, REMEDIES[reason], file_row=file_row)


def say_upn(text: str, note: str, heading: str, file_row: int, *, repaired: bool, spare: bool) -> Fix:
    """Return the line for a UPN that was repaired or is none; `spare`: the row can do without."""
    if repaired:
        return Fix(
            code=REPAIRED,
            field=heading,
            seen="12 digits without the first letter; not shown, as they identify a pupil",
            expected="a letter and 12 digits; the letter was worked out from the digits",
            remedy="Nothing to do now. Format the column as text before saving, so that the letter is kept.",
            file_row=file_row,
            severity="look",
        )
    return Fix(
        code=NOT_A_UPN,
        field=heading,
        seen=f"{describe_shape(text)}: {note}",
        expected="a letter and 12 digits (the last may be a letter in a temporary UPN)",
        remedy="Correct the UPN in the school's system and export again.",
        file_row=file_row,
        severity="look" if spare else "fix",
    )


def say_by_name(number: str, heading: str, file_row: int) -> Fix:
    """Return the line for a row whose number is not on the roll and whose name is."""
    return Fix(
        code=BY_NAME,
        field=heading,
        seen=describe_shape(number) + "; it is not on the roll, and the name fits exactly one pupil",
        expected="a number on this school's roll",
        remedy="Check the number. If it is new, send a new pupil list.",
        file_row=file_row,
        severity="look",
    )


def say_without_accents(headers: Mapping[str, str], file_row: int) -> Fix:
    """Return the line for a name that fits one pupil when accents are left out, and none with them."""
    return Fix(
        code=WITHOUT_ACCENTS,
        field=_name_heading(headers),
        seen="a name that is on the roll with other accents; it fits exactly one pupil",
        expected="the name as the pupil list writes it",
        remedy="Nothing to do, if it is that pupil. Write the name the same way in both systems.",
        file_row=file_row,
        severity="look",
    )


def say_birth_unread(text: str, heading: str, order: str, file_row: int) -> Fix:
    """Return the line for a birth date that cannot be read, of a pupil who is known by number."""
    return Fix(
        code=BIRTH_UNREAD,
        field=heading,
        seen=describe_shape(text),
        expected=DATE_WORDS[order],
        remedy=REMEDIES[BIRTH_UNREAD] + " The pupil is known by number; files without one cannot be matched.",
        file_row=file_row,
        severity="look",
    )


def say_number_again(heading: str, file_row: int) -> Fix:
    """Return the line for a pupil of a list under a number that the roll has for quite another pupil."""
    return Fix(
        code=NUMBER_AGAIN,
        field=heading,
        seen="a local number that an earlier list gives to a pupil with another forename or date of birth",
        expected="a number of its own for each pupil",
        remedy="Nothing to do, if the number was given to a new pupil: they are counted as two. If it is the same "
        "pupil, add the UPN to the pupil list, or correct the name or date of birth.",
        file_row=file_row,
        severity="look",
    )


def say_upn_doubt(code: str, headers: Mapping[str, str], file_row: int) -> Fix:
    """Return the line for a row whose name or birth date (`code`) is not that of the pupil with its UPN."""
    is_name = code == UPN_OTHER_NAME
    return Fix(
        code=code,
        field=_name_heading(headers) if is_name else headers["date_of_birth"],
        seen=f"another {'name' if is_name else 'date of birth'} than the roll has for this UPN",
        expected="the pupil the UPN is of",
        remedy="Check that the row has the right UPN. The UPN decides: the row counts for the pupil who has it.",
        file_row=file_row,
        severity="look",
    )


def say_old_list(headers: Mapping[str, str], rows: Sequence[int]) -> Fix:
    """Return the one line for rows matched by name alone to pupils who are not in the newest pupil list."""
    return Fix(
        code=OLD_LIST_NAME,
        field=_name_heading(headers),
        seen=f"names alone in {list_rows(rows)}, which fit pupils who are not in the newest pupil list",
        expected="a number, or a pupil list of the year the file is of",
        remedy="Check that they are those pupils. Add the UPN, the local number or the date of birth to the export.",
        file_row=rows[0],
        severity="look",
    )


def say_no_numbers(headers: Mapping[str, str], rows: Sequence[int]) -> Fix:
    """Return the one line for the rows of a pupil list that give neither a UPN nor a number of the school's."""
    return Fix(
        code=NO_NUMBERS,
        field=_name_heading(headers),
        seen=f"neither a UPN nor a number of the school's in {list_rows(rows)}; name and date of birth stand for them",
        expected="a UPN or the school's own number for each pupil",
        remedy="Add the number to the pupil list. A name that is corrected later would make another pupil.",
        file_row=rows[0],
        severity="look",
    )


def say_test_pupils(headers: Mapping[str, str], rows: Sequence[int]) -> Fix:
    """Return the one line for the rows of a pupil list whose names are those of pupils who do not exist."""
    return Fix(
        code=TEST_PUPIL,
        field=_name_heading(headers),
        seen=f"a name as given to a pupil made up for trying things out, in {list_rows(rows)}",
        expected="pupils of the school only",
        remedy="If the pupil is made up, take the record out of the school's system. Until then it counts.",
        file_row=rows[0],
        severity="look",
    )


def _name_heading(headers: Mapping[str, str]) -> str:
    return next((headers[word] for word in NAME_WORDS if word in headers), "whole row")
