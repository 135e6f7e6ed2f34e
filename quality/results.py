"""What a check is, what it found, and whether a school's records may stand.

Here live the plain shapes that leave the quality room, the verdict over them and the writing of the
`checks` finding table. How something is counted or judged does not live here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Literal

import pyarrow as pa
import pyarrow.parquet as pq

from ingest.contract import FINDING_TABLES

Severity = Literal["critical", "warning"]
Outcome = Literal["passed", "failed", "not_applicable", "error"]


class QualityError(Exception):
    """The checks could not be made at all. The text says what was seen, what was expected and what to do."""


@dataclass(frozen=True)
class Thresholds:
    """What the checks measure against. Percentages are 0 to 100; a school may sit exactly on a limit.

    as_of: the day the run stands for (the only clock). refused_percent_held: more records set aside than
    this holds the school (of those used or set aside). matched_percent_least: fewer records that belong to
    a pupil on the roll than this holds the school. drop_percent_look: a kind that shrank by more than this
    since the last accepted records is looked at. same_value_percent_look: one value standing for more than
    this of a subject's results in a window is looked at. same_value_least: with fewer results than this in
    a subject and window the former is not asked.

    roll_drop_percent_held: a pupil list with more than this fewer pupils in a year than before holds the
    school, unless its URN is in smaller_rolls_agreed. misfit_percent_held: more pupils in another year group
    than their age says than this holds it. With fewer pupils than list_least in a list neither is asked.
    closed_day_percent: a day with under this share of a usual day's marks is not a school day.
    halves_percent_look, unrecorded_percent_look, present_percent_least: what of a school's sessions may be of
    one half of the day more than of the other, be without a mark, and must be present marks. all_present_most:
    not every one of more sessions than this is a present one.
    """

    as_of: date
    refused_percent_held: float = 20
    matched_percent_least: float = 50
    drop_percent_look: float = 30
    same_value_percent_look: float = 95
    same_value_least: int = 20
    roll_drop_percent_held: float = 30
    smaller_rolls_agreed: tuple[str, ...] = ()
    misfit_percent_held: float = 20
    list_least: int = 10
    closed_day_percent: float = 5
    halves_percent_look: float = 5
    unrecorded_percent_look: float = 5
    present_percent_least: float = 50
    all_present_most: int = 200


@dataclass(frozen=True)
class CheckSpec:
    """A check as known before any data: name, subject, title in plain words, severity and remedy."""

    check_name: str
    kind: str
    title: str
    severity: Severity
    remedy: str


@dataclass(frozen=True)
class CheckResult:
    """What one check found for one school; `observed` and `expected` hold counts and names of columns only.

    `rows_affected` is 0 where the check passed or did not apply. The fields are the columns of the finding
    table `checks`, in its order.
    """

    urn: str
    check_name: str
    kind: str
    title: str
    severity: Severity
    outcome: Outcome
    observed: str
    expected: str
    remedy: str
    rows_affected: int


@dataclass(frozen=True)
class Verdict:
    """Whether a school's candidate records may stand; titles of the checks against it, or asking a look."""

    urn: str
    accepted: bool
    held_by: tuple[str, ...]
    to_look_at: tuple[str, ...]


def verdict(results: Iterable[CheckResult]) -> dict[str, Verdict]:
    """Return each school's verdict: accepted unless a critical check failed or could not be decided.

    A school none of whose checks applies (it sent no file) is accepted: it has nothing to hold.
    """
    by_school: dict[str, list[CheckResult]] = {}
    for result in results:
        by_school.setdefault(result.urn, []).append(result)
    verdicts = {}
    for urn, found in by_school.items():
        bad = [result for result in found if result.outcome in ("failed", "error")]
        held_by = tuple(result.title for result in bad if result.severity == "critical")
        look = tuple(result.title for result in bad if result.severity != "critical")
        verdicts[urn] = Verdict(urn, accepted=not held_by, held_by=held_by, to_look_at=look)
    return verdicts


def write_checks(results: Iterable[CheckResult], folder: Path) -> None:
    """Write `checks/<urn>.parquet` for each school in `results`, and `checks/_empty.parquet`, under
    `folder`.

    `folder` is the lake's findings folder. Rows are sorted by check name and each file is written beside
    and then put in place, so the same results give the same bytes and a reader never meets half a file.
    Files of schools that are not in `results` stay as they are.
    """
    table = FINDING_TABLES["checks"]
    target = folder / table.name
    target.mkdir(parents=True, exist_ok=True)
    rows: dict[str, list[Mapping[str, object]]] = {"_empty": []}
    for result in sorted(results, key=lambda r: (r.urn, r.check_name)):
        rows.setdefault(result.urn, []).append(asdict(result))
    for stem, found in rows.items():
        beside = target / f"{stem}.parquet.next"  # not *.parquet: a glob must not meet it
        pq.write_table(pa.Table.from_pylist(found, schema=table.schema), beside)
        beside.replace(target / f"{stem}.parquet")
