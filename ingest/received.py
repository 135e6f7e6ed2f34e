"""Received: the receipts of one run, each file with what was made of it so far.

Here live the types that intake, settlement and the dry run share, and the shelf a home keeps things on. Nothing
is decided here.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from ingest.contract import CONTRACT_VERSION
from ingest.format_file import FormatFile
from ingest.history import Arrival
from ingest.home import Home, Secret
from ingest.home.register import School
from ingest.identities import Matched
from ingest.inbox import Found
from ingest.landed import Landed
from ingest.landing import Opened
from ingest.parts import Part
from ingest.records import Records
from ingest.roll import Roll
from ingest.trust_files import TrustFolder
from ingest.whose_file import Sender


@dataclass
class Received:
    """One receipt in this run: its arrival, what was landed, and how the file stands.

    `path` is where the file lies now, if it does; of a file of several schools, `part` is this school's part of it.
    `matched_to` is the fingerprint of the roll its rows are
    matched with; `kept` whether `landed` was kept from an earlier run, `landed_now` whether it was made in this one.
    """

    arrival: Arrival
    landed: Landed
    outcome: str  # accepted (so far), refused, duplicate
    path: Path | None = None
    part: Part | None = None
    duplicate_of: str | None = None
    opened: Opened | None = None
    matched: Matched | None = None
    matched_to: str = "-"
    kept: bool = False
    landed_now: bool = False

    @property
    def receipt_id(self) -> str:
        """The id of the receipt, as <urn>-<nnn>."""
        return self.arrival.receipt_id

    @property
    def in_inbox(self) -> bool:
        """Whether the file, under this or another name, lies in the school's folder now."""
        return self.path is not None

    @property
    def makes_roll(self) -> bool:
        """Whether the file names the pupils of the school."""
        return self.landed.format is not None and self.landed.format.makes_roll


@dataclass
class SchoolTables:
    """One school's tables as they go into the lake: live records by kind, and the finding tables by name."""

    records: dict[str, Records]
    findings: dict[str, pd.DataFrame]


@dataclass
class SchoolIntake:
    """All receipts of one school, in order of arrival, its roll, and its tables once they are built."""

    sender: Sender
    received: list[Received]
    roll: Roll
    skipped: list[Found] = field(default_factory=list)
    tables: SchoolTables | None = None

    @property
    def urn(self) -> str:
        """The school's URN."""
        return self.sender.urn


class Shelf:
    """Where a home keeps things, and what every file of this run is read with."""

    def __init__(self, home: Home, formats: dict[str, FormatFile], secret: Secret) -> None:
        self.landing = home.lake / "landing"
        self.identities = home.lake / "identities"
        self.receipts = home.history / "receipts"
        self.formats = formats
        self.secret = secret
        self._read_with = "+".join(sorted(form.sha256[:12] for form in formats.values()))

    def cache_key(self, sha256: str, sender: Sender, part: Part | None = None) -> str:
        """Return what must be the same for a landed file to be used again (besides the roll it is matched with)."""
        names = sorted((name, urn) for name, urn in sender.other_names.items())
        named = repr((sender.urn, sender.name, sender.laestab, names))
        drawn = [part.signature.drawn] if part else []
        return "|".join((CONTRACT_VERSION, self.secret.key_id, sha256, self._read_with, named, *drawn))

    def is_of_this_key(self, cache_key: str) -> bool:
        """Return whether a landed file was kept under the present contract and the present key."""
        return cache_key.split("|")[:2] == [CONTRACT_VERSION, self.secret.key_id]

    def folder(self, urn: str, receipt_id: str) -> Path:
        """Return the folder a receipt's landed file is kept in."""
        return self.landing / urn / receipt_id


@dataclass
class Intake:
    """What an intake found: each school's receipts, what lies in no school's folder, and what could not be kept.

    `purged`: receipts that were accepted once, and of which neither the file nor what was landed is left. `trust`:
    the files of several schools. `predecessors`: URN -> the URN the school had before, where the register says so.
    """

    schools: dict[str, SchoolIntake]
    strays: list[str]
    purged: list[str]
    shelf: Shelf = field(repr=False)
    registered: frozenset[str] = frozenset()
    trust: TrustFolder = field(default_factory=TrustFolder)
    predecessors: Mapping[str, str] = field(default_factory=dict)

    @property
    def has_loose_ends(self) -> bool:
        """Whether anything could not be opened this time, or lies where nobody reads it."""
        skipped = [self.trust.skipped, *(school.skipped for school in self.schools.values())]
        return bool(self.strays or self.trust.uncut or any(skipped))


def make_senders(schools: Collection[School]) -> dict[str, Sender]:
    """Return each school of the register as the sender of files, by URN."""
    names = {school.name: school.urn for school in schools}
    return {s.urn: Sender(s.urn, s.name, s.laestab or "", names) for s in schools}
