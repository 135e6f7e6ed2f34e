"""Intake: every school's inbox to candidate records, the records a school would have if this run is accepted.

Here lives the order of work across files and schools: what arrived, what was read before, rolls first (so that
other files can be matched to them), then the rest. Nothing is accepted here: see `settlement`. What makes a file
another school's across folders lives in `elsewhere`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import replace
from pathlib import Path

from ingest.elsewhere import refuse_pupils_elsewhere, refuse_same_file_elsewhere
from ingest.fixes import Fix
from ingest.format_file import FormatFile
from ingest.history import Arrival, load_arrivals, name_receipt, order_new
from ingest.home import Home, Secret
from ingest.inbox import Found, look_into
from ingest.landed import Landed, refuse_file
from ingest.landing import Opened
from ingest.landing_store import load_landed, save_landed
from ingest.matching import land_all, land_received, match_received, match_rolls, open_guarded
from ingest.received import Intake, Received, SchoolIntake, Shelf, make_senders
from ingest.roll import Roll, load_roll, save_roll
from ingest.whose_file import Sender


def take_in(
    home: Home,
    formats: dict[str, FormatFile],
    secret: Secret,
    as_of: dt.date,
    *,
    inbox: Path | None = None,
    urns: Collection[str] | None = None,
) -> Intake:
    """Land what lies in the inboxes of `urns` (all schools, if None) and return it with all that came before.

    One school's trouble stays its own: a file that cannot be used becomes a receipt that says why.
    Raises FileNotFoundError when there is no inbox folder and ValueError when a school's history is damaged.
    """
    senders = make_senders(home.schools)
    looked = look_into(inbox or home.inbox, senders)
    shelf = Shelf(home, formats, secret)
    intake = Intake({}, looked.strays, [], shelf, frozenset(senders))
    for urn, sender in senders.items():
        if urns is None or urn in urns:
            intake.schools[urn] = _receive(shelf, sender, looked.files[urn], as_of, intake.purged)
    refuse_same_file_elsewhere(intake, looked)
    for school in intake.schools.values():
        match_rolls(shelf, school)
    rolls = {urn: _find_roll(intake, urn) for urn in senders}
    for urn in refuse_pupils_elsewhere(intake, rolls):
        match_rolls(shelf, intake.schools[urn])
    for school in intake.schools.values():
        land_all(shelf, school, school.roll)
    refuse_pupils_elsewhere(intake, {urn: _find_roll(intake, urn) for urn in senders})
    for school in intake.schools.values():
        _follow_originals(school)
        _keep(shelf, school)
        save_roll(shelf.identities, school.roll)
    return intake


def _find_roll(intake: Intake, urn: str) -> Roll:
    school = intake.schools.get(urn)
    return school.roll if school else load_roll(intake.shelf.identities, urn)


def _receive(shelf: Shelf, sender: Sender, found: list[Found], as_of: dt.date, purged: list[str]) -> SchoolIntake:
    """Number what is new, open what was not landed before."""
    urn = sender.urn
    arrivals = load_arrivals(shelf.receipts, urn)
    school = SchoolIntake(sender, [], load_roll(shelf.identities, urn))
    school.skipped = [file for file in found if file.sha256 is None]
    lying = {(file.name, file.sha256): file for file in found if file.sha256 is not None}
    known = {(a.file_name, a.file_sha256) for a in arrivals}
    unknown = [file for key, file in lying.items() if key not in known]
    for arrival in arrivals:
        file = lying.get((arrival.file_name, arrival.file_sha256))
        if file is None:  # the same file under another name was not sent again
            file = next((file for file in unknown if file.sha256 == arrival.file_sha256), None)
            unknown = [other for other in unknown if other is not file]
        file = file or next((f for f in lying.values() if f.sha256 == arrival.file_sha256), None)
        school.received.append(_take_up(shelf, school, arrival, file, purged))
    opened: list[tuple[Found, Opened | Landed]] = []
    for file in unknown:
        try:
            opened.append((file, open_guarded(shelf, sender, file.path)))
        except OSError:  # it went, or was locked, since the inbox was looked into
            school.skipped.append(replace(file, sha256=None, trouble="The file could not be opened."))
    dates = [(one.landed if isinstance(one, Opened) else one).exported_on for _, one in opened]
    names = [file.name for file, _ in opened]
    for i in order_new(list(zip(names, dates, strict=True))):
        file, one = opened[i]
        number = len(school.received) + 1
        arrival = Arrival(name_receipt(urn, number), number, file.name, str(file.sha256), as_of.isoformat())
        school.received.append(_find_original(school.received, arrival, file.path) or _note(arrival, one, file.path))
    return school


def _take_up(shelf: Shelf, school: SchoolIntake, arrival: Arrival, file: Found | None, purged: list[str]) -> Received:
    """Return a receipt of an earlier run: from the landing store, else read again, else gone."""
    path = file.path if file else None
    original = _find_original(school.received, arrival, path)
    if original is not None:
        return original
    locked = any(skipped.name == arrival.file_name for skipped in school.skipped)
    if path is None and not locked and arrival.accepted_on is None:
        return _note(arrival, _refuse_withdrawn(), None)
    kept = load_landed(shelf.folder(school.urn, arrival.receipt_id), shelf.formats)
    key = shelf.cache_key(arrival.file_sha256, school.sender)
    if kept is not None and not shelf.is_of_this_key(kept.cache_key):
        kept = None  # its pupils have other keys, so they could not be known again
    # What was never accepted is judged anew: whether it is another school's may hang on what that one sent since.
    fresh = kept is not None and arrival.accepted_on is not None and kept.cache_key == key
    if path is not None and not fresh:
        try:
            opened = open_guarded(shelf, school.sender, path)
            if kept is None or arrival.accepted_on is None or isinstance(opened, Opened):
                return _note(arrival, opened, path)
            kept.landed.fixes.append(_say_kept(opened))
        except OSError:  # it went, or was locked, since the inbox was looked into
            path = None
    if kept is not None:
        received = _note(arrival, kept.landed, path)
        received.kept, received.matched_to = True, kept.matched_to
        return received
    if arrival.accepted_on is not None:
        purged.append(arrival.receipt_id)
    return _note(arrival, _refuse_gone(), None)


def _say_kept(refused: Landed) -> Fix:
    """Say that a file that was accepted cannot be read any more, and that what was read from it stays."""
    return Fix(
        code="kept as it was read before",
        field="whole file",
        seen=refused.reason,
        expected="a file the present formats can read",
        remedy="What was accepted stays for now. Put the format file right, or send the export anew.",
    )


def _find_original(received: Iterable[Received], arrival: Arrival, path: Path | None) -> Received | None:
    """Return the receipt as a duplicate of the earlier one of the same bytes, or None when it is the first."""
    first = next((r for r in received if r.arrival.file_sha256 == arrival.file_sha256), None)
    if first is None:
        return None
    return Received(arrival, Landed(), "duplicate", path, duplicate_of=first.duplicate_of or first.receipt_id)


def _refuse_withdrawn() -> Landed:
    return refuse_file(
        Landed(),
        "The file was taken out of the inbox before it was accepted.",
        "Nothing to do, if that was meant. Else put it back into the school's folder.",
        code="taken out",
    )


def _refuse_gone() -> Landed:
    return refuse_file(
        Landed(),
        "The file cannot be read now and what was landed from it has gone.",
        "Put the file back into the school's folder, or send a newer one.",
        code="file gone",
    )


def _note(arrival: Arrival, opened: Opened | Landed, path: Path | None) -> Received:
    landed = opened.landed if isinstance(opened, Opened) else opened
    received = Received(arrival, landed, "refused" if landed.reason else "accepted", path)
    received.opened = opened if isinstance(opened, Opened) else None
    return received


def _follow_originals(school: SchoolIntake) -> None:
    """Give each duplicate the counts of its original; where that was refused, so is the file that is the same."""
    by_id = {received.receipt_id: received for received in school.received}
    for received in school.received:
        if received.duplicate_of is None:
            continue
        original = by_id[received.duplicate_of]
        if original.outcome == "refused":
            received.outcome, received.duplicate_of, received.landed = "refused", None, original.landed
        else:
            received.landed = replace(original.landed, records={}, fixes=[], roll_rows=0)


def _keep(shelf: Shelf, school: SchoolIntake) -> None:
    for received in school.received:
        if received.outcome == "accepted" and received.landed_now:
            key = shelf.cache_key(received.arrival.file_sha256, school.sender)
            folder = shelf.folder(school.urn, received.receipt_id)
            save_landed(folder, received.landed, key, received.matched_to)
        received.opened = received.matched = None


def try_landing(shelf: Shelf, school: SchoolIntake, arrival: Arrival, path: Path, rolls: dict[str, Roll]) -> None:
    """Land one file for `school` as if it had arrived, keeping nothing. Raises OSError when it cannot be opened."""
    received = _note(arrival, open_guarded(shelf, school.sender, path), path)
    school.received.append(received)
    if received.opened is not None:
        match_received(shelf, school, received, school.roll)
        refuse_pupils_elsewhere(Intake({school.urn: school}, [], [], shelf), rolls)
    if received.opened is not None and received.matched is not None:
        land_received(school, received)
    received.opened = received.matched = None
