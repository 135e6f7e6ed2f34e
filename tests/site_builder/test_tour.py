"""The written tour: its pictures exist, are small and described, none is unused, and its links lead somewhere."""

from __future__ import annotations

import re
import struct
from pathlib import Path

DOCS = Path(__file__).resolve().parents[2] / "docs"
TOUR = (DOCS / "tour.md").read_text("utf-8")
PICTURES = re.findall(r"!\[([^\]]*)\]\(([^)]+)\)", TOUR)


def test_the_tour_has_ten_stops_with_a_small_described_picture_each() -> None:
    stops = re.findall(r"^### (\d+)\. ", TOUR, re.MULTILINE)
    assert [int(stop) for stop in stops] == list(range(1, 11))
    assert len(PICTURES) == 10
    for words, path in PICTURES:
        assert len(words) > 40, f"{path} is described for whoever cannot see it"
        data = (DOCS / path).read_bytes()
        assert data.startswith(b"\x89PNG"), path
        wide, high = struct.unpack(">II", data[16:24])
        assert 300 <= wide <= 1280, path
        assert 200 <= high <= 1000, path
        assert len(data) < 60_000, path


def test_no_picture_is_unused_and_all_are_small_together() -> None:
    found = sorted((DOCS / "pictures").iterdir())
    assert [f"pictures/{path.name}" for path in found] == sorted(path for _, path in PICTURES)
    assert sum(path.stat().st_size for path in found) < 700_000


def test_links_of_the_tour_lead_to_a_file() -> None:
    links = re.findall(r"(?<!!)\[[^\]]*\]\(([^)]+)\)", TOUR)
    assert len(links) >= 8
    assert [link for link in links if not (DOCS / link).is_file()] == []
