"""Entries: what an invented export has to say, before anything is written.

Here live the types that the writer's modules share: one record with its pupil, the house style of an export, and
the refusal to write what the format could not give back. No writing is done here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

# A cell as it is written: text, or a date that a workbook keeps as a real date.
Cell = str | dt.date
# A pupil's identifiers by the contract's words (upn, local_number, surname, ...), '' or absent where unknown; in a file
# of many schools also the pupil's school (school_urn, school_laestab, school_name).
Pupil = Mapping[str, str]


class NotWritable(ValueError):  # noqa: N818  it says what cannot be done, in words for people
    """A format has no place for something, so that reading the file back would not give it again."""


@dataclass(frozen=True)
class Entry:
    """One record to write: its kind, its pupil, and the contract's columns (absent or None: the export is silent).

    Numbers are texts, as in a file. In a format with a cell of several marks (`each_mark`), there is an entry a mark.
    """

    kind: str
    pupil: Pupil
    columns: Mapping[str, Cell | None]


@dataclass(frozen=True)
class Style:
    """How a school writes its exports.

    encoding: utf-8, utf-8-sig, utf-16 or cp1252, for delimited text. delimiter: one character.
    said: words for title rows, footers and header patterns that no record gives (school_name, exported_on, ...); a word
    that both a column and a title row can say stands in the title where it is said here. It also fills the school
    columns of pupils who do not say theirs.
    spellings: heading of the format -> the heading to write instead, one of `also_called`.
    year_group: how a numbered year is written. academic_year: how the years it begins and ends in are (`short`: two
    digits of the latter). footers: whether there are any.
    above: rows over the titles that say nothing. extras: headings of `leave_out` -> texts for the rows, by turns.
    without: optional columns that say who the pupil is, and that this export has not.
    blank_columns: places (from 0) of columns without heading and cells. odd_spaces: spaces as people leave them.
    page_rows: rows a printed page, after each of which the page's footer and the header stand; 0: one page.
    mark_gap: what stands between the days in a cell of several marks.
    """

    encoding: str = "utf-8"
    delimiter: str = ","
    said: Mapping[str, str] = field(default_factory=dict)
    spellings: Mapping[str, str] = field(default_factory=dict)
    year_group: str = "{}"
    academic_year: str = "{first}/{short}"
    footers: bool = True
    above: Sequence[str] = ()
    extras: Mapping[str, Sequence[str]] = field(default_factory=dict)
    without: Sequence[str] = ()
    blank_columns: Sequence[int] = ()
    odd_spaces: bool = False
    page_rows: int = 0
    mark_gap: str = " "


@dataclass(frozen=True)
class MistypedCell:
    """A planted defect: the cell of a pupil's (first) row under `header` holds `text`."""

    pupil: Pupil
    header: str
    text: str


@dataclass(frozen=True)
class RepeatedRow:
    """A planted defect: the pupil's (first) row stands a second time, below all others."""

    pupil: Pupil


Defect = MistypedCell | RepeatedRow
# What tells one pupil from another among entries.
PupilName = tuple[tuple[str, str], ...]


def name_pupil(pupil: Pupil) -> PupilName:
    """Return what tells one pupil from another among entries."""
    return tuple(sorted((word, said) for word, said in pupil.items() if said))
