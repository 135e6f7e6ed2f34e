"""`plumbline map`: what waits, a sheet filled in and read back, and a dry run that foretells the next release.

One small home of two schools with codes that no scale has: refreshed once, tried, approved and refreshed again.
"""

from __future__ import annotations

import csv
import datetime as dt
import shutil
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pytest
from command_runs import ROOT, Said, read_rows, read_tree, run_here, run_plumbline, write_rows
from python_calamine import CalamineWorkbook

import orchestration.trial
from ingest.home.mapping_sheet import COLUMNS
from ingest.upn import find_check_letter
from orchestration.trial import COMPARED, GRAIN, MOVED, SAID, Trial, read_published

ASH, BIRCH = "999901", "999902"
AS_OF = "2025-12-19"
# What each pupil's teacher wrote, in English; the schools share SEC and DEV, and each has a pupil nobody else is like.
ENGLISH = {
    ASH: ["WTS", "EXS", "EXS", "GDS", "SEC", "SEC", "SEC", "DEV", "DEV", "Away, see me again"],
    BIRCH: ["WTS", "WTS", "EXS", "EXS", "SEC", "SEC", "DEV", "DEV", "+", "+"],
}
REMARK = ENGLISH[ASH][-1]
EVERYWHERE = {"for_all_schools": "yes", "subject": "", "year_group": "", "authored_by": "Data team"}
MEANINGS = {"SEC": {"band": "EXS", **EVERYWHERE}, "DEV": {"band": "WTS", "meaning": "Developing", **EVERYWHERE}}
SCALE = "source,framework,version,school,code,band,meaning,comparability_class,rationale,approved_by,valid_from"
SCALE_ROWS = [
    "markbook_judgements,Teacher Assessment,1,,SEC,EXS,,D,Agreed,Director,2024-09-01",
    "markbook_judgements,Teacher Assessment,1,,DEV,WTS,Developing,D,Agreed,Director,2024-09-01",
]

# Two refreshes and five dry runs: `make soak` runs them.
pytestmark = pytest.mark.soak


@dataclass
class Story:
    """The home at the end, and all that was said and published on the way."""

    home: Path
    sheet: list[dict[str, str]]
    said: dict[str, Said]
    changed_by_trial: list[str]
    left_behind: list[str]
    foretold: list[list[dict[str, str]]]
    written: str
    published: list[pd.DataFrame]


def send(home: Path, urn: str, codes: list[str]) -> None:
    folder = home / "inbox" / urn
    folder.mkdir(parents=True)
    pupils, judged = [], []
    for number, code in enumerate(codes, 1):
        digits = f"{int(urn) % 10}01200{number:05d}1"
        upn = find_check_letter(digits) + digits
        born, sex = f"0{1 + number % 9}/03/2017", "Male" if number % 2 else "Female"
        pupils.append([upn, f"{number:04d}", f"Zwelk{urn}", f"Frim{number}", born, sex, "4", "2025/26", "07/09/2022"])
        judged.append([upn, "2025/26", "4", "English", "Autumn", code, "26/11/2025"])
        judged.append([upn, "2025/26", "4", "Maths", "Autumn", "EXS" if number % 2 else "WTS", "26/11/2025"])
    heading = "UPN,Admission number,Surname,Forename,Date of birth,Sex,Year group,Academic year,Start date"
    write_rows(folder / "pupils.csv", [heading.split(","), *pupils])
    heading = "UPN,Academic year,Year group,Subject,Term,Judgement,Judged on"
    write_rows(folder / "markbook.csv", [heading.split(","), *judged])


def fill(path: Path, filled: Path, meanings: dict[str, dict[str, str]]) -> None:
    rows = read_rows(path)
    for row in rows[1:]:
        for column, cell in meanings.get(row[COLUMNS.index("code")], {}).items():
            row[COLUMNS.index(column)] = cell
    write_rows(filled, rows)


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Story:
    place = tmp_path_factory.mktemp("mapping")
    home, filled, aside = place / "home", place / "filled.csv", place / "aside"
    shutil.copytree(ROOT / "tests" / "homes" / "tiny", home)
    said = {"nothing": run_here("map", "list", "--home", home)}
    for urn, codes in ENGLISH.items():
        send(home, urn, codes)
    done = run_here("refresh", "--home", home, "--as-of", AS_OF)
    assert done.code == 0, done.err
    published = [read_published(home, "published_kpi_values")]
    said["list"] = run_here("map", "list", "--home", home)
    said["list of a school"] = run_here("map", "list", "--home", home, "--school", ASH)
    said["sheet"] = run_here("map", "sheet", place / "codes.csv", "--home", home)
    fill(place / "codes.csv", filled, MEANINGS)
    said["unapproved"] = run_here("map", "read", filled, "--home", home, "--write")
    aside.mkdir()
    write_rows(aside / "agreed.csv", [SCALE.split(","), *(row.split(",") for row in SCALE_ROWS)])

    before = read_tree(home)
    # In a process of its own: this one still holds what the refresh opened, and lets it go when dbt is next called.
    words = ("map", "try", "--scales", aside, "--home", home, "--changes", place / "tried.csv")
    said["try"] = run_plumbline(*words, env={"TMPDIR": str(place)})
    left_behind = [path.name for path in place.glob("plumbline-trial*")]
    after = read_tree(home)
    # Dagster tidies its own folder up when it is let go, which may be now; and dbt folds its log into the warehouse.
    changed = [
        name for name in before.keys() | after.keys()
        if before.get(name) != after.get(name) and not name.startswith(("dagster/", "lake/warehouse.duckdb"))
    ]  # fmt: skip
    approval = ("--approved-by", "Director of Education", "--rationale", "Agreed in moderation", "--write")
    said["read"] = run_here("map", "read", filled, "--home", home, *approval, "--changes", place / "read.csv")
    written = (home / "scales" / "mapped_by_sheet.csv").read_text("utf-8")
    done = run_here("refresh", "--home", home, "--as-of", AS_OF)
    assert done.code == 0, done.err
    published.append(read_published(home, "published_kpi_values"))
    said["again"] = run_here("map", "read", filled, "--home", home, *approval)
    foretold = []
    for name in ("tried.csv", "read.csv"):
        with (place / name).open(encoding="utf-8-sig", newline="") as file:
            foretold.append(list(csv.DictReader(file)))
    sheet = [dict(zip(COLUMNS, row, strict=True)) for row in read_rows(place / "codes.csv")[1:]]
    return Story(home, sheet, said, changed, left_behind, foretold, written, published)


def index(published: pd.DataFrame) -> dict[tuple[str, ...], dict[str, object]]:
    """Published rows by key, empty as None."""
    rows = published.astype(object).where(published.notna(), None).to_dict("records")
    return {tuple(str(row[name]) for name in GRAIN): row for row in rows}


def test_what_waits_is_listed_by_records_and_what_stays_at_a_school_is_not_shown(story: Story) -> None:
    assert (story.said["nothing"].code, story.said["nothing"].out) == (
        0,
        "Nothing was published yet; run plumbline refresh first.\n",
    )
    assert story.said["list"].code == 0
    assert story.said["list"].out.splitlines()[:3] == [
        "SEC  markbook_judgements  Teacher Assessment  2 schools  5 records  held back from 5 KPIs",
        "DEV  markbook_judgements  Teacher Assessment  2 schools  4 records  held back from 5 KPIs",
        "(kept at the school)  markbook_judgements  Teacher Assessment  2 schools  3 records  held back from 5 KPIs",
    ]
    assert REMARK in story.said["list of a school"].out
    assert "2 schools" not in story.said["list of a school"].out


def test_the_sheet_has_a_row_a_school_and_code_with_nothing_decided(story: Story) -> None:
    told = [(row["school"], row["subject"], row["year_group"], row["code"], row["records"]) for row in story.sheet]
    assert told == [
        (ASH, "English", "4", "SEC", "3"), (BIRCH, "English", "4", "SEC", "2"),
        (ASH, "English", "4", "DEV", "2"), (BIRCH, "English", "4", "DEV", "2"),
    ]  # fmt: skip
    for row in story.sheet:
        assert not any(row[column] for column in COLUMNS[COLUMNS.index("band") : COLUMNS.index("valid_from")])
        assert row["valid_from"] == "2024-09-01"
    assert "Not in it, as they stay at the school: 2 rows of 999901, 999902." in story.said["sheet"].out


def test_no_line_holds_a_remark_or_a_pupil(story: Story) -> None:
    for name, said in story.said.items():
        if name != "list of a school":
            assert REMARK not in said.out + said.err, name
        assert "Zwelk" not in said.out + said.err
        assert "01200000" not in said.out + said.err


def test_a_trial_changes_nothing_and_leaves_nothing_behind(story: Story) -> None:
    assert story.said["try"].code == 0, story.said["try"].err
    assert story.changed_by_trial == []
    assert story.left_behind == []


def test_nobody_s_approval_writes_nothing(story: Story) -> None:
    said = story.said["unapproved"]
    assert said.code == 1
    assert "Approved by nobody, so left out: 2 rows." in said.out
    assert "Nothing was written: no new row is approved." in said.err


def test_what_was_foretold_is_what_the_release_after_approving_has_to_the_last_digit(story: Story) -> None:
    old, new = (index(published) for published in story.published)
    differing = {
        key
        for key in old.keys() | new.keys()
        if key not in old or key not in new or any(old[key][name] != new[key][name] for name in (*SAID, *COMPARED))
    }
    assert len(differing) > 100
    for foretold in story.foretold:
        told = {tuple(row[name] for name in GRAIN): row for row in foretold}
        assert told.keys() == differing
        for key, row in told.items():
            for side, published in (("before", old), ("after", new)):
                for name in (*SAID, *COMPARED):
                    value, shown = published.get(key, {}).get(name), row[f"{name}_{side}"]
                    if value is None or isinstance(value, str):
                        assert shown == (value or ""), (key, name)
                    else:
                        assert float(shown) == value, (key, name)


def test_a_number_moves_by_as_much_as_two_more_codes_are_worth(story: Story) -> None:
    # Ash: EXS, EXS, GDS of four; with three SEC (expected) and two DEV (towards) six of nine.
    row = next(
        row
        for row in story.foretold[0]
        if (row["audience"], row["unit_code"], row["kpi"], row["year_group"], row["breakdown_topic"])
        == ("central", ASH, "at_or_above_expected", "Year 4", "Total")
    )
    assert (row["change"], row["value_before"], row["pupil_count_before"]) == (MOVED, "75.0", "4")
    assert (float(row["value_after"]), row["pupil_count_after"]) == (pytest.approx(200 / 3), "9")
    line = "Ash Primary School, At or above expected, Autumn 2025/26, Year 4, English, Teacher Assessment"
    everything = "\n".join(orchestration_lines(story))
    assert f"{line}: 75.0 to 66.7; pupils 4 to 9" in everything


def orchestration_lines(story: Story) -> list[str]:
    """Every line `--all` prints, from the two releases."""
    from orchestration.trial import compare
    from orchestration.trial_words import describe_trial

    kpis = read_published(story.home, "published_kpis")
    decimals = {(row.kpi, int(row.version)): int(row.dp) for row in kpis.itertuples()}
    titles = {(row.kpi, int(row.version)): row.title for row in kpis.itertuples()}
    changes = list(compare(*story.published))
    return list(describe_trial(Trial(dt.date(2025, 12, 19), changes, decimals, titles, False), all_lines=True))


def test_approved_rows_are_written_once(story: Story) -> None:
    assert story.said["read"].code == 0, story.said["read"].err
    rows = list(csv.DictReader(story.written.splitlines()))
    assert [(row["code"], row["band"], row["school"], row["subject"]) for row in rows] == [
        ("DEV", "WTS", "", ""), ("SEC", "EXS", "", ""),
    ]  # fmt: skip
    for row in rows:
        assert (row["approved_by"], row["rationale"]) == ("Director of Education", "Agreed in moderation")
        assert (row["authored_by"], row["comparability_class"]) == ("Data team", "D")
        assert row["approved_on"]
    assert "Next: plumbline refresh" in story.said["read"].out
    assert "In scales/mapped_by_sheet.csv already: 2 rows." in story.said["again"].out
    assert (story.home / "scales" / "mapped_by_sheet.csv").read_text("utf-8") == story.written


def test_a_mistake_in_scales_tried_is_told_by_file_and_row(story: Story, tmp_path: Path) -> None:
    write_rows(tmp_path / "new.csv", [SCALE.split(","), SCALE_ROWS[0].replace(",EXS,", ",EXP,").split(",")])
    said = run_here("map", "try", "--scales", tmp_path / "new.csv", "--home", story.home)
    assert said.code == 2
    assert 'scales/new.csv row 2: "band" is "EXP"; expected NA, BLW, WTS, EXS or GDS. Did you mean "EXS"?' in said.err
    # What is in force already may not be said a second time.
    write_rows(tmp_path / "new.csv", [SCALE.split(","), SCALE_ROWS[0].split(",")])
    said = run_here("map", "try", "--scales", tmp_path / "new.csv", "--home", story.home)
    assert said.code == 2
    assert "stands here a second time" in said.err


def test_one_school_s_rows_are_proposed_for_others_and_approved_anew(
    story: Story, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    shutil.copytree(story.home, home, ignore=shutil.ignore_patterns("dagster", "releases", "warehouse*", "dbt"))
    own = f"markbook_judgements,Teacher Assessment,1,{ASH},SEC,GDS,,D,Their own,Head,2024-09-01"
    write_rows(home / "scales" / "ash.csv", [SCALE.split(","), own.split(",")])
    seen: list[dict[str, bytes]] = []

    def note(path: Path, added: dict[str, bytes]) -> Trial:
        seen.append(added)
        return Trial(dt.date(2025, 12, 19), [], {}, {}, False)

    monkeypatch.setattr(orchestration.trial, "try_configuration", note)
    words = ("map", "copy", "--home", home, "--from", ASH, "--to", BIRCH)
    said = run_here(*words)
    assert said.code == 0, said.err
    assert "Nothing was written." in said.out
    assert f",{BIRCH},,,,D,Their own (as at {ASH})" in seen[0]["scales/mapped_by_sheet.csv"].decode()
    assert (home / "scales" / "mapped_by_sheet.csv").read_text("utf-8") == story.written
    refused = run_here(*words, "--write")
    assert refused.code == 1, "the approval of one school's rows is not that of another's"
    approved = run_here(*words, "--approved-by", "Director", "--write")
    assert approved.code == 0, approved.err
    rows = list(csv.DictReader((home / "scales" / "mapped_by_sheet.csv").read_text("utf-8").splitlines()))
    assert [(row["school"], row["code"], row["approved_by"]) for row in rows] == [
        ("", "DEV", "Director of Education"), ("", "SEC", "Director of Education"), (BIRCH, "SEC", "Director"),
    ]  # fmt: skip
    unknown = run_here("map", "copy", "--home", home, "--from", "999999", "--to", BIRCH)
    assert (unknown.code, unknown.err) == (2, "No school in the register has the URN 999999.\n")


def test_a_school_s_own_sheet_has_what_stays_there_and_is_never_written_over(story: Story, tmp_path: Path) -> None:
    file = tmp_path / "codes.xlsx"
    assert run_here("map", "sheet", file, "--home", story.home, "--school", ASH).code == 0
    content = file.read_bytes()
    rows = CalamineWorkbook.from_path(str(file)).get_sheet_by_index(0).to_python()[1:]
    # What was given a meaning meanwhile waits no more.
    assert [(row[COLUMNS.index("school")], row[COLUMNS.index("code")]) for row in rows] == [(ASH, REMARK)]
    said = run_here("map", "sheet", file, "--home", story.home)
    assert said.code == 2
    assert "is there already" in said.err
    assert file.read_bytes() == content
