"""Whose file: whether an export is this school's at all, by what it says of itself and by whose pupils it names.

Here live the signs that a file, or some rows of it, belong to another school. Matching rows to pupils does not
live here (see `identities`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from ingest.fixes import Fix, describe_shape
from ingest.layout import DataRows
from ingest.pattern import plain_text
from ingest.recognise import Header
from ingest.reshape import make_records

# Fewer pupils may well all be new; from here on, most of them on another roll means another school's file.
PUPILS_TO_JUDGE_BY = 5
OTHER_SCHOOL = "row of another school"
# Main and subsidiary registration of a pupil at two schools, and a guest: these are on another roll by right.
AT_TWO_SCHOOLS = ("M", "S", "G")


@dataclass(frozen=True)
class Sender:
    """The school in whose folder a file lay: its URN, name and LAESTAB, and the names of the others."""

    urn: str
    name: str
    laestab: str = ""
    other_names: Mapping[str, str] = field(default_factory=dict)  # name -> URN


def find_named_elsewhere(data: DataRows, header: Header, school: Sender) -> tuple[str, str] | None:
    """Return reason and remedy when the file itself names another school of the trust, or no row names this one."""
    named = _fold(data.said.get("school_name", ""))
    other = next(
        (f"URN {urn}" for name, urn in school.other_names.items() if _fold(name) == named and urn != school.urn),
        "",
    )
    for _, said, ours in _school_columns(data, header, school):
        theirs = {text for text in said if text}
        if theirs and ours not in theirs:
            # Only what looks like a school's number is repeated: the column may hold anything.
            numbers = sorted(text for text in theirs if text.isdigit() and len(text) == len(ours))
            other = f"its rows say {numbers[0]}" if numbers else "its rows do not say this school"
    if not other:
        return None
    return (
        f"The file says it is from another school ({other}), not from {school.name} ({school.urn}).",
        "Move it to that school's folder, and put this school's own export here.",
    )


def names_school(data: DataRows, header: Header, school: Sender) -> bool:
    """Whether the file itself says it is (also) this school's, in its title or in its rows."""
    by_title = _fold(data.said.get("school_name", "")) == _fold(school.name)
    return by_title or any(ours in said for _, said, ours in _school_columns(data, header, school))


def find_shared_rows(data: DataRows, header: Header) -> set[int]:
    """Return the rows that say their pupil is registered at two schools, by the census's enrolment status."""
    return {
        row
        for text in make_records(data, header)
        if text.kind == "pupils"
        for row, status in zip(text.file_rows, text.columns.get("enrolment_status", ()), strict=False)
        if status.upper() in AT_TWO_SCHOOLS
    }


def refuse_rows_elsewhere(data: DataRows, header: Header, school: Sender) -> list[Fix]:
    """Mark the rows that name another school as refused, in place; return their fixes."""
    fixes = []
    for name, theirs, ours in _school_columns(data, header, school):
        for row, said in zip(data.numbers, theirs, strict=True):
            if not said or said == ours or row in data.refused:
                continue
            data.refused[row] = OTHER_SCHOOL
            looks_right = said.isdigit() and len(said) == len(ours)
            fixes.append(
                Fix(
                    code=OTHER_SCHOOL,
                    field=name,
                    seen=said if looks_right else describe_shape(said),
                    expected=ours,
                    remedy="Send this row in that school's own export.",
                    file_row=row,
                )
            )
    return fixes


def _school_columns(data: DataRows, header: Header, school: Sender) -> Iterator[tuple[str, list[str], str]]:
    """Yield each column that names the school: its heading, its cells and what this school's would say."""
    wanted = {"school_urn": school.urn, "school_laestab": _plain_number(school.laestab)}
    for name, word in header.format.columns.items():
        ours = wanted.get(word or "")
        if ours and name in header.places:
            yield name, [_plain_number(cell) for cell in data.column(header.places[name])], ours


def _plain_number(text: str) -> str:
    return "".join(text.replace("/", "").split())


def _fold(name: str) -> str:
    return plain_text(name).casefold()


def find_pupils_elsewhere(
    keys: set[str], own: set[str], others: Mapping[str, set[str]], school: Sender
) -> tuple[str, str] | None:
    """Return reason and remedy when most of a file's pupils are on another school's roll and few on this one's.

    `keys`: pupils the file names by UPN; `own`: those of this school's other files; `others`: URN -> those of
    the other schools' files.
    """
    if len(keys) < PUPILS_TO_JUDGE_BY or len(keys & own) * 2 >= len(keys):
        return None
    counted = [(len(keys & theirs), urn) for urn, theirs in others.items()]
    most, urn = max(counted, key=lambda pair: pair[0], default=(0, ""))
    if most * 2 <= len(keys):
        return None
    return (
        f"{most} of the {len(keys)} pupils in the file are on the roll of another school (URN {urn}), "
        f"{len(keys & own)} on that of {school.name}.",
        f"If the file belongs to URN {urn}, move it to that school's folder and put this school's own export here. If "
        "the pupils are registered at both schools, or came from there, let the export say the school's name in its "
        "title, or the pupils' enrolment status.",
    )
