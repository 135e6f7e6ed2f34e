"""Standing: of all records a school has sent, which stand, which are repeated and which a newer file replaced.

Here lives what `replaces` in a format file means, over receipts in the order they arrived. Repeats within one
file are settled when it is landed (see `repeats`).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from ingest.contract import RECORD_KINDS
from ingest.fixes import Fix
from ingest.format_file import FormatFile, Period, Upsert
from ingest.records import Records


@dataclass
class Sent:
    """What one receipt gave: its format and its records by kind, with `bucket` and `reason`."""

    receipt_id: str
    format: FormatFile
    records: dict[str, Records]


def settle_standing(sent: Sequence[Sent]) -> tuple[dict[str, Records], dict[str, list[Fix]]]:
    """Return all records by kind with final `bucket`, `reason` and `related_receipt_id`; and fixes by receipt.

    `sent` is in order of arrival and stays as it is. Two records of one key in different files: the same again is
    a duplicate of the earlier; a different one replaces it, except in a format that only appends, where it is
    refused.
    """
    settled: dict[str, Records] = {}
    fixes: dict[str, list[Fix]] = {}
    for kind in RECORD_KINDS:
        orders: list[int] = []
        everything = Records.empty(kind)
        for order, one in enumerate(sent):
            if kind in one.records:
                everything.extend(one.records[kind])
                orders += [order] * len(one.records[kind])
        if not orders:
            continue
        everything.columns["related_receipt_id"] = [None] * len(orders)
        _replace_older(everything, orders, kind, sent)
        _settle_same_key(everything, orders, kind, sent, fixes)
        settled[kind] = everything
    return settled, fixes


def _replace_older(records: Records, orders: list[int], kind: str, sent: Sequence[Sent]) -> None:
    """Mark the records that the next newer receipt of the same format replaces."""
    places: dict[str, list[int]] = {}
    for place, order in enumerate(orders):
        places.setdefault(sent[order].format.format, []).append(place)
    for mine in places.values():
        form = sent[orders[mine[0]]].format
        if form.replaces == "append":
            continue
        scopes = list(_find_scopes(records, mine, form))
        # For each scope (all, a period, a key) the receipts that speak of it, oldest first.
        speaking: dict[tuple[Any, ...], list[int]] = {}
        for place, scope in zip(mine, scopes, strict=True):
            said = speaking.setdefault(scope, [])
            if records["bucket"][place] != "refused" and (not said or said[-1] != orders[place]):
                said.append(orders[place])
        if form.replaces == "snapshot":
            speaking[()] = sorted({*speaking[()], *_find_silent(kind, form, sent)})
        for place, scope in zip(mine, scopes, strict=True):
            newer = bisect_right(speaking[scope], orders[place])
            if records["bucket"][place] == "accepted" and newer < len(speaking[scope]):
                by = sent[speaking[scope][newer]].receipt_id
                _mark(records, place, "superseded", "a newer file replaces it", by)


def _find_scopes(records: Records, places: list[int], form: FormatFile) -> Iterator[tuple[Any, ...]]:
    if isinstance(form.replaces, Period):
        columns = [records[name] for name in form.replaces.period]
    elif isinstance(form.replaces, Upsert):
        columns = [records[name] for name in form.replaces.upsert]
    else:
        columns = []
    for place in places:
        yield tuple(column[place] for column in columns)


def _find_silent(kind: str, form: FormatFile, sent: Sequence[Sent]) -> Iterator[int]:
    """Yield the snapshots that say there is nothing of this kind: they hold other records, and none of it.

    A snapshot all of whose records of the kind were refused says nothing of the kind, and replaces none.
    """
    for order, one in enumerate(sent):
        if one.format.format == form.format and not len(one.records.get(kind, ())):
            others = (bucket for records in one.records.values() for bucket in records["bucket"])
            if any(bucket != "refused" for bucket in others):
                yield order


def _settle_same_key(
    records: Records, orders: list[int], kind: str, sent: Sequence[Sent], fixes: dict[str, list[Fix]]
) -> None:
    """Leave one standing record a key, in order of arrival: a repeat is a duplicate, another value a correction."""
    declared = RECORD_KINDS[kind]
    rest = [column.name for column in declared.columns if column.name not in declared.key]
    standing: dict[tuple[Any, ...], int] = {}
    for place, (key, bucket) in enumerate(zip(records.rows(declared.key), records["bucket"], strict=True)):
        if bucket != "accepted":
            continue
        earlier = standing.setdefault(key, place)
        if earlier == place:
            continue
        receipt_id = records["receipt_id"][earlier]
        if all(records[name][earlier] == records[name][place] for name in rest):
            _mark(records, place, "duplicate", "repeats an earlier file", receipt_id)
        elif sent[orders[place]].format.replaces == "append":
            _mark(records, place, "refused", "contradicts an earlier file", receipt_id)
            fix = _contradicts(records, place, receipt_id, records["file_row"][earlier])
            fixes.setdefault(records["receipt_id"][place], []).append(fix)
        else:
            by = records["receipt_id"][place]
            _mark(records, earlier, "superseded", "a newer file says otherwise", by)
            standing[key] = place


def _contradicts(records: Records, place: int, receipt_id: str, row: int) -> Fix:
    return Fix(
        code="contradicts an earlier file",
        field=records["source_column"][place] or "whole row",
        seen=f"another value than in file {receipt_id}, row {row}",
        expected="rows this export has not sent before",
        remedy="Correct it in the school's system and send the full export.",
        file_row=records["file_row"][place],
        records_held=1,
    )


def _mark(records: Records, place: int, bucket: str, reason: str, related: str) -> None:
    records["bucket"][place] = bucket
    records["reason"][place] = reason
    records["related_receipt_id"][place] = related
