"""Small multiples: one small trend a school, all on one scale, so that heights can be compared."""

from __future__ import annotations

from collections.abc import Sequence

from site_builder.charts.draw_funnel import trace
from site_builder.charts.draw_trend import draw_course, place_positions
from site_builder.charts.drawn import Chart, KeyEntry, Plot, Stroke, Tick
from site_builder.charts.marks import Panel, Words
from site_builder.charts.outlines import count_of
from site_builder.charts.scale import Scale, fit_scale, is_share

HEIGHT = 92
TOP, BOTTOM = 8, HEIGHT - 6


def _plot(panel: Panel, at: dict[int, float], y: Scale, ends: Sequence[Tick]) -> Plot:
    strokes, points = draw_course(panel.course, at, y)
    if panel.line:
        down = y.place(panel.line.value)
        strokes.insert(0, Stroke(trace([(0, down), (100, down)]), "trust-line", panel.line.said))
    labels = {step.place: step.label for step in panel.course.steps}
    known = sorted(labels)
    outer = {known[0]: "start", known[-1]: "end"} if known else {}
    return Plot(
        height=HEIGHT,
        across=[Tick(at[place], labels[place]) for place in outer],
        up=ends,
        strokes=strokes,
        points=points,
        label=panel.label,
        href=panel.href,
        ident=panel.ident,
        text=panel.text,
    )


def draw_multiples(words: Words, panels: Sequence[Panel], *, anchors: bool = False) -> Chart:
    """A panel for each school, in the order given, on a shared scale."""
    steps = [step for panel in panels for step in panel.course.steps]
    at = dict(place_positions(step.place for step in steps)) if steps else {}
    points = [step.point for step in steps if step.point]
    lines = [panel.line for panel in panels if panel.line]
    share = is_share(point.text for point in points)
    y = fit_scale([*(p.value for p in points), *(line.value for line in lines)], BOTTOM, TOP, 4, share=share)
    ticks = y.write_ticks("%" if share else "")
    ends = [ticks[0], ticks[-1]]
    key = [KeyEntry("trust-line", lines[0].label)] if lines else []
    return Chart(
        words=words,
        kind="multiples",
        height=HEIGHT,
        desc=f"{count_of(len(panels), 'small drawing')} on one scale, from {ends[0].text} to {ends[1].text}.",
        plots=[_plot(panel, at, y, ends) for panel in panels],
        key=key,
        anchors=anchors,
    )
