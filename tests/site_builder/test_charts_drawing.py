"""Every kind of chart, drawn from invented values and read back from what it prints."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from xml.etree import ElementTree as ET

import chart_gallery as g
import pytest

from site_builder import charts as c
from site_builder.charts.lighting import light_up

FIGURE = '{% import "charts.html" as charts with context %}{{ charts.figure(chart) }}'
Make = Callable[[], c.Chart]


def figure_of(chart: c.Chart) -> ET.Element:
    """The chart as it is printed, read as XML: whatever is not well-formed fails here."""
    return ET.fromstring(g.render(FIGURE, chart=chart))


@pytest.fixture(params=g.MADE, ids=lambda make: make.__name__.removeprefix("make_"))
def figure(request: pytest.FixtureRequest) -> ET.Element:
    """Each chart of the gallery."""
    make: Make = request.param
    return figure_of(make())


def dots(root: ET.Element) -> Iterator[tuple[ET.Element, ET.Element]]:
    """Every mark outside the key: the place it is put at, and its outline."""
    for nested in root.iter("svg"):
        outline = nested.find("path")
        if nested.get("x", "").endswith("%") and outline is not None:
            yield nested, outline


def in_percent(text: str) -> float:
    assert text.endswith("%"), text
    return float(text[:-1])


def texts(root: ET.Element, css: str) -> list[str]:
    """The writing of every element with this class."""
    return ["".join(e.itertext()).strip() for e in root.iter() if css in e.get("class", "").split()]


def test_every_mark_says_what_it_is(figure: ET.Element) -> None:
    marks = [outline for _, outline in dots(figure)] + [e for e in figure.iter("rect") if e.get("x", "").endswith("%")]
    assert marks
    for mark in marks:
        title = mark.find("title")
        assert title is not None
        assert re.search(r"\w.*: .*\d", title.text or "") or re.search(r"\d%$", title.text or ""), title.text


def test_everything_lies_inside_its_drawing(figure: ET.Element) -> None:
    for svg in figure.iter("svg"):
        if svg.get("class") != "plot":
            continue
        height = float(svg.get("height", "nan"))
        for element in svg.iter():
            for name in ("x", "x1", "x2", "cx"):
                value = element.get(name)
                assert value in (None, "0") or 0 <= in_percent(value or "") <= 100, (element.tag, name, value)
            for name in ("y", "y1", "y2"):
                value = element.get(name)
                assert value is None or value.endswith("%") or 0 <= float(value) <= height, (element.tag, name, value)
    funnel = figure.get("id") == "funnel"
    for stretched in figure.iter("svg"):
        if not (box := stretched.get("viewBox")):
            continue
        _, _, width, height = (float(number) for number in box.split())
        for path in stretched.iter("path"):
            for x, y in re.findall(r"[ML]([-\d.]+) ([-\d.]+)", path.get("d", "")):
                assert 0 <= float(x) <= width
                # The funnel's lines leave the drawing at its small end, where its edge cuts them off.
                assert funnel or 0 <= float(y) <= height
            assert path.get("d", "").startswith("M")


def test_a_chart_says_its_finding_unit_source_and_what_it_shows(figure: ET.Element) -> None:
    ident = figure.get("id")
    by_id = {e.get("id"): e for e in figure.iter() if e.get("id")}
    assert figure.get("aria-labelledby") == f"{ident}-title"
    assert len("".join(by_id[f"{ident}-title"].itertext()).split()) > 3
    assert len((by_id[f"{ident}-desc"].text or "").split()) > 5
    assert texts(figure, "unit")[0]
    assert g.SOURCE in texts(figure, "source")
    assert [a.get("href") for a in figure.iter("a") if a.get("class") == "here"] == [f"#{ident}"]


def test_no_chart_brings_looks_or_scripts_of_its_own(figure: ET.Element) -> None:
    for element in figure.iter():
        assert not {"style", "fill", "stroke", "onclick"} & set(element.attrib)
        assert element.tag not in ("style", "script", "image", "use")
        # A drawing that a reader skips holds nothing that can be reached by keyboard.
        if element.get("aria-hidden") == "true" or element.get("role") == "img":
            assert not list(element.iter("a"))


def test_ids_are_those_of_one_page(tmp_path: Path) -> None:
    html = g.write_gallery(tmp_path).read_text("utf-8")
    ids = re.findall(r'\sid="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    assert {f"s-{g.urn_of(i)}" for i in range(12)} <= set(ids), "the ranked chart's rows can be pointed at"
    assert {g.urn_of(i) for i in range(12)} <= set(ids), "by the URN alone as well"
    for target in re.findall(r'href="#([^"]+)"', html):
        assert target in ids
    assert " style=" not in html


def test_a_school_is_lit_in_every_chart() -> None:
    for make in (g.make_ranked, g.make_funnel, g.make_dumbbell, g.make_bands, g.make_multiples):
        chart = figure_of(make())
        assert [e for e in chart.iter() if f"s-{g.urn_of(2)}" in e.get("class", "").split()], make.__name__
    rule = light_up([g.urn_of(2), g.urn_of(1)]).decode()
    assert f':root:has([id$="{g.urn_of(2)}"]:target) .s-{g.urn_of(2)}' in rule
    assert rule.index(g.urn_of(1)) < rule.index(g.urn_of(2))
    assert light_up([]) == b""


def test_ranked_rows_stand_by_value_and_carry_no_rank() -> None:
    chart = figure_of(g.make_ranked())
    shown = [float(value.split("%")[0]) for value in texts(chart, "value")]
    assert shown == sorted(g.VALUES, reverse=True)
    rows = [row for row in chart.iter("li") if "row" in row.get("class", "").split()]
    for row in rows:
        link = row.find("a")
        assert link is not None
        assert link.get("href") == f"schools/{row.get('id', '')[2:]}.html"
        assert not re.match(r"\d", "".join(link.itertext()).strip())
    places = [in_percent(svg.get("x", "")) for svg, _ in dots(chart)]
    assert places == sorted(places, reverse=True)
    assert sum("own" in row.get("class", "").split() for row in rows) == 1


def test_shapes_say_what_colours_say() -> None:
    chart = figure_of(g.make_ranked())
    shapes: dict[str, set[str]] = {}
    for _, outline in dots(chart):
        shapes.setdefault(outline.get("class", ""), set()).add(outline.get("d", ""))
    assert set(shapes) == {"dot above", "dot similar", "dot below"}
    assert all(len(found) == 1 for found in shapes.values())
    assert len(set.union(*shapes.values())) == 3


def test_a_strip_has_the_trust_in_the_middle_and_higher_to_the_right() -> None:
    line = c.Line("the trust", 10.0, "10")
    points = [c.Point(f"School {n}", float(n), f"{n}") for n in (4, 9, 13)]
    row = c.StripRow("A KPI", None, points[2], points[:2], line, "13")
    hidden = c.StripRow("Another", None, None, points[:2], line, "c")
    chart = c.draw_strip(g.words_of("x", "A finding"), [row, hidden])
    # The farthest school is 6 from the trust: it lies at the edge, the others in proportion.
    assert [mark.x for mark in chart.rows[0].marks] == [3.0, 42.2, 73.5]
    assert [mark.look.split()[0] for mark in chart.rows[0].marks] == ["others", "others", "own-dot"]
    assert len(chart.rows[1].marks) == 2, "a hidden value has no mark"
    assert chart.rows[1].value_text == "c"


def test_many_schools_of_a_strip_are_one_light_outline() -> None:
    html = g.render(FIGURE, chart=g.make_wide_strip())
    assert html.count("<title>") == 2
    assert "56 other schools, between" in html
    assert len(html) < 4000


def test_a_gap_is_drawn_as_a_gap() -> None:
    chart = g.make_trend()
    own = [s.outline for s in chart.plots[0].strokes if s.look == "course own"]
    assert len(own) == 2, "one line before the gap and one after"
    gaps = figure_of(chart)
    weeks = [week for week in range(1, 40) if week not in (8, 16, 17, 24, 31, 32)]
    assert sum("own" in outline.get("class", "") for _, outline in dots(gaps)) == len(weeks) - 2


def test_trend_labels_are_few_enough_and_flags_are_said() -> None:
    chart = g.make_trend()
    across = chart.plots[0].across
    assert len(across) <= 8
    assert 2 <= sum(not tick.wide for tick in across) <= 4
    assert [flag.text for flag in chart.plots[0].flags] == ["1"]
    assert chart.flags == ["From 2 February 2026 attendance is read from another system."]


def test_under_ten_schools_a_ribbon_has_no_quartiles() -> None:
    ribbons = [c.Ribbon(place, 90, 95) for place in range(3)]
    chart = c.draw_trend(g.words_of("x", "A finding"), [g.course_of("The trust", "trust", 92, range(3))], ribbons)
    assert [s.look for s in chart.plots[0].strokes] == ["ribbon", "course trust"]
    assert {entry.look for entry in chart.key} == {"course trust", "ribbon"}
    assert "ribbon inner" in {s.look for s in g.make_ribbon_trend().plots[0].strokes}


def test_a_funnel_names_schools_beyond_chance_and_the_own_one() -> None:
    chart = g.make_funnel()
    named = {
        p.mark.said.split(":")[0] for p in chart.plots[0].points if any("when-lit" not in t.look for t in p.captions)
    }
    allowed = {name for i, name in enumerate(g.NAMES) if i == g.OWN or g.school_point(i).mark != "similar"}
    assert named <= allowed
    assert g.NAMES[g.OWN] in named
    assert chart.plots[0].across[0].text == "0"
    by_pupils = [p.mark.x for p in chart.plots[0].points]
    assert by_pupils == sorted(by_pupils)


def test_a_dumbbell_points_the_way_it_moved() -> None:
    up, down = (
        c.Pair(name, None, None, c.Point(name, before, "a"), c.Point(name, after, "b"), "similar")
        for name, before, after in (("Up", 80.0, 90.0), ("Down", 90.0, 80.0))
    )
    alone = c.Pair("New", None, None, None, c.Point("New", 85.0, "85%"))
    rows = c.draw_dumbbell(g.words_of("x", "A finding"), [up, down, alone]).rows
    assert rows[0].marks[1].shape != rows[1].marks[1].shape
    assert rows[0].lines[0][:2] == rows[1].lines[0][:2] == (0.0, 100.0)
    assert rows[2].value_text == "– → 85%"
    assert [len(row.marks) for row in rows] == [2, 2, 1]


def test_bands_fill_the_whole_and_take_four_parts() -> None:
    chart = g.make_bands()
    for row in chart.rows:
        assert row.boxes[0][0] == 0
        assert row.boxes[-1][0] + row.boxes[-1][1] == pytest.approx(100, abs=0.2)
    five = c.Bar("A school", None, [c.Part(f"Part {n}", 20, "20%") for n in range(5)])
    with pytest.raises(ValueError, match="5 parts"):
        c.draw_bands(g.words_of("x", "A finding"), [five])


def test_small_multiples_share_one_scale() -> None:
    chart = g.make_multiples()
    assert len({tuple((tick.at, tick.text) for tick in plot.up) for plot in chart.plots}) == 1
    assert [plot.label for plot in chart.plots] == list(g.NAMES)


@pytest.mark.parametrize("make", g.MADE, ids=lambda make: make.__name__)
def test_the_same_values_make_the_same_bytes(make: Make) -> None:
    assert g.render(FIGURE, chart=make()) == g.render(FIGURE, chart=make())


def test_nothing_to_draw_is_no_error() -> None:
    words = g.words_of("x", "Nothing is known yet")
    empty = [
        c.draw_strip(words, []),
        c.draw_ranked(words, []),
        c.draw_funnel(words, [], []),
        c.draw_dumbbell(words, []),
        c.draw_trend(words, []),
        c.draw_bands(words, []),
        c.draw_multiples(words, []),
    ]
    for chart in empty:
        assert not list(dots(figure_of(chart)))
