"""The command as a person types it, in a process of its own, and what it leaves on the disk."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from orchestration.command import main

ROOT = Path(__file__).resolve().parent.parent.parent


@dataclass(frozen=True)
class Said:
    """What a command answered."""

    code: int
    out: str
    err: str


def clean_environment() -> dict[str, str]:
    """Return this environment without what would lead a command to another home."""
    return {name: value for name, value in os.environ.items() if name not in dropped_names()}


def dropped_names() -> tuple[str, ...]:
    """Return the variables by which a command would find another home."""
    return ("PLUMBLINE_HOME", "PLUMBLINE_LAKE", "DAGSTER_HOME", "PLUMBLINE_KEYS")


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


def run_here(*words: object) -> Said:
    """Run `plumbline` in this process: the same command without paying its imports again."""
    out, err = io.StringIO(), io.StringIO()
    before = dict(os.environ)
    for name in dropped_names():
        os.environ.pop(name, None)
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = main([str(word) for word in words])
    finally:
        os.environ.clear()
        os.environ.update(before)
    return Said(code, out.getvalue(), err.getvalue())


def read_tree(folder: Path) -> dict[str, bytes]:
    """Return the bytes of every file below `folder`, by path."""
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def find_marksheet(home: Path) -> Path:
    """Return the newest marksheet of the demo's first school."""
    folder = sorted(path for path in (home / "inbox").iterdir() if path.is_dir())[0]
    return sorted(path for path in folder.rglob("Marksheet*.csv"))[-1]


def read_rows(path: Path) -> list[list[str]]:
    """Return the cells of a demo CSV."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def write_rows(path: Path, rows: list[list[str]]) -> None:
    """Write cells as a CSV."""
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)


def find_header_row(rows: list[list[str]]) -> int:
    """Return where the headings stand: the first row with several filled cells."""
    return next(n for n, row in enumerate(rows) if sum(1 for cell in row if cell) > 2)


def read_pointer(home: Path) -> dict[str, str]:
    """Return what current.json says."""
    return json.loads((home / "releases" / "current.json").read_text("utf-8"))


def read_current(home: Path) -> dict[str, bytes]:
    """Return the bytes of the live release."""
    return read_tree(home / "releases" / read_pointer(home)["release_id"])


def refresh(plumbline, home: Path, *words: object) -> Said:  # type: ignore[no-untyped-def]
    """Refresh the home as of the day of its live release."""
    return plumbline("refresh", "--home", home, "--as-of", read_pointer(home)["as_of"], *words)


def add_result(home: Path) -> str:
    """Send a corrected marksheet from the first school: one pupil's mark differs. Return the school's URN."""
    sheet = find_marksheet(home)
    rows = read_rows(sheet)
    first = find_header_row(rows) + 1
    rows[first][-1] = "1" if rows[first][-1] != "1" else "2"
    write_rows(sheet.with_name(f"{sheet.stem} corrected.csv"), rows)
    return sheet.relative_to(home / "inbox").parts[0][:6]
