"""Repeats: records of one file that say the same thing again, or contradict each other.

Here lives what becomes of them; a row is told of once, however many records it gives. Records of different files
with one key live in `standing`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from ingest.ages import AGE
from ingest.contract import RecordKind
from ingest.fixes import Fix, list_rows
from ingest.records import Records


def settle_repeats(kind: RecordKind, records: Records, *, expected: bool) -> list[Fix]:
    """Mark records of one file that repeat or contradict another, in place; return the fixes.

    The same record again is a duplicate of the first. Two records with one key that say different things are
    both refused: neither can be trusted. `expected` repeats (the layout says a thing on every row) need no fix.
    """
    key_columns = [records[name] for name in kind.key]
    # What is worked out from the row's identity follows from whose row it is, and contradicts nothing.
    rest = [records[c.name] for c in kind.columns if c.name not in kind.key and c.name != AGE]
    same_key: dict[tuple[object, ...], list[int]] = {}
    for i in records.find_sharing(kind.key):
        same_key.setdefault(tuple(column[i] for column in key_columns), []).append(i)
    against: dict[int, _Row] = {}
    again: dict[int, _Row] = {}
    for places in same_key.values():
        rows = [records["file_row"][i] for i in places]
        if len({tuple(column[i] for column in rest) for i in places}) > 1:
            for i, row in zip(places, rows, strict=True):
                records["bucket"][i], records["reason"][i] = "refused", "contradicts another row of this file"
                against.setdefault(row, _Row()).add(records["source_column"][i], rows)
            continue
        for i, row in zip(places[1:], rows[1:], strict=True):
            records["bucket"][i], records["reason"][i] = "duplicate", "repeats an earlier row of this file"
            if not expected:
                again.setdefault(row, _Row()).add(records["source_column"][i], rows[:1])
    return [
        *(_contradicts(row, found) for row, found in sorted(against.items())),
        *(_repeated(row, found) for row, found in sorted(again.items())),
    ]


@dataclass
class _Row:
    """What of one row is said elsewhere: from which columns, in which other rows, and how many records it is."""

    columns: set[str | None] = field(default_factory=set)
    rows: set[int] = field(default_factory=set)
    held: int = 0

    def add(self, column: str | None, rows: Iterable[int]) -> None:
        self.columns.add(column)
        self.rows.update(rows)
        self.held += 1

    @property
    def field(self) -> str:
        """The one column it is about, else the row."""
        return (next(iter(self.columns)) if len(self.columns) == 1 else None) or "whole row"


def _contradicts(row: int, found: _Row) -> Fix:
    return Fix(
        code="rows contradict each other",
        field=found.field,
        seen=f"different values for one pupil in {list_rows(sorted(found.rows))}",
        expected="one value",
        remedy="Keep the right row in the school's system and export again.",
        file_row=row,
        records_held=found.held,
    )


def _repeated(row: int, found: _Row) -> Fix:
    return Fix(
        code="row repeated",
        field=found.field,
        seen=f"the same as {list_rows(sorted(found.rows))}",
        expected="each pupil once",
        remedy="Nothing to do; the first is used. Check why the export lists the pupil twice.",
        file_row=row,
        severity="look",
        records_held=found.held,
    )
