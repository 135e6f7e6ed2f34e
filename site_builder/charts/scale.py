"""One linear scale: from values to places, with ticks at round numbers.

Here live the scale, its ticks and how a tick is written. What is placed on it lives in the draw_* modules.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from site_builder.charts.drawn import Tick
from site_builder.writing import exact, show_number

_STEPS = (1, 2, 5, 10)
WHOLE = Decimal(100)


@dataclass(frozen=True)
class Scale:
    """The values from `low` to `high` laid from `start` to `end`, and the round numbers between them."""

    low: float
    high: float
    start: float
    end: float
    ticks: Sequence[Decimal]
    step: Decimal

    def place(self, value: float) -> float:
        """Where `value` lies, to a tenth, never outside the drawing."""
        share = (value - self.low) / (self.high - self.low)
        at = self.start + min(max(share, 0.0), 1.0) * (self.end - self.start)
        return round(at, 1) + 0.0

    def reach(self, value: float) -> float:
        """Where `value` lies although that may be outside: for a line that the drawing's edge cuts off."""
        share = (value - self.low) / (self.high - self.low)
        return round(self.start + share * (self.end - self.start), 1) + 0.0

    def write_ticks(self, suffix: str = "", most: int = 0) -> list[Tick]:
        """The ticks as they are written; past `most` of them every other one is only for where there is room."""
        places = decimals_of(self.step)
        sparse = 0 < most < len(self.ticks)
        return [
            Tick(self.place(float(tick)), show_number(tick, places) + suffix, sparse and index % 2 == 1)
            for index, tick in enumerate(self.ticks)
        ]


def decimals_of(step: Decimal) -> int:
    """How many decimals a tick needs: none for whole steps, one for tenths."""
    exponent = step.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def pick_step(low: Decimal, high: Decimal, about: int) -> Decimal:
    """The smallest of 1, 2 or 5 times a power of ten that makes at most `about` steps between the two."""
    rough = (high - low) / about
    power = Decimal(1).scaleb(rough.adjusted())
    return next(power * step for step in _STEPS if power * step >= rough)


def fit_scale(
    values: Iterable[float], start: float, end: float, about: int = 5, *, share: bool = False, from_zero: bool = False
) -> Scale:
    """A scale from round number to round number that holds all `values`, at least two ticks.

    `share`: the values are percentages of a whole, so the scale stays between 0 and 100. `from_zero`: it begins at
    0. Values that are all the same get a little room on both sides.
    """
    found = list(values) or [0.0, 1.0]
    least, most = exact(min(found)), exact(max(found))
    low, high = (min(least, Decimal(0)) if from_zero else least), most
    if high == low:
        room = max(abs(high) / 50, Decimal("0.5"))
        low, high = (low if from_zero else low - room), high + room
    step = pick_step(low, high, about)
    first = (low / step).to_integral_value(ROUND_FLOOR) * step
    last = (high / step).to_integral_value(ROUND_CEILING) * step
    if share and least >= 0 and most <= WHOLE:
        first, last = max(first, Decimal(0)), min(last, WHOLE)
    count = int((last - first) / step)
    ticks = [first + step * index for index in range(count + 1)]
    return Scale(float(first), float(last), start, end, ticks, step)


def is_share(texts: Iterable[str]) -> bool:
    """Whether the values are shown as percentages, and the axis should be too."""
    return any(text.endswith("%") for text in texts)
