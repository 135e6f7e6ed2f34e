"""Runs: the order of the bench, from an invented trust to everything that was measured.

Here lives which runs are made and what is kept of each. How one is measured lives in `processes`, how it is told in
`telling`.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import pyarrow.parquet as pq

from orchestration.bench.figures import Compared, compare_figures
from orchestration.bench.invented_home import AS_OF, WAITING, invent_home
from orchestration.bench.processes import Took, import_alone, run_measured
from orchestration.collecting import collect_seldom

_ASKED = "asked.json"


@dataclass(frozen=True)
class Run:
    """One measured run, in seconds and bytes: `imports` is what its imports take alone.

    `processors`: seconds of all processors together, which say more than the wall where others are at work too.
    """

    wall: float
    imports: float
    processors: float
    imports_processors: float
    memory: int

    @property
    def marginal(self) -> float:
        """Seconds beyond those of the imports."""
        return self.wall - self.imports

    @property
    def marginal_processors(self) -> float:
        """Seconds of processors beyond those of the imports."""
        return self.processors - self.imports_processors


@dataclass(frozen=True)
class Measured:
    """All that one bench found out.

    `phases`: seconds of the full refresh by phase; `grown`: MiB its peak of memory rose in each; `busy`: load before
    it began.
    """

    schools: int
    pupils: int
    results: int
    runs: dict[str, Run]
    phases: dict[str, float]
    grown: dict[str, float]
    figures: Compared
    files: int
    bytes: int
    rows: int
    records: int
    pages: int
    cores: int
    busy: float

    def as_json(self) -> str:
        """Return everything as JSON, marginal seconds too."""
        said = asdict(self)
        for name, run in self.runs.items():
            said["runs"][name] |= {"marginal": run.marginal, "marginal_processors": run.marginal_processors}
        return json.dumps(said, indent=1)


def measure(folder: Path, schools: int, pupils: int, results: int, say: Callable[[str], None]) -> Measured:
    """Measure everything below `folder`; an inbox invented there before with the same numbers is used again.

    Raises RuntimeError when a run fails, and ValueError for numbers no trust can be invented with.
    """
    collect_seldom()
    say(f"Inventing {schools} schools of {pupils} pupils with {results} results each")
    invented = _find_invented(folder, schools, pupils, results)
    home = folder / "home"
    shutil.rmtree(home, ignore_errors=True)
    shutil.copytree(invented, home)
    busy = os.getloadavg()[0]
    run_measured("warm_up", folder, home)
    runs: dict[str, Run] = {}

    def run(name: str, what: str, *words: object) -> Took:
        say(f"Measuring: {name}")
        took = run_measured(what, folder, *words)
        alone = import_alone(folder, took)
        runs[name] = Run(took.wall, alone.wall, took.processors, alone.processors, took.memory)
        return took

    refresh = (home, AS_OF.isoformat())
    full = run("full refresh", "refresh", *refresh)
    out = folder / "plain"
    shutil.rmtree(out, ignore_errors=True)
    run("plain script", "plain", home, out)
    figures = compare_figures(home / "lake" / "published", out)
    shutil.rmtree(folder / "site", ignore_errors=True)
    site = run("site alone", "site", home, folder / "site")
    run("nothing changed", "refresh_again", *refresh)
    rows, records, files, size = _count(home)
    for waiting in sorted(path for path in (home / WAITING).rglob("*") if path.is_file()):
        shutil.copy2(waiting, home / "inbox" / waiting.relative_to(home / WAITING))
    run("one school changed", "refresh_again", *refresh)
    return Measured(
        schools, pupils, results, runs, full.told["phases"], full.told["grown"], figures, files, size, rows, records,
        site.told["pages"], os.cpu_count() or 1, busy,
    )  # fmt: skip


def _find_invented(folder: Path, schools: int, pupils: int, results: int) -> Path:
    """Return an invented home that no run has touched."""
    invented, asked = folder / "invented", {"schools": schools, "pupils": pupils, "results": results}
    told = folder / _ASKED
    if invented.exists() and told.exists() and json.loads(told.read_text("utf-8")) == asked:
        return invented
    shutil.rmtree(invented, ignore_errors=True)
    told.unlink(missing_ok=True)
    invent_home(invented, schools, pupils, results)
    told.write_text(json.dumps(asked), "utf-8")
    return invented


def _count(home: Path) -> tuple[int, int, int, int]:
    """Return the rows of all files, the records made of them, the files and their bytes."""
    paths = (home / "lake" / "findings" / "receipts").glob("*.parquet")
    receipts = [row for path in paths for row in pq.read_table(path, columns=["rows_total"]).to_pylist()]
    records = sum(pq.ParquetFile(path).metadata.num_rows for path in (home / "lake" / "records").rglob("*.parquet"))
    files = [path for path in (home / "inbox").rglob("*") if path.is_file() and path.parent != home / "inbox"]
    rows = sum(one["rows_total"] or 0 for one in receipts)
    return rows, records, len(files), sum(path.stat().st_size for path in files)
