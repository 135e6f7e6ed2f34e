"""Intake: receipts over schools and days; one school's trouble is that school's alone."""

from __future__ import annotations

import datetime as dt
import shutil

import pyarrow.parquet as pq
import pytest
from small_trust import (
    ASH,
    BIRCH,
    CEDAR,
    DAY,
    ROLL_HEADING,
    check_conservation,
    hash_tree,
    make_upn,
    marks_text,
    roll_row,
    roll_text,
)

from ingest import settle

NEXT = DAY + dt.timedelta(days=1)
THIRD = DAY + dt.timedelta(days=2)


def test_a_roll_and_a_marksheet_sent_together_are_matched(trust):
    trust.put(ASH, "a marks.csv", marks_text(range(1, 6)))  # comes first by name, and is matched all the same
    trust.put(ASH, "roll.csv", roll_text(range(1, 6), top="Ash Primary School roll\nPrinted 30/06/2025\n"))
    trust.run()
    assert trust.outcomes() == ["accepted", "accepted"]
    assert len(trust.lake("records/results", ASH)) == 5
    assert {r["pupil_key"] for r in trust.lake("records/results", ASH)} == {
        r["pupil_key"] for r in trust.lake("records/pupils", ASH)
    }
    assert [r["exported_on"] for r in trust.receipts()] == [None, dt.date(2025, 6, 30)]
    assert trust.fixes() == []
    check_conservation(trust)


def test_running_again_changes_nothing_in_the_lake(trust):
    trust.put(ASH, "roll.csv", roll_text(range(5)))
    trust.put(ASH, "marks.csv", marks_text(range(5)))
    trust.run()
    before = hash_tree(trust.path)
    trust.run()
    assert hash_tree(trust.path) == before


def test_the_same_file_under_two_names_counts_once(trust):
    trust.put(ASH, "roll.csv", roll_text(range(5)))
    trust.put(ASH, "roll (2).csv", roll_text(range(5)))
    trust.run()
    assert trust.outcomes() == ["accepted", "duplicate"]
    assert trust.buckets()[f"{ASH}-002", "pupils", "duplicate"] == 5
    check_conservation(trust)
    first, second = trust.receipts()
    assert [first[name] for name in ("rows_total", "rows_with_records")] == [
        second["rows_total"],
        second["rows_with_records"],
    ]
    assert "001" in second["reason"]
    (trust.home.inbox / f"{ASH} school" / "roll (2).csv").unlink()
    intake = trust.take_in(NEXT)
    assert intake.purged == []
    trust.run(NEXT)
    assert trust.outcomes() == ["accepted", "duplicate"]
    assert trust.receipts()[0]["in_inbox"] is True


def test_of_two_same_files_that_cannot_be_used_both_are_refused(trust):
    for name in ("a.csv", "b.csv"):
        trust.put(ASH, name, b"%PDF-1.7 not an export")
    trust.run()
    assert trust.outcomes() == ["refused", "refused"]
    assert len(trust.fixes(code="file cannot be read")) == 2


def test_the_same_file_in_two_folders_is_nobodys_until_one_is_taken_out(trust):
    paths = [trust.put(urn, "marks.csv", marks_text(range(1, 4))) for urn in (ASH, BIRCH)]
    trust.put(ASH, "roll.csv", roll_text(range(1, 4)))
    trust.run()
    assert trust.receipts(ASH)[0]["outcome"] == trust.receipts(BIRCH)[0]["outcome"] == "refused"
    assert BIRCH in trust.receipts(ASH)[0]["reason"]
    check_conservation(trust)
    trust.run(NEXT, urns=[ASH])  # a run of one school still looks into the other's folder
    assert trust.receipts(ASH)[0]["outcome"] == "refused"
    paths[1].unlink()
    trust.run(NEXT)
    assert trust.receipts(ASH)[0]["outcome"] == "accepted"
    assert len(trust.lake("records/results", ASH)) == 3
    assert trust.receipts(BIRCH)[0]["reason"].startswith("The file was taken out")


def test_a_file_that_was_accepted_is_not_refused_for_what_another_school_sends_later(trust):
    trust.put(ASH, "roll.csv", roll_text(range(1, 9)))
    trust.run()
    trust.put(BIRCH, "roll.csv", roll_text(range(1, 9)))
    trust.run(NEXT)
    assert (trust.outcomes(ASH), trust.outcomes(BIRCH)) == (["accepted"], ["refused"])


def test_another_schools_file_by_title(trust):
    trust.put(ASH, "roll.csv", roll_text(range(9), top="Birch Primary School roll\n"))
    trust.run()
    assert trust.outcomes() == ["refused"]
    assert BIRCH in trust.receipts()[0]["reason"]
    assert trust.lake("records/pupils", ASH) == []


def test_another_schools_file_and_rows_by_urn(trust):
    head = ROLL_HEADING.replace(",Class", ",Class,School")
    rows = [roll_row(n) + f",{BIRCH if n < 3 else ASH}" for n in range(1, 6)]
    trust.put(ASH, "roll.csv", "\n".join((head, *rows)))
    trust.put(CEDAR, "roll.csv", "\n".join((head, *rows[:2])))
    trust.run()
    assert trust.outcomes(CEDAR) == ["refused"]
    assert trust.outcomes(ASH) == ["accepted"]
    fixes = trust.fixes(code="row of another school")
    assert [(fix["file_row"], fix["field"], fix["seen"], fix["records_held"]) for fix in fixes] == [
        (2, "School", BIRCH, 2), (3, "School", BIRCH, 2),
    ]  # fmt: skip
    assert len(trust.lake("records/pupils", ASH)) == 3
    trust.put(ASH, "marks.csv", marks_text([1, 4]))  # pupil 1 is on no roll of this school
    trust.run(NEXT)
    assert len(trust.lake("records/results", ASH)) == 1
    check_conservation(trust)


def test_a_file_of_several_schools_in_each_ones_folder_gives_each_its_rows(trust):
    head = ROLL_HEADING.replace(",Class", ",Class,School")
    text = "\n".join((head, *(roll_row(n) + f",{(ASH, BIRCH)[n % 2]}" for n in range(12))))
    for urn in (ASH, BIRCH):
        trust.put(urn, "all.csv", text)
    trust.run()
    assert [len(trust.lake("records/pupils", urn)) for urn in (ASH, BIRCH)] == [6, 6]


@pytest.mark.parametrize("kind", ["roll", "results"])
def test_another_schools_file_by_its_pupils(trust, kind):
    trust.put(ASH, "roll.csv", roll_text(range(1, 9)))
    trust.run()
    head = "Pupil UPN,Academic Year,Subject,Assessment,Type,On,Result\n"
    text = roll_text(range(2, 9)) if kind == "roll" else head + "".join(
        f"{make_upn(n)},2024/25,English,Common Test,test,,5\n" for n in range(2, 9)
    )  # fmt: skip
    trust.put(BIRCH, "file.csv", text)
    trust.run(NEXT)
    (receipt,) = trust.receipts(BIRCH)
    assert receipt["outcome"] == "refused"
    assert "7 of the 7 pupils" in receipt["reason"]
    assert trust.lake("records/pupils", BIRCH) == trust.lake("records/results", BIRCH) == []
    assert pq.read_table(trust.home.lake / "identities" / f"{BIRCH}.parquet").num_rows == 0
    check_conservation(trust)


def test_one_schools_trouble_never_stops_another(trust):
    trust.put(BIRCH, "roll.csv", roll_text(range(20, 25)))
    for number, content in enumerate(
        (b"", b"\xff\xd8\xff photo", b"PK\x03\x04cut", b'a,b\n"1', b"Name,Tel\nx,1\n", b"A\x00B")
    ):
        trust.put(ASH, f"{number}.csv", content)
    trust.run()
    assert set(trust.outcomes(ASH)) == {"refused"}
    assert all(row["reason"] and row["remedy"] for row in trust.receipts(ASH))
    assert len({row["receipt_id"] for row in trust.fixes(ASH)}) == 6
    assert len(trust.lake("records/pupils", BIRCH)) == 5
    check_conservation(trust)


def test_a_file_that_leaves_the_inbox_keeps_its_records_and_one_renamed_is_the_same(trust):
    path = trust.put(ASH, "roll.csv", roll_text(range(1, 5)))
    other = trust.put(ASH, "marks.csv", marks_text(range(1, 5)))
    trust.run()
    path.unlink()
    other.rename(other.with_name("marks again.csv"))
    trust.run(NEXT)
    trust.run(NEXT)
    assert [(r["outcome"], r["in_inbox"]) for r in trust.receipts()] == [("accepted", True), ("accepted", False)]
    assert len(trust.lake("records/pupils", ASH)) == len(trust.lake("records/results", ASH)) == 4


def test_a_renamed_file_beside_a_copy_stays_one_receipt_each(trust):
    path = trust.put(ASH, "roll.csv", roll_text(range(3)))
    trust.run()
    path.rename(path.with_name("new 1.csv"))
    trust.put(ASH, "new 2.csv", roll_text(range(3)))
    for _ in range(3):
        trust.run(NEXT)
    assert trust.outcomes() == ["accepted", "duplicate"]


def test_an_emptied_lake_whose_file_has_gone_is_purged_and_said(trust):
    path = trust.put(ASH, "roll.csv", roll_text(range(3)))
    trust.put(ASH, "marks.csv", marks_text(range(3)))
    trust.run()
    path.unlink()
    shutil.rmtree(trust.home.lake)
    intake = trust.take_in(NEXT)
    assert intake.purged == [f"{ASH}-002"]
    settle(trust.home, intake, {}, NEXT)
    assert trust.outcomes() == ["accepted", "refused"]
    assert "has gone" in trust.receipts()[1]["reason"]
    check_conservation(trust)


def test_a_run_of_one_school_touches_that_school_only(trust):
    for urn, first in ((ASH, 1), (BIRCH, 20)):
        trust.put(urn, "roll.csv", roll_text(range(first, first + 4)))
    trust.run()
    before = {k: v for k, v in hash_tree(trust.path).items() if BIRCH in k and "candidates" not in k}
    trust.put(ASH, "marks.csv", marks_text(range(1, 4)))
    trust.put(BIRCH, "marks.csv", marks_text(range(20, 24)))
    settled = trust.run(NEXT, urns=[ASH])
    assert list(settled) == [ASH]
    after = {k: v for k, v in hash_tree(trust.path).items() if BIRCH in k and "candidates" not in k}
    assert {k: v for k, v in after.items() if "inbox" not in k} == {k: v for k, v in before.items() if "inbox" not in k}
    trust.run(NEXT)
    assert trust.outcomes(BIRCH) == ["accepted", "accepted"]


def test_an_empty_folder_and_no_folder_are_no_trouble(trust):
    (trust.home.inbox / ASH).mkdir()
    assert trust.run().keys() == {ASH, BIRCH, CEDAR}
    assert trust.receipts() == []


def test_one_local_number_for_two_pupils_is_said_and_no_mark_goes_astray(trust):
    rows = [roll_row(1, adno="7"), roll_row(2, adno="7"), roll_row(3)]
    trust.put(ASH, "roll.csv", "\n".join((ROLL_HEADING, *rows)))
    trust.put(ASH, "marks.csv", "Marks 4 2024/25\nAdno,Maths test Summer\n7,12\n103,13\n")
    trust.run()
    assert len(trust.lake("records/pupils", ASH)) == 3
    assert [r["value"] for r in trust.lake("records/results", ASH)] == ["13"]
    assert len(trust.fixes(code="one number for two pupils")) == 2
    assert [fix["file_row"] for fix in trust.fixes(code="more than one pupil fits")] == [3]


def test_a_file_that_could_not_be_used_and_was_taken_out_still_says_why(trust):
    path = trust.put(ASH, "notes.csv", "Name,Tel\nx,1\n")
    other = trust.put(ASH, "roll.csv", roll_text(range(1, 4)))
    trust.run()
    (reason,) = [row["reason"] for row in trust.receipts() if row["outcome"] == "refused"]
    path.unlink()
    for day in (NEXT, THIRD):
        shutil.rmtree(trust.home.lake)
        trust.run(day)
        (row,) = [row for row in trust.receipts() if row["outcome"] == "refused"]
        assert row["reason"].startswith("The file was taken out of the inbox before it was accepted.")
        assert row["reason"].endswith(reason)
    path.write_bytes(other.read_bytes()[:-1])  # another file of that name
    trust.run(THIRD)
    assert sorted(trust.outcomes()) == ["accepted", "accepted", "refused"]


@pytest.mark.parametrize("name", ["marks.csv", "marks again.csv"])
def test_a_file_sent_again_after_another_took_its_place_is_the_newest(trust, name):
    """Under the same name it lies alone; under another one beside both that came before."""
    old, new = marks_text(range(1, 4), mark=12), marks_text(range(1, 4), mark=30)
    trust.put(ASH, "roll.csv", roll_text(range(1, 4)))
    trust.put(ASH, "marks.csv", old)
    trust.run()
    trust.put(ASH, "marks.csv" if name == "marks.csv" else "marks 2.csv", new)
    trust.run(NEXT)

    def stands():
        return {row["receipt_id"] for row in trust.lake("records/results", ASH)}

    assert stands() == {f"{ASH}-003"}
    trust.put(ASH, name, old)
    trust.run(THIRD)
    assert trust.outcomes() == ["accepted"] * 4
    assert stands() == {f"{ASH}-004"}
    assert trust.buckets()[f"{ASH}-003", "results", "superseded"] == 3
    check_conservation(trust)
    before = hash_tree(trust.path)
    trust.run(THIRD)
    assert hash_tree(trust.path) == before
    trust.put(ASH, "copy.csv", old)  # now it is the newest already
    trust.run(THIRD)
    assert trust.outcomes() == ["accepted"] * 4 + ["duplicate"]
    assert f"{ASH}-004" in trust.receipts()[-1]["reason"]
    shutil.rmtree(trust.home.lake / "landing")
    trust.run(THIRD)
    assert stands() == {f"{ASH}-004"}
    check_conservation(trust)


def test_an_old_file_renamed_or_beside_its_successor_is_not_sent_again(trust):
    old, new = marks_text(range(1, 4), mark=12), marks_text(range(1, 4), mark=30)
    trust.put(ASH, "roll.csv", roll_text(range(1, 4)))
    path = trust.put(ASH, "marks.csv", old)
    trust.run()
    trust.put(ASH, "new.csv", new)
    trust.run(NEXT)
    path.rename(path.with_name("old marks.csv"))
    trust.run(NEXT)
    assert trust.outcomes() == ["accepted"] * 3
    assert {row["value"] for row in trust.lake("records/results", ASH)} == {"30", "31", "32"}
    path.with_name("old marks.csv").unlink()
    trust.run(THIRD)
    assert {row["value"] for row in trust.lake("records/results", ASH)} == {"30", "31", "32"}


def test_two_copies_first_seen_together_with_a_correction_count_once(trust):
    """Which of them was sent last is not known, so the correction is not undone."""
    trust.put(ASH, "roll.csv", roll_text(range(1, 4)))
    for name, mark in (("a.csv", 12), ("b.csv", 30), ("c.csv", 12)):
        trust.put(ASH, name, marks_text(range(1, 4), mark=mark))
    trust.run()
    assert trust.outcomes() == ["accepted", "accepted", "duplicate", "accepted"]
    trust.run(NEXT)
    assert {row["value"] for row in trust.lake("records/results", ASH)} == {"30", "31", "32"}


def test_a_school_under_a_new_urn_may_have_the_pupils_of_the_old_one(trust):
    register = trust.path / "schools.csv"
    register.write_text(register.read_text() + f"999904,,Ash Academy,Primary,,,,,,,{ASH},,,,\n")
    trust.load()
    trust.put(ASH, "roll.csv", roll_text(range(1, 9)))
    trust.run()
    trust.put("999904", "roll.csv", roll_text(range(1, 8)))
    trust.run(NEXT)
    assert trust.outcomes("999904") == ["accepted"]
    assert len(trust.lake("records/pupils", "999904")) == 7
