"""A school's pack: what its data manager should put right, and what became of every file it sent.

Here live packs/<urn>/index.html and the two lists beside it. A pack holds that school's own rows only, file
names and values seen included, and stands by itself: nothing in it leads out of its folder.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from site_builder.context import Context
from site_builder.csv_files import CsvTable
from site_builder.file_tables import checks_table, files_table, ledger_table
from site_builder.page import Fact, Page
from site_builder.paging import slug
from site_builder.records import FixItem, School
from site_builder.scales_page import show_band
from site_builder.tables import Cell, Row, Table, count_cell, heads
from site_builder.words import OUTCOMES, in_words, spaced
from site_builder.writing import show_date

# A page of thousands of rows helps nobody; fix-list.csv always has them all.
ROWS_SHOWN = 400


@dataclass(frozen=True)
class ReceiptPart:
    """One file's receipt: what became of it, why, what to do, and where its records went."""

    anchor: str
    file_name: str
    facts: Sequence[Fact]
    ledger: Table | None


@dataclass(frozen=True)
class PackView:
    """What pack.html is given."""

    state_words: str
    fixes: Table | None
    looks: Table | None
    cut: bool
    files: Table
    receipts: Sequence[ReceiptPart]
    checks: Table | None
    unmapped: Table | None


def _fix_table(caption: str, items: Sequence[FixItem]) -> Table | None:
    if not items:
        return None
    rows = [
        Row(
            [
                Cell(item.file_name or "any file", "file"),
                Cell("whole file" if item.file_row is None else str(item.file_row), "number"),
                Cell(spaced(item.field, "the whole row")),
                Cell(item.seen or "", "seen"),
                Cell(item.expected or "", "prose"),
                Cell(item.remedy or "", "prose"),
                count_cell(item.records_held),
            ]
        )
        for item in items
    ]
    names = (
        "File",
        "Row",
        "Field",
        "What was seen",
        "What was expected",
        "What to do",
        "Records it holds back",
    )
    return Table(caption, heads(*names, numbers=("Row", "Records it holds back")), rows)


def _unmapped_table(context: Context, urn: str) -> Table | None:
    rows = [
        Row(
            [
                Cell(one.code, "seen"),
                Cell(one.framework),
                Cell(one.subject),
                Cell(one.year_group),
                Cell(f"{one.window_name} {one.academic_year}"),
                count_cell(one.records),
                Cell(show_band(one.suggested_band)),
                Cell(one.suggestion_reason or "", "prose"),
            ]
        )
        for one in sorted(context.published.unmapped, key=lambda one: (-one.records, one.code, one.subject))
        if one.urn == urn
    ]
    names = ("Recorded", "Assessment", "Subject", "Year group", "When", "Records", "It may mean", "Because")
    return Table("Codes that no scale maps", heads(*names, numbers=("Records",)), rows) if rows else None


def _receipt_parts(context: Context, urn: str) -> list[ReceiptPart]:
    parts = []
    for receipt in context.receipts(urn):
        facts = [
            Fact("Receipt", receipt.receipt_id),
            Fact("Received on", show_date(receipt.first_seen_on)),
            Fact("Outcome", in_words(OUTCOMES, receipt.outcome, "the outcome of a receipt")),
        ]
        facts += [Fact("Why", receipt.reason)] if receipt.reason else []
        facts += [Fact("What to do", receipt.remedy)] if receipt.remedy else []
        ledger = ledger_table(context, urn, receipt_id=receipt.receipt_id, own=True)
        parts.append(
            ReceiptPart(slug("receipt", receipt.receipt_id), receipt.file_name, facts, ledger if ledger.rows else None)
        )
    return parts


def pack_urns(context: Context) -> list[str]:
    """The schools that have sent a file, and so get a pack."""
    return sorted({receipt.urn for receipt in context.published.receipts})


def _title(school: School | None, urn: str) -> str:
    return school.name if school else f"School {urn}"


def gather_pack_pages(context: Context) -> list[Page]:
    """packs/<urn>/index.html for every school that has receipts."""
    pages = []
    for urn in pack_urns(context):
        school = context.schools.get(urn)
        items = context.fixes(urn)
        shown = items[:ROWS_SHOWN]
        checks = checks_table(context, urn, detail=True)
        pages.append(
            Page(
                area=f"packs/{urn}",
                path="index.html",
                heading=f"{_title(school, urn)}: receipts and fix-list",
                purpose=(
                    "For the school's data manager: what became of each file that was sent, and what to put "
                    "right, with the row, the reason and the remedy."
                ),
                view=PackView(
                    state_words=school.state_words if school else "This school is not on the trust's register.",
                    fixes=_fix_table("To put right, by file and row", [i for i in shown if i.severity == "fix"]),
                    looks=_fix_table("To look at, by file and row", [i for i in shown if i.severity != "fix"]),
                    cut=len(items) > ROWS_SHOWN,
                    files=files_table(context, urn, own=True),
                    receipts=_receipt_parts(context, urn),
                    checks=checks if checks.rows else None,
                    unmapped=_unmapped_table(context, urn),
                ),
            )
        )
    return pages


def pack_files(context: Context, urn: str) -> dict[str, CsvTable]:
    """fix-list.csv and receipts.csv of one school: file name -> table."""
    fixes = CsvTable(
        ("file", "row", "field", "seen", "expected", "what_to_do", "records_held_back", "weight", "receipt"),
        [
            (
                i.file_name,
                i.file_row,
                i.field,
                i.seen,
                i.expected,
                i.remedy,
                i.records_held,
                "to put right" if i.severity == "fix" else "to look at",
                i.receipt_id,
            )
            for i in context.fixes(urn)
        ],
    )
    receipts = CsvTable(
        (
            "receipt",
            "file",
            "kind_of_file",
            "received_on",
            "exported_on",
            "outcome",
            "why",
            "what_to_do",
            "rows_total",
            "rows_layout",
            "rows_with_records",
            "rows_without_values",
            "records",
            "records_used",
        ),
        [
            (
                r.receipt_id,
                r.file_name,
                r.format_title,
                r.first_seen_on,
                r.exported_on,
                in_words(OUTCOMES, r.outcome, "the outcome of a receipt"),
                r.reason,
                r.remedy,
                r.rows_total,
                r.rows_layout,
                r.rows_with_records,
                r.rows_without_values,
                r.records,
                r.records_used,
            )
            for r in context.receipts(urn)
        ],
    )
    return {"fix-list.csv": fixes, "receipts.csv": receipts}
