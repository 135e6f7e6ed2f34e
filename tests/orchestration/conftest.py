"""Fixtures of the runs: the command as a person types it, and an invented trust that was refreshed once."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
HOMES = ROOT / "tests" / "homes"


@dataclass(frozen=True)
class Said:
    """What a command answered."""

    code: int
    out: str
    err: str


Plumbline = Callable[..., Said]


def clean_environment() -> dict[str, str]:
    """Return this environment without what would lead a command to another home."""
    dropped = ("PLUMBLINE_HOME", "PLUMBLINE_LAKE", "DAGSTER_HOME", "PLUMBLINE_KEYS")
    return {name: value for name, value in os.environ.items() if name not in dropped}


def run_plumbline(*words: object, cwd: Path | None = None, env: dict[str, str] | None = None) -> Said:
    """Run `plumbline` in a process of its own, as scripts and people do."""
    done = subprocess.run(
        [sys.executable, "-m", "orchestration.command", *map(str, words)],
        cwd=cwd or ROOT,
        env={**clean_environment(), "PYTHONPATH": str(ROOT), **(env or {})},
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        timeout=300,
        check=False,
    )
    return Said(done.returncode, done.stdout, done.stderr)


@pytest.fixture(scope="session")
def plumbline() -> Plumbline:
    """The command, in a process of its own."""
    return run_plumbline


@pytest.fixture(scope="session")
def demo_once(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Said]:
    """An invented trust after `plumbline demo`, and what the command said. Copy it before changing it."""
    home = tmp_path_factory.mktemp("demo") / "home"
    return home, run_plumbline("demo", home)


@pytest.fixture
def demo(demo_once: tuple[Path, Said], tmp_path: Path) -> Path:
    """A copy of the refreshed demo home, to do with as a test likes."""
    made, said = demo_once
    assert said.code == 0, said.err
    home = tmp_path / "home"
    shutil.copytree(made, home, symlinks=True)
    return home


def read_tree(folder: Path) -> dict[str, bytes]:
    """Return the bytes of every file below `folder`, by path."""
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}
