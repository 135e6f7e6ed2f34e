"""Typed records: text records with the contract's types, each either standing or refused with a reason.

Here live the typing of whole columns at once, required columns, marks from values, and repeats within one file.
How one text becomes a value lives in `values`; what a newer file replaces lives in `standing`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pandas as pd

from ingest.contract import IDENTITY, RECORD_KINDS, Column, RecordKind
from ingest.fixes import Fix, describe_shape, show
from ingest.format_file import FormatFile
from ingest.reshape import TextRecords
from ingest.values import NotAValue, read_value

IDENTIFIERS = {column.name for column in IDENTITY}


def type_records(
    text: TextRecords,
    form: FormatFile,
    keys: Mapping[int, str],
    refused_rows: Mapping[int, str],
    urn: str,
    receipt_id: str,
) -> tuple[pd.DataFrame, list[Fix]]:
    """Return the records typed by the contract, with `bucket` (accepted or refused) and `reason`, and the fixes.

    A record whose row is refused (no pupil, torn row) is refused with the row's reason; one with a cell that
    cannot be read, or a required one that is empty, with that cell's.
    """
    kind = RECORD_KINDS[text.kind]
    rows = text.rows
    typed = pd.DataFrame(index=rows.index)
    typed["record_id"] = receipt_id + ":" + rows["file_row"].astype(str) + ":" + rows["ordinal"].astype(str)
    typed["urn"] = urn
    typed["receipt_id"] = receipt_id
    typed["file_row"] = rows["file_row"]
    typed["source_column"] = rows["source_column"]
    typed["pupil_key"] = rows["file_row"].map(keys)
    reason = rows["file_row"].map(refused_rows).astype(object)
    reason = reason.where(reason.notna(), None)
    fixes: list[Fix] = []
    for column in kind.columns:
        values, problems = _type_column(column, rows, form)
        typed[column.name] = values
        if column.required:
            problems |= {
                row: NotAValue("a value", "Fill in the cell in the school's system and export again.")
                for row in values.index[values.isna()]
                if row not in problems
            }
        for row, problem in problems.items():
            if row in refused_rows:
                continue  # the row's own fix says what is wrong
            fixes.append(_fix(column, rows, row, problem, text.headers))
            if reason[row] is None:
                reason[row] = f"{column.name.replace('_', ' ')} cannot be read"
    if kind.name == "results":
        _type_marks(typed, rows, form, reason, fixes, text.headers)
    typed["reason"] = reason
    typed["bucket"] = typed["reason"].isna().map({True: "accepted", False: "refused"})
    return typed.reset_index(drop=True), fixes


def _type_column(column: Column, rows: pd.DataFrame, form: FormatFile) -> tuple[pd.Series, dict[int, NotAValue]]:
    if column.name not in rows:
        return pd.Series(None, index=rows.index, dtype=object), {}
    limits = form.ranges.get(column.name)
    if limits:
        column = replace(column, minimum=limits[0], maximum=limits[1])
    read: dict[str, Any] = {"": None}
    wrong: dict[str, NotAValue] = {}
    for text in rows[column.name].unique():
        if text:
            try:
                read[text] = read_value(column, text, form.dates)
            except NotAValue as problem:
                read[text], wrong[text] = None, problem
    values = pd.Series([read[text] for text in rows[column.name]], index=rows.index, dtype=object)
    bad = rows.index[rows[column.name].isin(list(wrong))] if wrong else []
    return values, {row: wrong[rows.at[row, column.name]] for row in bad}


def _type_marks(
    typed: pd.DataFrame,
    rows: pd.DataFrame,
    form: FormatFile,
    reason: pd.Series,
    fixes: list[Fix],
    headers: dict[str, str],
) -> None:
    """A test's value is its mark, unless the format says that text is not a mark (absent, for instance)."""
    if "mark" in rows:
        return
    column = RECORD_KINDS["results"].column("mark")
    limits = form.ranges.get("mark")
    if limits:
        column = replace(column, minimum=limits[0], maximum=limits[1])
    not_marks = {text.casefold() for text in form.not_marks}
    marks: list[Decimal | None] = []
    for row, value, result_type in zip(rows.index, typed["value"], typed["result_type"], strict=True):
        mark = None
        if value is not None and result_type == "test" and value.casefold() not in not_marks:
            try:
                mark = read_value(column, value, form.dates)
            except NotAValue as problem:
                if reason[row] is None:
                    reason[row] = "mark cannot be read"
                    fixes.append(_fix(RECORD_KINDS["results"].column("value"), rows, row, problem, headers))
        marks.append(mark)
    typed["mark"] = pd.Series(marks, index=rows.index, dtype=object)


def _fix(column: Column, rows: pd.DataFrame, row: int, problem: NotAValue, headers: dict[str, str]) -> Fix:
    seen = rows.at[row, column.name] if column.name in rows else ""
    header = rows.at[row, "source_column"] if column.name == "value" else None
    return Fix(
        code=f"{column.name.replace('_', ' ')} cannot be read" if seen else f"{column.name.replace('_', ' ')} missing",
        field=header or headers.get(column.name, column.name.replace("_", " ")),
        seen=(describe_shape(seen) if column.name in IDENTIFIERS else show(seen)) if seen else "an empty cell",
        expected=problem.expected,
        remedy=problem.remedy,
        file_row=int(rows.at[row, "file_row"]),
        records_held=1,
    )


def settle_repeats(kind: RecordKind, typed: pd.DataFrame, *, expected: bool) -> list[Fix]:
    """Mark records of one file that repeat or contradict another, in place; return the fixes.

    The same record again is a duplicate of the first. Two records with one key that say different things are
    both refused: neither can be trusted. `expected` repeats (the layout says a thing on every row) need no fix.
    """
    key = list(kind.key)
    whole = [*key, *(column.name for column in kind.columns if column.name not in key)]
    standing = typed[typed["bucket"] == "accepted"]
    different = standing.drop_duplicates(whole)
    torn = different[different.duplicated(key, keep=False)]
    contradicting = standing.merge(torn[key].drop_duplicates(), on=key, how="left", indicator=True)["_merge"] == "both"
    contradicting.index = standing.index
    fixes: list[Fix] = []
    if contradicting.any():
        rows = standing[contradicting]
        typed.loc[rows.index, ["bucket", "reason"]] = ["refused", "contradicts another row of this file"]
        together = rows.groupby(key, dropna=False)["file_row"].transform(lambda s: ", ".join(map(str, sorted(s))))
        fixes.extend(
            Fix(
                code="rows contradict each other",
                field=str(typed.at[row, "source_column"] or "whole row"),
                seen=f"different values for one pupil in rows {together[row]}",
                expected="one value",
                remedy="Keep the right row in the school's system and export again.",
                file_row=int(typed.at[row, "file_row"]),
                records_held=1,
            )
            for row in rows.index
        )
    alike = standing[~contradicting]
    repeats = alike[alike.duplicated(whole)]
    if len(repeats):
        typed.loc[repeats.index, ["bucket", "reason"]] = ["duplicate", "repeats an earlier row of this file"]
        if not expected:
            first = alike.groupby(key, dropna=False)["file_row"].transform("min")
            fixes.extend(
                Fix(
                    code="row repeated",
                    field=str(typed.at[row, "source_column"] or "whole row"),
                    seen=f"the same as row {first[row]}",
                    expected="each pupil once",
                    remedy="Nothing to do; the first is used. Check why the export lists the pupil twice.",
                    file_row=int(typed.at[row, "file_row"]),
                    severity="look",
                    records_held=1,
                )
                for row in repeats.index
            )
    return fixes
