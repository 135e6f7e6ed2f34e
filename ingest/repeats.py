"""Repeats: records of one file that say the same thing again, or contradict each other.

Here lives what becomes of them. Records of different files with one key live in `standing`.
"""

from __future__ import annotations

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
    fixes: list[Fix] = []
    for places in same_key.values():
        if len({tuple(column[i] for column in rest) for i in places}) > 1:
            fixes += _refuse_all(records, places)
            continue
        for i in places[1:]:
            records["bucket"][i], records["reason"][i] = "duplicate", "repeats an earlier row of this file"
            if not expected:
                fixes.append(_repeated(records, i, records["file_row"][places[0]]))
    return fixes


def _refuse_all(records: Records, places: list[int]) -> list[Fix]:
    rows = sorted({records["file_row"][i] for i in places})
    for i in places:
        records["bucket"][i], records["reason"][i] = "refused", "contradicts another row of this file"
    return [
        Fix(
            code="rows contradict each other",
            field=records["source_column"][i] or "whole row",
            seen=f"different values for one pupil in {list_rows(rows)}",
            expected="one value",
            remedy="Keep the right row in the school's system and export again.",
            file_row=records["file_row"][i],
            records_held=1,
        )
        for i in places
    ]


def _repeated(records: Records, place: int, first: int) -> Fix:
    return Fix(
        code="row repeated",
        field=records["source_column"][place] or "whole row",
        seen=f"the same as row {first}",
        expected="each pupil once",
        remedy="Nothing to do; the first is used. Check why the export lists the pupil twice.",
        file_row=records["file_row"][place],
        severity="look",
        records_held=1,
    )
