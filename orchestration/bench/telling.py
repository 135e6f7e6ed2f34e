"""Telling: what a bench measured, in lines for a terminal, with the targets beside it.

Here live words and targets. The measuring lives in `runs`.
"""

from __future__ import annotations

from collections.abc import Iterator

from orchestration.bench.runs import Measured

# A full refresh's marginal seconds against the plain script's; a run without news against its imports alone.
MOST_TIMES_PLAIN, MOST_TIMES_IMPORTS, LEAST_PAGES_A_SECOND, MOST_MEMORY = 3.0, 1.5, 100.0, 2 * 1024**3
_MIB = 1024**2


def tell(found: Measured) -> Iterator[str]:
    """Yield the lines of the report."""
    yield (
        f"{found.schools} schools of {found.pupils} pupils with {found.results} results each: {found.files} files, "
        f"{found.bytes / _MIB:.0f} MiB, {found.rows:,} rows, {found.records:,} records; {found.cores} cores, "
        f"load {found.busy:.1f} before it began"
    )
    yield ""
    yield f"{'':22}{'wall s':>9}{'imports s':>11}{'marginal s':>12}{'CPU s':>9}{'marginal CPU s':>16}{'MiB':>8}"
    for name, run in found.runs.items():
        yield (
            f"{name:22}{run.wall:9.1f}{run.imports:11.1f}{run.marginal:12.1f}{run.processors:9.1f}"
            f"{run.marginal_processors:16.1f}{run.memory / _MIB:8.0f}"
        )
    yield ""
    yield from (f"{'ok    ' if good else 'MISSED'}  {words}" for good, words in judge(found))
    yield ""
    yield "Where the time of the full refresh goes (seconds of each phase alone), and what its peak of memory grew by:"
    whole = sum(found.phases.values())
    for phase, seconds in sorted(found.phases.items(), key=lambda one: -one[1]):
        yield f"  {phase:42}{seconds:8.2f}{seconds / whole:7.0%}{found.grown.get(phase, 0.0):8.0f} MiB"
    yield f"  {'all phases':42}{whole:8.2f}"


def judge(found: Measured) -> Iterator[tuple[bool, str]]:
    """Yield whether each target is met, and in words."""
    full, plain, nothing = (found.runs[name] for name in ("full refresh", "plain script", "nothing changed"))
    times = full.marginal / plain.marginal
    of_processors = full.marginal_processors / plain.marginal_processors
    yield (
        times <= MOST_TIMES_PLAIN,
        f"full refresh: {times:.1f} times the plain script's marginal seconds (at most {MOST_TIMES_PLAIN:g}); "
        f"{of_processors:.1f} times its processor seconds",
    )
    # Of the imports a full refresh has, and, since a run without news has fewer, of its own.
    over, own = nothing.wall / full.imports, nothing.wall / nothing.imports
    yield (
        own < MOST_TIMES_IMPORTS,
        f"nothing changed: {own:.2f} times its own imports, {over:.2f} times a full refresh's (under "
        f"{MOST_TIMES_IMPORTS:g})",
    )
    speed = found.pages / found.runs["site alone"].marginal
    yield speed >= LEAST_PAGES_A_SECOND, f"site alone: {speed:.0f} pages a second (at least {LEAST_PAGES_A_SECOND:g})"
    yield full.memory <= MOST_MEMORY, f"memory: {full.memory / _MIB:.0f} MiB at most (2048 at 57 schools)"
    same = found.figures
    yield (
        same.both > 0 and not same.differ and not same.only_plain,
        f"figures: {same.both:,} on both sides, {same.differ} differ, {same.only_ours} only here, "
        f"{same.only_plain} only in the plain script",
    )
