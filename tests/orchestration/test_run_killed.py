"""Runs that are killed: the last release stays live, and the next run needs no cleaning."""

from __future__ import annotations

import contextlib
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from command_runs import ROOT, Said, add_result, clean_environment, read_current, read_pointer, refresh

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


def test_killed_at_any_step_the_last_release_is_live_and_the_next_run_needs_no_cleaning(  # type: ignore[no-untyped-def]
    demo: Path, changed_once: tuple[Path, Said], plumbline
) -> None:
    """The same file came to a home whose refresh nobody killed: the release is the same."""
    before, pointer = read_current(demo), read_pointer(demo)
    whole, _ = changed_once
    add_result(demo)
    with killer(demo) as kill_at:
        for line in STEPS:
            assert kill_at(line) == "killed", line
            assert read_pointer(demo) == pointer, line
            assert read_current(demo) == before, line
            assert (demo / "releases" / "current" / "site" / "index.html").is_file()
    said = refresh(plumbline, demo)
    assert said.code == 0, said.err
    assert read_pointer(demo) == read_pointer(whole) != pointer
    assert read_current(demo) == read_current(whole)
    assert not [path.name for path in (demo / "releases").iterdir() if path.name.startswith(".")]
