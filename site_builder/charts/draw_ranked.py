"""Ranked dots: a row a school, sorted by value, each with its interval, beside the trust's line.

No rank is numbered: where intervals overlap, chance could turn the order round.
"""

from __future__ import annotations

from collections.abc import Sequence

from site_builder.charts.drawn import Chart, DrawnRow, KeyEntry, Tick
from site_builder.charts.marks import COMPARED, Line, Point, Words
from site_builder.charts.outlines import count_of, draw_mark, key_of_marks
from site_builder.charts.scale import Scale, fit_scale, is_share

ROW = 28


def _row(point: Point, scale: Scale) -> DrawnRow:
    x = scale.place(point.value)
    whisker: tuple[tuple[float, float, str], ...] = ()
    if point.low is not None and point.high is not None:
        whisker = ((scale.place(point.low), scale.place(point.high), "whisker"),)
    return DrawnRow(
        label=point.label,
        href=point.href,
        ident=point.ident,
        own=point.own,
        value_text=point.text,
        marks=[draw_mark(point, x, ROW / 2)],
        lines=whisker,
        compared=COMPARED.get(point.mark or "", ""),
    )


def draw_ranked(words: Words, points: Sequence[Point], line: Line | None = None, *, anchors: bool = True) -> Chart:
    """Schools by value, highest first, those of one value by name; the trust's line through all rows.

    `anchors`: the rows carry the ids that a page's address points at; only one chart of a page may.
    """
    ends = [v for p in points for v in (p.value, p.low, p.high) if v is not None]
    texts = [p.text for p in points] + ([line.text] if line else [])
    share = is_share(texts)
    scale = fit_scale([*ends, *([line.value] if line else [])], 0, 100, 6, share=share)
    ordered = sorted(points, key=lambda p: (-p.value, p.label))
    between = " with the interval in which chance would leave it" if any(p.low is not None for p in points) else ""
    key = key_of_marks(points)
    if between:
        key.append(KeyEntry("whisker", "95% interval"))
    return Chart(
        words=words,
        kind="ranked",
        height=ROW,
        desc=f"{count_of(len(points), 'school')}, the highest value first, each{between}"
        + (f", beside {line.label} at {line.text}." if line else "."),
        rows=[_row(point, scale) for point in ordered],
        ticks=scale.write_ticks("%" if share else "", 4),
        line=Tick(scale.place(line.value), line.said) if line else None,
        key=key,
        below="The order alone says little: where intervals overlap, chance could turn it round.",
        anchors=anchors,
    )
