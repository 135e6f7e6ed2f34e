"""Figures: whether the refresh and the plain script came to the same numbers.

Here lives the comparison only. Both sides' values are of schools and of the trust, all pupils or one year group.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

Key = tuple[Any, ...]
_SAME = 1e-9


@dataclass(frozen=True)
class Compared:
    """How many figures both sides give, how many differ, and how many only one of them gives."""

    both: int
    differ: int
    only_ours: int
    only_plain: int


def compare_figures(published: Path, plain: Path) -> Compared:
    """Compare `published` (lake/published) with what the plain script wrote to `plain`."""
    ours, theirs = _read_ours(published), _read_plain(plain)
    shared = ours.keys() & theirs.keys()
    differ = sum(1 for key in shared if not math.isclose(ours[key], theirs[key], rel_tol=_SAME, abs_tol=_SAME))
    return Compared(len(shared), differ, len(ours.keys() - shared), len(theirs.keys() - shared))


def _read_ours(folder: Path) -> dict[Key, float]:
    columns = [
        "audience", "geography", "unit_code", "kpi", "period_kind", "period", "year_group", "subject", "assessment",
        "breakdown_topic", "value",
    ]  # fmt: skip
    rows = pq.read_table(folder / "published_kpi_values.parquet", columns=columns).to_pylist()
    return {
        (
            row["kpi"], row["geography"], row["unit_code"] if row["geography"] == "School" else None,
            row["period_kind"], row["period"], _shorten(row["year_group"]), row["subject"], row["assessment"],
        ): row["value"]
        for row in rows
        if row["audience"] == "central" and row["geography"] in ("School", "MAT")
        and row["breakdown_topic"] == "Total" and row["value"] is not None
    }  # fmt: skip


def _read_plain(folder: Path) -> dict[Key, float]:
    rows = pq.read_table(folder / "kpi_values.parquet").to_pylist()
    names = ("kpi", "geography", "urn", "period_kind", "period", "year", "subject", "assessment")
    return {tuple(row[name] for name in names): row["value"] for row in rows}


def _shorten(year_group: str) -> str:
    return "R" if year_group == "Reception" else year_group.removeprefix("Year ")
