"""The dumbbell: two dates of each school, a hollow mark and a filled one that points the way it moved."""

from __future__ import annotations

from collections.abc import Sequence

from site_builder.charts.drawn import Chart, DrawnRow, KeyEntry, Mark
from site_builder.charts.marks import Pair, Words
from site_builder.charts.outlines import LEFT, RIGHT, ROUND, SMALL, count_of, draw_mark
from site_builder.charts.scale import Scale, fit_scale, is_share

ROW = 28
# Nearer than this (percent of the plot) an arrow would hide the mark it comes from.
NEAR = 1.5
CHANGED = {"above": "more", "similar": "about the same", "below": "less"}


def _outline_after(start: float | None, end: float) -> str:
    """An arrow the way it moved; a dot inside the hollow mark where that is too near for an arrow."""
    if start is None:
        return ROUND
    if abs(end - start) < NEAR:
        return SMALL
    return RIGHT if end > start else LEFT


def _row(pair: Pair, scale: Scale) -> DrawnRow:
    marks: list[Mark] = []
    lines: tuple[tuple[float, float, str], ...] = ()
    before, after = pair.before, pair.after
    start = scale.place(before.value) if before else None
    if before and start is not None:
        marks.append(draw_mark(before, start, ROW / 2, ROUND, "before"))
    if after:
        x = scale.place(after.value)
        marks.append(draw_mark(after, x, ROW / 2, _outline_after(start, x), f"after {pair.mark or 'plain'}"))
        if start is not None and start != x:
            lines = ((min(start, x), max(start, x), f"bar {pair.mark or 'plain'}"),)
    texts = [point.text if point else "–" for point in (before, after)]
    return DrawnRow(
        label=pair.label,
        href=pair.href,
        ident=pair.ident,
        own=bool((before and before.own) or (after and after.own)),
        value_text=" → ".join(texts),
        marks=marks,
        lines=lines,
        compared=CHANGED.get(pair.mark or "", ""),
    )


def draw_dumbbell(words: Words, pairs: Sequence[Pair], *, anchors: bool = False) -> Chart:
    """A row for each school, in the order given; a date without a value has no mark."""
    points = [point for pair in pairs for point in (pair.before, pair.after) if point]
    share = is_share(point.text for point in points)
    scale = fit_scale([point.value for point in points], 0, 100, 6, share=share)
    marks = {pair.mark for pair in pairs}
    key = [KeyEntry("before", "before", ROUND), KeyEntry("after plain", "after", RIGHT)]
    if "above" in marks or "below" in marks:
        key.append(KeyEntry("after above", "after, where the change is more than chance would make", RIGHT))
    return Chart(
        words=words,
        kind="dumbbell",
        height=ROW,
        desc=f"{count_of(len(pairs), 'school')}, each at two dates, joined by a line.",
        rows=[_row(pair, scale) for pair in pairs],
        ticks=scale.write_ticks("%" if share else "", 4),
        key=key,
        anchors=anchors,
    )
