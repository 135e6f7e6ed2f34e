"""The page of scales: what is common to the trust and what each school's own, and how judgements are read.

Here live scales.html and the words of bands and rules. Which scale a result was read by is the warehouse's matter;
who approved a mapping and why stands beside it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from site_builder.context import Context
from site_builder.harmony import FrameworkUsed, Mapping
from site_builder.page import Fact, Page
from site_builder.paging import Block, ContentsLine, Leaf, contents, cut_into_leaves, slug
from site_builder.tables import Cell, Row, Table, heads
from site_builder.words import COMPARABILITY, in_words
from site_builder.writing import show_date, show_number

PATH = "scales.html"
BANDS = {
    "NA": "Not assessed",
    "BLW": "Working below",
    "WTS": "Working towards",
    "EXS": "Expected",
    "GDS": "Greater depth",
}
RULES = {
    "trust-set": "The trust decides, for every school.",
    "trust-set, school may add": "The trust decides; a school may add its own beside it.",
    "school-set, must map": "Each school decides, and says how it maps onto the trust's.",
    "school-free": "Each school decides. Nothing is asked.",
}
_CUT_OF = {
    "value": "The number recorded",
    "mark": "The mark",
    "standardised": "The mark, standardised on the trust's pupils",
}


@dataclass(frozen=True)
class ScalesView:
    """What scales.html is given."""

    leaf: Leaf
    contents: Sequence[ContentsLine]
    agreed: Table | None
    used: Table | None
    bands: Sequence[Fact]


def show_band(band: str | None) -> str:
    """A band in words; nothing where there is none."""
    return in_words(BANDS, band, "a band") if band else ""


def _agreed_table(context: Context) -> Table | None:
    rows = [
        Row(
            [
                Cell(one.title),
                Cell(one.rule),
                Cell(in_words(RULES, one.rule, "a rule of the register"), "prose"),
                Cell(one.note or "", "prose"),
            ]
        )
        for one in sorted(context.published.autonomy, key=lambda one: one.sort_order)
    ]
    names = ("What", "Rule", "What that means", "What was agreed")
    return Table("What is common, and what is each school's own", heads(*names), rows) if rows else None


def _days(used: FrameworkUsed) -> str:
    parts = [f"since {show_date(used.valid_from)}"] if used.valid_from else []
    parts += [f"until {show_date(used.valid_to)}"] if used.valid_to else []
    return " ".join(parts)


def _used_table(context: Context) -> Table | None:
    titles = {one.domain: one.title for one in context.published.autonomy}
    rows = [
        Row(
            [
                Cell(used.school_name, href=f"schools/{used.urn}.html"),
                Cell(titles.get(used.domain, used.domain.capitalize())),
                Cell(used.uses),
                Cell(_days(used)),
            ]
        )
        for used in sorted(context.published.frameworks, key=lambda one: (one.school_name, one.domain, one.uses))
    ]
    return Table("What schools say they use", heads("School", "For", "Uses", "From when"), rows) if rows else None


def _reads(row: Mapping) -> str:
    if row.of_what is None:
        return row.code or ""
    what = in_words(_CUT_OF, row.of_what, "what a cut is of")
    return f"{what}: {f'{_show_short(row.at_least)} or more' if row.at_least is not None else 'less'}"


def _show_short(number: float) -> str:
    """A number of the settings with the decimals it was given: 60, 62.5."""
    return show_number(number, 2).rstrip("0").rstrip(".")


def _place(row: Mapping) -> str:
    """Where a row applies beyond its year groups and windows, which are gathered."""
    parts = [f"school {row.school}"] if row.school else []
    parts += [row.subject] if row.subject else []
    return ", ".join(parts)


_Said = tuple[str, str, str, str, str, str]


def _scale_table(scale: str, rows: Sequence[Mapping]) -> Table:
    """One line for whatever means the same in several year groups or windows, which it lists."""
    where: dict[_Said, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        points = f"{_show_short(row.points)} points" if row.points is not None else ""
        approved = f"{row.approved_by}{f', {show_date(row.approved_on)}' if row.approved_on else ''}"
        holds = f"from {show_date(row.valid_from)}" + (f" to {show_date(row.valid_to)}" if row.valid_to else "")
        said = (_reads(row), row.meaning or "", show_band(row.band) or points, _place(row), holds, approved)
        windows = where[said][f"Year {row.year_group}" if row.year_group else "every year group"]
        windows.append(row.window_name or "every window")
    lines = []
    for (reads, meaning, band, place, holds, approved), years in where.items():
        gathered = "; ".join(f"{year}: {', '.join(dict.fromkeys(windows))}" for year, windows in years.items())
        everywhere = gathered == "every year group: every window"
        applies = ", ".join(part for part in (place, "" if everywhere else gathered) if part)
        lines.append(
            Row([Cell(reads, "code"), Cell(meaning), Cell(band), Cell(applies, "prose"), Cell(holds), Cell(approved)])
        )
    names = ("Recorded", "Which says", "On the trust's scale", "Where", "When", "Approved by")
    return Table(f"The scale {scale}", heads(*names), lines)


def _order(row: Mapping) -> tuple[object, ...]:
    """By band, lowest first, then by code; year groups as numbers."""
    year_group = row.year_group or ""
    return (
        list(BANDS).index(row.band) if row.band else -1,
        row.points or 0.0,
        -1.0 if row.at_least is None else row.at_least,
        row.code or "",
        row.school or "",
        row.subject or "",
        (year_group.isdigit(), year_group.zfill(2)),
        row.window_name or "",
        row.valid_from,
    )


def _blocks(context: Context) -> list[Block]:
    readers: dict[str, set[str]] = defaultdict(set)
    for one in context.published.scale_schools:
        readers[one.scale].add(one.urn)
    scales: dict[tuple[str, str], list[Mapping]] = defaultdict(list)
    for row in sorted(context.published.mappings, key=_order):
        if row.is_used:
            scales[row.framework, row.scale].append(row)
    blocks = []
    for (framework, scale), rows in sorted(scales.items()):
        first = rows[0]
        names = sorted(context.schools[urn].name for urn in readers[scale] if urn in context.schools)
        anchor = slug("scale", scale)
        read_by = f"Read by it: {', '.join(names)}." if names else ""
        grade = in_words(COMPARABILITY, first.comparability_class, "a comparability class")
        said = f"From exports of the kind {first.source}, version {first.version}. {grade} {first.rationale} {read_by}"
        blocks.append(Block(framework, scale, anchor, paragraph=said.strip()))
        blocks.append(Block(framework, scale, anchor, _scale_table(scale, rows)))
    return blocks


def gather_scales_pages(context: Context) -> list[Page]:
    """scales.html, carried on where there is much."""
    leaves = cut_into_leaves(PATH, _blocks(context))
    return [
        Page(
            area="site",
            path=leaf.path,
            heading="Scales and judgements",
            purpose=(
                "What the trust's schools have in common and what is each school's own; and what every judgement that "
                "counts here means on the trust's scale, with who approved it."
            ),
            view=ScalesView(
                leaf=leaf,
                contents=contents(leaves, leaf.path),
                agreed=_agreed_table(context) if leaf.number == 1 else None,
                used=_used_table(context) if leaf.number == 1 else None,
                bands=[Fact(name, code) for code, name in BANDS.items()] if leaf.number == 1 else (),
            ),
        )
        for leaf in leaves
    ]
