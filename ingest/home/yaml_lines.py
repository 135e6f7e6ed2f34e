"""A YAML file as plain data, every word of it text, and the line each part stands on.

YAML guesses types (`no` becomes False, 012 the number ten); here no guess is made: a word stays the text the
person wrote until the field of a strict model says what it is. Only an empty value (also ~ and null) is None.
What the words mean does not live here.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import yaml

from ingest.home.problems import Place, Problem, quote_seen


@dataclass
class YamlText:
    """The parsed file: `data` of dicts, lists, text and None; `lines` from a place in it to a line from 1."""

    data: object = None
    lines: dict[Place, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


class _Composer(yaml.SafeLoader):
    """Builds the node tree; `*name` is refused, since a repeated part has no line of its own."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            mark = self.peek_event().start_mark  # type: ignore[no-untyped-call]
            raise yaml.composer.ComposerError(None, None, "found alias", mark)
        return super().compose_node(parent, index)


def parse_yaml(text: str, file: str) -> YamlText:
    """Parse the text of one YAML file; syntax errors and doubled keys stand in `problems`."""
    parsed = YamlText()
    try:
        loader = _Composer(text)
        try:
            node = loader.get_single_node()
        finally:
            loader.dispose()
        if node is not None:
            parsed.data = _unfold(node, (), parsed, file)
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        what = "there is a character here that a text file cannot hold."
        remedy = "Open the file in a text editor and save it again as UTF-8."
        parsed.problems.append(Problem(file, line, "this file", what=what, remedy=remedy))
    except yaml.MarkedYAMLError as error:
        parsed.problems.append(_say_syntax(error, text, file))
    except RecursionError:
        what = "lists or words stand inside each other too deep to read."
        parsed.problems.append(Problem(file, None, "this file", what=what, remedy="Look for stray [ or {."))
    return parsed


def _unfold(node: yaml.Node, place: Place, parsed: YamlText, file: str) -> object:
    parsed.lines.setdefault(place, node.start_mark.line + 1)
    if isinstance(node, yaml.SequenceNode):
        return [_unfold(item, (*place, number), parsed, file) for number, item in enumerate(node.value)]
    if isinstance(node, yaml.MappingNode):
        return _unfold_mapping(node, place, parsed, file)
    if node.tag == "tag:yaml.org,2002:null":
        return None
    return node.value


def _unfold_mapping(node: yaml.MappingNode, place: Place, parsed: YamlText, file: str) -> dict[str, object]:
    unfolded: dict[str, object] = {}
    first_lines: dict[str, int] = {}
    for key_node, value_node in node.value:
        line = key_node.start_mark.line + 1
        if not isinstance(key_node, yaml.ScalarNode):
            what = "a word before a colon was expected here, not a list or braces."
            remedy = "Put text that holds { or [ in quotes."
            parsed.problems.append(Problem(file, line, "this file", what=what, remedy=remedy))
            continue
        key = key_node.value
        if key in unfolded:
            what = f'"{quote_seen(key)}" stands here a second time; it is first on line {first_lines[key]}.'
            problem = Problem(file, line, key, seen=quote_seen(key), what=what, remedy="Keep one of the two.")
            parsed.problems.append(problem)
            continue
        first_lines[key] = parsed.lines[(*place, key)] = line
        unfolded[key] = _unfold(value_node, (*place, key), parsed, file)
    return unfolded


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
