"""Refreshing: the same inputs give the same release, and a run that dies leaves the last one live."""

from __future__ import annotations

import shutil
from pathlib import Path

from command_runs import Said, read_current, read_pointer, refresh

from orchestration.home_lock import hold_home

CONFIGURATION = ("trust.yml", "schools.csv", "kpis", "formats", "scales", "curriculum", "targets.csv", "inbox")


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


def test_two_runs_at_once_are_told_apart(demo: Path, plumbline) -> None:  # type: ignore[no-untyped-def]
    with hold_home(demo):
        said = refresh(plumbline, demo)
    assert said.code == 75
    assert "Another refresh of this home is running" in said.err
