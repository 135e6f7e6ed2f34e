"""Format files: a slip in one is an error with file and line, never a column that is quietly not read."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from small_trust import FORMATS, MARKS, ROLL, make_format

from ingest import BUILT_IN, load_formats
from ingest.contract import RECORD_KINDS
from ingest.home import ConfigurationError
from ingest.pattern import Pattern
from ingest.records import OUTCOME

EXPORTS = Path(__file__).parents[2] / "docs" / "exports.md"

REGISTER = """
format: register
title: Register
title_rows: ["Week beginning {week_begins}"]
columns: {Adno: local_number, Marks: marks}
records:
  - kind: attendance
    each_mark: {cell: marks, first_day: week_begins}
    fields: {session_date: day, session: session, mark_code: mark}
replaces: {upsert: [pupil_key, session_date, session]}
"""


def test_the_formats_of_the_code_and_of_these_tests_load(tmp_path):
    for text in FORMATS.values():
        make_format(text, tmp_path)
    assert set(load_formats([tmp_path])) == set(FORMATS)
    assert load_formats([BUILT_IN])


def test_a_homes_own_format_stands_over_the_built_in_one(tmp_path):
    make_format(MARKS, tmp_path / "a")
    make_format(MARKS.replace("title: Marksheet", "title: Ours"), tmp_path / "b")
    assert load_formats([tmp_path / "a", tmp_path / "b"])["marks"].title == "Ours"


@pytest.mark.parametrize(
    ("text", "old", "new", "said"),
    [
        (MARKS, "ranges:\n  mark", "ranges:\n  marks", "Did you mean “mark”"),
        (MARKS, "mark: [0, 50]", "mark: [50, 0]", "from 50 down to 0"),
        (MARKS, "values:\n  subject", "values:\n  subjects", "Did you mean “subject”"),
        (MARKS, "fields:\n      subject: subject", "fields:\n      subject: subjct", "Did you mean “subject”"),
        (MARKS, "  Pupil: full_name", "  Pupil: local_number", "local_number"),
        (MARKS, "leave_out: [Teacher]", "leave_out: [adno]", "“adno” stands for both"),
        (MARKS, "optional: [Pupil, DOB]", "optional: [Pupils, DOB]", "“Pupils” is not among the columns"),
        (ROLL, "Adno: [Admission No]", "Adno: [Surname]", "“Surname” stands for both"),
        (ROLL, "period: [academic_year]", "period: [year]", "“year”"),
        (ROLL, "title: Roll", "titel: Roll", "titel"),
        (MARKS, "value: cell", "mark: cell", "says nothing about value"),
        (REGISTER, "kind: attendance", "kind: attendence", "Did you mean “attendance”"),
        (REGISTER, "cell: marks", "cell: mark", "each_mark speaks of “mark”.*Did you mean “marks”"),
        (REGISTER, "first_day: week_begins", "first_day: week_begin", "Did you mean “week_begins”"),
        (REGISTER, "mark_code: mark}", "mark_code: marc}", "Did you mean “mark”"),
        (REGISTER, "mark_code: mark}", "mark_code: mark, subject: mark}", "not a column of attendance"),
        (REGISTER, "first_day: week_begins}", "first_day: week_begins, days: 8}", "days"),
        (REGISTER, "    each_mark", '    each_column: "{day}"\n    each_mark', "a rule goes one way"),
        (REGISTER, "upsert: [pupil_key, session_date", "upsert: [pupil_key, date", "not a column of attendance"),
        (ROLL, "sex: sex, ", "age_at_start: sex, ", "worked out from the date of birth"),
    ],
)
def test_a_slip_is_named(tmp_path, text, old, new, said):
    assert old in text
    with pytest.raises(ConfigurationError, match=said):
        make_format(text.replace(old, new), tmp_path)


def test_a_file_has_the_name_of_its_format(tmp_path):
    (tmp_path / "other.yml").write_text(MARKS, "utf-8")
    with pytest.raises(ConfigurationError, match="other"):
        load_formats([tmp_path])


def test_a_comment_changes_no_hash_and_a_word_does(tmp_path):
    one = make_format(MARKS, tmp_path / "a").sha256
    assert make_format("# a comment\n" + MARKS, tmp_path / "b").sha256 == one
    assert make_format(MARKS.replace("[0, 50]", "[0, 60]"), tmp_path / "c").sha256 != one


@pytest.mark.parametrize("path", sorted(BUILT_IN.glob("*.yml")), ids=lambda path: path.stem)
def test_a_built_in_format_explains_itself_and_keeps_codes_as_they_are(path):
    """An opening comment introduces it; no list says what a mark of the register or a grade means."""
    assert path.read_text("utf-8").startswith("# ")
    form = load_formats([BUILT_IN])[path.stem]
    renamed = set(form.values)
    for rule in form.records:
        for column in {"mark_code", "value"} & set(rule.fields):
            assert not {column, rule.fields[column]} & renamed


def test_titles_of_the_built_in_formats_differ():
    titles = [form.title for form in load_formats([BUILT_IN]).values()]
    assert len(set(titles)) == len(titles)


def test_no_column_of_a_record_has_the_name_of_its_outcome():
    """The one would be written over the other."""
    for kind in RECORD_KINDS.values():
        assert not set(OUTCOME) & {column.name for column in kind.columns}


def test_the_recipes_name_formats_and_columns_that_are_there():
    formats = load_formats([BUILT_IN])
    rows = [line.split("|")[1:-1] for line in EXPORTS.read_text("utf-8").splitlines() if line.startswith("|")]
    title, told = "", set()
    for row in rows:
        name = re.fullmatch(r"`(\w+)`", row[1].strip())
        if name is None:
            title = title if row[1].startswith("---") else row[2]
            continue
        form = formats[name[1]]
        told.add(form.format)
        if "columns" in title:
            known = {text for heading in form.columns for text in (heading, *form.also_called.get(heading, []))}
            columns = re.split(", | or ", row[2].split(", then")[0].strip())
            assert set(columns) <= known, form.format
    assert len(told) >= 20


HEADINGS = [
    ("{day} {session}", "08/09/2025 AM", "08/09/2025 | AM"),
    ("{day} {session}", "Autumn AM", None),
    ("{subject} {month} Overall %", "Design & Technology Oct 2025 Overall %", "Design & Technology | Oct 2025"),
    ("{subject} {month} Overall %", "Reading Overall %", None),
    (
        "{subject} Main Assessment {term} {academic_year}",
        "Maths Main Assessment Autumn 2 2024-2025",
        "Maths | Autumn 2 | 2024-2025",
    ),
    (
        "{assessment}${term}${year_group}${subject}",
        "Summative Assessment$Spring End of Term$3$Mathematics",
        "Summative Assessment | Spring End of Term | 3 | Mathematics",
    ),
    ("Y{year_group} {subject} TA {term}", "Y11 Art and Design TA Autumn 2", "11 | Art and Design | Autumn 2"),
    ("Code {mark_code}", "Code C1", "C1"),
    ("Code {mark_code}", "Code of conduct", None),
]


@pytest.mark.parametrize(("pattern", "heading", "said"), HEADINGS, ids=[heading for _, heading, _ in HEADINGS])
def test_headings_of_the_systems_are_cut_where_people_would(pattern, heading, said):
    found = Pattern(pattern).match(heading)
    assert (found and " | ".join(found.values())) == said
