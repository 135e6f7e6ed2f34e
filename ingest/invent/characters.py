"""Characters: what the invented schools are like, and how each writes and sends its exports.

Here live the schools of `demo_schools.yml` and the register made from them. Who goes there lives in `rolls`, what
they send in `sending`.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from ingest.invent.entry import Style

MOST_SCHOOLS = 60
# The first schools come again, by turns, where more are asked for than there are.
AGAIN = 3
FIRST_URN = 999001
# The trust lies in the areas of this many local authorities.
AREAS = 2
# A school that is given a new URN has one this much higher.
NEXT_URN = 100


@dataclass(frozen=True)
class Character:
    """One kind of school, as `demo_schools.yml` describes it. `classes`: endings of class names."""

    house_style: str
    names: tuple[str, ...]
    phase: str
    school_type: str
    ages: tuple[int, int]
    sizes: Mapping[str, int]
    mean: float
    local_number: str
    la: str
    establishment: int
    clusters: tuple[str, ...]
    joined: dt.date
    classes: tuple[str, ...] = ("",)
    entry: tuple[str, ...] = ()
    stay_from: str = ""
    steady: bool = False
    has_upns: bool = True
    new_urn_on: dt.date | None = None
    tracker: str = ""
    style: Style = field(default_factory=Style)

    @property
    def year_groups(self) -> tuple[str, ...]:
        """The year groups it teaches, youngest first."""
        return tuple(self.sizes)


@dataclass(frozen=True)
class InventedSchool:
    """One school of the invented trust."""

    urn: str
    name: str
    la_code: str
    establishment: str
    cluster: str
    character: Character

    @property
    def next_urn(self) -> str:
        """The URN it goes on under, '' where it keeps its own."""
        return str(int(self.urn) + NEXT_URN) if self.character.new_urn_on else ""

    @property
    def folder(self) -> str:
        """The name of its inbox folder."""
        return f"{self.urn} {self.name}"


@cache
def read_characters() -> tuple[Character, ...]:
    """Return the schools of `demo_schools.yml`, in its order."""
    told = yaml.safe_load((files("ingest.invent") / "demo_schools.yml").read_text("utf-8"))
    return tuple(_read_character(one) for one in told)


def _read_character(told: Mapping[str, Any]) -> Character:
    more: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in told.items()}
    first, further = more.pop("name"), more.pop("further_names", ())
    clusters = tuple(dict.fromkeys((more.pop("cluster"), "Quell valley", "Northern hills")))
    style = Style(**more.pop("writes", {}))
    return Character(house_style=more.pop("style"), names=(first, *further), clusters=clusters, style=style, **more)


def invent_schools(number: int, la_codes: tuple[str, ...]) -> list[InventedSchool]:
    """Return `number` schools (1 to 60): those of `demo_schools.yml`, then the first three again, by turns.

    Raises ValueError for another number.
    """
    if not 1 <= number <= MOST_SCHOOLS:
        raise ValueError(f"a trust can be invented with 1 to {MOST_SCHOOLS} schools, not {number}")
    characters = read_characters()
    schools = []
    for place in range(number):
        turn, kind = (0, place) if place < len(characters) else divmod(place - len(characters), AGAIN)
        turn += place >= len(characters)
        character = characters[kind]
        again, name = divmod(turn, len(character.names))
        schools.append(
            InventedSchool(
                # No school has a URN near 999000; real ones end far below 200000.
                urn=str(FIRST_URN + place),
                name=character.names[name] + (f" {again + 1}" if again else ""),
                la_code=la_codes[(la_codes.index(character.la) + turn) % AREAS],
                establishment=f"{character.establishment + 10 * turn}",
                cluster=character.clusters[turn % len(character.clusters)],
                character=character,
            )
        )
    return schools


def write_register(schools: Sequence[InventedSchool], as_of: dt.date) -> str:
    """Return the text of schools.csv, whose columns the register's model names; a new URN stands there in time."""
    text = io.StringIO(newline="")
    write = csv.writer(text, lineterminator="\n")
    write.writerow(
        ("urn", "laestab", "name", "phase", "school_type", "lowest_age", "highest_age", "cluster", "joined", "left",
         "predecessor_urn")
    )  # fmt: skip
    rows = []
    for school in schools:
        kind = school.character
        changed = kind.new_urn_on if kind.new_urn_on and kind.new_urn_on <= as_of else None
        about = (f"{school.la_code}/{school.establishment}", school.name, kind.phase, kind.school_type, *kind.ages,
                 school.cluster)  # fmt: skip
        rows.append((school.urn, *about, kind.joined, changed - dt.timedelta(days=1) if changed else "", ""))
        if changed:
            rows.append((school.next_urn, *about, changed, "", school.urn))
    write.writerows(sorted(rows))
    return text.getvalue()
