"""The sheet of codes that wait for a meaning: written for people to fill in, as XLSX or CSV, and read back.

Here live its columns, how cells are kept from running as formulas, and what a filled row must say. What becomes of the
rows that were read lives in `mapping_proposal`.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

import xlsxwriter
from pydantic import AfterValidator, BeforeValidator, Field

from ingest.home.kept_rows import Band
from ingest.home.problems import ConfigurationError, Problem, find_nearest, wrong_value
from ingest.home.scale_kinds import JUDGED
from ingest.home.strict import read_numbered_table
from ingest.home.words import ComparabilityClass, Day, Name, Strict, Text, Urn, YearGroup

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
_YES_OR_NO = {"yes": True, "no": False}


@dataclass(frozen=True)
class Waiting:
    """A code that waits at one school, and the suggestion there is for it; `for_trust` where the trust may see it."""

    source: str
    framework: str
    school: str
    school_name: str
    subject: str
    year_group: str
    code: str
    records: int
    for_trust: bool
    suggestion: str = ""
    reason: str = ""
    kpis: str = field(default="", compare=False)


def _read_yes_or_no(written: object) -> object:
    if isinstance(written, str) and written.casefold() in _YES_OR_NO:
        return _YES_OR_NO[written.casefold()]
    raise wrong_value("yes or no", nearest=find_nearest(str(written), _YES_OR_NO))


def keep_from_running(text: str) -> str:
    """`text` with an apostrophe before it where a spreadsheet would take it for a formula, or it begins with one."""
    return f"'{text}" if text.startswith((*_FORMULA_STARTS, "'")) else text


def _take_off_guard(text: str) -> str:
    return text[1:] if text.startswith("'") and text[1:].startswith((*_FORMULA_STARTS, "'")) else text


Ignored = Annotated[Text | None, Field(default=None, exclude=True)]


class SheetRow(Strict):
    """One row as it was filled in: which code at which school, and what it means to whom by whose word.

    An empty subject or year group is every one. What only informs (the school's name, records, suggestion and its
    reason) is written and not read.
    """

    format: Name
    assessment: Name
    school: Urn | None = None
    school_name: Ignored
    subject: Name | None = None
    year_group: YearGroup | None = None
    code: Annotated[Text, AfterValidator(_take_off_guard)]
    records: Ignored
    suggestion: Ignored
    reason: Ignored
    band: Band | None = None
    points: float | None = Field(default=None, allow_inf_nan=False)
    meaning: Text | None = None
    for_all_schools: Annotated[bool | None, BeforeValidator(_read_yes_or_no)] = None
    comparability_class: ComparabilityClass | None = None
    rationale: Text | None = None
    authored_by: Text | None = None
    approved_by: Text | None = None
    approved_on: Day | None = None
    valid_from: Day | None = None

    @property
    def has_meaning(self) -> bool:
        """Whether the row says anything; else it is left for later."""
        return self.band is not None or self.points is not None


COLUMNS = tuple(SheetRow.model_fields)
_WIDTHS = {"code": 14, "school_name": 26, "reason": 34, "meaning": 34, "rationale": 40, "assessment": 22, "format": 24}
_HOW_TO_FILL = (
    "Each row is a code one school records, that no scale has a meaning for yet. Fill in what you know; save; read it.",
    "A row with neither a band nor points is left for later. Leave the columns up to “reason” as they are.",
    "band: NA not assessed, BLW working below, WTS working towards, EXS expected, GDS greater depth.",
    "points: a number, where the code is worth points. A row may have a band, points or both.",
    "meaning: what the code says, in the school's words.",
    "for_all_schools: yes where the code means this in every school that sends this format; else it is this school's.",
    "subject and year_group: empty them where the code means the same in every subject or year group.",
    "comparability_class: A statutory, B common test, C common and moderated, D local judgement. Empty: the class the "
    "assessment has in trust.yml. No code compares better than its assessment does.",
    "rationale: why the code means that. authored_by: who says so. approved_by and approved_on: who agreed, and when.",
    "A row nobody approved is tried, and never written. One name for all that are empty: plumbline map read FILE "
    "--approved-by NAME --rationale TEXT",
    "valid_from: the first day the meaning holds, as 2025-09-01.",
    "suggestion and reason: what suggests itself, and why. Nothing is taken over by itself.",
    "A code that begins as a formula would (= + - @) is text here, with an apostrophe before it; leave both.",
    "Then: plumbline map read FILE shows which published numbers would move; with --write it keeps the approved rows.",
)


def write_sheet(path: Path, waiting: Sequence[Waiting], valid_from: dt.date) -> None:
    """Write the sheet, as CSV where the name says so and else as XLSX; rows keep their order."""
    rows = [_fill(each, valid_from) for each in waiting]
    content = _write_csv(rows) if path.suffix.lower() == ".csv" else _write_workbook(rows)
    path.write_bytes(content)


def _fill(each: Waiting, valid_from: dt.date) -> list[str]:
    known = {
        "format": each.source,
        "assessment": each.framework,
        "school": each.school,
        "school_name": each.school_name,
        "subject": each.subject,
        "year_group": each.year_group,
        "code": each.code,
        "records": str(each.records),
        "suggestion": each.suggestion,
        "reason": each.reason,
        "valid_from": valid_from.isoformat(),
    }
    return [keep_from_running(known.get(column, "")) for column in COLUMNS]


def _write_csv(rows: Sequence[Sequence[str]]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerows([COLUMNS, *rows])
    # With the mark by which a spreadsheet knows UTF-8.
    return out.getvalue().encode("utf-8-sig")


def _write_workbook(rows: Sequence[Sequence[str]]) -> bytes:
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(out, options) as book:
        heading = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        # As text: a code such as 1/2 or 01 stays what it is when its cell is touched.
        text = book.add_format({"num_format": "@", "valign": "top"})
        number = book.add_format({"valign": "top"})
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        sheet = book.add_worksheet("Codes")
        for at, column in enumerate(COLUMNS):
            sheet.write_string(0, at, column, heading)
            sheet.set_column(at, at, _WIDTHS.get(column, 13), text)
        for line, row in enumerate(rows, 1):
            for at, (column, cell) in enumerate(zip(COLUMNS, row, strict=True)):
                if column == "records":
                    sheet.write_number(line, at, int(cell), number)
                elif cell:
                    sheet.write_string(line, at, cell, text)
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, max(len(rows), 1), len(COLUMNS) - 1)
        choices = {"band": ["NA", *JUDGED], "for_all_schools": ["yes", "no"], "comparability_class": list("ABCD")}
        for column, words in choices.items():
            at = COLUMNS.index(column)
            sheet.data_validation(1, at, max(len(rows), 1), at, {"validate": "list", "source": words})
        how = book.add_worksheet("How to fill it in")
        how.set_column(0, 0, 110, wrapped)
        how.write_string(0, 0, "How to fill in the sheet", heading)
        for line, words in enumerate(_HOW_TO_FILL, 1):
            how.write_string(line, 0, words, wrapped)
    return out.getvalue()


@dataclass(frozen=True)
class Approval:
    """Who approves all rows at once, on which day and why; it fills cells that are empty, and those alone."""

    approved_by: str | None
    rationale: str | None
    day: dt.date

    def fill(self, row: SheetRow) -> SheetRow:
        """The row with its empty cells filled."""
        filled: dict[str, object] = {}
        if row.rationale is None and self.rationale is not None:
            filled["rationale"] = self.rationale
        if self.approved_by is not None:
            filled["approved_by"] = row.approved_by or self.approved_by
            filled["approved_on"] = row.approved_on or self.day
        return row.model_copy(update=filled)


@dataclass(frozen=True)
class Sheet:
    """A sheet that was read: its file's name, its rows that say something with their numbers, and how many do not."""

    file: str
    rows: list[tuple[int, SheetRow]]
    left_for_later: int


def read_sheet(
    path: Path, waiting: Collection[Waiting], mapped: Collection[tuple[str, str, str]], approval: Approval
) -> Sheet:
    """Read a filled sheet and fill what the approval fills; ConfigurationError with every problem of it, by row.

    Each row that says something must be of a code that is `waiting`, or of one that was `mapped` from a sheet before:
    its format, assessment and code.
    """
    table = read_numbered_table(path, SheetRow)
    told = [(number, row) for number, row in zip(table.numbers, table.rows, strict=True) if row.has_meaning]
    rows = [(number, approval.fill(row)) for number, row in told]
    problems = [problem for number, row in rows for problem in _check_row(table.file, number, row, waiting, mapped)]
    if problems:
        raise ConfigurationError(problems)
    return Sheet(table.file, rows, len(table.rows) - len(rows))


def _check_row(
    file: str, number: int, row: SheetRow, waiting: Collection[Waiting], mapped: Collection[tuple[str, str, str]]
) -> Iterator[Problem]:
    def say(column: str, what: str, remedy: str, nearest: str = "") -> Problem:
        return Problem(file, number, column, nearest=nearest, remedy=remedy, what=what)

    yield from _check_code(row, waiting, mapped, say)
    if row.school is None and not row.for_all_schools:
        remedy = "Put the school's URN back, or write yes under for_all_schools."
        yield say("school", '"school" is empty, and the row is not for all schools.', remedy)
    if row.valid_from is None:
        yield say("valid_from", '"valid_from" is empty.', "Fill in the first day the meaning holds.")
    if row.approved_by is not None:
        for column in ("rationale", "approved_on"):
            if getattr(row, column) is None:
                remedy = "Fill in the cell, or fill all such cells at once with --approved-by and --rationale."
                yield say(column, f'"{column}" is empty in a row that {row.approved_by} approved.', remedy)


def _check_code(
    row: SheetRow,
    waiting: Collection[Waiting],
    mapped: Collection[tuple[str, str, str]],
    say: Callable[[str, str, str, str], Problem],
) -> Iterator[Problem]:
    """The row's format, assessment and code, each looked for among those that wait with what stands before it."""
    if (row.format, row.assessment, row.code) in mapped:
        return
    before: tuple[str, ...] = ()
    keys = {(each.source, each.framework, each.code): False for each in waiting}
    keys |= {(each.source, each.framework, each.code): True for each in waiting if each.for_trust}
    for at, column in enumerate(("format", "assessment", "code")):
        seen = getattr(row, column)
        fitting = {key[at] for key in keys if key[:at] == before}
        if seen not in fitting:
            # What a school keeps to itself is neither suggested nor said again.
            shown = {key[at] for key, open_ in keys.items() if key[:at] == before and (open_ or column != "code")}
            nearest = find_nearest(seen, shown)
            named = f'the {column} "{seen}"' if column != "code" or nearest else "the code of this row"
            what = f"{named} is not one that waits for a meaning" + (" there." if before else ".")
            remedy = "" if nearest else "Leave it as the sheet had it; a code nobody sent yet goes into a scale file."
            yield say(column, what, remedy, nearest)
            return
        before = (*before, seen)
