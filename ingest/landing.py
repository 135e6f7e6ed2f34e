"""Landing: one file to landed records, with every row of it accounted for. No identifier leaves this module.

Here lives the order of work on one file: read, recognise, cut, match, reshape, type. Where files lie and what was
received before does not live here (see `intake`), nor which records of several files stand (see `standing`).
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from ingest.contract import RECORD_KINDS
from ingest.format_file import FormatFile
from ingest.identities import Matched, Roll, match_rows
from ingest.layout import DataRows, cut_layout
from ingest.landed import Landed, refuse_file
from ingest.readers import Sheet, Unreadable, read_sheets
from ingest.recognise import Header
from ingest.reshape import clean_cells, make_records, read_identity_cells
from ingest.sheet_choice import choose_sheet
from ingest.typed_records import settle_repeats, type_records
from ingest.values import NotAValue, read_date
from ingest.whose_file import Sender, find_named_elsewhere, refuse_rows_elsewhere


@dataclass
class Opened:
    """A file that was read and recognised, before its rows are matched to pupils."""

    sheets: list[Sheet]
    header: Header
    data: DataRows
    landed: Landed

    @property
    def form(self) -> FormatFile:
        """The format the file is in."""
        return self.header.format


def open_file(path: Path, formats: Iterable[FormatFile], school: Sender) -> Opened | Landed:
    """Read one export and cut it into rows; a Landed with a reason when it cannot be used.

    Raises OSError when the file cannot be opened; everything else that is wrong with it comes back in words.
    """
    try:
        sheets = read_sheets(path)
    except Unreadable as error:
        return refuse_file(Landed(), error.reason, error.remedy, code="file cannot be read", file_row=error.row)
    chosen = choose_sheet(sheets, list(formats))
    if isinstance(chosen, Landed):
        return chosen
    sheet, header, look = chosen
    landed = Landed(format=header.format, made_of=sheet.made_of, fixes=look, rows_total=len(sheet.rows))
    data = cut_layout(sheet, header)
    data.cells = clean_cells(data.cells)
    landed.fixes += data.fixes
    landed.exported_on = _read_exported_on(data, header.format)
    if data.cells.empty:
        return refuse_file(
            landed,
            "The file has the right headings and no row of data below them.",
            "Run the export again and check that it holds rows before it is saved.",
            code="no rows",
            sheets=sheets,
        )
    elsewhere = find_named_elsewhere(data, header, school)
    if elsewhere:
        return refuse_file(landed, *elsewhere, code="another school's file", sheets=sheets)
    landed.fixes += refuse_rows_elsewhere(data, header, school)
    return Opened(sheets, header, data, landed)


def match_file(opened: Opened, roll: Roll, key: bytes) -> Matched:
    """Match the rows of an opened file to the school's roll (or, for a file that makes it, to new keys)."""
    names = {word: name for name, word in opened.form.columns.items() if word}
    return match_rows(
        read_identity_cells(opened.data, opened.header),
        names,
        roll,
        key,
        makes_roll=opened.form.makes_roll,
        date_order=opened.form.dates,
    )


def land_file(opened: Opened, matched: Matched, school: Sender, receipt_id: str) -> Landed:
    """Return the file's records, typed, with each row accounted for."""
    landed = opened.landed
    landed.roll_rows = matched.roll_rows if opened.form.makes_roll else None
    _fill_records(landed, opened.data, opened.header, matched, school, receipt_id)
    return landed


def refuse_opened(opened: Opened, reason: str, remedy: str, code: str) -> Landed:
    """Refuse a file after it was opened, every row of it counted."""
    return refuse_file(opened.landed, reason, remedy, code=code, sheets=opened.sheets)


def _read_exported_on(data: DataRows, form: FormatFile) -> dt.date | None:
    try:
        return read_date(data.said["exported_on"], form.dates) if "exported_on" in data.said else None
    except NotAValue:
        return None


def _fill_records(
    landed: Landed, data: DataRows, header: Header, matched: Matched, school: Sender, receipt_id: str
) -> None:
    form = header.format
    refused = {**matched.reasons, **data.refused}
    made: dict[str, list[pd.DataFrame]] = {}
    held: dict[int, int] = {}
    for text in make_records(data, header):
        typed, fixes = type_records(text, form, matched.keys, refused, school.urn, receipt_id)
        made.setdefault(text.kind, []).append(typed)
        landed.fixes += fixes
        for row in typed.loc[typed["file_row"].isin(refused), "file_row"]:
            held[int(row)] = held.get(int(row), 0) + 1
    for kind, frames in made.items():
        frame = pd.concat([f for f in frames if len(f)] or frames[:1], ignore_index=True)
        expected = any(rule.repeats for rule in form.records if rule.kind == kind)
        landed.fixes += settle_repeats(RECORD_KINDS[kind], frame, expected=expected)
        landed.records[kind] = frame
    landed.fixes += [replace(fix, records_held=held.get(fix.file_row or 0, 0)) for fix in matched.fixes]
    rows_with_records = {int(row) for frame in landed.records.values() for row in frame["file_row"]}
    landed.rows_layout = data.rows_layout
    landed.rows_with_records = len(rows_with_records)
    landed.rows_without_values = len(data.cells) - len(rows_with_records)


def hash_file(path: Path) -> str:
    """Return the SHA-256 of a file's bytes. Raises OSError when it cannot be read."""
    return hashlib.sha256(path.read_bytes()).hexdigest()
