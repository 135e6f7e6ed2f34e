"""The rows of the tables a trust keeps: scales, cuts, targets and curriculum statements, and where each stands.

Here live their models alone. How the files are read and what holds between rows lives in `kept_tables`; scales of
other kinds than a list of codes become such rows in `scale_file`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping as Words
from dataclasses import dataclass, field
from typing import Generic, Literal, TypeVar

from pydantic import Field

from ingest.home.problems import Problem
from ingest.home.words import (
    AcademicYear,
    ComparabilityClass,
    Day,
    Name,
    Owner,
    Strict,
    Text,
    Urn,
    Word,
    YearGroup,
)

# NA is not assessed; the others are ordinal, lowest first: below, towards, expected, greater depth.
Band = Literal["NA", "BLW", "WTS", "EXS", "GDS"]


class Mapping(Strict):
    """To what a row of a scale applies and who answers for it; an empty school, subject, year group or window is any.

    `source` is an export format by name, `framework` the assessment (or set of statements) by the trust's name for
    it. Where several rows fit, the one that says the most holds: school first, then subject, year group and window.
    """

    scale: Text = ""
    source: Name
    framework: Name
    version: Name
    school: Urn | None = None
    subject: Name | None = None
    year_group: YearGroup | None = None
    window: Word | None = None
    comparability_class: ComparabilityClass
    rationale: Text
    authored_by: Text | None = None
    approved_by: Text
    approved_on: Day | None = None
    valid_from: Day
    valid_to: Day | None = None


class ScaleRow(Mapping):
    """What one code of a school's scale means on the trust's: a band or points, and perhaps in words."""

    code: Text
    meaning: Text | None = None
    band: Band | None = None
    points: float | None = Field(default=None, allow_inf_nan=False)


class CutRow(Mapping):
    """From which number on a band holds; of the bands of one scale the highest that is reached counts.

    `of` says of which number: the one in the value ("63 %", "12:04"), the mark, or the mark standardised on the
    trust's pupils. The lowest band has no `at_least`.
    """

    of: Literal["value", "mark", "standardised"]
    band: Band
    at_least: float | None = Field(default=None, allow_inf_nan=False)


class TargetRow(Strict):
    """What the trust or a school aims at for a KPI; an empty period, subject or year group is every one."""

    owner: Owner
    kpi: Word
    academic_year: AcademicYear
    period: Word | Literal["AUT1", "AUT2", "SPR1", "SPR2", "SUM1", "SUM2"] | None = None
    subject: Name | None = None
    year_group: YearGroup | None = None
    target: float = Field(allow_inf_nan=False)


class StatementRow(Strict):
    """One curriculum statement a teacher judges in a markbook (a curriculum KPI), the trust's or a school's own.

    It is known by its name: an amended statement is a row of the same name in a new version. A school's own may name
    in `links_to` the trust's statement it also counts as.
    """

    owner: Owner
    framework: Name
    version: Name
    statement: Name
    text: Text
    subject: Name
    year_group: YearGroup
    strand: Name | None = None
    exemplification: Text | None = None
    links_to: Name | None = None
    valid_from: Day
    valid_to: Day | None = None


Dated = Mapping | StatementRow


def share_a_day(one: Dated, other: Dated) -> bool:
    """Whether two rows hold on the same day; without a last day a row holds for ever."""
    starts = max(one.valid_from, other.valid_from)
    return starts <= min(one.valid_to or dt.date.max, other.valid_to or dt.date.max)


R = TypeVar("R", ScaleRow, CutRow, TargetRow, StatementRow)

# What messages say before the name of a file that comes with the program.
BUILT_IN = "built-in "


@dataclass(frozen=True)
class Placed(Generic[R]):
    """A row and where it stands: its file, as messages name it, and its number from 1.

    `heads` are the lines of words that one file says of many rows, by column.
    """

    row: R
    file: str
    number: int
    heads: Words[str, int] = field(default_factory=dict, compare=False, repr=False)

    @property
    def is_built_in(self) -> bool:
        """Whether the row comes with the program; what it names need not be in this home."""
        return self.file.startswith(BUILT_IN)

    @property
    def counted(self) -> str:
        """Its number, counted as its file is: in lines or in rows."""
        return f"{'line' if self.file.endswith(('.yml', '.yaml')) else 'row'} {self.number}"

    def say_problem(self, column: str, seen: str, what: str, remedy: str, nearest: str = "") -> Problem:
        """Make a problem of this row; `what` is the sentence that says it."""
        line = self.heads.get(column, self.number)
        return Problem(self.file, line, column, seen, "", nearest, remedy, what)
