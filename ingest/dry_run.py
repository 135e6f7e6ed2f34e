"""Dry run: what would become of one file, without keeping anything (`plumbline check`).

Here lives the trying of a file as if it lay in a school's inbox. Nothing is written.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from ingest.format_file import FormatFile
from ingest.history import Arrival, load_arrivals
from ingest.home import Home, Secret
from ingest.intake import try_landing
from ingest.landing import hash_file
from ingest.received import SchoolIntake, SchoolTables, Shelf, make_senders
from ingest.roll import load_roll
from ingest.settlement import build_tables


def try_file(
    home: Home, formats: dict[str, FormatFile], secret: Secret, file: Path, urn: str, as_of: dt.date
) -> SchoolTables:
    """Return the tables the file alone would give, matched to the roll the school has sent so far.

    Raises KeyError when no school has that URN and OSError when the file cannot be opened.
    """
    senders = make_senders(home.schools)
    shelf = Shelf(home, formats, secret)
    school = SchoolIntake(senders[urn], [], load_roll(shelf.identities, urn))
    number = len(load_arrivals(shelf.receipts, urn)) + 1
    arrival = Arrival(f"{urn}-try", number, file.name, hash_file(file), as_of.isoformat())
    rolls = {other: school.roll if other == urn else load_roll(shelf.identities, other) for other in senders}
    try_landing(shelf, school, arrival, file, rolls)
    return build_tables(school, {r.receipt_id for r in school.received if r.outcome == "accepted"})
