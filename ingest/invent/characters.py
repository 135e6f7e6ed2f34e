"""Characters: what the invented schools are like, and how each writes and sends its exports.

Here live the three characters and the register made from them. Who goes there lives in `rolls`, what they send in
`sending`.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import Literal

from ingest.invent.entry import Style

MOST_SCHOOLS = 60


@dataclass(frozen=True)
class Character:
    """One kind of school. `classes`: endings of class names; `mean`: of its marks out of 100."""

    house_style: Literal["marksheets", "workbook", "lists"]
    names: tuple[str, ...]
    phase: str
    school_type: str
    ages: tuple[int, int]
    year_groups: tuple[str, ...]
    pupils_a_year: int
    classes: tuple[str, ...]
    mean: float
    local_number: str
    first_establishment: int
    clusters: tuple[str, ...]
    joined: str
    style: Style


CHARACTERS = (
    Character(
        house_style="marksheets",
        names=("Ashquell Primary School", "Dunvoss Primary School", "Gorsewend Primary School"),
        phase="Primary",
        school_type="Academy converter",
        ages=(4, 11),
        year_groups=("R", "1", "2", "3", "4", "5", "6"),
        pupils_a_year=14,
        classes=("",),
        mean=51,
        local_number="00{:04d}",
        first_establishment=2001,
        clusters=("Quell valley", "Northern hills"),
        joined="2019-09-01",
        style=Style(encoding="utf-8-sig", year_group="Year {}"),
    ),
    Character(
        house_style="workbook",
        names=("Brackmoor Junior School", "Emberlyn Junior School", "Hathenwick Junior School"),
        phase="Primary",
        school_type="Academy sponsor led",
        ages=(7, 11),
        year_groups=("3", "4", "5", "6"),
        pupils_a_year=34,
        classes=("K", "W"),
        mean=57,
        local_number="J{:04d}",
        first_establishment=2501,
        clusters=("Quell valley", "Northern hills"),
        joined="2021-04-01",
        style=Style(
            encoding="cp1252",
            delimiter=";",
            spellings={"Surname": "Legal surname", "Forename": "Legal forename", "Sex": "Gender", "Class": "Reg group"},
        ),
    ),
    Character(
        house_style="lists",
        names=("Cranholt Academy", "Fellowmere Academy", "Inkerdale Academy"),
        phase="Secondary",
        school_type="Academy converter",
        ages=(11, 14),
        year_groups=("7", "8", "9"),
        pupils_a_year=46,
        classes=("A", "B"),
        mean=55,
        local_number="{:05d}",
        first_establishment=4001,
        clusters=("Northern hills", "Quell valley"),
        joined="2020-09-01",
        style=Style(encoding="utf-16", delimiter="\t", year_group="Y{}"),
    ),
)


@dataclass(frozen=True)
class InventedSchool:
    """One school of the invented trust."""

    urn: str
    name: str
    la_code: str
    establishment: str
    cluster: str
    character: Character


def invent_schools(number: int, la_codes: tuple[str, ...]) -> list[InventedSchool]:
    """Return `number` schools (1 to 60), the characters by turns; from the fourth on, the names have a number.

    Raises ValueError for another number.
    """
    if not 1 <= number <= MOST_SCHOOLS:
        raise ValueError(f"a trust can be invented with 1 to {MOST_SCHOOLS} schools, not {number}")
    schools = []
    for place in range(number):
        turn, kind = divmod(place, len(CHARACTERS))
        character = CHARACTERS[kind]
        again, name = divmod(turn, len(character.names))
        schools.append(
            InventedSchool(
                # No school has a URN near 999000; real ones end far below 200000.
                urn=str(999001 + place),
                name=character.names[name] + (f" {again + 1}" if again else ""),
                la_code=la_codes[turn % len(la_codes)],
                establishment=f"{character.first_establishment + turn}",
                cluster=character.clusters[turn % len(character.clusters)],
                character=character,
            )
        )
    return schools


def write_register(schools: list[InventedSchool]) -> str:
    """Return the text of schools.csv, whose columns the register's model names."""
    text = io.StringIO(newline="")
    write = csv.writer(text, lineterminator="\n")
    write.writerow(
        ("urn", "laestab", "name", "phase", "school_type", "lowest_age", "highest_age", "cluster", "joined", "left")
    )
    for school in schools:
        kind = school.character
        write.writerow(
            (
                school.urn, f"{school.la_code}/{school.establishment}", school.name, kind.phase, kind.school_type,
                *kind.ages, school.cluster, kind.joined, "",
            )
        )  # fmt: skip
    return text.getvalue()
