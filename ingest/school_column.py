"""School column: of which school of the register each row of a file says it is.

Here lives the reading of a URN, a LAESTAB or a name in a row, and the words for a row that is of no school. What a
file of several schools is made into lives in `trust_files`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from ingest.fixes import Fix
from ingest.format_file import IDENTITY_WORDS, SCHOOL_WORDS, FormatFile
from ingest.home.problems import find_nearest
from ingest.landing import Opened
from ingest.pattern import plain_text
from ingest.whose_file import Sender

NOT_ON_REGISTER = "school not on the register"
NO_SCHOOL = "row says no school"
SEVERAL_SCHOOLS = "several schools are called so"
DISAGREE = "school columns disagree"

WORDS = {"school_urn": "URN", "school_laestab": "LAESTAB", "school_name": "name"}
# How many digits a number has that may be shown: any other cell may hold anything, a pupil's number even.
DIGITS = {"school_urn": 6, "school_laestab": 7}
_SEPARATORS = str.maketrans("/-", "  ")


@dataclass
class Split:
    """A file's rows by school: places in its data by URN, and one fix for each row of no school."""

    places: dict[str, list[int]] = field(default_factory=dict)
    nobodys: list[Fix] = field(default_factory=list)


class Directory:
    """The register as an export may name its schools: by URN, by LAESTAB or by name."""

    def __init__(self, senders: Mapping[str, Sender]) -> None:
        self._known: dict[str, dict[str, set[str]]] = {word: {} for word in SCHOOL_WORDS}
        for urn, school in senders.items():
            for word, said in zip(SCHOOL_WORDS, (urn, school.laestab, school.name), strict=True):
                if said:
                    self._known[word].setdefault(fold_school(word, said), set()).add(urn)
        self.names = [school.name for school in senders.values()]

    def find(self, word: str, said: str) -> set[str]:
        """Return the URNs of the schools with this URN, LAESTAB or name, in any writing."""
        return self._known[word].get(fold_school(word, said), set())


def fold_school(word: str, said: str) -> str:
    """Return a school's number or name as it is compared: 886/2001, 886-2001 and 8862001.0 are one LAESTAB."""
    if word == "school_name":
        return plain_text(said).casefold()
    return "".join(plain_text(said).removesuffix(".0").translate(_SEPARATORS).split()).lstrip("0")


def find_school_columns(opened: Opened) -> dict[str, str]:
    """Return the columns of the file that name a school: our word and the heading."""
    named = {word: heading for heading, word in opened.form.columns.items() if word in SCHOOL_WORDS}
    return {word: named[word] for word in SCHOOL_WORDS if named.get(word) in opened.header.places}


def split_rows(opened: Opened, directory: Directory) -> Split:
    """Return the rows of a file by the school they name; a row that names none, or two, is nobody's."""
    headings = find_school_columns(opened)
    blanks = _list_blanks(opened.form)
    columns = [opened.data.column(opened.header.places[heading]) for heading in headings.values()]
    split = Split()
    # The same few schools come again in every row.
    known: dict[tuple[str, ...], tuple[str, Fix | None]] = {}
    hidden: dict[tuple[str, ...], tuple[str, Fix | None]] = {}
    people = _find_people(opened)
    for place, cells in enumerate(zip(*columns, strict=True)):
        if cells not in known:
            said = {w: c for w, c in zip(headings, cells, strict=True) if plain_text(c).casefold() not in blanks}
            known[cells] = _find_school(said, headings, directory)
            hidden[cells] = _find_school(said, headings, directory, hide=True)
        row = opened.data.cells[place]
        of_pupil = known[cells][1] is not None and not {_fold_digits(row[i]) for i in people}.isdisjoint(
            map(_fold_digits, filter(None, cells))
        )
        urn, fix = (hidden if of_pupil else known)[cells]
        if fix is None:
            split.places.setdefault(urn, []).append(place)
        else:
            split.nobodys.append(replace(fix, file_row=opened.data.numbers[place]))
    return split


def _find_people(opened: Opened) -> list[int]:
    """Return the places of the columns that say who the pupil is."""
    places = opened.header.places
    return [places[name] for name, word in opened.form.columns.items() if word in IDENTITY_WORDS and name in places]


def _fold_digits(text: str) -> str:
    return fold_school("school_urn", text)


def _find_school(
    said: Mapping[str, str], headings: Mapping[str, str], directory: Directory, *, hide: bool = False
) -> tuple[str, Fix | None]:
    """Return the URN of the one school that a row's cells name, or a fix that says why there is none.

    `hide`: the cells say what the row says of its pupil too, so an unknown number is not shown.
    """
    if not said:
        return "", _nobodys(NO_SCHOOL, ", ".join(headings.values()), "an empty cell", "Fill in the school of the row")
    found = {word: directory.find(word, cell) for word, cell in said.items()}
    # Systems spell names as they like, so a name the register does not have is no contradiction to a number.
    speaking = {word: urns for word, urns in found.items() if urns or word != "school_name"}
    unknown = [word for word, urns in (speaking or found).items() if not urns]
    if unknown:
        return "", _unknown(unknown[0], said[unknown[0]], headings, directory, hide=hide)
    agreed = set.intersection(*speaking.values())
    if len(agreed) == 1:
        return agreed.pop(), None
    fields = ", ".join(headings[word] for word in speaking)
    if not agreed:
        seen = " and ".join(f"the {WORDS[w]} of {_list_urns(urns)}" for w, urns in speaking.items())
        return "", _nobodys(DISAGREE, fields, seen, "Correct the school of the row")
    words = " and ".join(WORDS[word] for word in speaking)
    seen = f"the {words} of {_list_urns(agreed)}"
    return "", _nobodys(SEVERAL_SCHOOLS, fields, seen, "Add a column with the school's URN to the export")


def _unknown(word: str, said: str, headings: Mapping[str, str], directory: Directory, *, hide: bool) -> Fix:
    number = fold_school(word, said)
    if word == "school_name":
        near = find_nearest(plain_text(said), directory.names)
        seen = "a name that no school of the register has (not shown, as the cell may hold anything)"
        seen += f"; the nearest is “{near}”" if near else ""
    elif not hide and number.isascii() and number.isdigit() and len(number) == DIGITS[word]:
        seen = number
    else:
        seen = f"{len(said)} characters that are no {WORDS[word]} (not shown, as the cell may hold anything)"
    return _nobodys(
        NOT_ON_REGISTER, headings[word], seen, f"Add the school to the register, or correct the {WORDS[word]}"
    )


def _nobodys(code: str, field_name: str, seen: str, remedy: str) -> Fix:
    return Fix(
        code=code,
        field=field_name,
        seen=seen,
        expected="one school of the register (schools.csv)",
        remedy=remedy + ". Until then the row counts for no school.",
        records_held=1,
    )


def _list_urns(urns: set[str]) -> str:
    return " and ".join(sorted(urns))


def _list_blanks(form: FormatFile) -> set[str]:
    return {"", *(plain_text(text).casefold() for text in form.blanks)}
