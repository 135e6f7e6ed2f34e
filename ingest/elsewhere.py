"""Elsewhere: files that lie in one school's folder and are another's, seen by looking at all schools together.

Here lives the comparing across schools. What one file says of itself lives in `whose_file`. A file that was
accepted once is not refused for what others send later.
"""

from __future__ import annotations

from ingest.history import load_arrivals
from ingest.inbox import Inbox
from ingest.landing import refuse_opened
from ingest.received import Intake, Received, SchoolIntake
from ingest.roll import Roll
from ingest.whose_file import find_pupils_elsewhere, find_shared_rows, names_school


def refuse_same_file_elsewhere(intake: Intake, looked: Inbox) -> None:
    """Refuse a new file whose very bytes another school sends or had accepted, unless it names this school itself.

    A file that was taken out of another folder before it was accepted counts no longer.
    """
    owners: dict[str, set[str]] = {}
    for urn, files in looked.files.items():
        for file in files:
            if file.sha256 is not None:
                owners.setdefault(file.sha256, set()).add(urn)
        school = intake.schools.get(urn)
        arrivals = [r.arrival for r in school.received] if school else load_arrivals(intake.shelf.receipts, urn)
        for arrival in arrivals:
            if arrival.accepted_on is not None:
                owners.setdefault(arrival.file_sha256, set()).add(urn)
    for urn, school in intake.schools.items():
        for received in school.received:
            opened = received.opened
            others = owners.get(received.arrival.file_sha256, set()) - {urn}
            if opened is None or not others or received.arrival.accepted_on is not None:
                continue
            if names_school(opened.data, opened.header, school.sender):
                continue
            _refuse(
                received,
                f"The very same file lies in the folder of another school (URN {min(others)}).",
                "Take it out of the folder where it does not belong.",
                "same file elsewhere",
            )


def refuse_pupils_elsewhere(intake: Intake, rolls: dict[str, Roll]) -> list[str]:
    """Refuse each new file most of whose pupils (by UPN) are on another school's roll; return the schools' URNs.

    `rolls`: every school's, by URN. To be called when the rolls are matched, and again when all files are. A school
    shares its pupils with the one it was before it had this URN; and a part of a file of several schools is what its
    rows say, pupil by pupil.
    """
    upn_keys = {urn: roll.upn_keys for urn, roll in rolls.items()}
    strangers: list[tuple[str, Received, str, str]] = []
    for urn, school in intake.schools.items():
        kin = {urn, intake.predecessors.get(urn), *(new for new, old in intake.predecessors.items() if old == urn)}
        others = {other: keys for other, keys in upn_keys.items() if other not in kin}
        for received in school.received:
            if received.matched is None or received.outcome != "accepted" or received.arrival.accepted_on:
                continue
            if received.part is not None:
                continue
            own = _find_own(school, received)
            elsewhere = find_pupils_elsewhere(received.matched.upn_keys, own, others, school.sender)
            if elsewhere and not _is_shared(received, school, own, others):
                strangers.append((urn, received, *elsewhere))
    # Judged together before any is refused: what one school is told must not hang on which is looked at first.
    for _, received, reason, remedy in strangers:
        _refuse(received, reason, remedy, "another school's file")
    return sorted({urn for urn, *_ in strangers})


def _is_shared(received: Received, school: SchoolIntake, own: set[str], others: dict[str, set[str]]) -> bool:
    """Whether the file itself says that it is this school's, or that its pupils are registered at two schools."""
    opened, matched = received.opened, received.matched
    if opened is None or matched is None:
        return False
    if names_school(opened.data, opened.header, school.sender):
        return True
    shared = {matched.keys[row] for row in find_shared_rows(opened.data, opened.header) if row in matched.keys}
    return find_pupils_elsewhere(matched.upn_keys - shared, own, others, school.sender) is None


def _find_own(school: SchoolIntake, received: Received) -> set[str]:
    """Return the keys of the pupils whom the school's other files put on its roll."""
    return {row.pupil_key for row in school.roll.rows if row.receipt_id != received.receipt_id}


def _refuse(received: Received, reason: str, remedy: str, code: str) -> None:
    assert received.opened is not None
    received.landed = refuse_opened(received.opened, reason, remedy, code)
    received.opened, received.matched, received.outcome = None, None, "refused"
