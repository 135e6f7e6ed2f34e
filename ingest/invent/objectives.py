"""Objectives: how teachers judge single statements of the curriculum, and the scores a markbook makes of them.

Here live the statements of `demo_curriculum.yml` and the chance behind their judgements. Nobody teaches the strand that
`truths.yml` names, so nobody judges it. Judgements of whole subjects live in `marks`.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import yaml

from ingest.invent.characters import InventedSchool
from ingest.invent.entry import Entry
from ingest.invent.marks import Window
from ingest.invent.rolls import Enrolment
from ingest.invent.traits import Traits
from ingest.invent.truths import Truths

# Words of the markbook, lowest first, and where the next begins in standard deviations.
_WORDS = ((-1.0, "T"), (-0.25, "A"), (1.3, "M"))
_HIGHEST = "E"


@dataclass(frozen=True)
class Curriculum:
    """The statements: strand by statement, for each of the year groups."""

    framework: str
    subject: str
    year_groups: tuple[str, ...]
    strands: dict[str, str]


@cache
def read_curriculum() -> Curriculum:
    """Return the statements of `demo_curriculum.yml`."""
    told = yaml.safe_load((files("ingest.invent") / "demo_curriculum.yml").read_text("utf-8"))
    strands = {statement: strand for strand, statements in told["strands"].items() for statement in statements}
    return Curriculum(told["framework"], told["subject"], tuple(told["year_groups"]), strands)


class Objectives:
    """The judgements of statements of one seed."""

    def __init__(self, seed: int, traits: Traits, truths: Truths) -> None:
        self._seed, self._traits, self._truths = seed, traits, truths

    def list_taught(self, school: InventedSchool, window: Window) -> list[str]:
        """Return the statements judged by that window: more with each, none of the strand nobody taught."""
        curriculum = read_curriculum()
        untaught = self._truths.at("strand_nobody_taught", school.urn)
        left_out = untaught["strand"] if untaught else None
        taught = [statement for statement, strand in curriculum.strands.items() if strand != left_out]
        return taught[: round(len(taught) * (window.terms_so_far + 1) / 3)]

    def judge(self, school: InventedSchool, roll: Iterable[Enrolment], window: Window) -> Iterator[Entry]:
        """Yield the judgements that stand at the window."""
        curriculum, taught = read_curriculum(), self.list_taught(school, window)
        for one in roll:
            if one.year_group not in curriculum.year_groups or not one.is_here_on(window.day):
                continue
            for statement, word in self._judge_pupil(one, taught, window):
                yield Entry(
                    "judgements",
                    one.pupil,
                    {
                        "academic_year": window.academic_year, "year_group": one.year_group,
                        "subject": curriculum.subject, "framework": curriculum.framework, "statement": statement,
                        "value": word,
                    },
                )  # fmt: skip

    def score(self, school: InventedSchool, one: Enrolment, subject: str, window: Window) -> tuple[str, str] | None:
        """Return the share of all and of the assessed objectives that are met, as the markbook writes them.

        None where nothing of the pupil was assessed.
        """
        chance = random.Random(f"{self._seed} score {subject} {window.day} {one.person.key}")
        ability = self._traits.find_ability(one.person, subject)
        of_assessed = min(max(0.62 + 0.17 * ability + chance.gauss(0, 0.05), 0.05), 1.0)
        assessed = min(max((window.terms_so_far + 1) / 3 - 0.06 + chance.gauss(0, 0.03), 0.1), 0.95)
        if chance.random() < 0.02:
            return None
        return f"{100 * of_assessed * assessed:.0f}%", f"{100 * of_assessed:.0f}%"

    def _judge_pupil(self, one: Enrolment, taught: Sequence[str], window: Window) -> Iterator[tuple[str, str]]:
        curriculum = read_curriculum()
        chance = random.Random(f"{self._seed} objectives {window.academic_year} {one.person.key}")
        level = 0.8 * self._traits.find_ability(one.person, curriculum.subject) + 0.15 * window.terms_so_far
        for statement in taught:
            seen = level + chance.gauss(0, 0.6)
            if chance.random() > 0.04:
                yield statement, next((word for end, word in _WORDS if seen < end), _HIGHEST)
