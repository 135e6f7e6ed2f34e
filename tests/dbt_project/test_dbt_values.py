"""Every published number of the tiny trust against the oracle, and every record against its bucket."""

from __future__ import annotations

import math
from collections import Counter
from datetime import date
from typing import Any

import pytest

from tests.dbt_project import oracle, oracle_attendance, oracle_entries, oracle_placing
from tests.dbt_project.tiny_config import PERIODS
from tests.dbt_project.warehouse_run import Built

KEY = (
    "audience", "geography", "unit_code", "kpi", "kpi_version", "academic_year", "period_kind", "period", "year_group",
    "subject", "comparability_key", "breakdown_topic", "breakdown",
)  # fmt: skip
COLUMNS = (
    "symbol", "pupil_count", "numerator_count", "value", "lower_95_ci", "upper_95_ci", "comparison_value",
    "difference", "comparison", "judgement_coverage_percent", "coverage_symbol", "schools_in", "schools_of",
    "pupils_in_percent",
)  # fmt: skip

Values = dict[tuple[Any, ...], dict[str, Any]]


@pytest.fixture(scope="module")
def published(built: Built) -> Values:
    return {tuple(row[c] for c in KEY): row for row in built.rows("published_kpi_values")}


@pytest.fixture(scope="module")
def expected(built: Built) -> Values:
    return oracle.expect_values(built.tables)


def same(ours: Any, theirs: Any) -> bool:
    if isinstance(ours, float) and isinstance(theirs, float):
        return math.isclose(ours, theirs, rel_tol=1e-9, abs_tol=1e-9)
    return bool(ours == theirs)


def test_dbt_publishes_the_cells_the_oracle_expects(published: Values, expected: Values) -> None:
    assert published.keys() - expected.keys() == set()
    assert expected.keys() - published.keys() == set()


@pytest.mark.parametrize("column", COLUMNS)
def test_every_value_equals_the_oracle(published: Values, expected: Values, column: str) -> None:
    differing = [
        (key, expected[key].get(column), row[column])
        for key, row in published.items()
        if not same(expected[key].get(column), row[column])
    ]
    assert differing == []


def test_sentences_equal_the_oracle(published: Values, expected: Values) -> None:
    compared = {key: row["comparison_words"] for key, row in expected.items() if "comparison_words" in row}
    assert {key: published[key]["comparison_words"] for key in compared} == compared
    assert {row.get("comparison") for row in expected.values()} >= {"above", "similar", "below"}


def find(published: Values, **wanted: Any) -> list[dict[str, Any]]:
    return [row for row in published.values() if all(row[k] == v for k, v in wanted.items())]


def test_each_kind_of_missing_is_there_and_says_why(published: Values) -> None:
    words = {(row["symbol"], row["comparison_words"]) for row in published.values() if row["symbol"]}
    assert words == {
        ("c", "Hidden: fewer than 6 pupils."),
        ("u", "Not shown: this measure needs at least 8 pupils."),
        ("x", "Not sent yet for this window."),
        ("x", "Not sent yet for this period."),
        ("x", "Nothing that was sent gives this figure."),
        ("x", "Results were sent for this window but could not be used yet; the fix-list says why."),
        ("x", "The school has not sent a roll for this year, so coverage cannot be worked out."),
        ("x", "No school in this figure has sent a roll for this year, so coverage cannot be worked out."),
        ("z", "Not applicable: this assessment does not give this measure."),
    }


def test_a_cell_of_five_is_hidden_from_the_site_and_shown_to_the_centre(published: Values) -> None:
    cell = {
        "geography": "School", "unit_code": "100002", "kpi": "mean_mark", "academic_year": "2024/25",
        "period": "spring", "year_group": "Year 5", "subject": "English", "breakdown": "Total",
    }  # fmt: skip
    (site,) = find(published, audience="site", **cell)
    (central,) = find(published, audience="central", **cell)
    assert (site["symbol"], site["value"], site["pupil_count"]) == ("c", None, None)
    assert (central["symbol"], central["pupil_count"]) == (None, 5)


def test_a_school_that_sent_nothing_for_an_open_window_is_seen_and_not_zero(published: Values) -> None:
    rows = find(
        published, audience="central", unit_code="100003", kpi="mean_mark", academic_year="2024/25",
        period="spring",
    )  # fmt: skip
    assert {(r["subject"], r["year_group"], r["assessment"], r["symbol"], r["value"]) for r in rows} == {
        (subject, year_group, "z", "x", None)
        for subject in ("English", "Mathematics")
        for year_group in ("Year 8", "Total")
    }
    assert not find(published, unit_code="100003", academic_year="2024/25", period_kind="window", period="summer")


def test_coverage_without_a_roll_is_not_supplied(published: Values) -> None:
    rows = find(published, audience="central", unit_code="100002", kpi="judgement_coverage")
    assert rows
    assert {(r["symbol"], r["coverage_symbol"], r["value"]) for r in rows} == {("x", "x", None)}


def test_a_pupil_whose_result_counts_at_another_school_is_not_missing_here(published: Values) -> None:
    # Dogwood: 12 on roll in autumn; one is on Cedar's roll too and counts there, one has no result.
    (row,) = find(
        published, audience="central", geography="School", unit_code="100004", kpi="judgement_coverage",
        academic_year="2024/25", period_kind="window", period="autumn", subject="English", year_group="Year 8",
        breakdown="Total",
    )  # fmt: skip
    assert (row["numerator_count"], row["pupil_count"]) == (10, 11)


def test_marks_that_are_all_alike_have_no_interval_and_claim_nothing(published: Values) -> None:
    (row,) = find(
        published, audience="central", geography="School", unit_code="100002", kpi="mean_mark",
        academic_year="2024/25", period="spring", subject="English", year_group="Year 5", breakdown="Total",
    )  # fmt: skip
    assert (row["pupil_count"], row["lower_95_ci"], row["upper_95_ci"]) == (5, None, None)
    assert row["comparison"] == "similar"
    assert row["difference"] != 0
    assert row["comparison_words"].startswith("Cannot be told from the trust: 50.1 marks against ")


def test_unpublished_and_schools_own_kpis_stay_inside(built: Built, published: Values) -> None:
    assert {row["kpi"] for row in published.values()} == {
        "mean_mark", "judgement_coverage", "judged_rate", *PERIODS
    }  # fmt: skip
    assert {(k["kpi"], k["version"], k["breakdowns"]) for k in built.rows("published_kpis")} == {
        ("mean_mark", 1, "sex"), ("mean_mark", 2, "custom_groups, sex"),
        ("judgement_coverage", 1, "custom_groups, sex"), ("judged_rate", 1, ""),
        ("attendance", 1, "custom_groups, population, sex"), ("persistent_absence", 1, ""),
        ("persistent_absence", 2, "population"), ("unauthorised_share", 1, ""), ("sessions_missed", 1, "custom_groups"),
    }  # fmt: skip


def test_a_kpi_version_holds_in_its_own_years(published: Values) -> None:
    versions = {(r["academic_year"], r["kpi_version"]) for r in find(published, kpi="mean_mark")}
    assert versions == {("2023/24", 1), ("2024/25", 2)}


def test_a_kpi_version_holds_by_the_last_day_of_a_period(published: Values) -> None:
    rows = find(published, kpi="persistent_absence", academic_year="2024/25", breakdown="Total")
    versions = {(r["period"], r["kpi_version"]) for r in rows if r["period_kind"] != "year_to_date_urn"}
    assert versions == {
        ("AUT1", 1), ("AUT2", 1), ("autumn", 1), ("SPR1", 2), ("SPR2", 2), ("SUM1", 2), ("spring", 2), ("summer", 2),
        ("year_to_date", 2),
    }  # fmt: skip


def test_every_record_is_in_the_oracles_bucket(built: Built) -> None:
    trust = oracle_entries.Trust(built.tables)
    wanted: Counter[tuple[Any, ...]] = Counter()
    for one in trust.results:
        wanted[one.record["urn"], one.record["receipt_id"], "results", one.bucket, one.reason] += 1
    for record, bucket, reason, _reported in trust.groups:
        wanted[record["urn"], record["receipt_id"], "groups", bucket, reason] += 1
    attendance = oracle_attendance.Attendance(built.tables)
    for one in [*attendance.marks, *attendance.totals]:
        bucket, reason = oracle_attendance.REASONS[one.reason] if one.reason else ("used", None)
        wanted[one.record["urn"], one.record["receipt_id"], one.kind, bucket, reason] += 1
    for record, bucket, reason in oracle_placing.place_pupils(built.tables):
        wanted[record["urn"], record["receipt_id"], "pupils", bucket, reason] += 1
    for row in built.tables["record_counts"]:
        if row["bucket"] != "accepted":
            wanted[row["urn"], row["receipt_id"], row["kind"], row["bucket"], row["reason"]] += row["records"]
    found: Counter[tuple[Any, ...]] = Counter()
    for row in built.rows("published_ledger"):
        found[row["urn"], row["receipt_id"], row["kind"], row["bucket"], row["reason"]] += row["records"]
    assert found == wanted
    # The tiny trust has at least one record for every reason there is.
    reasons = {one.reason for one in trust.results} | {reason for _, _, reason, _ in trust.groups}
    assert len(reasons - {None}) >= 15


def test_receipts_say_how_many_records_are_used(built: Built) -> None:
    ledger: Counter[tuple[str, bool]] = Counter()
    for row in built.rows("published_ledger"):
        ledger[row["receipt_id"], row["bucket"] == "used"] += row["records"]
    receipts = built.rows("published_receipts")
    assert len(receipts) == len(built.tables["receipts"])
    for row in receipts:
        used, other = ledger[row["receipt_id"], True], ledger[row["receipt_id"], False]
        assert (row["records"], row["records_used"]) == (used + other, used)


def test_fix_list_joins_what_was_found_here_to_what_ingest_found(built: Built) -> None:
    rows = {(r["code"], r["seen"]): r for r in built.rows("published_fix_list")}
    assert rows["not_a_number", "abc"]["records_held"] == 2
    latin = rows["subject_unknown", "Latin"]
    assert (latin["school_name"], latin["severity"], latin["file_row"] is not None) == ("Ash Primary", "fix", True)
    wanted = ("group_not_reported", "breakfast_club: no")
    (club,) = [r for (code, seen), r in rows.items() if (code, seen[:18]) == wanted]
    assert "(in 7 rows, from row " in club["seen"]
    assert club["file_row"] is not None
    assert club["records_held"] == 7
    # The 2019/20 result and the 2019/20 roll record: one thing to look at.
    (year,) = [r for (code, _), r in rows.items() if code == "academic_year_not_reported"]
    assert (year["severity"], year["seen"][:7], year["records_held"]) == ("look", "2019/20", 2)
    kind = rows["result_type_differs", "prediction"]
    assert (kind["severity"], kind["records_held"], kind["field"]) == ("fix", 1, "result_type")


def test_rows_of_no_school_stand_under_the_whole_trust(built: Built) -> None:
    files = {row["file_name"]: row for row in built.rows("published_trust_files")}
    assert {name: (f["outcome"], f["schools"], f["rows_of_no_school"]) for name, f in files.items()} == {
        "_trust/all.csv": ("accepted", 2, 6), "_trust/half.csv": ("skipped", 0, 0),
    }  # fmt: skip
    (line,) = [row for row in built.rows("published_ledger") if row["urn"] == "_trust"]
    assert (line["school_name"], line["bucket"], line["kind"], line["records"]) == ("Whole trust", "refused", "rows", 6)
    fixes = [row for row in built.rows("published_fix_list") if row["urn"] == "_trust"]
    assert {row["school_name"] for row in fixes} == {"Whole trust"}
    assert sorted(row["file_row"] for row in fixes) == list(range(11, 17))
    assert "_trust" not in {row["urn"] for row in built.rows("published_schools")}
    strangers = {row["school_name"] for row in built.rows("published_ledger") if row["urn"] == "199999"}
    assert strangers == {"Not on the register"}


def test_schools_are_in_one_of_three_states(built: Built) -> None:
    states = {r["urn"]: (r["state"], r["state_words"], r["pupils"]) for r in built.rows("published_schools")}
    assert states["100001"][:2] == ("up to date", "Data of 20 April 2025.")
    assert states["100003"] == (
        "held",
        "Figures are from data of 20 April 2025: 1 file read, 1 could not be used yet: see the receipts.",
        40,
    )
    assert states["100005"] == ("no data yet", "A file has come, but it could not be used yet: see the receipts.", 0)
    waiting = {r["urn"]: (r["files_accepted"], r["files_waiting"]) for r in built.rows("published_schools")}
    assert (waiting["100001"][1], waiting["100003"], waiting["100005"]) == (0, (1, 1), (0, 1))
    (run,) = built.rows("published_run")
    assert (run["as_of"], run["schools_on_register"], run["schools_with_data"]) == (date(2025, 5, 1), 7, 6)
