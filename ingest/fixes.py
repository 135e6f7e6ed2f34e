"""Fixes: things a person should put right in a file, each with row, field, what was seen, expected and to do.

Here lives the one type and the rule that an identifier is described, never shown; whose a row's identifiers are
lives in `own_identifiers`. Which things are wrong is
decided where they are met (layout, reshape, typing, identities, standing).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from ingest.names import fold_name

LONGEST_SEEN = 60
ROWS_NAMED = 5
# Of the same thing in one file, this many lines are listed for each column, and this many for all of them.
LISTED_OF_A_FIELD = 50
LISTED_OF_ALL = 500
# So long a text in a cell is no value of a column, and may be a note about somebody.
LONGEST_SHOWN = 30
# Digits in a row, unless they are decimals. A date without its dashes has eight, a pupil's number more; so a cell
# of eight is not shown, and one of nine is no value.
_DIGITS = r"(?<![0-9])(?<![0-9][.,])[0-9]{%d,}"
_MAY_BE_NUMBER = re.compile(_DIGITS % 8)
# A spreadsheet turns a UPN without its letter into powers of ten.
_NUMBER = re.compile(_DIGITS % 9 + r"|[0-9](?:[.,][0-9]+)?E\+?1[0-9](?![0-9])", re.IGNORECASE)
_SPACED_UPN = re.compile(r"[A-Z]?[0-9]{11,12}[A-Z]?", re.IGNORECASE)


@dataclass(frozen=True)
class Fix:
    """One line of the fix-list. `records_held` is how many records are not used because of it.

    severity: `fix` where something is not used until it is put right, `look` where a person should know.
    """

    code: str
    field: str
    seen: str
    expected: str
    remedy: str
    file_row: int | None = None
    severity: str = "fix"
    records_held: int = 0


def show(value: str) -> str:
    """Return a heading or a name of a file for a fix-list, cut to a readable length; for a cell see `show_cell`."""
    return value if len(value) <= LONGEST_SEEN else value[: LONGEST_SEEN - 1] + "…"


def holds_number(text: str) -> bool:
    """Whether a text holds what may be a pupil's number: a UPN, also in another writing, or nine digits in a row."""
    return bool(_NUMBER.search(text) or _SPACED_UPN.fullmatch("".join(text.split())))


def show_cell(text: str, *own: Collection[str]) -> str:
    """Return a cell's text for a fix-list, or its shape where it may tell who the pupil is.

    `own`: what the file says of the row's pupil, and of others, as folded names and words of names (see
    `own_identifiers`).
    """
    folded = fold_name(text)
    tells = any(word in known for known in own for word in (folded, *folded.split()))
    if tells or len(text) > LONGEST_SHOWN or _MAY_BE_NUMBER.search(text) or holds_number(text):
        return describe_shape(text)
    return text


def list_rows(rows: Sequence[int]) -> str:
    """Return `row 3`, `rows 3, 4` or, of many, the first few and how many more."""
    named = ", ".join(str(row) for row in rows[:ROWS_NAMED])
    more = f" and {len(rows) - ROWS_NAMED} more" if len(rows) > ROWS_NAMED else ""
    return f"row{'s' if len(rows) > 1 else ''} {named}{more}"


def describe_shape(value: str) -> str:
    """Return what an identifier looks like without giving it away: `13 characters (12 digits, 1 letter)`."""
    digits = sum(char.isdigit() for char in value)
    letters = sum(char.isalpha() for char in value)
    other = len(value) - digits - letters
    parts = [
        f"{count} {word if count != 1 else word[:-1]}"
        for count, word in ((digits, "digits"), (letters, "letters"), (other, "other characters"))
        if count
    ]
    if not parts:
        return "nothing"
    return f"{len(value)} characters ({', '.join(parts)}); not shown, as it may identify a pupil"


def cut_short(fixes: Iterable[Fix]) -> list[Fix]:
    """Return the fixes of one file with the same problem listed so many times at most, then once for all the rest.

    The same problem has one code, severity, expected and remedy. The line for the rest says in how many rows it
    stands, names the first of them and holds back what all of them do, so that nothing is lost from any sum.
    """
    listed: list[Fix] = []
    of_field: Counter[tuple[str, ...]] = Counter()
    of_all: Counter[tuple[str, ...]] = Counter()
    rest: dict[tuple[str, ...], list[Fix]] = {}
    for fix in fixes:
        problem = (fix.code, fix.severity, fix.expected, fix.remedy)
        here = (*problem, fix.field)
        if of_field[here] < LISTED_OF_A_FIELD and of_all[problem] < LISTED_OF_ALL:
            of_field[here] += 1
            of_all[problem] += 1
            listed.append(fix)
        else:
            rest.setdefault(here if of_field[here] else problem, []).append(fix)
    return listed + [_say_rest(more) if len(more) > 1 else more[0] for more in rest.values()]


def _say_rest(more: list[Fix]) -> Fix:
    rows = sorted({fix.file_row for fix in more if fix.file_row is not None})
    fields = list(dict.fromkeys(fix.field for fix in more))
    times = f"{len(rows)} more row{'s' if len(rows) > 1 else ''}" if rows else f"{len(more)} more places"
    span = f", from row {rows[0]} to row {rows[-1]}" if len(rows) > 1 else ""
    return replace(
        more[0],
        field=fields[0] if len(fields) == 1 else f"{len(fields)} columns, from “{fields[0]}” to “{fields[-1]}”",
        seen=f"the same in {times}{span}",
        remedy=f"{more[0].remedy} This line stands for {times}{span}.",
        file_row=rows[0] if rows else None,
        records_held=sum(fix.records_held for fix in more),
    )
