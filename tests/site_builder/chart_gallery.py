"""One page with every kind of chart, table and note, of invented values: for tests, and for whoever changes looks.

`python tests/site_builder/chart_gallery.py FOLDER` writes it with its stylesheet, to be looked at in a browser.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from site_builder import charts as c
from site_builder.charts.lighting import light_up
from site_builder.tables import Cell, Head, Row, Table, heads

ROOM = Path(c.__file__).parent.parent
NAMES = (
    "Ash Grove Primary School",
    "Birch Lane Academy",
    "Cedar Park Infant School",
    "Dunmore Church of England Voluntary Aided Primary School",
    "Elm Tree Primary",
    "Fernhill High School",
    "Greenway College",
    "Hazel Bank Primary School",
    "Ivy House All-through School",
    "Juniper Road School",
    "Kingsmead Sixth Form",
    "Larch Hill Primary School",
)
VALUES = (94.7, 93.1, 95.4, 92.2, 94.1, 90.3, 91.0, 96.2, 93.9, 94.6, 88.9, 94.4)
PUPILS = (412, 388, 141, 207, 415, 1102, 934, 61, 1350, 233, 310, 420)
WIDTHS = (0.6, 0.7, 1.2, 0.9, 0.6, 0.4, 0.4, 1.9, 0.3, 0.9, 0.8, 0.6)
TRUST = 93.2
OWN = 3
SOURCE = "Autumn term 2025/26 · release 2026-07-17-4c2d6daf"
Marks = ("below", "similar", "above")


def mark_of(value: float, width: float) -> str:
    """The comparison an invented value would have."""
    return "above" if value - width > TRUST else "below" if value + width < TRUST else "similar"


def urn_of(index: int) -> str:
    """A URN of nobody."""
    return f"99900{index}" if index < 10 else f"9990{index}"


def words_of(ident: str, title: str, unit: str = "Percent of possible sessions") -> c.Words:
    """The words around an invented chart."""
    return c.Words(title, unit, SOURCE, ident)


def school_point(index: int, *, value: float | None = None, own: bool = True) -> c.Point:
    """A school's invented value."""
    found, width = VALUES[index] if value is None else value, WIDTHS[index]
    mark = mark_of(found, width)
    return c.Point(
        label=NAMES[index],
        value=found,
        text=f"{found:.1f}%",
        note=f"between {found - width:.1f}% and {found + width:.1f}%, {PUPILS[index]} pupils, {mark}",
        href=f"schools/{urn_of(index)}.html",
        ident=urn_of(index),
        low=found - width,
        high=found + width,
        mark=mark,
        own=own and index == OWN,
    )


def trust_line() -> c.Line:
    """The invented trust's line."""
    return c.Line("the trust", TRUST, "93.2%")


def make_ranked() -> c.Chart:
    points = [school_point(index) for index in range(len(NAMES))]
    return c.draw_ranked(words_of("ranked", "Five schools are above the trust, four below"), points, trust_line())


def make_funnel() -> c.Chart:
    points = [c.SizedPoint(school_point(index), PUPILS[index]) for index in range(len(NAMES))]
    limits = []
    for pupils in (30, 45, 60, 80, 110, 150, 200, 300, 400, 600, 800, 1100, 1485):
        spread = 25.0 / pupils**0.5
        limits.append(
            c.Limit(pupils, TRUST - 1.96 * spread, TRUST + 1.96 * spread, TRUST - 3.09 * spread, TRUST + 3.09 * spread)
        )
    return c.draw_funnel(
        words_of("funnel", "Most schools lie where chance alone could put them"), points, limits, trust_line()
    )


def make_strip() -> c.Chart:
    kpis = (
        "Attendance",
        "Persistent absence",
        "Severe absence",
        "Suspensions",
        "Reading, Year 6: expected standard",
        "Mathematics, Year 6: scaled score",
    )
    rows = []
    for number, kpi in enumerate(kpis):
        values = [value * (number + 1) - number * 70 for value in VALUES]
        points = [
            c.Point(name, value, f"{value:.1f}%", ident=urn_of(i), mark=mark_of(VALUES[i], WIDTHS[i]))
            for i, (name, value) in enumerate(zip(NAMES, values, strict=True))
        ]
        own = None if number == 2 else points[(OWN + number) % len(points)]
        rows.append(
            c.StripRow(
                kpi,
                f"kpis/kpi_{number}.html",
                own,
                [p for p in points if p is not own],
                c.Line("the trust", TRUST * (number + 1) - number * 70, f"{TRUST * (number + 1) - number * 70:.1f}%"),
                own.text if own else "c",
                own.mark if own else None,
                ("up 0.8 points on last year", "about the same as last year", "")[number % 3],
            )
        )
    return c.draw_strip(
        words_of("strip", "Attendance is below the trust’s; the rest is about the same", "Each KPI in its own unit"),
        rows,
    )


def make_wide_strip() -> c.Chart:
    others = [c.Point(f"School {n}", 80 + (n * 37 % 190) / 10, f"{80 + (n * 37 % 190) / 10:.1f}%") for n in range(56)]
    own = c.Point("Ash Grove Primary School", 94.0, "94.0%", own=True)
    row = c.StripRow("Attendance", "kpis/attendance.html", own, others, c.Line("the trust", 92.0, "92.0%"), "94.0%")
    return c.draw_strip(words_of("strip-wide", "One school among fifty-seven"), [row])


def make_dumbbell() -> c.Chart:
    pairs = []
    for index, name in enumerate(NAMES):
        moved = ((index * 7) % 5 - 2) * 0.9
        before = None if index == 4 else school_point(index, value=VALUES[index] - moved)
        mark = "above" if moved > 1 else "below" if moved < -1 else "similar"
        pairs.append(c.Pair(name, f"schools/{urn_of(index)}.html", urn_of(index), before, school_point(index), mark))
    return c.draw_dumbbell(words_of("dumbbell", "Attendance rose in four schools by more than chance"), pairs)


def course_of(label: str, kind: str, base: float, places: Sequence[int], missing: Sequence[int] = ()) -> c.Course:
    """A course over weeks, with gaps."""
    steps = []
    for place in places:
        value = base + ((place * 13) % 11) / 10 - 0.1 * (place % 4)
        point = None if place in missing else c.Point(f"{label}, week {place}", value, f"{value:.1f}%")
        steps.append(c.Step(place, f"{place % 28 + 1} Sep", point))
    return c.Course(label, kind, steps)


def make_trend() -> c.Chart:
    weeks = [week for week in range(1, 40) if week not in (8, 16, 17, 24, 31, 32)]
    courses = [
        course_of("This school", "own", 93.4, weeks, (12, 13)),
        course_of("The trust", "trust", 93.0, weeks),
        course_of("This school last year", "last_year", 92.6, weeks),
    ]
    flags = [c.Flag(20, "From 2 February 2026 attendance is read from another system.")]
    return c.draw_trend(words_of("trend", "Attendance keeps near last year’s, week by week"), courses, flags=flags)


def make_ribbon_trend() -> c.Chart:
    terms = [c.Ribbon(place, 88 + place / 3, 96.5, 91.5 + place / 5, 95.0 - place / 7) for place in range(6)]
    steps = [
        c.Step(place, label, c.Point(f"The trust, {label}", 93 + place / 4, f"{93 + place / 4:.1f}%"))
        for place, label in enumerate(("Aut 23", "Spr 24", "Sum 24", "Aut 24", "Spr 25", "Sum 25"))
    ]
    return c.draw_trend(
        words_of("ribbon", "The schools have drawn nearer to each other"),
        [c.Course("The trust", "trust", steps)],
        terms,
    )


def make_bands() -> c.Chart:
    bars = []
    for index, name in enumerate(NAMES[:7]):
        values = (8 + index, 20 - index, 50 + index * 2, 22 - index * 2)
        parts = [
            c.Part(band, value, f"{value}%")
            for band, value in zip(("Below", "Working towards", "Expected", "Greater depth"), values, strict=True)
        ]
        bars.append(c.Bar(name, f"schools/{urn_of(index)}.html", parts, urn_of(index)))
    return c.draw_bands(
        words_of("bands", "Three quarters reach the expected standard", "Percent of pupils in Year 6"), bars
    )


def make_multiples() -> c.Chart:
    panels = [
        c.Panel(
            name,
            f"schools/{urn_of(index)}.html",
            course_of(name, "own", VALUES[index], range(1, 13), (5,) if index % 3 == 0 else ()),
            trust_line(),
            f"{VALUES[index]:.1f}%",
            urn_of(index),
        )
        for index, name in enumerate(NAMES)
    ]
    return c.draw_multiples(words_of("multiples", "Every school week by week"), panels)


MADE: tuple[Callable[[], c.Chart], ...] = (
    make_strip,
    make_wide_strip,
    make_ranked,
    make_funnel,
    make_dumbbell,
    make_trend,
    make_ribbon_trend,
    make_bands,
    make_multiples,
)


def heat_table() -> Table:
    """A heat table of invented values."""
    trends = (("↗", "up by more than chance"), ("→", "about the same"), ("↘", "down by more than chance"))
    rows = []
    for index, name in enumerate(NAMES):
        cells = [Cell(name, href=f"schools/{urn_of(index)}.html")]
        for column in range(6):
            value = VALUES[(index + column) % 12]
            mark = mark_of(value, 0.9)
            trend, said = trends[(index + column) % 3]
            glyph = {"above": "▲", "similar": "●", "below": "▼"}[mark]
            cells.append(
                Cell("c", "symbol", title="hidden: few pupils")
                if (index + column) % 9 == 8
                else Cell(f"{value:.1f}%", "number", title=mark, glyph=glyph, mark=mark, trend=trend, trend_title=said)
            )
        rows.append(Row(cells, "trust" if index == 0 else f"s-{urn_of(index)}"))
    names = (
        "School",
        "Attendance",
        "Persistent absence",
        "Severe absence",
        "Suspensions",
        "Reading, Year 6",
        "Mathematics, Year 6",
    )
    return Table("Every school and KPI", heads(*names, numbers=names[1:]), rows, heat=True)


def grid_table() -> Table:
    """A grid of submissions."""
    states = (
        ("received", "●"),
        ("part", "◐"),
        ("held", "▲"),
        ("late", "◆"),
        ("due", "◇"),
        ("later", "·"),
        ("missing", "○"),
        ("none", "–"),
    )
    rows = [
        Row(
            [
                Cell(name),
                *(
                    Cell(
                        states[(i + n) % 8][1],
                        "state",
                        title=f"{states[(i + n) % 8][0]}: said in words",
                        state=states[(i + n) % 8][0],
                    )
                    for n in range(8)
                ),
            ]
        )
        for i, name in enumerate(NAMES)
    ]
    head = [
        [Head("School", rowspan=2), Head("Attendance", "group", colspan=6), Head("Results", "group", colspan=2)],
        [Head(f"{term} {half}") for term in ("Autumn", "Spring", "Summer") for half in (1, 2)]
        + [Head("Autumn"), Head("Summer")],
    ]
    return Table("What was sent", head, rows, grid=True)


TEMPLATE = """{% extends "base.html" %}
{% import "macros.html" as m with context %}
{% import "charts.html" as charts with context %}
{% block content %}
<ul class="tiles">
{% for label, figure, said in view.tiles %}
<li class="tile"><h2>{{ label }}</h2><p class="figure">{{ figure }}</p>
<p class="change"><span class="trend" aria-hidden="true">↗</span> {{ said }}</p>
<p>Between 93.9% and 94.3%, 27 of 30 schools</p><p><a href="kpis/a.html">Every school</a></p></li>
{% endfor %}
</ul>
<div class="note"><p>Two schools have not sent their attendance yet. The trust’s figure is of those that have.</p></div>
<div class="filter"><fieldset><legend>Phase</legend>
{% for phase in ("All (12)", "Primary (8)", "Secondary (4)") %}
<label><input type="radio" name="p"{{ ' checked' if loop.first }}> {{ phase }}</label>
{% endfor %}
</fieldset></div>
<section><h2>Heat table</h2>{{ m.comparison_key() }}{{ m.table(view.heat) }}</section>
<section><h2>Grid</h2>{{ m.table(view.grid) }}</section>
<section><h2>Charts</h2>
<div class="beside-wide">{{ charts.figure(view.charts[2]) }}
<details class="beside" open><summary>The figures as a table</summary>{{ m.table(view.heat2) }}</details></div>
{% for chart in view.charts %}{% if loop.index0 != 2 %}{{ charts.figure(chart) }}{% endif %}{% endfor %}
</section>
{% endblock %}
"""


def render(body: str, **given: object) -> str:
    """A template's text among the site's own templates."""
    environment = Environment(
        loader=FileSystemLoader(ROOM / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.from_string(body).render(root="", **given)


def write_gallery(folder: Path) -> Path:
    """The gallery page and its stylesheet in `folder`; returns the page."""
    (folder / "static").mkdir(parents=True, exist_ok=True)
    parts = sorted((ROOM / "static/style").glob("*.css"))
    style = b"\n".join(part.read_bytes() for part in parts) + light_up([urn_of(i) for i in range(len(NAMES))])
    (folder / "static/plumbline.css").write_bytes(style)
    labels = ("Schools", "KPIs", "What changed", "Compare", "Data", "Downloads", "Methods", "Glossary", "Find a school")
    nav = [SimpleNamespace(label=label, href="gallery.html", current=label == "KPIs") for label in labels]
    frame = SimpleNamespace(
        trust_name="Weir and Wold Learning Trust", release_id="2026-07-17-4c2d6daf", as_of="17 July 2026", demo=True,
        nav=nav, hidden_words="None hidden.", scripted=False,
    )  # fmt: skip
    view = SimpleNamespace(
        tiles=[
            ("Attendance", "94.1%", "up 0.4 points on last year, more than chance would make"),
            ("Persistent absence", "14.8%", "about the same as last year"),
            ("Suspensions", "1.9", "for every 100 pupils; about the same as last year"),
            ("Expected standard, Year 6", "63%", "up 2 points, about the same"),
        ],
        heat=heat_table(),
        grid=grid_table(),
        heat2=replace(heat_table(), caption="The figures"),
        charts=[make() for make in MADE],
    )
    page = SimpleNamespace(heading="How the charts look", purpose="Every kind of chart, of invented values.")
    path = folder / "gallery.html"
    path.write_text(render(TEMPLATE, page=page, frame=frame, view=view, symbols={}), "utf-8")
    return path


if __name__ == "__main__":
    print(write_gallery(Path(sys.argv[1])))
