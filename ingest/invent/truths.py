"""Truths: what was planted in the invented trust, as `truths.yml` lists it.

Here lives the reading of that list. Each truth and defect is planted by the module it concerns, which asks here whether
it is to be planted in a school, and with which numbers.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml


@dataclass(frozen=True)
class Planted:
    """One truth or defect: its name, what it says, the school it is in and its numbers by name."""

    name: str
    says: str
    school: str
    numbers: Mapping[str, Any]

    def __getitem__(self, number: str) -> Any:
        return self.numbers[number]


class Truths:
    """What is planted in the schools that were invented; `planted` are the names asked for and found so far."""

    def __init__(self, urns: Iterable[str]) -> None:
        here = set(urns)
        self._here = {name: one for name, one in read_truths().items() if one.school in here}
        self.planted: set[str] = set()

    def find(self, name: str) -> Planted | None:
        """Return what is to be planted under `name`; None where its school was not invented.

        Raises KeyError for a name that `truths.yml` does not list.
        """
        if read_truths()[name].name not in self._here:
            return None
        self.planted.add(name)
        return self._here[name]

    def at(self, name: str, urn: str) -> Planted | None:
        """Return what is to be planted under `name` where it is in this school; else None. KeyError as `find`."""
        return self.find(name) if read_truths()[name].school == urn else None


@cache
def read_truths() -> Mapping[str, Planted]:
    """Return everything `truths.yml` lists, by name."""
    told = yaml.safe_load((files("ingest.invent") / "truths.yml").read_text("utf-8"))
    return {
        name: Planted(name, said["says"].strip(), said["school"], said)
        for part in ("truths", "defects")
        for name, said in told[part].items()
    }
