"""Foretold: the lines of `plumbline check` about records that were read and that a refresh would not place.

Here lives the wording only; the comparing is ingest's.
"""

from __future__ import annotations

from collections.abc import Iterator

from ingest import SchoolTables
from ingest.foretelling import Unplaced, list_unconfirmed, list_unplaced
from ingest.home import Home

MOST_NAMED = 12  # values of one list named in lines of their own; a column of names may hold very many
WHAT = {
    "academic_year_not_reported": "academic year",
    "subject_unknown": "subject",
    "assessment_unknown": "assessment",
}


def describe_unplaced(home: Home, tables: SchoolTables) -> Iterator[str]:
    """Yield what refresh would leave out of every figure as far as the home's own lists tell, and what to do."""
    found = list_unplaced(home, tables.records)
    if found:
        yield "  Read, but not placed in any figure by a refresh:"
    for unplaced in found[:MOST_NAMED]:
        yield f"    {_count(unplaced.records, unplaced.kind)}: {_say_why(unplaced)}. {unplaced.remedy}"
    if rest := found[MOST_NAMED:]:
        number = sum(unplaced.records for unplaced in rest)
        yield f"    {number:,} more, with {len(rest):,} other values that are not in trust.yml"


def describe_unconfirmed(tables: SchoolTables) -> Iterator[str]:
    """Yield what a drafted format still leaves open; nothing where every word was written."""
    found = list_unconfirmed(tables.records)
    if found:
        where = ", ".join(f"{column.replace('_', ' ')} of {_count(number, kind)}" for kind, column, number in found)
        yield f"The format still holds 'To be confirmed': {where}."
        yield "What to do: write the right word in the format file in place of it, and try the file again."


def _say_why(unplaced: Unplaced) -> str:
    if unplaced.reason_code == "result_type_differs":
        return f"result type {unplaced.seen} by trust.yml"
    return f"{WHAT[unplaced.reason_code]} “{unplaced.seen}” is not in trust.yml"


def _count(number: int, kind: str) -> str:
    return f"{number:,} {(kind.removesuffix('s') if number == 1 else kind).replace('_', ' ')}"
