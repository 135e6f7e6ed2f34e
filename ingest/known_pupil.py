"""Known pupil: what a roll says of one pupil's names and birth dates, and whether a row speaks against being theirs.

Here lives the comparing of a row that has a pupil's number with what is known of that pupil. How names are folded
lives in `names`; whether two rows of rolls may be one pupil's, in `roll_row`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from ingest.names import drop_accents, fold_name


class SaidName(NamedTuple):
    """The words of a name, without accents; `forename`: those the row says are the forename, if it says so.

    `after_comma`: of a name in one cell that has a comma. `is_part`: a surname alone.
    """

    words: frozenset[str]
    forename: frozenset[str] = frozenset()
    after_comma: frozenset[str] = frozenset()
    is_part: bool = False

    def fits(self, other: SaidName) -> bool:
        """Whether both may be one pupil's name: a surname may be another, a forename may not.

        In one cell either may stand first; where neither says which is the forename, one must hold the other.
        """
        one, two = self, other
        if not one.words or not two.words:
            return True
        if one.is_part or two.is_part:
            return bool(one.words & two.words)
        if one.forename or two.forename:
            return _meet(one.forename or one.words, two.forename or two.words)
        if one.after_comma and two.after_comma:
            return _meet(one.after_comma, two.after_comma)
        return one.words <= two.words or two.words <= one.words


def make_said_name(surname: str, forename: str, full_name: str) -> SaidName:
    """Return a row's name, as its cells say it."""
    whole = full_name or f"{surname} {forename}"
    _, _, after_comma = full_name.partition(",")
    return SaidName(_split(whole), _split(forename), _split(after_comma), not full_name and not forename)


def _split(name: str) -> frozenset[str]:
    return frozenset(drop_accents(fold_name(name)).split())


def _meet(one: frozenset[str], two: frozenset[str]) -> bool:
    """Whether a word is in both; or all the initials of one begin words of the other."""
    if one & two:
        return True
    return _begin(one, two) or _begin(two, one)


def _begin(one: frozenset[str], two: frozenset[str]) -> bool:
    initials = {word for word in one if len(word) == 1}
    return bool(initials) and all(any(word.startswith(letter) for word in two) for letter in initials)


@dataclass
class KnownPupil:
    """The names and birth dates a roll has for one pupil, over all its lists."""

    names: set[SaidName] = field(default_factory=set)
    births: set[str] = field(default_factory=set)

    def has_other_name(self, name: SaidName) -> bool:
        """Whether a name fits none of the pupil's."""
        return bool(self.names) and not any(name.fits(known) for known in self.names)

    def has_other_birth(self, birth: str | None) -> bool:
        """Whether a birth date ('' or None where none is known) is none of the pupil's."""
        return bool(birth) and bool(self.births) and birth not in self.births

    def shares_no_word(self, name: SaidName) -> bool:
        """Whether no word of a name is in any of the pupil's."""
        known = {word for each in self.names for word in each.words}
        return bool(name.words) and bool(known) and not name.words & known
