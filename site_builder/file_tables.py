"""Tables of what was received: files, the ledger of their records, the checks they met, and the register.

Here live the tables that the data pages, a school's page, packs and ops pages share. No file name stands on any page
of the site, since a file name may hold a pupil's name; packs and ops pages ask for it by `own`.
"""

from __future__ import annotations

from collections.abc import Sequence

from site_builder.context import Context
from site_builder.records import Receipt
from site_builder.tables import Cell, Row, Table, count_cell, heads
from site_builder.words import BUCKETS, OUTCOMES, STATES, check_in_words, in_words, spaced
from site_builder.writing import show_date

COUNTS = ("Rows in file", "Headings, blank", "Rows with records", "Rows without a value", "Records", "Used")
BRIEF_COUNTS = ("Rows in file", "Records", "Used")


def _count_cells(receipt: Receipt, names: Sequence[str], hidden: bool) -> list[Cell]:
    counts = dict(
        zip(
            COUNTS,
            (
                receipt.rows_total,
                receipt.rows_layout,
                receipt.rows_with_records,
                receipt.rows_without_values,
                receipt.records,
                receipt.records_used,
            ),
            strict=True,
        )
    )
    return [count_cell(counts[name], "c" if hidden and counts[name] is not None else None) for name in names]


def files_table(context: Context, urn: str, *, brief: int | None = None, own: bool = False) -> Table:
    """Files a school has sent, latest first, with the count of their rows and records.

    `brief` keeps to that many files and to the counts a head teacher asks for. `own` is for readers who may
    see the pupils anyway (the school's pack, the data team): file names stand in it, and no count is
    hidden.
    """
    counts = COUNTS if brief is None else BRIEF_COUNTS
    rows = []
    for receipt in context.receipts(urn)[:brief]:
        cells = [
            Cell(receipt.receipt_id, "code"),
            *([Cell(receipt.file_name, "file")] if own else []),
            Cell(receipt.format_title or "not known", "phrase"),
            Cell(show_date(receipt.first_seen_on), "nowrap"),
            Cell(show_date(receipt.exported_on, "not said"), "nowrap"),
            Cell(in_words(OUTCOMES, receipt.outcome, "the outcome of a receipt"), "phrase"),
        ]
        hidden = not own and context.counts_hidden(urn, receipt.receipt_id)
        rows.append(Row([*cells, *_count_cells(receipt, counts, hidden)]))
    names = ["Receipt", *(["File"] if own else []), "Kind of file", "Received on", "Exported on", "Outcome"]
    caption = f"Files received from {_name(context, urn)}"
    return Table(caption, heads(*names, *counts, numbers=counts), rows)


def ledger_table(context: Context, urn: str, *, receipt_id: str | None = None, own: bool = False) -> Table:
    """Where every record of a school's files (or of one of them) went. `own` as in files_table."""
    rows = []
    for line in context.ledger(urn):
        if receipt_id not in (None, line.receipt_id):
            continue
        hidden = not own and context.counts_hidden(urn, line.receipt_id)
        cells = [
            Cell(in_words(BUCKETS, line.bucket, "the ledger's bucket")),
            Cell(spaced(line.kind, "any")),
            Cell(line.reason or ""),
            Cell(line.related_receipt_id or "", "code"),
            count_cell(line.records, "c" if hidden else None),
        ]
        rows.append(Row([Cell(line.receipt_id, "code"), *cells] if receipt_id is None else cells))
    names = ["Where it went", "Kind of record", "Why", "Other receipt", "Records"]
    where = _name(context, urn) if receipt_id is None else f"receipt {receipt_id}"
    head = heads(*([] if receipt_id else ["Receipt"]), *names, numbers=("Records",))
    return Table(f"Where every record went: {where}", head, rows)


def checks_table(context: Context, urn: str, *, detail: bool = False) -> Table:
    """The quality checks of a school in words; `detail` adds what was seen, expected and is to be done."""
    rows = []
    for check in context.checks(urn):
        cells = [
            Cell(check.title, "prose"),
            Cell(spaced(check.kind, "all")),
            Cell("needed before figures are made" if check.severity == "critical" else "good to know"),
            Cell(check_in_words(check.outcome, check.severity)),
        ]
        if detail:
            cells += [
                Cell(check.observed or ""),
                Cell(check.expected or ""),
                Cell(check.remedy or "", "prose"),
                count_cell(check.rows_affected),
            ]
        rows.append(Row(cells))
    names = ["Check", "Kind of record", "Weight", "Outcome"]
    names += ["Seen", "Expected", "What to do", "Rows"] if detail else []
    return Table(f"Quality checks of {_name(context, urn)}", heads(*names, numbers=("Rows",)), rows)


def register_table(context: Context, *, linked: bool = True) -> Table:
    """The register: each school with its phase, cluster and how far its data is."""
    rows = [
        Row(
            [
                Cell(school.name, href=f"schools/{school.urn}.html" if linked else None),
                Cell(school.phase or "not known"),
                Cell(school.cluster or "none"),
                Cell(in_words(STATES, school.state, "the state of a school")),
                count_cell(school.files_accepted),
                count_cell(school.files_waiting),
                Cell(show_date(school.data_date, "none yet"), "nowrap"),
            ]
        )
        for school in context.published.schools
    ]
    counts = ("Files read", "Files not used yet")
    names = ("School", "Phase", "Cluster", "Data", *counts, "Latest file read on")
    return Table("Schools of the trust, in the order of their names", heads(*names, numbers=counts), rows)


def _name(context: Context, urn: str) -> str:
    return context.schools[urn].name if urn in context.schools else urn
