"""Reads what people keep by hand, YAML and tables, through strict models, and collects all that is wrong.

Here live `read_yaml` and `read_table` and their fuller forms that also say on which line a value stands, for
checks across values and files. The models themselves do not live here. A model is a pydantic model with
`extra="forbid"`; it is given text for every word and cell (see `yaml_lines`), so its fields are text,
numbers, dates and truths that can be read from text, and `Literal` or enum words.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from pydantic import BaseModel, ValidationError

from ingest.home.problems import (
    ConfigurationError,
    Place,
    Problem,
    find_nearest,
    list_words,
    name_file,
    quote_seen,
    say_problems,
    wrong_value,
)
from ingest.home.table_cells import Row, decode_text, name_column, read_cells
from ingest.home.yaml_lines import parse_yaml

__all__ = [
    "ConfigurationError",
    "Document",
    "Problem",
    "Table",
    "find_nearest",
    "list_words",
    "read_document",
    "read_numbered_table",
    "read_table",
    "read_yaml",
    "wrong_value",
]

M = TypeVar("M", bound=BaseModel)


@dataclass(frozen=True)
class Document(Generic[M]):
    """A YAML file that was read: the model, the file's name for messages and the lines its parts stand on."""

    value: M
    file: str
    lines: Mapping[Place, int]

    def find_line(self, *place: str | int) -> int | None:
        """The line of a part, such as find_line("windows", 2, "opens"); if absent, of the nearest above."""
        return next(
            (self.lines[place[:n]] for n in range(len(place), -1, -1) if place[:n] in self.lines), None
        )

    def say_problem(self, place: Place, seen: str, what: str, remedy: str, nearest: str = "") -> Problem:
        """Make a problem that stands at `place` of this file; `what` is the sentence that says it."""
        field = next((str(part) for part in reversed(place) if isinstance(part, str)), "this file")
        return Problem(self.file, self.find_line(*place), field, seen, "", nearest, remedy, what)

    def check(self, problems: Sequence[Problem]) -> None:
        """Raise ConfigurationError with these problems in line order, unless there is none."""
        if problems:
            raise ConfigurationError(sorted(problems, key=lambda problem: problem.line or 0))


@dataclass(frozen=True)
class Table(Generic[M]):
    """A table that was read: its rows, the file's name for messages and each row's number, from 1."""

    rows: list[M]
    file: str
    numbers: list[int]


def read_yaml(path: Path, model: type[M], *, home: Path | None = None) -> M:
    """Read one YAML file into `model`.

    Raises ConfigurationError with every problem of the file. `home` is the folder file names in messages are
    relative to; without it they are bare.
    """
    return read_document(path, model, home=home).value


def read_table(path: Path, row_model: type[M], *, home: Path | None = None) -> list[M]:
    """Read a table (CSV or XLSX, columns named as the fields of `row_model`) into one model per row.

    Empty cells are left to the model's defaults, rows of empty cells are skipped, columns may come in any
    order and those with a default may be absent. Raises ConfigurationError with every problem of the file.
    """
    return read_numbered_table(path, row_model, home=home).rows


def read_document(path: Path, model: type[M], *, home: Path | None = None) -> Document[M]:
    """As `read_yaml`, and keeps the lines for checks across the file's parts."""
    file = name_file(path, home)
    try:
        text = decode_text(_read_bytes(path, file))
    except UnicodeDecodeError:
        what = "this is not a text file."
        problem = Problem(file, None, "this file", what=what, remedy="Save it again as UTF-8 text.")
        raise ConfigurationError([problem]) from None
    parsed = parse_yaml(text, file)
    if parsed.problems and parsed.data is None:
        raise ConfigurationError(parsed.problems)
    problems = parsed.problems
    data = {} if parsed.data is None else parsed.data
    try:
        value = model.model_validate(data)
    except ValidationError as error:
        problems = problems + say_problems(error.errors(), model, data, file, parsed.lines)
    if problems:
        raise ConfigurationError(sorted(problems, key=lambda problem: problem.line or 0)) from None
    return Document(value, file, parsed.lines)


def read_numbered_table(path: Path, row_model: type[M], *, home: Path | None = None) -> Table[M]:
    """As `read_table`, and keeps each row's number for checks across rows."""
    file = name_file(path, home)
    _read_bytes(path, file)
    columns = {field.alias or name: field.is_required() for name, field in row_model.model_fields.items()}
    rows, problems = read_cells(path, file, columns)
    if problems:
        raise ConfigurationError(problems)
    if not rows:
        what = "the table is empty, its header too."
        remedy = f"The first row names the columns: {', '.join(columns)}."
        raise ConfigurationError([Problem(file, None, "this file", what=what, remedy=remedy)])
    problems = _check_header(rows[0], columns, file)
    if problems:
        raise ConfigurationError(problems)
    header = [name_column(cell) for cell in rows[0].cells]
    values: list[M] = []
    for row in rows[1:]:
        data = {name: cell for name, cell in zip(header, row.cells, strict=False) if name and cell}
        problems.extend(_check_width(row, header, file))
        try:
            values.append(row_model.model_validate(data))
        except ValidationError as error:
            problems.extend(say_problems(error.errors(), row_model, data, file, {(): row.number}))
    if problems:
        raise ConfigurationError(problems)
    return Table(values, file, [row.number for row in rows[1:]])


def _read_bytes(path: Path, file: str) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        what, remedy = "there is no such file.", "Make it, or put it back from a backup."
    except (PermissionError, IsADirectoryError):
        what, remedy = "the file cannot be opened.", "Check that it is a file and that you may read it."
    raise ConfigurationError([Problem(file, None, "this file", what=what, remedy=remedy)])


def _check_header(row: Row, columns: Mapping[str, bool], file: str) -> list[Problem]:
    problems: list[Problem] = []
    seen: set[str] = set()
    for header in filter(None, row.cells):
        name = name_column(header)
        if name in seen:
            what = f'there are two columns "{quote_seen(header)}".'
            problems.append(Problem(file, row.number, name, header, what=what, remedy="Keep one of them."))
        elif name not in columns:
            nearest = find_nearest(name, columns)
            what = f'"{quote_seen(header)}" is not a column Plumbline knows here.'
            remedy = "" if nearest else f"It knows {', '.join(columns)}."
            problems.append(
                Problem(file, row.number, header, header, list_words(columns), nearest, remedy, what)
            )
        seen.add(name)
    meant = {problem.nearest for problem in problems}
    for name, required in columns.items():
        # A column that is misspelled is not missing as well.
        if required and name not in seen | meant:
            what = f'the column "{name}" is missing.'
            remedy = "Add it to the first row that holds anything."
            problems.append(Problem(file, row.number, name, what=what, remedy=remedy))
    return problems


def _check_width(row: Row, header: list[str], file: str) -> list[Problem]:
    stray = [cell for at, cell in enumerate(row.cells) if cell and (at >= len(header) or not header[at])]
    if not stray:
        return []
    what = f'"{quote_seen(stray[0])}" stands in no named column.'
    remedy = "Put text that holds a comma in quotes, or move the cell under its column."
    return [Problem(file, row.number, "this row", stray[0], "cells under the header", "", remedy, what)]
