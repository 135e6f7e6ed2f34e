"""Same pupil: which keys of one school's roll stand for one pupil, because the pupil's number changed.

Here lives the comparing of a roll's rows with each other: a former UPN the list names, a temporary UPN or a local
number that became a permanent one. Two pupils are never made one: where more than one fits, or both stand in one
list, there is no link but a doubt. What the other schools of the trust say of it lives in `pupil_links`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from ingest.roll_row import RollRow, fold_number, may_be_one

MAY_BE_ONE = "may be one pupil"
FORMER_OF_ANOTHER = "former UPN is another pupil's"


@dataclass(frozen=True)
class Doubt:
    """Rows, the newest first, that speak of one pupil or of two, and nobody but the school can say which."""

    code: str
    rows: tuple[RollRow, ...]


@dataclass
class Links:
    """Keys that are another key's pupil (`to`: earlier key -> key), what former UPNs are said, and what is in doubt.

    `claims`: former UPN -> the newest row that says it is its pupil's.
    """

    to: dict[str, str] = field(default_factory=dict)
    claims: dict[str, RollRow] = field(default_factory=dict)
    doubts: list[Doubt] = field(default_factory=list)

    def latest(self, key: str) -> str:
        """Return the key the pupil has now."""
        return follow(key, self.to)


def follow(key: str, to: Mapping[str, str]) -> str:
    """Return where the links from `key` end; in a circle, the least of its keys, whichever one started from."""
    passed: list[str] = []
    while key in to and key not in passed:
        passed.append(key)
        key = to[key]
    return min(passed[passed.index(key) :]) if key in passed else key


@dataclass
class Known:
    """What a roll says of one key: the receipts that list it, its UPNs and its local numbers."""

    receipts: set[str] = field(default_factory=set)
    upns: set[str] = field(default_factory=set)
    numbers: set[str] = field(default_factory=set)

    @property
    def kind(self) -> str:
        """By what the pupil is known: the strongest number there is."""
        if self.upns:
            return "permanent" if any(upn[-1].isdigit() for upn in self.upns) else "temporary"
        return "local" if self.numbers else "none"


def find_links(rows: Iterable[RollRow]) -> Links:
    """Return the links of one school's roll; `rows` in order of arrival, oldest first."""
    listed = [row for row in rows if row.pupil_key]
    links = Links()
    _claim_former(listed, links)
    alike: dict[tuple[str, str], dict[str, RollRow]] = {}  # name and birth date -> key -> its newest such row
    for row in listed:
        if row.date_of_birth and (name := row.name):
            alike.setdefault((name, row.date_of_birth), {})[links.latest(row.pupil_key)] = row
    several = [keys for keys in alike.values() if len(keys) > 1]
    if not several:
        return links
    known = gather(listed, links, {key for keys in several for key in keys})
    found: dict[str, set[str]] = {}
    for keys in several:
        for earlier, key in _link_alike({key: known[key] for key in keys}).items():
            found.setdefault(earlier, set()).add(key)
    links.to |= {earlier: min(keys) for earlier, keys in found.items() if len(keys) == 1}
    for keys in several:
        if len({links.latest(key) for key in keys}) > 1:
            links.doubts.append(Doubt(MAY_BE_ONE, _newest_first(keys.values(), listed)))
    return links


def gather(listed: list[RollRow], links: Links, keys: set[str]) -> dict[str, Known]:
    """Return what the rows of a roll say of each of `keys`, which are keys that pupils have now."""
    known: dict[str, Known] = {key: Known() for key in keys}
    for row in listed:
        about = known.get(links.latest(row.pupil_key))
        if about is not None:
            about.receipts.add(row.receipt_id)
            about.upns |= {row.upn} - {""}
            about.numbers |= {fold_number(row.local_number)} if row.local_number else set()
    return known


def _newest_first(rows: Iterable[RollRow], listed: list[RollRow]) -> tuple[RollRow, ...]:
    wanted = set(rows)
    return tuple(row for row in dict.fromkeys(reversed(listed)) if row in wanted)


def _claim_former(rows: list[RollRow], links: Links) -> None:
    """Take up what the rows say of former UPNs: the newest list that names one counts."""
    said: dict[str, list[RollRow]] = {}
    for row in rows:
        if row.former_upn and row.upn and row.former_upn != row.upn:
            some = said.setdefault(row.former_upn, [])
            if some and some[0].receipt_id != row.receipt_id:
                some.clear()
            some.append(row)
    holders: dict[str, list[RollRow]] = {}
    for row in rows if said else ():
        if row.upn in said:
            holders.setdefault(row.upn, []).append(row)
    for former, some in said.items():
        newest = some[-1]
        against = [
            row
            for row in holders.get(former, ())
            if row.receipt_id == newest.receipt_id or not may_be_one(row, newest)
        ]
        if against or len({row.pupil_key for row in some}) > 1:
            links.doubts.append(Doubt(FORMER_OF_ANOTHER, (newest, *(against or some[:-1]))))
            continue
        links.claims[former] = newest
        if former in holders:
            links.to[holders[former][0].pupil_key] = newest.pupil_key


def _link_alike(keys: Mapping[str, Known]) -> dict[str, str]:
    """Link the keys of one name and birth date where it is certain which belongs to which.

    A temporary UPN: to the one permanent UPN, if it is the only temporary one. A local number: to the one UPN that
    is listed under the same number. No number at all: to the one other key. Never two keys that one list has.
    """
    to: dict[str, str] = {}
    receipts = {key: set(about.receipts) for key, about in keys.items()}

    def link(earlier: str, fits: Iterable[str]) -> None:
        later = {follow(key, to) for key in fits}
        if len(later) == 1:
            (key,) = later
            if not receipts[earlier] & receipts[key]:
                to[earlier] = key
                receipts[key] |= receipts[earlier]

    kinds: dict[str, list[str]] = {}
    for key, about in keys.items():
        kinds.setdefault(about.kind, []).append(key)
    permanent, temporary = kinds.get("permanent", []), kinds.get("temporary", [])
    if len(temporary) == 1:
        link(temporary[0], permanent)
    for key in kinds.get("local", []):
        link(key, [upn for upn in (*permanent, *temporary) if keys[upn].numbers & keys[key].numbers])
    for key in kinds.get("none", []):
        link(key, [other for other in keys if other not in kinds["none"]])
    return to
