"""Intake: every school's inbox to candidate records, the records a school would have if this run is accepted.

Here lives the order of work across files and schools: what arrived, what was read before, rolls first (so that
other files can be matched to them), then the rest. Nothing is accepted here: see `settlement`.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from ingest.contract import CONTRACT_VERSION
from ingest.format_file import FormatFile
from ingest.history import Arrival, load_arrivals, name_receipt, order_new
from ingest.home import Home, Secret
from ingest.home.register import School
from ingest.identities import Matched, Roll, load_roll, save_roll
from ingest.inbox import Found, look_into
from ingest.landed import Landed, refuse_file
from ingest.landing import Opened, land_file, match_file, open_file, refuse_opened
from ingest.landing_store import load_landed, save_landed
from ingest.pattern import plain_text
from ingest.whose_file import Sender, find_pupils_elsewhere

log = logging.getLogger("plumbline.ingest")


@dataclass
class Received:
    """One receipt in this run: its arrival, what was landed, and how the file stands."""

    arrival: Arrival
    landed: Landed
    outcome: str  # accepted (so far), refused, duplicate, skipped
    in_inbox: bool
    duplicate_of: str | None = None
    is_new: bool = False
    path: Path | None = None
    opened: Opened | None = None
    matched: Matched | None = None
    cached: bool = False


@dataclass
class SchoolTables:
    """One school's tables as they go into the lake: live records by kind, and the finding tables by name."""

    records: dict[str, pd.DataFrame]
    findings: dict[str, pd.DataFrame]


@dataclass
class SchoolIntake:
    """All receipts of one school, in order of arrival, its roll, and its tables once they are built."""

    urn: str
    received: list[Received]
    roll: Roll
    skipped: list[Found] = field(default_factory=list)
    tables: SchoolTables | None = None


@dataclass
class Intake:
    """What an intake found: each school's receipts, and what lies in no school's folder, in words."""

    schools: dict[str, SchoolIntake]
    strays: list[str]
    purged: list[str]


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
    Raises FileNotFoundError when there is no inbox folder.
    """
    registered = {school.urn: school for school in home.schools}
    looked = look_into(inbox or home.inbox, registered)
    wanted = [urn for urn in registered if urns is None or urn in urns]
    senders = _make_senders(home.schools)
    shelf = _Shelf(home, formats, secret)
    intake = Intake({}, looked.strays, [])
    for urn in wanted:
        intake.schools[urn] = _receive(shelf, senders[urn], looked.files[urn], as_of, intake.purged)
    _refuse_same_file_elsewhere(shelf, intake, senders)
    for school in intake.schools.values():
        _match_rolls(shelf, school)
    _refuse_rolls_elsewhere(shelf, intake, senders, registered)
    for urn, school in intake.schools.items():
        _land_rest(shelf, school, senders[urn])
        save_roll(shelf.identities, school.roll)
    return intake


class _Shelf:
    """Where a home keeps things, and what every file is read with."""

    def __init__(self, home: Home, formats: dict[str, FormatFile], secret: Secret) -> None:
        self.landing = home.lake / "landing"
        self.identities = home.lake / "identities"
        self.receipts = home.history / "receipts"
        self.formats = formats
        self.secret = secret
        self.formats_hash = "+".join(sorted(form.sha256[:12] for form in formats.values()))

    def cache_key(self, sha256: str, roll: Roll | None) -> str:
        matched_by = roll.fingerprint if roll is not None else "-"
        return "|".join((CONTRACT_VERSION, self.secret.key_id, sha256, self.formats_hash, matched_by))

    def folder(self, urn: str, receipt_id: str) -> Path:
        return self.landing / urn / receipt_id


def _make_senders(schools: Collection[School]) -> dict[str, Sender]:
    names = {school.name: school.urn for school in schools}
    return {s.urn: Sender(s.urn, s.name, s.laestab or "", names) for s in schools}


def _receive(
    shelf: _Shelf, sender: Sender, found: list[Found], as_of: dt.date, purged: list[str]
) -> SchoolIntake:
    """Number what is new, open what was not landed before."""
    urn = sender.urn
    arrivals = load_arrivals(shelf.receipts, urn)
    known = {(a.file_name, a.file_sha256): a for a in arrivals}
    roll = load_roll(shelf.identities, urn)
    readable = [file for file in found if file.sha256 is not None]
    lying = {(file.name, file.sha256): file for file in readable}
    by_hash = {file.sha256: file for file in readable}
    school = SchoolIntake(urn, [], roll, [file for file in found if file.sha256 is None])
    renamed: set[str] = set()
    for arrival in arrivals:
        file = lying.get((arrival.file_name, arrival.file_sha256))
        if file is None and (file := by_hash.get(arrival.file_sha256)) and (file.name, file.sha256) not in known:
            renamed.add(file.name)  # the same file under another name was not sent again
        school.received.append(_take_up(shelf, sender, arrival, file, school, purged))
    new = [file for file in readable if (file.name, file.sha256) not in known and file.name not in renamed]
    opened = [_open(file.path, shelf, sender) for file in new]
    dates = [one.landed.exported_on if isinstance(one, Opened) else one.exported_on for one in opened]
    for i in order_new([(file.name, date) for file, date in zip(new, dates, strict=True)]):
        number = len(school.received) + 1
        file = new[i]
        arrival = Arrival(name_receipt(urn, number), number, file.name, str(file.sha256), as_of.isoformat())
        received = _note(arrival, opened[i], school, path=file.path)
        received.is_new = True
        school.received.append(received)
    return school


def _take_up(
    shelf: _Shelf,
    sender: Sender,
    arrival: Arrival,
    file: Found | None,
    school: SchoolIntake,
    purged: list[str],
) -> Received:
    """Return a receipt of an earlier run: from the landing store, else read again, else purged."""
    folder = shelf.folder(sender.urn, arrival.receipt_id)
    kept = load_landed(folder, shelf.formats, None if file is None else shelf.cache_key(arrival.file_sha256, None))
    if kept is not None and (kept.roll_rows is None or _on_roll(school.roll, arrival.receipt_id)):
        received = _note(arrival, kept, school, path=file.path if file else None)
        received.cached = True
        received.in_inbox = file is not None
        return received
    if file is not None:
        return _note(arrival, _open(file.path, shelf, sender), school, path=file.path)
    purged.append(arrival.receipt_id)
    gone = refuse_file(
        Landed(),
        "The file is no longer in the inbox and what was landed from it has gone.",
        "Put the file back into the school's folder, or send a newer one.",
        code="file gone",
    )
    received = _note(arrival, gone, school, path=None)
    received.in_inbox = False
    return received


def _on_roll(roll: Roll, receipt_id: str) -> bool:
    return bool((roll.rows["receipt_id"] == receipt_id).any())


def _open(path: Path, shelf: _Shelf, sender: Sender) -> Opened | Landed:
    try:
        return open_file(path, shelf.formats.values(), sender)
    except Exception as fault:  # one file's trouble must never stop another's; no value may leave with it
        log.error("%s: a file could not be read: %s", sender.urn, type(fault).__name__)
        return refuse_file(
            Landed(),
            f"Plumbline met a fault of its own while reading this file ({type(fault).__name__}).",
            "Nothing is wrong with what you did. Report it with the name of the system the export came from.",
            code="fault in Plumbline",
        )


def _note(arrival: Arrival, opened: Opened | Landed, school: SchoolIntake, *, path: Path | None) -> Received:
    """Make the receipt: of the same bytes as an earlier one of the school, a duplicate."""
    landed = opened.landed if isinstance(opened, Opened) else opened
    received = Received(arrival, landed, "refused" if landed.reason else "accepted", True, path=path)
    received.opened = opened if isinstance(opened, Opened) else None
    first = next((r for r in school.received if r.arrival.file_sha256 == arrival.file_sha256), None)
    if first is not None and first.outcome != "refused":
        received.outcome, received.duplicate_of = "duplicate", first.arrival.receipt_id
    return received


def _refuse_same_file_elsewhere(shelf: _Shelf, intake: Intake, senders: dict[str, Sender]) -> None:
    """Refuse a new file whose very bytes another school sent, unless it names this school itself."""
    sent: dict[str, dict[str, bool]] = {}
    for urn, school in intake.schools.items():
        for received in school.received:
            accepted = received.arrival.accepted_on is not None
            sent.setdefault(received.arrival.file_sha256, {}).setdefault(urn, accepted)
    for urn in set(senders) - set(intake.schools):
        for arrival in load_arrivals(shelf.receipts, urn):
            sent.setdefault(arrival.file_sha256, {}).setdefault(urn, arrival.accepted_on is not None)
    for urn, school in intake.schools.items():
        for received in school.received:
            others = sorted(other for other in sent[received.arrival.file_sha256] if other != urn)
            if not others or received.opened is None or received.arrival.accepted_on is not None:
                continue
            named = plain_text(received.opened.data.said.get("school_name", "")).casefold()
            if named == plain_text(senders[urn].name).casefold():
                continue
            _refuse(
                received,
                f"The very same file lies in the folder of another school (URN {others[0]}).",
                "Take it out of the folder where it does not belong.",
                "same file elsewhere",
            )


def _refuse(received: Received, reason: str, remedy: str, code: str) -> None:
    assert received.opened is not None
    received.landed = refuse_opened(received.opened, reason, remedy, code)
    received.opened, received.outcome, received.duplicate_of = None, "refused", None


def _match_rolls(shelf: _Shelf, school: SchoolIntake) -> None:
    """Build the school's roll from the files that make it, in order of arrival."""
    for received in school.received:
        if received.outcome != "accepted":
            continue
        if received.opened is not None and received.opened.form.makes_roll:
            received.matched = match_file(received.opened, school.roll, shelf.secret.key)
            school.roll = school.roll.with_rows(received.arrival.receipt_id, received.matched.roll_rows)
    standing = {r.arrival.receipt_id for r in school.received if r.outcome == "accepted"}
    gone = ~school.roll.rows["receipt_id"].isin(standing)
    if gone.any():
        school.roll = Roll(school.urn, school.roll.rows[~gone].reset_index(drop=True))


def _refuse_rolls_elsewhere(
    shelf: _Shelf, intake: Intake, senders: dict[str, Sender], registered: dict[str, School]
) -> None:
    """Refuse a new pupil list most of whose pupils (by UPN) are on another school's roll."""
    rolls = {
        urn: intake.schools[urn].roll if urn in intake.schools else load_roll(shelf.identities, urn)
        for urn in registered
    }
    upn_keys = {urn: roll.upn_keys for urn, roll in rolls.items()}
    strangers: list[tuple[SchoolIntake, Received, str, str]] = []
    for urn, school in intake.schools.items():
        others = {other: keys for other, keys in upn_keys.items() if other != urn}
        for received in school.received:
            if received.opened is None or received.matched is None or received.arrival.accepted_on:
                continue
            own_rows = school.roll.rows
            rest = own_rows[own_rows["receipt_id"] != received.arrival.receipt_id]
            mine = own_rows[own_rows["receipt_id"] == received.arrival.receipt_id]
            keys = set(mine.loc[mine["upn"] != "", "pupil_key"])
            elsewhere = find_pupils_elsewhere(keys, set(rest["pupil_key"]), others, senders[urn])
            if elsewhere:
                strangers.append((school, received, *elsewhere))
    for school, received, reason, remedy in strangers:
        _refuse(received, reason, remedy, "another school's file")
        rows = school.roll.rows
        kept = rows[rows["receipt_id"] != received.arrival.receipt_id].reset_index(drop=True)
        school.roll = Roll(school.urn, kept)


def _land_rest(shelf: _Shelf, school: SchoolIntake, sender: Sender) -> None:
    """Land every opened file; match those that make no roll, unless they were landed with the same roll."""
    for received in school.received:
        if received.outcome == "duplicate":
            continue
        folder = shelf.folder(school.urn, received.arrival.receipt_id)
        form = received.landed.format
        by_roll = form is not None and not form.makes_roll
        cache_key = shelf.cache_key(received.arrival.file_sha256, None)
        marker = school.roll.fingerprint if by_roll else "-"
        if received.cached and _read_marker(folder) == marker:
            continue
        if received.opened is None and received.cached and received.path is not None and by_roll:
            opened = _open(received.path, shelf, sender)
            received.opened = opened if isinstance(opened, Opened) else None
        if received.opened is not None:
            matched = received.matched or match_file(received.opened, school.roll, shelf.secret.key)
            received.landed = land_file(received.opened, matched, sender, received.arrival.receipt_id)
            received.opened = received.matched = None
        # A refusal may hang on other schools' files, so it is judged anew while the file lies in the inbox.
        save_landed(folder, received.landed, cache_key if received.outcome == "accepted" else "judge anew")
        (folder / "matched_to").write_text(marker, "utf-8")


def _read_marker(folder: Path) -> str | None:
    path = folder / "matched_to"
    return path.read_text("utf-8") if path.exists() else None
