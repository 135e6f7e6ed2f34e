"""What the register `schools.csv` (or .xlsx) holds, and the checks across its rows.

One row is one establishment record: a school that became an academy has two URNs and two rows. What schools
send does not live here.
"""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from pydantic import Field

from ingest.home.problems import ConfigurationError, Problem
from ingest.home.strict import Table, read_numbered_table
from ingest.home.table_files import find_table
from ingest.home.words import Day, LaCode, Laestab, Name, Phase, Strict, Urn, fold_label

_SURELY_ALIKE = 0.85


class School(Strict):
    """One row of the register; None where the register does not say."""

    urn: Urn
    laestab: Laestab | None = None
    name: Name
    phase: Phase
    school_type: Name | None = None
    lowest_age: int | None = Field(default=None, ge=0, le=25)
    highest_age: int | None = Field(default=None, ge=0, le=25)
    cluster: Name | None = None
    joined: Day | None = None
    left: Day | None = None
    predecessor_urn: Urn | None = None
    la_code: LaCode | None = None
    new_la_code: Name | None = None
    la_name: Name | None = None
    region_code: Name | None = None
    region_name: Name | None = None

    @property
    def la(self) -> str | None:
        """The three-digit code of the school's local authority: its own cell, else as the LAESTAB begins."""
        return self.la_code or (self.laestab[:3] if self.laestab else None)


def find_register(home: Path) -> Path:
    """The register of a home: schools.csv, or schools.xlsx where that is what the trust keeps.

    Raises ConfigurationError where both are there, since one of them would be left unread.
    """
    return find_table(home, "schools") or home / "schools.csv"


def read_register(path: Path, home: Path) -> tuple[list[School], list[Problem]]:
    """Read and check the register: the schools in URN order, and what is worth a look though it may be meant.

    Raises ConfigurationError with every problem of a file that cannot be used. No row is a valid register.
    """
    table = read_numbered_table(path, School, home=home)
    problems = [*_check_repeats(table), *_check_order(table)]
    if problems:
        raise ConfigurationError(sorted(problems, key=lambda problem: problem.line or 0))
    return sorted(table.rows, key=lambda school: school.urn), list(_look_at_clusters(table))


def _check_repeats(table: Table[School]) -> Iterator[Problem]:
    first_rows: dict[str, int] = {}
    for school, number in zip(table.rows, table.numbers, strict=True):
        first = first_rows.setdefault(school.urn, number)
        if first != number:
            what = f"URN {school.urn} stands here a second time; it is first in row {first}."
            yield Problem(table.file, number, "urn", school.urn, what=what, remedy="Keep one row per URN.")


def _check_order(table: Table[School]) -> Iterator[Problem]:
    for school, number in zip(table.rows, table.numbers, strict=True):
        if school.joined and school.left and school.left < school.joined:
            what = f"the school left on {school.left}, before it joined on {school.joined}."
            remedy = "Dates are day first: 01/09/2025 is 1 September."
            yield Problem(table.file, number, "left", str(school.left), what=what, remedy=remedy)
        low, high = school.lowest_age, school.highest_age
        if low is not None and high is not None and high < low:
            what = f"the highest age, {high}, is below the lowest, {low}."
            yield Problem(table.file, number, "highest_age", str(high), what=what, remedy="Exchange the two.")
        if school.predecessor_urn == school.urn:
            what = "a school cannot be its own predecessor."
            remedy = "Write the URN the school had before, or leave the cell empty."
            yield Problem(table.file, number, "predecessor_urn", school.urn, what=what, remedy=remedy)


def _look_at_clusters(table: Table[School]) -> Iterator[Problem]:
    counts = Counter(school.cluster for school in table.rows if school.cluster)
    # Against the more common spelling, so that the odd one out is the one that is named.
    ranked = sorted(counts, key=lambda cluster: (-counts[cluster], cluster))
    for at, cluster in enumerate(ranked):
        alike = next((other for other in ranked[:at] if _look_alike(cluster, other)), None)
        if alike:
            row = next(n for s, n in zip(table.rows, table.numbers, strict=True) if s.cluster == cluster)
            what = f'the cluster "{cluster}" looks like "{alike}", but counts as another.'
            remedy = "Use one spelling if they are the same."
            yield Problem(table.file, row, "cluster", cluster, nearest=alike, what=what, remedy=remedy)


def _look_alike(one: str, other: str) -> bool:
    one, other = fold_label(one), fold_label(other)
    if _drop_digits(one) == _drop_digits(other):
        return one == other
    return difflib.SequenceMatcher(None, one, other).ratio() >= _SURELY_ALIKE


def _drop_digits(text: str) -> str:
    return "".join(letter for letter in text if not letter.isdigit())
