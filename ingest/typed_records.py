"""Typed records: text records with the contract's types, each either standing or refused with a reason.

Here live the typing of columns, required columns and marks from values. How one text becomes a value lives in
`values`; repeats within a file in `repeats`; what a newer file replaces in `standing`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from ingest.contract import RECORD_KINDS, Column
from ingest.fixes import Fix, describe_shape, show
from ingest.format_file import FormatFile
from ingest.pattern import plain_text
from ingest.records import Records
from ingest.reshape import TextRecords
from ingest.values import NotAValue, read_value

MISSING = NotAValue("a value", "Fill in the cell in the school's system and export again.")


class Typist:
    """Types the records of one file: `keys` and `refused` say of each row whose it is, or why nobody's.

    A record whose row is refused (no pupil, torn row) is refused with the row's reason; one with a cell that
    cannot be read, or a required one that is empty, with that cell's.
    """

    def __init__(
        self, form: FormatFile, keys: Mapping[int, str], refused: Mapping[int, str], urn: str, receipt_id: str
    ) -> None:
        self.form = form
        self.keys = keys
        self.refused = refused
        self.urn = urn
        self.receipt_id = receipt_id
        self._not_marks = {plain_text(text).casefold() for text in form.not_marks}
        # The same few texts come again in every column of a wide file.
        self._known: dict[tuple[str, str], dict[str, Any]] = {}

    def type_records(self, text: TextRecords) -> tuple[Records, list[Fix]]:
        """Return the records typed by the contract, with `bucket` (accepted or refused) and `reason`; and fixes."""
        kind, count = RECORD_KINDS[text.kind], len(text.file_rows)
        fixes: list[Fix] = []
        reasons = [self.refused.get(row) for row in text.file_rows]
        columns: dict[str, list[Any]] = {
            "record_id": [f"{self.receipt_id}:{row}:{text.ordinal}" for row in text.file_rows],
            "urn": [self.urn] * count,
            "receipt_id": [self.receipt_id] * count,
            "file_row": list(text.file_rows),
            "source_column": [text.source_column] * count,
            "pupil_key": [self.keys.get(row) for row in text.file_rows],
        }
        for column in kind.columns:
            said = text.columns.get(column.name)
            if said is None and column.name == "mark":
                values, problems = self._read_marks(columns, column)
                said, told = text.columns["value"], kind.column("value")
                # A value that is no mark is one fault; where the record is refused already, it has been told.
                problems = {i: problem for i, problem in problems.items() if reasons[i] is None}
            elif said is None:
                values, problems, told = [None] * count, {}, column
            else:
                values, problems = self._read(kind.name, column, said)
                told = column
            if column.required:
                problems |= {i: MISSING for i, value in enumerate(values) if value is None and i not in problems}
            for i in sorted(problems):
                if text.file_rows[i] in self.refused:
                    continue  # the row's own fix says what is wrong
                seen = said[i] if said is not None else ""
                fixes.append(_fix(told, seen, problems[i], text, i, held=reasons[i] is None))
                if reasons[i] is None:
                    reasons[i] = f"{column.name.replace('_', ' ')} cannot be read"
            columns[column.name] = values
        columns["bucket"] = ["accepted" if reason is None else "refused" for reason in reasons]
        columns["reason"] = reasons
        return Records(columns), fixes

    def _read(self, kind: str, column: Column, texts: list[str]) -> tuple[list[Any], dict[int, NotAValue]]:
        """Return the values (None where blank or unreadable) and, by place, what is wrong."""
        known = self._known.setdefault((kind, column.name), {"": None})
        for text in set(texts) - known.keys():
            known[text] = self._read_one(column, text)
        values = [known[text] for text in texts]
        wrong = {i: value for i, value in enumerate(values) if isinstance(value, NotAValue)}
        for i in wrong:
            values[i] = None
        return values, wrong

    def _read_one(self, column: Column, text: str) -> Any:
        limits = self.form.ranges.get(column.name)
        if limits:
            column = replace(column, minimum=limits[0], maximum=limits[1])
        try:
            return read_value(column, text, self.form.dates)
        except NotAValue as problem:
            return problem

    def _read_marks(self, columns: Mapping[str, list[Any]], column: Column) -> tuple[list[Any], dict[int, NotAValue]]:
        """A test's value is its mark, unless the format says that text is not a mark (absent, for instance)."""
        texts = [
            value if value is not None and result_type == "test" and not self._is_no_mark(value) else ""
            for value, result_type in zip(columns["value"], columns["result_type"], strict=True)
        ]
        return self._read("results", column, texts)

    def _is_no_mark(self, value: str) -> bool:
        return plain_text(value).casefold() in self._not_marks


def _fix(column: Column, seen: str, problem: NotAValue, text: TextRecords, place: int, *, held: bool) -> Fix:
    words = column.name.replace("_", " ")
    header = text.source_column if column.name == "value" else None
    shown = describe_shape(seen) if column.sensitivity == "identifier" else show(seen)
    return Fix(
        code=f"{words} cannot be read" if seen else f"{words} missing",
        field=header or text.headers.get(column.name, words),
        seen=shown if seen else "an empty cell",
        expected=problem.expected,
        remedy=problem.remedy,
        file_row=text.file_rows[place],
        records_held=int(held),
    )


def hold_by_row(fixes: Iterable[Fix], refused: Mapping[int, str], held: Mapping[int, int]) -> list[Fix]:
    """Return the fixes with, at the one that tells why a row is refused, how many records that row holds back."""
    told: set[int] = set()
    counted = []
    for fix in fixes:
        row = fix.file_row
        if row is not None and row not in told and refused.get(row) == fix.code:
            told.add(row)
            fix = replace(fix, records_held=held.get(row, 0))
        counted.append(fix)
    return counted
