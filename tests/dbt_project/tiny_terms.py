"""Half-terms as lake/config holds them, for the invented trusts: the same dates at every school unless told.

What lives here: rows of half_terms. What does not: who was there (`attendance_lake`, `tiny_trust`).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from tests.dbt_project.lake_files import Row

# half-term, term, title, (month, day) of its first and of its last day; from January on in the year after.
HALF_TERMS = (
    ("AUT1", "autumn", "Autumn 1", (9, 3), (10, 24)),
    ("AUT2", "autumn", "Autumn 2", (11, 3), (12, 19)),
    ("SPR1", "spring", "Spring 1", (1, 5), (2, 13)),
    ("SPR2", "spring", "Spring 2", (2, 23), (3, 27)),
    ("SUM1", "summer", "Summer 1", (4, 13), (5, 22)),
    ("SUM2", "summer", "Summer 2", (6, 1), (7, 21)),
)


def make_half_terms(urns: Iterable[str], years: Iterable[str]) -> list[Row]:
    """Return the half-terms of every school and academic year, as rows of lake/config."""
    return [
        {
            "urn": urn, "academic_year": year, "half_term": half_term, "term": term, "title": title,
            "starts": date(int(year[:4]) + (first[0] < 8), *first),
            "ends": date(int(year[:4]) + (last[0] < 8), *last), "basis": "trust", "sort_order": order,
        }
        for urn in urns
        for year in years
        for order, (half_term, term, title, first, last) in enumerate(HALF_TERMS, start=1)
    ]  # fmt: skip
