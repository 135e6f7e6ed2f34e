"""Matching: rolls first, so that other files can be matched to them, then the rest; each file then landed.

Here lives the order in which a school's files are matched and landed, and the rule that one file's trouble never
stops another's. What arrived lives in `intake`; how a row is matched in `identities`.
"""

from __future__ import annotations

import logging
from dataclasses import replace
from pathlib import Path

from ingest.landed import NO_ROWS, Landed, refuse_for_fault, refuse_unusable
from ingest.landing import Opened, land_file, match_file, open_file
from ingest.parts import Part
from ingest.received import Intake, Received, SchoolIntake, Shelf
from ingest.roll import Roll
from ingest.whose_file import Sender

log = logging.getLogger("plumbline.ingest")


def open_guarded(shelf: Shelf, sender: Sender, path: Path, part: Part | None = None) -> Opened | Landed:
    """Open a file (or a school's part of one), whatever it holds. Raises OSError when it cannot be opened at all."""
    try:
        return part.open() if part else open_file(path, shelf.formats.values(), sender)
    except OSError:
        raise
    except Exception as fault:  # one file's trouble must never stop another's; no value may leave with it
        log.error("%s: a file could not be read: %s", sender.urn, type(fault).__name__)
        return refuse_for_fault(fault)


def match_rolls(shelf: Shelf, school: SchoolIntake) -> None:
    """Build the school's roll from the files that make it, in order of arrival.

    Each is matched with the roll as the files before it made it, whether they were read in this run or not: a
    roll made anew from an emptied lake must be the same.
    """
    before, school.roll = school.roll, Roll(school.urn)
    for received in school.received:
        if received.outcome != "accepted" or not received.makes_roll:
            continue
        marker = school.roll.fingerprint
        rows = before.of_receipt(received.receipt_id)
        as_kept = received.matched_to == marker and len(rows) == received.landed.roll_rows and not before.is_older
        if received.matched is None or received.matched_to != marker:
            if received.kept and not as_kept:
                _open_again(shelf, school, received)
            if received.opened is not None:
                match_received(shelf, school, received, school.roll)
                received.matched_to = marker
        if received.outcome == "accepted":
            school.roll.add(received.matched.roll_rows if received.matched else rows)


def _open_again(shelf: Shelf, school: SchoolIntake, received: Received) -> None:
    """Open a kept file that must be matched anew; where it has gone, or is refused now, what was kept stays."""
    if received.path is None:
        return
    try:
        opened = open_guarded(shelf, school.sender, received.path, received.part)
    except OSError:
        return
    if isinstance(opened, Opened):
        received.opened, received.landed, received.kept = opened, opened.landed, False


def match_received(shelf: Shelf, school: SchoolIntake, received: Received, roll: Roll) -> None:
    opened = received.opened
    assert opened is not None
    try:
        received.matched = match_file(opened, roll, shelf.secret.key, received.receipt_id)
    except Exception as fault:  # as in open_guarded
        _refuse_fault(school, received, fault)


def _refuse_fault(school: SchoolIntake, received: Received, fault: Exception) -> None:
    log.error("%s: a file could not be landed: %s", school.urn, type(fault).__name__)
    rows = received.opened.rows if received.opened else NO_ROWS
    received.landed, received.outcome = refuse_for_fault(fault, rows), "refused"
    received.opened = received.matched = None


def land_all(shelf: Shelf, school: SchoolIntake, roll: Roll) -> None:
    """Land every opened file; match those that make no roll, unless they were landed with the same roll."""
    marker = roll.fingerprint
    for received in school.received:
        if received.outcome != "accepted":
            continue
        if not received.makes_roll:
            if received.kept and received.matched_to != marker:
                _open_again(shelf, school, received)
            if received.opened is not None:
                match_received(shelf, school, received, roll)
                received.matched_to = marker
        if received.opened is not None and received.matched is not None:
            land_received(school, received)


def land_received(school: SchoolIntake, received: Received) -> None:
    assert received.opened is not None
    assert received.matched is not None
    try:
        received.landed = land_file(received.opened, received.matched, school.sender, received.receipt_id)
    except Exception as fault:  # as in open_guarded
        _refuse_fault(school, received, fault)
        return
    if not received.arrival.accepted_on and not received.opened.form.makes_roll:
        refuse_unusable(received.landed)
        if received.landed.reason:
            received.outcome = "refused"
            received.opened = received.matched = None
            return
    received.landed_now = True
    if received.arrival.accepted_on or not received.matched.upn_keys:
        # Whose pupils these are is not asked (again), so the rows, with every identifier in them, can go.
        received.opened = received.matched = None


def land_with_roll_of(intake: Intake, urn: str, receipt_ids: set[str]) -> dict[str, Landed]:
    """Return, by receipt, those of `receipt_ids` as they are when only these receipts make the roll.

    Empty when the roll is the same without the others. A file that has gone from the inbox cannot be landed anew
    and is not among them.
    """
    school = intake.schools[urn]
    roll = school.roll.of_receipts(receipt_ids)
    if roll.fingerprint == school.roll.fingerprint:
        return {}
    again = SchoolIntake(school.sender, [], roll)
    for received in school.received:
        if received.receipt_id in receipt_ids and not received.makes_roll:
            again.received.append(replace(received, kept=True, matched_to=""))
    land_all(intake.shelf, again, roll)
    return {r.receipt_id: r.landed for r in again.received if not r.kept and r.outcome == "accepted"}
