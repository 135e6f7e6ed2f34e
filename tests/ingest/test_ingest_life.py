"""Life happens: what a data manager meets through a year, and that each does what one would expect, with a message."""

from __future__ import annotations

import datetime as dt
import logging
import os
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from small_trust import (
    ASH,
    BIRCH,
    CEDAR,
    DAY,
    FORMATS,
    ROLL,
    ROLL_HEADING,
    Trust,
    check_conservation,
    make_upn,
    marks_text,
    roll_row,
    roll_text,
)

from ingest import BUILT_IN, settle, write_candidates
from quality import Thresholds, check_candidates, verdict

NEXT = DAY + dt.timedelta(days=1)
SYSTEMS = ("sims_marksheet", "sims_weekly_register", "arbor_session_attendance")


@pytest.fixture
def systems(tmp_path: Path) -> Trust:
    """The small trust with the formats of two systems beside its own."""
    return Trust(tmp_path, FORMATS | {name: (BUILT_IN / f"{name}.yml").read_text("utf-8") for name in SYSTEMS})


def only(rows):
    (row,) = rows
    return row


def links_of(trust: Trust, urn: str) -> list[tuple[str, str]]:
    return [(row["former_key"], row["pupil_key"]) for row in trust.lake("findings/pupil_links", urn)]


# ---- files that are not there yet ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "trouble"),
    [
        ("roll 2.csv.part", "not yet copied whole"),
        ("roll 2.xlsx.crdownload", "not yet copied whole"),
        (".roll 2.csv.icloud", "still in the cloud"),
    ],
)
def test_a_file_that_is_not_whole_or_in_the_cloud_waits_and_what_was_accepted_stays(trust, name, trouble):
    trust.put(ASH, "roll.csv", roll_text(range(3)))
    trust.run()
    path = trust.put(ASH, name, roll_text(range(5)))
    trust.run(NEXT)
    receipt = trust.receipts()[-1]
    assert (receipt["outcome"], receipt["file_name"]) == ("skipped", name)
    assert trouble in receipt["reason"]
    assert "looked at again on the next run" in receipt["remedy"]
    assert len(trust.lake("records/pupils", ASH)) == 3
    path.rename(path.with_name("roll 2.csv"))
    trust.run(NEXT)
    assert trust.outcomes() == ["accepted", "accepted"]
    assert len(trust.lake("records/pupils", ASH)) == 5
    check_conservation(trust)


def test_a_file_another_program_holds_open_waits_and_the_other_files_go_on(trust, monkeypatch):
    """As on Windows: the folder shows the file, and opening it is not allowed. Links and modes would not stop root."""
    trust.put(ASH, "roll.csv", roll_text(range(3)))
    locked = trust.put(ASH, "marks.csv", marks_text(range(3)))
    trust.put(BIRCH, "roll.csv", roll_text(range(50, 53)))
    real = Path.open

    def refuse(path: Path, *arguments, **options):
        if path == locked:
            raise PermissionError(13, "in use")
        return real(path, *arguments, **options)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "open", refuse)
        trust.run()
    receipt = only(row for row in trust.receipts() if row["file_name"] == "marks.csv")
    assert receipt["outcome"] == "skipped"
    assert receipt["reason"] == "The file is open in another program or not allowed to be read."
    assert receipt["remedy"].startswith("Close the file")
    assert len(trust.lake("records/pupils")) == 6
    assert trust.lake("records/results", ASH) == []
    trust.run(NEXT)
    assert sorted(trust.outcomes()) == ["accepted", "accepted"]
    assert len(trust.lake("records/results", ASH)) == 3


def test_a_file_that_grows_while_it_is_read_waits(trust, monkeypatch):
    path = trust.put(ASH, "roll.csv", roll_text(range(3)))
    asked = iter(range(100))
    stat = Path.stat

    def grow(self: Path, **options) -> os.stat_result:
        found = stat(self, **options)
        if self == path:
            with path.open("ab") as file:
                file.write(f"{roll_row(10 + next(asked))}\n".encode())
        return found

    with monkeypatch.context() as patch:
        patch.setattr(Path, "stat", grow)
        trust.run()
    receipt = only(trust.receipts())
    assert receipt["outcome"] == "skipped"
    assert "may still be being copied" in receipt["reason"]


def test_half_a_workbook_is_named_as_such_and_the_whole_one_is_used(trust):
    whole = trust.put(ASH, "roll.csv", roll_text(range(3)))
    trust.run()
    half = trust.put(ASH, "roll 2.xlsx", b"PK\x03\x04" + b"\x00" * 400)
    trust.run(NEXT)
    receipt = only(row for row in trust.receipts() if row["file_name"] == "roll 2.xlsx")
    assert receipt["outcome"] == "refused"
    assert receipt["reason"]
    assert receipt["remedy"]
    assert len(trust.lake("records/pupils", ASH)) == 3
    half.unlink()
    assert whole.exists()


# ---- lists of other years, and lists that shrank -----------------------------------------------------------------


def test_last_years_pupil_list_sent_again_replaces_only_its_own_year_and_says_so(trust):
    old, new = (
        "\n".join((ROLL_HEADING, *(roll_row(n, ay=year, year=group) for n in some))) + "\n"
        for year, group, some in (("2023/24", "3", range(1, 5)), ("2024/25", "4", range(1, 6)))
    )
    trust.put(ASH, "last year.csv", old)
    trust.put(ASH, "this year.csv", new)
    trust.run()
    assert trust.fixes(code="an earlier year's list") == []  # together on the first day: nothing was sent again
    trust.put(ASH, "last year again.csv", old + roll_row(9, ay="2023/24", year="3") + "\n")
    trust.run(NEXT)
    years = [row["academic_year"] for row in trust.lake("records/pupils", ASH)]
    assert (years.count("2023/24"), years.count("2024/25")) == (5, 5)
    fix = only(trust.fixes(code="an earlier year's list"))
    assert (fix["file_name"], fix["severity"]) == ("last year again.csv", "look")
    assert fix["seen"] == "pupils of 2023/24 only, while a list of 2024/25 is known"
    assert "the lists of other years stay as they are" in fix["remedy"]
    check_conservation(trust)


def september(year_group: str, birth_year: int, some: range, ay: str) -> str:
    rows = (roll_row(n, ay=ay, year=year_group, dob=f"01/10/{birth_year}") for n in some)
    return "\n".join((ROLL_HEADING, *rows)) + "\n"


def test_what_quality_says_of_a_shrunk_roll_a_late_export_and_last_years_groups(trust):
    """Ash sends half its pupils. Birch exports last year's Year 5 results when they are in Year 6. Cedar's list has
    this year's date and last year's year groups."""
    trust.put(ASH, "roll.csv", september("4", 2015, range(1, 25), "2024/25"))
    # Pupils born in the autumn of 2014 are in Year 5 in 2024/25 and in Year 6 the year after.
    trust.put(BIRCH, "roll 24.csv", september("5", 2014, range(101, 121), "2024/25"))
    trust.put(BIRCH, "roll 25.csv", september("6", 2014, range(101, 121), "2025/26"))
    trust.run()
    trust.put(ASH, "roll 2.csv", september("4", 2015, range(1, 16), "2024/25"))
    rows = "".join(f"{100 + n},{10 + n % 7}\n" for n in range(101, 121))
    trust.put(BIRCH, "summer.csv", f"Marks 6 2024/25\nAdno,Maths test Summer\n{rows}")
    trust.put(CEDAR, "roll.csv", september("5", 2014, range(201, 221), "2025/26"))
    intake = trust.take_in(NEXT)
    folder = write_candidates(trust.home, intake, NEXT)

    def check(**limits):
        results = check_candidates(
            folder / "records", folder / "findings", Thresholds(as_of=NEXT, **limits), [ASH, BIRCH, CEDAR],
            last_accepted=folder / "last_accepted" / "records",
        )  # fmt: skip
        return {(r.urn, r.check_name): r for r in results}, verdict(results)

    results, verdicts = check()
    assert verdicts[ASH].held_by == ("Pupils: about as many pupils as last time",)
    shrunk = results[ASH, "pupils_rows_kept"]
    assert shrunk.observed == "37.5 % fewer than last time (9 pupils)"
    assert "If the pupils did leave" in shrunk.remedy
    assert verdicts[BIRCH].accepted
    late = results[BIRCH, "results_year_group_then"]
    assert (late.outcome, late.severity, late.rows_affected) == ("failed", "warning", 20)
    assert late.observed == "20 with a later year group than the roll of that year"
    assert verdicts[CEDAR].held_by == ("Pupils: birth dates and year groups agree",)
    assert "last year's file" in results[CEDAR, "pupils_ages_fit_years"].remedy
    assert results[BIRCH, "pupils_ages_fit_years"].outcome == "passed"

    held = {urn: "; ".join(said.held_by) for urn, said in verdicts.items() if not said.accepted}
    settle(trust.home, intake, held, NEXT)
    assert len(trust.lake("records/pupils", ASH)) == 24  # the list last accepted stays
    waits = trust.receipts()[-1]
    assert (waits["outcome"], waits["reason"]) == ("held", "Pupils: about as many pupils as last time")
    assert "send a corrected file" in waits["remedy"]
    agreed, verdicts = check(smaller_rolls_agreed=(ASH,))
    assert verdicts[ASH].accepted
    assert agreed[ASH, "pupils_rows_kept"].outcome == "not_applicable"
    settle(trust.home, trust.take_in(NEXT), {}, NEXT)
    assert len(trust.lake("records/pupils", ASH)) == 15
    assert len(trust.lake("records/results", BIRCH)) == 20
    check_conservation(trust)


def test_trust_yml_says_whose_smaller_roll_is_agreed(trust):
    path = trust.path / "trust.yml"
    path.write_text(path.read_text("utf-8").replace("quality:", f"quality:\n  smaller_rolls_agreed: [{ASH}]"), "utf-8")
    trust.load()
    assert trust.home.trust.quality.smaller_rolls_agreed == [ASH]
    assert trust.home.trust.quality.roll_drop_percent_held == 30


def test_a_corrected_marksheet_takes_the_place_of_the_first(trust):
    trust.put(ASH, "roll.csv", roll_text(range(1, 5)))
    trust.put(ASH, "marks.csv", marks_text(range(1, 5)) + "999,7\n")
    trust.run()
    assert len(trust.fixes()) == 1
    trust.put(ASH, "marks corrected.csv", marks_text(range(1, 5), mark=30))
    trust.run(NEXT)
    assert {int(row["mark"]) for row in trust.lake("records/results", ASH)} == {30, 31, 32}
    first = only(row for row in trust.receipts() if row["file_name"] == "marks.csv")["receipt_id"]
    replaced = [row for row in trust.lake("findings/record_counts", ASH) if row["bucket"] == "superseded"]
    assert [(row["receipt_id"], row["reason"]) for row in replaced] == [(first, "a newer file replaces it")]
    assert replaced[0]["related_receipt_id"] == trust.receipts()[-1]["receipt_id"]
    check_conservation(trust)


# ---- another system in mid-year ----------------------------------------------------------------------------------


def test_a_school_that_changes_its_system_counts_the_days_of_both_once(systems):
    """The old system's last week and the new one's first overlap by two days; of two marks the newer file's stands."""
    systems.put(ASH, "roll.csv", roll_text(range(1, 4)))
    rows = "".join(f"{100 + n},/\\ /\\ II /\\ /\\\n" for n in range(1, 4))
    systems.put(ASH, "week.csv", f"Week beginning 16/12/2024\nAdno,Name,Marks\n{rows.replace(',/', ',,/')}")
    systems.run()
    assert len(systems.lake("records/attendance", ASH)) == 30
    marks = [
        f"{make_upn(n)},{day}/12/2024,{half},{code}"
        for n in range(1, 4)
        for day, codes in (("19", "/\\"), ("20", "LO"), ("23", "/\\"))
        for half, code in zip(("Morning", "Afternoon"), codes, strict=True)
    ]
    systems.put(ASH, "session marks.csv", "UPN,Date,Session,RAW_MARK\n" + "\n".join(marks) + "\n")
    systems.run(NEXT)
    records = systems.lake("records/attendance", ASH)
    sessions = {(row["pupil_key"], row["session_date"], row["session"]) for row in records}
    assert len(sessions) == len(records) == 36
    days = {row["session_date"].day: row["mark_code"] for row in records if row["session"] == "AM"}
    assert days == {16: "/", 17: "/", 18: "I", 19: "/", 20: "L", 23: "/"}
    first, second = (row["receipt_id"] for row in systems.receipts() if "roll" not in row["file_name"])
    buckets = systems.buckets()
    assert buckets[second, "attendance", "duplicate"] == 6  # the same mark in both
    assert buckets[first, "attendance", "superseded"] == 6
    assert buckets[second, "attendance", "accepted"] == 12
    check_conservation(systems)


# ---- names without numbers ---------------------------------------------------------------------------------------

TWO = {17: ("Zweighaus", "Minka"), 28: ("Zweighaus", "Minka")}  # one name, two pupils of the roll


def name_of(number: int) -> tuple[str, str]:
    return TWO.get(number, (f"Quorfamily{number}é", f"Zëngiven{number}"))


def test_a_marksheet_of_28_names_gives_26_and_leaves_no_name_behind(systems, caplog, capfd):
    """The names are looked for in every file of the home but the inbox and the identities, and in every log line."""
    caplog.set_level(logging.DEBUG)
    pupils = "\n".join(
        roll_row(n, surname=name_of(n)[0], forename=name_of(n)[1], dob=f"{n:02d}/05/2017") for n in range(1, 29)
    )
    systems.put(ASH, "roll.csv", f"{ROLL_HEADING}\n{pupils}\n")
    written = [
        f"{surname}, {forename}" if n % 3 == 0 else f"{surname} {forename}".upper() if n % 3 == 1
        else f"{forename} {surname}"
        for n in range(1, 28) for surname, forename in [name_of(n)]
    ]  # fmt: skip
    written.append("Nirgendwo Fremdling")
    rows = "\n".join(f'"{name}",EXS,WTS' for name in written)
    heading = "Year 3 core 2024/25\nStudents,Y3 Reading TA Autumn 2,Y3 Maths TA Autumn 2"
    systems.put(ASH, "marksheet.csv", f"{heading}\n{rows}\n")
    systems.run()
    assert systems.outcomes() == ["accepted", "accepted"]
    receipt = only(row for row in systems.receipts() if row["file_name"] == "marksheet.csv")
    results = systems.lake("records/results", ASH)
    assert len({row["pupil_key"] for row in results}) == 26
    assert len(results) == 52
    assert sum(row["bucket"] == "refused" and row["records"] for row in systems.lake("findings/record_counts")) == 4
    fixes = [(fix["file_row"], fix["code"], fix["severity"], fix["records_held"]) for fix in systems.fixes()]
    assert fixes == [(19, "more than one pupil fits", "fix", 2), (30, "pupil not on roll", "fix", 2)]
    assert receipt["rows_with_records"] == 28
    check_conservation(systems)

    words = {word for name in written for word in name.replace(",", "").split()}
    words |= {word.casefold() for word in words} | {word.upper() for word in words} | {make_upn(5)}
    said = caplog.text + "".join(capfd.readouterr())
    assert not [word for word in words if word in said]
    looked = 0
    for path in systems.path.rglob("*"):
        away = path.relative_to(systems.path).parts[0] == "inbox" or "identities" in path.parts
        if not path.is_file() or away:
            continue
        looked += 1
        content = path.read_bytes()
        text = repr(pq.read_table(path).to_pylist()) if path.suffix == ".parquet" else ""
        for word in words:
            assert word.encode() not in content, path.relative_to(systems.path)
            assert word not in text, path.relative_to(systems.path)
    assert looked > 20
    kept = pq.read_table(systems.home.lake / "identities" / f"{ASH}.parquet").to_pylist()
    assert {"Zweighaus"} <= {row["surname"] for row in kept}  # so the looking does find what is there


# ---- pupils whose number changed ---------------------------------------------------------------------------------


def test_links_are_written_for_each_school_with_keys_only_and_follow_what_stands(trust):
    """Ash's pupil moves to Birch, which has another UPN for it and names Ash's as the former one."""
    old, new = make_upn(1), make_upn(60)
    trust.put(ASH, "roll.csv", roll_text(range(1, 4)))
    trust.run()
    assert links_of(trust, ASH) == []
    moved = roll_row(60, surname="Sur1", forename="Fore1", dob="02/03/2016")
    text = f"Former UPN,{ROLL_HEADING}\n{old},{moved}\n,{roll_row(61)}\n"
    path = trust.put(BIRCH, "roll.csv", text)
    trust.run(NEXT, held={BIRCH: "Too few."})
    assert links_of(trust, BIRCH) == []  # what waits says nothing yet
    trust.run(NEXT)
    keys = {row["pupil_key"] for row in trust.lake("records/pupils")}
    (link,) = links_of(trust, BIRCH)
    assert set(link) < keys
    written = trust.home.lake / "findings" / "pupil_links" / f"{BIRCH}.parquet"
    before = written.read_bytes()
    assert not [number for number in (old, new) if number.encode() in before]
    trust.run(NEXT, urns=[ASH])  # a run of one school makes the links of all, for they hang together
    assert written.read_bytes() == before
    twin = roll_row(1, forename="Twin", adno="800")
    trust.put(ASH, "roll 2.csv", f"{ROLL_HEADING}\n{twin}\n{roll_row(2)}\n{roll_row(3)}\n")
    trust.run(NEXT + dt.timedelta(days=1), urns=[ASH])
    assert links_of(trust, BIRCH) == []  # the former UPN turns out to be another pupil's
    trust.run(NEXT + dt.timedelta(days=1))
    fix = only(trust.fixes(BIRCH, "former UPN is another pupil's"))
    assert (fix["file_row"], fix["severity"], fix["file_name"]) == (2, "look", path.name)
    assert pq.read_schema(trust.home.lake / "findings" / "pupil_links" / "_empty.parquet").names == [
        "urn", "former_key", "pupil_key",
    ]  # fmt: skip


def test_marks_by_name_follow_a_pupil_from_the_temporary_upn_to_the_permanent_one(trust):
    temporary = "M80120000500A"
    trust.put(ASH, "roll.csv", f"{ROLL_HEADING}\n{roll_row(1, upn=temporary)}\n{roll_row(2)}\n")
    by_name = "Marks 4 2024/25\nAdno,Pupil,Maths test Summer\n,Sur1 Fore1,12\n"
    trust.put(ASH, "marks.csv", by_name)
    trust.run()
    (before,) = [row["pupil_key"] for row in trust.lake("records/results", ASH)]
    trust.put(ASH, "roll 2.csv", roll_text(range(1, 3)))
    trust.run(NEXT)
    (after,) = [row["pupil_key"] for row in trust.lake("records/results", ASH)]
    assert links_of(trust, ASH) == [(before, after)]
    assert trust.fixes() == []
    trust.run(NEXT)
    assert links_of(trust, ASH) == [(before, after)]


def test_one_pupil_in_two_schools_keeps_each_schools_enrolment_status(trust):
    """Dual registration, a guest, alternative provision: the status is kept as the list says, and one key for each.

    All pupils of the second school are on the first one's roll, as in alternative provision. The list says why.
    """
    roll = ROLL.replace("  Start: start_date", "  Start: start_date\n  Status: enrolment_status").replace(
        "fields: {academic_year: academic_year, year_group", "fields: {enrolment_status: enrolment_status, "
        "academic_year: academic_year, year_group"
    )  # fmt: skip
    (trust.home.formats / "roll.yml").write_text(roll, "utf-8")
    trust.load()
    for urn, statuses in ((ASH, "MMM" + "C" * 15), (BIRCH, "SSSGGOM")):
        rows = "\n".join(f"{status},{roll_row(n)}" for n, status in enumerate(statuses, start=1))
        trust.put(urn, f"roll {urn}.csv", f"Status,{ROLL_HEADING}\n{rows}\n")
    trust.run()
    found = {urn: {row["pupil_key"]: row["enrolment_status"] for row in trust.lake("records/pupils", urn)}
             for urn in (ASH, BIRCH)}  # fmt: skip
    assert sorted((status, found[ASH].get(key)) for key, status in found[BIRCH].items()) == [
        ("G", "C"), ("G", "C"), ("M", "C"), ("O", "C"), ("S", "M"), ("S", "M"), ("S", "M"),
    ]  # fmt: skip
    assert links_of(trust, ASH) == links_of(trust, BIRCH) == []
    assert trust.outcomes(BIRCH) == ["accepted"]


def test_a_list_of_pupils_of_another_school_must_say_why_it_is_here(trust):
    """Without a status or the school's own name, it looks like the other school's list; the remedy says what to add."""
    rows = [roll_row(n) for n in range(1, 9)]
    trust.put(ASH, "roll.csv", "\n".join((ROLL_HEADING, *rows)) + "\n")
    trust.put(BIRCH, "roll.csv", "\n".join((ROLL_HEADING, *reversed(rows[:6]))) + "\n")
    trust.run()
    assert trust.outcomes(BIRCH) == ["refused"]
    assert "the pupils' enrolment status" in trust.receipts(BIRCH)[0]["remedy"]
    name = next(school.name for school in trust.home.schools if school.urn == BIRCH)
    trust.put(BIRCH, "roll 2.csv", f"{name} roll\n" + "\n".join((ROLL_HEADING, *rows[:6])) + "\n")
    trust.run(NEXT)
    assert trust.outcomes(BIRCH) == ["accepted", "accepted"]  # these are Birch's pupils too, so the first is its own
