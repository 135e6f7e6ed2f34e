"""A YAML file as plain data, every word of it text, and the line each part stands on.

YAML guesses types (`no` becomes False, 012 the number ten); here no guess is made: a word stays the text the
person wrote until the field of a strict model says what it is. Only an empty value (also ~ and null) is None.
What the words mean does not live here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import yaml

from ingest.home.problems import Place, Problem, quote_seen

# No file of a home or format goes deeper than ten.
_DEEPEST = 100
_NULL_TAG = "tag:yaml.org,2002:null"
_NULLS = ("", "~", "null", "Null", "NULL")


@dataclass
class YamlText:
    """The parsed file: `data` of dicts, lists, text and None; `lines` from a place in it to a line from 1."""

    data: object = None
    lines: dict[Place, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def parse_yaml(text: str, file: str) -> YamlText:
    """Parse the text of one YAML file; syntax errors and doubled keys stand in `problems`."""
    try:
        # The two loaders differ on tabs; the plain one's way is to refuse them.
        return _read_events(text, file, yaml.SafeLoader if "\t" in text else _FAST_LOADER)
    except (yaml.YAMLError, UnicodeError, RecursionError):
        # What is wrong is said by the plain loader, in words we know advice for.
        pass
    what, remedy, line = "", "", None
    try:
        return _read_events(text, file, yaml.SafeLoader)
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        what = "there is a character here that a text file cannot hold."
        remedy = "Open the file in a text editor and save it again as UTF-8."
    except yaml.MarkedYAMLError as error:
        return YamlText(problems=[_say_syntax(error, text, file)])
    except RecursionError:
        what = "lists or words stand inside each other too deep to read."
        remedy = "Look for stray [ or {."
    return YamlText(problems=[Problem(file, line, "this file", what=what, remedy=remedy)])


Events = Iterator[yaml.Event]
Loader = type[yaml.SafeLoader] | type[yaml.CSafeLoader]
# The fast loader is not on every system.
_FAST_LOADER: Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def _read_events(text: str, file: str, loader: Loader) -> YamlText:
    """Read the one document of a text, event by event: neither loader then goes deeper than Python may."""
    parsed = YamlText()
    # The first two events open the stream and its document.
    events: Events = yaml.parse(text, loader)
    next(events)
    if isinstance(next(events), yaml.StreamEndEvent):
        return parsed
    parsed.data = _unfold(next(events), (), parsed, file, events)
    next(events)
    following = next(events)
    if not isinstance(following, yaml.StreamEndEvent):
        problem = "expected a single document"
        raise yaml.composer.ComposerError(None, None, problem, following.start_mark)  # type: ignore[arg-type]
    return parsed


def _unfold(event: yaml.Event, place: Place, parsed: YamlText, file: str, events: Events) -> object:
    if isinstance(event, yaml.AliasEvent):
        # A repeated part has no line of its own.
        raise yaml.composer.ComposerError(None, None, "found alias", event.start_mark)  # type: ignore[arg-type]
    if len(place) > _DEEPEST:
        raise RecursionError
    parsed.lines.setdefault(place, _find_line(event))
    if isinstance(event, yaml.SequenceStartEvent):
        items: list[object] = []
        while not isinstance(item := next(events), yaml.SequenceEndEvent):
            items.append(_unfold(item, (*place, len(items)), parsed, file, events))
        return items
    if isinstance(event, yaml.MappingStartEvent):
        return _unfold_mapping(place, parsed, file, events)
    assert isinstance(event, yaml.ScalarEvent)
    is_bare = event.tag is None and event.implicit[0]
    return None if event.tag == _NULL_TAG or (is_bare and event.value in _NULLS) else event.value


def _unfold_mapping(place: Place, parsed: YamlText, file: str, events: Events) -> dict[str, object]:
    unfolded: dict[str, object] = {}
    first_lines: dict[str, int] = {}
    while not isinstance(key_event := next(events), yaml.MappingEndEvent):
        line = _find_line(key_event)
        if not isinstance(key_event, yaml.ScalarEvent):
            what = "a word before a colon was expected here, not a list or braces."
            remedy = "Put text that holds { or [ in quotes."
            problem = Problem(file, line, "this file", what=what, remedy=remedy)
        elif key_event.value in unfolded:
            key, first = quote_seen(key_event.value), first_lines[key_event.value]
            what = f'"{key}" stands here a second time; it is first on line {first}.'
            problem = Problem(file, line, key_event.value, seen=key, what=what, remedy="Keep one of the two.")
        else:
            key = key_event.value
            first_lines[key] = parsed.lines[(*place, key)] = line
            unfolded[key] = _unfold(next(events), (*place, key), parsed, file, events)
            continue
        parsed.problems.append(problem)
        # What is not kept is read past, with nothing of it remembered.
        beside = YamlText()
        if not isinstance(key_event, yaml.ScalarEvent):
            _unfold(key_event, (*place, 0), beside, file, events)
        _unfold(next(events), (*place, 0), beside, file, events)
    return unfolded


def _find_line(event: yaml.Event) -> int:
    mark = event.start_mark
    assert mark is not None
    return mark.line + 1


def _say_syntax(error: yaml.MarkedYAMLError, text: str, file: str) -> Problem:
    mark = error.problem_mark or error.context_mark
    line, column = (mark.line + 1, mark.column + 1) if mark else (None, 0)
    rows = text.splitlines()
    seen = quote_seen(rows[line - 1]) if line and line <= len(rows) else ""
    cause = f"{error.context or ''} {error.problem or ''}"
    remedy = "Look at this line and the one above: indents, colons, dashes and quotes."
    for sign, advice in _ADVICE:
        if sign in cause:
            remedy = advice
            break
    what = f"the file cannot be read from column {column} of this line on."
    return Problem(file, line, "this file", seen, "YAML", "", remedy, what)


_ADVICE = (
    ("found alias", "Write the part out again; put text that starts with * in quotes."),
    ("cannot start any token", "Use spaces, not tabs; put text that starts with @, ` or % in quotes."),
    ("mapping values are not", "A second colon, or a wrong indent: put text that holds a colon in quotes."),
    ("could not find expected ':'", "A word here lacks its colon."),
    ("while scanning a quoted scalar", "A quote is opened and not closed."),
    ("expected a single document", "A line of --- starts a second document; keep one."),
    ("flow", "A [ or { is opened and not closed, or a comma is missing."),
    ("expected <block end>", "This line's indent does not fit the lines above it."),
)  # fmt: skip
