"""The glossary: the words of this site and of its files, in plain English.

Here lives what glossary.html shows. What a column of a file or a field
means comes from dictionary.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from site_builder.context import Context
from site_builder.dictionary import DictionaryPart, gather_dictionary
from site_builder.page import Fact, Page
from site_builder.paging import Block, ContentsLine, Leaf, contents, cut_into_leaves, slug
from site_builder.tables import Cell, Row, Table, heads

# Lines of the dictionary are sentences, so a page takes fewer of them.
LINES_A_PAGE = 900

TERMS = (
    ("Academic year", "September to August; for attendance, August belongs to the year that follows."),
    ("As at", "The day up to which a release looks. Nothing that came later is in it."),
    ("Cluster", "A set of schools the trust has put together, by place or by work they share."),
    ("Comparability class", "How far figures may be compared: from A, one definition for all of England, to D, local."),
    ("Coverage", "The share of pupils on roll who have a result behind a figure."),
    ("Feed", "One kind of data a school sends: pupils, attendance, results, suspensions, groups."),
    ("Fix-list", "What to put right in a file, by row and field; in the school's own pack."),
    ("Half-term", "Half of a term, by the school's own dates, else its local authority's."),
    ("Interval", "Where the figure would lie, 19 times in 20, if chance alone were at work."),
    ("KPI", "A measure the trust has agreed on: a numerator, a denominator and a sentence."),
    ("Ledger", "Where every record of a file went. Its places add up to the file."),
    ("Like for like", "The same stretch of two years, counted by the same definition."),
    ("Pack", "What one school's staff alone may see: its own files, rows and fix-list."),
    ("Persistently absent", "Missed a tenth or more of the sessions that were possible for the pupil."),
    ("Phase", "Primary, secondary, all-through, special or alternative provision."),
    ("Receipt", "What became of one file: read, waiting or not readable yet, and why."),
    ("Release", "All pages and files made at once from the same data, with a name that stays."),
    ("Session", "Half a school day: the morning or the afternoon register."),
    ("Spread", "From the lowest to the highest school; quartiles from ten schools on."),
    ("Suspension", "A pupil sent home for a fixed time; formerly a fixed-period exclusion."),
    ("Trust's figure", "All pupils of the trust's schools put together: sum over sum."),
    ("URN", "Unique reference number: the school's own number in the national register."),
    ("Window", "The weeks in which the trust collects assessments."),
    ("Year to date", "From the first day of the academic year to the day the release is as at."),
)


@dataclass(frozen=True)
class GlossaryView:
    """What glossary.html is given."""

    terms: Sequence[Fact]
    leaf: Leaf
    contents: Sequence[ContentsLine]


def _part_table(part: DictionaryPart) -> Table:
    rows = [
        Row(
            [
                Cell(line.name, "code"),
                Cell(line.label),
                Cell(line.type, "phrase"),
                Cell(line.unit, "phrase"),
                Cell(line.meaning, "prose"),
                Cell(line.source, "prose"),
            ]
        )
        for line in part.lines
    ]
    return Table(part.title, heads("Name", "Label", "Type", "Unit", "What it means", "Where it comes from"), rows)


def gather_glossary_pages(context: Context) -> list[Page]:
    """glossary.html: the words, then the dictionary of the files, carried on where it is long."""
    blocks = [
        Block(part.title, None, slug("table", part.table), _part_table(part)) for part in gather_dictionary(context)
    ]
    leaves = cut_into_leaves("glossary.html", blocks, LINES_A_PAGE)
    return [
        Page(
            area="site",
            path=leaf.path,
            heading="Glossary",
            purpose="The words of these pages, and what every column of the files beside them means.",
            view=GlossaryView(
                [Fact(term, meaning) for term, meaning in TERMS] if leaf.number == 1 else [],
                leaf,
                contents(leaves, leaf.path),
            ),
        )
        for leaf in leaves
    ]
