"""Wording: a drafted format as the text of a YAML file, with a note at each line a person must confirm.

Here lives the text only; what it says is decided in `drafting`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ingest.format_file import Order

CONFIRM = "To be confirmed"


@dataclass(frozen=True)
class Line:
    """One column: its heading, our word for it, and why a person should look ('' where it is sure)."""

    heading: str
    word: str
    why: str


@dataclass
class Rule:
    """One kind of record: its header pattern (None: plain columns), its fields, and what is the same in each."""

    kind: str
    each_column: str | None
    fields: dict[str, str]
    set: dict[str, str] = field(default_factory=dict)
    each_mark: tuple[str, str] | None = None
    confirm: list[str] = field(default_factory=list)


def word_draft(
    *,
    name: str,
    title: str,
    titles: Sequence[str],
    header_rows: int,
    columns: Sequence[Line],
    leave_out: Sequence[str],
    footers: Sequence[str],
    dates: Order,
    values: Mapping[str, Mapping[str, str]],
    rules: Sequence[Rule],
    replaces: Sequence[str],
    confirm: Sequence[str],
) -> str:
    """Return the text of the format file. The words of a format are explained in docs/add-a-format.md."""
    lines = [
        "# A first draft, made from the headings of an export and a look at its cells. Before you rely on it:",
        *(f"#   - {note}" for note in confirm),
        "# Then try it: plumbline check FILE --school URN. What the words mean: docs/add-a-format.md",
        f"format: {name}",
        f"title: {_quote(title)}            # say what the export is",
    ]
    if titles:
        lines += ["", "title_rows:", *(f"  - {_quote(text)}" for text in titles)]
    if header_rows > 1:
        lines += ["", f"header_rows: {header_rows}"]
    lines += ["", "columns:"]
    lines += [f"  {_quote(c.heading)}: {c.word}" + (f"  # confirm: {c.why}" if c.why else "") for c in columns]
    if leave_out:
        lines += ["", "# Not read. Move a line up to `columns` if it should be.", "leave_out:"]
        lines += [f"  - {_quote(text)}" for text in leave_out]
    if footers:
        lines += ["", "footers:", *(f"  - {_quote(text)}" for text in footers)]
    if values:
        lines += ["", "values:"]
        for word, spellings in values.items():
            said = ", ".join(f"{_quote(text)}: {_quote(code)}" for text, code in spellings.items())
            lines.append(f"  {word}: {{{said}}}")
    lines += ["", f"dates: {dates}", "", "records:"]
    for rule in rules:
        lines += _word_rule(rule)
    lines += ["", "# What a newer file replaces: all older records with the same words in these columns."]
    lines += ["replaces:", f"  period: [{', '.join(replaces)}]"] if replaces else ["replaces: snapshot"]
    return "\n".join(lines) + "\n"


def _word_rule(rule: Rule) -> list[str]:
    lines = [f"  - kind: {rule.kind}"]
    if rule.each_column:
        lines.append(f"    each_column: {_quote(rule.each_column)}")
    if rule.each_mark:
        lines.append(f"    each_mark: {{cell: {rule.each_mark[0]}, first_day: {rule.each_mark[1]}}}")
    lines += ["    fields:", *(f"      {column}: {word}" for column, word in rule.fields.items())]
    if rule.set:
        lines.append("    set:")
        lines += [f"      {column}: {_quote(text)}  # confirm" for column, text in rule.set.items()]
    return lines


def _quote(text: str) -> str:
    # A JSON text is a YAML text in quotes, whatever it holds.
    return json.dumps(text, ensure_ascii=False)
