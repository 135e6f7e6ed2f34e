"""Landing: one file to landed records, with every row of it accounted for. No identifier leaves this module.

Here lives the order of work on one file: read, recognise, cut, match, reshape, type. Where files lie and what was
received before does not live here (see `intake`), nor which records of several files stand (see `standing`).
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from ingest.ages import AGE, list_ages, read_births
from ingest.contract import PUPILS, RECORD_KINDS
from ingest.fixes import Fix, cut_short, show_cell
from ingest.format_file import FormatFile
from ingest.identities import Matched, match_rows
from ingest.landed import Landed, RowCounts, count_rows, refuse_file
from ingest.layout import DataRows, cut_layout
from ingest.own_identifiers import OwnIdentifiers
from ingest.readers import Unreadable, read_sheets
from ingest.recognise import Header
from ingest.records import Records
from ingest.repeats import settle_repeats
from ingest.reshape import make_records, read_identity_cells
from ingest.roll import Roll
from ingest.said_years import read_years
from ingest.sheet_choice import choose_sheet
from ingest.typed_records import Typist, hold_by_row
from ingest.values import DATE_WORDS, NotAValue, read_date
from ingest.whose_file import Sender, find_named_elsewhere, refuse_rows_elsewhere


@dataclass
class Opened:
    """A file that was read and recognised, before its rows are matched to pupils."""

    rows: RowCounts  # of all its sheets
    header: Header
    data: DataRows
    landed: Landed
    known_names: frozenset[str] = frozenset()  # words of the names on the school's roll, once rows are matched to it

    @property
    def form(self) -> FormatFile:
        """The format the file is in."""
        return self.header.format


def open_file(path: Path, formats: Iterable[FormatFile], school: Sender) -> Opened | Landed:
    """Read one export of `school` and cut it into rows; a Landed with a reason when it cannot be used.

    Raises OSError when the file cannot be opened; everything else that is wrong with it comes back in words.
    """
    cut = cut_file(path, formats)
    return cut if isinstance(cut, Landed) else claim_file(cut, school)


def cut_file(path: Path, formats: Iterable[FormatFile]) -> Opened | Landed:
    """Read one export and cut it into rows, whoever's they are; otherwise as `open_file`."""
    try:
        sheets = read_sheets(path)
    except Unreadable as error:
        return refuse_file(Landed(), error.reason, error.remedy, code="file cannot be read", file_row=error.row)
    chosen = choose_sheet(sheets, list(formats))
    if isinstance(chosen, Landed):
        return chosen
    sheet, header, look = chosen
    rows = count_rows(sheets)
    landed = Landed(format=header.format, made_of=sheet.made_of, fixes=look, rows_total=len(sheet.rows))
    data = cut_layout(sheet, header)
    landed.fixes += data.fixes
    landed.exported_on = _read_exported_on(data, header.format, landed.fixes)
    if not data.cells:
        return refuse_file(
            landed,
            "The file has the right headings and no row of data below them.",
            "Run the export again and check that it holds rows before it is saved.",
            code="no rows",
            rows=rows,
        )
    return Opened(rows, header, data, landed)


def claim_file(opened: Opened, school: Sender) -> Opened | Landed:
    """Return the file as the one school's in whose folder it lay; refused when it says it is another's."""
    elsewhere = find_named_elsewhere(opened.data, opened.header, school)
    if elsewhere:
        return refuse_opened(opened, *elsewhere, code="another school's file")
    opened.landed.fixes += refuse_rows_elsewhere(opened.data, opened.header, school)
    return opened


def match_file(opened: Opened, roll: Roll, key: bytes, receipt_id: str) -> Matched:
    """Match the rows of an opened file to the school's roll (or, for a file that makes it, to new keys)."""
    names = {word: name for name, word in opened.form.columns.items() if word}
    # A row that is torn or another school's must not put anybody on the roll.
    rows = (
        (number, said)
        for number, said in read_identity_cells(opened.data, opened.header)
        if number not in opened.data.refused
    )
    opened.known_names = frozenset(word for name in roll.by_name for word in name.split())
    return match_rows(
        rows,
        names,
        roll,
        key,
        receipt_id=receipt_id,
        makes_roll=opened.form.makes_roll,
        date_order=opened.form.dates,
        years=read_years(opened.data, opened.header),
    )


def land_file(opened: Opened, matched: Matched, school: Sender, receipt_id: str) -> Landed:
    """Return the file's records, typed, with each row accounted for. To be called once for an opened file."""
    landed, data, form = opened.landed, opened.data, opened.form
    landed.roll_rows = len(matched.roll_rows)
    refused = {**matched.reasons, **data.refused}
    own = OwnIdentifiers(data, opened.header, opened.known_names)
    typist = Typist(form, matched.keys, refused, school.urn, receipt_id, own)
    fixes = [*landed.fixes, *matched.fixes]
    for text in make_records(data, opened.header):
        typed, problems = typist.type_records(text)
        if text.kind in landed.records:
            landed.records[text.kind].extend(typed)
        else:
            landed.records[text.kind] = typed
        fixes += problems
    _tell_ages(landed.records.get(PUPILS.name), opened)
    rows: Counter[int] = Counter()
    for kind, records in landed.records.items():
        expected = any(rule.repeats for rule in form.records if rule.kind == kind)
        fixes += settle_repeats(RECORD_KINDS[kind], records, expected=expected)
        rows.update(records["file_row"])
    landed.fixes = cut_short(hold_by_row(fixes, refused, matched.count_by_told(rows)))
    landed.rows_layout = data.rows_layout
    landed.rows_with_records = len(rows)
    landed.rows_without_values = len(data.cells) - len(rows)
    return landed


def _tell_ages(pupils: Records | None, opened: Opened) -> None:
    """Put into the records of pupils, in place, the age that follows from each row's date of birth."""
    if pupils is None:
        return
    cells = read_identity_cells(opened.data, opened.header)
    births = read_births(((row, said.get("date_of_birth", "")) for row, said in cells), opened.form.dates)
    pupils.columns[AGE] = list_ages(pupils["file_row"], pupils["academic_year"], births)


def refuse_opened(opened: Opened, reason: str, remedy: str, code: str) -> Landed:
    """Refuse a file after it was opened, every row of it counted."""
    return refuse_file(opened.landed, reason, remedy, code=code, rows=opened.rows)


def _read_exported_on(data: DataRows, form: FormatFile, fixes: list[Fix]) -> dt.date | None:
    said = data.said.get("exported_on")
    try:
        return read_date(said, form.dates) if said else None
    except NotAValue as problem:
        fixes.append(
            Fix(
                code="export date cannot be read",
                field="title of the file",
                seen=show_cell(said or ""),
                expected=DATE_WORDS[form.dates],
                remedy=problem.remedy + " Until then the file counts as one that does not say its date.",
                severity="look",
            )
        )
        return None


def hash_file(path: Path) -> str:
    """Return the SHA-256 of a file's bytes. Raises OSError when it cannot be read."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
