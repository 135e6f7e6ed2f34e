"""Standing, against a plain reading of the rules: whatever schools send again, the same records are left."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.contract import ATTENDANCE
from ingest.fixes import LISTED_OF_A_FIELD
from ingest.format_file import FormatFile
from ingest.kept_records import HELD_AT_MOST, KeptRecords
from ingest.records import OUTCOME, Records
from ingest.standing import Sent, settle_standing
from ingest.tables import read_columns, write_table

COLUMNS = (*ATTENDANCE.schema.names, *OUTCOME)
DAYS = [dt.date(2025, 9, 8) + dt.timedelta(n) for n in range(3)]
REPLACES: list[Any] = [
    "snapshot",
    "append",
    {"period": ["session_date"]},
    {"period": ["session_date", "session"]},
    {"upsert": ["pupil_key", "session_date", "session"]},
]


def make_form(name: str, replaces: object) -> FormatFile:
    return FormatFile.model_validate(
        {
            "format": name,
            "title": name,
            "columns": {"UPN": "upn", "Day": "day", "Session": "session", "Mark": "mark"},
            "records": [
                {
                    "kind": "attendance",
                    "fields": {"session_date": "day", "session": "session", "mark_code": "mark"},
                }
            ],
            "replaces": replaces,
        }
    )


def make_records(receipt_id: str, marks: Sequence[tuple[str, dt.date | None, str, str, str]]) -> Records:
    """Return marks (pupil, day, session, mark, bucket) as a file gave them; none but refused ones lacks its day."""
    columns: dict[str, list[Any]] = {name: [] for name in COLUMNS}
    for row, (pupil, day, session, mark, bucket) in enumerate(marks, start=2):
        values = {
            "record_id": f"{receipt_id}:{row}:1", "urn": "999901", "receipt_id": receipt_id, "file_row": row,
            "pupil_key": pupil, "session_date": day, "session": session, "mark_code": mark, "bucket": bucket,
            "reason": None if bucket == "accepted" else "said before",
        }  # fmt: skip
        for name, filled in columns.items():
            filled.append(values.get(name))
    return Records(columns)


@st.composite
def draw_files(draw: st.DrawFn) -> list[Sent]:
    """Files of three formats with few pupils and days, so that they meet; within a file each key is accepted once."""
    forms = [make_form(name, draw(st.sampled_from(REPLACES))) for name in ("one", "two", "three")]
    sent = []
    for number in range(draw(st.integers(1, 5))):
        keys = draw(
            st.lists(
                st.tuples(st.sampled_from("ab"), st.sampled_from(DAYS), st.sampled_from(["AM", "PM"])),
                unique=True,
                max_size=6,
            )
        )
        marks = [
            (*key, draw(st.sampled_from("/I")), draw(st.sampled_from(["accepted"] * 4 + ["refused", "duplicate"])))
            for key in keys
        ]
        records = {"attendance": make_records(f"r{number}", marks)} if draw(st.booleans()) or marks else {}
        sent.append(Sent(f"r{number}", draw(st.sampled_from(forms)), records))
    return sent


def find_scope(form: FormatFile, record: dict[str, Any]) -> tuple[Any, ...]:
    names = getattr(form.replaces, "period", None) or getattr(form.replaces, "upsert", [])
    return tuple(record[name] for name in names)


def settle_plainly(sent: Sequence[Sent]) -> list[tuple[str, str | None]]:
    """Return bucket and related receipt of each record, one record after another, as the rules are worded."""
    records = []
    for order, one in enumerate(sent):
        given = one.records.get("attendance", Records.empty("attendance"))
        for values in given.rows(COLUMNS):
            records.append(dict(zip(COLUMNS, values, strict=True)) | {"order": order, "related": None})
    for record in records:
        form = sent[record["order"]].format
        if record["bucket"] != "accepted" or form.replaces == "append":
            continue
        speaking = {
            other["order"]
            for other in records
            if other["bucket"] != "refused"
            and sent[other["order"]].format.format == form.format
            and find_scope(form, other) == find_scope(form, record)
            and other["order"] > record["order"]
        }
        record["newer"] = min(speaking, default=None)
    for record in records:
        if record.get("newer") is not None:
            record |= {"bucket": "superseded", "related": f"r{record['newer']}"}
    standing: dict[tuple[Any, ...], dict[str, Any]] = {}
    for record in records:
        if record["bucket"] != "accepted":
            continue
        key = tuple(record[name] for name in ATTENDANCE.key)
        earlier = standing.setdefault(key, record)
        if earlier is record:
            continue
        if earlier["mark_code"] == record["mark_code"]:
            record |= {"bucket": "duplicate", "related": earlier["receipt_id"]}
        elif sent[record["order"]].format.replaces == "append":
            record |= {"bucket": "refused", "related": earlier["receipt_id"]}
        else:
            earlier |= {"bucket": "superseded", "related": record["receipt_id"]}
            standing[key] = record
    return [(record["bucket"], record["related"]) for record in records]


@settings(max_examples=150, deadline=None)
@given(draw_files())
def test_what_stands_is_what_the_rules_say(sent: list[Sent]) -> None:
    before = [{k: dict(r.columns) for k, r in one.records.items()} for one in sent]
    settled, fixes = settle_standing(sent)
    found = settled.get("attendance", Records({"bucket": [], "related_receipt_id": []}))
    assert list(found.rows(["bucket", "related_receipt_id"])) == settle_plainly(sent)
    held = sum(fix.records_held for some in fixes.values() for fix in some)
    contradicting = [r for r in found["bucket"] if r == "refused"]
    said_before = sum(one.records["attendance"]["bucket"].count("refused") for one in sent if one.records)
    assert held == len(contradicting) - said_before
    assert before == [{k: dict(r.columns) for k, r in one.records.items()} for one in sent]


def test_many_contradictions_of_an_earlier_file_are_counted_and_not_all_listed() -> None:
    form = make_form("one", "append")
    marks = [(f"p{n}", DAYS[0], "AM", "/", "accepted") for n in range(200)]
    other = [(f"p{n}", DAYS[0], "AM", "I", "accepted") for n in range(200)]
    sent = [Sent(f"r{n}", form, {"attendance": make_records(f"r{n}", some)}) for n, some in enumerate((marks, other))]
    _, fixes = settle_standing(sent)
    assert len(fixes["r1"]) == LISTED_OF_A_FIELD + 1
    assert sum(fix.records_held for fix in fixes["r1"]) == 200


@pytest.mark.parametrize("count", [1, HELD_AT_MOST, HELD_AT_MOST + 1])
def test_kept_records_are_read_as_they_were_written(tmp_path: Any, count: int) -> None:
    """Few are held, many are read at each use; both say the same."""
    marks = [(f"p{n}", DAYS[n % 3], "AM", "/", "accepted") for n in range(count)]
    records = make_records("r1", marks)
    path = tmp_path / "attendance.parquet"
    write_table(records.columns, ATTENDANCE.schema, path)
    written = {name: records[name] for name in ATTENDANCE.schema.names}
    for kept in (KeptRecords(path, count), KeptRecords(path, count, records)):
        assert len(kept) == count
        assert {name: kept[name] for name in written} == written
        assert list(kept.rows(["pupil_key", "session_date"])) == list(records.rows(["pupil_key", "session_date"]))
        kept.copy_to(tmp_path / "there" / "copy.parquet")
        assert read_columns(tmp_path / "there" / "copy.parquet") == written
