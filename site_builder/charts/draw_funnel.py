"""The funnel: values over the number of pupils behind them, between the lines chance alone would keep to."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from site_builder.charts.drawn import Caption, Chart, DrawnPoint, KeyEntry, Plot, Stroke
from site_builder.charts.marks import Limit, Line, Point, SizedPoint, Words
from site_builder.charts.outlines import count_of, draw_mark, key_of_marks, place_captions, shorten
from site_builder.charts.scale import Scale, fit_scale, is_share

HEIGHT = 320
TOP, BOTTOM = 12, HEIGHT - 4


def trace(points: Sequence[tuple[float, float]]) -> str:
    """An outline through places whose x is in percent, for the stretched drawing (1000 wide)."""
    return "M" + "L".join(f"{x * 10:g} {y:g}" for x, y in points)


def _limits(limits: Sequence[Limit], x: Scale, y: Scale) -> list[Stroke]:
    ordered = sorted(limits, key=lambda limit: limit.pupils)

    def along(end: Callable[[Limit], float]) -> list[tuple[float, float]]:
        return [(x.place(limit.pupils), y.reach(end(limit))) for limit in ordered]

    if len(ordered) < 2:
        return []
    inner = [*along(lambda p: p.lower_95), *reversed(along(lambda p: p.upper_95))]
    return [
        Stroke(trace(inner) + "z", "within"),
        Stroke(trace(along(lambda p: p.lower_998)), "limit-998"),
        Stroke(trace(along(lambda p: p.upper_998)), "limit-998"),
        Stroke(trace(along(lambda p: p.lower_95)), "limit-95"),
        Stroke(trace(along(lambda p: p.upper_95)), "limit-95"),
    ]


def _values(points: Sequence[SizedPoint], limits: Sequence[Limit], line: Line | None) -> list[float]:
    """What the upright scale must hold: the schools, the line, and the 95% lines from the smallest school on. Nearer
    to no pupils at all the lines part so far that the schools would be pressed flat.
    """
    smallest = min((p.pupils for p in points), default=0)
    near = [limit for limit in limits if limit.pupils >= smallest] or list(limits)
    values = [p.point.value for p in points] + [v for limit in near for v in (limit.lower_95, limit.upper_95)]
    return [*values, line.value] if line else values


def _when_lit(point: Point, at: float, down: float, look: str) -> Caption:
    """The name of a school that carries none here, for when the page's address points at it."""
    if 40 <= at <= 60:
        return Caption(at, down - 12, shorten(point.label), "middle", look)
    anchor, dx = ("start", 12.0) if at < 50 else ("end", -12.0)
    return Caption(at, down + 4, shorten(point.label), anchor, look, dx=dx)


def _name(point: Point, at: float, down: float, placed: Caption | None) -> list[Caption]:
    if point.ident is None and not point.own:
        return [placed] if placed else []
    if placed is None:
        return [_when_lit(point, at, down, "when-lit")]
    return [placed, _when_lit(point, at, down, "when-lit narrow")] if placed.wide else [placed]


def _draw_points(points: Sequence[SizedPoint], x: Scale, y: Scale) -> list[DrawnPoint]:
    places = [(x.place(p.pupils), y.place(p.point.value)) for p in points]
    told = [
        (*place, shorten(p.point.label), "own" if p.point.own else "")
        for p, place in zip(points, places, strict=True)
        if p.point.own or p.point.mark in ("above", "below")
    ]
    told = list({label[2]: label for label in told}.values())
    told.sort(key=lambda label: (label[3] != "own", label[2]))
    captions = {caption.text: caption for caption in place_captions(told, places)}
    return [
        DrawnPoint(
            mark=draw_mark(p.point, at, down),
            href=p.point.href,
            ident=p.point.ident,
            own=p.point.own,
            captions=_name(p.point, at, down, captions.get(shorten(p.point.label))),
        )
        for p, (at, down) in zip(points, places, strict=True)
    ]


def draw_funnel(words: Words, points: Sequence[SizedPoint], limits: Sequence[Limit], line: Line | None = None) -> Chart:
    """Schools by pupils (across, from 0) and value (up), with the 95% and 99.8% lines around the trust's.

    Schools said to be above or below carry their name where there is room.
    """
    ordered = sorted(points, key=lambda p: (p.pupils, p.point.label))
    sizes = [p.pupils for p in points] + [limit.pupils for limit in limits]
    share = is_share(p.point.text for p in points)
    x = fit_scale(sizes, 0, 100, 5, from_zero=True)
    y = fit_scale(_values(points, limits, line), BOTTOM, TOP, 5, share=share)
    strokes = _limits(limits, x, y)
    if line:
        strokes.append(Stroke(trace([(0, y.place(line.value)), (100, y.place(line.value))]), "trust-line", line.said))
    beyond = sum(p.point.mark in ("above", "below") for p in points)
    key = key_of_marks([p.point for p in points])
    key += [KeyEntry("trust-line", line.said)] if line else []
    key += [KeyEntry("limit-95", "19 in 20 schools lie inside by chance alone")] if limits else []
    key += [KeyEntry("limit-998", "998 in 1,000 lie inside")] if limits else []
    return Chart(
        words=words,
        kind="funnel",
        height=HEIGHT,
        desc=f"{count_of(len(points), 'school')} by how many pupils are behind the figure. "
        f"Above or below by more than chance would make: {beyond}.",
        plots=[
            Plot(
                height=HEIGHT,
                across=x.write_ticks(most=4),
                up=y.write_ticks("%" if share else ""),
                strokes=strokes,
                points=_draw_points(ordered, x, y),
            )
        ],
        key=key,
        below="Pupils behind the figure →",
    )
