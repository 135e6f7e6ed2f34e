"""Headings that vary: the pattern behind "Reading test Autumn", "Maths test Autumn", "Reading test Summer".

Here lives the finding of header patterns in wide exports, by words of subjects and terms (`words.yml`), years and
days. What the columns that stay the same mean is guessed in `meanings`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import yaml

_DAY = re.compile(r"[0-9]{1,4}[/.-][0-9]{1,2}[/.-][0-9]{1,4}")
_YEARS = re.compile(r"(?<![0-9])20[0-9]{2}\s*[/-]\s*(?:20)?[0-9]{2}(?![0-9/-])")
_YEAR_GROUP = re.compile(r"(?i)\b(?:year|yr|y)\s?(?:[0-9]{1,2}|r)\b|\breception\b|(?<=\$)[0-9]{1,2}(?=\$)")
_SESSION = re.compile(r"(?i)\b(?:am|pm|morning|afternoon)\b")


@cache
def list_parts(word: str) -> tuple[str, ...]:
    """Return the parts of headings by which a column of `word` may be known; () for a word without any."""
    words = yaml.safe_load(Path(__file__).with_name("words.yml").read_text("utf-8"))["named"]
    return tuple(words.get(word, ()))


@cache
def list_words(kind: str) -> tuple[str, ...]:
    """Return the words of one kind (subjects, terms), the longest first."""
    words = yaml.safe_load(Path(__file__).with_name("words.yml").read_text("utf-8"))[kind]
    return tuple(sorted(words, key=lambda word: (-len(word), word)))


def find_pattern(heading: str, subjects: Sequence[str] = ()) -> str | None:
    """Return the heading with what varies taken out as places; None where no subject and no day stands in it.

    `subjects`: the trust's own names, looked for besides the usual ones.
    """
    found = _YEARS.sub("{academic_year}", heading, count=1)
    if "{academic_year}" not in found and _DAY.search(found):
        return _SESSION.sub("{session}", _DAY.sub("{day}", found, count=1), count=1)
    named = sorted({*subjects, *list_words("subjects")}, key=lambda word: (-len(word), word))
    found, is_subject = _take_out(found, named, "subject")
    if not is_subject:
        return None
    found, _ = _take_out(found, list_words("terms"), "term")
    return _YEAR_GROUP.sub("{year_group}", found, count=1)


def _take_out(text: str, words: Sequence[str], place: str) -> tuple[str, bool]:
    for word in words:
        pattern = re.compile(rf"(?i)(?<![a-z{{]){re.escape(word)}(?![a-z}}])")
        if pattern.search(text):
            return pattern.sub(f"{{{place}}}", text, count=1), True
    return text, False
