"""The whole demo, invented and written once: what is true of it, and the files it sent."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from ingest.invent.absence import CODE
from ingest.invent.registers import Register
from ingest.invent.sender import Facts
from ingest.invent.trust import FULL_DEMO_AS_OF, FULL_DEMO_SCHOOLS, imagine_trust, make_trust_home
from ingest.readers import read_sheets

ATTENDING = [CODE[code] for code in ("/", "\\", "L", "K", "V", "P", "B", "W", "J")]
ABSENT = [CODE[code] for code in ("C", "C1", "C2", "E", "I", "J1", "M", "R", "S", "T", "H", "G", "N", "O", "U")]
APART = ("N1", "N2", "12", "13", "14")
LAST, NOW = "2024/25", "2025/26"


@dataclass(frozen=True)
class Demo:
    """The demo home, what is true of it, and which format each of its files was written in."""

    home: Path
    facts: Facts
    sent: dict[Path, str]

    @cached_property
    def registers(self) -> dict[tuple[str, str], Register]:
        """Registers by URN and year."""
        found = {}
        for school in self.facts.schools:
            for urn in filter(None, (school.urn, school.next_urn)):
                for year in self.facts.years:
                    found[urn, year] = self.facts.registers.take(school, urn, year)
        return found

    @cached_property
    def phases(self) -> dict[str, str]:
        """Phase of each URN."""
        pairs = [(urn, s.character.phase) for s in self.facts.schools for urn in (s.urn, s.next_urn) if urn]
        return dict(pairs)

    def roll(self, urn: str, year: str = NOW) -> list:  # type: ignore[type-arg]
        """Enrolments of a school and year."""
        return self.facts.rolls.of(urn, year)

    def school(self, urn: str):  # type: ignore[no-untyped-def]
        """The invented school of a URN."""
        return next(school for school in self.facts.schools if urn in (school.urn, school.next_urn))

    def find(self, urn: str, *words: str) -> list[Path]:
        """Files of a school (or of _trust) whose path holds all the words, in order."""
        here = [path for path in self.sent if path.relative_to(self.home / "inbox").parts[0].startswith(urn)]
        return sorted(path for path in here if all(word in str(path.relative_to(self.home)) for word in words))

    def read(self, urn: str, *words: str) -> list[list[str]]:
        """Rows of the one file `find` gives."""
        (path,) = self.find(urn, *words)
        return read_sheets(path)[0].rows

    def count_sessions(
        self, *registers: Register, first: dt.date = dt.date.min, last: dt.date = dt.date.max
    ) -> np.ndarray:  # type: ignore[type-arg]
        """Sessions missed and sessions possible of each pupil of Reception to Year 11, as rows of two.

        Registers of one school under two URNs count as one: each of their pupils has one row.
        """
        counts: dict[str, np.ndarray] = defaultdict(lambda: np.zeros(2, np.int64))  # type: ignore[type-arg]
        for whole in registers:
            register = whole.cut(first, last)
            missed = np.isin(register.marks, ABSENT).sum(axis=(1, 2))
            there = np.isin(register.marks, ATTENDING).sum(axis=(1, 2))
            for pupil, one in enumerate(register.roll):
                if one.year_group not in APART:
                    school = self.school(register.urn).urn
                    counts[f"{school} {one.person.key}"] += (missed[pupil], missed[pupil] + there[pupil])
        return np.array([count for count in counts.values() if count[1]])


def attended(counts: np.ndarray) -> float:  # type: ignore[type-arg]
    """Percent of sessions attended, sum over sum."""
    return float(100 - 100 * counts[:, 0].sum() / counts[:, 1].sum())


def persistent(counts: np.ndarray) -> float:  # type: ignore[type-arg]
    """Percent of pupils who missed a tenth of their sessions or more."""
    return float(100 * (10 * counts[:, 0] >= counts[:, 1]).mean())


def make_demo(folder: Path) -> Demo:
    """Invent and write the whole demo into an empty folder."""
    facts = imagine_trust(schools=FULL_DEMO_SCHOOLS, as_of=FULL_DEMO_AS_OF)
    return Demo(folder / "home", facts, make_trust_home(folder / "home", facts))
