"""New URN: which keys are one pupil's where a school had another URN before, for pupils without a permanent UPN.

Here lives the comparing of a school's roll with those of its predecessors. What one roll says of itself lives in
`same_pupil`; what all schools' rolls say together, in `pupil_links`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from ingest.roll import Roll
from ingest.roll_row import RollRow
from ingest.same_pupil import MAY_BE_ONE, Doubt, Known, Links, gather

_STRENGTH = ("none", "local", "temporary", "permanent")


class _Listed(NamedTuple):
    """The keys of one roll by name and birth date, each with its newest such row, and what is known of each key."""

    alike: dict[tuple[str, str], dict[str, RollRow]]
    known: dict[str, Known]


def find_predecessors(urn: str, predecessors: Mapping[str, str]) -> Iterator[str]:
    """Yield the URNs a school had before, the latest first. `predecessors`: URN -> the URN before it."""
    passed = {urn}
    while (urn := predecessors.get(urn, "")) and urn not in passed:
        passed.add(urn)
        yield urn


def link_rolls(before: Roll, now: Roll) -> Links:
    """Return the links between two rolls of one school, and what is in doubt.

    Linked is who has one name and birth date and is the only one with them in either roll, where the stronger
    number is known too: a temporary UPN to a permanent one; a local number to whoever has the same; a pupil without
    any number to the one other. Of two keys that are alike in strength the later URN's stands.
    """
    earlier, later = _list(before), _list(now)
    links = Links()
    found: dict[str, set[str]] = {}
    doubts: list[tuple[str, str, Doubt]] = []
    for said, rows in later.alike.items():
        rows_before = earlier.alike.get(said, {})
        if len(rows) != 1 or len(rows_before) != 1:
            continue
        (old, old_row), (new, new_row) = *rows_before.items(), *rows.items()
        if old in later.known or new in earlier.known:  # it is there in its own right: the same pupil, or two
            continue
        if pair := _link(old, earlier.known[old], new, later.known[new]):
            found.setdefault(pair[0], set()).add(pair[1])
        else:
            doubts.append((old, new, Doubt(MAY_BE_ONE, (new_row, old_row))))
    links.to = {key: min(keys) for key, keys in found.items() if len(keys) == 1}
    links.doubts = [doubt for old, new, doubt in doubts if links.latest(old) != links.latest(new)]
    return links


def _list(roll: Roll) -> _Listed:
    rows = [row for row in roll.rows if row.pupil_key]
    alike: dict[tuple[str, str], dict[str, RollRow]] = {}
    for row in rows:
        if row.date_of_birth and row.name:
            alike.setdefault((row.name, row.date_of_birth), {})[roll.links.latest(row.pupil_key)] = row
    return _Listed(alike, gather(rows, roll.links, {roll.links.latest(row.pupil_key) for row in rows}))


def _link(old: str, was: Known, new: str, now: Known) -> tuple[str, str] | None:
    """Return the key that is another's pupil, and that other, where it is certain."""
    kinds = {was.kind: (old, was), now.kind: (new, now)}
    if "none" not in kinds and "local" in kinds and not was.numbers & now.numbers:
        return None
    if len(kinds) == 1:
        # Two UPNs of one kind are two numbers of the same worth, and nobody says which follows which.
        return (old, new) if was.kind in ("none", "local") else None
    weaker, stronger = sorted(kinds, key=_STRENGTH.index)
    return kinds[weaker][0], kinds[stronger][0]
