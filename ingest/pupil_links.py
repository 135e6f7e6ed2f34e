"""Pupil links: keys that are one pupil's, by what all schools' rolls say together. Keys only; no number leaves.

Here lives the putting together of every school's links to one answer for the trust: each earlier key has one pupil,
and no circle is left. What one school's roll says lives in `same_pupil`; the table and the fix-list lines are written
in `late_findings`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from ingest.fixes import Fix
from ingest.identities import hash_key
from ingest.new_urn import find_predecessors, link_rolls
from ingest.roll import Roll
from ingest.roll_row import RollRow, may_be_one
from ingest.same_pupil import FORMER_OF_ANOTHER, MAY_BE_ONE, Doubt, follow

NUMBER_OF_TWO = "earlier number of two pupils"


class LateFix(NamedTuple):
    """A line of the fix-list that shows only when more than one file is looked at, and the receipt it belongs to."""

    receipt_id: str
    fix: Fix


@dataclass
class LinkedPupils:
    """By URN: pairs of an earlier key and the key the pupil has now, sorted; and what the school should look at."""

    links: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    fixes: dict[str, list[LateFix]] = field(default_factory=dict)


def link_pupils(rolls: Mapping[str, Roll], key: bytes, predecessors: Mapping[str, str] | None = None) -> LinkedPupils:
    """Return the links of all schools, from their rolls by URN.

    `key`: the secret pupil keys are made with. `predecessors`: URN -> the URN the school had before.
    """
    out = LinkedPupils({urn: [] for urn in rolls}, {urn: [] for urn in rolls})
    edges: dict[str, dict[str, str]] = {}
    for urn, roll in sorted(rolls.items()):
        out.fixes[urn] += [_say_doubt(doubt) for doubt in roll.links.doubts]
        edges[urn] = dict(roll.links.to)
    for urn, former, row, other in _check_claims(rolls):
        if other:
            edges[urn].pop(hash_key(key, former), None)
            out.fixes[urn].append(_say_elsewhere(row, other))
        else:
            edges[urn][hash_key(key, former)] = row.pupil_key
    for urn, some in edges.items():
        for before in find_predecessors(urn, predecessors or {}):
            if before in rolls:
                across = link_rolls(rolls[before], rolls[urn])
                some |= {earlier: now for earlier, now in across.to.items() if earlier not in some}
                out.fixes[urn] += [_say_doubt(doubt) for doubt in across.doubts]
    said: dict[str, set[str]] = {}
    for some in edges.values():
        for earlier, now in some.items():
            said.setdefault(earlier, set()).add(now)
    sure = {earlier: next(iter(keys)) for earlier, keys in said.items() if len(keys) == 1}
    # Two schools may say two steps of one way; only where the ways end apart are they two pupils.
    ends = {earlier: {follow(now, sure) for now in keys} for earlier, keys in said.items()}
    sure |= {earlier: next(iter(keys)) for earlier, keys in ends.items() if len(keys) == 1}
    for urn, some in edges.items():
        for earlier, now in some.items():
            if len(ends[earlier]) > 1:
                out.fixes[urn].append(_say_two(rolls[urn], {earlier, now}))
            elif (end := follow(earlier, sure)) != earlier:
                out.links[urn].append((earlier, end))
        out.links[urn].sort()
    return out


def _check_claims(rolls: Mapping[str, Roll]) -> Iterator[tuple[str, str, RollRow, str]]:
    """Yield each former UPN a school's list names: URN, UPN, the row, and where that UPN is quite another pupil's."""
    claims = [(urn, former, row) for urn in sorted(rolls) for former, row in rolls[urn].links.claims.items()]
    wanted = {former for _, former, _ in claims}
    holders: dict[str, list[tuple[str, RollRow]]] = {}
    for urn in sorted(rolls) if wanted else ():
        for row in rolls[urn].rows:
            if row.upn in wanted and row.pupil_key:
                holders.setdefault(row.upn, []).append((urn, row))
    for urn, former, row in claims:
        against = (other for other, holder in holders.get(former, ()) if not may_be_one(holder, row))
        yield urn, former, row, next(against, "")


def _say_doubt(doubt: Doubt) -> LateFix:
    newest, *others = doubt.rows
    where = ", ".join(dict.fromkeys(_name_place(row, newest) for row in others))
    if doubt.code == MAY_BE_ONE:
        fix = _look(
            newest,
            MAY_BE_ONE,
            f"the same name and date of birth as another pupil of the school ({where}), under another number",
            "If they are one pupil, give the earlier UPN as the former UPN in the school's system, and one local "
            "number. If they are two, nothing need be done: they are counted as two.",
        )
    else:
        fix = _look(
            newest,
            FORMER_OF_ANOTHER,
            f"a former UPN that is also another pupil's ({where})",
            "Correct the former UPN in the school's system. Until then the two are counted as two pupils.",
        )
    return LateFix(newest.receipt_id, fix)


def _say_elsewhere(row: RollRow, urn: str) -> LateFix:
    fix = _look(
        row,
        FORMER_OF_ANOTHER,
        f"a former UPN that at another school of the trust (URN {urn}) is a pupil's with another name or birth date",
        "Correct the former UPN in the school's system. Until then the two are counted as two pupils.",
    )
    return LateFix(row.receipt_id, fix)


def _say_two(roll: Roll, keys: set[str]) -> LateFix:
    row = next(row for row in reversed(roll.rows) if row.pupil_key in keys)
    fix = _look(
        row,
        NUMBER_OF_TWO,
        "an earlier number of this pupil that another school's list gives to another pupil",
        "Find out with the other school whose the earlier number was. Until then they are counted as two pupils.",
    )
    return LateFix(row.receipt_id, fix)


def _look(row: RollRow, code: str, seen: str, remedy: str) -> Fix:
    return Fix(
        code=code,
        field="pupil's numbers",
        seen=seen,
        expected="one number for one pupil",
        remedy=remedy,
        file_row=int(row.file_row) if row.file_row else None,
        severity="look",
    )


def _name_place(row: RollRow, beside: RollRow) -> str:
    at = f"row {row.file_row}" if row.file_row else "a row"
    return at if row.receipt_id == beside.receipt_id else f"{at} of file {row.receipt_id}"
