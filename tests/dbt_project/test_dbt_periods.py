"""KPIs of attendance as published: populations, changes of URN, chance by pupil, and what a KPI may not be made of."""

from __future__ import annotations

import csv
import shutil
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.dbt_project.oracle_figures import by_pupil
from tests.dbt_project.warehouse_run import PROJECT, Built

Row = dict[str, Any]


@pytest.fixture(scope="module")
def rows(built: Built) -> list[Row]:
    """What the central team sees of attendance in the second year."""
    return [
        row for row in built.rows("published_kpi_values")
        if row["audience"] == "central" and row["period_kind"] != "window" and row["academic_year"] == "2024/25"
    ]  # fmt: skip


def find(rows: list[Row], **wanted: Any) -> list[Row]:
    return [row for row in rows if all(row[k] == v for k, v in {"kpi": "attendance", **wanted}.items())]


def only(rows: list[Row], **wanted: Any) -> Row:
    whole = {"year_group": "Total", "breakdown_topic": "Total", "geography": "School"}
    (row,) = find(rows, **{**whole, **wanted})
    return row


def test_the_headline_is_reception_to_year_11_and_the_others_stand_beside_it(rows: list[Row]) -> None:
    ash = {"unit_code": "100001", "period": "2024-09-09"}
    populations = {
        row["breakdown"]: (row["breakdown_sort"], row["pupil_count"])
        for row in find(rows, **ash, breakdown_topic="Population")
    }
    # 15 pupils of Year 6, less one without a possible session, with the leaver and the mover: no guest.
    assert only(rows, **ash)["pupil_count"] == 16
    assert populations == {"Aged 5 to 15": (1, 18), "Nursery": (2, 7), "Year group not known": (4, 7)}
    dogwood = find(rows, unit_code="100004", period="year_to_date", breakdown="Sixth form")
    assert [(row["year_group"], row["pupil_count"]) for row in dogwood] == [("Total", 7)]
    assert {row["year_group"] for row in find(rows, unit_code="100004")} == {"Total", "Year 8"}


def test_pupils_are_counted_and_never_sessions(rows: list[Row]) -> None:
    row = only(rows, unit_code="100003", period="AUT1")
    assert row["pupil_count"] == 38
    assert row["numerator_count"] == 38 * 36
    assert (row["judgement_coverage_percent"], row["coverage_symbol"]) == (None, None)


def test_weeks_are_for_all_year_groups_together(rows: list[Row]) -> None:
    weeks = [row for row in rows if row["period_kind"] == "week"]
    assert {(row["year_group"], row["breakdown_topic"]) for row in weeks} == {
        ("Total", "Total"), ("Total", "Population")
    }  # fmt: skip
    first = only(rows, unit_code="100004", period="2024-09-09")
    assert (first["period_title"], first["period_starts"].isoformat(), first["period_ends"].isoformat()) == (
        "Week of 9 September 2024", "2024-09-09", "2024-09-15"
    )  # fmt: skip


def test_pupils_who_are_all_alike_have_no_interval_and_claim_nothing(rows: list[Row]) -> None:
    row = only(rows, unit_code="100004", period="2024-09-16")
    assert (row["value"], row["lower_95_ci"], row["upper_95_ci"], row["comparison"]) == (100.0, None, None, "similar")
    assert row["comparison_words"].endswith("; with one pupil, or pupils who are all alike, chance cannot be weighed.")


def test_a_year_goes_on_under_a_new_urn_and_each_urn_keeps_its_own_part(rows: list[Row]) -> None:
    old, new = (only(rows, unit_code=urn, period="year_to_date") for urn in ("100006", "100007"))
    parts = [only(rows, unit_code=urn, period="year_to_date_urn") for urn in ("100006", "100007")]
    assert (old["pupil_count"], new["pupil_count"]) == (10, 11)
    assert [part["pupil_count"] for part in parts] == [10, 10]
    assert new["numerator_count"] == sum(part["numerator_count"] for part in parts)
    assert old["numerator_count"] == parts[0]["numerator_count"]
    assert old["comparison_words"] == "Carried on under URN 100007, so it is not compared."
    assert {part["comparison_words"] for part in parts} == {"This URN's own part of the year; not compared."}
    assert new["comparison_words"].endswith(" Includes sessions before 1 January 2025 under URN 100006.")
    assert new["comparison"] is not None
    assert old["comparison"] is None
    north = only(rows, geography="Cluster", unit_code="North", period="year_to_date")
    # Ash, Cedar and Fir: one school, under whichever URN.
    assert (north["schools_in"], north["schools_of"]) == (3, 3)
    assert find(rows, period="year_to_date_urn", geography="MAT") == []


def test_a_term_under_two_urns_is_one_schools_and_says_so(rows: list[Row]) -> None:
    for period in ("SPR1", "spring"):
        old, new = (only(rows, unit_code=urn, period=period) for urn in ("100006", "100007"))
        assert (old["pupil_count"], new["pupil_count"]) == (9, 10)
        assert old["comparison_words"] == "Carried on under URN 100007, so it is not compared."
        assert new["comparison_words"].endswith(" Includes sessions before 1 January 2025 under URN 100006.")
    autumn = only(rows, unit_code="100006", period="autumn")
    assert "Carried" not in autumn["comparison_words"]


def test_what_has_not_come_is_seen_but_not_week_by_week(rows: list[Row]) -> None:
    missing = {(row["unit_code"], row["period"]) for row in find(rows, symbol="x")}
    # Elder sent no roll; the first Fir closed in January, the second opened then.
    assert missing == {
        ("100001", "AUT2"), ("100001", "SPR2"),
        ("100003", "SPR1"), ("100003", "SPR2"), ("100003", "SUM1"), ("100003", "spring"), ("100003", "summer"),
        ("100004", "AUT2"), ("100004", "SPR1"), ("100004", "SPR2"), ("100004", "SUM1"), ("100004", "spring"),
        ("100004", "summer"), ("100007", "SPR2"), ("100007", "SUM1"), ("100007", "summer"),
    }  # fmt: skip
    # The nursery's marks alone came for that half-term.
    (apart,) = find(rows, unit_code="100001", period="AUT2", breakdown="Total")
    assert apart["comparison_words"] == "Nothing that was sent gives this figure."


PUPILS = {
    "nine": [(120, 130), (130, 130), (97, 130), (126, 128), (60, 64), (130, 130), (111, 124), (0, 12), (65, 130)],
    "two": [(10, 10), (5, 10)],
    "nearly all": [(10, 10)] * 9 + [(9, 10)],
    "none late": [(0, 10), (0, 8), (0, 10)],
    "all alike": [(9, 10), (18, 20), (9, 10)],
    "one": [(7, 10)],
    "few late": [(1, 20), (0, 20), (2, 40)],
}


def test_vectors_of_the_interval_by_pupil_are_what_pupils_give() -> None:
    with (PROJECT / "seeds" / "interval_vectors.csv").open(encoding="utf-8", newline="") as file:
        vectors = {tuple(row.values())[2:] for row in csv.DictReader(file) if row["method"] == "by_pupil"}
    expected = set()
    for pairs in PUPILS.values():
        ends = by_pupil([(Decimal(y), Decimal(x)) for y, x in pairs])
        y, x = [y for y, _ in pairs], [x for _, x in pairs]
        sums = [sum(y), len(pairs), sum(x), "", sum(a * a for a in y), sum(a * a for a in x)]
        sums.append(sum(a * b for a, b in pairs))
        expected.add((*map(str, sums), *(("", "") if ends is None else (f"{ends[0]:.6f}", f"{ends[1]:.6f}"))))
    assert vectors == expected


# KPIs nobody should write: kind, numerator, denominator, mean_of, interval, period; and what they are told.
MISFITS = {
    "nameless": ("ratio", "unicorns", "pupils_on_roll", None, "wilson", "window",
                 "Its numerator unicorns is no measure"),
    "mixed": ("ratio", "pupils_judged", "pupils_with_possible_sessions", None, "wilson", "term",
              "Its numerator pupils_judged is of results and its denominator pupils_with_possible_sessions of attend"),
    "certain": ("ratio", "sessions_late", "sessions_possible", None, "wilson", "term",
                "The interval wilson counts pupils, and sessions_possible counts sessions"),
    "clustered": ("ratio", "pupils_judged", "pupils_on_roll", None, "by_pupil", "window",
                  "The interval by_pupil is for a ratio over sessions, and it is taken of pupils_on_roll"),
    "another base": ("ratio", "sessions_late", "sessions_absent", None, "by_pupil", "term",
                     "The interval by_pupil is for a ratio over sessions_possible, and it is taken of sessions_a"),
    "weekly": ("mean", None, None, "mark", "t", "week", "It is given for week, and results has no such period"),
    "never": ("mean", None, None, "mark", "t", None, "It is given for no period"),
    "fine": ("ratio", "sessions_late", "sessions_possible", None, "by_pupil", "week", None),
}  # fmt: skip


def test_a_kpi_that_does_not_fit_its_measures_is_told_why(built: Built, tmp_path: Path) -> None:
    shutil.copy(built.warehouse.lake / "warehouse.duckdb", tmp_path / "warehouse.duckdb")
    compiled = (built.warehouse.work / "target").rglob("compiled/**/assert_kpis_use_declared_measures.sql")
    with duckdb.connect(str(tmp_path / "warehouse.duckdb")) as connection:
        kpis = [(name, *words[:5]) for name, words in MISFITS.items()]
        connection.execute(
            "create or replace table misfits (kpi varchar, kind varchar, numerator varchar, denominator varchar, "
            "mean_of varchar, interval_method varchar)"
        )
        connection.executemany("insert into misfits values (?, ?, ?, ?, ?, ?)", kpis)
        connection.execute(
            "create or replace view stg_kpis as select *, 1 as kpi_version, 'published' as status, "
            "'trust' as owner from misfits"
        )
        connection.execute("create or replace table misfit_periods (kpi varchar, kpi_version int, period_kind varchar)")
        connection.executemany(
            "insert into misfit_periods values (?, 1, ?)", [(name, w[5]) for name, w in MISFITS.items() if w[5]]
        )
        connection.execute("create or replace view stg_kpi_periods as select * from misfit_periods")
        told = connection.execute(next(compiled).read_text(encoding="utf-8")).fetchall()
    problems = {kpi: problem for kpi, _version, problem in told}
    assert len(told) == len(problems)
    assert problems.keys() == {name for name, words in MISFITS.items() if words[6]}
    for name, problem in problems.items():
        assert problem.startswith(str(MISFITS[name][6]))
