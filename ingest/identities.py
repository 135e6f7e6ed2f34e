"""Identities: the only place that knows who a pupil is. A keyed hash goes out; no identifier does.

Here live one school's roll (`lake/identities/<urn>.parquet`, readable by its owner alone) and the matching of
rows to it. What a row says about the pupil does not live here.
"""

from __future__ import annotations

import hashlib
import hmac
import os
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from ingest.fixes import Fix, describe_shape
from ingest.upn import read_upn
from ingest.values import NotAValue, read_date

ROLL_SCHEMA = pa.schema(
    [
        pa.field(name, pa.string())
        for name in (
            "pupil_key", "receipt_id", "upn", "former_upn", "local_number", "surname", "forename", "date_of_birth",
        )
    ]
)  # fmt: skip

NOT_ON_ROLL = "pupil not on roll"
SEVERAL_FIT = "more than one pupil fits"
NO_NUMBER = "row says no pupil"

REMEDIES = {
    NOT_ON_ROLL: "Check the number or name against the pupil list; if the pupil has joined since, send a new pupil list.",
    SEVERAL_FIT: "Two pupils share this name. Add the UPN, the local number or the date of birth to the export.",
    NO_NUMBER: "Fill in the pupil's number, or delete the row if it is not a pupil's.",
}


@dataclass
class Roll:
    """The pupils one school has named, newest receipt last."""

    urn: str
    rows: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=ROLL_SCHEMA.names, dtype=str))

    def __post_init__(self) -> None:
        self.by_local: dict[str, set[str]] = defaultdict(set)
        self.by_name: dict[str, set[str]] = defaultdict(set)
        self.by_name_and_birth: dict[tuple[str, str], set[str]] = defaultdict(set)
        latest_local: dict[str, str] = {}
        for row in self.rows.itertuples(index=False):
            if row.local_number:
                latest_local[row.local_number] = row.pupil_key  # a corrected UPN replaces the earlier key
            for name in (f"{row.surname} {row.forename}", f"{row.forename} {row.surname}"):
                if name.strip():
                    self.by_name[fold_name(name)].add(row.pupil_key)
                    self.by_name_and_birth[fold_name(name), row.date_of_birth].add(row.pupil_key)
        for number, key in latest_local.items():
            self.by_local[number] = {key}

    @property
    def upn_keys(self) -> set[str]:
        """Keys of the pupils known by UPN (those mean the same pupil at every school)."""
        return set(self.rows.loc[self.rows["upn"] != "", "pupil_key"])

    @property
    def fingerprint(self) -> str:
        """Hash of who is on the roll, for the cache of files that are matched against it."""
        parts = self.rows.drop(columns="receipt_id").drop_duplicates().astype(str).agg("|".join, axis=1)
        return hashlib.sha256("\n".join(sorted(parts)).encode()).hexdigest()[:16] if len(parts) else "none"

    def with_rows(self, receipt_id: str, rows: pd.DataFrame) -> Roll:
        """Return the roll with this receipt's rows in place of any it gave before; arrival order is kept."""
        kept = self.rows[self.rows["receipt_id"] != receipt_id]
        both = pd.concat([kept, rows.assign(receipt_id=receipt_id)], ignore_index=True)
        return Roll(self.urn, both[ROLL_SCHEMA.names].sort_values("receipt_id", kind="stable", ignore_index=True))


def load_roll(folder: Path, urn: str) -> Roll:
    """Return the school's roll from `folder` (lake/identities); an empty one when there is none yet."""
    path = folder / f"{urn}.parquet"
    return Roll(urn, pq.read_table(path).to_pandas().fillna("")) if path.exists() else Roll(urn)


def save_roll(folder: Path, roll: Roll) -> None:
    """Write the school's roll beside and put it in place, readable by its owner alone."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    path = folder / f"{roll.urn}.parquet"
    beside = path.with_suffix(".next")
    with open(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        pq.write_table(pa.Table.from_pandas(roll.rows, schema=ROLL_SCHEMA, preserve_index=False), file)
    beside.replace(path)


def fold_name(name: str) -> str:
    """Return a name as it is compared: no case, comma, hyphen or apostrophe, one space."""
    return " ".join(name.casefold().replace(",", " ").replace("-", " ").replace("'", "").replace("\u2019", "").split())


@dataclass
class Matched:
    """Whose row each row is: `keys` by file row (None where refused), `reasons` where refused, and the roll's rows."""

    keys: dict[int, str]
    reasons: dict[int, str]
    fixes: list[Fix]
    roll_rows: pd.DataFrame


def match_rows(
    cells: pd.DataFrame,
    headers: dict[str, str],
    roll: Roll,
    key: bytes,
    *,
    makes_roll: bool,
    date_order: str,
) -> Matched:
    """Match each row's identifiers (columns by our word, '' where blank, index = file row) to a pupil key.

    By UPN; else by the school's own number; else by name and date of birth, or by name alone where the file has
    no date of birth, when exactly one pupil on the roll fits. A file that makes the roll may name new pupils.
    """
    out = Matched({}, {}, [], pd.DataFrame(columns=[c for c in ROLL_SCHEMA.names if c != "receipt_id"], dtype=str))
    known: list[dict[str, str]] = []
    for file_row, *values in cells.itertuples():
        said = dict(zip(cells.columns, values, strict=True))
        upn = _read_row_upn(said.get("upn", ""), file_row, headers, out, spare=bool(said.get("local_number") or makes_roll))
        local = said.get("local_number", "")
        birth = _read_birth(said.get("date_of_birth", ""), date_order)
        name = fold_name(said.get("full_name") or f"{said.get('surname', '')} {said.get('forename', '')}")
        found: set[str] = set()
        if upn:
            found = {_hash(key, upn)}
        elif local and local in roll.by_local:
            found = roll.by_local[local]
        elif makes_roll and local:
            found = {_hash(key, f"{roll.urn}|{local}")}
        elif name:
            found = roll.by_name_and_birth.get((name, birth), set()) if birth else roll.by_name.get(name, set())
        if len(found) == 1:
            (pupil_key,) = found
            out.keys[file_row] = pupil_key
            if makes_roll:
                former, _ = read_upn(said.get("former_upn", ""))
                known.append(
                    {
                        "pupil_key": pupil_key, "upn": upn or "", "former_upn": former or "", "local_number": local,
                        "surname": said.get("surname", ""), "forename": said.get("forename", ""),
                        "date_of_birth": birth,
                    }
                )  # fmt: skip
            continue
        reason = SEVERAL_FIT if found else NOT_ON_ROLL if (local or name or said.get("upn")) else NO_NUMBER
        out.reasons[file_row] = reason
        field_name = next((headers[c] for c in cells.columns if said.get(c)), next(iter(headers.values())))
        seen = next((said[c] for c in cells.columns if said.get(c)), "")
        out.fixes.append(
            Fix(
                code=reason,
                field=field_name,
                seen=describe_shape(seen),
                expected="one pupil on this school's roll" if not makes_roll else "a UPN or the school's own number",
                remedy=REMEDIES[reason],
                file_row=file_row,
            )
        )
    if known:
        out.roll_rows = pd.DataFrame(known, dtype=str).drop_duplicates(ignore_index=True)
    return out


def _read_row_upn(text: str, file_row: int, headers: dict[str, str], out: Matched, *, spare: bool) -> str | None:
    upn, note = read_upn(text)
    if note is None:
        return upn
    if upn:
        out.fixes.append(
            Fix(
                code="UPN repaired",
                field=headers["upn"],
                seen="12 digits without the first letter; not shown, as they identify a pupil",
                expected="a letter and 12 digits; the letter was worked out from the digits",
                remedy="Nothing to do now. Format the column as text before saving, so that the letter is kept.",
                file_row=file_row,
                severity="look",
            )
        )
        return upn
    out.fixes.append(
        Fix(
            code="not a UPN",
            field=headers["upn"],
            seen=f"{describe_shape(text)}: {note}",
            expected="a letter and 12 digits (the last may be a letter in a temporary UPN)",
            remedy="Correct the UPN in the school's system and export again.",
            file_row=file_row,
            severity="look" if spare else "fix",
        )
    )
    return None


def _read_birth(text: str, order: str) -> str:
    if not text:
        return ""
    try:
        return read_date(text, order).isoformat()
    except NotAValue:
        return ""


def _hash(key: bytes, text: str) -> str:
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()[:32]
