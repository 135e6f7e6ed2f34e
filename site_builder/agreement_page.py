"""The page of agreement: how judgements lie beside a test of the same pupils, and beside moderators.

Here lives agreement.html. It is the evidence for how far judgements of different schools may be laid side by side;
its words are neutral, and no school has a place in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from site_builder.context import Context
from site_builder.harmony import Agreement
from site_builder.page import Page
from site_builder.paging import Block, ContentsLine, Leaf, contents, cut_into_leaves, slug
from site_builder.tables import Cell, Row, Table, count_cell, heads, symbol_cell
from site_builder.writing import show_number

PATH = "agreement.html"
LEVELS = {"internal": "within the school", "cluster": "within the cluster", "group": "across the trust"}
_TEST = "Judgement beside a test of the same pupils"
_MODERATION = "Judgement beside moderators"


@dataclass(frozen=True)
class AgreementView:
    """What agreement.html is given."""

    leaf: Leaf
    contents: Sequence[ContentsLine]


def _order(row: Agreement) -> tuple[object, ...]:
    whole = {"MAT": 0, "Cluster": 1, "School": 2}[row.geography]
    return (
        row.kind != "test",
        row.subject_sort,
        row.subject,
        row.academic_year,
        row.window_sort,
        row.judgement,
        row.test,
        row.level,
        whole,
        row.unit_name,
        row.unit_code,
    )


def _unit(row: Agreement) -> Cell:
    if row.geography == "School":
        return Cell(row.unit_name, href=f"schools/{row.unit_code}.html")
    return Cell(f"Cluster: {row.unit_name}" if row.geography == "Cluster" else row.unit_name)


def _number(row: Agreement, value: float | None, places: int = 1, unit: str = "") -> Cell:
    if row.symbol or value is None:
        return symbol_cell(row.symbol or "z")
    return Cell(show_number(value, places) + unit, "number")


def _between(row: Agreement, low: float | None, high: float | None, unit: str = "") -> Cell:
    if row.symbol or low is None or high is None:
        return symbol_cell(row.symbol or "z", kind="sign")
    return Cell(f"between {show_number(low, 1)}{unit} and {show_number(high, 1)}{unit}", "nowrap")


def _kind_of_row(row: Agreement) -> str:
    return {"MAT": "trust", "Cluster": "group", "School": "plain"}[row.geography]


def _test_table(caption: str, rows: Sequence[Agreement]) -> Table:
    lines = [
        Row(
            [
                _unit(row),
                count_cell(row.pairs, row.symbol),
                _number(row, row.agreement_percent, 1, "%"),
                _number(row, row.net_difference),
                _between(row, row.net_lower_95_ci, row.net_upper_95_ci),
                symbol_cell(row.symbol, kind="sign") if row.symbol else Cell(row.reading or ""),
            ],
            _kind_of_row(row),
        )
        for row in rows
    ]
    names = ("School", "Pupils with both", "Agree", "Judged less tested, percentage points", "95% interval", "In words")
    return Table(caption, heads(*names, numbers=names[1:4]), lines)


def _moderation_table(caption: str, rows: Sequence[Agreement]) -> Table:
    lines = [
        Row(
            [
                _unit(row),
                Cell(LEVELS.get(row.level, row.level)),
                count_cell(row.pairs, row.symbol),
                _number(row, row.agreement_percent, 1, "%"),
                _number(row, row.adjacent_percent, 1, "%"),
                count_cell(row.judged_higher, row.symbol),
                count_cell(row.judged_lower, row.symbol),
                _number(row, row.kappa, 2),
                _number(row, row.quadratic_weighted_kappa, 2),
            ],
            _kind_of_row(row),
        )
        for row in rows
    ]
    names = (
        "School", "Moderated", "Pieces of work", "Same band", "Within one band", "Judged higher", "Judged lower",
        "Kappa", "Weighted kappa",
    )  # fmt: skip
    return Table(caption, heads(*names, numbers=names[2:]), lines)


def _blocks(context: Context) -> list[Block]:
    rows = sorted(
        (row for row in context.published.agreement if row.audience == "site" and row.year_group == "Total"),
        key=_order,
    )
    blocks = []
    for (kind, subject, year, window, judgement, test), found in groupby(
        rows, key=lambda row: (row.kind, row.subject, row.academic_year, row.window_title, row.judgement, row.test)
    ):
        chapter = _TEST if kind == "test" else _MODERATION
        section = f"{subject}, {window} {year}"
        if kind == "test":
            table = _test_table(f"{subject}: {judgement} beside {test}, {window} {year}", list(found))
            anchor = slug("test", subject, window, year, judgement, test)
        else:
            table = _moderation_table(f"{subject}: judgement beside moderation, {window} {year}", list(found))
            anchor = slug("moderation", subject, window, year)
        blocks.append(Block(chapter, section, anchor, table))
    return blocks


def gather_agreement_pages(context: Context) -> list[Page]:
    """agreement.html, carried on where there is much."""
    leaves = cut_into_leaves(PATH, _blocks(context))
    return [
        Page(
            area="site",
            path=leaf.path,
            heading="Agreement of judgements",
            purpose=(
                "How far teachers' judgements agree with a test of the same pupils and with moderators: what comparing "
                "schools by judgements rests on. To discuss, not to rank."
            ),
            view=AgreementView(leaf, contents(leaves, leaf.path)),
        )
        for leaf in leaves
    ]
