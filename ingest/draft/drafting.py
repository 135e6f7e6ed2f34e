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
    are_like_results,
    are_marks_of_a_week,
    are_short_codes,
    find_order,
    guess_meaning,
    is_order_sure,
    is_usual,
    make_lexicon,
)
from ingest.draft.rules import choose_replaces, complete_rule, make_marks_rule, make_unread_rule, make_wide_rule
from ingest.draft.spellings import find_spellings
from ingest.draft.wording import Line, Rule, word_draft
from ingest.format_file import IDENTITY_WORDS, SCHOOL_WORDS, FormatFile, Order
from ingest.pattern import Pattern, plain_text
from ingest.readers import Unreadable, read_sheets

# What a row of each kind cannot do without, of the columns an export (and not the format) gives; in the order tried.
_TELLING = {
    "suspensions": ("starts_on", "category"),
    "attendance": ("session_date", "mark_code"),
    "attendance_totals": ("mark_code", "sessions"),
    "moderation": ("judged_value", "moderated_value"),
    "judgements": ("statement", "value"),
    "results": ("subject", "value"),
    "groups": ("group_set", "group_name"),
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
        name=name, title=f"{name.replace('_', ' ').capitalize()} (drafted)",
        titles=titles, header_rows=seen.header_rows, columns=plan.columns, leave_out=plan.leave_out,
        footers=footers, dates=plan.dates, values=plan.values, rules=plan.rules,
        replaces=choose_replaces(plan.rules), confirm=plan.confirm,
    )  # fmt: skip
    return Draft(name, text, plan.sure, plan.confirm)


def _choose_sheet(file: Path, lexicon: Lexicon) -> Seen:
    try:
        sheets = read_sheets(file)
    except Unreadable as problem:
        raise DraftError(f"{problem.reason} {problem.remedy}") from None
    looks = [seen for sheet in sheets if (seen := see_sheet(sheet, lexicon.keys())) is not None]
    # Without one known heading the row might be a pupil's, and its cells would stand in the draft.
    looks = [seen for seen in looks if any(is_usual(heading, lexicon) for heading in seen.headings)]
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
    unread: list[tuple[str, list[str]]] = []
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
        elif plain_text(heading).casefold() not in lexicon and are_like_results(heading, cells):
            unread.append((heading, cells))
        else:
            plan.leave_out.append(heading)
    _add_unread(plan, kind, unread)
    for pattern, columns in wide.items():
        plan.rules.append(make_wide_rule(pattern, [cell for cells in columns for cell in cells], len(columns)))
    order = find_order(dates)
    if order:
        plan.dates = order
        if not is_order_sure(dates, order):
            plan.confirm.append(f"dates are read as {order.replace('_', '-')}; every date here fits other orders too")
    elif dates:
        plan.confirm.append("the dates do not all fit one order; day-month-year is written for now")
    return plan


def _add_unread(plan: _Plan, kind: str, unread: Sequence[tuple[str, list[str]]]) -> None:
    """Take columns that look like results and name no subject as results of a subject to be confirmed.

    Beside results or pupils only: a roll must not be drafted over marks that nobody looked at.
    """
    for heading, cells in unread:
        if kind not in ("results", "pupils"):
            plan.leave_out.append(heading)
            plan.confirm.append(f"“{heading}” looks like results and is not read")
            continue
        plan.rules.append(make_unread_rule(heading, cells))


def _choose_kind(seen: Seen, lexicon: Lexicon, subjects: Sequence[str]) -> str:
    """Return the kind of record a row mostly is: the first whose telling columns are all there, else pupils."""
    everything = {*IDENTITY_WORDS, *(c.name for kind in RECORD_KINDS.values() for c in kind.columns)}
    said: set[str] = set()
    for heading, cells in zip(seen.headings, seen.columns, strict=True):
        known = lexicon.get(plain_text(heading).casefold())
        said |= known if known is not None else {guess_meaning(heading, cells, lexicon, everything).word}
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


def _find_records(plan: _Plan, seen: Seen, given: set[str], year: str) -> None:
    """Add the rules of the plain columns, and fill in what no column says."""
    if any(line.word == "marks" for line in plan.columns):
        rule_of_marks = make_marks_rule(given)
        if rule_of_marks is None:
            raise DraftError(
                "The cells hold the marks of a week, but nothing says which week. Add the week's first day to the "
                "export, as a column or in a title row."
            )
        plan.rules.append(rule_of_marks)
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
        complete_rule(rule, given | words, year)
        plan.confirm += rule.confirm
