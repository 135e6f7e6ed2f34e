"""The starter trust.yml and schools.csv of a new home: sensible windows, subjects and notes for its phases.

The words stand in `starter/` beside this module; here lives which of them a trust gets. Making folders and the
key does not live here.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from collections.abc import Collection, Mapping, Sequence
from functools import cache
from importlib.resources import files

from ingest.home.establishments import Establishment
from ingest.home.group_register import RegisterTrust
from ingest.home.words import Phase, find_academic_year, write_academic_year

_YEARS = 3
# Which windows a phase gets. Special schools and alternative provision teach primary and secondary year groups, as
# do all-through and middle schools.
_BOTH: tuple[Phase, ...] = (
    "Middle (deemed primary)",
    "Middle (deemed secondary)",
    "All-through",
    "Special",
    "Alternative provision",
)
_FAMILIES: dict[str, tuple[Phase, ...]] = {
    "nursery": ("Nursery",),
    "primary": ("Primary", *_BOTH),
    "secondary": ("Secondary", *_BOTH),
    "sixteen_plus": ("16 plus",),
}
# In the order readers see them.
_SUBJECTS: dict[str, tuple[str, ...]] = {
    "Communication and language": ("nursery",),
    "Reading": ("primary",),
    "Writing": ("primary",),
    "English": ("secondary", "sixteen_plus"),
    "Mathematics": ("nursery", "primary", "secondary", "sixteen_plus"),
    "Science": ("primary", "secondary", "sixteen_plus"),
    "Phonics": ("primary",),
    "Grammar, punctuation and spelling": ("primary",),
}
# What is recorded besides judgements and common tests, by the files that stand in starter/assessments.
_ASSESSMENTS: dict[str, tuple[str, ...]] = {
    "mocks": ("secondary", "sixteen_plus"),
    "statutory_primary": ("primary",),
}


def fill_starter(name: str, words: Mapping[str, str]) -> str:
    """The text of a starter file with its {{places}} filled."""
    text = _read_starter(name)
    for word, written in words.items():
        text = text.replace("{{" + word + "}}", written)
    return text


def compose_trust(name: str, key_id: str | None, today: dt.date, trust: RegisterTrust | None = None) -> str:
    """The text of a starter trust.yml; of a trust of the register with the windows its schools' phases need.

    `key_id` None makes a demo. `today` only chooses the academic years: the one that holds it and the two before.
    """
    phases = {school.phase for school in trust.schools} if trust else {"Primary", "Secondary"}
    families = [family for family, taken in _FAMILIES.items() if phases & set(taken)]
    years = _list_years(today)
    return fill_starter(
        "trust.yml",
        {
            "identity": _write_identity(trust),
            "key": _write_key(key_id),
            "academic_years": "\n".join(f"  - {year}" for year in years),
            "subjects": "\n".join(
                f"  - {subject}" for subject, taken in _SUBJECTS.items() if set(taken) & set(families)
            ),
            "assessments": "".join(
                _read_starter(f"assessments/{name}.yml")
                for name, taken in _ASSESSMENTS.items()
                if set(taken) & set(families)
            ),
            "windows": "".join(_write_windows(family, phases) for family in families),
            **_write_authorities(trust.schools if trust else []),
            "latest_year": years[-1],
            "y1": years[-1][:4],
            "y2": str(int(years[-1][:4]) + 1),
            # A JSON text is a YAML text in quotes, whatever the name holds. Last, since a name may hold {{key}}.
            "name": json.dumps(name, ensure_ascii=False),
        },
    )


def compose_schools(schools: Sequence[Establishment]) -> str:
    """The text of schools.csv: the starter's columns and a row for each school."""
    header = _read_starter("schools.csv").strip().split(",")
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, header, restval="", lineterminator="\n")
    writer.writeheader()
    for school in schools:
        row = {
            "urn": school.urn,
            "laestab": school.laestab,
            "name": school.name,
            "phase": school.phase,
            "school_type": school.school_type,
            "lowest_age": school.lowest_age,
            "highest_age": school.highest_age,
            "joined": school.joined,
            "la_code": school.la_code,
            "la_name": school.la_name,
        }
        writer.writerow({column: "" if value is None else value for column, value in row.items()})
    return text.getvalue()


@cache
def _read_starter(name: str) -> str:
    return (files("ingest.home") / "starter").joinpath(name).read_text(encoding="utf-8")


def _write_identity(trust: RegisterTrust | None) -> str:
    if trust is None:
        return (
            "  group_id: TR00000            # your trust's Group ID on Get Information about Schools (GIAS): TR and "
            "five digits\n  # group_uid: 1234            # the Group UID on the same page (optional)"
        )
    uid = f"  group_uid: {trust.group_uid}" if trust.group_uid.isdecimal() else "  # group_uid: 1234"
    return f"  group_id: {trust.group_id}\n{uid}"


def _write_key(key_id: str | None) -> str:
    if key_id is None:
        return "# A demo holds invented pupils only and uses a key that is public.\ndemo: true"
    return (
        "# The id of the key that hides pupils' numbers; the key is kept elsewhere. Leave this line.\n"
        f"key_id: {key_id}"
    )


def _list_years(today: dt.date) -> list[str]:
    latest = int(find_academic_year(today)[:4])
    return [write_academic_year(year) for year in range(latest - _YEARS + 1, latest + 1)]


def _write_windows(family: str, phases: Collection[str]) -> str:
    fitting = [phase for phase in _FAMILIES[family] if phase in phases]
    return fill_starter(f"windows/{family}.yml", {"phases": ", ".join(fitting)})


def _write_authorities(schools: Sequence[Establishment]) -> dict[str, str]:
    """The code that stands in the notes of term dates, and a note beside them on whose codes there are."""
    named = {school.la_code: school.la_name for school in schools if school.la_code}
    if not named:
        return {"la_code": "886", "authorities": ""}
    told = ", ".join(f"{code} {named[code]}" for code in sorted(named))
    return {"la_code": min(named), "authorities": f"\n# Your schools are in {told}."}
