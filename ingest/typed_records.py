"""Typed records: text records with the contract's types, each either standing or refused with a reason.

Here live the typing of columns, required columns and marks from values. How one text becomes a value lives in
`values`; repeats within a file in `repeats`; what a newer file replaces in `standing`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from ingest.contract import RECORD_KINDS, Column
from ingest.fixes import Fix, describe_shape, holds_number
from ingest.format_file import FormatFile
from ingest.layout import PUPILS_NUMBER
from ingest.own_identifiers import OWN_IDENTIFIER, OwnIdentifiers
from ingest.pattern import plain_text
from ingest.records import Records
from ingest.reshape import TextRecords
from ingest.values import NotAValue, read_value

MISSING = NotAValue("a value", "Fill in the cell in the school's system and export again.")
# No code of a register is longer; what is longer was typed by a person and may speak of one.
LONGEST_MARK = 2


class TellsOfPupil(NotAValue):
    """A text that no record may carry and no fix-list show, for it may say who the pupil is. `reason`: in words."""

    def __init__(self, reason: str, expected: str, remedy: str) -> None:
        super().__init__(expected, remedy)
        self.reason = reason


_IN_ITS_COLUMN = "Mend the row: the cell says what belongs into the columns that say who the pupil is."
HOLDS_NUMBER = TellsOfPupil(PUPILS_NUMBER, "a text without a pupil's number", _IN_ITS_COLUMN)
IS_OWN = TellsOfPupil(OWN_IDENTIFIER, "no name or number of the pupil", _IN_ITS_COLUMN)
TOO_LONG = TellsOfPupil(
    "mark cannot be read",
    "a mark of the register: one sign, or a letter and a digit",
    "Write the mark's code into the register; a remark belongs into the notes. If the system exports words, say what "
    "they mean under `values` in the format file.",
)


class Typist:
    """Types the records of one file: `keys` and `refused` say of each row whose it is, or why nobody's.

    A record whose row is refused (no pupil, torn row) is refused with the row's reason; one with a cell that
    cannot be read, or a required one that is empty, with that cell's.
    """

    def __init__(
        self,
        form: FormatFile,
        keys: Mapping[int, str],
        refused: Mapping[int, str],
        urn: str,
        receipt_id: str,
        own: OwnIdentifiers,
    ) -> None:
        self.form = form
        self.keys = keys
        self.refused = refused
        self.urn = urn
        self.receipt_id = receipt_id
        self.own = own
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
                if column.type == "text":
                    for i in self.own.find_own(said, rows):
                        values[i] = None
                        problems.setdefault(i, IS_OWN)
            for i in sorted(problems):
                if rows[i] in self.refused or rows[i] in text.troubles:
                    continue  # the row's own fix says what is wrong
                seen = said[i] if said is not None else ""
                fixes.append(self._tell(told, seen, problems[i], text, i, held=reasons[i] is None))
                if reasons[i] is None:
                    reasons[i] = _say_reason(column, problems[i])
            columns[column.name] = values
        wrong = [i for i, reason in enumerate(reasons) if reason is not None]
        for column in kind.columns:
            # Nothing is made of a refused record but a count: in a torn row, its texts may be anything.
            if wrong and column.type == "text":
                columns[column.name] = kept = list(columns[column.name])
                for i in wrong:
                    kept[i] = None
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
        if column.name == "mark_code" and len(text) > LONGEST_MARK:
            return TOO_LONG
        if column.type == "text" and holds_number(text):
            return HOLDS_NUMBER
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

    def _tell(self, column: Column, seen: str, problem: NotAValue, text: TextRecords, place: int, *, held: bool) -> Fix:
        words, row = column.name.replace("_", " "), text.file_rows[place]
        header = text.source_column if column.name == "value" else None
        shown = describe_shape(seen) if isinstance(problem, TellsOfPupil) else self.own.show(seen, row)
        return Fix(
            code=_say_reason(column, problem) if seen else f"{words} missing",
            field=header or text.headers.get(column.name, words),
            seen=shown if seen else "an empty cell",
            expected=problem.expected,
            remedy=problem.remedy,
            file_row=row,
            records_held=int(held),
        )


def _say_reason(column: Column, problem: NotAValue) -> str:
    if isinstance(problem, TellsOfPupil):
        return problem.reason
    return f"{column.name.replace('_', ' ')} cannot be read"


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
