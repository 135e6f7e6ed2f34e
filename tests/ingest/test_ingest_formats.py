"""Format files: a slip in one is an error with file and line, never a column that is quietly not read."""

from __future__ import annotations

import pytest
from small_trust import FORMATS, MARKS, ROLL, make_format

from ingest import BUILT_IN, load_formats
from ingest.home import ConfigurationError


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
