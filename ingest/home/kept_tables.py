"""Tables a trust keeps as CSV or XLSX: scales, targets and curriculum statements.

Here lives how their files are read, and the checks within a row and between rows. What a row holds lives in
`kept_rows`; scales kept as YAML are read in `scale_file` and checked here with the others. Whether a row names schools,
KPIs, subjects and windows of this home is checked in `across`; the register has a module of its own. Nothing is worked
out from these tables here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ingest.home.kept_rows import CutRow, Placed, R, ScaleRow, StatementRow, TargetRow, share_a_day
from ingest.home.problems import ConfigurationError, Problem
from ingest.home.scale_file import let_own_stand_over, list_scale_files, read_scale_files
from ingest.home.strict import read_numbered_table
from ingest.home.table_files import find_table, list_tables


@dataclass(frozen=True)
class KeptTables:
    """The rows of all files of each kind, files by name, rows in the order they stand.

    Placed scales and cuts are the home's own, from tables and then from YAML. Built-in ones stand apart, as what they
    name need not be in this home; those the home's own stand over are left out.
    """

    placed_scales: list[Placed[ScaleRow]] = field(default_factory=list)
    placed_cuts: list[Placed[CutRow]] = field(default_factory=list)
    placed_targets: list[Placed[TargetRow]] = field(default_factory=list)
    placed_statements: list[Placed[StatementRow]] = field(default_factory=list)
    built_in_scales: list[Placed[ScaleRow]] = field(default_factory=list)
    built_in_cuts: list[Placed[CutRow]] = field(default_factory=list)

    @property
    def scales(self) -> list[ScaleRow]:
        """What schools' codes mean, by the home's own files and then by the built-in ones."""
        return [placed.row for placed in (*self.placed_scales, *self.built_in_scales)]

    @property
    def own_scales(self) -> list[ScaleRow]:
        """What schools' codes mean by the home's own files alone."""
        return [placed.row for placed in self.placed_scales]

    @property
    def cuts(self) -> list[CutRow]:
        """From which numbers on bands hold, by the home's own files and then by the built-in ones."""
        return [placed.row for placed in (*self.placed_cuts, *self.built_in_cuts)]

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

    Built-in scales are not among them. Raises ConfigurationError where one is there in two forms, or in a form that is
    not read.
    """
    targets = find_table(configuration, "targets")
    return [
        *list_tables(configuration, "scales"),
        *list_scale_files(configuration),
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
            rows += [Placed(_name_scale(row, path), table.file, number) for row, number in placed]
        return rows

    scales, cuts = read(lambda: list_tables(configuration, "scales"), ScaleRow), list[Placed[CutRow]]()
    problems += [*_check_meanings(scales), *_check_days(scales)]
    try:
        of_files, cuts = read_scale_files(configuration)
        scales += of_files
    except ConfigurationError as error:
        problems.extend(error.problems)
    scales, cuts = let_own_stand_over(scales), let_own_stand_over(cuts)
    kept = KeptTables(
        [placed for placed in scales if not placed.is_built_in],
        [placed for placed in cuts if not placed.is_built_in],
        read(lambda: [path for path in [find_table(configuration, "targets")] if path], TargetRow),
        read(lambda: list_tables(configuration, "curriculum"), StatementRow),
        [placed for placed in scales if placed.is_built_in],
        [placed for placed in cuts if placed.is_built_in],
    )
    problems += _check_repeats(scales, _key_scale, "code")
    problems += _check_repeats(cuts, _key_cut, "of")
    problems += _check_repeats(kept.placed_targets, _key_target, "kpi")
    problems += _check_repeats(kept.placed_statements, _key_statement, "statement")
    problems += _check_days(kept.placed_statements)
    if problems:
        raise ConfigurationError(problems)
    return kept


def _name_scale(row: R, path: Path) -> R:
    # A scale is known by its file, so that its name need not stand in every row.
    return row.model_copy(update={"scale": row.scale or path.stem}) if isinstance(row, ScaleRow) else row


def _check_meanings(rows: Sequence[Placed[ScaleRow]]) -> Iterator[Problem]:
    for placed in rows:
        if placed.row.band is None and placed.row.points is None:
            what = f'the code "{placed.row.code}" has neither a band nor points.'
            yield placed.say_problem("band", "", what, "Fill in one of them.")


def _key_scale(row: ScaleRow) -> tuple[object, ...]:
    # Two versions on one day are as unclear as two rows of one.
    return (row.source, row.framework, row.school, row.subject, row.year_group, row.window, row.code)


def _key_cut(row: CutRow) -> tuple[object, ...]:
    return (row.source, row.framework, row.school, row.subject, row.year_group, row.window, row.of)


def _key_target(row: TargetRow) -> tuple[object, ...]:
    return (row.owner, row.kpi, row.academic_year, row.period, row.subject, row.year_group)


def _key_statement(row: StatementRow) -> tuple[object, ...]:
    return (row.owner, row.framework, row.version, row.subject, row.year_group, row.statement)


def _check_repeats(
    rows: Sequence[Placed[R]], key: Callable[[R], tuple[object, ...]], column: str
) -> Iterator[Problem]:
    """Two rows that say what one thing means, or aims at, on one day: nobody could tell which of them holds."""
    standing: dict[tuple[object, ...], list[Placed[R]]] = {}
    said: set[tuple[str, object]] = set()
    for placed in rows:
        earlier = standing.setdefault(key(placed.row), [])
        other = next((each for each in earlier if _collide(each.row, placed.row)), None)
        # One line of a scale file is many rows, and of two lists of cuts every band collides.
        once = (placed.file, other.file if other and isinstance(placed.row, CutRow) else placed.number)
        if other is not None and once not in said:
            said.add(once)
            where = other.counted + (f" of {other.file}" if other.file != placed.file else "")
            seen = str(getattr(placed.row, column))
            what = f'"{seen}" stands here a second time for the same days and the same use; it is first in {where}.'
            remedy = "Keep one of the two, or part them by their days."
            if isinstance(placed.row, TargetRow):
                what, remedy = what.replace("the same days and ", ""), "Keep one of the two."
            yield placed.say_problem(column, seen, what, remedy)
        earlier.append(placed)


def _collide(one: R, other: R) -> bool:
    if isinstance(one, TargetRow) or isinstance(other, TargetRow):
        return True
    if isinstance(one, CutRow) and isinstance(other, CutRow) and one.scale == other.scale:
        # The bands of one scale part one number between them.
        return False
    return share_a_day(one, other)


def _check_days(rows: Sequence[Placed[ScaleRow]] | Sequence[Placed[StatementRow]]) -> Iterator[Problem]:
    for placed in rows:
        starts, ends = placed.row.valid_from, placed.row.valid_to
        if ends is not None and ends < starts:
            what = f"the row ends on {ends}, before it begins on {starts}."
            remedy = "Dates are day first: 01/09/2025 is 1 September."
            yield placed.say_problem("valid_to", str(ends), what, remedy)
