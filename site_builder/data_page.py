"""The data pages: what each school has sent and when, and where every record of it went.

Here live data.html, the grid of all schools, and received/<urn>.html, one school's receipts, ledger and checks. The
grid's cells are made in submission_grid.py, the tables of files in file_tables.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from site_builder.context import Context
from site_builder.file_tables import checks_table, files_table, ledger_table, register_table
from site_builder.page import Page
from site_builder.paging import Block, ContentsLine, Leaf, contents, cut_into_leaves, slug
from site_builder.records import School
from site_builder.submission_grid import STATES, freshness_table, grid_of_year, own_submissions, years_of


@dataclass(frozen=True)
class StateKey:
    """One line of the key to the grid: the glyph, its class, what it says."""

    glyph: str
    state: str
    said: str


@dataclass(frozen=True)
class DataView:
    """What data.html is given."""

    leaf: Leaf
    contents: Sequence[ContentsLine]
    key: Sequence[StateKey]


@dataclass(frozen=True)
class SchoolDataView:
    """What school_data.html is given."""

    leaf: Leaf
    contents: Sequence[ContentsLine]
    school_href: str
    state_words: str
    counts_hidden: bool


def _grid_blocks(context: Context) -> list[Block]:
    blocks = []
    for year in years_of(context):
        chapter = f"Sent for {year}"
        blocks += [Block(chapter, None, slug(chapter), table) for table in grid_of_year(context, year)]
    if fresh := freshness_table(context):
        blocks.append(Block("How far the data reaches", None, "freshness", fresh))
    blocks.append(Block("The register", None, "register", register_table(context)))
    return blocks


def _school_blocks(context: Context, school: School) -> list[Block]:
    blocks = []
    if sent := own_submissions(context, school.urn, years_of(context)):
        blocks.append(Block("What was sent, and for when", None, "sent", sent))
    if context.receipts(school.urn):
        blocks.append(Block("Files received", None, "files", files_table(context, school.urn)))
        blocks.append(Block("Where every record went", None, "ledger", ledger_table(context, school.urn)))
    if context.checks(school.urn):
        blocks.append(Block("Quality checks", None, "checks", checks_table(context, school.urn)))
    return blocks


def data_path(urn: str) -> str:
    """Where a school's receipts and ledger are, from the site's folder."""
    return f"received/{urn}.html"


def _school_pages(context: Context, school: School) -> list[Page]:
    leaves = cut_into_leaves(data_path(school.urn), _school_blocks(context, school))
    return [
        Page(
            area="site",
            path=leaf.path,
            heading=f"Data received from {school.name}",
            purpose=(
                "What the school has sent, when, and where every record of it went: each row of each file is "
                "accounted for, used or not."
            ),
            view=SchoolDataView(
                leaf=leaf,
                contents=contents(leaves, leaf.path),
                school_href=f"schools/{school.urn}.html",
                state_words=school.state_words,
                counts_hidden=any(
                    context.counts_hidden(school.urn, receipt.receipt_id) for receipt in context.receipts(school.urn)
                ),
            ),
        )
        for leaf in leaves
    ]


def gather_data_pages(context: Context) -> list[Page]:
    """data.html: the grid of every school, feed and period, carried on where the trust is large."""
    leaves = cut_into_leaves("data.html", _grid_blocks(context))
    return [
        Page(
            area="site",
            path=leaf.path,
            heading="Data received",
            purpose=(
                "What each school has sent, for when, and what has not come yet. A school's name leads to its files."
            ),
            view=DataView(
                leaf=leaf,
                contents=contents(leaves, leaf.path),
                key=[StateKey(glyph, state, said) for said, (state, glyph) in STATES.items()],
            ),
        )
        for leaf in leaves
    ]


def gather_school_data_pages(context: Context) -> list[Page]:
    """received/<urn>.html for every school of the register, carried on where it has sent much."""
    return [page for school in context.published.schools for page in _school_pages(context, school)]
