"""What is wrong in a configuration file, said so that the person who wrote the file can put it right.

Here live one problem, the error that carries all problems of a reading, and how a validation error of a
strict model is turned into words. How files are read does not live here.
"""

from __future__ import annotations

import difflib
import re
import types
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic_core import ErrorDetails, PydanticCustomError

Place = tuple[str | int, ...]

_LONGEST_SEEN = 60
_YAML_SUFFIXES = (".yml", ".yaml")
_WANTED = {
    "int": "a whole number",
    "float": "a number",
    "decimal": "a number",
    "finite": "a number",
    "bool": "true or false",
    "date": "a date such as 2025-09-01",
    "string": "text",
    "list": "a list",
    "tuple": "a list",
    "set": "a list",
    "frozen": "a list",
    "dict": 'lines of the form "word: value"',
    "model": 'lines of the form "word: value"',
    "dataclass": 'lines of the form "word: value"',
    "literal": "one of its words",
    "enum": "one of its words",
}
_LIMITS = {
    "greater_than_equal": ("{ge} or more", "ge"),
    "greater_than": ("more than {gt}", "gt"),
    "less_than_equal": ("{le} or less", "le"),
    "less_than": ("less than {lt}", "lt"),
    "too_short": ("a list of at least {min_length}", "min_length"),
    "too_long": ("a list of at most {max_length}", "max_length"),
    "string_too_long": ("at most {max_length} characters", "max_length"),
}


@dataclass(frozen=True)
class Problem:
    """One thing to put right in one file.

    `file` is relative to the trust home; `line` counts from 1 (in a table: the row as a spreadsheet counts
    it) and is None where the whole file is meant. `what`, where given, is the sentence that says what is
    wrong; otherwise it is made from `field`, `seen` and `expected`.
    """

    file: str
    line: int | None
    field: str
    seen: str = ""
    expected: str = ""
    nearest: str = ""
    remedy: str = ""
    what: str = ""

    def __str__(self) -> str:
        """The problem as one line of plain English: file, line, what was seen, what to write instead."""
        counted = "line" if self.file.endswith(_YAML_SUFFIXES) else "row"
        where = self.file if self.line is None else f"{self.file} {counted} {self.line}"
        said = self.what or f'"{self.field}" is "{self.seen}"; expected {self.expected}.'
        nearest = f' Did you mean "{self.nearest}"?' if self.nearest else ""
        remedy = f" {self.remedy}" if self.remedy else ""
        return f"{where}: {said}{nearest}{remedy}"


class ConfigurationError(Exception):
    """Raised when files of a trust home cannot be used; carries every problem found, in reading order."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = list(problems)


def find_nearest(word: str, known: Iterable[str]) -> str:
    """Return the known word closest to `word`, or an empty string where none is close."""
    by_folded = {name.casefold(): name for name in known}
    found = difflib.get_close_matches(word.casefold(), sorted(by_folded), n=1, cutoff=0.6)
    return by_folded[found[0]] if found else ""


def list_words(words: Iterable[str]) -> str:
    """Join words as a sentence does: "a", "a or b", "a, b or c"."""
    listed = [str(word) for word in words]
    return " or ".join(filter(None, [", ".join(listed[:-1]), *listed[-1:]]))


def name_file(path: Path, home: Path | None) -> str:
    """Name a file as messages do: relative to the home, or its bare name; never an absolute path."""
    if home is not None and path.is_relative_to(home):
        return path.relative_to(home).as_posix()
    return path.name


def wrong_value(expected: str, *, nearest: str = "", remedy: str = "") -> PydanticCustomError:
    """Make the error a model's validator raises where a value is not what the field takes.

    `expected` completes the sentence "... is "seen"; expected <expected>."
    """
    context = {"expected": expected, "nearest": nearest, "remedy": remedy}
    return PydanticCustomError("plumbline", "{expected}", context)


def say_problems(
    errors: Sequence[ErrorDetails],
    model: type[BaseModel],
    data: object,
    file: str,
    lines: Mapping[Place, int],
) -> list[Problem]:
    """Turn the errors of one validation into problems, each with the line it stands on, one per value."""
    problems: dict[tuple[Place, bool], Problem] = {}
    for error in errors:
        place = _find_place(error, data)
        line = next((lines[place[:n]] for n in range(len(place), -1, -1) if place[:n] in lines), None)
        problem = _say(error, model, place, file, line)
        problems.setdefault((place, "[key]" in error["loc"]), problem)
    meant = {(place[:-1], problem.nearest) for (place, _), problem in problems.items() if problem.nearest}
    telling = [
        problem
        for (place, about_key), problem in problems.items()
        # A word that is misspelled is not missing as well.
        if (place[:-1], problem.field) not in meant or problem.nearest
        # Of a union's choices the one that fits furthest is meant; the others complain at a place above it.
        if about_key
        or not any(len(other) > len(place) == _count_shared(place, other) for other, _ in problems)
    ]
    return sorted(telling, key=lambda problem: problem.line or 0)


def quote_seen(value: object) -> str:
    """Show a value as a file shows it, cut short where it is long."""
    shown = (
        value
        if isinstance(value, str)
        else ", ".join(map(str, value))
        if isinstance(value, list)
        else str(value)
    )
    shown = " ".join(shown.split())
    return shown if len(shown) <= _LONGEST_SEEN else shown[: _LONGEST_SEEN - 1] + "…"


def _say(error: ErrorDetails, model: type[BaseModel], place: Place, file: str, line: int | None) -> Problem:
    kind, context, seen = error["type"], error.get("ctx", {}), quote_seen(error["input"])
    field = next((str(part) for part in reversed(place) if isinstance(part, str)), "this file")
    if kind == "extra_forbidden":
        known = sorted(_list_known_words(model, place[:-1]))
        return _say_unknown_word(file, line, str(place[-1]), known)
    if kind == "missing":
        in_table = not file.endswith(_YAML_SUFFIXES)
        what = f'"{field}" is empty.' if in_table else f'"{field}" is missing.'
        remedy = "Fill in the cell." if in_table else "Add it."
        return Problem(file, line, field, expected="a value", remedy=remedy, what=what)
    if kind == "plumbline":
        if error["input"] is None:
            return _say_empty(file, line, field, str(context["expected"]))
        return Problem(
            file, line, field, seen, str(context["expected"]), str(context["nearest"]), str(context["remedy"])
        )
    if kind in ("literal_error", "enum"):
        known = re.findall(r"'([^']*)'", str(context["expected"]))
        if "[key]" in error["loc"]:
            return _say_unknown_word(file, line, str(place[-1]), known)
        if error["input"] is not None:
            nearest = find_nearest(seen, known)
            return Problem(file, line, field, seen, list_words(known), nearest)
    if kind in ("string_too_short", "none_required") or error["input"] is None:
        return _say_empty(file, line, field, _say_wanted(kind, context))
    if kind == "value_error":
        told = str(context.get("error", error["msg"])).removesuffix(".")
        named = f'"{field}"' if place else field
        holds_parts = isinstance(error["input"], (dict, list, BaseModel))
        what = f"{named}: {told}." if holds_parts else f'{named} is "{seen}": {told}.'
        return Problem(file, line, field, "" if holds_parts else seen, told, what=what)
    if isinstance(error["input"], (dict, list)):
        named = f'"{field}"' if place else "this file"
        shape = "a list" if isinstance(error["input"], list) else 'lines of the form "word: value"'
        what = f"{named} holds {shape}; expected {_say_wanted(kind, context)}."
        return Problem(file, line, field, shape, _say_wanted(kind, context), what=what)
    remedy = (
        "Put each entry on a line of its own after a dash." if _say_wanted(kind, context) == "a list" else ""
    )
    return Problem(file, line, field, seen, _say_wanted(kind, context) or error["msg"], remedy=remedy)


def _count_shared(place: Place, other: Place) -> int:
    return next((n for n, (one, two) in enumerate(zip(place, other, strict=False)) if one != two), len(place))


def _say_unknown_word(file: str, line: int | None, word: str, known: Sequence[str]) -> Problem:
    nearest = find_nearest(word, known)
    what = f'"{quote_seen(word)}" is not a word Plumbline knows here.'
    remedy = "" if nearest else f"It knows {', '.join(known)}."
    return Problem(file, line, word, quote_seen(word), list_words(known), nearest, remedy, what)


def _say_empty(file: str, line: int | None, field: str, wanted: str) -> Problem:
    what = f'"{field}" is empty; expected {wanted or "a value"}.'
    return Problem(file, line, field, "", wanted, what=what)


def _say_wanted(kind: str, context: Mapping[str, Any]) -> str:
    if kind in _LIMITS:
        sentence, key = _LIMITS[kind]
        return sentence.format(**{key: f"{context[key]:g}"})
    return _WANTED.get(kind.split("_")[0], "")


def _find_place(error: ErrorDetails, data: object) -> Place:
    """Walk an error's location along the data; parts that name a choice of a union are left out."""
    place: list[str | int] = []
    current = data
    last = error["loc"][-1] if error["loc"] else None
    for part in error["loc"]:
        in_mapping = isinstance(current, Mapping) and part in current
        in_list = isinstance(current, list) and isinstance(part, int) and part < len(current)
        if in_mapping or in_list:
            current = current[part]  # type: ignore[index]
        elif not (error["type"] == "missing" and part == last):
            continue
        place.append(part)
    return tuple(place)


def _list_known_words(model: type[BaseModel], place: Place) -> set[str]:
    """The words models take at a place: walk the annotations down to every model that may stand there."""
    standing: list[Any] = [model]
    for part in place:
        standing = [inner for kind in standing for inner in _step_into(kind, part)]
    return {
        field.alias or name
        for kind in standing
        for option in _list_options(kind)
        if isinstance(option, type) and issubclass(option, BaseModel)
        for name, field in option.model_fields.items()
    }


def _step_into(kind: Any, part: str | int) -> Iterator[Any]:
    for option in _list_options(kind):
        if isinstance(option, type) and issubclass(option, BaseModel):
            for name, field in option.model_fields.items():
                if part in (name, field.alias):
                    yield field.annotation
        elif arguments := get_args(option):
            yield arguments[-1] if issubclass(get_origin(option) or object, Mapping) else arguments[0]


def _list_options(kind: Any) -> Iterator[Any]:
    """The choices of a union, one by one; annotations are looked through."""
    if get_origin(kind) in (Union, types.UnionType):
        for option in get_args(kind):
            yield from _list_options(option)
    elif hasattr(kind, "__metadata__"):
        yield from _list_options(kind.__origin__)
    else:
        yield kind
