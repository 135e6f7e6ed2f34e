"""What a chart hands to charts.html: everything in its place.

Here live the records of a drawing. How it is printed lives in charts.html, how it looks in the stylesheet. Places
across are percent of the plot's width, so that a drawing fits a telephone and a wide screen with writing of one size;
places down are CSS pixels.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from site_builder.charts.marks import Words


@dataclass(frozen=True)
class Tick:
    """A labelled place of an axis. `wide`: only where there is room for it."""

    at: float
    text: str
    wide: bool = False


@dataclass(frozen=True)
class Mark:
    """A drawn mark: where it is, its outline around its own middle, its class and what it says."""

    x: float
    y: float
    shape: str
    look: str
    said: str


@dataclass(frozen=True)
class Caption:
    """Writing in a drawing. `anchor`: start, middle or end; `wide`: only where there is room for it."""

    x: float
    y: float
    text: str
    anchor: str = "start"
    look: str = ""
    wide: bool = False
    dx: float = 0


@dataclass(frozen=True)
class Stroke:
    """An outline in the stretched drawing (1000 wide), or a line between two places of a row."""

    outline: str
    look: str
    said: str = ""


@dataclass(frozen=True)
class KeyEntry:
    """A line of a chart's key: the class of its sample, the sample's outline around its middle, what it stands for."""

    look: str
    text: str
    shape: str = "M-12 0H12"

    @property
    def dot(self) -> bool:
        """Whether the sample is a mark, not a line or a band."""
        return not self.look.startswith(("course", "trust-line", "limit", "whisker", "ribbon", "part"))


@dataclass(frozen=True)
class DrawnRow:
    """A row of a chart of rows: its heading, its drawing, and what stands at its end.

    `lines` go from x1 to x2 with a class; `boxes` begin at x, are so wide, and have a class, a text and what they say;
    a text that begins with a space is only for where there is room.
    `compared` is the comparison in words, for whoever does not see the mark.
    """

    label: str
    href: str | None
    ident: str | None
    own: bool
    value_text: str
    marks: Sequence[Mark] = ()
    lines: Sequence[tuple[float, float, str]] = ()
    strokes: Sequence[Stroke] = ()
    compared: str = ""
    note: str = ""
    boxes: Sequence[tuple[float, float, str, str, str]] = ()


@dataclass(frozen=True)
class DrawnPoint:
    """A mark of a plot with the way to its page, its school, and its labels: the one that always
    shows, those of when it is lit.
    """

    mark: Mark
    href: str | None = None
    ident: str | None = None
    own: bool = False
    captions: Sequence[Caption] = ()


@dataclass(frozen=True)
class Plot:
    """A drawing with two axes, `height` pixels high: everything in it is already in its place."""

    height: int
    across: Sequence[Tick]
    up: Sequence[Tick]
    strokes: Sequence[Stroke] = ()
    points: Sequence[DrawnPoint] = ()
    captions: Sequence[Caption] = ()
    flags: Sequence[Tick] = ()
    label: str = ""
    href: str | None = None
    ident: str | None = None
    text: str = ""


@dataclass(frozen=True)
class Chart:
    """A chart ready for charts.html. `kind` names the chart; either `rows` or `plots` hold its drawing.

    `desc` is one sentence that says what the chart shows; `flags` are numbered notes said under it. With `anchors`
    each school's row has the id that a page's address can point at: one chart of a page may have it.
    """

    words: Words
    kind: str
    height: int
    desc: str
    rows: Sequence[DrawnRow] = ()
    ticks: Sequence[Tick] = ()
    line: Tick | None = None
    plots: Sequence[Plot] = ()
    key: Sequence[KeyEntry] = ()
    flags: Sequence[str] = ()
    below: str = ""
    anchors: bool = False
    width: int = 100
