"""`plumbline format`: the formats listed, one in words, and a draft that `plumbline check` accepts."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from command_runs import ROOT, run_here

from ingest import BUILT_IN, load_formats

EXPORT = """Progress report 2025/26
Printed on 03/02/2026

UPN,Learner,Tutor,English Main Autumn 2,Mathematics Main Autumn 2
A191200121001,"Klemlogazzle, Drundolo",4K,EXS,WTS
P191200121002,"Frimzékwist, Zélgëm",4K,GDS,EXS
D191200121003,"Jostökwist, Pluztolo",4K,WTS,
Page 1 of 2,,,,
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "tests" / "homes" / "tiny", tmp_path / "home")
    (tmp_path / "home" / "inbox").mkdir()
    return tmp_path / "home"


def test_a_drafted_format_is_accepted_by_check(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "progress (spring).csv"
    file.write_text(EXPORT, encoding="utf-8")
    urn = (home / "schools.csv").read_text("utf-8").splitlines()[1].split(",")[0]
    before = run_here("check", file, "--school", urn, "--home", home)
    assert before.code == 1, "nobody has described this export yet"
    said = run_here("format", "draft", file, "--home", home)
    assert said.code == 0, said.err
    assert "To confirm in the file:" in said.out
    drafted = (home / "formats" / "progress_spring.yml").read_text("utf-8")
    assert "Klemlogazzle" not in drafted + said.out
    assert "A191200121001" not in drafted + said.out
    unsure = run_here("check", file, "--school", urn, "--home", home)
    assert unsure.code == 1, unsure.out + unsure.err
    assert "The format still holds 'To be confirmed': " in unsure.out
    path = home / "formats" / "progress_spring.yml"
    path.write_text(drafted.replace("To be confirmed", "Spring Progress"), encoding="utf-8")
    after = run_here("check", file, "--school", urn, "--home", home)
    assert after.code == 0, after.out + after.err
    assert "To be confirmed" not in after.out
    assert "5 results: assessment “Spring Progress” is not in trust.yml. Give the assessment" in after.out
    assert "5 " in after.out, "two judgements of two pupils and one of the third"
    again = run_here("format", "draft", file, "--home", home)
    assert again.code == 2, "a draft never writes over a format"
    assert "choose another name" in again.err


def test_formats_are_listed_and_shown_in_words(home: Path, tmp_path: Path) -> None:
    names = sorted(load_formats([BUILT_IN]))
    listed = run_here("format", "list", "--home", home)
    assert [line.split()[0] for line in listed.out.splitlines()] == names
    shown = run_here("format", "show", "marksheet", "--home", home)
    assert "| Adno | Admission number, Admission No, Adm No |" in shown.out
    assert "everything older of the same academic year, year group, assessment and window label" in shown.out
    missed = run_here("format", "show", "markshet", "--home", home)
    assert missed.code == 2
    assert "Did you mean marksheet?" in missed.err
    pages = tmp_path / "pages"
    assert run_here("format", "show", "--all", pages, "--home", home).code == 0
    assert sorted(path.stem for path in pages.iterdir()) == names
    for name, form in load_formats([BUILT_IN]).items():
        page = (pages / f"{name}.md").read_text("utf-8")
        assert page.startswith(f"# {form.title}\n")
        for heading in form.columns:
            assert heading.replace("|", "\\|") in page, f"{name}: {heading}"
        for rule in form.records:
            assert f"**{rule.kind.replace('_', ' ')}**" in page


def test_a_file_that_is_no_table_is_told_so(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "notes.csv"
    file.write_text("just some words\n", encoding="utf-8")
    said = run_here("format", "draft", file, "--home", home)
    assert said.code == 2
    assert "headings" in said.err
    assert "Traceback" not in said.err
