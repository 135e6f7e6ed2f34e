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
        school.tables["receipts"][0]["rows_with_records"] = min(30, 30 - records)
        school.tables["receipts"][0]["rows_layout"] = 33 - school.tables["receipts"][0]["rows_with_records"]
        if table == "results":
            school.tables["receipts"][1] |= {"rows_with_records": 1, "rows_layout": 32}

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
    ("pupils_rows_kept", drop("pupils", 10), "33.3 % fewer than last time (10 records)"),
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
]
URNS = {index: str(200000 + index) for index in range(len(CASES))}


@pytest.fixture(scope="module")
def results(new_lake):
    lake = new_lake()
    lake.add_sound(SOUND)
    lake.add(SILENT)
    for index, (_, spoil, _) in enumerate(CASES):
        spoil(lake.add_sound(URNS[index]))
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
    assert results["300001", "pupils_rows_kept"].observed == "100 % fewer than last time (30 records)"
    assert results["300001", "pupils_rows_present"].outcome == "not_applicable"
    assert not verdict(results.values())["300001"].accepted
