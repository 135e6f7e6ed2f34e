"""Patterns with named places, such as `{subject} test {window_label}`, as format files write them.

Here lives the small language in which a data manager says what a title row, a footer or a column header looks
like. Which patterns a format has is the format file's business; what the captured words mean is the contract's.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

PLACE = re.compile(r"\{([a-z_]+)\}")

# Some places can only hold certain shapes; saying so keeps "2022/23" from being cut in the wrong spot.
_WEEKDAY = r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?[,.]? )?"
_DAY = _WEEKDAY + r"(?:[0-9]{1,4}[/.-][0-9]{1,2}[/.-][0-9]{1,4}|[0-9]{1,2}[ /-][a-z]{3,9}[ /-][0-9]{2,4})"
SHAPES = {
    "academic_year": r"[0-9]{4}\s*[/-]\s*[0-9]{2,4}|[0-9]{6}",
    "exported_on": _DAY,
    "day": _DAY,
    "from_date": _DAY,
    "to_date": _DAY,
    "week_begins": _DAY,
    "month": r"[a-z]{3,9}\.? [0-9]{4}",  # Oct 2025, October 2025
    "row_count": r"[0-9]+",
    # A mark of a register: a sign, a letter, or a letter and a digit (C1). Any other heading is none.
    "mark_code": r"[A-Z][0-9]|\S",
}


# No heading or title is as long as this; trying patterns on a long cell would take long for nothing.
LONGEST_HEADING = 500
_ODD = str.maketrans({"\ufeff": "", "\u00a0": " ", "\u2019": "'", "\u2018": "'", "\u2013": "-", "\u2014": "-"})


def plain_text(text: str) -> str:
    """Return `text` as people read it: no BOM, one kind of space and apostrophe, no space at the ends."""
    return " ".join(text.translate(_ODD).split())


@dataclass(frozen=True)
class Pattern:
    """A piece of text with named places. Capitals and the kind of dash, quote or space do not matter."""

    text: str

    @property
    def literal_length(self) -> int:
        """How many characters are fixed: of two patterns that fit, the one with more says more."""
        return len(plain_text(PLACE.sub("", self.text)))

    @property
    def places(self) -> tuple[str, ...]:
        """The names of the places, in the order they stand."""
        return tuple(PLACE.findall(self.text))

    @cached_property
    def _regex(self) -> re.Pattern[str]:
        parts, at, seen = [], 0, set()
        for place in PLACE.finditer(self.text):
            parts.append(re.escape(plain_edges(self.text[at : place.start()])))
            name = place.group(1)
            shape = SHAPES.get(name, ".+?")
            parts.append(f"(?P={name})" if name in seen else f"(?P<{name}>{shape})")
            seen.add(name)
            at = place.end()
        parts.append(re.escape(plain_edges(self.text[at:])))
        return re.compile("".join(parts), re.IGNORECASE)

    def match(self, text: str) -> dict[str, str] | None:
        """Return what stands in each place when the whole of `text` fits, else None."""
        if len(text) > LONGEST_HEADING:
            return None
        found = self._regex.fullmatch(plain_text(text))
        return {name: value.strip() for name, value in found.groupdict().items()} if found else None

    def fill(self, words: dict[str, str]) -> str:
        """Return the text with each place filled from `words`; KeyError when one is missing."""
        return PLACE.sub(lambda place: words[place.group(1)], self.text)


def plain_edges(text: str) -> str:
    """As `plain_text`, but a space at either end stays: it is part of the pattern around a place."""
    body = plain_text(text)
    if not body:
        return " " if text else ""
    return (" " if text[0].isspace() else "") + body + (" " if text[-1].isspace() else "")
