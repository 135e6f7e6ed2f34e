"""Invented home: a trust of any number of equal schools, to measure a refresh on.

Here lives the putting together of home, schools, pupils and exports, with the demo's formats and nothing planted. What
stands in the exports lives in `exports`.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml

from ingest import BUILT_IN, load_formats
from ingest.home import create_home
from ingest.invent.characters import Character, InventedSchool
from ingest.invent.home_files import write_home_files
from ingest.invent.marks import Marks as DemoMarks
from ingest.invent.objectives import Objectives
from ingest.invent.people import People
from ingest.invent.registers import Registers
from ingest.invent.rolls import Rolls
from ingest.invent.sender import Facts, Sender
from ingest.invent.statutory import Statutory
from ingest.invent.traits import Traits
from ingest.invent.truths import Truths
from orchestration.bench.exports import YEAR, Marks, draw_marks, send_correction, send_region, send_school
from orchestration.bench.house_styles import HOUSE_STYLES, RESULTS_A_SUBJECT, SUBJECTS, HouseStyle

AS_OF = dt.date(2025, 12, 19)
# The new file of "one school changed" waits here until it is sent.
WAITING = "waiting"
_FIRST_URN = 981001
_LA_CODES = ("191", "192")
_GROUPS = {"Primary": ("R", "1", "2", "3", "4", "5", "6"), "Secondary": ("7", "8", "9", "10", "11")}
_REGION = 4  # schools a file of the group's system


def invent_home(folder: Path, schools: int, pupils: int, results: int, seed: int = 2026) -> None:
    """Make a home of `schools` schools in the new `folder`, with exports in its inbox and one file waiting outside it.

    Every school has `pupils` pupils with `results` results each (a multiple of 4, up to 40) and a term of registers.
    The same numbers give the same bytes. Raises ValueError for numbers that cannot be, ConfigurationError when the
    folder holds anything.
    """
    subjects = SUBJECTS[: results // RESULTS_A_SUBJECT]
    if results != RESULTS_A_SUBJECT * len(subjects):
        raise ValueError(f"results a pupil go by {RESULTS_A_SUBJECT}, up to {RESULTS_A_SUBJECT * len(SUBJECTS)}")
    if pupils < len(_GROUPS["Primary"]):
        raise ValueError("a school needs a pupil in each year group")
    facts = _imagine(schools, pupils, seed)
    create_home(folder, name="Benchmoor Trust (invented)", demo=True, today=AS_OF)
    write_home_files(folder, facts.schools, facts.truths, AS_OF)
    _adapt_trust(folder / "trust.yml", subjects)
    formats, sent = load_formats([BUILT_IN]), dict[Path, str]()
    region: list[tuple[Sender, Marks]] = []
    for place, school in enumerate(facts.schools):
        sender = Sender(facts, school, school.urn, folder / "inbox", formats, sent)
        kind, marks = find_style(place), draw_marks(sender, subjects)
        send_school(sender, kind, marks)
        if place == 0:
            outside = Sender(facts, school, school.urn, folder / WAITING, formats, sent)
            send_correction(outside, marks, "results corrected.csv")
        if kind.is_in_group:
            region.append((sender, marks))
        if region and (len(region) == _REGION or place == len(facts.schools) - 1):
            send_region([one for one, _ in region], [mine for _, mine in region], region[0][0].urn)
            region = []
        sender._registers.clear()


def find_style(place: int) -> HouseStyle:
    """Return the house style of the `place`-th school (from 0)."""
    return HOUSE_STYLES[place % len(HOUSE_STYLES)]


def _imagine(number: int, pupils: int, seed: int) -> Facts:
    schools = [_invent_school(place, pupils) for place in range(number)]
    people = People(random.Random(f"{seed} people"))
    rolls = Rolls(schools, (YEAR,), AS_OF, random.Random(f"{seed} rolls"), people)
    truths, traits = Truths(()), Traits(seed)
    return Facts(
        seed=seed, as_of=AS_OF, years=(YEAR,), windows=(), schools=schools, people=people, rolls=rolls, traits=traits,
        truths=truths, marks=DemoMarks(seed, rolls, traits, truths), statutory=Statutory(seed, traits),
        objectives=Objectives(seed, traits, truths), registers=Registers(seed, AS_OF, rolls, traits, truths),
    )  # fmt: skip


def _invent_school(place: int, pupils: int) -> InventedSchool:
    kind = find_style(place)
    groups = _GROUPS[kind.phase]
    sizes = {group: pupils // len(groups) + (at < pupils % len(groups)) for at, group in enumerate(groups)}
    name, cluster = f"Bench {kind.phase} School {place + 1}", ("Quell valley", "Northern hills")[place // 2 % 2]
    character = Character(
        house_style="", names=(name,), phase=kind.phase, school_type="Academy converter",
        ages=(4, 11) if kind.phase == "Primary" else (11, 16), sizes=sizes, mean=50, local_number="{:05d}", la="191",
        establishment=2001, clusters=(cluster,), joined=dt.date(2019, 9, 1), classes=("A", "B", "C"), steady=True,
        style=kind.style,
    )  # fmt: skip
    return InventedSchool(
        urn=str(_FIRST_URN + place), name=name, la_code=_LA_CODES[place % 2], establishment=f"{2001 + place}",
        cluster=cluster, character=character,
    )  # fmt: skip


def _adapt_trust(path: Path, subjects: Sequence[str]) -> None:
    """Give the demo's trust.yml the subjects and windows of the bench."""
    told: dict[str, Any] = yaml.safe_load(path.read_text("utf-8"))
    autumn = next(window for window in told["windows"] if window["window"] == "autumn")
    every = [group for groups in _GROUPS.values() for group in groups]
    common = {"phases": list(_GROUPS), "year_groups": every, "tolerance_days": 7, "subjects": list(subjects)}
    told["trust"]["name"] = "Benchmoor Trust (invented)"
    told["academic_years"], told["subjects"] = [YEAR], list(subjects)
    told["term_dates"] = [dates for dates in told["term_dates"] if dates["academic_year"] == YEAR]
    told["windows"] = [
        {**autumn, "window": "baseline", "title": "Baseline", "opens": "09-08", "closes": "09-30", **common},
        {**autumn, **common},
    ]
    for window in told["windows"]:
        window["labels"] = [window["title"]]
    told.pop("feeds", None)
    path.write_text(yaml.dump(told, Dumper=_Plain, sort_keys=False, allow_unicode=True), "utf-8")


class _Plain(yaml.SafeDumper):
    """Writes a list out each time it stands somewhere: a trust's files have no anchors."""

    def ignore_aliases(self, data: object) -> bool:
        return True
