"""Figures laid beside others in the tiny trust, against plain Python: changes, what is shown now, spreads, funnels."""

from __future__ import annotations

import math
from typing import Any

import pytest

from tests.dbt_project.oracle_changes import KEY, OF_ALL, Beside
from tests.dbt_project.warehouse_run import Built

Rows = dict[tuple[Any, ...], dict[str, Any]]


@pytest.fixture(scope="module")
def beside(built: Built) -> Beside:
    return Beside(built.tables, built.rows("published_kpi_values"), built.rows("published_breaks"))


def differing(found: Rows, expected: Rows, columns: tuple[str, ...]) -> list[tuple[Any, ...]]:
    """Return what is in one and not the other, and each column that differs."""

    def same(ours: Any, theirs: Any) -> bool:
        if isinstance(ours, float) and isinstance(theirs, float):
            return math.isclose(ours, theirs, rel_tol=1e-9, abs_tol=1e-9)
        return bool(ours == theirs)

    lists: list[tuple[Any, ...]] = [("only in one", key) for key in found.keys() ^ expected.keys()]
    lists += [
        (key, column, found[key][column], expected[key].get(column))
        for key in found.keys() & expected.keys()
        for column in columns
        if not same(found[key][column], expected[key].get(column))
    ]
    return lists


def keyed(rows: list[dict[str, Any]], *columns: str) -> Rows:
    return {tuple(row[c] for c in columns): row for row in rows}


def test_changes_equal_the_oracle(built: Built, beside: Beside) -> None:
    found = keyed(built.rows("published_changes"), *KEY)
    columns = ("before_academic_year", "before_period", "symbol", "value", "before_value", "difference", "lower_95_ci",
               "upper_95_ci", "change", "is_latest", "change_words")  # fmt: skip
    assert differing(found, beside.expect_changes(), columns) == []
    assert {row["change"] for row in found.values()} == {"up", "down", "same", None}
    assert {row["symbol"] for row in found.values()} == {"c", "u", "x", "z", None}
    assert {row["geography"] for row in found.values()} == {"School", "MAT", "Phase"}


def test_ranked_changes_are_the_furthest_beyond_chance_one_a_school_and_family(built: Built) -> None:
    kpis = {(k["kpi"], k["version"]): k for k in built.rows("published_kpis")}
    for audience in ("site", "central"):
        best: dict[tuple[str, str], float] = {}
        for row in built.rows("published_changes"):
            latest = row["audience"] == audience and row["geography"] == "School" and row["is_latest"]
            hoped_for = kpis[row["kpi"], row["kpi_version"]]["direction"] != "neutral"
            if latest and hoped_for and row["change"] in ("up", "down"):
                family = kpis[row["kpi"], row["kpi_version"]]["family"] or row["kpi"]
                size = abs(row["difference"]) / ((row["upper_95_ci"] - row["lower_95_ci"]) / 2)
                best[row["unit_code"], family] = max(size, best.get((row["unit_code"], family), 0.0))
        ranked = {
            row["change_rank"]: abs(row["difference"]) / ((row["upper_95_ci"] - row["lower_95_ci"]) / 2)
            for row in built.rows("published_changes")
            if row["audience"] == audience and row["change_rank"] is not None
        }
        assert sorted(ranked) == list(range(1, len(best) + 1))
        assert [ranked[n] for n in sorted(ranked)] == pytest.approx(sorted(best.values(), reverse=True))
        assert best


def test_what_is_shown_now_equals_the_oracle(built: Built, beside: Beside) -> None:
    rows = built.rows("published_latest")
    found = keyed(rows, "scope", *OF_ALL)
    expected = {(one["scope"], *(one[c] for c in OF_ALL)): one for one in beside.latest.values()}
    assert differing(found, expected, ("schools", "pupils", "period_title")) == []
    for key, row in found.items():
        compared = tuple(row[f"compared_{c}"] for c in ("academic_year", "period_kind", "period"))
        assert (key, compared) == (key, expected[key]["compared"])
    # The one that stands for its KPI: most schools, most pupils, then order on pages.
    by_kpi: dict[tuple[str, str, str], list[dict[str, Any]]] = {}
    for row in rows:
        by_kpi.setdefault((row["audience"], row["scope"], row["kpi"]), []).append(row)
    for group in by_kpi.values():
        group.sort(key=lambda r: r["lead_rank"])
        assert [r["lead_rank"] for r in group] == list(range(1, len(group) + 1))
        order = [(-r["schools"], -r["pupils"]) for r in group]
        assert order == sorted(order)


def test_spreads_equal_the_oracle(built: Built, beside: Beside) -> None:
    found, expected = keyed(built.rows("published_spread"), *KEY), beside.expect_spread()
    columns = ("schools", "lowest", "lower_quartile", "median", "upper_quartile", "highest")
    assert differing(found, expected, columns) == []
    for key, row in found.items():
        # Where the trust's figure is shown and no school's is, the symbol is the schools' own.
        assert (row["symbol"] is None) == (expected[key]["symbol"] is None and row["schools"] > 0)
    assert max(row["schools"] for row in found.values()) >= 3


def test_funnels_equal_the_oracle(built: Built, beside: Beside) -> None:
    found = keyed(built.rows("published_funnel"), *OF_ALL, "unit_code", "pupils")
    columns = ("target", "lower_95", "upper_95", "lower_998", "upper_998")
    assert differing(found, beside.expect_funnel(), columns) == []
    schools = [row for row in found.values() if row["unit_code"] is not None]
    assert len(schools) >= 3
    for row in found.values():
        assert row["lower_998"] <= row["lower_95"] <= row["target"] <= row["upper_95"] <= row["upper_998"]
