"""Headings: which format a file is in, which column is which, and in words what differs where none fits."""

from __future__ import annotations

import pytest
from small_trust import LONG, MARKS, ROLL, make_format

from ingest.landed import Landed
from ingest.pattern import LONGEST_HEADING, Pattern, plain_text
from ingest.readers import Sheet
from ingest.recognise import find_header, name_column, read_header
from ingest.sheet_choice import choose_sheet


@pytest.fixture
def roll(tmp_path):
    return make_format(ROLL, tmp_path)


@pytest.fixture
def marks(tmp_path):
    return make_format(MARKS, tmp_path)


def sheet(*rows: str, name: str = "") -> Sheet:
    return Sheet([row.split("|") for row in rows], "text", name)


def choose(sheets, *formats):
    return choose_sheet(sheets if isinstance(sheets, list) else [sheets], list(formats))


def test_patterns_read_places_whatever_the_space_dash_or_case():
    pattern = Pattern("Class${term} {academic_year}${year_group}")
    assert pattern.match("class$Summer 2024\u201325$3") == {
        "term": "Summer", "academic_year": "2024-25", "year_group": "3",
    }  # fmt: skip
    assert pattern.places == ("term", "academic_year", "year_group")
    assert pattern.fill({"term": "A", "academic_year": "2024/25", "year_group": "3"}) == "Class$A 2024/25$3"
    assert Pattern("{subject} test {term}").match("Maths\u00a0 test  Summer ") == {"subject": "Maths", "term": "Summer"}
    assert Pattern("{subject} test {term}").match("Maths exam Summer") is None
    assert Pattern("{a} of {a}").match("x of x") == {"a": "x"}
    assert Pattern("{a} of {a}").match("x of y") is None
    assert plain_text("\ufeffPupil\u2019s\u00a0\n name ") == "Pupil's name"


def test_a_very_long_cell_is_no_heading():
    pattern = Pattern("{a} test {b} test {c}")
    assert pattern.match("x test " * LONGEST_HEADING) is None


def test_the_header_need_not_be_row_one_and_may_go_by_other_names(roll):
    found = sheet(
        "Ash roll", "", "Class|Admission No|UPN|Surname|Forename|DOB|Sex|Year|AY|Notes", "Oak|7|||||F|4|2024/25|"
    )
    (used, header, look) = choose(found, roll)
    assert (used, header.row, header.places["Adno"], look) == (found, 2, 1, [])


def test_an_extra_column_is_named_and_not_read(marks):
    _, header, look = choose(sheet("Adno|Pupil|Maths test Summer|Comment|", "7|A|12|good|"), marks)
    assert header.fits
    assert [(fix.code, fix.field, fix.severity, fix.file_row) for fix in look] == [
        ("column not read", "Comment", "look", 1)
    ]


@pytest.mark.parametrize("heading", ["Adno|Maths test Summer|Zed Quill", "Adno|Pupil|DOB|Maths test S|9999901000077"])
def test_an_extra_heading_that_may_be_a_pupil_is_named_by_its_letter(marks, heading):
    _, _, look = choose(sheet(heading, "7|1|2|3|4"), marks)
    assert [fix.field for fix in look] == [f"column {name_column(heading.count('|'))}"]


def test_a_missing_column_is_said_with_the_nearest_heading(roll):
    landed = choose(sheet("UPN|Adno|Surnam|Forename|DOB|Sex|Year|AY|Class", "x|7|A|B|||||"), roll)
    assert isinstance(landed, Landed)
    assert "nearest to “Roll”" in landed.reason
    assert "“Surname” is missing" in landed.reason
    assert "“Surnam” is not known" in landed.reason
    missing = next(fix for fix in landed.fixes if fix.code == "column missing")
    assert (missing.field, missing.file_row) == ("Surname", 1)
    assert "“Surnam”" in missing.seen
    assert landed.rows_total == landed.rows_layout + landed.rows_with_records == 2


@pytest.mark.parametrize("again", ["Adno", "adno ", "Admission No", "Maths test Summer"])
def test_a_column_twice_is_refused_with_its_letters(marks, roll, again):
    landed = choose(sheet(f"Adno|Maths test Summer|{again}", "7|12|8"), marks)
    if again == "Admission No":  # not a name this format knows
        assert not isinstance(landed, Landed)
        return
    twice = next(fix for fix in landed.fixes if fix.code == "column twice")
    assert twice.seen.endswith("columns A and C") or twice.seen.endswith("columns B and C")
    assert "stands twice" in landed.reason


def test_an_alias_beside_its_heading_is_twice(roll):
    landed = choose(sheet("UPN|Adno|Admission No|Surname|Forename|DOB|Sex|Year|AY|Class"), roll)
    assert next(fix for fix in landed.fixes if fix.code == "column twice").field == "Adno"


def test_an_unknown_file_says_what_is_known(roll, marks):
    landed = choose(sheet("Name|Phone", "Ann|1"), roll, marks)
    assert landed.fixes[0].code == "unknown format"
    assert "Marksheet, Roll" in landed.remedy
    assert "Ann" not in landed.reason + landed.remedy


def test_cells_of_a_row_that_may_be_a_pupils_are_not_repeated(tmp_path):
    wide = make_format(MARKS.replace("{subject} test {term}", "{subject} {term}"), tmp_path)
    landed = choose(sheet("Zebedee Quill|7", "Ann Other|8"), wide)
    assert isinstance(landed, Landed)
    said = " ".join([landed.reason, landed.remedy, *(f"{f.field} {f.seen} {f.remedy}" for f in landed.fixes)])
    assert "Zebedee" not in said
    assert "Other" not in said


def test_two_formats_that_fit_alike_are_not_chosen_between(tmp_path, marks):
    twin = make_format(MARKS.replace("format: marks", "format: twin"), tmp_path)
    landed = choose(sheet("Adno|Maths test Summer", "7|12"), marks, twin)
    assert landed.fixes[0].code == "format in doubt"
    assert "“marks”" in landed.reason
    assert "“twin”" in landed.reason


def test_of_two_formats_that_fit_the_title_or_the_more_telling_one_wins(tmp_path, marks):
    titled = make_format(MARKS.replace("format: marks", "format: titled").replace('"Marks {', '"Other {'), tmp_path)
    _, header, _ = choose(sheet("Other 4 2024/25", "Adno|Maths test Summer", "7|12"), marks, titled)
    assert header.format.format == "titled"
    more = make_format(MARKS.replace("format: marks", "format: more").replace("Teacher]", "]").replace(
        "  DOB: date_of_birth", "  DOB: date_of_birth\n  Teacher: teacher"), tmp_path)  # fmt: skip
    _, header, _ = choose(sheet("Adno|Teacher|Maths test Summer", "7|T|12"), marks, more)
    assert header.format.format == "more"


def test_the_pattern_with_more_fixed_text_reads_a_column_once(tmp_path):
    second = """
  - kind: results
    each_column: "{subject} {term}"
    fields: {subject: subject, window_label: term, academic_year: academic_year, value: cell}
    set: {assessment: Other, result_type: teacher_judgement}
replaces: snapshot
"""
    form = make_format(MARKS.replace("replaces: snapshot\n", second.lstrip("\n")), tmp_path)
    header = read_header(sheet("Adno|Maths test Summer|Maths Summer", "7|1|2"), form, 0)
    assert header.wide == {0: (1,), 1: (2,)}


def test_a_column_left_out_is_never_read_by_a_pattern(tmp_path):
    form = make_format(MARKS.replace("leave_out: [Teacher]", "leave_out: [Raven test score]"), tmp_path)
    header = read_header(sheet("Adno|Maths test Summer|Raven test score", "7|1|2"), form, 0)
    assert (header.wide, header.extra) == ({0: (1,)}, ())


def test_a_pattern_that_fits_no_column_is_missing(marks):
    landed = choose(sheet("Adno|Pupil", "7|A"), marks)
    assert "“{subject} test {term}” is missing" in landed.reason


def test_two_line_headers_carry_the_upper_line_to_the_right(tmp_path):
    two = make_format(
        MARKS.replace("columns:", "header_rows: 2\ncolumns:").replace("{subject} test {term}", "{term} test {subject}"),
        tmp_path,
    )
    found = sheet(
        "Marks 4 2024/25", "Adno||Autumn test||Summer test|", "|Teacher|English|Maths|English|Maths", "7|T|1|2|3|4"
    )
    _, header, look = choose(found, two)
    assert header.row == 2
    assert header.places["Adno"] == 0
    assert [header.cells[i] for i in header.wide[0]] == [
        "Autumn test English", "Autumn test Maths", "Summer test English", "Summer test Maths",
    ]  # fmt: skip
    assert [fix.field for fix in look] == ["Adno Teacher"]  # the heading above it stretches as far as it can


def test_headings_that_are_numbers_or_dates_are_text(marks):
    _, header, look = choose(sheet("Adno|Maths test 2024|2025-07-01|7", "7|12||"), marks)
    assert len(header.wide[0]) == 1
    assert [fix.field for fix in look] == ["column C", "column D"]  # as many unknown as known: any of them may be data


def test_several_sheets_with_an_export_are_refused_and_others_are_named(marks):
    data, notes = sheet("Adno|Maths test Summer", "7|12", name="Y4"), sheet("Notes", "x", name="Notes")
    _, _, look = choose([notes, data], marks)
    assert [(fix.code, fix.field) for fix in look] == [("sheet not read", "sheet 1")]
    landed = choose([data, sheet("Adno|Maths test Summer", "8|12", name="Y5")], marks)
    assert landed.fixes[0].code == "several sheets"
    assert "“Y5”" in landed.reason
    assert landed.rows_with_records == 4


def test_the_first_of_the_headers_found_is_the_one_that_fits(roll, marks, tmp_path):
    long = make_format(LONG, tmp_path)
    headers = find_header(sheet("Adno|Pupil|Maths test Summer"), [roll, long, marks])
    assert headers[0].format.format == "marks"
    assert headers[0].fits
    assert not any(header.fits for header in headers[1:])


def test_columns_are_named_as_a_spreadsheet_does():
    assert [name_column(n) for n in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]
