"""Inbox and history: what lies where, what is skipped and said, and in which order files count as arriving."""

from __future__ import annotations

import datetime as dt
import os

import pytest
from small_trust import ASH, BIRCH, DAY, roll_text

from ingest.history import Arrival, load_arrivals, order_new, save_arrivals
from ingest.inbox import look_into


def names(inbox, urn=ASH):
    return [(found.name, bool(found.sha256)) for found in inbox.files[urn]]


def test_a_schools_folder_begins_with_its_urn(tmp_path):
    for folder in (f"{ASH}", f"{BIRCH} Birch Primary", f"{ASH}9", "Ash", "123456 Gone", "_trust"):
        (tmp_path / folder).mkdir()
    (tmp_path / f"{ASH}" / "deep" / "er").mkdir(parents=True)
    (tmp_path / f"{ASH}" / "deep" / "er" / "a.csv").write_text("x")
    (tmp_path / "loose.csv").write_text("x")
    inbox = look_into(tmp_path, [ASH, BIRCH])
    assert names(inbox) == [("deep/er/a.csv", True)]
    assert names(inbox, BIRCH) == []
    said = "\n".join(inbox.strays)
    assert len(inbox.strays) == 4
    for stray in ("loose.csv", "“Ash”", "123456 Gone", f"{ASH}9"):
        assert stray in said
    assert inbox.trust == []
    (tmp_path / "_trust" / "autumn").mkdir()
    (tmp_path / "_trust" / "autumn" / "all.csv").write_text("x")
    (tmp_path / "_trust" / "half.csv.part").write_text("x")
    inbox = look_into(tmp_path, [ASH, BIRCH])
    assert [(f.name, bool(f.sha256)) for f in inbox.trust] == [
        ("_trust/half.csv.part", False),
        ("_trust/autumn/all.csv", True),
    ]
    assert names(inbox) == [("deep/er/a.csv", True)]
    assert len(inbox.strays) == 4


def test_what_programs_leave_is_passed_over_and_what_is_not_whole_is_skipped(tmp_path):
    folder = tmp_path / ASH
    folder.mkdir()
    for name in ("~$marks.xlsx", ".~lock.marks.csv#", ".DS_Store", "Thumbs.db", "README.txt", ".marks.csv.icloud",
                 "roll.csv.cloud", "spring.cloudf", "marks.csv.part", "marks.xlsx.crdownload",
                 "marks.csv"):  # fmt: skip
        (folder / name).write_text("x")
    found = look_into(tmp_path, [ASH]).files[ASH]
    assert {f.name: bool(f.trouble) for f in found} == {
        "roll.csv.cloud": True, "spring.cloudf": True,
        ".marks.csv.icloud": True, "marks.csv": False, "marks.csv.part": True, "marks.xlsx.crdownload": True,
    }  # fmt: skip


def test_links_in_a_circle_broken_links_and_pipes_stop_nothing(tmp_path):
    folder = tmp_path / ASH
    (folder / "sub").mkdir(parents=True)
    (folder / "sub" / "loop").symlink_to(folder)
    (folder / "gone.csv").symlink_to(folder / "nowhere.csv")
    os.mkfifo(folder / "pipe.csv")
    (folder / "real.csv").write_text("x")
    (folder / "same.csv").symlink_to(folder / "real.csv")
    found = {f.name: f for f in look_into(tmp_path, [ASH]).files[ASH]}
    assert set(found) == {"gone.csv", "pipe.csv", "real.csv", "same.csv", "sub/loop"}
    assert found["real.csv"].sha256 == found["same.csv"].sha256 is not None
    assert all(found[name].trouble for name in ("gone.csv", "pipe.csv", "sub/loop"))


def test_a_name_that_is_no_text_can_still_be_written(trust):
    folder = trust.home.inbox / ASH
    folder.mkdir()
    with open(os.fsencode(folder) + b"/roll\xff.csv", "wb") as file:  # noqa: PTH123  pathlib takes text only
        file.write(roll_text(range(3)).encode())
    trust.run()
    trust.run()
    assert [row["file_name"] for row in trust.receipts()] == ["roll\ufffd.csv"]
    assert trust.outcomes() == ["accepted"]


def test_a_locked_file_and_folder_are_skipped_and_what_was_accepted_stays(trust):
    path = trust.put(ASH, "roll.csv", roll_text(range(3)))
    trust.run()
    path.chmod(0)
    if os.access(path, os.R_OK):
        pytest.skip("this user (root, or one on Windows) may read every file, locked or not")
    shut = path.parent / "shut"
    shut.mkdir()
    shut.chmod(0)
    try:
        trust.run()
    finally:
        path.chmod(0o600)
        shut.chmod(0o700)
    assert trust.outcomes() == ["accepted", "skipped", "skipped"]
    assert len(trust.lake("records/pupils", ASH)) == 3


def test_a_file_that_vanishes_is_skipped(tmp_path, trust):
    """A link whose goal goes between two runs stands for a file that went."""
    goal = tmp_path / "goal.csv"
    goal.write_text(roll_text(range(3)))
    path = trust.put(ASH, "roll.csv", "")
    path.unlink()
    path.symlink_to(goal)
    trust.run()
    goal.unlink()
    trust.run()
    assert trust.outcomes() == ["accepted", "skipped"]
    assert [row["in_inbox"] for row in trust.receipts()] == [False, True]
    assert len(trust.lake("records/pupils", ASH)) == 3


def test_no_inbox_at_all_is_said(tmp_path):
    with pytest.raises(FileNotFoundError, match="no inbox folder 'nothing'"):
        look_into(tmp_path / "nothing", [])


def test_new_files_arrive_by_their_own_date_and_then_by_name_as_people_count():
    day = dt.date(2025, 7, 1)
    files = [("marks (10).csv", None), ("marks (2).csv", None), ("marks.csv", None), ("Week 10.csv", None),
             ("week 9.csv", None), ("a.csv", day), ("z.csv", dt.date(2025, 6, 1))]  # fmt: skip
    assert [files[i][0] for i in order_new(files)] == [
        "marks.csv", "marks (2).csv", "marks (10).csv", "week 9.csv", "Week 10.csv", "z.csv", "a.csv",
    ]  # fmt: skip


def test_history_is_written_when_it_changes_and_never_over_a_damaged_one(tmp_path, trust):
    arrivals = [Arrival("999901-001", 1, "a.csv", "00", "2025-07-01")]
    save_arrivals(tmp_path, ASH, arrivals)
    assert load_arrivals(tmp_path, ASH) == arrivals
    before = (tmp_path / f"{ASH}.json").stat().st_mtime_ns
    save_arrivals(tmp_path, ASH, arrivals)
    assert (tmp_path / f"{ASH}.json").stat().st_mtime_ns == before
    assert load_arrivals(tmp_path, BIRCH) == []
    trust.put(ASH, "roll.csv", roll_text(range(3)))
    trust.run()
    path = trust.home.history / "receipts" / f"{ASH}.json"
    path.write_text(path.read_text()[:40])
    with pytest.raises(ValueError, match="restore it from a backup"):
        trust.take_in(DAY)
