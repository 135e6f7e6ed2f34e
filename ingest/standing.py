"""Standing: of all records a school has sent, which stand, which are repeated and which a newer file replaced.

Here lives what `replaces` in a format file means, over receipts in the order they arrived. Repeats within one
file are settled when it is landed (see `typed_records`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from ingest.contract import RECORD_KINDS
from ingest.fixes import Fix
from ingest.format_file import FormatFile, Period, Upsert


@dataclass
class Sent:
    """What one receipt gave: its format and its records by kind, with `bucket` and `reason`."""

    receipt_id: str
    format: FormatFile
    records: dict[str, pd.DataFrame]


def settle_standing(sent: Sequence[Sent]) -> tuple[dict[str, pd.DataFrame], dict[str, list[Fix]]]:
    """Return all records by kind with final `bucket`, `reason` and `related_receipt_id`; and fixes by receipt.

    `sent` is in order of arrival. Two records of one key in different files: the same again is a duplicate of
    the earlier; a different one replaces it, except in a format that only appends, where it is refused.
    """
    settled: dict[str, pd.DataFrame] = {}
    fixes: dict[str, list[Fix]] = {}
    for kind in RECORD_KINDS:
        frames = [
            frame.assign(_order=order, _format=one.format.format, related_receipt_id=None)
            for order, one in enumerate(sent)
            if (frame := one.records.get(kind)) is not None and len(frame)
        ]
        if not frames:
            continue
        all_records = pd.concat(frames, ignore_index=True)
        for order, one in enumerate(sent):
            if kind in one.records and any(o > order and s.format.format == one.format.format for o, s in enumerate(sent)):
                _replace_older(all_records, kind, order, one, sent)
        _settle_same_key(all_records, kind, sent, fixes)
        settled[kind] = all_records
    return settled, fixes


def _replace_older(records: pd.DataFrame, kind: str, order: int, one: Sent, sent: Sequence[Sent]) -> None:
    """Mark the older receipt's records that newer receipts of the same format replace."""
    newer = [o for o, s in enumerate(sent) if o > order and s.format.format == one.format.format]
    mine = records[(records["_order"] == order) & (records["bucket"] == "accepted")]
    for later in newer:
        replaces = sent[later].format.replaces
        theirs = records[(records["_order"] == later) & records["bucket"].isin(["accepted", "duplicate", "superseded"])]
        if theirs.empty or mine.empty:
            continue
        if replaces == "snapshot":
            hit = mine.index
        elif isinstance(replaces, Period | Upsert):
            columns = replaces.period if isinstance(replaces, Period) else replaces.upsert
            columns = [column for column in columns if column in records]
            wanted = theirs[columns].drop_duplicates()
            merged = mine[columns].reset_index().merge(wanted, on=columns, how="inner")
            hit = pd.Index(merged["index"])
        else:
            continue
        records.loc[hit, ["bucket", "reason"]] = ["superseded", "a newer file replaces it"]
        records.loc[hit, "related_receipt_id"] = sent[later].receipt_id
        mine = mine.drop(index=hit)


def _settle_same_key(records: pd.DataFrame, kind: str, sent: Sequence[Sent], fixes: dict[str, list[Fix]]) -> None:
    key = list(RECORD_KINDS[kind].key)
    content = [column.name for column in RECORD_KINDS[kind].columns if column.name not in key]
    standing = records[records["bucket"] == "accepted"]
    if not standing.duplicated(key, keep=False).any():
        return
    # The same record sent again, in a later file, needs no judgement: all at once.
    whole = [*key, *content]
    repeats = standing[standing.duplicated(whole)]
    first = standing.groupby(whole, dropna=False, sort=False)["receipt_id"].transform("first")
    distinct = standing.drop(index=repeats.index)
    again = distinct[distinct.duplicated(key, keep=False)]
    records.loc[repeats.index, ["bucket", "reason"]] = ["duplicate", "repeats an earlier file"]
    records.loc[repeats.index, "related_receipt_id"] = first[repeats.index]
    for _, group in again.groupby(key, dropna=False, sort=False):
        stands = group.index[0]
        for later in group.index[1:]:
            newest = sent[int(records.at[later, "_order"])]
            if newest.format.replaces == "append":
                _mark(records, later, "refused", "contradicts an earlier file", records.at[stands, "receipt_id"])
                fixes.setdefault(newest.receipt_id, []).append(
                    Fix(
                        code="contradicts an earlier file",
                        field=str(records.at[later, "source_column"] or "whole row"),
                        seen=f"another value than in file {records.at[stands, 'receipt_id']}, row {records.at[stands, 'file_row']}",
                        expected="rows this export has not sent before",
                        remedy="Correct it in the school's system and send the full export.",
                        file_row=int(records.at[later, "file_row"]),
                        records_held=1,
                    )
                )
            else:
                _mark(records, stands, "superseded", "a newer file says otherwise", records.at[later, "receipt_id"])
                stands = later


def _mark(records: pd.DataFrame, row: int, bucket: str, reason: str, related: str) -> None:
    records.loc[row, ["bucket", "reason", "related_receipt_id"]] = [bucket, reason, related]
