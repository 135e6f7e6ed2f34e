"""Refreshing: the same inputs give the same release, and a run that dies leaves the last one live."""

from __future__ import annotations

import contextlib
import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pyarrow.parquet as pq
from command_runs import (
    ROOT,
    Said,
    clean_environment,
    find_header_row,
    find_marksheet,
    read_rows,
    read_tree,
    write_rows,
)

from orchestration.home_lock import hold_home

CONFIGURATION = ("trust.yml", "schools.csv", "kpis", "formats", "scales", "curriculum", "targets.csv", "inbox")


def read_pointer(home: Path) -> dict[str, str]:
    return json.loads((home / "releases" / "current.json").read_text("utf-8"))


def read_current(home: Path) -> dict[str, bytes]:
    return read_tree(home / "releases" / read_pointer(home)["release_id"])


def refresh(plumbline, home: Path, *words: object) -> Said:  # type: ignore[no-untyped-def]
    return plumbline("refresh", "--home", home, "--as-of", read_pointer(home)["as_of"], *words)


def add_result(home: Path) -> str:
    """Send a corrected marksheet from the first school: one pupil's mark differs. Return the school's URN."""
    sheet = find_marksheet(home)
    rows = read_rows(sheet)
    first = find_header_row(rows) + 1
    rows[first][-1] = "1" if rows[first][-1] != "1" else "2"
    write_rows(sheet.with_name(f"{sheet.stem} corrected.csv"), rows)
    return sheet.relative_to(home / "inbox").parts[0][:6]


def test_the_demo_ends_with_a_release_and_says_where_to_look(demo_once: tuple[Path, Said]) -> None:
    home, said = demo_once
    assert said.code == 0, said.err
    page = home / "releases" / "current" / "site" / "index.html"
    assert str(page) in said.out
    assert page.is_file()
    assert "3 of 3 schools have data" in said.out


def test_a_broken_edit_changes_nothing_and_a_link_left_behind_is_put_right(demo: Path, plumbline) -> None:  # type: ignore[no-untyped-def]
    """The edit is named, the last good configuration runs on, and since nothing changed no release is made."""
    before, pointer = read_current(demo), read_pointer(demo)
    link = demo / "releases" / "current"
    assert link.resolve().name == pointer["release_id"]
    link.unlink()
    link.symlink_to("an older release")
    trust = demo / "trust.yml"
    trust.write_text(trust.read_text("utf-8").replace("windows:", "windws:", 1), "utf-8")
    line = next(n for n, words in enumerate(trust.read_text("utf-8").splitlines(), 1) if "windws" in words)
    said = refresh(plumbline, demo)
    assert said.code == 3, said.err
    assert f"trust.yml line {line}" in said.err
    assert 'Did you mean "windows"?' in said.err
    assert "no new one is made" in said.err
    assert "is current" in said.out
    assert read_pointer(demo) == pointer
    assert read_current(demo) == before
    assert [path.name for path in (demo / "releases").iterdir() if path.is_dir() and not path.is_symlink()] == [
        pointer["release_id"]
    ]
    assert link.resolve().name == pointer["release_id"]


def test_an_emptied_lake_makes_the_same_bytes(demo: Path, plumbline) -> None:  # type: ignore[no-untyped-def]
    before, pointer = read_current(demo), read_pointer(demo)
    shutil.rmtree(demo / "lake")
    shutil.rmtree(demo / "releases")
    said = plumbline("refresh", "--home", demo, "--as-of", pointer["as_of"])
    assert said.code == 0, said.err
    assert read_pointer(demo) == pointer
    assert read_current(demo) == before


def test_another_folder_and_no_history_make_the_same_bytes(demo: Path, tmp_path: Path, plumbline) -> None:  # type: ignore[no-untyped-def]
    elsewhere = tmp_path / "another place" / "with a space"
    elsewhere.mkdir(parents=True)
    for name in CONFIGURATION:
        source = demo / name
        if source.is_dir():
            shutil.copytree(source, elsewhere / name)
        elif source.exists():
            shutil.copy(source, elsewhere / name)
    pointer = read_pointer(demo)
    said = plumbline("refresh", "--home", elsewhere, "--as-of", pointer["as_of"])
    assert said.code == 0, said.err
    assert read_pointer(elsewhere) == pointer
    assert read_current(elsewhere) == read_current(demo)


def test_a_new_file_makes_a_new_release_and_leaves_the_old_one(demo: Path, plumbline) -> None:  # type: ignore[no-untyped-def]
    before, pointer = read_current(demo), read_pointer(demo)
    add_result(demo)
    assert refresh(plumbline, demo).code == 0
    after = read_pointer(demo)
    assert after["release_id"] != pointer["release_id"]
    assert read_tree(demo / "releases" / pointer["release_id"]) == before
    manifest = json.loads((demo / "releases" / "current" / "manifest.json").read_text("utf-8"))
    assert pointer["release_id"] in json.dumps(manifest)


STEPS = ("Reading the inboxes", "Checking what was sent", "Working out the figures", "Making the pages")


@contextlib.contextmanager
def killer(home: Path) -> Iterator[Callable[[str], str]]:
    """Give a function that starts a refresh and kills it as soon as it says a line; what became of it."""
    program = [sys.executable, str(Path(__file__).with_name("killed_runs.py")), str(home), read_pointer(home)["as_of"]]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    env = {**clean_environment(), "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(program, cwd=ROOT, env=env, text=True, **pipes) as process:  # type: ignore[call-overload]

        def kill_at(line: str) -> str:
            process.stdin.write(f"{line}\n")
            process.stdin.flush()
            return str(process.stdout.readline()).strip()

        yield kill_at
        process.stdin.close()


def test_killed_at_any_step_the_last_release_is_live_and_the_next_run_needs_no_cleaning(demo: Path, plumbline) -> None:  # type: ignore[no-untyped-def]
    before, pointer = read_current(demo), read_pointer(demo)
    whole = demo.parent / "whole"
    shutil.copytree(demo, whole, symlinks=True)
    for home in (demo, whole):
        add_result(home)
    with killer(demo) as kill_at:
        for line in STEPS:
            assert kill_at(line) == "killed", line
            assert read_pointer(demo) == pointer, line
            assert read_current(demo) == before, line
            assert (demo / "releases" / "current" / "site" / "index.html").is_file()
    said = refresh(plumbline, demo)
    assert said.code == 0, said.err
    assert refresh(plumbline, whole).code == 0
    assert read_pointer(demo) == read_pointer(whole) != pointer
    assert read_current(demo) == read_current(whole)
    assert not [path.name for path in (demo / "releases").iterdir() if path.name.startswith(".")]


def test_a_school_alone_looks_at_its_inbox_only(demo: Path, plumbline) -> None:  # type: ignore[no-untyped-def]
    changed = add_result(demo)
    receipts = demo / "history" / "receipts"
    before = {path.name: path.read_bytes() for path in receipts.iterdir()}
    other = next(path.stem for path in sorted(receipts.iterdir()) if path.stem != changed)
    assert refresh(plumbline, demo, "--school", other).code == 0
    assert {path.name: path.read_bytes() for path in receipts.iterdir()} == before
    assert refresh(plumbline, demo, "--school", changed).code == 0
    after = {path.name: path.read_bytes() for path in receipts.iterdir()}
    assert [name for name in before if before[name] != after[name]] == [f"{changed}.json"]


def test_two_runs_at_once_are_told_apart(demo: Path, plumbline) -> None:  # type: ignore[no-untyped-def]
    with hold_home(demo):
        said = refresh(plumbline, demo)
    assert said.code == 75
    assert "Another refresh of this home is running" in said.err


def test_a_format_edit_never_takes_away_what_was_accepted(demo: Path, plumbline) -> None:  # type: ignore[no-untyped-def]
    """The edit is valid and fits no file any more: what was read before stays, and the fix-list says so."""
    before = {path.name: pq.read_table(path).num_rows for path in (demo / "lake" / "records" / "results").glob("9*")}
    ours = (ROOT / "ingest" / "formats" / "marksheet.yml").read_text("utf-8")
    (demo / "formats" / "marksheet.yml").write_text(ours.replace("columns:", "columns:\n  House: house", 1), "utf-8")
    said = refresh(plumbline, demo)
    assert said.code == 0, said.err
    after = {path.name: pq.read_table(path).num_rows for path in (demo / "lake" / "records" / "results").glob("9*")}
    assert after == before
    fixes = pq.read_table(demo / "lake" / "findings" / "fix_list").to_pylist()
    assert [fix for fix in fixes if fix["code"] == "kept as it was read before"]
