"""Drafting: from what was seen of an unknown export to a format file that can be tried at once.

Here lives the choice of the records a row gives and of what a person must confirm. How the file is worded lives in
`wording`, what a column means in `meanings`, header patterns in `headings`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ingest.contract import RECORD_KINDS
from ingest.draft.headings import find_pattern
from ingest.draft.look import Seen, make_footer_pattern, make_title_pattern, see_sheet
from ingest.draft.meanings import (
    Lexicon,
    Meaning,
    are_marks_of_a_week,
    are_numbers,
    are_short_codes,
    find_order,
    guess_meaning,
    is_order_sure,
    make_lexicon,
)
from ingest.draft.spellings import find_spellings
from ingest.draft.wording import CONFIRM, Line, Rule, word_draft
from ingest.format_file import IDENTITY_WORDS, SCHOOL_WORDS, FormatFile, Order
from ingest.pattern import Pattern, plain_text
from ingest.readers import Unreadable, read_sheets
from ingest.recognise import read_header

# What a row of each kind cannot do without, of the columns an export (and not the format) gives; in the order tried.
_TELLING = {
    "suspensions": ("starts_on", "category"),
    "attendance": ("session_date", "mark_code"),
    "attendance_totals": ("mark_code", "sessions"),
    "judgements": ("statement", "value"),
    "results": ("subject", "value"),
    "groups": ("group_set", "group_name"),
}
_REPLACES = {
    "pupils": ["academic_year"],
    "results": ["academic_year", "subject", "assessment", "window_label"],
    "groups": ["group_set", "academic_year"],
    "attendance": ["session_date"],
    "attendance_totals": ["from_date"],
    "suspensions": ["starts_on"],
    "judgements": ["academic_year", "framework", "subject"],
}


class DraftError(Exception):
    """No format can be drafted from this file; the message says why and what to do."""


@dataclass(frozen=True)
class Draft:
    """A drafted format: its name, the text of its YAML file, what is sure, and what a person must confirm."""

    name: str
    text: str
    sure: list[str]
    confirm: list[str]


@dataclass
class _Plan:
    """What the draft will say, as it is found out."""

    columns: list[Line] = field(default_factory=list)
    leave_out: list[str] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)
    confirm: list[str] = field(default_factory=list)
    sure: list[str] = field(default_factory=list)
    values: dict[str, dict[str, str]] = field(default_factory=dict)
    dates: Order = "day_month_year"


def draft_format(
    file: Path, formats: Iterable[FormatFile], name: str, *, subjects: Sequence[str] = (), year: str = ""
) -> Draft:
    """Return a format called `name` for the export in `file`.

    `formats`: those there are, from whose headings it learns; `subjects`: the trust's names for them; `year`: the
    academic year to write where the export says none. Raises DraftError where the file holds no table with
    headings, no pupil or nothing to report, and OSError where it cannot be opened.
    """
    formats = list(formats)
    lexicon = make_lexicon(formats)
    seen = _choose_sheet(file, lexicon)
    titles = [pattern for text in seen.titles if (pattern := make_title_pattern(text))]
    plan = _find_columns(seen, lexicon, subjects)
    given = {line.word for line in plan.columns} | {p for text in titles for p in Pattern(text).places}
    _find_records(plan, seen, given, year)
    plan.values, asked = find_spellings(plan.columns, plan.rules, seen, formats)
    plan.confirm += asked
    if not any(line.word in IDENTITY_WORDS for line in plan.columns):
        raise DraftError(
            "No column says who the pupil is. Add the UPN, the admission number or the name to the export "
            "(docs/exports.md), or write the format by hand (docs/add-a-format.md)."
        )
    if not plan.rules:
        raise DraftError(
            "No column holds anything Plumbline keeps records of: no year group, result, judgement, mark or group "
            "was found. If the export does hold them, copy the nearest format by hand (docs/add-a-format.md)."
        )
    plan.sure.append(f"the headings are in row {seen.header_row + 1}, with {seen.rows} rows of data below")
    footers = list(dict.fromkeys(make_footer_pattern(text) for text in seen.footers))
    text = word_draft(
        name=name, title=f"Drafted from {seen.rows} rows", titles=titles, header_rows=seen.header_rows,
        columns=plan.columns, leave_out=plan.leave_out, footers=footers, dates=plan.dates, values=plan.values,
        rules=plan.rules,
        replaces=_choose_replaces(plan.rules), confirm=plan.confirm,
    )  # fmt: skip
    return Draft(name, text, plan.sure, plan.confirm)


def fits_sheet(form: FormatFile, file: Path) -> bool:
    """Whether a (drafted) format recognises some sheet of the file."""
    return any(
        (header := read_header(sheet, form, row)) is not None and header.fits
        for sheet in read_sheets(file)
        for row in range(min(len(sheet.rows), 40))
    )


def _choose_sheet(file: Path, lexicon: Lexicon) -> Seen:
    try:
        sheets = read_sheets(file)
    except Unreadable as problem:
        raise DraftError(f"{problem.reason} {problem.remedy}") from None
    looks = [seen for sheet in sheets if (seen := see_sheet(sheet, lexicon.keys())) is not None]
    # Without one known heading the row might be a pupil's, and its cells would stand in the draft.
    looks = [seen for seen in looks if any(heading.casefold() in lexicon for heading in seen.headings)]
    if not looks:
        raise DraftError(
            "No row has headings Plumbline knows, such as UPN, Admission number or Surname. Check that the export has "
            "one row of column headings with the data below it, or write the format by hand (docs/add-a-format.md)."
        )
    return max(looks, key=lambda seen: seen.rows)


def _find_columns(seen: Seen, lexicon: Lexicon, subjects: Sequence[str]) -> _Plan:
    plan = _Plan()
    kind = _choose_kind(seen, lexicon, subjects)
    wanted = {*IDENTITY_WORDS, *SCHOOL_WORDS, *(column.name for column in RECORD_KINDS[kind].columns)}
    wanted |= {"group_name"} if kind == "pupils" else set()
    dates: list[str] = []
    taken: set[str] = set()
    wide: dict[str, list[list[str]]] = {}
    for heading, cells in zip(seen.headings, seen.columns, strict=True):
        if not heading:
            continue
        meaning = guess_meaning(heading, cells, lexicon, wanted - taken)
        pattern = _find_unknown_pattern(heading, lexicon, subjects) if not meaning.word else None
        if are_marks_of_a_week(cells) and kind in ("attendance", "pupils"):
            meaning = Meaning("marks", False, "each cell holds the marks of several sessions")
        if meaning.word:
            taken.add(meaning.word)
            plan.columns.append(Line(heading, meaning.word, meaning.why))
            if meaning.sure:
                plan.sure.append(f"“{heading}” is {meaning.word}")
            else:
                plan.confirm.append(f"“{heading}” is {meaning.word}: {meaning.why}")
            if "date" in meaning.word or meaning.word.endswith("_on"):
                dates += cells
        elif pattern and are_short_codes(cells):
            wide.setdefault(pattern, []).append(cells)
        else:
            plan.leave_out.append(heading)
    for pattern, columns in wide.items():
        plan.rules.append(_make_wide_rule(pattern, [cell for cells in columns for cell in cells], len(columns)))
    order = find_order(dates)
    if order:
        plan.dates = order
        if not is_order_sure(dates, order):
            plan.confirm.append(f"dates are read as {order.replace('_', '-')}; every date here fits other orders too")
    elif dates:
        plan.confirm.append("the dates do not all fit one order; day-month-year is written for now")
    return plan


def _choose_kind(seen: Seen, lexicon: Lexicon, subjects: Sequence[str]) -> str:
    """Return the kind of record a row mostly is: the first whose telling columns are all there, else pupils."""
    said = {word for heading in seen.headings for word in lexicon.get(plain_text(heading).casefold(), ())}
    for kind, needed in _TELLING.items():
        if said.issuperset(needed):
            return kind
    if any(are_marks_of_a_week(cells) for cells in seen.columns):
        return "attendance"
    patterns = [found for text in seen.headings if (found := _find_unknown_pattern(text, lexicon, subjects))]
    if any("{day}" in pattern for pattern in patterns):
        return "attendance"
    return "results" if patterns or "value" in said else "pupils"


def _find_unknown_pattern(heading: str, lexicon: Lexicon, subjects: Sequence[str]) -> str | None:
    """Return the pattern behind a heading that no known format has, if there is one."""
    return None if plain_text(heading).casefold() in lexicon else find_pattern(heading, subjects)


def _make_wide_rule(pattern: str, cells: list[str], columns: int) -> Rule:
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


def _find_records(plan: _Plan, seen: Seen, given: set[str], year: str) -> None:
    """Add the rules of the plain columns, and fill in what no column says."""
    if any(line.word == "marks" for line in plan.columns):
        plan.rules.append(_make_marks_rule(plan, seen, given))
    words = {line.word for line in plan.columns}
    for kind, needed in _TELLING.items():
        if words.issuperset(needed):
            names = {column.name for column in RECORD_KINDS[kind].columns}
            plan.rules.append(Rule(kind, None, {word: word for word in sorted(words & names)}))
            break
    else:
        if not plan.rules and words & {"year_group", "date_of_birth", "start_date"}:
            names = {column.name for column in RECORD_KINDS["pupils"].columns}
            plan.rules.append(Rule("pupils", None, {word: word for word in sorted(words & names)}))
            if "group_name" in words:
                rule = Rule("groups", None, {"group_name": "group_name"}, {"group_type": "class", "group_set": "class"})
                plan.rules.append(rule)
    for rule in plan.rules:
        _complete(rule, given | words, year)
        plan.confirm += rule.confirm


def _make_marks_rule(plan: _Plan, seen: Seen, given: set[str]) -> Rule:
    rule = Rule("attendance", None, {"session_date": "day", "session": "session", "mark_code": "mark"})
    first = next((word for word in ("week_begins", "session_date", "from_date", "exported_on") if word in given), "")
    if not first:
        raise DraftError(
            "The cells hold the marks of a week, but nothing says which week. Add the week's first day to the export, "
            "as a column or in a title row."
        )
    rule.each_mark = ("marks", first)
    rule.confirm.append(f"each cell of marks begins on the day of “{first}” and has two marks for each of five days")
    return rule


def _complete(rule: Rule, given: set[str], year: str) -> None:
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


def _choose_replaces(rules: Sequence[Rule]) -> list[str]:
    """Return the columns of which a newer file replaces all older records: those that every kind of record has."""
    shared = set.intersection(*({c.name for c in RECORD_KINDS[rule.kind].columns} for rule in rules))
    return [name for name in _REPLACES[rules[0].kind] if name in shared and _is_said(name, rules)]


def _is_said(name: str, rules: Sequence[Rule]) -> bool:
    return all(name in rule.fields or name in rule.set for rule in rules)
