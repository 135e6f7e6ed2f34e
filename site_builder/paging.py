"""Cutting a long list of tables and charts into pages that stay light, and back into chapters for reading.

Here live blocks (a chart or table under its headings), the rule that carries a page on when it grows heavy, and the
contents list that leads to each part. What the tables hold does not live here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from site_builder.charts import Chart
from site_builder.tables import Row, Table

# A page stays well under 200 KB, so that it opens at once from a file share: about 60 bytes a cell.
CELLS_PER_PAGE = 2000

# A contents list that shows every section of every chapter has at most so many lines; a longer one opens where you are.
LINES_PER_CONTENTS = 60

# What a school's row or dot takes, in cells of a table.
CELLS_PER_ROW = 24
CELLS_PER_POINT = 14


def _weigh(chart: Chart) -> int:
    points = sum(len(plot.points) + len(plot.captions) for plot in chart.plots)
    return CELLS_PER_ROW * (1 + len(chart.rows)) + CELLS_PER_POINT * points


@dataclass(frozen=True)
class Block:
    """One chart, table or paragraph under a heading (`chapter`) and perhaps a sub-heading (`section`).

    A table that stands beside a chart says the same in figures; it is folded away until it is asked for.
    """

    chapter: str
    section: str | None
    anchor: str
    table: Table | None = None
    paragraph: str | None = None
    chart: Chart | None = None

    @property
    def size(self) -> int:
        """How heavy the block is, in cells of a table."""
        return max(1, (self.table.size if self.table else 0) + (_weigh(self.chart) if self.chart else 0))


@dataclass(frozen=True)
class Section:
    """Blocks under one sub-heading (None: straight under the chapter's heading)."""

    title: str | None
    anchor: str
    blocks: Sequence[Block]


@dataclass(frozen=True)
class Chapter:
    """Sections under one heading. `carried_on` where the chapter began on the page before."""

    title: str
    anchor: str
    sections: Sequence[Section]
    carried_on: bool = False


@dataclass(frozen=True)
class Leaf:
    """One page of several: its path, its chapters, and where it stands in the row of pages."""

    path: str
    number: int
    of: int
    chapters: Sequence[Chapter]
    previous: str | None
    following: str | None


@dataclass(frozen=True)
class ContentsLine:
    """A line of the contents list: where a chapter begins, and its sections if they are on several pages."""

    title: str
    href: str
    sections: list[ContentsLine]


def slug(*parts: str) -> str:
    """Words for an address: lower-case letters, digits and hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", " ".join(parts).lower()).strip("-") or "part"


def _chapters(blocks: Sequence[Block], begun: set[str]) -> list[Chapter]:
    chapters: list[Chapter] = []
    for block in blocks:
        if not chapters or chapters[-1].title != block.chapter:
            anchor = slug(block.chapter)
            chapters.append(Chapter(block.chapter, anchor, [], block.chapter in begun))
            begun.add(block.chapter)
        sections = list(chapters[-1].sections)
        if sections and sections[-1].title == block.section:
            sections[-1] = Section(block.section, sections[-1].anchor, [*sections[-1].blocks, block])
        else:
            sections.append(Section(block.section, block.anchor, [block]))
        chapters[-1] = Chapter(chapters[-1].title, chapters[-1].anchor, sections, chapters[-1].carried_on)
    return chapters


def leaf_path(first: str, number: int) -> str:
    """The path of part `number` of the page `first`: kpis/mean_mark.html, kpis/mean_mark-2.html, ..."""
    return first if number == 1 else first.removesuffix(".html") + f"-{number}.html"


def _cut_table(block: Block) -> list[Block]:
    table = block.table
    if table is None or block.chart or table.size <= CELLS_PER_PAGE:
        return [block]
    groups: list[list[Row]] = [[]]
    filled = 0
    for row in table.rows:
        if groups[-1] and filled + row.size > CELLS_PER_PAGE:
            groups.append([])
            filled = 0
        groups[-1].append(row)
        filled += row.size
    first, *others = (replace(table, rows=rows) for rows in groups)
    carried = [replace(other, caption=f"{table.caption} (carried on)") for other in others]
    return [
        replace(block, table=part, anchor=block.anchor if not number else f"{block.anchor}-{number + 1}")
        for number, part in enumerate([first, *carried])
    ]


def cut_into_leaves(first: str, blocks: Sequence[Block], budget: int = CELLS_PER_PAGE) -> list[Leaf]:
    """Spread `blocks`, in their order, over pages of at most `budget` cells; at least one page.

    A table that is too long for any page is carried on in another, under the same headings; one beside a chart
    stays whole.
    """
    groups: list[list[Block]] = [[]]
    filled = 0
    for block in (part for whole in blocks for part in _cut_table(whole)):
        if groups[-1] and filled + block.size > budget:
            groups.append([])
            filled = 0
        groups[-1].append(block)
        filled += block.size
    paths = [leaf_path(first, number) for number in range(1, len(groups) + 1)]
    begun: set[str] = set()
    return [
        Leaf(
            path=paths[place],
            number=place + 1,
            of=len(groups),
            chapters=_chapters(group, begun),
            previous=paths[place - 1] if place else None,
            following=paths[place + 1] if place + 1 < len(paths) else None,
        )
        for place, group in enumerate(groups)
    ]


def contents(leaves: Sequence[Leaf], here: str) -> list[ContentsLine]:
    """Where each chapter begins: `#...` on the page `here`, else an address from the area's folder.

    Where there are several pages, the sections of the chapters on this one are listed too, so that nobody need turn
    all pages; and those of every chapter where they are few enough to be read.
    """
    first_of: dict[tuple[str, str | None], str] = {}
    for leaf in leaves:
        start = "" if leaf.path == here else leaf.path
        for chapter in leaf.chapters:
            first_of.setdefault((chapter.title, None), f"{start}#{chapter.anchor}")
            for section in chapter.sections:
                if section.title and leaf.of > 1:
                    first_of.setdefault((chapter.title, section.title), f"{start}#{section.anchor}")
    all_are_few = len(first_of) <= LINES_PER_CONTENTS
    on_this_page = {chapter.title for leaf in leaves if leaf.path == here for chapter in leaf.chapters}
    lines: list[ContentsLine] = []
    for (title, section_title), href in first_of.items():
        if section_title is None:
            lines.append(ContentsLine(title, href, []))
        elif all_are_few or title in on_this_page:
            lines[-1].sections.append(ContentsLine(section_title, href, []))
    return lines
