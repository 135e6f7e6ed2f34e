"""Every check passes for a sound school, and fails for a school spoilt in the way it is there to find.

One run over many schools: a sound one, one without files, and one per way to be spoilt.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from quality import list_checks, verdict

SOUND, SILENT = "100000", "100001"
OTHERS = ("attendance", "suspensions", "judgements", "moderation")


def change(table: str, **changes: Any) -> Callable[[Any], None]:
    """Spoil the first row of a table."""
    return lambda school: school.tables[table][0].update(changes)


def change_all(table: str, **changes: Any) -> Callable[[Any], None]:
    return lambda school: [row.update(changes) for row in school.tables[table]]


def drop(table: str, records: int) -> Callable[[Any], None]:
    """Lose records of a kind, in the ledger too: the ledger agrees, the school has fewer."""

    def spoil(school: Any) -> None:
        del school.tables[table][:records]
        for row in school.tables["record_counts"]:
            if row["kind"] == table:
                row["records"] -= records
        for receipt in school.tables["receipts"]:
            mine = [c for c in school.tables["record_counts"] if c["receipt_id"] == receipt["receipt_id"]]
            rows = min(receipt["rows_with_records"], *(count["records"] for count in mine))
            receipt["rows_layout"] += receipt["rows_with_records"] - rows
            receipt["rows_with_records"] = rows

    return spoil


def repeat(table: str, **changes: Any) -> Callable[[Any], None]:
    """Put a record in twice; the ledger agrees."""

    def spoil(school: Any) -> None:
        school.tables[table].append(school.tables[table][0] | changes)
        next(row for row in school.tables["record_counts"] if row["kind"] == table)["records"] += 1

    return spoil


def empty(kind: str) -> Callable[[Any], None]:
    """A file of the kind was received, and every record of it was set aside."""

    def spoil(school: Any) -> None:
        school.tables[kind].clear()
        row = next(row for row in school.tables["record_counts"] if row["kind"] == kind)
        row.update(bucket="refused", reason="not a number")
        school.fix(row["receipt_id"])

    return spoil


def refuse(kind: str, records: int, reason: str = "not a number") -> Callable[[Any], None]:
    return lambda school: school.refuse(kind, records, reason)


def nothing(school: Any) -> None:
    """All a school sent is one file with headings only."""
    for rows in school.tables.values():
        rows.clear()
    school.last.clear()
    school.add_receipt("empty.csv", "marks", rows_total=1, rows_layout=1)


def lose_rows(school: Any) -> None:
    school.tables["receipts"][0]["rows_total"] += 4


def marks_on(day: date, marks: int, code: str = "/") -> Callable[[Any], None]:
    """Put the first marks of the register on another day."""

    def spoil(school: Any) -> None:
        for n, row in enumerate(school.tables["attendance"][:marks]):
            row.update(session_date=day, session=("AM", "PM")[n % 2], mark_code=code, pupil_key=f"key{n}")

    return spoil


def change_where(table: str, name: str, value: Any, **changes: Any) -> Callable[[Any], None]:
    return lambda school: [row.update(changes) for row in school.tables[table] if row[name] == value]


def a_usual_day_of_many(school: Any) -> None:
    """So many marks a day that one mark on a day of its own is nobody's school day."""
    rows = school.tables["attendance"]
    for n, row in enumerate(rows[1:]):
        row.update(session_date=date(2025, 5, 6 + n % 3), pupil_key=f"key{n}")
    rows[0].update(session_date=date(2025, 5, 26))


def list_later_year(school: Any) -> None:
    """The register of half the pupils of this year's list; the list before was of the year before."""
    for row in school.last["pupils"]:
        row |= {"academic_year": "2023/24"}
    school.last["pupils"] = [dict(row) for row in school.last["pupils"]]
    for row in school.tables["pupils"]:
        row |= {"academic_year": "2024/25"}
    drop("pupils", 10)(school)


def explain_nothing(school: Any) -> None:
    school.count("100000-2".replace("100000", school.urn), "results", "refused", 1, "not a number")


CASES: list[tuple[str, Callable[[Any], Any], str]] = [
    ("files_give_records", nothing, "0 records in all"),
    (
        "files_could_be_read",
        lambda s: s.add_receipt("photo.csv", "", outcome="refused"),
        "files that could not be used: 1",
    ),
    (
        "files_each_give_records",
        lambda s: s.add_receipt("a.csv", "marks", rows_total=1, rows_layout=1),
        "files without a record: 1",
    ),
    ("files_rows_accounted", lose_rows, "files whose rows do not add up: 1"),
    ("files_rows_accounted", change("receipts", rows_total=None), "files whose rows do not add up: 1"),
    ("files_rows_accounted", change("receipts", rows_layout=34, rows_with_records=-1), "too few or too many"),
    ("files_rows_accounted", change("receipts", rows_layout=33, rows_with_records=0), "too few or too many"),
    (
        "files_well_listed",
        lambda s: s.tables["receipts"].append(dict(s.tables["receipts"][0])),
        "outcome: 2",
    ),
    ("files_well_listed", change("receipts", urn="999999"), "outcome: 1"),
    ("files_well_listed", change("receipts", arrival=2), "outcome: 2"),
    ("files_well_listed", lambda s: s.add_receipt("x.csv", "x", outcome="perhaps"), "outcome: 1"),
    ("files_well_listed", lambda s: s.add_receipt("x.csv", "x", outcome=None), "outcome: 1"),
    (
        "files_well_listed",
        lambda s: s.count("nowhere", "results", "refused", 1),
        "counts of no known file, kind or bucket: 1",
    ),
    (
        "files_well_listed",
        lambda s: s.count(f"{s.urn}-2", "resluts", "accepted", 1),
        "counts of no known file, kind or bucket: 1",
    ),
    (
        "files_well_listed",
        lambda s: s.count(f"{s.urn}-2", "results", "lost", 1),
        "counts of no known file, kind or bucket: 1",
    ),
    (
        "files_well_listed",
        lambda s: s.count(f"{s.urn}-2", "results", "duplicate", -1),
        "counts of no known file, kind or bucket: 1",
    ),
    (
        "files_well_listed",
        lambda s: s.count(f"{s.urn}-2", "results", "duplicate", None),
        "counts of no known file, kind or bucket: 1",
    ),
    (
        "files_well_listed",
        lambda s: s.tables["receipts"].clear(),
        "counts of no known file, kind or bucket: 3",
    ),
    ("files_explained", explain_nothing, "no line on the fix-list: 1"),
    ("files_explained", lambda s: s.fix(f"{s.urn}-1", remedy=" "), "without reason or remedy: 1"),
    ("files_explained", lambda s: s.fix(f"{s.urn}-1", code=None), "without reason or remedy: 1"),
    ("pupils_rows_present", empty("pupils"), "0 records"),
    ("pupils_keys_unique", repeat("pupils", record_id="other"), "1 more than once by their key"),
    ("pupils_keys_unique", repeat("pupils", pupil_key="other"), "1 more than once by record_id"),
    ("pupils_required_present", change_all("pupils", pupil_key=None), "30 without pupil_key"),
    ("pupils_required_present", change("pupils", file_row=None), "1 without file_row"),
    ("pupils_values_known", change("pupils", sex="W"), "1 with another code in sex"),
    (
        "pupils_values_known",
        change("pupils", enrolment_status="Q"),
        "1 with another code in enrolment_status",
    ),
    ("pupils_values_known", change("pupils", year_group="Y3"), "1 with another code in year_group"),
    (
        "pupils_values_known",
        change("pupils", academic_year="2024/26"),
        "1 with no academic year such as 2024/25",
    ),
    (
        "pupils_values_known",
        change("pupils", academic_year="2024-25"),
        "1 with no academic year such as 2024/25",
    ),
    (
        "pupils_dates_in_order",
        change("pupils", start_date=date(2025, 8, 1)),
        "1 after the day of the run in start",
    ),
    (
        "pupils_dates_in_order",
        change("pupils", end_date=date(2021, 9, 1)),
        "1 with end_date before start_date",
    ),
    (
        "pupils_records_accounted",
        lambda s: s.tables["pupils"].pop(),
        "records more or fewer than the ledger says: 1",
    ),
    (
        "pupils_records_accounted",
        change("pupils", receipt_id="nowhere"),
        "records from no file received and read: 1",
    ),
    (
        "pupils_records_accounted",
        change("pupils", receipt_id=None),
        "records from no file received and read: 1",
    ),
    ("pupils_records_accounted", change("pupils", urn="999999"), "records of another school: 1"),
    ("pupils_mostly_used", refuse("pupils", 8), "21.1 % set aside (8 records)"),
    ("pupils_rows_kept", drop("pupils", 10), "33.3 % fewer than last time (10 pupils)"),
    ("pupils_rows_kept", list_later_year, "33.3 % fewer than last time (10 pupils)"),
    (
        "pupils_ages_fit_years",
        lambda s: [row.update(age_at_start=row["age_at_start"] - 1) for row in s.tables["pupils"][:7]],
        "23.3 % in another year group than their age says (7 pupils)",
    ),
    ("pupils_ages_possible", change("pupils", age_at_start=21), "1 younger than 2 or older than 20"),
    ("pupils_ages_possible", change("pupils", age_at_start=1), "1 younger than 2 or older than 20"),
    ("results_rows_present", empty("results"), "0 records"),
    ("results_keys_unique", repeat("results", record_id="other", mark=None), "1 more than once by their key"),
    ("results_keys_unique", repeat("results", subject="Science"), "1 more than once by record_id"),
    ("results_required_present", change_all("results", value=None), "60 without value"),
    ("results_required_present", change("results", subject="  "), "1 without subject"),
    ("results_required_present", change("results", academic_year=None), "1 without academic_year"),
    ("results_values_known", change("results", result_type="guess"), "1 with another code in result_type"),
    ("results_values_known", change("results", mark=Decimal(-1)), "1 below 0 in mark"),
    (
        "results_dates_in_order",
        change("results", assessed_on=date(2025, 8, 1)),
        "1 after the day of the run in assessed",
    ),
    (
        "results_records_accounted",
        lambda s: s.tables["results"].pop(),
        "records more or fewer than the ledger says: 1",
    ),
    ("results_mostly_used", refuse("results", 16), "21.1 % set aside (16 records)"),
    (
        "results_mostly_on_roll",
        refuse("results", 61, "pupil not on roll"),
        "49.6 % belong to a pupil on the roll (61",
    ),
    ("results_rows_kept", drop("results", 20), "33.3 % fewer than last time (20 records)"),
    (
        "results_values_vary",
        change_all("results", value="EXS"),
        "up to 100 % with one and the same value (60 records)",
    ),
    ("results_year_group_then", change("results", year_group="4"), "1 with a later year group than the roll"),
    ("groups_rows_present", empty("groups"), "0 records"),
    ("groups_keys_unique", repeat("groups", record_id="other"), "1 more than once by their key"),
    ("groups_required_present", change("groups", group_name=""), "1 without group_name"),
    ("groups_values_known", change("groups", group_type="club"), "1 with another code in group_type"),
    (
        "groups_dates_in_order",
        change("groups", end_date=date(2024, 9, 4)),
        "1 with end_date before start_date",
    ),
    (
        "groups_records_accounted",
        repeat("groups", receipt_id="nowhere", record_id="x"),
        "records from no file received and read: 1",
    ),
    ("groups_mostly_used", refuse("groups", 8), "21.1 % set aside (8 records)"),
    (
        "groups_mostly_on_roll",
        refuse("groups", 31, "pupil not on roll"),
        "49.2 % belong to a pupil on the roll (31",
    ),
    ("groups_rows_kept", drop("groups", 10), "33.3 % fewer than last time (10 records)"),
    ("attendance_rows_present", empty("attendance"), "0 records"),
    ("attendance_keys_unique", repeat("attendance", record_id="x", mark_code="I"), "1 more than once by their key"),
    ("attendance_required_present", change("attendance", mark_code=" "), "1 without mark_code"),
    ("attendance_values_known", change("attendance", session="EVE"), "1 with another code in session"),
    ("attendance_values_known", change("attendance", minutes_late=-1), "1 below 0 in minutes_late"),
    ("attendance_dates_in_order", change("attendance", session_date=date(2025, 8, 1)), "1 after the day of the run"),
    ("attendance_records_accounted", lambda s: s.tables["attendance"].pop(), "than the ledger says: 1"),
    ("attendance_mostly_used", refuse("attendance", 60), "22.2 % set aside (60 records)"),
    ("attendance_mostly_on_roll", refuse("attendance", 215, "pupil not on roll"), "49.4 % belong to a pupil on"),
    ("attendance_rows_kept", drop("attendance", 80), "38.1 % fewer than last time (80 records)"),
    ("attendance_days_open", marks_on(date(2025, 5, 31), 3), "3 on a Saturday or Sunday"),
    ("attendance_days_open", a_usual_day_of_many, "1 on days on which nearly nobody else has one"),
    (
        "attendance_halves_agree",
        lambda s: [row.update(mark_code="#") for row in s.tables["attendance"][1:13:2]],
        "5.7 % more of one half of the day (6 marks)",
    ),
    ("attendance_mostly_recorded", change_where("attendance", "mark_code", "I", mark_code="-"), "5.2 % without a mark"),
    ("attendance_share_plausible", change_where("attendance", "mark_code", "/", mark_code="PRESENT"), "47.1 % with a"),
    ("attendance_share_plausible", change_where("attendance", "mark_code", "I", mark_code="/"), "all 210 sessions"),
    ("attendance_totals_rows_present", empty("attendance_totals"), "0 records"),
    ("attendance_totals_keys_unique", repeat("attendance_totals", record_id="x", sessions=0), "1 more than once by"),
    ("attendance_totals_required_present", change("attendance_totals", sessions=None), "1 without sessions"),
    ("attendance_totals_values_known", change("attendance_totals", sessions=-1), "1 below 0 in sessions"),
    ("attendance_totals_dates_in_order", change("attendance_totals", from_date=date(2025, 8, 1)), "1 after the day"),
    ("attendance_totals_dates_in_order", change("attendance_totals", to_date=date(2024, 9, 1)), "1 with to_date"),
    ("attendance_totals_records_accounted", lambda s: s.tables["attendance_totals"].pop(), "than the ledger says: 1"),
    ("attendance_totals_mostly_used", refuse("attendance_totals", 40), "25 % set aside (40 records)"),
    ("attendance_totals_mostly_on_roll", refuse("attendance_totals", 125, "pupil not on roll"), "49 % belong to a"),
    ("attendance_totals_rows_kept", drop("attendance_totals", 40), "33.3 % fewer than last time (40 records)"),
    ("attendance_totals_fit_their_days", change("attendance_totals", sessions=700), "4 of pupils with more sessions"),
    ("attendance_totals_mostly_recorded", change_where("attendance_totals", "mark_code", "-", sessions=20), "5.3 %"),
    (
        "attendance_totals_share_plausible",
        change_where("attendance_totals", "mark_code", "I", mark_code="O", sessions=400),
        "46 % with a present mark",
    ),
    ("attendance_totals_share_plausible", change_where("attendance_totals", "mark_code", "I", sessions=0), "all 10"),
    ("suspensions_rows_present", empty("suspensions"), "0 records"),
    ("suspensions_keys_unique", repeat("suspensions", record_id="x", reason="y"), "1 more than once by their key"),
    ("suspensions_required_present", change("suspensions", category=None), "1 without category"),
    ("suspensions_values_known", change("suspensions", category="detention"), "1 with another code in category"),
    ("suspensions_dates_in_order", change("suspensions", ends_on=date(2025, 3, 1)), "1 with ends_on before starts_on"),
    ("suspensions_records_accounted", lambda s: s.tables["suspensions"].pop(), "than the ledger says: 1"),
    ("suspensions_mostly_used", refuse("suspensions", 1), "33.3 % set aside (1 records)"),
    ("suspensions_mostly_on_roll", refuse("suspensions", 3, "pupil not on roll"), "40 % belong to a pupil on"),
    ("suspensions_rows_kept", drop("suspensions", 1), "50 % fewer than last time (1 records)"),
    ("judgements_rows_present", empty("judgements"), "0 records"),
    ("judgements_keys_unique", repeat("judgements", record_id="x", value="y"), "1 more than once by their key"),
    ("judgements_required_present", change("judgements", statement=""), "1 without statement"),
    ("judgements_values_known", change("judgements", year_group="Y3"), "1 with another code in year_group"),
    ("judgements_dates_in_order", change("judgements", judged_on=date(2025, 8, 1)), "1 after the day of the run"),
    ("judgements_records_accounted", lambda s: s.tables["judgements"].pop(), "than the ledger says: 1"),
    ("judgements_mostly_used", refuse("judgements", 10), "25 % set aside (10 records)"),
    ("judgements_mostly_on_roll", refuse("judgements", 31, "pupil not on roll"), "49.2 % belong to a pupil on"),
    ("judgements_rows_kept", drop("judgements", 10), "33.3 % fewer than last time (10 records)"),
    ("judgements_values_vary", change_all("judgements", value="secure"), "up to 100 % with one and the same value"),
    ("judgements_year_group_then", change("judgements", year_group="4"), "1 with a later year group than the roll"),
    ("moderation_rows_present", empty("moderation"), "0 records"),
    ("moderation_keys_unique", repeat("moderation", record_id="x", judged_value="y"), "1 more than once by their key"),
    ("moderation_required_present", change("moderation", moderated_value=""), "1 without moderated_value"),
    ("moderation_values_known", change("moderation", level="county"), "1 with another code in level"),
    ("moderation_dates_in_order", change("moderation", moderated_on=date(2025, 8, 1)), "1 after the day of the run"),
    ("moderation_records_accounted", lambda s: s.tables["moderation"].pop(), "than the ledger says: 1"),
    ("moderation_mostly_used", refuse("moderation", 10), "25 % set aside (10 records)"),
    ("moderation_mostly_on_roll", refuse("moderation", 31, "pupil not on roll"), "49.2 % belong to a pupil on"),
    ("moderation_rows_kept", drop("moderation", 10), "33.3 % fewer than last time (10 records)"),
    ("moderation_year_group_then", change("moderation", year_group="4"), "1 with a later year group than the roll"),
]
URNS = {index: str(200000 + index) for index in range(len(CASES))}


@pytest.fixture(scope="module")
def results(new_lake):
    lake = new_lake()
    lake.add_sound(SOUND)
    lake.add(SILENT)
    for index, (name, spoil, _) in enumerate(CASES):
        school = lake.add_sound(URNS[index], others=name.startswith(OTHERS))
        if not name.endswith(("rows_kept", "rows_present")):
            school.last.clear()  # nothing to compare with is written where nothing is compared
        spoil(school)
    return lake.check()


def test_a_sound_school_passes_every_check(results):
    found = {name: result for (urn, name), result in results.items() if urn == SOUND}
    assert list(found) == [spec.check_name for spec in list_checks()]
    assert {name: result.observed for name, result in found.items() if result.outcome != "passed"} == {}
    assert {result.rows_affected for result in found.values()} == {0}
    assert found["results_rows_present"].observed == "60 records"
    assert found["results_keys_unique"].observed == "none among 60 records"
    assert found["results_mostly_used"].observed == "0 % set aside (0 records)"
    assert found["results_mostly_used"].expected == "at most 20 % set aside"


def test_a_school_without_files_has_nothing_to_check(results):
    found = [result for (urn, _), result in results.items() if urn == SILENT]
    assert len(found) == len(list_checks())
    assert {result.outcome for result in found} == {"not_applicable"}
    assert verdict(found)[SILENT].accepted


def test_every_check_has_a_case_in_which_it_fails():
    assert {name for name, _, _ in CASES} == {spec.check_name for spec in list_checks()}


@pytest.mark.parametrize("index", URNS, ids=[f"{index}-{name}" for index, (name, _, _) in enumerate(CASES)])
def test_a_spoilt_school_fails_its_check(results, index):
    name, _, observed = CASES[index]
    result = results[URNS[index], name]
    assert result.outcome == "failed"
    assert observed in result.observed
    assert result.rows_affected > 0 or name.endswith(("rows_present", "give_records"))
    judgement = verdict(r for (urn, _), r in results.items() if urn == URNS[index])[URNS[index]]
    assert (result.title in judgement.held_by) == (result.severity == "critical")
    assert (result.title in judgement.to_look_at) == (result.severity == "warning")


def test_no_case_meets_an_error(results):
    assert [key for key, result in results.items() if result.outcome == "error"] == []


@pytest.mark.parametrize(
    ("name", "others"),
    [
        ("results_dates_in_order", set()),
        ("results_values_vary", set()),
        ("groups_required_present", set()),
        ("results_mostly_used", set()),
        ("files_could_be_read", set()),
        ("results_mostly_on_roll", {"results_mostly_used"}),
        ("results_rows_present", {"results_mostly_used", "results_rows_kept"}),
    ],
)
def test_a_fault_is_told_once(results, name, others):
    urn = URNS[next(index for index, case in enumerate(CASES) if case[0] == name)]
    failed = {
        check for (school, check), result in results.items() if school == urn and result.outcome == "failed"
    }
    assert failed == {name} | others


def test_limits_themselves_are_kept(lake):
    lake.add_sound("300001").refuse("results", 15)  # 15 of 75: exactly 20 %
    lake.add_sound("300002").refuse("groups", 30, "pupil not on roll")  # exactly half
    lake.add_sound("300003").last["pupils"] = []
    marks = lake.add_sound("300004").tables["results"]
    for row in marks[:19]:
        row["value"] = "EXS"
    results = lake.check()
    assert results["300001", "results_mostly_used"].outcome == "passed"
    assert results["300002", "groups_mostly_on_roll"].outcome == "passed"
    assert results["300003", "pupils_rows_kept"].outcome == "not_applicable"
    assert results["300004", "results_values_vary"].outcome == "passed"


def test_thresholds_are_the_callers(lake):
    lake.add_sound("300001").refuse("results", 5)
    spoilt = lake.add_sound("300002")
    for row in spoilt.tables["results"][:40]:
        row["value"] = "EXS"
    results = lake.check(refused_percent_held=5, same_value_percent_look=50, same_value_least=31)
    assert results["300001", "results_mostly_used"].outcome == "failed"
    assert results["300001", "results_mostly_used"].expected == "at most 5 % set aside"
    assert results["300002", "results_values_vary"].outcome == "not_applicable"
    assert results["300002", "results_values_vary"].observed == "too little to compare among 60 records"


def test_a_corrected_file_puts_things_right(lake):
    """A file all of whose records were set aside weighs nothing once a later one of its format is used."""
    school = lake.add("300001").add_roll()
    first = school.add_receipt("marks.csv", "marks", rows_total=30, rows_with_records=30)
    school.refuse("results", 60, receipt=first)
    before = lake.check(with_last=False)
    assert before["300001", "results_rows_present"].outcome == "failed"
    assert before["300001", "results_mostly_used"].observed == "100 % set aside (60 records)"
    school.add_marks()
    after = lake.check(with_last=False)
    assert after["300001", "results_rows_present"].outcome == "passed"
    assert after["300001", "results_mostly_used"].observed == "0 % set aside (0 records)"


def test_all_records_gone_holds_a_school_that_had_some(lake):
    """No file at all any more, but records stand: the last accepted ones must stay."""
    school = lake.add_sound("300001")
    for rows in school.tables.values():
        rows.clear()
    results = lake.check()
    assert results["300001", "files_give_records"].outcome == "failed"
    assert results["300001", "results_rows_kept"].observed == "100 % fewer than last time (60 records)"
    assert results["300001", "pupils_rows_present"].outcome == "not_applicable"
    assert not verdict(results.values())["300001"].accepted


def test_a_smaller_roll_is_held_until_it_is_agreed(lake):
    """One school shrank and is agreed, one is not; one has so few pupils that it is not asked."""
    for urn in ("300001", "300002"):
        drop("pupils", 10)(lake.add_sound(urn))
    few = lake.add_sound("300003")
    few.last["pupils"] = few.last["pupils"][:9]
    drop("pupils", 22)(few)
    results = lake.check(smaller_rolls_agreed=("300001",))
    outcomes = {urn: results[urn, "pupils_rows_kept"].outcome for urn in lake.schools}
    assert outcomes == {"300001": "not_applicable", "300002": "failed", "300003": "not_applicable"}
    held = verdict(results.values())["300002"]
    assert held.held_by == ("Pupils: about as many pupils as last time",)
    remedy = results["300002", "pupils_rows_kept"].remedy
    assert "smaller_rolls_agreed" in remedy
    assert "stays in use" in remedy


def test_a_list_of_one_year_is_not_compared_with_other_years(lake):
    """Last time two years stood and now one of them: the lists of the other year are no longer there, not smaller."""
    school = lake.add_sound("300001")
    school.last["pupils"] += [
        row | {"academic_year": "2023/24", "record_id": f"old{n}"} for n, row in enumerate(school.last["pupils"] * 3)
    ]
    assert lake.check()["300001", "pupils_rows_kept"].outcome == "passed"


def test_what_is_no_mark_is_no_mark_on_a_closed_day(lake):
    """A grid of seven days: the weekend stands in it as closed, or empty."""
    school = lake.add_sound("300001")
    for n, code in enumerate("#-#-"):
        row = school.tables["attendance"][n]
        row.update(session_date=date(2025, 5, 31), mark_code=code, pupil_key=f"key{n}")
    found = lake.check()["300001", "attendance_days_open"]
    assert (found.outcome, found.observed) == ("passed", "none among 210 records")


def test_ages_are_judged_list_by_list_and_by_school_years_only(lake):
    """Nursery years and years not followed say no age; a list of a few pupils is not judged."""
    early = lake.add_sound("300001")
    for row, year_group in zip(early.tables["pupils"], ("N1", "N2", "E1", "E2", "X") * 6, strict=True):
        row.update(year_group=year_group, age_at_start=9)
    few = lake.add_sound("300002")
    for row in few.tables["pupils"][:9]:
        row.update(age_at_start=3, academic_year="2023/24")
    for row in few.tables["pupils"][9:13]:  # exactly one in five, in the list of the other year
        row.update(age_at_start=row["age_at_start"] + 1)
    results = lake.check()
    assert results["300001", "pupils_ages_fit_years"].outcome == "not_applicable"
    observed = results["300002", "pupils_ages_fit_years"].observed
    assert observed == "19 % in another year group than their age says (0 pupils)"
