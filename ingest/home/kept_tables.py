"""Tables a trust keeps as CSV or XLSX: scales, targets and curriculum statements.

Here live the models of their rows and the checks within a row and between rows. Whether they name schools, KPIs,
subjects and windows of this home is checked in `across`; the register has a module of its own. Nothing is worked
out from these tables here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Generic, Literal, TypeVar

from pydantic import Field

from ingest.home.problems import ConfigurationError, Problem
from ingest.home.strict import read_numbered_table
from ingest.home.table_files import find_table, list_tables
from ingest.home.words import AcademicYear, ComparabilityClass, Day, Name, Owner, Strict, Text, Word, YearGroup

# Ordinal, lowest first: below, towards, expected, greater depth.
Band = Literal["BLW", "WTS", "EXS", "GDS"]


class ScaleRow(Strict):
    """What one code of a school's scale means on the trust's; an empty subject, year group or window is any."""

    source: Name
    framework: Name
    version: Name
    subject: Name | None = None
    year_group: YearGroup | None = None
    window: Word | None = None
    code: Text
    band: Band | None = None
    points: float | None = Field(default=None, allow_inf_nan=False)
    comparability_class: ComparabilityClass
    rationale: Text
    approved_by: Text
    valid_from: Day
    valid_to: Day | None = None


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
    """One curriculum statement a teacher judges in a markbook (a curriculum KPI), the trust's or a school's own."""

    owner: Owner
    framework: Name
    version: Name
    statement: Name
    text: Text
    subject: Name
    year_group: YearGroup
    strand: Name | None = None
    exemplification: Text | None = None
    valid_from: Day
    valid_to: Day | None = None


R = TypeVar("R", ScaleRow, TargetRow, StatementRow)


@dataclass(frozen=True)
class Placed(Generic[R]):
    """A row and where it stands: its file, as messages name it, and its number from 1."""

    row: R
    file: str
    number: int

    def say_problem(self, column: str, seen: str, what: str, remedy: str, nearest: str = "") -> Problem:
        """Make a problem of this row; `what` is the sentence that says it."""
        return Problem(self.file, self.number, column, seen, "", nearest, remedy, what)


@dataclass(frozen=True)
class KeptTables:
    """The rows of all files of each kind, files by name, rows in the order they stand."""

    placed_scales: list[Placed[ScaleRow]] = field(default_factory=list)
    placed_targets: list[Placed[TargetRow]] = field(default_factory=list)
    placed_statements: list[Placed[StatementRow]] = field(default_factory=list)

    @property
    def scales(self) -> list[ScaleRow]:
        """What schools' codes mean."""
        return [placed.row for placed in self.placed_scales]

    @property
    def targets(self) -> list[TargetRow]:
        """What is aimed at."""
        return [placed.row for placed in self.placed_targets]

    @property
    def statements(self) -> list[StatementRow]:
        """What is taught and judged."""
        return [placed.row for placed in self.placed_statements]


def list_kept_files(configuration: Path) -> list[Path]:
    """The files of scales, targets and statements a configuration has; each of them may be absent.

    Raises ConfigurationError where a table is there as CSV and as XLSX, or in a form that is not read.
    """
    targets = find_table(configuration, "targets")
    return [
        *list_tables(configuration, "scales"),
        *([targets] if targets else []),
        *list_tables(configuration, "curriculum"),
    ]


def read_kept_tables(configuration: Path) -> KeptTables:
    """Read all scales, targets and statements; ConfigurationError with every problem of every file."""
    problems: list[Problem] = []

    def read(find: Callable[[], list[Path]], model: type[R]) -> list[Placed[R]]:
        rows: list[Placed[R]] = []
        try:
            paths = find()
        except ConfigurationError as error:
            problems.extend(error.problems)
            return []
        for path in paths:
            try:
                table = read_numbered_table(path, model, home=configuration)
            except ConfigurationError as error:
                problems.extend(error.problems)
                continue
            placed = zip(table.rows, table.numbers, strict=True)
            rows += [Placed(row, table.file, number) for row, number in placed]
        return rows

    kept = KeptTables(
        read(lambda: list_tables(configuration, "scales"), ScaleRow),
        read(lambda: [path for path in [find_table(configuration, "targets")] if path], TargetRow),
        read(lambda: list_tables(configuration, "curriculum"), StatementRow),
    )
    problems += _check_meanings(kept.placed_scales)
    problems += _check_repeats(kept.placed_scales, _key_scale, "code")
    problems += _check_repeats(kept.placed_targets, _key_target, "kpi")
    problems += _check_repeats(kept.placed_statements, _key_statement, "statement")
    problems += [*_check_days(kept.placed_scales), *_check_days(kept.placed_statements)]
    if problems:
        raise ConfigurationError(problems)
    return kept


def _check_meanings(rows: Sequence[Placed[ScaleRow]]) -> Iterator[Problem]:
    for placed in rows:
        if placed.row.band is None and placed.row.points is None:
            what = f'the code "{placed.row.code}" has neither a band nor points.'
            yield placed.say_problem("band", "", what, "Fill in one of them.")


def _key_scale(row: ScaleRow) -> tuple[object, ...]:
    return (row.source, row.framework, row.version, row.subject, row.year_group, row.window, row.code)


def _key_target(row: TargetRow) -> tuple[object, ...]:
    return (row.owner, row.kpi, row.academic_year, row.period, row.subject, row.year_group)


def _key_statement(row: StatementRow) -> tuple[object, ...]:
    return (row.owner, row.framework, row.version, row.subject, row.year_group, row.statement)


def _check_repeats(
    rows: Sequence[Placed[R]], key: Callable[[R], tuple[object, ...]], column: str
) -> Iterator[Problem]:
    """Two rows that say what one thing means, or aims at, on one day: nobody could tell which of them holds."""
    standing: dict[tuple[object, ...], list[Placed[R]]] = {}
    for placed in rows:
        earlier = standing.setdefault(key(placed.row), [])
        other = next((each for each in earlier if _share_a_day(each.row, placed.row)), None)
        if other is not None:
            where = f"row {other.number}" + (f" of {other.file}" if other.file != placed.file else "")
            seen = str(getattr(placed.row, column))
            what = f'"{seen}" stands here a second time for the same days and the same use; it is first in {where}.'
            remedy = "Keep one of the two, or part them by their days."
            if isinstance(placed.row, TargetRow):
                what, remedy = what.replace("the same days and ", ""), "Keep one of the two."
            yield placed.say_problem(column, seen, what, remedy)
        earlier.append(placed)


def _share_a_day(one: R, other: R) -> bool:
    if isinstance(one, TargetRow) or isinstance(other, TargetRow):
        return True
    starts = max(one.valid_from, other.valid_from)
    return starts <= min(one.valid_to or dt.date.max, other.valid_to or dt.date.max)


def _check_days(rows: Sequence[Placed[ScaleRow]] | Sequence[Placed[StatementRow]]) -> Iterator[Problem]:
    for placed in rows:
        starts, ends = placed.row.valid_from, placed.row.valid_to
        if ends is not None and ends < starts:
            what = f"the row ends on {ends}, before it begins on {starts}."
            remedy = "Dates are day first: 01/09/2025 is 1 September."
            yield placed.say_problem("valid_to", str(ends), what, remedy)
