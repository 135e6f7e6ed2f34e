"""The trend: one or more courses over time, on the ribbon of the schools' spread, with gaps left as gaps."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from site_builder.charts.draw_funnel import trace
from site_builder.charts.drawn import Caption, Chart, DrawnPoint, KeyEntry, Plot, Stroke, Tick
from site_builder.charts.marks import Course, Flag, Line, Ribbon, Words
from site_builder.charts.outlines import (
    BLOCK,
    DIAMOND,
    LETTER,
    LINE_HEIGHT,
    NARROW,
    ROUND,
    SMALL,
    SQUARE,
    WIDE,
    draw_mark,
    shorten,
    spread_down,
)
from site_builder.charts.scale import Scale, fit_scale, is_share

HEIGHT = 280
TOP, BOTTOM = 14, HEIGHT - 4
# At most so many labels of positions on a telephone and on a wide screen, fewer where they are long.
FEW, MANY = 4, 8
# With so many positions their marks would run together, so only the own school's are drawn large.
CROWDED = 16
OUTLINES = {"own": ROUND, "trust": SQUARE, "last_year": DIAMOND, "other": SMALL}


def place_positions(places: Iterable[int]) -> Mapping[int, float]:
    """Positions laid evenly across, in their order; a single one stands in the middle."""
    ordered = sorted(set(places))
    if len(ordered) == 1:
        return {ordered[0]: 50.0}
    return {place: round(index / (len(ordered) - 1) * 100, 1) for index, place in enumerate(ordered)}


def runs_of(course: Course) -> list[list[tuple[int, float]]]:
    """The course's values in runs without a gap. A position left out between two steps is no gap."""
    runs: list[list[tuple[int, float]]] = [[]]
    for step in sorted(course.steps, key=lambda step: step.place):
        if step.point is None:
            runs.append([])
        else:
            runs[-1].append((step.place, step.point.value))
    return [run for run in runs if run]


def _label_positions(labels: Mapping[int, str], at: Mapping[int, float]) -> list[Tick]:
    ordered = sorted(labels)
    length = max((len(label) for label in labels.values()), default=0) * LETTER + LINE_HEIGHT
    few, many = (min(most, max(2, int(width / length))) for most, width in ((FEW, NARROW), (MANY, WIDE)))
    dense = max(1, -(-len(ordered) // many))
    # Every label of the narrow drawing is one of the wide drawing's too.
    sparse = dense * max(1, -(-len(ordered) // (few * dense)))
    return [
        Tick(at[place], labels[place], index % sparse != 0) for index, place in enumerate(ordered) if index % dense == 0
    ]


def _ribbon(ribbons: Sequence[Ribbon], at: Mapping[int, float], y: Scale) -> list[Stroke]:
    strokes = []
    runs: list[list[Ribbon]] = []
    order = {place: index for index, place in enumerate(sorted(at))}
    for ribbon in sorted(ribbons, key=lambda r: r.place):
        if runs and order[ribbon.place] == order[runs[-1][-1].place] + 1:
            runs[-1].append(ribbon)
        else:
            runs.append([ribbon])
    for run in runs:
        lows = [(at[r.place], y.place(r.low)) for r in run]
        highs = [(at[r.place], y.place(r.high)) for r in reversed(run)]
        strokes.append(Stroke(trace([*lows, *highs]) + "z", "ribbon"))
        inner = [r for r in run if r.inner_low is not None and r.inner_high is not None]
        if len(inner) == len(run):
            lows = [(at[r.place], y.place(r.inner_low or 0.0)) for r in inner]
            highs = [(at[r.place], y.place(r.inner_high or 0.0)) for r in reversed(inner)]
            strokes.append(Stroke(trace([*lows, *highs]) + "z", "ribbon inner"))
    return strokes


def draw_course(course: Course, at: Mapping[int, float], y: Scale) -> tuple[list[Stroke], list[DrawnPoint]]:
    """The course's lines, one for each run without a gap, and its marks."""
    strokes = [
        Stroke(trace([(at[place], y.place(value)) for place, value in run]), f"course {course.kind}")
        for run in runs_of(course)
        if len(run) > 1
    ]
    crowded = len(course.steps) > CROWDED
    outline = SMALL if crowded else OUTLINES.get(course.kind, SMALL)
    points = [
        DrawnPoint(
            draw_mark(step.point, at[step.place], y.place(step.point.value), outline, f"step {course.kind}"),
            step.point.href,
        )
        for step in course.steps
        if step.point
    ]
    return strokes, points


def _end_labels(courses: Sequence[Course], y: Scale, bottom: float) -> list[Caption]:
    """Each course's name and last value at the right-hand edge, moved apart where they would touch."""
    lasts = []
    for course in courses:
        points = [step.point for step in sorted(course.steps, key=lambda s: s.place) if step.point]
        if points:
            lasts.append((course, points[-1]))
    places = spread_down([y.place(point.value) for _, point in lasts], TOP, bottom)
    return [
        Caption(100, down + 4, f"{shorten(course.label)} {point.text}", "start", course.kind, dx=10)
        for (course, point), down in zip(lasts, places, strict=True)
    ]


def _key(courses: Sequence[Course], ribbons: Sequence[Ribbon], line: Line | None) -> list[KeyEntry]:
    key = [KeyEntry(f"course {course.kind}", course.label) for course in courses]
    if line:
        key.append(KeyEntry("trust-line", line.said))
    if ribbons:
        key.append(KeyEntry("ribbon", "from the lowest school to the highest", BLOCK))
    if any(r.inner_low is not None for r in ribbons):
        key.append(KeyEntry("ribbon inner", "the middle half of the schools", BLOCK))
    return key


def draw_trend(
    words: Words,
    courses: Sequence[Course],
    ribbons: Sequence[Ribbon] = (),
    flags: Sequence[Flag] = (),
    line: Line | None = None,
) -> Chart:
    """Courses over the positions of their steps, evenly apart; a step without a point leaves a gap."""
    steps = [step for course in courses for step in course.steps]
    at = place_positions([*(s.place for s in steps), *(r.place for r in ribbons), *(f.place for f in flags)])
    ends = [v for r in ribbons for v in (r.low, r.high)] + ([line.value] if line else [])
    points = [step.point for step in steps if step.point]
    share = is_share(point.text for point in points)
    y = fit_scale([*(point.value for point in points), *ends], BOTTOM, TOP, 5, share=share)
    strokes, marks = _ribbon(ribbons, at, y), []
    if line:
        strokes.append(Stroke(trace([(0, y.place(line.value)), (100, y.place(line.value))]), "trust-line", line.said))
    # The own school last, so that it lies on top.
    for course in sorted(courses, key=lambda c: c.kind == "own"):
        drawn, its_marks = draw_course(course, at, y)
        strokes += drawn
        marks += its_marks
    ordered = sorted({flag.place for flag in flags})
    return Chart(
        words=words,
        kind="trend",
        height=HEIGHT,
        desc=f"{', '.join(course.label for course in courses)}, over {len(at)} positions in time"
        + (", on the spread of the schools." if ribbons else "."),
        plots=[
            Plot(
                height=HEIGHT,
                across=_label_positions({s.place: s.label for s in steps}, at),
                up=y.write_ticks("%" if share else ""),
                strokes=strokes,
                points=marks,
                captions=_end_labels(courses, y, BOTTOM),
                flags=[Tick(at[place], str(number)) for number, place in enumerate(ordered, 1)],
            )
        ],
        key=_key(courses, ribbons, line),
        flags=[" ".join(f.words for f in flags if f.place == place) for place in ordered],
    )
