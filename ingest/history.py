"""History: what arrived from each school, in which order, and what was accepted. It cannot be rebuilt.

Here live `history/receipts/<urn>.json` and the order of arrival. The outcome of reading a file is not kept here:
it follows from the file and its format, each time (but why a file was refused that may have gone since).
"""

from __future__ import annotations

import datetime as dt
import json
import re
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True)
class Arrival:
    """One file as it arrived: `receipt_id` is `<urn>-<nnn>`, counted per school; `accepted_on` once it stood.

    `again`: it came before, another one took its place, and it was sent again: it is the newest, and no duplicate.
    `refused_because`: why it could not be used when it was last seen; once it has gone nothing else can say so.
    """

    receipt_id: str
    arrival: int
    file_name: str
    file_sha256: str
    first_seen_on: str
    accepted_on: str | None = None
    again: bool = False
    refused_because: str | None = None


def load_arrivals(folder: Path, urn: str) -> list[Arrival]:
    """Return the school's arrivals in order, from `folder` (history/receipts).

    Raises ValueError when the file is damaged: it cannot be made anew, so nothing may be written over it.
    """
    path = folder / f"{urn}.json"
    if not path.exists():
        return []
    try:
        return [Arrival(**entry) for entry in json.loads(path.read_text("utf-8"))]
    except (ValueError, TypeError) as error:
        raise ValueError(
            f"history/receipts/{path.name} is damaged and cannot be made anew; restore it from a backup."
        ) from error


def save_arrivals(folder: Path, urn: str, arrivals: list[Arrival]) -> None:
    """Write the school's arrivals beside and put them in place."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{urn}.json"
    text = json.dumps([asdict(a) for a in arrivals], indent=1, ensure_ascii=False) + "\n"
    if path.exists() and path.read_text("utf-8") == text:
        return
    beside = path.with_suffix(".next")
    beside.write_text(text, "utf-8")
    beside.replace(path)


def order_new(names: list[tuple[str, dt.date | None]]) -> list[int]:
    """Return the order in which files first seen together count as arriving: by their own date, then by name.

    The time stamp of a file is not used: copying changes it, and the same inputs must give the same release.
    `marks (2).csv` comes after `marks.csv`, and `week 10` after `week 9`.
    """
    return sorted(range(len(names)), key=lambda i: (names[i][1] or dt.date.min, _natural(names[i][0])))


def _natural(name: str) -> tuple[list[tuple[int, int, str]], str]:
    stem, _, ending = name.casefold().rpartition(".")
    parts = re.split(r"(\d+)", stem or ending)
    return [(0, int(part), "") if part.isdigit() else (1, 0, part) for part in parts if part], name


def name_receipt(urn: str, arrival: int) -> str:
    """Return the id of the school's n-th receipt."""
    return f"{urn}-{arrival:03d}"
