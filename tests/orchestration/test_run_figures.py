"""Every figure of results of a whole run, from invented exports to published tables, against a slow plain oracle.

What lives here: windows. What does not: attendance, whose every figure meets its oracle on a small lake
(tests/dbt_project): the oracle would take minutes over a demo's marks.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from command_runs import Said

from tests.dbt_project import lake_files, oracle

KEY = (
    "audience", "geography", "unit_code", "kpi", "kpi_version", "academic_year", "period_kind", "period", "year_group",
    "subject", "comparability_key", "breakdown_topic", "breakdown",
)  # fmt: skip
FIGURES = ("pupil_count", "numerator_count", "value", "lower_95_ci", "upper_95_ci", "comparison_value", "difference")


@pytest.fixture(scope="module")
def both(demo_once: tuple[Path, Said]) -> tuple[dict[Any, Any], dict[Any, Any]]:
    home, said = demo_once
    assert said.code == 0, said.err
    published = lake_files.read_published(home / "lake" / "published", "published_kpi_values")
    by_key = {tuple(row[name] for name in KEY): row for row in published}
    assert len(by_key) == len(published)
    tables = lake_files.read_lake(home / "lake", leave_out=("attendance", "attendance_totals", "judgements"))
    # Shares of curriculum statements have a slow oracle of their own.
    tables["kpis"] = [row for row in tables["kpis"] if "statements" not in (row["denominator"] or "")]
    of_statements = {row["kpi"] for row in published} - {row["kpi"] for row in tables["kpis"]}
    of_results = {
        key: row
        for key, row in by_key.items()
        if row["period_kind"] == "window" and row["kpi"] not in of_statements
    }
    assert of_results.keys() < by_key.keys()
    return of_results, oracle.expect_values(tables, of_attendance=False)


def test_the_oracle_expects_the_same_cells(both: tuple[dict[Any, Any], dict[Any, Any]]) -> None:
    published, expected = both
    assert len(expected) > 500
    assert published.keys() == expected.keys()


@pytest.mark.parametrize("figure", FIGURES)
def test_every_figure_equals_the_oracle(both: tuple[dict[Any, Any], dict[Any, Any]], figure: str) -> None:
    published, expected = both
    seen = 0
    for key, row in expected.items():
        ours, theirs = published[key][figure], row.get(figure)
        if theirs is None:
            assert ours is None, key
            continue
        seen += 1
        assert ours == pytest.approx(theirs, rel=1e-9, abs=1e-9), key
    assert seen


def test_symbols_and_comparisons_equal_the_oracle(both: tuple[dict[Any, Any], dict[Any, Any]]) -> None:
    published, expected = both
    for key, row in expected.items():
        for name in ("symbol", "comparison"):
            assert published[key][name] == row.get(name), key
