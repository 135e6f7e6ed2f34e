"""Attendance in the warehouse: every mark in the oracle's bucket, every measure the oracle's, and the issue's cases."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

from tests.dbt_project import oracle_attendance, oracle_placing, oracle_sessions, oracle_suspensions
from tests.dbt_project.attended_trust import Attended


def test_every_record_is_in_the_oracles_bucket(attended: Attended) -> None:
    wanted: Counter[tuple[Any, ...]] = Counter()
    attendance = attended.attendance
    for one in [*attendance.marks, *attendance.totals]:
        outcome = oracle_attendance.REASONS[one.reason] if one.reason else ("used", None)
        wanted[one.record["urn"], one.record["receipt_id"], one.kind, *outcome] += 1
    for kind, record, code in oracle_attendance.place_kept(attendance.tables):
        wanted[record["urn"], record["receipt_id"], kind, *oracle_attendance.REASONS[code]] += 1
    for event in oracle_suspensions.Suspensions(attendance).placed:
        outcome = oracle_suspensions.REASONS[event.reason] if event.reason else ("used", None)
        wanted[event.record["urn"], event.record["receipt_id"], "suspensions", *outcome] += 1
    for placed in oracle_placing.place_results(attendance.tables, attendance.enrolments):
        wanted[placed.record["urn"], placed.record["receipt_id"], "results", placed.bucket, placed.reason] += 1
    for record, bucket, reason in oracle_placing.place_pupils(attendance.tables):
        wanted[record["urn"], record["receipt_id"], "pupils", bucket, reason] += 1
    found: Counter[tuple[Any, ...]] = Counter()
    for row in attended.rows("from published_ledger"):
        found[row["urn"], row["receipt_id"], row["kind"], row["bucket"], row["reason"]] += row["records"]
    assert found == wanted
    # The trust has at least one record for every reason there is.
    assert {one.reason for one in [*attendance.marks, *attendance.totals]} == {
        None, *oracle_attendance.REASONS.keys() - {"unused"}
    }  # fmt: skip


def test_each_mark_and_total_is_placed_as_the_oracle_says(attended: Attended) -> None:
    placed = {(r["kind"], r["urn"], r["record_id"]): r for r in attended.rows("from int_attendance_placed")}
    attendance = attended.attendance
    for one in [*attendance.marks, *attendance.totals]:
        reason = oracle_attendance.REASONS[one.reason][1] if one.reason else None
        row = placed.pop((one.kind, one.record["urn"], one.record["record_id"]))
        seen = (one.record, reason)
        assert (one.record, row["reason"]) == seen
    assert placed == {}


def test_every_measure_equals_the_oracle(attended: Attended) -> None:
    wanted = oracle_sessions.expect_measures(attended.attendance)
    keys = ("pupil_key", "urn", "academic_year", "period_kind", "period")
    found = {tuple(row[k] for k in keys): row for row in attended.rows("from int_attendance_measures")}
    assert found.keys() - wanted.keys() == set()
    assert wanted.keys() - found.keys() == set()
    differing = [
        (key, column, value, found[key][column])
        for key, row in wanted.items()
        for column, value in row.items()
        if found[key][column] != value
    ]
    assert differing == []
    assert {row["population"] for row in wanted.values()} == {"headline", "nursery", "sixth_form", "unknown"}
    assert {row["is_compulsory_age"] for row in wanted.values()} == {True, False, None}


def test_a_primary_with_a_nursery_has_a_headline_population_of_210(attended: Attended) -> None:
    rows = attended.rows(
        "select population, count(distinct pupil_key) as pupils, sum(sessions_possible) as possible "
        "from int_attendance_measures where urn = '200002' and period_kind = 'year_to_date' group by population"
    )
    assert {r["population"]: (r["pupils"], r["possible"]) for r in rows} == {
        "headline": (210, 420), "nursery": (28, 56)
    }  # fmt: skip


def ask_rates(attended: Attended, urn: str, kind: str) -> tuple[Any, ...]:
    """Return sessions missed, possible, pupils persistently absent, pupils and whether it counts, in 2025/26."""
    (row,) = attended.rows(
        "select sum(sessions_absent) as absent, sum(sessions_possible) as possible, "
        "sum(pupils_absent_10_percent_or_more) as often, count(pupils_with_possible_sessions) as pupils, "
        f"bool_or(counts_at_trust) as counts from int_attendance_measures where urn = '{urn}' "
        f"and period_kind = '{kind}' and academic_year = '2025/26'"
    )
    return tuple(row.values())


def test_the_year_goes_on_over_a_change_of_urn_and_system(attended: Attended) -> None:
    assert ask_rates(attended, "200004", "year_to_date") == (100, 2000, 2, 10, True)  # 5.0 %
    assert ask_rates(attended, "200003", "year_to_date") == (60, 1200, 1, 10, False)
    assert ask_rates(attended, "200003", "year_to_date_urn") == (60, 1200, 1, 10, False)
    assert ask_rates(attended, "200004", "year_to_date_urn") == (40, 800, 1, 10, False)
    assert ask_rates(attended, "200003", "half_term")[4] is True
    breaks = {(r["kind"], r["break_on"]): r for r in attended.rows("from published_breaks where urn = '200004'")}
    assert set(breaks) == {("urn", date(2026, 1, 1)), ("system", date(2026, 1, 5))}
    urn, system = breaks["urn", date(2026, 1, 1)], breaks["system", date(2026, 1, 5)]
    assert (urn["school_name"], urn["academic_year"]) == ("Pine Academy", "2025/26")
    assert urn["words"] == (
        "The school has URN 200004 from 1 January 2026; before that 200003. "
        "The year to date holds the sessions of both."
    )
    assert system["words"] == (
        "From 5 January 2026 attendance comes from another export: Session attendance, and before that Weekly register."
    )


def test_breaks_are_where_the_urn_or_the_system_changes_and_nowhere_else(attended: Attended) -> None:
    rows = attended.rows("from published_breaks where urn < '200015'")
    assert {(r["urn"], r["kind"], r["break_on"]) for r in rows} == {
        ("200004", "urn", date(2026, 1, 1)), ("200004", "system", date(2026, 1, 5)),
        ("200006", "urn", date(2025, 11, 3)),
        ("200007", "urn", date(2026, 1, 5)), ("200007", "system", date(2026, 1, 5)),
        ("200009", "system", date(2025, 12, 1)),
        ("200013", "urn", date(2026, 1, 5)), ("200014", "urn", date(2026, 1, 5)),
    }  # fmt: skip


def test_a_pupil_of_three_urns_counts_once_and_a_leaver_is_carried_on(attended: Attended) -> None:
    year = attended.rows(
        "from int_attendance_measures where period_kind = 'year_to_date' and academic_year = '2025/26' "
        "and urn in ('200005', '200006', '200007')"
    )
    counted = Counter(row["pupil_key"] for row in year if row["counts_at_trust"])
    assert counted == dict.fromkeys((f"r{n}" for n in range(12)), 1)
    (leaver,) = [row for row in year if row["pupil_key"] == "r0" and row["urn"] == "200007"]
    assert (leaver["counts_at_trust"], leaver["year_group"], leaver["phase"]) == (True, "7", "Secondary")
    assert {row["urn"] for row in year if not row["counts_at_trust"]} == {"200005", "200006"}
    # The year before, there was one URN.
    (before,) = attended.rows(
        "from int_attendance_measures where pupil_key = 'r1' and academic_year = '2024/25' "
        "and period_kind in ('year_to_date', 'year_to_date_urn')"
    )
    assert (before["urn"], before["counts_at_trust"], before["sessions_possible"]) == ("200005", True, 10)


def test_one_mark_does_not_remove_a_total(attended: Attended) -> None:
    rows = attended.rows(
        "select reason_code, count(*) as n from int_attendance_placed "
        "where pupil_key = 's5' and kind = 'attendance' group by 1"
    )
    assert rows == [{"reason_code": "totals_cover_this_session", "n": 2}]
    (year,) = attended.rows("from int_attendance_measures where pupil_key = 's5' and period_kind = 'year_to_date'")
    assert (year["sessions_possible"], year["sessions_absent"]) == (73, 9)
    assert find_fixes(attended, "200008")["totals_cover_this_session"]


def find_fixes(attended: Attended, urn: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for row in attended.rows(f"from published_fix_list where urn = '{urn}'"):
        found.setdefault(row["code"], set()).add(row["seen"])
    return found


def test_the_fix_list_says_what_to_look_at(attended: Attended) -> None:
    maple = find_fixes(attended, "200001")
    retired = attended.rows(
        "select mark_code, count(*) as marks from int_marks_placed where reason_code is null and urn = '200001' "
        "and mark_code in ('H', 'J', 'Y') and session_date > date '2024-08-18' group by mark_code"
    )
    assert len(retired) == 3
    assert maple["attendance_code_retired"] == {f"{r['mark_code']}, {r['marks']} marks" for r in retired}
    assert maple["marks_on_weekends"] == {"2 marks on 1 day, the first 13 September 2025"}
    assert maple["marks_on_closed_days"] == {"4 marks on 2 days, the first 2 September 2025"}
    assert maple["attendance_code_unknown"] == {
        "?, 15 September 2025", "a mark of 16 signs, 16 September 2025",
        next(seen for seen in maple["attendance_code_unknown"] if seen.startswith("K, 6 August 2024 (in 12 rows")),
    }  # fmt: skip
    assert maple["year_group_of_another_year"] == {
        "6, and 5 at that time, in 2 results", "6, and 4 at that time, in 1 result"
    }  # fmt: skip
    assert maple["no_kpi_uses_it"] == {"judgements"}
    assert find_fixes(attended, "200008")["attendance_code_retired"] == {"J, 2 marks"}
    # The afternoon's code of that day was not yet one.
    assert maple["marks_of_one_session"] == {"12 marks on 1 day, the first 6 August 2024"}
    assert find_fixes(attended, "200018")["marks_of_one_session"] == {"3 marks on 3 days, the first 9 June 2025"}
    looks = {r["severity"] for r in attended.rows("from published_fix_list where code like 'marks_on_%'")}
    assert looks == {"look"}


def test_last_summers_results_count_in_last_summers_year_group(attended: Attended) -> None:
    rows = attended.rows(
        "select results.pupil_key, results.year_group, notes.year_group_said from int_results_placed as results "
        "left join int_result_year_groups as notes using (urn, record_id)"
    )
    assert {r["pupil_key"]: (r["year_group"], r["year_group_said"]) for r in rows} == {
        "now six": ("5", "6"), "no roll then": ("5", "6"), "two years on": ("4", "6"),
        # Said rightly; or nothing on the roll says otherwise for certain.
        "was five": ("5", None), "no roll then, as it was": ("5", None), "nobody says": ("5", None),
        "repeats": ("5", None), "repeated before": ("6", None), "older paper": ("5", None),
        "not in years": ("X", None),
    }  # fmt: skip
    evidence = attended.rows(
        "select year_group from int_enrolments where pupil_key = 'no roll then' and academic_year = '2024/25'"
    )
    assert evidence == [{"year_group": "5"}]


def test_a_record_names_the_receipt_that_stands_instead(attended: Attended) -> None:
    rows = attended.rows(
        "select distinct urn, kind, reason_code, related_receipt_id from int_attendance_placed "
        "where related_receipt_id is not null"
    )
    assert {(r["urn"], r["kind"], r["reason_code"], r["related_receipt_id"]) for r in rows} == {
        ("200001", "attendance", "later_mark_stands", "200001-1"),
        ("200001", "attendance", "later_mark_stands", "200001-2"),
        ("200008", "attendance_totals", "other_totals_cover_these_days", "200008-1"),
        ("200008", "attendance_totals", "other_totals_cover_these_days", "200008-2"),
    }  # fmt: skip


def test_a_pupil_whose_number_changed_is_one_pupil(attended: Attended) -> None:
    rows = attended.rows("select former_key, pupil_key from int_pupil_keys")
    assert {r["former_key"]: r["pupil_key"] for r in rows} == {
        "chain old": "chain new", "chain mid": "chain new", "twice": "twice new", "twice mid": "twice new"
    }  # fmt: skip
    (year,) = attended.rows(
        "select sessions_possible from int_attendance_measures "
        "where pupil_key = 'chain new' and period_kind = 'year_to_date'"
    )
    assert year == {"sessions_possible": 6}
    rolls = attended.rows("select pupil_key from int_enrolments where basis = 'roll' and pupil_key like 'twice%'")
    assert {r["pupil_key"] for r in rolls if r["pupil_key"] in ("twice mid", "twice new")} == {"twice new"}


def test_days_are_open_where_a_tenth_of_the_pupils_are_marked(attended: Attended) -> None:
    days = {r["session_date"]: r for r in attended.rows("from int_school_open_days where urn = '200001'")}
    assert days[date(2025, 9, 10)]["is_open"]
    assert days[date(2025, 8, 28)]["is_open"]  # twelve pupils of about forty
    assert not days[date(2025, 10, 28)]["is_open"]
    assert days[date(2025, 9, 13)]["is_weekend"]


def test_periods_have_names_an_order_and_the_schools_own_dates(attended: Attended) -> None:
    rows = attended.rows("from int_periods where academic_year = '2025/26' and urn = '200009'")
    found = {(r["period_kind"], r["period"]): r for r in rows}
    week = found["week", "2025-09-08"]
    assert (week["period_title"], week["starts"], week["ends"], week["is_open"]) == (
        "Week of 8 September 2025", date(2025, 9, 8), date(2025, 9, 14), True
    )  # fmt: skip
    assert found["half_term", "AUT2"]["starts"] == date(2025, 10, 27)
    assert [found["half_term", h]["period_sort"] for h in ("AUT1", "SPR1", "SUM2")] == [1, 3, 5 + 1]
    assert (found["term", "autumn"]["period_title"], found["term", "autumn"]["ends"]) == (
        "Autumn term", date(2025, 12, 19)
    )  # fmt: skip
    assert (found["half_term", "SUM1"]["is_open"], found["term", "spring"]["is_open"]) == (False, True)
    to_date = found["year_to_date", "year_to_date"]
    assert (to_date["period_title"], to_date["starts"], to_date["ends"]) == (
        "Year to date", date(2025, 9, 3), date(2026, 3, 20)
    )  # fmt: skip
    assert ("year_to_date_urn", "year_to_date_urn") not in found
    assert len(attended.rows("from int_periods where period_kind = 'year_to_date_urn'")) == 2 + 3 + 3 + 3
    sorts = attended.rows(
        "select period from int_periods group by academic_year, period_kind, period "
        "having count(distinct period_sort) > 1"
    )
    assert sorts == []
    # A school of which no date is known has weeks and the year all the same.
    assert {r["period_kind"] for r in attended.rows("from int_periods where urn = '200014'")} == {
        "week", "year_to_date", "year_to_date_urn"
    }  # fmt: skip
