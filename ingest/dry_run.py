"""Dry run: what would become of one file, without keeping anything (`plumbline check`).

Here lives the trying of a file as if it lay in a school's inbox or, when it holds several schools, in `_trust`.
Nothing is written.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

from ingest.fixes import Fix
from ingest.format_file import FormatFile
from ingest.history import Arrival, load_arrivals
from ingest.home import Home, Secret
from ingest.inbox import WHOLE_TRUST, Found
from ingest.intake import list_predecessors, try_landing
from ingest.landed import Landed
from ingest.landing import Opened, hash_file, refuse_opened
from ingest.matching import open_guarded
from ingest.parts import Part, Signature, draw_part
from ingest.received import Intake, SchoolIntake, SchoolTables, Shelf, make_senders
from ingest.roll import load_roll
from ingest.school_column import Directory
from ingest.settlement import build_tables
from ingest.trust_files import Whole, list_whole_fixes, read_whole
from ingest.whose_file import Sender


def try_file(
    home: Home, formats: dict[str, FormatFile], secret: Secret, file: Path, urn: str, as_of: dt.date
) -> SchoolTables:
    """Return the tables the file alone would give, matched to the roll the school has sent so far.

    Of a file of several schools that is this school's part; what is said of the whole file stands on the fix-list
    beside it. Raises KeyError when no school has that URN and OSError when the file cannot be opened.
    """
    senders = make_senders(home.schools)
    shelf = Shelf(home, formats, secret)
    school = SchoolIntake(senders[urn], [], load_roll(shelf.identities, urn))
    intake = Intake({urn: school}, [], [], shelf, frozenset(senders), predecessors=list_predecessors(home.schools))
    whole = read_whole(file, formats, Directory(senders))
    found = Found(file, file.name, hash_file(file))
    in_trust = file.resolve().parent.name.casefold() == WHOLE_TRUST
    if in_trust or (isinstance(whole, Whole) and len(whole.split.places) > 1):
        opened = whole if isinstance(whole, Landed) else _open_part(whole, school.sender)
        part = Part(Signature("", ""), lambda: opened)
        found = replace(found, name=f"{WHOLE_TRUST}/{file.name}", part=part)
    else:
        opened = open_guarded(shelf, school.sender, file)
    number = len(load_arrivals(shelf.receipts, urn)) + 1
    arrival = Arrival(f"{urn}-try", number, found.name, str(found.sha256), as_of.isoformat())
    try_landing(intake, school, arrival, found, opened)
    return build_tables(school, {r.receipt_id for r in school.received if r.outcome == "accepted"})


def _open_part(whole: Whole, sender: Sender) -> Opened | Landed:
    """Return the school's part of a file, with what is to be said of the file as a whole."""
    schools, rows = len(whole.split.places), len(whole.opened.data.cells)
    places = whole.split.places.get(sender.urn)
    if places is None:
        return refuse_opened(
            whole.opened,
            f"None of its {rows} rows of data names {sender.name} ({sender.urn}); it holds rows of {schools} other "
            f"school{'s' if schools > 1 else ''}.",
            "Nothing to do, if the school is not meant to be in this export. Else add the school to it.",
            "no row of this school",
        )
    opened = draw_part(whole.opened, places)
    note = Fix(
        code="file of several schools",
        field="whole file",
        seen=f"{rows} rows of data of {schools} school{'s' if schools > 1 else ''}, {len(places)} of them of "
        f"{sender.name}",
        expected=f"a file in the inbox's folder {WHOLE_TRUST}",
        remedy=f"Put it into {WHOLE_TRUST} once, for all its schools; in a school's own folder only that school's "
        "rows are read.",
        severity="look",
    )
    opened.landed.fixes += [note, *list_whole_fixes(whole)]
    return opened
