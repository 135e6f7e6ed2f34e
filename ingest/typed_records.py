"""Typed records: text records with the contract's types, each either standing or refused with a reason.

Here live the typing of columns, required columns and marks from values. How one text becomes a value lives in
`values`; repeats within a file in `repeats`; what a newer file replaces in `standing`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
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
        self._told: set[Fix] = set()

    def type_records(self, text: TextRecords) -> tuple[Records, list[Fix]]:
        """Return the records typed by the contract, with `bucket` (accepted or refused) and `reason`; and fixes."""
        kind, rows, count = RECORD_KINDS[text.kind], text.file_rows, len(text.file_rows)
        columns: dict[str, list[Any]] = {
            "record_id": [f"{self.receipt_id}:{row}:{text.ordinal}" for row in rows],
            "urn": [self.urn] * count,
            "receipt_id": [self.receipt_id] * count,
            "file_row": list(rows),
            "source_column": [text.source_column] * count,
            "pupil_key": list(map(self.keys.get, rows)),
        }
        reasons, fixes = self._find_row_reasons(text)
        for column in kind.columns:
            said, told = text.columns.get(column.name), column
            if said is None and column.name == "mark":
                values, problems = self._read_marks(columns, column)
                said, told = text.columns["value"], kind.column("value")
                # A value that is no mark is one fault; where the record is refused already, it has been told.
                problems = {i: problem for i, problem in problems.items() if reasons[i] is None}
            elif said is None:
                values, problems = [None] * count, {}
                if column.required:
                    problems = dict.fromkeys(range(count), MISSING)
            else:
                values, problems = self._read(kind.name, column, said)
            for i in sorted(problems):
                if rows[i] in self.refused or rows[i] in text.troubles:
                    continue  # the row's own fix says what is wrong
                seen = said[i] if said is not None else ""
                fixes.append(_fix(told, seen, problems[i], text, i, held=reasons[i] is None))
                if reasons[i] is None:
                    reasons[i] = f"{column.name.replace('_', ' ')} cannot be read"
            columns[column.name] = values
        columns["bucket"] = ["accepted" if reason is None else "refused" for reason in reasons]
        columns["reason"] = reasons
        return Records(columns), fixes

    def _find_row_reasons(self, text: TextRecords) -> tuple[list[str | None], list[Fix]]:
        """Return why each record is refused for what its row or its whole cell is, and what has not been told of it."""
        if not self.refused and not text.troubles:
            return [None] * len(text.file_rows), []
        reasons: list[str | None] = []
        fixes = []
        for row in text.file_rows:
            reason, trouble = self.refused.get(row), text.troubles.get(row)
            if reason is None and trouble is not None:
                reason = trouble.code
                if trouble not in self._told:
                    self._told.add(trouble)
                    fixes.append(trouble)
            reasons.append(reason)
        return reasons, fixes

    def _read(self, kind: str, column: Column, texts: Sequence[str]) -> tuple[list[Any], dict[int, NotAValue]]:
        """Return the values (None where blank or unreadable) and, by place, what is wrong."""
        known = self._known.setdefault((kind, column.name), {"": MISSING if column.required else None})
        distinct = set(texts)
        for text in distinct - known.keys():
            known[text] = self._read_one(column, text)
        values = list(map(known.__getitem__, texts))
        if not any(isinstance(known[text], NotAValue) for text in distinct):
            return values, {}
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
