"""The roll: the pupils one school has named, and how each may be found. Nowhere else are identifiers kept.

Here live one school's roll (`lake/identities/<urn>.parquet`, readable by its owner alone) and its indexes. One row of
it lives in `roll_row`, the matching of rows to it in `identities`.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Collection, Iterable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from ingest.known_pupil import KnownPupil, make_said_name
from ingest.names import drop_accents
from ingest.roll_row import RollRow, fold_number, may_be_one
from ingest.same_pupil import Links, find_links

ROLL_SCHEMA = pa.schema([pa.field(name, pa.string()) for name in RollRow._fields])


class Roll:
    """The pupils one school has named, oldest receipt first, found by each of their identifiers."""

    def __init__(self, urn: str, rows: Iterable[RollRow] = (), *, is_older: bool = False) -> None:
        self.urn = urn
        self.is_older = is_older  # written before rows had all they have now, so to be made anew from the files
        self.rows: list[RollRow] = []
        self.by_upn: dict[str, str] = {}  # UPN or former UPN -> key; '' where it stands for two pupils
        self.by_local: dict[str, set[str]] = {}
        self.by_name: dict[str, set[str]] = {}
        self.by_name_and_birth: dict[tuple[str, str], set[str]] = {}
        self.known: dict[str, KnownPupil] = {}  # key -> the pupil's names and birth dates
        self.held: dict[str, set[str]] = {}  # local number -> every key that had it in any list
        self.by_year: dict[str, set[str]] = {}  # academic year -> the keys its lists name
        self.newest: set[str] = set()  # the keys of the newest receipt
        self._holder: dict[str, RollRow] = {}  # UPN -> the newest row whose own it is
        self._links: Links | None = None
        self._plain: dict[tuple[str, str], set[str]] | None = None
        self._of_year: dict[str, set[str]] = {}
        by_receipt: dict[str, list[RollRow]] = {}
        for row in rows:
            by_receipt.setdefault(row.receipt_id, []).append(row)
        for some in by_receipt.values():
            self.add(some)

    def add(self, rows: Iterable[RollRow]) -> None:
        """Add the rows of one receipt, the newest: its numbers stand over those of earlier ones."""
        new = list(rows)
        self._links = self._plain = None
        self._of_year = {}
        self.newest = {row.pupil_key for row in new} - {""} or self.newest
        numbers: dict[str, set[str]] = {}
        former: dict[str, set[str]] = {}
        for row in new:
            if row.local_number:
                numbers.setdefault(fold_number(row.local_number), set()).add(row.pupil_key)
            if not row.pupil_key:
                continue
            holder = self._holder.get(row.former_upn)
            if row.former_upn and (holder is None or may_be_one(holder, row)):
                former.setdefault(row.former_upn, set()).add(row.pupil_key)
            for name in row.names:
                self.by_name.setdefault(name, set()).add(row.pupil_key)
                self.by_name_and_birth.setdefault((name, row.date_of_birth), set()).add(row.pupil_key)
            self._know(row)
        self.by_upn |= {upn: min(keys) if len(keys) == 1 else "" for upn, keys in former.items()}
        # A UPN that is somebody's now is no longer only a former one.
        self.by_upn |= {row.upn: row.pupil_key for row in new if row.upn}
        self.by_upn |= {row.upn: "" for row in new if row.upn and not row.pupil_key}
        self._holder |= {row.upn: row for row in new if row.upn and row.pupil_key}
        self.by_local |= numbers
        self.rows += new

    def _know(self, row: RollRow) -> None:
        known = self.known.setdefault(row.pupil_key, KnownPupil())
        if row.name:
            known.names.add(make_said_name(row.surname, row.forename, row.full_name))
        if row.date_of_birth:
            known.births.add(row.date_of_birth)
        if row.local_number:
            self.held.setdefault(fold_number(row.local_number), set()).add(row.pupil_key)
        if row.academic_year:
            self.by_year.setdefault(row.academic_year, set()).add(row.pupil_key)

    def list_year(self, year: str) -> set[str]:
        """Return whom the lists of an academic year name ('': of the latest one), by the keys they have now."""
        year = year or max(self.by_year, default="")
        if year not in self._of_year:
            self._of_year[year] = {self.links.latest(key) for key in self.by_year.get(year, ())}
        return self._of_year[year]

    @property
    def links(self) -> Links:
        """Which keys of this roll are one pupil's, and which may be."""
        if self._links is None:
            several = [keys for (_, birth), keys in self.by_name_and_birth.items() if birth and len(keys) > 1]
            formers = {row.former_upn for row in self.rows if row.former_upn}
            about = {row.pupil_key for row in self.rows if row.former_upn or row.upn in formers}.union(*several)
            # Nearly all pupils keep their number; only the rows of the others are compared.
            self._links = find_links(row for row in self.rows if row.pupil_key in about) if about else Links()
        return self._links

    def find_plain(self, name: str, birth: str) -> set[str]:
        """Return the pupils of a folded name, and of a birth date unless it is '', when accents are left out."""
        if self._plain is None:
            self._plain = {}
            for (known, born), keys in self.by_name_and_birth.items():
                for when in {born, ""}:
                    self._plain.setdefault((drop_accents(known), when), set()).update(keys)
        return self._plain.get((drop_accents(name), birth), set())

    @property
    def upn_keys(self) -> set[str]:
        """Keys of the pupils known by UPN (those mean the same pupil at every school)."""
        return {row.pupil_key for row in self.rows if row.upn and row.pupil_key}

    @property
    def fingerprint(self) -> str:
        """Hash of all that matching looks at, for the cache of files that are matched against this roll."""
        said = (
            sorted(self.by_upn.items()),
            sorted((number, sorted(keys)) for number, keys in self.by_local.items()),
            sorted((name, sorted(keys)) for name, keys in self.by_name.items()),
            sorted((name, sorted(keys)) for name, keys in self.by_name_and_birth.items()),
            sorted(
                (key, sorted(tuple(map(sorted, name[:3])) for name in known.names), sorted(known.births))
                for key, known in self.known.items()
            ),
            sorted((number, sorted(keys)) for number, keys in self.held.items()),
            sorted((year, sorted(keys)) for year, keys in self.by_year.items()),
            sorted(self.newest) if len(self.newest) < len(self.known) else "all",
            sorted(self.links.to.items()),
        )
        return hashlib.sha256(repr(said).encode()).hexdigest()[:16] if self.rows else "none"

    def of_receipt(self, receipt_id: str) -> list[RollRow]:
        """Return the rows one receipt gave."""
        return [row for row in self.rows if row.receipt_id == receipt_id]

    def of_receipts(self, receipt_ids: Collection[str]) -> Roll:
        """Return the roll as only these receipts make it."""
        if all(row.receipt_id in receipt_ids for row in self.rows):
            return self
        return Roll(self.urn, [row for row in self.rows if row.receipt_id in receipt_ids])


def load_roll(folder: Path, urn: str) -> Roll:
    """Return the school's roll from `folder` (lake/identities); an empty one when there is none that can be read."""
    path = folder / f"{urn}.parquet"
    if not path.exists():
        return Roll(urn)
    try:
        older = not set(ROLL_SCHEMA.names) <= set(pq.read_schema(path).names)
        table = pq.read_table(path, schema=ROLL_SCHEMA)  # a column that is not there is empty
    except (OSError, pa.ArrowException):  # a damaged one is made anew from the files
        return Roll(urn)
    columns = [table.column(name).to_pylist() for name in RollRow._fields]
    rows = [RollRow(*(value or "" for value in row)) for row in zip(*columns, strict=True)]
    return Roll(urn, rows, is_older=older)


def save_roll(folder: Path, roll: Roll) -> None:
    """Write the school's roll beside and put it in place, readable by its owner alone."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    path = folder / f"{roll.urn}.parquet"
    beside = path.with_suffix(".next")
    beside.unlink(missing_ok=True)  # a file left by a run that died would keep its own mode
    columns = list(zip(*roll.rows, strict=True)) or [()] * len(ROLL_SCHEMA)
    arrays = [pa.array(values, type=pa.string()) for values in columns]
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        pq.write_table(pa.Table.from_arrays(arrays, schema=ROLL_SCHEMA), file)
    beside.replace(path)
