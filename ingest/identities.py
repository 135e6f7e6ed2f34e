"""Identities: whose row each row of a file is. A keyed hash goes out; no identifier does.

Here lives the matching of rows to a school's roll, and for a file that makes the roll, the naming of new pupils.
What is known of a pupil lives in `roll`, the words of the fix-list in `identity_fixes`; what a row says about the
pupil does not live here.
"""

from __future__ import annotations

import hashlib
import hmac
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from ingest.fixes import Fix
from ingest.identity_fixes import (
    BIRTH_UNREAD,
    NO_NUMBER,
    NOT_ON_ROLL,
    OTHER_NAME,
    SEVERAL_FIT,
    TWO_PUPILS,
    UPN_OTHER_BIRTH,
    UPN_OTHER_NAME,
    say_birth_unread,
    say_by_name,
    say_no_numbers,
    say_number_again,
    say_old_list,
    say_refused,
    say_test_pupils,
    say_upn_doubt,
    say_without_accents,
)
from ingest.names import drop_accents, is_test_name
from ingest.person import Person, find_shared_numbers, make_roll_row, read_person
from ingest.roll import Roll
from ingest.roll_row import RollRow, fold_number


@dataclass
class Matched:
    """Whose row each row is: `keys` by file row, `reasons` where refused, and for a roll its rows.

    `told_at`: of a row that says the same of its pupil as an earlier one, that one's number; the fixes of the
    earlier row speak for both.
    """

    keys: dict[int, str] = field(default_factory=dict)
    reasons: dict[int, str] = field(default_factory=dict)
    fixes: list[Fix] = field(default_factory=list)
    upn_keys: set[str] = field(default_factory=set)  # of the pupils the file names by UPN
    roll_rows: list[RollRow] = field(default_factory=list)
    told_at: dict[int, int] = field(default_factory=dict)

    def count_by_told(self, counts: Mapping[int, int]) -> Counter[int]:
        """Return counts by file row as counts by the row whose fixes speak for it."""
        told: Counter[int] = Counter()
        for row, count in counts.items():
            told[self.told_at.get(row, row)] += count
        return told


class Fit(NamedTuple):
    """The pupil a row is found to be, or the reason why it is nobody's; `plainly`: only with accents left out."""

    pupil_key: str
    reason: str = ""
    plainly: bool = False
    unnumbered: bool = False  # known by name and birth date alone
    again: bool = False  # a new pupil under a number that was another's
    unlisted: bool = False  # by name alone, and not in the newest list


def match_rows(
    rows: Iterable[tuple[int, dict[str, str]]],
    headers: dict[str, str],
    roll: Roll,
    key: bytes,
    *,
    receipt_id: str,
    makes_roll: bool,
    date_order: str,
    years: Mapping[int, str] | None = None,
) -> Matched:
    """Match each row (number in the file, identifiers by our word) to a pupil key.

    By UPN; else by the school's own number; else by name and date of birth, or by name alone where the row has
    no date of birth, when exactly one pupil on the roll fits. A file that makes the roll may name new pupils: by
    UPN, number, or name with date of birth. `years`: file row -> the academic year the row speaks of; a name alone
    is that of a pupil on a list of that year (else of the latest), if there is any list of it.
    """
    out = Matched()
    said_before: dict[tuple[str, ...], int] = {}
    people: list[Person] = []
    for row, said in rows:
        # A file may have a row a pupil and day; each pupil is looked for once. A roll's rows are kept one by one.
        cells = tuple(said.values())
        year = (years or {}).get(row, "")
        # Without a birth date, whose a name is may hang on the year.
        told = cells if said.get("date_of_birth") else (*cells, year)
        first = said_before.setdefault(told, row) if any(cells) and not makes_roll else row
        if first == row:
            people.append(read_person(row, said, headers, out.fixes, date_order, makes_roll, year))
        else:
            out.told_at[row] = first
    shared = find_shared_numbers(people) if makes_roll else {}
    known: dict[RollRow, RollRow] = {}
    unnumbered: list[int] = []
    unlisted: list[int] = []
    doubted: set[tuple[str, str]] = set()
    accents = any(person.name != drop_accents(person.name) for person in people)
    for person in people:
        rows_sharing = shared.get(person.file_row, {})
        fit = _find_pupil(person, rows_sharing, roll, key, makes_roll=makes_roll, accents=accents)
        _note(person, fit, rows_sharing, out, headers, roll, makes_roll=makes_roll, order=date_order)
        if person.upn and fit.pupil_key and not makes_roll:
            out.fixes += _doubt_upn(person, fit.pupil_key, headers, roll, doubted)
        if fit.unnumbered:
            unnumbered.append(person.file_row)
        if fit.unlisted:
            unlisted.append(person.file_row)
        if makes_roll and (fit.pupil_key or rows_sharing):
            one = make_roll_row(person, fit.pupil_key, receipt_id, rows_sharing)
            known.setdefault(one, one._replace(file_row=str(person.file_row)))
    out.roll_rows = list(known.values())
    if unnumbered:
        out.fixes.append(say_no_numbers(headers, unnumbered))
    if unlisted:
        out.fixes.append(say_old_list(headers, unlisted))
    if makes_roll and (tests := [person.file_row for person in people if is_test_name(person.name)]):
        out.fixes.append(say_test_pupils(headers, tests))
    _repeat_told(out)
    return out


def _note(
    person: Person,
    fit: Fit,
    sharing: dict[str, list[int]],
    out: Matched,
    headers: dict[str, str],
    roll: Roll,
    *,
    makes_roll: bool,
    order: str,
) -> None:
    """Put down whose row it is, and what is to be put right or looked at."""
    row = person.file_row
    if fit.reason:
        out.reasons[row] = fit.reason
        out.fixes.append(say_refused(fit.reason, row, person.said, headers, sharing, makes_roll=makes_roll))
        return
    out.keys[row] = fit.pupil_key
    if person.upn:
        out.upn_keys.add(fit.pupil_key)
    if not makes_roll and person.local and not person.upn and fold_number(person.local) not in roll.by_local:
        out.fixes.append(say_by_name(person.local, headers["local_number"], row))
    if fit.plainly:
        out.fixes.append(say_without_accents(headers, row))
    if fit.again:
        out.fixes.append(say_number_again(headers["local_number"], row))
    if sharing:
        out.fixes.append(say_refused(TWO_PUPILS, row, person.said, headers, sharing, makes_roll=makes_roll))
    if person.birth is None:
        out.fixes.append(say_birth_unread(person.said["date_of_birth"], headers["date_of_birth"], order, row))


def _doubt_upn(
    person: Person, pupil_key: str, headers: dict[str, str], roll: Roll, doubted: set[tuple[str, str]]
) -> list[Fix]:
    """Return what is to be looked at where a row's UPN is one pupil's and its name or birth date another's, once."""
    known = roll.known.get(pupil_key)
    if known is None:
        return []
    found = [UPN_OTHER_NAME] if known.shares_no_word(person.said_name) else []
    found += [UPN_OTHER_BIRTH] if known.has_other_birth(person.birth) else []
    new = [code for code in found if (pupil_key, code) not in doubted]
    doubted.update((pupil_key, code) for code in new)
    return [say_upn_doubt(code, headers, person.file_row) for code in new]


def _repeat_told(out: Matched) -> None:
    """Give the rows that say the same as an earlier one what it was given, and say so in its fixes.

    Where more than one pupil fits, the rows may be those very pupils', so each keeps a line of its own.
    """
    apart = {row: first for row, first in out.told_at.items() if out.reasons.get(first) == SEVERAL_FIT}
    for row, first in out.told_at.items():
        if first in out.reasons:
            out.reasons[row] = out.reasons[first]
        else:
            out.keys[row] = out.keys[first]
    for row in apart:
        del out.told_at[row]
    times = Counter(out.told_at.values())
    fixes = [_say_times(fix, times[fix.file_row or 0]) for fix in out.fixes]
    own: dict[int | None, list[Fix]] = {}
    for fix in fixes if apart else ():
        own.setdefault(fix.file_row, []).append(fix)
    out.fixes = [*fixes, *(replace(fix, file_row=row) for row, first in apart.items() for fix in own.get(first, ()))]


def _say_times(fix: Fix, more: int) -> Fix:
    if not more:
        return fix
    return replace(fix, seen=f"{fix.seen}; the same in {more} more row{'s' if more > 1 else ''} of this pupil")


def _find_pupil(
    person: Person, sharing: dict[str, list[int]], roll: Roll, key: bytes, *, makes_roll: bool, accents: bool
) -> Fit:
    if "upn" in sharing or ("local_number" in sharing and not person.upn):
        return Fit("", TWO_PUPILS)
    if person.upn:
        own = hash_key(key, person.upn)
        # A roll says anew whose a UPN is, and links say whose else; any other file means the pupil the roll means.
        found = own if makes_roll else roll.by_upn.get(person.upn, own)
        return Fit(found, "" if found else SEVERAL_FIT)
    number = fold_number(person.local) if person.local else ""
    if number and number in roll.by_local and not (makes_roll and "" in roll.by_local[number]):
        fit = _find_by_number(number, person, roll)
        if fit.reason == OTHER_NAME and makes_roll:
            # Schools give numbers of leavers to new pupils.
            own = f"{roll.urn}|{number}|{person.name}|{person.birth or ''}"
            return Fit(hash_key(key, own), again=True)
        return fit
    if makes_roll and number:
        return Fit(hash_key(key, f"{roll.urn}|{number}"))
    if not person.name:
        return Fit("", NOT_ON_ROLL if person.local or person.said.get("upn") else NO_NUMBER)
    if person.birth is None:
        return Fit("", BIRTH_UNREAD)
    fit = _find_by_name(person, person.birth, roll, accents=accents)
    if fit.reason == NOT_ON_ROLL and makes_roll and person.birth:
        # An independent school's list may hold neither UPNs nor numbers.
        return Fit(hash_key(key, f"{roll.urn}||{person.name}|{person.birth}"), unnumbered=True)
    return fit


def _find_by_number(number: str, person: Person, roll: Roll) -> Fit:
    """Find the pupil who has the number now; where the row speaks against it, one of that very name who had it."""
    fit = _choose(roll.by_local[number], roll)
    if not fit.pupil_key or not _is_another(person, fit.pupil_key, roll):
        return fit
    named = roll.by_name.get(person.name, set()) & roll.held.get(number, set())
    before = {roll.links.latest(key) for key in named if not _is_another(person, key, roll)}
    return Fit(before.pop()) if len(before) == 1 else Fit("", OTHER_NAME)


def _is_another(person: Person, pupil_key: str, roll: Roll) -> bool:
    """Whether the row says another forename or birth date than the roll; a pupil's surname may change."""
    known = roll.known.get(pupil_key)
    return known is not None and (known.has_other_birth(person.birth) or known.has_other_name(person.said_name))


def _find_by_name(person: Person, birth: str, roll: Roll, *, accents: bool) -> Fit:
    """Find the pupil of that very name; where there is none, of that name with accents left out.

    `accents`: whether the file writes accents. If not, a name without them may be that of any pupil who has it
    with or without, so the very spelling decides nothing.
    """
    exact = (roll.by_name_and_birth.get((person.name, birth)) if birth else roll.by_name.get(person.name)) or set()
    plain = roll.find_plain(person.name, birth)
    listed = set() if birth else roll.list_year(person.year)
    if listed:
        # Not a leaver's, nor one's who joined later.
        exact, plain = ({key for key in keys if roll.links.latest(key) in listed} for keys in (exact, plain))
    fit = _choose(exact if exact and accents else plain, roll)
    if fit.reason:
        return fit
    unlisted = not birth and not listed and roll.links.latest(fit.pupil_key) not in map(roll.links.latest, roll.newest)
    return fit._replace(plainly=not exact, unlisted=unlisted)


def _choose(found: set[str], roll: Roll) -> Fit:
    if len(found) > 1:
        found = {roll.links.latest(each) for each in found}  # a pupil whose number changed is one pupil
    if not found:
        return Fit("", NOT_ON_ROLL)
    if len(found) > 1 or "" in found:
        return Fit("", SEVERAL_FIT)
    return Fit(next(iter(found)))


def hash_key(key: bytes, text: str) -> str:
    """Return the pupil key: HMAC-SHA256 of the UPN (or of school and local number), 32 hex digits."""
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()[:32]
