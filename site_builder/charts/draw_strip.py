"""The strip: every KPI of a school a row, each on its own scale around the trust's line in the middle.

Higher is always to the right, whatever is hoped for. Each row reaches as far to both sides as its farthest school, so
rows can be read beside each other though their units differ.
"""

from __future__ import annotations

from collections.abc import Sequence

from site_builder.charts.drawn import Chart, DrawnRow, KeyEntry, Mark, Stroke, Tick
from site_builder.charts.marks import COMPARED, Point, StripRow, Words
from site_builder.charts.outlines import ROUND, SMALL, count_of, draw_mark, outline_of

ROW = 30
# The other schools are drawn as dots that can be pointed at; past this many as ticks, or a page grows too heavy.
MOST_DOTS = 24
INSET = 3.0


def _reach(row: StripRow) -> tuple[float, float]:
    """The value in the middle of the row, and how far it reaches to each side."""
    values = [p.value for p in (*row.others, *((row.own,) if row.own else ()))]
    if row.line:
        values.append(row.line.value)
    if not values:
        return 0.0, 1.0
    middle = row.line.value if row.line else (min(values) + max(values)) / 2
    return middle, max(abs(value - middle) for value in values) or 1.0


def _ticks(others: Sequence[Point], places: Sequence[float]) -> Stroke:
    lowest, highest = min(others, key=lambda p: p.value), max(others, key=lambda p: p.value)
    return Stroke(
        "".join(f"M{at * 10:g} 9v12" for at in sorted(places)),
        "others",
        f"{len(others)} other schools, between {lowest.text} and {highest.text}",
    )


def _row(row: StripRow) -> DrawnRow:
    middle, reach = _reach(row)

    def place(value: float) -> float:
        return round(50 + (value - middle) / reach * (50 - INSET), 1) + 0.0

    others = sorted(row.others, key=lambda p: (p.value, p.label))
    marks: list[Mark] = []
    strokes: list[Stroke] = []
    if len(others) > MOST_DOTS:
        strokes.append(_ticks(others, [place(p.value) for p in others]))
    else:
        marks = [draw_mark(p, place(p.value), ROW / 2, SMALL, "others") for p in others]
    lines: tuple[tuple[float, float, str], ...] = ()
    if row.own:
        marks.append(draw_mark(row.own, place(row.own.value), ROW / 2, look=f"own-dot {row.mark or 'plain'}"))
    return DrawnRow(
        label=row.label,
        href=row.href,
        ident=None,
        own=False,
        value_text=row.value_text,
        marks=marks,
        lines=lines,
        strokes=strokes,
        compared=COMPARED.get(row.mark or "", ""),
        note=" · ".join(words for words in (row.line.said if row.line else "", row.trend_text) if words),
    )


def draw_strip(words: Words, rows: Sequence[StripRow]) -> Chart:
    """One row for each KPI, in the order given."""
    label = next((row.line.label for row in rows if row.line), None)
    marks = {row.mark for row in rows}
    key = [KeyEntry("own-dot similar", "this school", ROUND)]
    key += [
        KeyEntry(f"own-dot {mark}", f"this school, {said}", outline_of(mark))
        for mark, said in (("above", "above the trust"), ("below", "below the trust"))
        if mark in marks
    ]
    if any(row.others for row in rows):
        key.append(KeyEntry("others", "the trust’s other schools", SMALL))
    return Chart(
        words=words,
        kind="strip",
        height=ROW,
        desc=f"{count_of(len(rows), 'KPI')}, each on its own scale: this school among the trust’s schools"
        + (f", with {label} in the middle." if label else "."),
        rows=[_row(row) for row in rows],
        line=Tick(50.0, label) if label else None,
        key=key,
        below="Each row has its own scale, with the trust in the middle and higher figures to the right.",
    )
