"""Rules: the kinds of record a drafted format gives, each filled in as far as the export tells, the rest to confirm.

Here lives the making of one rule and what a newer file replaces. Which columns there are is found in `drafting`.
"""

from __future__ import annotations

from collections.abc import Sequence

from ingest.contract import RECORD_KINDS
from ingest.draft.meanings import are_numbers
from ingest.draft.wording import CONFIRM, Rule
from ingest.pattern import Pattern

_REPLACES = {
    "pupils": ["academic_year"],
    "results": ["academic_year", "subject", "assessment", "window_label"],
    "groups": ["group_set", "academic_year"],
    "attendance": ["session_date"],
    "attendance_totals": ["from_date"],
    "suspensions": ["starts_on"],
    "judgements": ["academic_year", "framework", "subject"],
    "moderation": ["academic_year", "subject", "window_label", "level"],
}


def make_wide_rule(pattern: str, cells: list[str], columns: int) -> Rule:
    """Return the rule of `columns` columns whose headings fit `pattern`, with the text of their cells."""
    places = Pattern(pattern).places
    if "day" in places:
        rule = Rule("attendance", pattern, {"session_date": "day", "mark_code": "cell"})
        if "session" in places:
            rule.fields["session"] = "session"
        else:
            rule.set["session"] = "AM"
            rule.confirm.append("the headings do not say AM or PM: AM is written for now")
        return rule
    rule = Rule("results", pattern, {"subject": "subject", "value": "cell"})
    for place, column in (("term", "window_label"), ("academic_year", "academic_year"), ("year_group", "year_group")):
        if place in places:
            rule.fields[column] = place
    rule.set["result_type"] = "test" if are_numbers(cells) else "teacher_judgement"
    rule.confirm.append(
        f"{columns} columns headed like “{pattern}” hold {'marks of a test' if are_numbers(cells) else 'judgements'}"
    )
    return rule


def make_unread_rule(heading: str, cells: list[str]) -> Rule:
    """Return the rule of a column that looks like results and names no subject."""
    rule = Rule("results", heading, {"value": "cell"}, {"subject": CONFIRM})
    rule.set["result_type"] = "test" if are_numbers(cells) else "teacher_judgement"
    rule.confirm.append(f"“{heading}” looks like results: write its subject under `set`, or move it to `leave_out`")
    return rule


def make_marks_rule(given: set[str]) -> Rule | None:
    """Return the rule of a cell with a week's marks; None where nothing says which week."""
    rule = Rule("attendance", None, {"session_date": "day", "session": "session", "mark_code": "mark"})
    first = next((word for word in ("week_begins", "session_date", "from_date", "exported_on") if word in given), "")
    if not first:
        return None
    rule.each_mark = ("marks", first)
    rule.confirm.append(f"each cell of marks begins on the day of “{first}” and has two marks for each of five days")
    return rule


def complete_rule(rule: Rule, given: set[str], year: str) -> None:
    """Fill in what every record of the kind needs: from a title or column that says it, else fixed, to confirm."""
    kind = RECORD_KINDS[rule.kind]
    for column in kind.columns:
        if column.name in rule.fields or column.name in rule.set:
            continue
        if column.name in given and column.name in ("academic_year", "year_group", "subject", "from_date", "to_date"):
            rule.fields[column.name] = column.name
        elif column.name == "academic_year" and (column.required or rule.kind == "pupils") and year:
            rule.set["academic_year"] = year
            rule.confirm.append(f"the export does not say its academic year: {year} is written for now")
        elif column.required:
            rule.set[column.name] = column.codes[0] if column.codes else CONFIRM
            rule.confirm.append(f"the export does not say its {column.name.replace('_', ' ')}: write it under `set`")


def choose_replaces(rules: Sequence[Rule]) -> list[str]:
    """Return the columns of which a newer file replaces all older records: those that every kind of record has."""
    shared = set.intersection(*({c.name for c in RECORD_KINDS[rule.kind].columns} for rule in rules))
    return [name for name in _REPLACES[rules[0].kind] if name in shared and _is_said(name, rules)]


def _is_said(name: str, rules: Sequence[Rule]) -> bool:
    return all(name in rule.fields or name in rule.set for rule in rules)
