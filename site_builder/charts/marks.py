"""What a page hands to a chart: values, each with the finished words a reader sees for it.

Here live those records. A value was worked out, and its words rounded, elsewhere; a chart only places it. What a chart
makes of them lives in drawn.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

ABOVE, SIMILAR, BELOW = "above", "similar", "below"
COMPARED = {ABOVE: "above", SIMILAR: "about the same", BELOW: "below"}


@dataclass(frozen=True)
class Words:
    """What stands around a chart: `title` says the finding, `source` the period and release; `ident` is the
    figure's id on its page.
    """

    title: str
    unit: str
    source: str
    ident: str


@dataclass(frozen=True)
class Point:
    """One value of one school. `text` is the value as shown, `note` the rest of what is said of it.

    `ident` is the URN: every drawing of the school is lit when the page's address ends in it. `low` and `high` are
    the ends of its interval, `mark` its comparison (above, similar, below or none).
    """

    label: str
    value: float
    text: str
    note: str = ""
    href: str | None = None
    ident: str | None = None
    low: float | None = None
    high: float | None = None
    mark: str | None = None
    own: bool = False

    @property
    def said(self) -> str:
        """All that is said of the point when it is pointed at."""
        return f"{self.label}: {self.text}" + (f", {self.note}" if self.note else "")


@dataclass(frozen=True)
class Line:
    """A value drawn across the whole chart, such as the trust's."""

    label: str
    value: float
    text: str

    @property
    def said(self) -> str:
        """The line's label and value."""
        return f"{self.label} {self.text}"


@dataclass(frozen=True)
class Step:
    """One position of a trend; without a point it is drawn as a gap."""

    place: int
    label: str
    point: Point | None


@dataclass(frozen=True)
class Course:
    """A trend. `kind`: own, trust, last_year or other."""

    label: str
    kind: str
    steps: Sequence[Step]


@dataclass(frozen=True)
class Ribbon:
    """The spread of the schools at a place; the inner ends are quartiles, none where there are few schools."""

    place: int
    low: float
    high: float
    inner_low: float | None = None
    inner_high: float | None = None


@dataclass(frozen=True)
class Flag:
    """A place from which figures are made otherwise: a dotted upright with a number, said under the chart."""

    place: int
    words: str


@dataclass(frozen=True)
class StripRow:
    """One KPI of a school's strip: its own value, the other schools', the trust's, on the KPI's own scale.

    `value_text` is the value or its symbol, `trend_text` the change in words or nothing.
    """

    label: str
    href: str | None
    own: Point | None
    others: Sequence[Point]
    line: Line | None
    value_text: str
    mark: str | None = None
    trend_text: str = ""


@dataclass(frozen=True)
class Pair:
    """Two dates of one school. `mark` says whether the change is more than chance: up as above, down as below."""

    label: str
    href: str | None
    ident: str | None
    before: Point | None
    after: Point | None
    mark: str | None = None


@dataclass(frozen=True)
class Limit:
    """The ends of what chance alone would make of the trust's figure in a school of so many pupils."""

    pupils: float
    lower_95: float
    upper_95: float
    lower_998: float
    upper_998: float


@dataclass(frozen=True)
class SizedPoint:
    """A school's value and how many pupils are behind it."""

    point: Point
    pupils: float


@dataclass(frozen=True)
class Part:
    """One part of a stacked bar, in percent of the whole."""

    name: str
    value: float
    text: str


@dataclass(frozen=True)
class Bar:
    """A bar of at most four parts, the same parts in the same order in every bar of a chart."""

    label: str
    href: str | None
    parts: Sequence[Part]
    ident: str | None = None


@dataclass(frozen=True)
class Panel:
    """One small drawing of many on a shared scale; `text` is what its heading says beside the label."""

    label: str
    href: str | None
    course: Course
    line: Line | None
    text: str
    ident: str | None = None
