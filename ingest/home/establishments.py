"""An establishment of the official register as a school of a trust's: its phase in our words, its cells read.

Here lives what is made of one row, and what of it a person should check. Which rows belong to a trust does not
live here.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from pydantic import Field

from ingest.home.strict import read_yaml
from ingest.home.words import Day, Phase, Strict, Text

_DATE_FORMS = ("%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y", "%Y-%m-%d %H:%M:%S")


class _Sign(Strict):
    words: Text
    phase: Phase
    check: bool = False


class _PhaseWords(Strict):
    source: Text
    source_date: Day
    phases: dict[Text, Phase]
    types: list[_Sign] = Field(min_length=1)
    names: list[_Sign] = Field(min_length=1)
    otherwise: Phase


@dataclass(frozen=True)
class Establishment:
    """A school as the register has it; empty text and None where the register does not say.

    `doubts` are sentences about what a person should check, each to be read after the school's name.
    """

    urn: str
    name: str
    phase: Phase
    school_type: str = ""
    laestab: str = ""
    la_code: str = ""
    la_name: str = ""
    joined: dt.date | None = None
    lowest_age: int | None = None
    highest_age: int | None = None
    doubts: list[str] = field(default_factory=list)


def fold_column(header: str) -> str:
    """A header of an official table by its letters and digits alone."""
    return re.sub(r"[^a-z0-9]", "", header.casefold())


def clean_name(text: str) -> str:
    """A name on one line, without signs that do not print, and without |, which joins keys here."""
    if not text.isprintable():
        text = "".join(sign if sign.isprintable() else " " for sign in text)
    return " ".join(text.replace("|", "/").split())


def read_establishment(row: Mapping[str, str]) -> Establishment:
    """Read one row, its columns named as `fold_column` does; the URN must be one."""
    doubts: list[str] = []
    urn, written = row["urn"], row.get("establishmentname", "")
    name = clean_name(written)
    if not name:
        name = f"School {urn}"
        doubts.append("the register has no name for it; fill one in.")
    elif "|" in written:
        doubts.append("its name holds the sign |, which is written / here.")
    school_type = clean_name(row.get("typeofestablishmentname", ""))
    phase, doubt = find_phase(row.get("phaseofeducationname", ""), school_type, name)
    if doubt:
        doubts.append(doubt)
    joined, seen = None, row.get("joineddate", "")
    if seen:
        joined = read_date(seen)
        if joined is None:
            doubts.append("the day it joined could not be read; fill in joined.")
    la_code, number = row.get("lacode", ""), row.get("establishmentnumber", "")
    la_code = la_code if re.fullmatch(r"[0-9]{3}", la_code) else ""
    has_number = la_code and re.fullmatch(r"[0-9]{1,4}", number)
    return Establishment(
        urn,
        name,
        phase,
        school_type,
        f"{la_code}{number:0>4}" if has_number else "",
        la_code,
        clean_name(row.get("laname", "")),
        joined,
        *_read_ages(row),
        doubts,
    )


def find_phase(phase: str, school_type: str, name: str) -> tuple[Phase, str]:
    """Return a school's phase and, where a person should check it, a sentence that says why, else ''."""
    known = _read_phase_words()
    words = " ".join(phase.casefold().split())
    if words in known.phases:
        return known.phases[words], ""
    for sign in known.types:
        if sign.words in school_type.casefold():
            doubt = f'its phase is taken to be {sign.phase}, because its type is "{school_type}".'
            return sign.phase, doubt if sign.check else ""
    for sign in known.names:
        if sign.words in name.casefold():
            return sign.phase, f'its phase is taken to be {sign.phase}, from the word "{sign.words}" in its name.'
    return known.otherwise, f"its phase is taken to be {known.otherwise}, because the register says none."


def read_date(text: str) -> dt.date | None:
    """Read a date as official tables write it; None where it is none."""
    for form in _DATE_FORMS if text else ():
        try:
            return dt.datetime.strptime(text, form).date()  # noqa: DTZ007  a day has no time zone
        except ValueError:
            continue
    return None


def _read_ages(row: Mapping[str, str]) -> tuple[int | None, int | None]:
    ages = [row.get(column, "") for column in ("statutorylowage", "statutoryhighage")]
    if not all(re.fullmatch(r"[0-9]{1,2}", age) and int(age) <= 25 for age in ages):
        return None, None
    low, high = (int(age) for age in ages)
    return (low, high) if low <= high else (None, None)


@cache
def _read_phase_words() -> _PhaseWords:
    return read_yaml(Path(__file__).with_name("establishments.yml"), _PhaseWords)
