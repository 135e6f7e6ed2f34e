"""Whatever is written through a format file is read back as the same records, for every format there is."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from export_cases import (
    SAID,
    URN,
    at_school,
    draw_entries,
    draw_style,
    expect_records,
    list_endings,
    list_formats,
    make_pupil,
    names_schools,
)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from reading_homes import Homes

from ingest import SchoolTables, try_file
from ingest.contract import RECORD_KINDS
from ingest.home import read_secret
from ingest.invent import Entry, NotWritable, Style, write_export

FORMATS = list_formats()


@pytest.mark.parametrize("name", FORMATS)
@settings(
    max_examples=10, deadline=None, derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
@given(data=st.data())
def test_written_records_are_read_back(name: str, data: st.DataObject, homes: Homes, tmp_path: Path) -> None:
    form = FORMATS[name]
    home = homes.empty if form.makes_roll else homes.with_roll
    entries = data.draw(draw_entries(form))
    ending = data.draw(st.sampled_from(list_endings(form)))
    file = tmp_path / f"export.{ending}"
    write_export(form, entries, file, data.draw(draw_style(form, ending)))

    tables = try_file(home, FORMATS, read_secret(home), file, URN, dt.date(2025, 12, 19))

    receipts = tables.findings["receipts"]
    assert list(zip(receipts["format"], receipts["outcome"], receipts["reason"], strict=True)) == [
        (name, "accepted", None)
    ]
    assert list_records(tables) == expect_records(form, entries)
    assert set(tables.findings["record_counts"]["bucket"]) <= {"accepted", "duplicate"}
    fixes = tables.findings["fix_list"]
    assert not len(fixes) or set(fixes["code"]) == {"row repeated"}  # a pupil may need several rows


@pytest.mark.parametrize("name", [name for name, form in FORMATS.items() if names_schools(form)])
@settings(
    max_examples=5, deadline=None, derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
@given(data=st.data())
def test_each_school_is_given_its_own_part(name: str, data: st.DataObject, homes: Homes, tmp_path: Path) -> None:
    form = FORMATS[name]
    entries = [at_school(entry) for entry in data.draw(draw_entries(form))]
    file = tmp_path / "export.csv"
    write_export(form, entries, file, data.draw(draw_style(form, "csv")))

    for urn in {entry.pupil["school_urn"] for entry in entries}:
        tables = try_file(homes.empty, FORMATS, read_secret(homes.empty), file, urn, dt.date(2025, 12, 19))
        assert list(tables.findings["receipts"]["outcome"]) == ["accepted"]
        mine = [entry for entry in entries if entry.pupil["school_urn"] == urn]
        assert list_records(tables) == expect_records(form, mine)


def list_records(tables: SchoolTables) -> dict[str, list[tuple[Any, ...]]]:
    """The live records as expect_records lists them."""
    found = {}
    for kind, records in tables.records.items():
        columns = ("pupil_key", *(column.name for column in RECORD_KINDS[kind].columns))
        rows = zip(*(records[name] for name in columns), strict=True)
        found[kind] = sorted((tuple(None if v is None or v != v else v for v in row) for row in rows), key=repr)
    return {kind: rows for kind, rows in found.items() if rows}


def test_titles_say_one_thing_only(tmp_path: Path) -> None:
    pupil = make_pupil(1)
    said = {
        "subject": "English", "assessment": "Common Test", "academic_year": "2024/25", "window_label": "Summer",
        "value": "40", "result_type": "test",
    }  # fmt: skip
    entries = [Entry("results", pupil, {**said, "year_group": year_group}) for year_group in ("3", "4")]
    with pytest.raises(NotWritable, match="the title says one year_group"):
        write_export(FORMATS["marksheet"], entries, tmp_path / "marks.csv")
    assert not (tmp_path / "marks.csv").exists()


def test_what_a_format_has_no_place_for_is_not_written(tmp_path: Path) -> None:
    entry = Entry("groups", make_pupil(1), {"group_type": "intervention", "group_set": "x", "group_name": "y"})
    with pytest.raises(NotWritable, match="no rule for a record of groups"):
        write_export(FORMATS["group_list"], [entry], tmp_path / "groups.csv")


def test_a_row_that_would_say_more_is_not_written(tmp_path: Path) -> None:
    """A class without an enrolment: the row would be read as an enrolment as well."""
    said = {"academic_year": "2024/25", "group_type": "class", "group_set": "class", "group_name": "3K"}
    with pytest.raises(NotWritable, match="would also be read as a record of pupils"):
        write_export(FORMATS["pupil_list"], [Entry("groups", make_pupil(1), said)], tmp_path / "list.csv")


def test_a_value_that_counts_as_empty_is_not_written(tmp_path: Path) -> None:
    said = {
        "subject": "English", "academic_year": "2024/25", "window_label": "Summer", "value": "-",
        "assessment": "Teacher Assessment", "result_type": "teacher_judgement",
    }  # fmt: skip
    with pytest.raises(NotWritable, match="counts as an empty cell"):
        write_export(FORMATS["markbook_judgements"], [Entry("results", make_pupil(1), said)], tmp_path / "m.csv")


def test_a_word_the_format_renames_is_not_written_as_it_is(tmp_path: Path) -> None:
    said = {
        "subject": "Maths", "academic_year": "2024/25", "window_label": "Summer", "value": "EXS",
        "assessment": "Teacher Assessment", "result_type": "teacher_judgement",
    }  # fmt: skip
    with pytest.raises(NotWritable, match="would be read as something else"):
        write_export(FORMATS["markbook_judgements"], [Entry("results", make_pupil(1), said)], tmp_path / "m.csv")


def test_a_letter_outside_the_encoding_is_named(tmp_path: Path) -> None:
    entry = Entry("pupils", make_pupil(1, "Łazik"), {"academic_year": "2024/25"})
    with pytest.raises(NotWritable, match="“Ł” does not exist in cp1252"):
        write_export(FORMATS["pupil_list"], [entry], tmp_path / "list.csv", Style(encoding="cp1252", said=SAID))


def mark(day: int, session: str, code: str = "/", **more: Any) -> Entry:
    """A mark of one pupil in the week of 8 September 2025."""
    said = {"session_date": dt.date(2025, 9, 8) + dt.timedelta(day), "session": session, "mark_code": code, **more}
    return Entry("attendance", make_pupil(1), said)


WEEK = [mark(day, session, code) for day in range(5) for session, code in (("AM", "/"), ("PM", "\\"))]


def test_a_week_with_a_hole_is_not_written(tmp_path: Path) -> None:
    """Nobody could say which session the missing mark is of."""
    with pytest.raises(NotWritable, match="there is no mark for PM of 2025-09-12"):
        write_export(FORMATS["sims_weekly_register"], WEEK[:-1], tmp_path / "week.csv")


def test_a_mark_outside_the_week_of_the_title_is_not_written(tmp_path: Path) -> None:
    style = Style(said={"week_begins": "15/09/2025"})
    with pytest.raises(NotWritable, match="has no place for AM of 2025-09-08"):
        write_export(FORMATS["sims_weekly_register"], WEEK, tmp_path / "week.csv", style)


def test_two_marks_of_one_session_are_not_written(tmp_path: Path) -> None:
    with pytest.raises(NotWritable, match="two marks for AM of 2025-09-08"):
        write_export(FORMATS["sims_weekly_register"], [*WEEK, mark(0, "AM", "I")], tmp_path / "week.csv")


def test_marks_that_would_be_cut_otherwise_are_not_written(tmp_path: Path) -> None:
    """C and 1 beside each other are one mark."""
    odd = [mark(0, "AM", "C"), mark(0, "PM", "1"), *WEEK[2:]]
    with pytest.raises(NotWritable, match="would be cut otherwise"):
        write_export(FORMATS["sims_weekly_register"], odd, tmp_path / "week.csv")


def test_the_week_stands_in_the_title_where_the_style_says_so(tmp_path: Path) -> None:
    style = Style(said={"week_begins": "08/09/2025"}, footers=False)
    write_export(FORMATS["sims_weekly_register"], WEEK, tmp_path / "week.csv", style)
    lines = (tmp_path / "week.csv").read_text("utf-8").splitlines()
    assert lines[0] == "Week beginning 08/09/2025"
    assert lines[2] == "Adno,Name,UPN,Marks"
    assert lines[3].endswith(",/\\ /\\ /\\ /\\ /\\")


def test_a_result_goes_by_the_rule_that_can_say_it(tmp_path: Path) -> None:
    """A mark stands in the column of marks, a reason for none in that of reasons."""
    said = {
        "academic_year": "2024/25", "year_group": "4", "subject": "Mathematics", "window_label": "Summer",
        "assessment": "Multiplication tables check", "result_type": "statutory",
    }  # fmt: skip
    entries = [
        Entry("results", make_pupil(1), {**said, "value": "19", "mark": "19"}),
        Entry("results", make_pupil(2), {**said, "value": "A"}),
    ]
    write_export(FORMATS["dfe_mtc"], entries, tmp_path / "mtc.csv", Style(without=["Surname", "Forename", "DOB"]))
    assert (tmp_path / "mtc.csv").read_text("utf-8").splitlines() == [
        "ACADYR,UPN,FormMark,ReasonNotTakingCheck",
        f"2024/25,{make_pupil(1)['upn']},19,",
        f"2024/25,{make_pupil(2)['upn']},,A",
    ]


def test_json_pages_have_no_room_for_a_title(tmp_path: Path) -> None:
    said = {"academic_year": "2024/25", "year_group": "3", "sex": "F"}
    entry = Entry("pupils", make_pupil(1), said)
    with pytest.raises(NotWritable, match="no title, footer"):
        write_export(FORMATS["wonde_students"], [entry], tmp_path / "page.json", Style(above=["Students"]))


@pytest.mark.parametrize(
    ("style", "said"),
    [
        (Style(extras={"Shoe size": ["31"]}), "not among the columns that pupil_list leaves out"),
        (Style(spellings={"Sex": "Geschlecht"}), "not another name of the column"),
        (Style(without=["UPN"]), "not an optional column"),
        (Style(above=["Pupil list 2024/25"]), "would be read as a title"),
    ],
)
def test_a_style_the_format_does_not_know_is_not_written(tmp_path: Path, style: Style, said: str) -> None:
    form = FORMATS["sims_pupil_list" if style.above else "pupil_list"]
    entry = Entry("pupils", make_pupil(1), {"academic_year": "2024/25", "year_group": "3", "sex": "F"})
    with pytest.raises(NotWritable, match=said):
        write_export(form, [entry], tmp_path / "list.csv", style)
