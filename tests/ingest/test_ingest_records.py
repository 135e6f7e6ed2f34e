"""Records: typed or refused with a reason, repeated or contradicted within a file, replaced between files."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from landing_one import SENDER
from small_trust import CLUB, LONG, MARKS, ROLL, ROLL_HEADING, make_format, make_upn, roll_row

from ingest.contract import RECORD_KINDS
from ingest.home import ConfigurationError
from ingest.identities import Matched
from ingest.landing import Opened, land_file, open_file
from ingest.landing_store import load_landed, save_landed
from ingest.layout import PUPILS_NUMBER
from ingest.own_identifiers import OWN_IDENTIFIER
from ingest.repeats import settle_repeats
from ingest.standing import Sent, settle_standing

LONG_HEADING = "Pupil UPN,Academic Year,Subject,Assessment,Type,On,Result"


def result(number: int, **changes: str) -> str:
    cells = {
        "upn": make_upn(number), "ay": "2024/25", "subject": "English", "assessment": "Common Test", "type": "test",
        "on": "03/06/2025", "result": "12",
    }  # fmt: skip
    return ",".join((cells | changes).values())


def results(*rows: str) -> str:
    return "\n".join((LONG_HEADING, *rows)) + "\n"


def test_values_are_typed_and_the_source_kept(land):
    records = land(LONG, results(result(1), result(2, type="teacher_judgement", result="EXS+"))).records["results"]
    assert list(records.rows(["value", "mark", "result_type", "assessed_on", "file_row", "bucket"])) == [
        ("12", Decimal(12), "test", dt.date(2025, 6, 3), 2, "accepted"),
        ("EXS+", None, "teacher_judgement", dt.date(2025, 6, 3), 3, "accepted"),
    ]
    assert records["record_id"][0] == "r1:2:1"


@pytest.mark.parametrize("word", ["Abs", "ABS", "abs"])
def test_a_test_somebody_was_absent_from_keeps_its_record_without_a_mark(land, word):
    landed = land(LONG, results(result(1, result=word)))
    records = landed.records["results"]
    assert list(records.rows(["value", "mark", "bucket"])) == [(word, None, "accepted")]
    assert landed.fixes == []


@pytest.mark.parametrize(
    ("changes", "reason", "field", "seen"),
    [
        ({"result": "twelve"}, "mark cannot be read", "Result", "twelve"),
        ({"ay": "2025"}, "academic year cannot be read", "Academic Year", "2025"),
        ({"ay": ""}, "academic year cannot be read", "Academic Year", "an empty cell"),
        ({"subject": ""}, "subject cannot be read", "Subject", "an empty cell"),
        ({"type": "tset"}, "result type cannot be read", "Type", "tset"),
        ({"on": "06/13/2025"}, "assessed on cannot be read", "On", "06/13/2025"),
        ({"upn": "Q207000016049"}, "pupil not on roll", "Pupil UPN", None),
    ],
)
def test_what_cannot_be_read_is_refused_with_row_field_and_remedy(land, changes, reason, field, seen):
    landed = land(LONG, results(result(1), result(2, **changes), result(3)))
    assert landed.records["results"]["reason"] == [None, reason, None]  # the others stay
    fix = next(fix for fix in landed.fixes if fix.records_held)
    assert (fix.file_row, fix.field) == (3, field)
    assert seen is None or fix.seen == seen
    assert fix.expected
    assert fix.remedy
    assert sum(fix.records_held for fix in landed.fixes) == 1


def test_dates_in_two_orders_name_the_row_that_does_not_fit(land):
    landed = land(LONG, results(result(1, on="13/06/2025"), result(2, on="06/13/2025"), result(3, on="2025-06-13")))
    assert landed.records["results"]["bucket"] == ["accepted", "refused", "accepted"]
    (fix,) = landed.fixes
    assert (fix.file_row, fix.seen) == (3, "06/13/2025")
    assert "another order" in fix.remedy


def test_wide_files_give_a_record_for_each_filled_cell(land):
    text = "Marks 4 2024/25,,\nAdno,Maths test Summer,English test Summer\n101,12,\n102,-,N/A\n103,51,x\n"
    landed = land(MARKS, text)
    records = landed.records["results"]
    assert list(records.rows(["file_row", "source_column", "subject", "year_group", "academic_year", "reason"])) == [
        (3, "Maths test Summer", "Mathematics", "4", "2024/25", None),
        (5, "Maths test Summer", None, "4", "2024/25", "mark cannot be read"),  # a refused record keeps no text
        (5, "English test Summer", None, "4", "2024/25", "mark cannot be read"),
    ]
    assert (landed.rows_layout, landed.rows_with_records, landed.rows_without_values) == (2, 2, 1)
    assert [(fix.field, fix.seen, fix.expected) for fix in landed.fixes] == [
        ("Maths test Summer", "51", "a number from 0 to 50"), ("English test Summer", "x", "a number from 0 to 50"),
    ]  # fmt: skip


def test_a_dash_of_any_length_is_as_blank_as_the_format_says(land):
    assert len(land(MARKS, "Marks 4 2024/25\nAdno,Maths test Summer\n101,\u2013\n").records["results"]) == 0


def test_a_row_with_data_in_unread_columns_only_is_counted_and_named(land):
    landed = land(MARKS, "Marks 4 2024/25,,\nAdno,Maths test Summer,Teacher\n,,Mr T\n101,12,\n")
    assert (landed.rows_with_records, landed.rows_without_values) == (1, 1)
    assert [(fix.code, fix.file_row) for fix in landed.fixes] == [("row says no pupil", 3)]


@pytest.mark.parametrize("cell", ["9" * 90000, "much too long to be a mark of a test"])
def test_a_very_long_cell_is_described_on_the_fix_list(land, cell):
    landed = land(LONG, results(result(1, result=cell)))
    assert cell not in landed.fixes[0].seen
    assert landed.records["results"]["value"] == [None]


@pytest.mark.parametrize(
    ("heading", "row", "reason"),
    [
        ("Class,UPN,Surname,DOB", "Oak,{upn},Sur1,02/03/2016", None),
        ("Class,UPN,Surname,DOB", "{upn},Sur1,02/03/2016", "row shorter than the header"),
        ("Class,UPN,Surname,DOB", "{upn},Sur1,02/03/2016,", PUPILS_NUMBER),
        ("Class,UPN,Surname,DOB", "Sur1,{upn},Sur1,02/03/2016", OWN_IDENTIFIER),
        ("Class,UPN,Surname,DOB", "SUR1 ,{upn},Sur1,", OWN_IDENTIFIER),
        ("Class,UPN,Surname,DOB", "Oak,{upn},Sur1", "row shorter than the header"),
        ("Class,Surname,UPN,House", "Oak,Sur1,{upn}", "row shorter than the header"),
        ("UPN,Surname,Class,House", "{upn},Sur1,Oak", None),  # blank cells at the end may be left out
        ("UPN,Surname,Class,House", "{upn},Sur1,9.99990100061E+11,Red", PUPILS_NUMBER),
        ("UPN,Surname,Class,House", "{upn},Sur1,9 999 901 000 61,Red", PUPILS_NUMBER),
        ("UPN,Surname,Class,House", "{upn},Sur1,0.123456789012,Red", None),
    ],
)  # fmt: skip
def test_an_identifier_in_another_column_is_no_group(land, heading, row, reason):
    words = {"Class": "class", "UPN": "upn", "Surname": "surname", "DOB": "date_of_birth", "House": "house"}
    columns = "".join(f"  {name}: {words[name]}\n" for name in heading.split(","))
    fields = "fields: {group_name: class}\n    set: {group_type: class, group_set: class}"
    rule = f"records:\n  - kind: groups\n    {fields}\nreplaces: append\n"
    form = f"format: slid\ntitle: Slid\ncolumns:\n{columns}{rule}"
    landed = land(form, f"{heading}\n{row.format(upn=make_upn(1))}\n")
    groups = landed.records["groups"]
    assert groups["reason"] == [reason]
    said = repr((landed.fixes, groups.columns)).casefold()
    assert "sur1" not in said
    assert make_upn(1)[1:] not in said
    assert [fix.code for fix in landed.fixes] == ([reason] if reason else [])


def test_a_group_that_bears_a_pupils_name_is_still_a_group(land):
    rows = [roll_row(11, forename="Willow", **{"class": "Willow"}), roll_row(12, **{"class": "Willow"})]
    groups = land(ROLL, "\n".join((ROLL_HEADING, *rows))).records["groups"]
    assert groups["group_name"] == ["Willow", "Willow"]


@pytest.mark.parametrize(
    ("changes", "shown"),
    [
        ({"year": "Pink"}, True), ({"year": "Sur3"}, False), ({"year": "see Fore2"}, False),
        ({"year": "12345678"}, False), ({"year": "Sur2-Fore2"}, False), ({"year": "102"}, False),
        ({"year": "Pink", "upn": "Pink"}, False), ({"year": "Pink", "dob": "Pink"}, False),
        ({"year": "Pink and yellow and green and blue"}, False),
    ],
)  # fmt: skip
def test_a_cell_is_shown_only_where_it_tells_of_nobody(land, changes, shown):
    landed = land(ROLL, "\n".join((ROLL_HEADING, roll_row(2, **changes), roll_row(3))))
    seen = next(fix.seen for fix in landed.fixes if fix.code == "year group cannot be read")
    assert (seen == changes["year"]) == shown
    assert shown or seen.endswith("not shown, as it may identify a pupil")


def test_a_torn_row_is_refused_and_holds_its_records(land):
    landed = land(LONG, results(result(1) + ",surplus", result(2)))
    assert landed.records["results"]["reason"] == ["row wider than the header", None]
    assert [(fix.code, fix.records_held) for fix in landed.fixes] == [("row wider than the header", 1)]


def test_a_file_with_no_data_is_refused(land):
    landed = land(LONG, LONG_HEADING + "\n,,,,,,\n")
    assert landed.fixes[0].code == "no rows"
    assert (landed.rows_total, landed.rows_layout, landed.rows_with_records) == (2, 1, 1)


def test_repeats_are_duplicates_and_contradictions_are_both_refused(land):
    rows = [result(1), result(1), result(2), result(2, result="13"), result(2), result(3), result(3, result="12.0")]
    landed = land(LONG, results(*rows))
    records = landed.records["results"]
    assert records["bucket"] == [
        "accepted", "duplicate", "refused", "refused", "refused", "refused", "refused",
    ]  # fmt: skip
    assert records["reason"][2] == "contradicts another row of this file"
    assert [fix.seen for fix in landed.fixes if fix.file_row == 4] == ["different values for one pupil in rows 4, 5, 6"]
    assert [(f.severity, f.seen) for f in landed.fixes if f.code == "row repeated"] == [("look", "the same as row 2")]


def test_a_row_is_told_of_once_however_many_records_repeat(land):
    heading = "Marks 4 2024/25\nAdno,Maths test Summer,English test Summer\n"
    landed = land(MARKS, heading + "101,1,2\n101,1,2\n102,1,2\n102,3,4\n")
    assert [(fix.code, fix.field, fix.file_row, fix.records_held) for fix in landed.fixes] == [
        ("rows contradict each other", "whole row", 5, 2), ("rows contradict each other", "whole row", 6, 2),
        ("row repeated", "whole row", 4, 2),
    ]  # fmt: skip


def test_repeats_the_layout_makes_need_no_fix(land):
    landed = land(LONG, results(result(1), result(1)))
    records = landed.records["results"]
    records.columns["bucket"], records.columns["reason"] = ["accepted"] * 2, [None] * 2
    assert settle_repeats(RECORD_KINDS["results"], records, expected=True) == []
    assert records["bucket"] == ["accepted", "duplicate"]


def settle(land, format_text, *files, tmp_path):
    form = make_format(format_text, tmp_path)
    sent = []
    for number, text in enumerate(files, start=1):
        landed = land(format_text, text, f"r{number}")
        sent.append(Sent(f"r{number}", form, landed.records))
    before = [list(one.records["results"]["bucket"]) for one in sent if "results" in one.records]
    settled, fixes = settle_standing(sent)
    assert before == [list(one.records["results"]["bucket"]) for one in sent if "results" in one.records]
    return settled, fixes


def say(records, *names):
    return list(records.rows([*names, "bucket", "related_receipt_id"]))


def test_a_newer_snapshot_replaces_the_whole(land, tmp_path):
    snapshot = LONG.split("replaces:", maxsplit=1)[0] + "replaces: snapshot\n"
    settled, _ = settle(land, snapshot, results(result(1), result(2)), results(result(1)), tmp_path=tmp_path)
    assert say(settled["results"]) == [("superseded", "r2"), ("superseded", "r2"), ("accepted", None)]


def test_a_snapshot_of_which_nothing_can_be_used_replaces_nothing(land, tmp_path):
    snapshot = LONG.split("replaces:", maxsplit=1)[0] + "replaces: snapshot\n"
    settled, _ = settle(land, snapshot, results(result(1)), results(result(1, ay="?")), tmp_path=tmp_path)
    assert say(settled["results"]) == [("accepted", None), ("refused", None)]


def test_a_snapshot_that_has_no_record_of_a_kind_says_there_is_none(land, tmp_path):
    snapshot = ROLL.split("replaces:", maxsplit=1)[0] + "replaces: snapshot\n"
    first = "\n".join((ROLL_HEADING, roll_row(1))) + "\n"
    second = "\n".join((ROLL_HEADING, roll_row(1, **{"class": ""}))) + "\n"
    settled, _ = settle(land, snapshot, first, second, tmp_path=tmp_path)
    assert say(settled["groups"]) == [("superseded", "r2")]
    third = "\n".join((ROLL_HEADING, roll_row(1, ay="?"))) + "\n"  # refused: says nothing of groups
    settled, _ = settle(land, snapshot, first, third, tmp_path=tmp_path)
    assert say(settled["groups"]) == [("accepted", None), ("refused", None)]


def test_a_newer_file_replaces_its_period_only(land, tmp_path):
    period = LONG.split("replaces:", maxsplit=1)[0] + "replaces: {period: [academic_year]}\n"
    first = results(result(1), result(2, ay="2023/24"))
    settled, _ = settle(land, period, first, results(result(3)), tmp_path=tmp_path)
    assert say(settled["results"]) == [("superseded", "r2"), ("accepted", None), ("accepted", None)]


def test_a_newer_file_replaces_its_keys_only_and_the_next_newer_is_named(land, tmp_path):
    files = [results(result(1), result(2)), results(result(1, result="13")), results(result(1, result="14"))]
    settled, _ = settle(land, LONG, *files, tmp_path=tmp_path)
    assert say(settled["results"], "value") == [
        ("12", "superseded", "r2"), ("12", "accepted", None), ("13", "superseded", "r3"), ("14", "accepted", None),
    ]  # fmt: skip


def test_a_file_that_appends_repeats_or_contradicts(land, tmp_path):
    head = "Number,Club,Since\n"
    files = [
        head + "101,Chess,01/09/2024\n",
        head + "101,Chess,01/09/2024\n102,Choir,\n",
        head + "101,Chess,02/09/2024\n",
    ]
    settled, fixes = settle(land, CLUB, *files, tmp_path=tmp_path)
    assert say(settled["groups"], "receipt_id") == [
        ("r1", "accepted", None), ("r2", "duplicate", "r1"), ("r2", "accepted", None), ("r3", "refused", "r1"),
    ]  # fmt: skip
    (fix,) = fixes["r3"]
    assert fix.seen == "another value than in file r1, row 2"


def test_of_three_formats_that_differ_the_newest_stands_though_it_repeats_the_first(land, tmp_path):
    """A says 12, B says 13, C says 12 again: what stands is C's."""
    sent = []
    for number, value in enumerate(("12", "13", "12"), start=1):
        form = make_format(LONG.replace("format: long_results", f"format: long_{number}x"), tmp_path)
        landed = land(LONG, results(result(1, result=value)), f"r{number}")
        sent.append(Sent(f"r{number}", form, landed.records))
    settled, _ = settle_standing(sent)
    assert say(settled["results"], "value") == [
        ("12", "superseded", "r2"), ("13", "superseded", "r3"), ("12", "accepted", None),
    ]  # fmt: skip


def test_what_was_landed_reads_back_the_same(land, tmp_path):
    landed = land(LONG, results(result(1), result(1), result(2, ay="?"), result(3, result="Abs"), result(4, on="")))
    landed.exported_on, landed.made_of = dt.date(2025, 7, 1), "text"
    formats = {"long_results": make_format(LONG, tmp_path)}
    save_landed(tmp_path / "kept", landed, "key", "roll")
    kept = load_landed(tmp_path / "kept", formats)
    assert kept is not None
    assert (kept.cache_key, kept.matched_to) == ("key", "roll")
    assert kept.landed.records["results"].columns == landed.records["results"].columns
    assert (kept.landed.fixes, kept.landed.exported_on, kept.landed.rows_total) == (landed.fixes, landed.exported_on, 6)
    assert load_landed(tmp_path / "kept", {}) is None
    assert load_landed(tmp_path / "nothing", formats) is None
    (tmp_path / "kept" / "results.parquet").write_bytes(b"damaged")
    assert load_landed(tmp_path / "kept", formats) is None
    (tmp_path / "kept" / "summary.json").write_text("{", "utf-8")
    assert load_landed(tmp_path / "kept", formats) is None


@pytest.mark.parametrize(
    ("born", "academic_year", "age"),
    [
        ("02/10/2014", "2025/26", 10), ("31/08/2014", "2025/26", 11), ("01/09/2014", "2025/26", 10),
        ("29/02/2012", "2025/26", 13), ("29/02/2012", "2012/13", 0), ("01/09/2025", "2025/26", None),
        ("13/31/2014", "2025/26", None), ("", "2025/26", None), ("02/10/2014", "", None),
    ],
)  # fmt: skip
def test_the_age_is_of_31_august_before_the_year(land, born, academic_year, age):
    text = "\n".join((ROLL_HEADING, roll_row(11, dob=born, ay=academic_year), roll_row(12)))
    pupils = land(ROLL, text).records["pupils"]
    assert pupils["age_at_start"] == [age, 8]
    assert pupils["bucket"] == ["accepted", "accepted"]


def test_a_row_without_the_date_of_birth_repeats_one_that_has_it(land):
    rows = [roll_row(11, dob="02/10/2014"), roll_row(11, dob="")]
    pupils = land(ROLL, "\n".join((ROLL_HEADING, *rows))).records["pupils"]
    assert list(pupils.rows(["age_at_start", "bucket"])) == [(9, "accepted"), (None, "duplicate")]


def test_an_age_is_never_read(tmp_path):
    with pytest.raises(ConfigurationError, match="worked out from the date of birth"):
        make_format(ROLL.replace("sex: sex, start_date", "sex: sex, age_at_start: sex, start_date"), tmp_path)


def test_nothing_matched_is_nothing_landed(land, tmp_path):
    path = tmp_path / "x.csv"
    path.write_text(results(result(1)), "utf-8")
    opened = open_file(path, [make_format(LONG, tmp_path)], SENDER)
    assert isinstance(opened, Opened)
    landed = land_file(opened, Matched({}, {2: "pupil not on roll"}), SENDER, "r1")
    assert landed.records["results"]["reason"] == ["pupil not on roll"]
