"""Whatever is written through a format file is read back as the same records, for every format there is."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from export_cases import SAID, URN, draw_entries, draw_style, expect_records, list_formats, make_pupil
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
    max_examples=25, deadline=None, derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
@given(data=st.data())
def test_written_records_are_read_back(name: str, data: st.DataObject, homes: Homes, tmp_path: Path) -> None:
    form = FORMATS[name]
    home = homes.empty if form.makes_roll else homes.with_roll
    entries = data.draw(draw_entries(form))
    file = tmp_path / f"export.{data.draw(st.sampled_from(['csv', 'xlsx']))}"
    write_export(form, entries, file, data.draw(draw_style(form)))

    tables = try_file(home, FORMATS, read_secret(home), file, URN, dt.date(2025, 12, 19))

    receipts = tables.findings["receipts"]
    assert list(zip(receipts["format"], receipts["outcome"], receipts["reason"], strict=True)) == [
        (name, "accepted", None)
    ]
    assert list_records(tables) == expect_records(form, entries)
    assert set(tables.findings["record_counts"]["bucket"]) <= {"accepted", "duplicate"}
    fixes = tables.findings["fix_list"]
    assert not len(fixes) or set(fixes["code"]) == {"row repeated"}  # a pupil may need several rows


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
