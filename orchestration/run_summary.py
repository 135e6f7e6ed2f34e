"""Run summary: what became of a run, for people and for programs, in the home's folder `runs`.

Here live the summary, its words and its shelf: `latest.md`, and one JSON a run, the last fifty. It names schools and
counts, never a file or a pupil. What is counted lives in `lake_counts`, who is sent it in `notice`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

FOLDER = "runs"
LATEST = "latest.md"
KEPT = 50


@dataclass(frozen=True)
class SchoolCounts:
    """One school's files: read; waiting for somebody to say so; of no use yet; and the feeds that are late."""

    urn: str
    name: str
    accepted: int
    waiting: int
    could_not_be_used: int
    late: list[str] = field(default_factory=list)

    @property
    def needs_attention(self) -> bool:
        """Whether somebody should look at it."""
        return bool(self.waiting or self.could_not_be_used or self.late)


@dataclass
class RunSummary:
    """What became of one run.

    `outcome` is "release made", "nothing had changed" or "not finished"; `began` and `ended` are local times with
    their offset (ISO); `inbox_state` is a hash of what lay in the inbox; `told` are the channels that were told.
    """

    trust: str
    began: str
    ended: str
    seconds: float
    by: str
    as_of: str
    looked_at: str
    outcome: str
    release: str = ""
    site: str = ""
    pages: int = 0
    failure: str = ""
    what_to_do: str = ""
    configuration_problems: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    records: int = 0
    figures_shown: int = 0
    figures_hidden: int = 0
    schools: list[SchoolCounts] = field(default_factory=list)
    inbox_state: str = ""
    told: list[str] = field(default_factory=list)

    def list_trouble(self) -> list[str]:
        """Return everything somebody should look at, a line each; the same trouble gives the same lines."""
        lines = [self.failure] if self.failure else []
        # Where a mistake stands, not what stands there: the line may leave the house.
        lines += [f"A mistake in the configuration: {said.split(': ')[0]}" for said in self.configuration_problems]
        schools = [school for school in self.schools if school.needs_attention]
        return lines + [f"{school.urn} {school.name}: {_say_counts(school)}" for school in schools]


def write_summary(home: Path, summary: RunSummary, name: str) -> None:
    """Put a summary on the shelf as `name`.json and as latest.md, each whole at once; the oldest go."""
    folder = home / FOLDER
    folder.mkdir(exist_ok=True)
    said = {**asdict(summary), "trouble": summary.list_trouble()}
    _put(folder / f"{name}.json", json.dumps(said, indent=1, ensure_ascii=False) + "\n")
    _put(folder / LATEST, "\n".join(describe_run(summary)) + "\n")
    for path in list_summaries(home)[KEPT:]:
        path.unlink(missing_ok=True)


def _put(path: Path, text: str) -> None:
    beside = path.with_name(f".{path.name}.next")
    beside.write_text(text, "utf-8")
    beside.replace(path)


def list_summaries(home: Path) -> list[Path]:
    """Return the JSON of the runs that are kept, the newest first."""
    return sorted((home / FOLDER).glob("2*.json"), reverse=True)


def read_summaries(home: Path) -> Iterator[dict[str, Any]]:
    """Yield what is kept of earlier runs, the newest first; what cannot be read is passed over."""
    for path in list_summaries(home):
        try:
            said = json.loads(path.read_text("utf-8"))
        except (OSError, ValueError):
            continue
        if isinstance(said, dict):
            yield said


def describe_run(summary: RunSummary) -> Iterator[str]:
    """Yield the lines of latest.md."""
    yield f"# {summary.trust}: {say_outcome(summary)}"
    yield ""
    yield f"- began {_say_time(summary.began)}, took {_say_length(summary.seconds)}"
    yield f"- started by {summary.by}; looked at {summary.looked_at}; as of {summary.as_of}"
    if summary.release:
        yield f"- release {summary.release} is current: {summary.site}"
    else:
        yield "- there is no release yet"
    if summary.outcome == "release made":
        yield f"- {summary.pages} pages"
    figures = f"{summary.figures_shown:,} figures shown on the site, {summary.figures_hidden:,} hidden"
    yield f"- {summary.records:,} records; {figures}"
    if summary.failure:
        yield from ("", "## What went wrong", "", summary.failure, "", f"What to do: {summary.what_to_do}")
    if summary.configuration_problems:
        yield from ("", "## The configuration has a mistake", "")
        yield "The run used the last configuration that was good." if summary.outcome != "not finished" else ""
        yield from (f"- {problem}" for problem in summary.configuration_problems)
    if summary.warnings:
        yield from ("", "## Worth a look", "", *(f"- {warning}" for warning in summary.warnings))
    if summary.schools:
        yield from ("", "## Schools", "")
        yield "| URN | school | files read | waiting | could not be used yet | late |"
        yield "|---|---|---:|---:|---:|---|"
        for school in summary.schools:
            counts = f"{school.accepted} | {school.waiting} | {school.could_not_be_used}"
            yield f"| {school.urn} | {school.name} | {counts} | {', '.join(school.late)} |"


def say_outcome(summary: RunSummary) -> str:
    """Return the outcome in one line."""
    if summary.outcome == "not finished":
        return "the refresh did not finish; " + ("the last release stays" if summary.release else "no release yet")
    if summary.outcome == "release made":
        return f"release {summary.release} was made"
    return "nothing had changed, no new release"


def _say_counts(school: SchoolCounts) -> str:
    said = []
    if school.waiting:
        said.append(f"{school.waiting} waiting")
    if school.could_not_be_used:
        said.append(f"{school.could_not_be_used} could not be used yet")
    if school.late:
        said.append(f"late: {', '.join(school.late)}")
    return "; ".join(said)


def _say_time(iso: str) -> str:
    return iso[:16].replace("T", " ")


def _say_length(seconds: float) -> str:
    whole = round(seconds)
    return f"{whole} s" if whole < 60 else f"{whole // 60} min {whole % 60} s"
