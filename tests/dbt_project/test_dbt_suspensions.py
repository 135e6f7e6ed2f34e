"""Suspensions in the warehouse: every record in the oracle's bucket, every measure the oracle's, no unknown a 0."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from tests.dbt_project.attended_trust import Attended
from tests.dbt_project.oracle_suspensions import REASONS, Suspensions

KEY = ("pupil_key", "urn", "academic_year", "period_kind", "period")
MEASURES = ("suspensions_begun", "pupils_with_a_suspension", "pupils_on_roll_for_suspensions", "counts_at_trust")


@pytest.fixture(scope="module")
def oracle(attended: Attended) -> Suspensions:
    return Suspensions(attended.attendance)


def test_each_suspension_is_placed_as_the_oracle_says(attended: Attended, oracle: Suspensions) -> None:
    placed = {(r["urn"], r["record_id"]): r for r in attended.rows("from int_suspensions_placed")}
    for one in oracle.placed:
        row = placed.pop((one.record["urn"], one.record["record_id"]))
        outcome = REASONS[one.reason] if one.reason else ("used", None)
        on_urn = one.enrolment.urn if one.enrolment else None
        assert (one.record, row["bucket"], row["reason"], row["on_urn"]) == (one.record, *outcome, on_urn)
    assert placed == {}
    assert {one.reason for one in oracle.placed} == {None, *REASONS}


def test_files_reach_as_far_as_the_oracle_says(attended: Attended, oracle: Suspensions) -> None:
    rows = attended.rows(
        "select urn, academic_year, max(reaches_to) as reaches_to from int_suspensions_reach group by all"
    )
    assert {(row["urn"], row["academic_year"]): row["reaches_to"] for row in rows} == oracle.reach


def test_every_measure_equals_the_oracle(attended: Attended, oracle: Suspensions) -> None:
    found = {tuple(row[k] for k in KEY): row for row in attended.rows("from int_suspensions_measures")}
    wanted = oracle.expect_measures()
    assert found.keys() - wanted.keys() == set()
    assert wanted.keys() - found.keys() == set()
    differing = [
        (key, name, wanted[key][name], row[name])
        for key, row in found.items()
        for name in MEASURES
        if row[name] != wanted[key][name]
    ]
    assert differing == []


def ask(attended: Attended, urn: str, year: str = "2025/26") -> dict[str, tuple[int, int, int]]:
    """Return period -> suspensions, pupils suspended and pupils on roll of a school."""
    rows = attended.rows(
        "select period, sum(suspensions_begun) as events, sum(pupils_with_a_suspension) as suspended, "
        f"count(*) as pupils from int_suspensions_measures where urn = '{urn}' and academic_year = '{year}' "
        "and period_kind <> 'year_to_date_urn' group by period"
    )
    return {row["period"]: (row["events"], row["suspended"], row["pupils"]) for row in rows}


def test_a_school_of_which_nothing_came_has_no_zero(attended: Attended) -> None:
    found = ask(attended, "200002")
    # What Oak sent in December speaks for the autumn, and not for what came after.
    assert found == {"AUT1": (1, 1, 210), "AUT2": (0, 0, 210), "autumn": (1, 1, 210)}
    assert ask(attended, "200002", "2024/25") == ask(attended, "200004") == {}


def test_one_pupil_suspended_thrice_is_three_suspensions(attended: Attended) -> None:
    (row,) = attended.rows(
        "from int_suspensions_measures where pupil_key = 'm2' and period = 'year_to_date'"
    )
    assert (row["suspensions_begun"], row["pupils_with_a_suspension"]) == (3, 1)
    halves = attended.rows(
        "select period, suspensions_begun from int_suspensions_measures where pupil_key = 'm2' "
        "and period_kind = 'half_term' order by period"
    )
    assert {row["period"]: row["suspensions_begun"] for row in halves} == {
        "AUT1": 1, "AUT2": 1, "SPR1": 0, "SPR2": 1
    }  # fmt: skip


def test_a_year_goes_on_under_a_new_urn_and_no_event_counts_twice(attended: Attended) -> None:
    year = attended.rows(
        "from int_suspensions_measures where urn in ('200005', '200006', '200007') and period = 'year_to_date'"
    )
    counted = [row for row in year if row["counts_at_trust"]]
    assert {row["urn"] for row in counted} == {"200007"}
    assert Counter(row["pupil_key"] for row in counted) == dict.fromkeys((f"r{n}" for n in range(12)), 1)
    # Five sent under three URNs.
    assert sum(row["suspensions_begun"] for row in counted) == 5
    reasons = attended.rows("from int_suspensions_placed where pupil_key = 'h1' and starts_on = '2025-09-18'")
    assert sorted((r["urn"], r["on_urn"], r["bucket"]) for r in reasons) == [
        ("200021", "200021", "used"), ("200023", "200021", "out of scope")
    ]  # fmt: skip


def test_the_fix_list_says_what_was_seen_and_shows_no_day(attended: Attended) -> None:
    rows: list[dict[str, Any]] = attended.rows(
        "from published_fix_list where receipt_id = '200001-8' and code <> 'pupil_not_enrolled'"
    )
    assert {(row["code"], row["seen"], row["records_held"]) for row in rows} == {
        ("suspension_after_run_date", "suspensions", 1), ("academic_year_not_reported", "2022/23, suspensions", 1),
        ("permanent_exclusion", "permanent exclusions", 1), ("suspended_while_not_on_roll", "suspensions", 1),
        ("not_counted_here", "suspensions", 1), ("same_suspension_again", "suspensions", 2),
    }  # fmt: skip
