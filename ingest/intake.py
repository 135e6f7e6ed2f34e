"""Intake: every school's inbox to candidate records, the records a school would have if this run is accepted.

Here lives the order of work across files and schools: what arrived, what was read before, rolls first (so that
other files can be matched to them), then the rest. Nothing is accepted here: see `settlement`. What makes a file
another school's across folders lives in `elsewhere`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import replace
from pathlib import Path

from ingest.arrivals import follow_arrivals
from ingest.departed import refuse_gone, refuse_withdrawn, say_kept
from ingest.elsewhere import refuse_pupils_elsewhere, refuse_same_file_elsewhere
from ingest.format_file import FormatFile
from ingest.history import Arrival, load_arrivals, name_receipt, order_new
from ingest.home import Home, Secret
from ingest.home.register import School
from ingest.inbox import Found, look_into
from ingest.landed import Landed
from ingest.landing import Opened
from ingest.landing_store import load_landed, save_landed
from ingest.matching import land_all, land_received, match_received, match_rolls, open_guarded
from ingest.parts import Part
from ingest.received import Intake, Received, SchoolIntake, Shelf, make_senders
from ingest.roll import Roll, load_roll, save_roll
from ingest.trust_files import read_trust_folder
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
    trust = read_trust_folder(shelf.receipts, shelf.landing, formats, senders, looked.trust, as_of)
    intake = Intake({}, looked.strays, [], shelf, frozenset(senders), trust, list_predecessors(home.schools))
    for urn, sender in senders.items():
        if urns is None or urn in urns:
            found = [*looked.files[urn], *trust.parts.get(urn, [])]
            intake.schools[urn] = _receive(shelf, sender, found, as_of, intake)
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


def list_predecessors(schools: Collection[School]) -> dict[str, str]:
    """Return the URN a school had before, by its URN, where the register says so."""
    return {school.urn: school.predecessor_urn for school in schools if school.predecessor_urn}


def _find_roll(intake: Intake, urn: str) -> Roll:
    school = intake.schools.get(urn)
    return school.roll if school else load_roll(intake.shelf.identities, urn)


def _receive(shelf: Shelf, sender: Sender, found: list[Found], as_of: dt.date, intake: Intake) -> SchoolIntake:
    """Number what is new, open what was not landed before."""
    urn = sender.urn
    arrivals = load_arrivals(shelf.receipts, urn)
    school = SchoolIntake(sender, [], load_roll(shelf.identities, urn))
    school.skipped = [file for file in found if file.sha256 is None]
    locked = {file.name for file in school.skipped} | intake.trust.uncut
    followed = follow_arrivals(arrivals, found)
    for arrival, lying in zip(arrivals, followed.lying, strict=True):
        school.received.append(_take_up(intake, school, arrival, lying, locked))
    new = [(file, _was_replaced(school.received, file)) for file in followed.new]
    new += [(file, True) for file in followed.put_back if _was_replaced(school.received, file)]
    opened: list[tuple[Found, bool, Opened | Landed]] = []
    for file, again in new:
        try:
            opened.append((file, again, open_guarded(shelf, sender, file.path, file.part)))
        except OSError:  # it went, or was locked, since the inbox was looked into
            school.skipped.append(replace(file, sha256=None, trouble="The file could not be opened."))
    dates = [(one.landed if isinstance(one, Opened) else one).exported_on for *_, one in opened]
    names = [file.name for file, *_ in opened]
    for i in order_new(list(zip(names, dates, strict=True))):
        file, again, one = opened[i]
        number = len(school.received) + 1
        # Of two copies sent together only the first stands anew.
        again = again and _was_replaced(school.received, file)
        arrival = Arrival(
            name_receipt(urn, number), number, file.name, str(file.sha256), as_of.isoformat(), again=again
        )
        school.received.append(_find_original(school.received, arrival, file) or _note(arrival, one, file))
    return school


def _was_replaced(received: Sequence[Received], file: Found) -> bool:
    """Whether the same file came before, and one of its format came and was accepted in its place since."""
    same = [i for i, r in enumerate(received) if r.arrival.file_sha256 == file.sha256 and r.outcome == "accepted"]
    form = received[same[-1]].landed.format if same else None
    return form is not None and any(
        r.outcome == "accepted" and r.arrival.accepted_on is not None and r.landed.format is form
        for r in received[same[-1] + 1 :]
    )


def _take_up(
    intake: Intake, school: SchoolIntake, arrival: Arrival, file: Found | None, locked: Collection[str]
) -> Received:
    """Return a receipt of an earlier run: from the landing store, else read again, else gone."""
    shelf = intake.shelf
    original = _find_original(school.received, arrival, file)
    if original is not None:
        return original
    if file is None and arrival.file_name not in locked and arrival.accepted_on is None:
        return _note(arrival, refuse_withdrawn(arrival.refused_because), None)
    kept = load_landed(shelf.folder(school.urn, arrival.receipt_id), shelf.formats)
    key = shelf.cache_key(arrival.file_sha256, school.sender, file.part if file else None)
    if kept is not None and not shelf.is_of_this_key(kept.cache_key):
        kept = None  # its pupils have other keys, so they could not be known again
    # What was never accepted is judged anew: whether it is another school's may hang on what that one sent since.
    fresh = kept is not None and arrival.accepted_on is not None and kept.cache_key == key
    if file is not None and not fresh:
        try:
            opened = open_guarded(shelf, school.sender, file.path, file.part)
            if kept is None or arrival.accepted_on is None or isinstance(opened, Opened):
                return _note(arrival, opened, file)
            kept.landed.fixes.append(say_kept(opened))
        except OSError:  # it went, or was locked, since the inbox was looked into
            file = None
    if kept is not None:
        received = _note(arrival, kept.landed, file)
        received.kept, received.matched_to = True, kept.matched_to
        return received
    if arrival.accepted_on is not None:
        intake.purged.append(arrival.receipt_id)
    return _note(arrival, refuse_gone(), None)


def _find_original(received: Sequence[Received], arrival: Arrival, file: Found | None) -> Received | None:
    """Return the receipt as a duplicate of the last one of the same bytes, or None when it stands for itself."""
    same = [r for r in received if r.arrival.file_sha256 == arrival.file_sha256]
    if arrival.again or not same:
        return None
    original = same[-1].duplicate_of or same[-1].receipt_id
    return Received(arrival, Landed(), "duplicate", *_where(file), duplicate_of=original)


def _note(arrival: Arrival, opened: Opened | Landed, file: Found | None) -> Received:
    landed = opened.landed if isinstance(opened, Opened) else opened
    received = Received(arrival, landed, "refused" if landed.reason else "accepted", *_where(file))
    received.opened = opened if isinstance(opened, Opened) else None
    return received


def _where(file: Found | None) -> tuple[Path | None, Part | None]:
    return (file.path, file.part) if file else (None, None)


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
            key = shelf.cache_key(received.arrival.file_sha256, school.sender, received.part)
            folder = shelf.folder(school.urn, received.receipt_id)
            save_landed(folder, received.landed, key, received.matched_to)
        received.opened = received.matched = None


def try_landing(intake: Intake, school: SchoolIntake, arrival: Arrival, file: Found, opened: Opened | Landed) -> None:
    """Land one file for `school` as if it had arrived, keeping nothing."""
    shelf = intake.shelf
    received = _note(arrival, opened, file)
    school.received.append(received)
    if received.opened is not None:
        match_received(shelf, school, received, school.roll)
        rolls = {urn: _find_roll(intake, urn) for urn in intake.registered}
        refuse_pupils_elsewhere(intake, rolls)
    if received.opened is not None and received.matched is not None:
        land_received(school, received)
    received.opened = received.matched = None
