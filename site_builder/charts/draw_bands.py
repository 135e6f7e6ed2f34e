"""Stacked bands: each bar the whole, in at most four parts, in one order in every bar."""

from __future__ import annotations

from collections.abc import Sequence

from site_builder.charts.drawn import Chart, DrawnRow, KeyEntry, Tick
from site_builder.charts.marks import Bar, Words
from site_builder.charts.outlines import BLOCK, count_of
from site_builder.charts.scale import fit_scale

ROW = 30
MOST_PARTS = 4
# A part narrower than these (percent of the bar) has no room for its figure on a telephone, or on a wide screen.
ROOM, SOME_ROOM = 13.0, 6.0


def _row(bar: Bar, whole: float, looks: dict[str, str]) -> DrawnRow:
    boxes = []
    done = 0.0
    scale = fit_scale([0, whole], 0, 100)
    for part in bar.parts:
        start, end = done / whole * scale.end, (done + part.value) / whole * scale.end
        width = round(end - start, 1)
        text = part.text if width >= ROOM else f" {part.text}" if width >= SOME_ROOM else ""
        boxes.append((round(start, 1), width, looks[part.name], text, f"{bar.label}: {part.name} {part.text}"))
        done += part.value
    return DrawnRow(bar.label, bar.href, bar.ident, False, "", boxes=boxes)


def draw_bands(words: Words, bars: Sequence[Bar], *, anchors: bool = False) -> Chart:
    """A bar for each school, in the order given. ValueError for more parts than can be told apart."""
    names = list(dict.fromkeys(part.name for bar in bars for part in bar.parts))
    if len(names) > MOST_PARTS:
        raise ValueError(f"{len(names)} parts in one bar; a chart of bands takes {MOST_PARTS}, so join some of them")
    looks = {name: f"part-{number}" for number, name in enumerate(names, 1)}
    whole = max([100.0, *(sum(part.value for part in bar.parts) for bar in bars)])
    return Chart(
        words=words,
        kind="bands",
        height=ROW,
        desc=f"{count_of(len(bars), 'bar')}, each the whole in {count_of(len(names), 'part')}: {', '.join(names)}.",
        rows=[_row(bar, whole, looks) for bar in bars],
        ticks=[Tick(at, f"{at}%", at % 50 != 0) for at in (0, 25, 50, 75, 100)],
        key=[KeyEntry(look, name, BLOCK) for name, look in looks.items()],
        anchors=anchors,
    )
