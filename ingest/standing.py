"""Standing: of all records a school has sent, which stand, which are repeated and which a newer file replaced.

Here lives what `replaces` in a format file means, over receipts in the order they arrived. Repeats within one
file are settled when it is landed (see `repeats`).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import compress, repeat
from typing import Any

from ingest.contract import RECORD_KINDS
from ingest.fixes import Fix, cut_short
from ingest.format_file import FormatFile, Period, Upsert
from ingest.records import Records


@dataclass
class Sent:
    """What one receipt gave: its format and its records by kind, with `bucket` and `reason`."""

    receipt_id: str
    format: FormatFile
    records: dict[str, Records]


@dataclass(frozen=True)
class _Span:
    """The records one receipt gave, among all of a kind: `order` is the receipt's place in the order of arrival."""

    order: int
    start: int
    stop: int


def settle_standing(sent: Sequence[Sent]) -> tuple[dict[str, Records], dict[str, list[Fix]]]:
    """Return all records by kind with final `bucket`, `reason` and `related_receipt_id`; and fixes by receipt.

    `sent` is in order of arrival and stays as it is. Two records of one key in different files: the same again is
    a duplicate of the earlier; a different one replaces it, except in a format that only appends, where it is
    refused.
    """
    settled: dict[str, Records] = {}
    fixes: dict[str, list[Fix]] = {}
    for kind in RECORD_KINDS:
        spans: list[_Span] = []
        everything = Records.empty(kind)
        for order, one in enumerate(sent):
            if len(one.records.get(kind, ())):
                start = len(everything)
                everything.extend(one.records[kind])
                spans.append(_Span(order, start, len(everything)))
        if not spans:
            continue
        everything.columns["related_receipt_id"] = [None] * len(everything)
        _replace_older(everything, spans, kind, sent)
        _settle_same_key(everything, spans, kind, sent, fixes)
        settled[kind] = everything
    return settled, {receipt_id: cut_short(found) for receipt_id, found in fixes.items()}


def _replace_older(records: Records, spans: Sequence[_Span], kind: str, sent: Sequence[Sent]) -> None:
    """Mark the records that the next newer receipt of the same format replaces."""
    by_format: dict[str, list[_Span]] = {}
    for span in spans:
        by_format.setdefault(sent[span.order].format.format, []).append(span)
    for mine in by_format.values():
        form = sent[mine[0].order].format
        if form.replaces == "append":
            continue
        silent = [] if form.replaces != "snapshot" else [_Span(n, 0, 0) for n in _find_silent(kind, form, sent)]
        # From the newest back: for each scope (all, a period, a key) the next newer receipt that speaks of it.
        newer: dict[tuple[Any, ...], str] = {}
        for span in sorted([*mine, *silent], key=lambda span: span.order, reverse=True):
            scopes = list(_find_scopes(records, span, form))
            _mark_superseded(records, span, list(map(newer.get, scopes)) if newer else [])
            spoken = scopes if span in mine else [()]
            buckets = records["bucket"][span.start : span.stop]
            if "refused" in buckets:  # a refused record speaks of nothing
                spoken = list(compress(spoken, [bucket != "refused" for bucket in buckets]))
            newer.update(dict.fromkeys(spoken, sent[span.order].receipt_id))


def _mark_superseded(records: Records, span: _Span, by: Sequence[str | None]) -> None:
    """Mark the accepted records of the span that a newer receipt (`by`, one a record) replaces."""
    buckets, reasons, related = records["bucket"], records["reason"], records["related_receipt_id"]
    for place, receipt_id in enumerate(by, start=span.start):
        if receipt_id is not None and buckets[place] == "accepted":
            buckets[place], reasons[place] = "superseded", "a newer file replaces it"
            related[place] = receipt_id


def _find_scopes(records: Records, span: _Span, form: FormatFile) -> Iterator[tuple[Any, ...]]:
    """Yield what each record of the span speaks of: nothing in particular, a period or a key."""
    names: list[str] = []
    if isinstance(form.replaces, Period):
        names = form.replaces.period
    elif isinstance(form.replaces, Upsert):
        names = form.replaces.upsert
    columns = [records[name][span.start : span.stop] for name in names]
    return zip(*columns, strict=True) if columns else repeat((), span.stop - span.start)


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
    records: Records, spans: Sequence[_Span], kind: str, sent: Sequence[Sent], fixes: dict[str, list[Fix]]
) -> None:
    """Leave one standing record a key, in order of arrival: a repeat is a duplicate, another value a correction."""
    declared = RECORD_KINDS[kind]
    key_columns = [records[name] for name in declared.key]
    rest = [records[column.name] for column in declared.columns if column.name not in declared.key]
    starts = [span.start for span in spans]
    standing: dict[tuple[Any, ...], int] = {}
    for place in records.find_sharing(declared.key):
        key = tuple(column[place] for column in key_columns)
        earlier = standing.setdefault(key, place)
        if earlier == place:
            continue
        receipt_id = records["receipt_id"][earlier]
        form = sent[spans[bisect_right(starts, place) - 1].order].format
        if all(column[earlier] == column[place] for column in rest):
            _mark(records, place, "duplicate", "repeats an earlier file", receipt_id)
        elif form.replaces == "append":
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
