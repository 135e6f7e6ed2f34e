"""The scale of a chart: round ticks, right places, and labels that keep out of each other's way."""

from __future__ import annotations

import pytest

from site_builder.charts.outlines import LETTER, LINE_HEIGHT, NARROW, WIDE, place_captions, spread_down
from site_builder.charts.scale import fit_scale


@pytest.mark.parametrize(
    ("values", "share", "texts"),
    [
        ([88.9, 97.1], True, ["88%", "90%", "92%", "94%", "96%", "98%"]),
        ([0.2, 99.5], True, ["0%", "20%", "40%", "60%", "80%", "100%"]),
        ([93.0, 93.0], True, ["91%", "92%", "93%", "94%", "95%"]),
        ([99.98, 99.99], True, ["99.980%", "99.982%", "99.984%", "99.986%", "99.988%", "99.990%"]),
        ([-3.2, 4.1], False, ["−4", "−2", "0", "2", "4", "6"]),
        ([98, 1240], False, ["0", "500", "1,000", "1,500"]),
        ([], False, ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]),
    ],
)
def test_ticks_are_round_numbers_around_all_values(values: list[float], share: bool, texts: list[str]) -> None:
    scale = fit_scale(values, 0, 100, 5, share=share)
    assert [tick.text for tick in scale.write_ticks("%" if share else "")] == texts
    assert all(scale.low <= value <= scale.high for value in values)
    assert not share or (scale.low >= 0 and scale.high <= 100)


def test_a_value_lies_where_its_share_of_the_scale_is() -> None:
    scale = fit_scale([80, 100], 0, 100, 5, share=True)
    assert [scale.place(value) for value in (80, 85, 93.33, 100)] == [0.0, 25.0, 66.6, 100.0]
    down = fit_scale([80, 100], 300, 10, 5, share=True)
    assert [down.place(value) for value in (80, 90, 100)] == [300.0, 155.0, 10.0]
    assert down.place(400) == 10.0, "a place is never outside the drawing"
    assert down.reach(110) == -135.0, "but a line the edge cuts off is"


def test_a_scale_of_counts_begins_at_none() -> None:
    scale = fit_scale([61, 1350], 0, 100, 5, from_zero=True)
    assert (scale.low, scale.high) == (0, 1500)


def test_where_there_are_many_ticks_every_other_waits_for_room() -> None:
    ticks = fit_scale([88.9, 97.1], 0, 100, 5, share=True).write_ticks("%", 4)
    assert [tick.wide for tick in ticks] == [False, True, False, True, False, True]


def test_no_label_lies_on_another_or_on_a_dot() -> None:
    dots = [(10.0 + 3 * n, 100.0 + (n * 29) % 60) for n in range(28)]
    placed = place_captions([(x, y, f"School number {n}", "") for n, (x, y) in enumerate(dots)], dots)
    assert 3 <= len(placed) < len(dots), "some fit, and some are left to the table"
    for width, shown in ((NARROW, [c for c in placed if not c.wide]), (WIDE, placed)):
        boxes = []
        for caption in shown:
            length = len(caption.text) * LETTER
            left = caption.x / 100 * width + caption.dx
            left -= {"start": 0, "middle": length / 2, "end": length}[caption.anchor]
            assert left >= 0
            assert left + length <= width
            boxes.append((left, caption.y - LINE_HEIGHT + 3, left + length, caption.y + 3))
        for index, a in enumerate(boxes):
            for b in boxes[:index]:
                assert a[2] <= b[0] or a[0] >= b[2] or a[3] <= b[1] or a[1] >= b[3]
            for x, y in dots:
                assert not (a[0] < x / 100 * width < a[2] and a[1] < y < a[3])


def test_labels_at_a_lines_end_keep_their_order_and_a_line_between_them() -> None:
    placed = spread_down([100, 101, 20, 279], 14, 276)
    assert placed[2] == 20
    assert placed[1] - placed[0] >= LINE_HEIGHT
    assert placed[3] <= 276
