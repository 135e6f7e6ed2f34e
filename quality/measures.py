"""What is counted for each school: the columns of the profile, derived from the contract.

Here live the measures of a record kind that one condition on one record decides (a required column is
empty, a code is not in its list), each with the SQL of that condition, and the words for a count. Counts
that need other tables or other records (ledger, keys, shares) are named in rules.py and computed in
profile.py. No threshold is judged here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from ingest.contract import PROVENANCE, YEAR_GROUPS, Column, RecordKind
from quality.results import Thresholds

# The first word of an end -> the first word of its start: end_date, to_date, ends_on.
STARTS = {"end": "start", "to": "from", "ends": "starts"}


def _none(_: Thresholds) -> float:
    return 0.0


@dataclass(frozen=True)
class Measure:
    """One column of the profile and the limit it must keep.

    column: its name in the profile; says: words for a value, `{n}` being the value and `{a}` the rows
    affected. condition: SQL true for a record at fault, where the column is a plain count of such records.
    limit, bound: the value must be at most / at least what `bound` makes of the thresholds; by default none
    at all. affected: the profile column with the number of rows affected, where the value itself is not
    that number. optional: empty also for a school that sent such files, where there is too little to ask
    (see profile.py).
    """

    column: str
    says: str
    condition: str = ""
    limit: Literal["at_most", "at_least"] = "at_most"
    bound: Callable[[Thresholds], float] = _none
    affected: str = ""
    optional: bool = False

    @property
    def counts_faults(self) -> bool:
        """True where the value counts faults, of which there should be none."""
        return self.bound is _none


def quote(name: str) -> str:
    """Return an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def literal(value: str) -> str:
    """Return an SQL text literal."""
    return "'" + value.replace("'", "''") + "'"


def measure_missing(kind: RecordKind) -> Iterator[Measure]:
    """Yield a count of empty cells for every required column; white space is empty too."""
    for column in _columns(kind):
        if column.required:
            name = quote(column.name)
            empty = f"{name} IS NULL"
            if column.type not in ("integer", "decimal", "date"):
                # Nothing but spaces stands before "!"; asked first, since trimming each cell takes long.
                empty += f" OR ({name} < '!' AND trim({name}) = '')"
            yield _count(kind, column, "missing", "{n} without " + column.name, empty)


def measure_values(kind: RecordKind) -> Iterator[Measure]:
    """Yield a count of values the contract does not know: codes, year groups, years, numeric limits."""
    for column in _columns(kind):
        name = quote(column.name)
        codes = column.codes or (YEAR_GROUPS if column.type == "year_group" else ())
        if codes:
            listed = ", ".join(literal(code) for code in codes)
            yield _count(
                kind,
                column,
                "unknown",
                "{n} with another code in " + column.name,
                f"{name} NOT IN ({listed})",
            )
        if column.type == "academic_year":
            yield _count(
                kind, column, "malformed", "{n} with no academic year such as 2024/25 in " + column.name,
                f"{name} IS NOT NULL AND NOT coalesce(regexp_full_match({name}, '[0-9]{{4}}/[0-9]{{2}}') AND "
                f"(try_cast(left({name}, 4) AS INTEGER) + 1) % 100 = try_cast(right({name}, 2) AS INTEGER), "
                "false)",
            )  # fmt: skip
        if column.minimum is not None:
            words = "{n} below " + f"{column.minimum:g} in {column.name}"
            yield _count(kind, column, "below", words, f"{name} < {column.minimum!r}")
        if column.maximum is not None:
            words = "{n} above " + f"{column.maximum:g} in {column.name}"
            yield _count(kind, column, "above", words, f"{name} > {column.maximum!r}")


def measure_dates(kind: RecordKind) -> Iterator[Measure]:
    """Yield a count of dates after the day of the run, and of ends before their start.

    Which of two dates is the end of the other, the contract says by their names (see STARTS). An end may lie
    ahead (a leaving date known early).
    """
    dates = [column for column in _columns(kind) if column.type == "date"]
    names = {column.name for column in dates}
    for column in dates:
        name = quote(column.name)
        word, _, rest = column.name.partition("_")
        start = f"{STARTS[word]}_{rest}" if word in STARTS else ""
        if start not in names:
            words = "{n} after the day of the run in " + column.name
            yield _count(kind, column, "ahead", words, f"{name} > $as_of")
        else:
            words = "{n} with " + f"{column.name} before {start}"
            yield _count(kind, column, "before_start", words, f"{name} < {quote(start)}")


def _columns(kind: RecordKind) -> tuple[Column, ...]:
    return (*PROVENANCE, *kind.columns)


def _count(kind: RecordKind, column: Column, fault: str, says: str, condition: str) -> Measure:
    return Measure(f"{kind.name}__{column.name}__{fault}", says, condition)
