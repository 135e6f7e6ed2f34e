"""Fixtures of the runs: the command, and an invented trust that was refreshed once."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from command_runs import Said, run_here, run_plumbline
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


@pytest.fixture
def demo(demo_once: tuple[Path, Said], tmp_path: Path) -> Path:
    """A copy of the refreshed demo home, to do with as a test likes."""
    made, said = demo_once
    assert said.code == 0, said.err
    home = tmp_path / "home"
    shutil.copytree(made, home, symlinks=True)
    return home
