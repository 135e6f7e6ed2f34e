"""A run that would come to what is there already: when it is left out, and everything that makes it needed again.

What lives here: the fingerprint on a copy of a refreshed home, and the command that trusts it. What does not: that the
same inputs give the same release (test_run_refresh).
"""

from __future__ import annotations

import datetime as dt
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from command_runs import ROOT, Said, clean_environment

from ingest.landing import hash_file
from orchestration import unchanged
from orchestration.open_home import open_home
from orchestration.unchanged import FullRun, find_unchanged

DAY = dt.date(2025, 12, 19)
STEPS = ("records", "configuration", "warehouse", "published")


def run_through(home: Path, *, outcomes: tuple[str, ...] = ("accepted",), steps: tuple[str, ...] = STEPS) -> None:
    """Leave what a whole run leaves that came to the release there is."""
    opened, run = open_home(home), FullRun()
    run.begin(opened, DAY, None)
    run.judge(outcomes, has_loose_ends=False)
    for step in steps:
        run.finish(step)
    run.keep(opened, made_new=True)


def is_unchanged(home: Path, day: dt.date = DAY, inbox: Path | None = None) -> bool:
    return find_unchanged(open_home(home), day, inbox) is not None


def find_first(home: Path, pattern: str) -> Path:
    found = sorted(path for path in home.glob(pattern) if path.is_file())
    assert found, pattern
    return found[0]


def append(pattern: str) -> Callable[[Path], None]:
    def change(home: Path) -> None:
        path = find_first(home, pattern)
        path.write_bytes(path.read_bytes() + b"\n")

    return change


def remove(pattern: str) -> Callable[[Path], None]:
    return lambda home: find_first(home, pattern).unlink()


def add(name: str, text: str = "x\n") -> Callable[[Path], None]:
    def change(home: Path) -> None:
        folder = find_first(home, "inbox/9*/*").parent if name.startswith("*") else home
        path = folder / name.removeprefix("*/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")

    return change


def change_in_place(home: Path) -> None:
    """Another byte in a file of the inbox, with its size and the time of its last change as they were."""
    path = find_first(home, "inbox/9*/*.csv")
    about, content = path.stat(), bytearray(path.read_bytes())
    content[-3] ^= 1
    path.write_bytes(content)
    os.utime(path, ns=(about.st_atime_ns, about.st_mtime_ns))


def rename(home: Path) -> None:
    path = find_first(home, "inbox/9*/*.csv")
    path.rename(path.with_name("another name.csv"))


def point_elsewhere(home: Path) -> None:
    path = home / "releases" / "current.json"
    path.write_text(json.dumps(json.loads(path.read_text("utf-8")) | {"made_from": "something else"}), "utf-8")


CHANGES: dict[str, Callable[[Path], None]] = {
    "a file of the inbox grew": append("inbox/9*/*.csv"),
    "a file of the inbox has another byte": change_in_place,
    "a file of the inbox went": remove("inbox/9*/*.csv"),
    "a file of the inbox has another name": rename,
    "a file came": add("*/new.csv"),
    "a file of several schools came": add("inbox/_trust/Group pupils.csv"),
    "trust.yml": append("trust.yml"),
    "the register": append("schools.csv"),
    "a KPI": append("kpis/*.yml"),
    "a scale": append("scales/*.yml"),
    "a table a trust may keep": add("targets.csv"),
    "the history": append("history/receipts/9*.json"),
    "an identity file": append("lake/identities/*.parquet"),
    "an identity file went": remove("lake/identities/*.parquet"),
    "records": append("lake/records/pupils/*.parquet"),
    "landed records": remove("lake/landing/*/*/*"),
    "findings": remove("lake/findings/receipts/*.parquet"),
    "a published table": append("lake/published/published_schools.parquet"),
    "configuration tables": remove("lake/config/*.parquet"),
    "the fingerprint": remove("lake/unchanged.json"),
    "a page of the release": append("releases/current/site/*.html"),
    "an extract went": remove("releases/current/extracts/*.csv"),
    "the pointer": point_elsewhere,
    "the link": lambda home: (home / "releases" / "current").unlink(),
}


@pytest.fixture(scope="module")
def home(demo_once: tuple[Path, Said], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A refreshed home with a fingerprint; whoever changes it puts it back by `copy_home`."""
    made, said = demo_once
    assert said.code == 0, said.err
    home = tmp_path_factory.mktemp("unchanged") / "home"
    copy_home(made, home)
    run_through(home)
    return home


def copy_home(made: Path, home: Path) -> None:
    """Copy what the fingerprint speaks of."""
    left_out = shutil.ignore_patterns("dagster", "dbt", "warehouse*", "candidates")
    shutil.copytree(made, home, symlinks=True, ignore=left_out)


@pytest.fixture
def mine(home: Path, tmp_path: Path) -> Path:
    """A home of the test's own, with a fingerprint of its own."""
    copy_home(home, tmp_path / "home")
    run_through(tmp_path / "home")
    return tmp_path / "home"


def test_nothing_has_changed(home: Path) -> None:
    assert is_unchanged(home)
    assert is_unchanged(home), "asking changes nothing"


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_any_change_makes_a_run(mine: Path, change: Callable[[Path], None]) -> None:
    assert is_unchanged(mine)
    change(mine)
    assert not is_unchanged(mine)


def test_a_touched_file_makes_none(home: Path) -> None:
    for path in (home / "inbox").rglob("*.csv"):
        os.utime(path)
    assert is_unchanged(home)


def test_a_stamp_is_trusted_only_once_it_is_old(mine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hashed: list[Path] = []

    def note_and_hash(path: Path) -> str:
        hashed.append(path)
        return hash_file(path)

    monkeypatch.setattr(unchanged, "hash_file", note_and_hash)

    def count_hashed() -> int:
        hashed.clear()
        assert is_unchanged(mine)
        return sum(1 for path in hashed if "inbox" in path.parts)

    files = sum(1 for path in (mine / "inbox").rglob("*") if path.is_file())
    assert count_hashed() == files, "each was written a moment before"
    now = time.time_ns()
    monkeypatch.setattr(time, "time_ns", lambda: now + 60_000_000_000)
    run_through(mine)
    assert count_hashed() == 0


@pytest.mark.parametrize("what", ["day", "inbox", "code", "versions", "key", "format"])
def test_what_a_run_is_asked_or_made_with_makes_a_run(home: Path, what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = open_home(home)
    day, inbox = DAY, None
    if what == "day":
        day += dt.timedelta(days=1)
    elif what == "inbox":
        inbox = home / "inbox" / ".."
    elif what == "code":
        monkeypatch.setattr(unchanged, "hash_code", lambda: "other code")
    elif what == "versions":
        monkeypatch.setattr(unchanged, "list_versions", lambda: {"duckdb": "0"})
    elif what == "key":
        object.__setattr__(opened, "secret", type(opened.secret)(opened.secret.key, "another"))
    else:
        opened.formats.pop(next(iter(opened.formats)))
    assert find_unchanged(opened, day, inbox) is None


def test_a_mistake_in_the_configuration_makes_a_run(mine: Path) -> None:
    opened = open_home(mine)
    broken = type(opened)(opened.home, opened.formats, opened.secret, ["trust.yml line 1: a mistake"])
    assert find_unchanged(broken, DAY, None) is None


@pytest.mark.parametrize("step", STEPS)
def test_a_run_that_left_a_step_out_leaves_nothing(mine: Path, step: str) -> None:
    (mine / "lake" / "unchanged.json").unlink()
    run_through(mine, steps=tuple(one for one in STEPS if one != step))
    assert not is_unchanged(mine)


def test_refused_files_are_judged_again_until_a_run_comes_to_itself(mine: Path) -> None:
    (mine / "lake" / "unchanged.json").unlink()
    run_through(mine, outcomes=("accepted", "refused"))
    assert not is_unchanged(mine)
    opened, run = open_home(mine), FullRun()
    run.begin(opened, DAY, None)
    run.judge(("accepted", "refused"), has_loose_ends=False)
    for step in STEPS:
        run.finish(step)
    run.keep(opened, made_new=False)
    assert is_unchanged(mine)


def test_a_file_that_could_not_be_opened_leaves_nothing(mine: Path) -> None:
    (mine / "lake" / "unchanged.json").unlink()
    opened, run = open_home(mine), FullRun()
    run.begin(opened, DAY, None)
    run.judge(("accepted",), has_loose_ends=True)
    for step in STEPS:
        run.finish(step)
    run.keep(opened, made_new=False)
    assert not is_unchanged(mine)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes here")
def test_a_pipe_in_the_inbox_is_not_waited_for(mine: Path) -> None:
    """To open it would be to wait for a writer; what cannot be read makes a run, and leaves nothing."""
    os.mkfifo(find_first(mine, "inbox/*/*").parent / "pipe.csv")
    assert not is_unchanged(mine)
    run_through(mine)
    assert not is_unchanged(mine)


def test_no_name_of_a_file_is_kept(home: Path) -> None:
    told = (home / "lake" / "unchanged.json").read_text("utf-8")
    for path in (home / "inbox").rglob("*.csv"):
        assert path.stem not in told


def test_the_command_says_so_without_loading_what_a_run_needs(home: Path) -> None:
    script = (
        "import sys; from orchestration.command import main; "
        f"code = main(['refresh', '--home', {str(home)!r}, '--as-of', '{DAY}']); "
        "print(*(name for name in ('dagster', 'dbt', 'great_expectations') if name in sys.modules)); sys.exit(code)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, env=clean_environment(), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "Nothing has changed since release" in done.stderr
    assert "is current" in done.stdout
    assert not done.stdout.splitlines()[-1], "nothing heavy was loaded"
