"""The data team's page: every school's receipts, checks, ledger and the counts of its fix-list.

Here live ops/index.html and the lists beside it. What was seen in a cell is not shown here, since it may be a
pupil's; that stands in the school's own pack. The only count made here is how many lines a list has.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from site_builder.context import Context
from site_builder.csv_files import CsvTable
from site_builder.file_tables import checks_table, files_table, ledger_table, register_table
from site_builder.harmony import Unmapped
from site_builder.page import Page
from site_builder.paging import Block, ContentsLine, Leaf, contents, cut_into_leaves, slug
from site_builder.records import FixItem
from site_builder.scales_page import show_band
from site_builder.tables import Cell, Row, Table, count_cell, heads
from site_builder.words import OUTCOMES, in_words, spaced

KEPT_AT_SCHOOL = "kept at the school"
MAP_THEM = (
    "These records are kept and count in no figure of the trust's scale. plumbline map sheet FILE.xlsx writes them "
    "into a workbook to fill in; plumbline map read FILE.xlsx shows which numbers would move before anything is "
    "written. "
    "A code that few recorded, or a long one, may be a remark on a pupil: it stands in the school's pack alone."
)


@dataclass(frozen=True)
class OpsView:
    """What ops.html is given."""

    leaf: Leaf
    contents: Sequence[ContentsLine]
    overview: Table | None


def _kind_of_fix(item: FixItem) -> tuple[str, str, str, str]:
    return (item.severity, item.receipt_id or "", item.code or "", item.field or "")


def _fix_counts(context: Context, urn: str, name: str) -> Table:
    rows = []
    for (severity, receipt, code, name_of_field), items in groupby(
        sorted(context.fixes(urn), key=_kind_of_fix), key=_kind_of_fix
    ):
        rows.append(
            Row(
                [
                    Cell(receipt or "any", "code"),
                    Cell("to put right" if severity == "fix" else "to look at"),
                    Cell(spaced(code, "not said")),
                    Cell(spaced(name_of_field, "the whole row")),
                    count_cell(len(list(items))),
                ]
            )
        )
    names = ("Receipt", "Weight", "What it is about", "Field", "Lines on the fix-list")
    return Table(f"Fix-list of {name}, counted", heads(*names, numbers=names[-1:]), rows)


TRUST_FILES = "_trust"  # under which the rows of no school stand in the fix-list


def _blocks_of_trust_files(context: Context) -> list[Block]:
    """The files that hold several schools: where their rows went, and which rows are of no school, by number."""
    files = context.published.trust_files
    if not files:
        return []
    title = "Files that hold several schools"
    counts = ("Rows", "Headings and the like", "To schools", "Of no school", "Schools")
    rows = [
        Row(
            [
                Cell(file.file_name, "code"),
                Cell(file.format_title or "not known"),
                Cell(in_words(OUTCOMES, file.outcome, "the outcome"), note=file.reason),
                *(
                    count_cell(n)
                    for n in (
                        file.rows_total,
                        file.rows_layout,
                        file.rows_of_schools,
                        file.rows_of_no_school,
                        file.schools,
                    )
                ),
            ]
        )
        for file in files
    ]
    head = heads("File", "Export", "What became of it", *counts, numbers=counts)
    blocks = [Block(title, None, slug(title), Table("Where their rows went", head, rows))]
    items = context.fixes(TRUST_FILES)
    if items:
        lines = [
            Row(
                [
                    Cell(item.file_name or item.receipt_id or "any", "code"),
                    count_cell(item.file_row, None if item.file_row else "z"),
                    Cell(spaced(item.field, "the whole row")),
                    Cell(item.seen or "", "prose"),
                    Cell(item.expected or "", "prose"),
                    Cell(item.remedy or "", "prose"),
                ]
            )
            for item in items
        ]
        names = ("File", "Row", "Field", "Seen", "Expected", "What to do")
        blocks.append(Block(title, None, slug(title), Table("Rows of no school", heads(*names), lines)))
    return blocks


def _blocks_of_unmapped(context: Context) -> list[Block]:
    """Codes that no scale maps, most records first: what the data team maps next."""
    waiting: dict[tuple[str, str, str], list[Unmapped]] = defaultdict(list)
    for one in context.published.unmapped:
        waiting[one.source or "", one.framework, one.code_for_trust or KEPT_AT_SCHOOL].append(one)
    ranked = sorted(waiting.items(), key=lambda item: (-sum(one.records for one in item[1]), item[0]))
    rows = [
        Row(
            [
                Cell(code, "code"),
                Cell(source, "code"),
                Cell(framework),
                count_cell(sum(one.records for one in held)),
                count_cell(len({one.urn for one in held})),
                Cell(held[0].kpis_held_back or "", "prose"),
                Cell(show_band(held[0].suggested_band) if code != KEPT_AT_SCHOOL else ""),
                Cell((held[0].suggestion_reason or "") if code != KEPT_AT_SCHOOL else "", "prose"),
            ]
        )
        for (source, framework, code), held in ranked
    ]
    if not rows:
        return []
    names = ("Code", "Export", "Assessment", "Records", "Schools", "KPIs held back", "It may mean", "Because")
    title = "Codes not mapped yet"
    table = Table("What no scale maps, most records first", heads(*names, numbers=("Records", "Schools")), rows)
    return [
        Block(title, None, slug(title), paragraph=MAP_THEM),
        Block(title, None, slug(title), table),
    ]


def _blocks(context: Context) -> list[Block]:
    strangers = sorted({r.urn for r in context.published.receipts} - set(context.schools))
    schools = context.published.schools
    named = [(s.urn, s.name if s.urn in s.name else f"{s.name} ({s.urn})", s.state_words) for s in schools]
    named += [(urn, f"School {urn}", "This school is not on the trust's register.") for urn in strangers]
    blocks = [*_blocks_of_unmapped(context), *_blocks_of_trust_files(context)]
    for urn, title, state in named:
        anchor = slug("school", urn)
        tables = [
            files_table(context, urn, own=True),
            _fix_counts(context, urn, title),
            checks_table(context, urn, detail=True),
            ledger_table(context, urn, own=True),
        ]
        filled = [table for table in tables if table.rows]
        blocks.append(Block(title, None, anchor, filled[0] if filled else None, state))
        blocks += [Block(title, None, anchor, table) for table in filled[1:]]
    return blocks


def gather_ops_pages(context: Context) -> list[Page]:
    """ops/index.html, carried on where there is much."""
    leaves = cut_into_leaves("index.html", _blocks(context))
    return [
        Page(
            area="ops",
            path=leaf.path,
            heading="Files, checks and fix-lists of all schools",
            purpose=(
                "For the trust's data team: what became of every file, which checks it met, what is on each "
                "school's fix-list, and where every record went."
            ),
            view=OpsView(
                leaf=leaf,
                contents=contents(leaves, leaf.path),
                overview=register_table(context, linked=False) if leaf.number == 1 else None,
            ),
        )
        for leaf in leaves
    ]


def ops_files(context: Context) -> dict[str, CsvTable]:
    """ledger.csv, receipts.csv and checks.csv of all schools, as published: file name -> table."""
    urns = sorted({r.urn for r in context.published.receipts} | set(context.schools) | {TRUST_FILES})
    ledger = CsvTable(
        ("urn", "school_name", "receipt_id", "kind", "bucket", "reason", "related_receipt_id", "records"),
        [
            (e.urn, e.school_name, e.receipt_id, e.kind, e.bucket, e.reason, e.related_receipt_id, e.records)
            for urn in urns
            for e in context.ledger(urn)
        ],
    )
    receipts = CsvTable(
        (
            "urn",
            "school_name",
            "receipt_id",
            "arrival",
            "file_name",
            "format",
            "format_title",
            "outcome",
            "reason",
            "remedy",
            "first_seen_on",
            "exported_on",
            "rows_total",
            "rows_layout",
            "rows_with_records",
            "rows_without_values",
            "records",
            "records_used",
            "in_inbox",
        ),
        [
            (
                r.urn,
                r.school_name,
                r.receipt_id,
                r.arrival,
                r.file_name,
                r.format,
                r.format_title,
                r.outcome,
                r.reason,
                r.remedy,
                r.first_seen_on,
                r.exported_on,
                r.rows_total,
                r.rows_layout,
                r.rows_with_records,
                r.rows_without_values,
                r.records,
                r.records_used,
                r.in_inbox,
            )
            for urn in urns
            for r in reversed(context.receipts(urn))
        ],
    )
    checks = CsvTable(
        (
            "urn",
            "school_name",
            "check_name",
            "kind",
            "title",
            "severity",
            "outcome",
            "observed",
            "expected",
            "remedy",
            "rows_affected",
        ),
        [
            (
                c.urn,
                c.school_name,
                c.check_name,
                c.kind,
                c.title,
                c.severity,
                c.outcome,
                c.observed,
                c.expected,
                c.remedy,
                c.rows_affected,
            )
            for urn in urns
            for c in context.checks(urn)
        ],
    )
    return {"ledger.csv": ledger, "receipts.csv": receipts, "checks.csv": checks}
