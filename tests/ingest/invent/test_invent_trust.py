"""A small invented trust: its home loads, it is read with no remark but for what was planted, it is always the same."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from reading_homes import Tables, read_tables

from ingest import BUILT_IN, load_formats
from ingest.home import ConfigurationError, load_home
from ingest.invent import DEMO_AS_OF, invent_trust
from ingest.invent.characters import invent_schools
from ingest.invent.people import UNUSED_LA_CODES
from ingest.invent.trust import WINDOWS, imagine_trust, make_trust_home
from ingest.readers import read_sheets

FIRST, SECOND, THIRD = "999001", "999002", "999003"


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("demo") / "home"
    assert invent_trust(home) == DEMO_AS_OF == dt.date(2025, 12, 19)
    return home


@pytest.fixture(scope="module")
def tables(demo: Path) -> Tables:
    return read_tables(demo, load_formats([BUILT_IN, load_home(demo).formats]), DEMO_AS_OF)


def hash_files(home: Path) -> dict[str, str]:
    return {
        path.relative_to(home).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted((home / "inbox").rglob("*"))
        if path.is_file() and path.name != "README.txt"
    }


def test_home_loads_without_a_warning(demo: Path) -> None:
    home = load_home(demo)
    assert home.warnings == []
    assert home.trust.demo
    assert [school.phase for school in home.schools] == ["Primary", "Primary", "Secondary"]
    assert {"judgement_coverage", "mean_mark", "attendance", "persistent_absence"} <= {kpi.kpi for kpi in home.kpis}
    assert {dates.la_code for dates in home.trust.term_dates} == {"191"}, "no other authority is on the register"
    assert home.trust.feeds == []


def test_the_windows_are_those_of_the_home(demo: Path) -> None:
    """What is sent and what the home expects can so never differ."""
    declared = {label: window for window in load_home(demo).trust.windows for label in window.labels}
    for window in WINDOWS:
        expected = declared[window.label]
        assert (window.year_groups, window.phases) == (tuple(expected.year_groups), tuple(expected.phases))
        assert expected.opens <= f"{window.day:%m-%d}" <= expected.closes
    later = {f"{window.day:%b %Y}" for window in WINDOWS if window.label in ("Autumn", "Spring", "Summer")}
    assert later <= set(declared), "months as a markbook names them"


def test_same_seed_same_bytes(demo: Path, tmp_path: Path) -> None:
    invent_trust(tmp_path / "again")
    assert hash_files(tmp_path / "again") == hash_files(demo)


def test_another_seed_other_pupils(demo: Path, tmp_path: Path) -> None:
    invent_trust(tmp_path / "other", seed=7)
    other, ours = hash_files(tmp_path / "other"), hash_files(demo)
    assert list(other) == list(ours)
    assert not set(other.values()) & set(ours.values())


def test_each_school_writes_in_its_own_way(demo: Path, tables: Tables) -> None:
    formats = {(row["urn"], row["format"]) for row in tables["receipts"]}
    assert formats == {
        (FIRST, "pupil_list"), (FIRST, "marksheet"), (FIRST, "group_list"), (FIRST, "sims_weekly_register"),
        (SECOND, "pupil_list"), (SECOND, "assessment_wide"), (SECOND, "group_list"),
        (THIRD, "pupil_list"), (THIRD, "results_rows"), (THIRD, "markbook_judgements"),
    }  # fmt: skip
    made_of = {path.parts[-2][:6]: read_sheets(path)[0].made_of for path in sorted((demo / "inbox").glob("9*/*pup*"))}
    made_of |= {path.parts[-2][:6]: read_sheets(path)[0].made_of for path in sorted((demo / "inbox").glob("9*/stu*"))}
    assert made_of[SECOND] == "Windows-1252 text with semicolons"
    assert made_of[THIRD] == "UTF-16 text with tabs"
    first = next((demo / "inbox").glob(f"{FIRST}*/Pupil list*"))
    assert first.read_bytes().startswith(b"\xef\xbb\xbfUPN,")


def test_every_file_is_accepted_but_the_one_sent_twice(tables: Tables) -> None:
    outcomes = Counter((row["urn"], row["outcome"]) for row in tables["receipts"])
    assert outcomes == {
        (FIRST, "accepted"): 30, (SECOND, "accepted"): 7, (THIRD, "accepted"): 9, (THIRD, "duplicate"): 1,
    }  # fmt: skip
    (twice,) = [row for row in tables["receipts"] if row["outcome"] == "duplicate"]
    assert twice["file_name"] == "results 2025-11 copy.txt"


def test_the_fix_list_holds_what_was_planted_and_nothing_else(tables: Tables) -> None:
    fixes = [(row["urn"], row["file_name"], row["code"], row["severity"]) for row in tables["fix_list"]]
    assert sorted(fixes) == [
        (FIRST, "2025-26/Marksheet Y2 Autumn.csv", "pupil not on roll", "fix"),
        (FIRST, "2025-26/Marksheet Y3 Autumn.csv", "value cannot be read", "fix"),
        (FIRST, "2025-26/Marksheet Y4 Autumn.csv", "value cannot be read", "fix"),
        (FIRST, "Registers/2025-26 AUT2 registers.csv", "marks cannot be read", "fix"),
        (SECOND, "pupils_2025-26.csv", "row repeated", "look"),
        (SECOND, "pupils_2025-26.csv", "row repeated", "look"),
    ]
    mistyped = [row for row in tables["fix_list"] if row["code"] == "value cannot be read"]
    assert {(row["field"], row["seen"], row["records_held"]) for row in mistyped} == {
        ("English mark (Autumn)", "4O", 1), ("English mark (Autumn)", "148", 1),
    }  # fmt: skip


def test_records_not_used_are_those_planted(tables: Tables) -> None:
    names = {row["receipt_id"]: row["file_name"] for row in tables["receipts"]}
    found = {}
    for row in tables["record_counts"]:
        if row["bucket"] != "accepted":
            file = names[row["receipt_id"]]
            key = (row["urn"], row["kind"], row["bucket"], row["reason"], file, row["related_receipt_id"])
            found[key] = row["records"]
    by_name = {name: receipt_id for receipt_id, name in names.items()}
    corrected = by_name["2024-25/Marksheet Y5 Summer v2.csv"]
    stood = [row for row in tables["results"] if row["receipt_id"] == corrected]
    twice = [row for row in tables["results"] if row["receipt_id"] == by_name["results 2025-11.txt"]]
    grown, spring = by_name["Assessment 2025-06.xlsx"], by_name["Assessment 2025-03.xlsx"]
    labels = Counter(row["window_label"] for row in tables["results"] if row["receipt_id"] == grown)
    newer, again = "a newer file replaces it", "repeats an earlier row of this file"
    first, old_list = by_name["results 2025-11.txt"], by_name["students 2024-25_again.txt"]
    roll = imagine_trust().rolls.of(THIRD, "2024/25")
    staying = [one for one in roll if one.end is None]
    assert sum(row["receipt_id"] == old_list for row in tables["pupils"]) == len(staying) < len(roll)
    assert found == {
        (FIRST, "results", "refused", "pupil not on roll", "2025-26/Marksheet Y2 Autumn.csv", None): 2,
        (FIRST, "results", "refused", "mark cannot be read", "2025-26/Marksheet Y3 Autumn.csv", None): 1,
        (FIRST, "results", "refused", "mark cannot be read", "2025-26/Marksheet Y4 Autumn.csv", None): 1,
        (FIRST, "attendance", "refused", "marks cannot be read", "Registers/2025-26 AUT2 registers.csv", None): 9,
        (FIRST, "results", "superseded", newer, "2024-25/Marksheet Y5 Summer.csv", corrected): len(stood),
        (SECOND, "results", "superseded", newer, "Assessment 2024-11.xlsx", spring): labels["Autumn"],
        (SECOND, "results", "superseded", newer, "Assessment 2025-03.xlsx", grown): labels["Autumn"] + labels["Spring"],
        (SECOND, "pupils", "duplicate", again, "pupils_2025-26.csv", None): 1,
        (SECOND, "groups", "duplicate", again, "pupils_2025-26.csv", None): 1,
        (THIRD, "results", "duplicate", "the same file again", "results 2025-11 copy.txt", first): len(twice),
        (THIRD, "pupils", "superseded", newer, "students 2024-25.txt", old_list): len(roll),
        (THIRD, "groups", "superseded", newer, "students 2024-25.txt", old_list): len(roll),
    }
    assert min(len(stood), len(twice), labels["Autumn"], labels["Spring"]) > 0


def test_rows_and_records_are_conserved(demo: Path, tables: Tables) -> None:
    folders = {folder.name[:6]: folder for folder in (demo / "inbox").iterdir() if folder.is_dir()}
    for receipt in tables["receipts"]:
        (sheet,) = read_sheets(folders[receipt["urn"]] / receipt["file_name"])
        assert receipt["rows_total"] == len(sheet.rows)
        if receipt["outcome"] == "accepted":
            parts = ("rows_layout", "rows_with_records", "rows_without_values")
            assert receipt["rows_total"] == sum(receipt[part] for part in parts)
    for kind in ("pupils", "results", "groups", "attendance"):
        accepted = sum(
            row["records"] for row in tables["record_counts"] if (row["kind"], row["bucket"]) == (kind, "accepted")
        )
        assert len(tables[kind]) == accepted > 0


def test_one_pupil_moved_from_the_first_school_to_the_second_within_a_year(tables: Tables) -> None:
    enrolled = {(row["pupil_key"], row["urn"]): row for row in tables["pupils"] if row["academic_year"] == "2024/25"}
    movers = {key for key, urn in enrolled if urn == FIRST} & {key for key, urn in enrolled if urn == SECOND}
    (mover,) = movers
    assert enrolled[mover, FIRST]["end_date"] == dt.date(2025, 2, 13)
    assert enrolled[mover, SECOND]["start_date"] == dt.date(2025, 2, 24)
    tested = {(row["urn"], row["window_label"]) for row in tables["results"] if row["pupil_key"] == mover}
    assert {(FIRST, "Autumn"), (SECOND, "Summer")} <= tested


def test_the_trust_is_believable(tables: Tables) -> None:
    latest = [row for row in tables["pupils"] if row["academic_year"] == "2025/26"]
    sizes = Counter(row["urn"] for row in latest)
    assert all(60 <= sizes[urn] <= 150 for urn in (FIRST, SECOND, THIRD)), sizes
    assert 0.4 < sum(row["sex"] == "F" for row in latest) / len(latest) < 0.6
    means = {}
    for urn in (FIRST, SECOND):
        marks = [float(row["mark"]) for row in tables["results"] if row["urn"] == urn and row["mark"] is not None]
        means[urn] = sum(marks) / len(marks)
    assert 45 < means[FIRST] < means[SECOND] < 65
    assert any(row["end_date"] for row in tables["pupils"])
    assert sum(row["rows_without_values"] for row in tables["receipts"]) > 0  # pupils who were away
    judgements = {row["value"] for row in tables["results"] if row["result_type"] == "teacher_judgement"}
    assert judgements == {"BLW", "WTS", "EXS", "GDS", "SEC"}
    assert {row["group_set"] for row in tables["groups"]} == {"class", "breakfast_club", "reading_support"}


def test_an_earlier_day_leaves_out_what_was_not_yet_sent(tmp_path: Path) -> None:
    day = dt.date(2024, 12, 20)
    assert invent_trust(tmp_path / "early", as_of=day) == day
    tables = read_tables(tmp_path / "early", load_formats([BUILT_IN]), day)
    assert {row["academic_year"] for row in tables["pupils"]} == {"2024/25"}
    assert {row["window_label"] for row in tables["results"]} == {"Autumn"}
    assert tables["attendance"] == tables["attendance_totals"] == []
    dates = [row[name] for row in tables["pupils"] for name in ("start_date", "end_date") if row[name]]
    assert max(dates) <= day


def test_the_first_schools_are_the_same_whatever_follows() -> None:
    few, more = imagine_trust(schools=3), imagine_trust(schools=4)
    assert [school.name for school in more.schools[:3]] == [school.name for school in few.schools]
    assert [school.name for school in few.schools] == [
        "Ashquell Primary School", "Brackmoor Junior School", "Cranholt Academy"
    ]  # fmt: skip


def test_sixty_schools_have_each_their_own_name_and_numbers() -> None:
    schools = invent_schools(60, UNUSED_LA_CODES)
    assert len({school.name for school in schools}) == 60
    assert len({(school.la_code, school.establishment) for school in schools}) == 60
    assert len({school.urn for school in schools} | {school.next_urn for school in schools}) == 62  # one has a new one
    assert {school.character.house_style for school in schools[12:]} == {"marksheets", "workbook", "lists"}


def test_a_school_after_the_twelfth_sends_as_the_first_ones(tmp_path: Path) -> None:
    facts = imagine_trust(schools=13, as_of=dt.date(2024, 12, 20))
    facts = replace(facts, schools=facts.schools[12:])
    sent = make_trust_home(tmp_path / "many", facts)
    assert {path.relative_to(tmp_path).parts[2] for path in sent} == {"999013 Lorrimoor Primary School"}
    assert set(sent.values()) == {"pupil_list", "marksheet", "group_list"}
    assert load_home(tmp_path / "many").warnings == []


def test_a_folder_that_holds_something_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine", "utf-8")
    with pytest.raises(ConfigurationError, match="there is something here already"):
        invent_trust(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_a_day_before_the_first_window_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="choose a later day"):
        invent_trust(tmp_path / "none", as_of=dt.date(2024, 9, 1))
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize("schools", [0, 61])
def test_a_number_of_schools_that_cannot_be_invented_is_refused(tmp_path: Path, schools: int) -> None:
    with pytest.raises(ValueError, match="1 to 60 schools"):
        invent_trust(tmp_path / "none", schools=schools)
    assert not (tmp_path / "none").exists()
