"""The autonomy and harmony register in trust.yml: what is common to the trust, what is each school's own.

Here live its words, and the checks that hold a home to what is trust-set. What is not trust-set is never enforced:
it is declared, so that everybody can read it. How the register is shown does not live here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any, Literal

from pydantic import Field

from ingest.home.kept_rows import CutRow, Placed, ScaleRow
from ingest.home.kept_tables import KeptTables
from ingest.home.kpi_file import Kpi
from ingest.home.problems import Problem, find_nearest
from ingest.home.strict import Document
from ingest.home.words import Day, Name, Strict, Text, Urn

Rule = Literal["trust-set", "trust-set, school may add", "school-set, must map", "school-free"]
Domain = Literal[
    "curriculum", "tracker", "windows", "scale", "tests", "kpis", "targets", "interventions"
]  # fmt: skip
TITLES: dict[str, str] = {
    "curriculum": "Curriculum statements",
    "tracker": "Tracker and markbook",
    "windows": "Assessment windows",
    "scale": "Scale of judgements",
    "tests": "Tests",
    "kpis": "KPIs",
    "targets": "Targets",
    "interventions": "Kinds of intervention",
}


class Agreed(Strict):
    """What was agreed for one domain, and in the trust's own words why."""

    domain: Domain
    rule: Rule
    note: Text | None = None


class Framework(Strict):
    """What one school uses in a domain, by the name it goes by; an empty end is open."""

    school: Urn
    domain: Domain
    uses: Name
    since: Day | None = Field(default=None, alias="from")
    until: Day | None = None


def check_register(
    document: Document[Any], agreed: Sequence[Agreed], frameworks: Sequence[Framework]
) -> Iterator[Problem]:
    """Yield what is wrong within the register: a domain agreed twice, days out of order, one thing declared twice."""
    for at, one in enumerate(agreed):
        if one.domain in [other.domain for other in agreed[:at]]:
            what = f'"{one.domain}" stands here a second time.'
            yield document.say_problem(("autonomy", at, "domain"), one.domain, what, "Keep one of the two.")
    for at, used in enumerate(frameworks):
        if used.since and used.until and used.until < used.since:
            what = f"it ends on {used.until}, before it begins on {used.since}."
            yield document.say_problem(
                ("frameworks", at, "until"), str(used.until), what, "Exchange or correct the two days."
            )
        if used in frameworks[:at]:
            what = f'"{used.uses}" of {used.school} stands here a second time.'
            yield document.say_problem(("frameworks", at, "uses"), used.uses, what, "Keep one of the two.")


def check_agreed(
    document: Document[Any],
    agreed: Sequence[Agreed],
    frameworks: Sequence[Framework],
    urns: Collection[str],
    kpis: Sequence[Kpi],
    kept: KeptTables,
) -> Iterator[Problem]:
    """Yield schools nobody knows, and whatever a school set for itself where the trust set it for all."""
    for at, used in enumerate(frameworks):
        if used.school not in urns:
            what = f"no school of the register has the URN {used.school}."
            remedy = "Add the school to the register, or take it out here."
            nearest = find_nearest(used.school, urns)
            yield document.say_problem(("frameworks", at, "school"), used.school, what, remedy, nearest)
    trust_set = {one.domain for one in agreed if one.rule == "trust-set"}
    remedy = 'Take it out, or change the rule under "autonomy" in trust.yml.'
    if "kpis" in trust_set:
        for kpi in kpis:
            if kpi.owner != "trust":
                what = f"{kpi.owner} has a KPI of its own, and the trust's KPIs are trust-set."
                yield Problem(
                    f"kpis/schools/{kpi.owner}/{kpi.kpi}.yml", None, "owner", kpi.owner, what=what, remedy=remedy
                )
    if "targets" in trust_set:
        for target in kept.placed_targets:
            if target.row.owner != "trust":
                what = f"{target.row.owner} has a target of its own, and targets are trust-set."
                yield target.say_problem("owner", target.row.owner, what, remedy)
    if "curriculum" in trust_set:
        for statement in kept.placed_statements:
            if statement.row.owner != "trust":
                what = f"{statement.row.owner} has a statement of its own, and the curriculum is trust-set."
                yield statement.say_problem("owner", statement.row.owner, what, remedy)
    if "scale" in trust_set:
        scales: list[Placed[ScaleRow] | Placed[CutRow]] = [*kept.placed_scales, *kept.placed_cuts]
        for scale in scales:
            if scale.row.school is not None:
                what = f"{scale.row.school} has a mapping of its own, and the scale is trust-set."
                yield scale.say_problem("school", scale.row.school, what, remedy)
