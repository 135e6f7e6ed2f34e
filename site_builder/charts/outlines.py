"""The outlines of marks, drawn around their own middle, and how marks lie side by side.

Here live the shapes that say above, about the same and below without a colour, and where writing goes so that
no two pieces of it lie on each other. Values do not come here.
"""

from __future__ import annotations

from collections.abc import Sequence

from site_builder.charts.drawn import Caption, KeyEntry, Mark
from site_builder.charts.marks import ABOVE, BELOW, COMPARED, SIMILAR, Point

UP = "M0-6.5 6.4 5H-6.4z"
DOWN = "M0 6.5 6.4-5H-6.4z"
ROUND = "M-5 0a5 5 0 1 0 10 0a5 5 0 1 0-10 0z"
SMALL = "M-3.2 0a3.2 3.2 0 1 0 6.4 0a3.2 3.2 0 1 0-6.4 0z"
RIGHT = "M7.5 0-4.5 6.2V-6.2z"
LEFT = "M-7.5 0 4.5 6.2V-6.2z"
DIAMOND = "M0-5.5 5.5 0 0 5.5-5.5 0z"
SQUARE = "M-4.5-4.5h9v9h-9z"
BLOCK = "M-12-6H12V6H-12z"

# How wide a letter of 12 pixels is taken to be, and how high a line: on the safe side of every system's own font.
LETTER, LINE_HEIGHT = 6.8, 15.0
# The plot's width in pixels on a telephone and on the narrowest screen that counts as wide.
NARROW, WIDE = 260, 480
# Of a longer name the beginning is drawn; the title of its mark, the key and the table have all of it.
LONGEST = 24


def outline_of(mark: str | None) -> str:
    """The outline that says how a value compares: triangle up, circle, triangle down."""
    return UP if mark == ABOVE else DOWN if mark == BELOW else ROUND


def count_of(number: int, noun: str) -> str:
    """So many of them: 1 school, 2 schools."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def shorten(name: str) -> str:
    """A name that fits a drawing."""
    return name if len(name) <= LONGEST else name[: LONGEST - 1].rstrip() + "…"


def draw_mark(point: Point, x: float, y: float, outline: str | None = None, look: str = "") -> Mark:
    """The point's mark at a place; its class is `look`, or else its comparison."""
    return Mark(x, y, outline or outline_of(point.mark), look or point.mark or "plain", point.said)


def key_of_marks(points: Sequence[Point], than: str = "the trust") -> list[KeyEntry]:
    """The key of the comparison marks in use."""
    used = {point.mark for point in points}
    key = [
        KeyEntry(mark, f"{said} as {than}" if mark == SIMILAR else f"{said} {than}", outline_of(mark))
        for mark, said in COMPARED.items()
        if mark in used
    ]
    return [*key, KeyEntry("plain", "not compared", ROUND)] if None in used and key else key


Box = tuple[float, float, float, float]


def _box(caption: Caption, width: int) -> Box:
    length = len(caption.text) * LETTER
    left = caption.x / 100 * width + caption.dx
    left -= length if caption.anchor == "end" else length / 2 if caption.anchor == "middle" else 0
    return (left, caption.y - LINE_HEIGHT + 3, left + length, caption.y + 3)


def _free(box: Box, taken: Sequence[Box], width: int, margin: float) -> bool:
    if box[0] < -margin or box[2] > width + margin:
        return False
    return all(box[2] <= t[0] or box[0] >= t[2] or box[3] <= t[1] or box[1] >= t[3] for t in taken)


def _choices(x: float, y: float, text: str, look: str) -> list[Caption]:
    """Right of the mark, left of it, above it, below it."""
    return [
        Caption(x, y + 4, text, "start", look, dx=10),
        Caption(x, y + 4, text, "end", look, dx=-10),
        Caption(x, y - 10, text, "middle", look),
        Caption(x, y + 19, text, "middle", look),
    ]


def place_captions(
    wanted: Sequence[tuple[float, float, str, str]], dots: Sequence[tuple[float, float]]
) -> list[Caption]:
    """Labels (x, y, text, look) beside their dots so that none lies on another label or a dot.

    One that fits on a telephone is always shown, one that fits on a wide screen only there; one that fits nowhere is
    left to the table beside the chart.
    """
    placed: list[Caption] = []
    for wide, width in ((False, NARROW), (True, WIDE)):
        around = [(x / 100 * width - 5, y - 5, x / 100 * width + 5, y + 5) for x, y in dots]
        taken = [*around, *(_box(caption, width) for caption in placed)]
        done = {(c.text, c.look) for c in placed}
        for x, y, text, look in wanted:
            if (text, look) in done:
                continue
            for choice in _choices(x, y, text, look):
                box = _box(choice, width)
                if _free(box, taken, width, 0):
                    taken.append(box)
                    placed.append(Caption(choice.x, choice.y, text, choice.anchor, look, wide, choice.dx))
                    break
    return placed


def spread_down(wanted: Sequence[float], top: float, bottom: float, gap: float = LINE_HEIGHT) -> list[float]:
    """Places down for labels that would lie nearer than `gap`: in the order given (top first), moved as little as
    needed to keep `gap` between them, and inside `top` to `bottom`.
    """
    order = sorted(range(len(wanted)), key=lambda index: (wanted[index], index))
    places = [0.0] * len(wanted)
    last = top - gap
    for index in order:
        last = max(wanted[index], last + gap)
        places[index] = last
    ceiling = bottom + gap
    for index in reversed(order):
        ceiling = min(places[index], ceiling - gap)
        places[index] = round(ceiling, 1)
    return places
