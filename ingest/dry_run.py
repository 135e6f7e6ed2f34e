"""Dry run: what would become of one file, without keeping anything (`plumbline check`).

Here lives the trying of a file as if it lay in a school's inbox. Nothing is written.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from ingest.format_file import FormatFile
from ingest.history import Arrival, load_arrivals
from ingest.home import Home, Secret
from ingest.identities import load_roll
from ingest.intake import Received, SchoolIntake, SchoolTables
from ingest.landed import Landed
from ingest.landing import hash_file, land_file, match_file, open_file
from ingest.settlement import build_tables
from ingest.whose_file import Sender


def try_file(
    home: Home, formats: dict[str, FormatFile], secret: Secret, file: Path, urn: str, as_of: dt.date
) -> SchoolTables:
    """Return the tables the file alone would give, matched to the roll the school has sent so far.

    Raises KeyError when no school has that URN and OSError when the file cannot be opened.
    """
    school = {s.urn: s for s in home.schools}[urn]
    sender = Sender(urn, school.name, school.laestab or "", {s.name: s.urn for s in home.schools})
    roll = load_roll(home.lake / "identities", urn)
    number = len(load_arrivals(home.history / "receipts", urn)) + 1
    arrival = Arrival(f"{urn}-try", number, file.name, hash_file(file), as_of.isoformat())
    opened = open_file(file, formats.values(), sender)
    if isinstance(opened, Landed):
        landed = opened
    else:
        landed = land_file(opened, match_file(opened, roll, secret.key), sender, arrival.receipt_id)
    received = Received(arrival, landed, "refused" if landed.reason else "accepted", in_inbox=True)
    intake = SchoolIntake(urn, [received], roll)
    return build_tables(intake, {arrival.receipt_id} if received.outcome == "accepted" else set())
