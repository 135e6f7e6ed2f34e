"""Fixtures of the runs: the command, and an invented trust that was refreshed once."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from command_runs import Said, add_result, refresh, run_here, run_plumbline
from filelock import FileLock

Plumbline = Callable[..., Said]


@pytest.fixture(scope="session")
def plumbline() -> Plumbline:
    """The command: in this process, or in one of its own where it needs another folder or environment."""

    def run(*words: object, **where: object) -> Said:
        return run_plumbline(*words, **where) if where else run_here(*words)  # type: ignore[arg-type]

    return run


@pytest.fixture(scope="session")
def demo_once(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> tuple[Path, Said]:
    """An invented trust after `plumbline demo`, and what the command said. Copy it before changing it.

    Made once for all workers: the first to come makes it, the others wait.
    """
    own = tmp_path_factory.getbasetemp()
    shared = own if worker_id == "master" else own.parent
    home, told = shared / "demo" / "home", shared / "demo.json"
    with FileLock(shared / "demo.lock"):
        if not told.exists():
            said = run_plumbline("demo", home, "--schools", 3, "--as-of", "2025-12-19")
            told.write_text(json.dumps([said.code, said.out, said.err]), "utf-8")
    return home, Said(*json.loads(told.read_text("utf-8")))


@pytest.fixture(scope="session")
def changed_once(
    demo_once: tuple[Path, Said], tmp_path_factory: pytest.TempPathFactory, worker_id: str, plumbline: Plumbline
) -> tuple[Path, Said]:
    """The demo home with one more file (`add_result`) after a refresh, and what that said. To read only.

    Made once for all workers, as `demo_once` is.
    """
    made, demo_said = demo_once
    assert demo_said.code == 0, demo_said.err
    own = tmp_path_factory.getbasetemp()
    shared = own if worker_id == "master" else own.parent
    home, told = shared / "changed" / "home", shared / "changed.json"
    with FileLock(shared / "changed.lock"):
        if not told.exists():
            shutil.copytree(made, home, symlinks=True)
            add_result(home)
            said = refresh(plumbline, home)
            told.write_text(json.dumps([said.code, said.out, said.err]), "utf-8")
    return home, Said(*json.loads(told.read_text("utf-8")))


@pytest.fixture
def demo(demo_once: tuple[Path, Said], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A copy of the refreshed demo home, to do with as a test likes.

    It stands in one place for all tests of a worker, with dbt's own cache from that place: in another folder, dbt
    parses the whole project again.
    """
    made, said = demo_once
    assert said.code == 0, said.err
    place = tmp_path_factory.getbasetemp() / "demo of a test"
    home, parsed = place / "home", place.parent / "parsed by dbt"
    shutil.copytree(made, home, symlinks=True)
    if parsed.exists():
        shutil.rmtree(home / "lake" / "dbt")
        shutil.copytree(parsed, home / "lake" / "dbt")
    yield home
    if not parsed.exists() and (home / "lake" / "dbt").exists():
        shutil.copytree(home / "lake" / "dbt", parsed)
    shutil.rmtree(place)
