"""A drafted format: it recognises the export it was made from, says what to confirm, and holds no pupil's value."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest import BUILT_IN, FormatFile, load_formats
from ingest.draft import Draft, DraftError, draft_format
from ingest.draft.headings import find_pattern
from ingest.draft.wording import CONFIRM
from ingest.home.strict import read_yaml
from ingest.readers import read_sheets
from ingest.recognise import read_header

FORMATS = load_formats([BUILT_IN])
YEAR = "2025/26"


def load(draft: Draft, folder: Path) -> FormatFile:
    path = folder / f"{draft.name}.yml"
    path.write_text(draft.text, encoding="utf-8")
    return read_yaml(path, FormatFile)


def fits_sheet(form: FormatFile, file: Path) -> bool:
    """Whether a (drafted) format recognises some sheet of the file."""
    return any(
        (header := read_header(sheet, form, row)) is not None and header.fits
        for sheet in read_sheets(file)
        for row in range(min(len(sheet.rows), 40))
    )


def draft_text(text: str, folder: Path, *, ending: str = "csv", **more: object) -> tuple[Draft, FormatFile, Path]:
    file = folder / f"export.{ending}"
    file.write_text(text, encoding="utf-8")
    draft = draft_format(file, FORMATS.values(), "my_export", year=YEAR, **more)  # type: ignore[arg-type]
    return draft, load(draft, folder), file


WIDE = """Progress report
Printed on 03/02/2026

UPN,Learner,Tutor,Reading Main Autumn 2,Maths Main Autumn 2,Reading Main Spring 1
A191200121001,"Klemlogazzle, Drundolo",4K,EXS,WTS,GDS
P191200121002,"Frimzékwist, Zélgëm",4K,GDS,EXS,EXS
D191200121003,"Jostökwist, Pluztolo",4K,WTS,WTS,
Page 1 of 2,,,,,
"""


def test_a_wide_export_gives_the_pattern_behind_its_headings(tmp_path: Path) -> None:
    draft, form, file = draft_text(WIDE, tmp_path)
    assert fits_sheet(form, file)
    (rule,) = form.records
    assert (rule.kind, rule.each_column) == ("results", "{subject} Main {term}")
    assert rule.set["result_type"] == "teacher_judgement"
    assert rule.set["academic_year"] == YEAR
    assert form.columns["Learner"] == "full_name"
    assert form.leave_out == ["Tutor"]
    assert [pattern.match("Page 2 of 7") is not None for pattern in form.footer_patterns] == [True]
    assert any("2025/26 is written for now" in note for note in draft.confirm)
    assert any("“UPN” is upn" in note for note in draft.sure)


def test_nothing_a_pupil_is_known_by_stands_in_a_draft(tmp_path: Path) -> None:
    draft, _, _ = draft_text(WIDE, tmp_path)
    said = " ".join([draft.text, *draft.sure, *draft.confirm])
    for secret in ("A191200121001", "191200121002", "Klemlogazzle", "Drundolo", "Zélgëm"):
        assert secret not in said


def test_rows_of_pupils_without_results_are_no_footers_and_names_in_titles_stay_unsaid(tmp_path: Path) -> None:
    text = (
        "Report for Drundolo Klemlogazzle 2025/26,,,,\n"
        "Adno,Students,Reading test Autumn,Maths test Autumn,Writing test Autumn\n"
        "001,Klemlogazzle Drundolo,12,14,11\n"
        "002,Frimzékwist Zélgëm,9,8,7\n"
        ",Dunlin Daïgo,,,\n"
        "003,Jostökwist Pluztolo,,3,\n"
        "Total: 4,,,,\n"
    )
    draft, form, _ = draft_text(text, tmp_path)
    assert form.footers == ["Total: {number_a}"]
    assert form.title_rows == ["Report for {words_a} {academic_year}"]
    for secret in ("Dunlin", "Daïgo", "Jostökwist", "Klemlogazzle", "Drundolo"):
        assert secret not in draft.text + " ".join(draft.confirm + draft.sure)


def test_a_list_of_pupils_is_known_under_other_headings(tmp_path: Path) -> None:
    text = (
        "Unique no.,Adm No,Legal surname,Legal forename,DOB,Gender,Year taught in\n"
        "A191200121001,001001,Klemlogazzle,Drundolo,28/02/2017,Boy,4\n"
        "P191200121002,001002,Frimzékwist,Zélgëm,14/05/2017,Girl,4\n"
        "D191200121003,001003,Jostökwist,Pluztolo,05/07/2017,Pupil,4\n"
    )
    draft, form, file = draft_text(text, tmp_path)
    assert fits_sheet(form, file)
    assert form.columns["Unique no."] == "upn", "by its cells"
    assert form.columns["Legal surname"] == "surname"
    assert [rule.kind for rule in form.records] == ["pupils"]
    assert form.values["sex"] == {"Boy": "M", "Girl": "F"}
    assert any("a cell of 5 signs under “Gender”" in note for note in draft.confirm), "it could be a name"
    assert form.dates == "day_month_year"
    assert not any("dates are read" in note for note in draft.confirm), "28/02 can only be day first"


def test_headings_nobody_wrote_before_are_told_by_their_cells(tmp_path: Path) -> None:
    text = (
        "Child,Pupil ref (UPN),D.O.B.,Yr,Rdg Aut,Mth Aut,Quiz\n"
        "Drundolo Klemlogazzle,A191200121001,28/02/2017,Y4,EXS,GDS,12\n"
        "Zélgëm Frimzékwist,P191200121002,14/05/2017,Y4,WTS,EXS,9\n"
    )
    draft, form, file = draft_text(text, tmp_path)
    assert fits_sheet(form, file)
    assert list(form.columns.values()) == ["full_name", "upn", "date_of_birth", "year_group"]
    assert [rule.kind for rule in form.records] == ["results", "results"], "no roll is drafted over marks"
    long = "UPN,Yr Grp,Subject Area,Assessed In,Grade Awarded\nA191200121001,Year 3,Reading,Autumn,EXS\n"
    draft, form, _ = draft_text(long + "P191200121002,Year 3,Mathematics,Autumn,WTS\n", tmp_path)
    assert list(form.columns.values()) == ["upn", "year_group", "subject", "window_label", "value"]
    assert len(draft.confirm) >= 4, "by the cells alone it is a guess"


def test_a_doubtful_order_of_dates_is_to_be_confirmed(tmp_path: Path) -> None:
    text = "UPN,Date of birth,Year group\nA191200121001,03/02/2017,4\nP191200121002,05/04/2017,4\n"
    draft, _, _ = draft_text(text, tmp_path)
    assert any("every date here fits other orders too" in note for note in draft.confirm)


def test_marks_by_date_and_by_week_are_seen(tmp_path: Path) -> None:
    by_date = "Adno,Pupil,08/09/2025 AM,08/09/2025 PM,09/09/2025 AM\n1,A B,/,\\,I\n2,C D,/,\\,/\n"
    _, form, file = draft_text(by_date, tmp_path)
    assert fits_sheet(form, file)
    assert [(rule.kind, rule.each_column) for rule in form.records] == [("attendance", "{day} {session}")]


def test_the_trusts_own_subjects_are_looked_for(tmp_path: Path) -> None:
    text = "UPN,Oracy score,Philosophy score\nA191200121001,12,14\nP191200121002,9,11\n"
    draft, form, _ = draft_text(text, tmp_path)
    assert [rule.each_column for rule in form.records] == ["Oracy score", "Philosophy score"]
    assert {rule.set["subject"] for rule in form.records} == {CONFIRM}
    assert any("“Oracy score” looks like results: write its subject" in note for note in draft.confirm)
    _, form, _ = draft_text(text, tmp_path, subjects=["Oracy", "Philosophy"])
    assert form.records[0].each_column == "{subject} score"
    assert form.records[0].set["result_type"] == "test"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "empty"),
        ("just a line of words\nand another\n", "headings"),
        ("Shade,Tally\nred,1\nblue,2\n", "headings Plumbline knows"),
        ("Year group,Subject,Reading test Autumn\n4,x,1\n4,y,2\n", "who the pupil is"),
        ("UPN,Club\nA191200121001,Choir\nP191200121002,Choir\n", "keeps records of"),
    ],
)
def test_a_file_that_gives_no_format_is_told_why(text: str, why: str, tmp_path: Path) -> None:
    with pytest.raises(DraftError, match=why):
        draft_text(text, tmp_path)


@pytest.mark.parametrize(
    ("heading", "pattern"),
    [
        ("Summative Assessment$Spring End of Term$3$Mathematics", "Summative Assessment$Spring"),
        ("Reading Main Assessment Autumn 2 2024-2025", "{subject} Main Assessment {term} {academic_year}"),
        ("Y3 Reading TA Autumn 2", "{year_group} {subject} TA {term}"),
        ("Mon 08/09/2025 AM", "Mon {day} {session}"),
        ("Postcode", None),
    ],
)
def test_what_varies_in_a_heading(heading: str, pattern: str | None) -> None:
    found = find_pattern(heading)
    assert found == pattern if pattern is None or "{" in pattern else (found or "").endswith("{subject}")


def try_drafting(sample: Path) -> Draft | str:
    """Return the draft, or why there is none."""
    try:
        return draft_format(sample, FORMATS.values(), "my_export", year=YEAR)
    except DraftError as error:
        return str(error)


def test_nearly_every_sample_can_be_drafted_and_the_others_say_why_not(tmp_path: Path) -> None:
    samples = sorted((Path(__file__).parent.parent / "samples").iterdir())
    drafts = {sample: try_drafting(sample) for sample in samples}
    for sample, draft in drafts.items():
        if isinstance(draft, str):
            assert "docs/" in draft or "headings" in draft, sample.name
        else:
            assert fits_sheet(load(draft, tmp_path), sample), sample.name
    assert sum(isinstance(draft, Draft) for draft in drafts.values()) >= 0.9 * len(samples)
