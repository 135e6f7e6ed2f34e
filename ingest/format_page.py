"""Format page: one export format in words and tables, made from its YAML, for the people who set the export up.

Here lives the page's text (Markdown). Nothing is said that the file does not say: its opening comment is the
introduction, and the meaning of each column is the contract's.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ingest.contract import IDENTITY, RECORD_KINDS
from ingest.format_file import CELL, SCHOOL_WORDS, FormatFile, Period, RecordRule, Upsert
from ingest.home.problems import list_words

_SCHOOL = {
    "school_urn": "the school's URN; rows go to the school they name",
    "school_laestab": "the school's LAESTAB; rows go to the school they name",
    "school_name": "the school's name, as in the register; rows go to the school they name",
}
_DATES = {
    "day_month_year": "day, month, year (21/07/2026)",
    "month_day_year": "month, day, year (07/21/2026)",
    "year_month_day": "year, month, day (2026-07-21)",
}


def write_page(form: FormatFile, yaml_text: str = "") -> str:
    """Return the page of one format; `yaml_text` is its file, whose opening comment introduces it."""
    parts = [f"# {form.title}", f"Format `{form.format}`, version {form.version}.", read_introduction(yaml_text)]
    parts += ["## Headings it reads", "\n".join(_write_columns(form))]
    parts += list(_write_around(form))
    parts += ["## What a row gives", "\n".join(_write_rule(rule, form) for rule in form.records)]
    if form.values:
        parts += ["## Spellings it knows", "\n".join(_write_values(form))]
    parts += ["## When a newer file arrives", _write_replaces(form)]
    return "\n\n".join(part for part in parts if part) + "\n"


def read_introduction(yaml_text: str) -> str:
    """Return the comment above the first word of the file as a paragraph."""
    lines = []
    for line in yaml_text.splitlines():
        if not line.startswith("#"):
            break
        lines.append(line.removeprefix("#").strip())
    return "\n".join(lines).strip()


def find_yaml(form: FormatFile, folders: list[Path]) -> str:
    """Return the text of the format's file in the last of `folders` that has it; '' where none has."""
    for folder in reversed(folders):
        path = folder / f"{form.format}.yml"
        if path.exists():
            return path.read_text("utf-8-sig", errors="replace")
    return ""


def _write_columns(form: FormatFile) -> Iterator[str]:
    yield "| heading | also called | what it is | needed |"
    yield "|---|---|---|---|"
    for name, word in form.columns.items():
        also = ", ".join(_cell(text) for text in form.also_called.get(name, []))
        needed = "no" if name in form.optional else "yes"
        yield f"| {_cell(name)} | {also} | {_describe(form, word)} | {needed} |"
    for rule in form.records:
        if rule.each_column:
            yield f"| any that fit `{_cell(rule.each_column)}` | | one record each (below) | at least one |"


def _describe(form: FormatFile, word: str | None) -> str:
    if word is None:
        return "read past"
    if word in SCHOOL_WORDS:
        return _SCHOOL[word]
    known = {column.name: column.description for column in IDENTITY}
    if word in known:
        return known[word] + " (kept apart; says who the pupil is)"
    for rule in form.records:
        for column, source in rule.fields.items():
            if source == word:
                return RECORD_KINDS[rule.kind].column(column).description
        if rule.each_mark and word == rule.each_mark.cell:
            return "the marks of several sessions in a row"
        if rule.each_mark and word == rule.each_mark.first_day:
            return "the day of the first mark"
    return "kept for nothing yet"


def _write_around(form: FormatFile) -> Iterator[str]:
    if form.header_rows == 2:
        yield "The headings stand in two lines, read as one: the upper one holds for the columns to its right."
    if form.leave_out:
        yield "May be there and is not read: " + ", ".join(f"`{text}`" for text in form.leave_out) + "."
    if form.title_rows:
        lines = "\n".join(f"- `{text}`" for text in form.title_rows)
        yield f"Rows above the headings that are understood (any other is passed over):\n\n{lines}"
    if form.footers:
        lines = "\n".join(f"- `{text}`" for text in form.footers)
        yield f"Rows below the data that are no pupil's:\n\n{lines}"
    if form.blanks:
        yield "As good as an empty cell: " + ", ".join(f"`{text}`" for text in form.blanks) + "."
    if form.not_marks:
        yield "Kept as the result, but not a mark: " + ", ".join(f"`{text}`" for text in form.not_marks) + "."
    yield f"Dates are read as {_DATES[form.dates]}."


def _write_rule(rule: RecordRule, form: FormatFile) -> str:
    kind = RECORD_KINDS[rule.kind]
    each = f" for each column headed `{rule.each_column}`" if rule.each_column else ""
    if rule.each_mark:
        count = rule.each_mark.days * len(rule.each_mark.sessions)
        each = f" for each of the {count} marks in a cell"
    lines = [f"- A record of **{rule.kind.replace('_', ' ')}**{each} ({kind.grain}):"]
    headings = {word: name for name, word in form.columns.items() if word}
    for column, word in rule.fields.items():
        if word == CELL:
            source = "the cell"
        elif word in headings:
            source = f"`{headings[word]}`"
        else:
            source = f"“{word}” in the heading, the title or the marks"
        lines.append(f"  - {column.replace('_', ' ')}: from {source}")
    lines += [f"  - {column.replace('_', ' ')}: always `{text}`" for column, text in rule.set.items()]
    return "\n".join(lines)


def _write_values(form: FormatFile) -> Iterator[str]:
    yield "| of | written | kept as |"
    yield "|---|---|---|"
    for word, spellings in form.values.items():
        for seen, ours in spellings.items():
            yield f"| {word.replace('_', ' ')} | {_cell(seen)} | {_cell(ours)} |"


def _write_replaces(form: FormatFile) -> str:
    if isinstance(form.replaces, Period):
        words = list_words(name.replace("_", " ") for name in form.replaces.period).replace(" or ", " and ")
        return f"It replaces everything older of the same {words}; the rest stays."
    if isinstance(form.replaces, Upsert):
        words = list_words(name.replace("_", " ") for name in form.replaces.upsert).replace(" or ", " and ")
        return f"Each record replaces the older one of the same {words}; what it does not mention stays."
    if form.replaces == "snapshot":
        return "It replaces everything an older file of this format said."
    return "It adds to the older ones and replaces nothing; a row that contradicts an older one is not used."


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
