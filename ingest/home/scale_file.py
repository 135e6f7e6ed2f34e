"""Scale files: a school's scale of any kind as YAML, the trust's own and those that come with the program.

Here live how the files are found and read, and how a built-in row gives way to the home's own. What a file may say
lives in `scale_kinds`, the checks within it in `scale_checks`, its rows in `scale_expansion`; scales kept as tables
are read in `kept_tables`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TypeVar

from ingest.home.kept_rows import BUILT_IN, CutRow, Placed, ScaleRow, share_a_day
from ingest.home.problems import ConfigurationError, Problem, name_file
from ingest.home.scale_checks import check_scale
from ingest.home.scale_expansion import expand_codes, expand_cuts, expand_steps
from ingest.home.scale_kinds import MODELS, CodeScale, CutScale, KindOfScale, ScaleFile, StepScale
from ingest.home.strict import Document, read_document
from ingest.home.table_files import list_tables

__all__ = ["ScaleFile", "let_own_stand_over", "list_scale_files", "read_scale_file", "read_scale_files"]

Rows = tuple[list[Placed[ScaleRow]], list[Placed[CutRow]]]

_STARTER = Path(__file__).parent / "starter"
_SUFFIXES = (".yml", ".yaml")
_DAY = dt.timedelta(days=1)


def list_scale_files(configuration: Path) -> list[Path]:
    """The home's own scale files, by name.

    Raises ConfigurationError where one name is there twice, as a table too or with both endings.
    """
    files = [
        path
        for path in sorted((configuration / "scales").glob("*"))
        if path.suffix in _SUFFIXES and path.is_file() and not path.name.startswith(".")
    ]
    kept = {path.stem: path for path in _list_tables(configuration)}
    problems: list[Problem] = []
    for path in files:
        other = kept.setdefault(path.stem, path)
        if other != path:
            what = f"there is a {other.name} as well as a {path.name}."
            file, remedy = name_file(path, configuration), "Keep one of the two in the home."
            problems.append(Problem(file, None, "this file", what=what, remedy=remedy))
    if problems:
        raise ConfigurationError(problems)
    return files


def read_scale_files(configuration: Path) -> Rows:
    """The rows of the home's own scale files, and then of the built-in ones whose names the home has no file of.

    Raises ConfigurationError with every problem of every file.
    """
    problems: list[Problem] = []
    scales: list[Placed[ScaleRow]] = []
    cuts: list[Placed[CutRow]] = []
    own = list_scale_files(configuration)
    for path in own:
        try:
            rows = read_scale_file(path, configuration)
        except ConfigurationError as error:
            problems += error.problems
            continue
        scales += rows[0]
        cuts += rows[1]
    if problems:
        raise ConfigurationError(problems)
    taken = {path.stem for path in [*own, *_list_tables(configuration)]}
    for stem, rows in _read_built_in().items():
        if stem not in taken:
            scales += rows[0]
            cuts += rows[1]
    return scales, cuts


def read_scale_file(path: Path, configuration: Path) -> Rows:
    """The rows of one scale file; ConfigurationError with every problem of it."""
    kind = read_document(path, KindOfScale, home=configuration).value.kind
    document: Document[ScaleFile] = read_document(path, MODELS[kind], home=configuration)
    document.check([*check_scale(document, path.stem)])
    if isinstance(document.value, CodeScale):
        return expand_codes(Document(document.value, document.file, document.lines)), []
    if isinstance(document.value, StepScale):
        return expand_steps(Document(document.value, document.file, document.lines)), []
    assert isinstance(document.value, CutScale)
    return [], expand_cuts(Document(document.value, document.file, document.lines))


S = TypeVar("S", ScaleRow, CutRow)


def let_own_stand_over(rows: Sequence[Placed[S]]) -> list[Placed[S]]:
    """The rows with every built-in one out of force on the days on which a row of the home says the same or more.

    A home's row covers a built-in one where it is of the same code (or the same number) and each of its school,
    subject, year group and window is the same or any. The days before and after stay with the built-in one.
    """
    own: dict[tuple[str, ...], list[S]] = {}
    for placed in rows:
        if not placed.is_built_in:
            own.setdefault(_name_use(placed.row), []).append(placed.row)
    kept: list[Placed[S]] = []
    for placed in rows:
        left = [placed]
        for over in own.get(_name_use(placed.row), ()) if placed.is_built_in else ():
            if _covers(over, placed.row):
                left = [part for each in left for part in _part_days(each, over)]
        kept += left
    return kept


def _name_use(row: ScaleRow | CutRow) -> tuple[str, ...]:
    return (row.source, row.framework, "code", row.code) if isinstance(row, ScaleRow) else (
        row.source, row.framework, "cut", row.of,
    )  # fmt: skip


def _covers(own: ScaleRow | CutRow, other: ScaleRow | CutRow) -> bool:
    return all(
        getattr(own, column) in (None, getattr(other, column))
        for column in ("school", "subject", "year_group", "window")
    )


def _part_days(placed: Placed[S], over: S) -> Iterator[Placed[S]]:
    """The row on the days before and after those of `over`."""
    row, ends = placed.row, placed.row.valid_to or dt.date.max
    if not share_a_day(row, over):
        yield placed
        return
    if row.valid_from < over.valid_from:
        yield replace(placed, row=row.model_copy(update={"valid_to": over.valid_from - _DAY}))
    if over.valid_to is not None and over.valid_to < ends:
        yield replace(placed, row=row.model_copy(update={"valid_from": over.valid_to + _DAY}))


def _list_tables(configuration: Path) -> list[Path]:
    try:
        return list_tables(configuration, "scales")
    except ConfigurationError:
        # Whoever reads the tables says what is wrong with them.
        return []


@cache
def _read_built_in() -> dict[str, Rows]:
    files = sorted((_STARTER / "scales").glob("*.yml"))
    return {path.stem: _name_built_in(read_scale_file(path, _STARTER)) for path in files}


def _name_built_in(rows: Rows) -> Rows:
    scales, cuts = rows
    return (
        [replace(placed, file=BUILT_IN + placed.file) for placed in scales],
        [replace(placed, file=BUILT_IN + placed.file) for placed in cuts],
    )
