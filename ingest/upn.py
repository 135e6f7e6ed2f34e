"""Unique pupil numbers: their form, their check letter, and the one repair that is certain.

Source: the standard's check-letter rule (positions 2 to 13 weighted by their place, modulo 23). Matching pupils by
UPN does not live here (see `identities`).
"""

from __future__ import annotations

import re

LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"  # 23 letters; I, O and S are never used
# [0-9] and not \d: digits of other scripts look alike and would give another pupil key.
_PERMANENT = re.compile(r"[A-HJ-NP-RT-Z][0-9]{12}")
_TEMPORARY = re.compile(r"[A-HJ-NP-RT-Z][0-9]{11}[A-HJ-NP-RT-Z]")
_BODY = re.compile(r"([0-9]{12})(?:\.0+)?")  # a spreadsheet's number may be written with its decimals
_STANDS_FOR_NONE = re.compile(r"0+(?:\.0+)?|UN[1-5]")
_POWERS_OF_TEN = re.compile(r"[0-9]+([.,][0-9]+)?E[+]?[0-9]+")


def find_check_letter(body: str) -> str:
    """Return the letter that belongs before `body`, the twelve characters from position 2 to 13."""
    total = sum(
        place * (int(char) if char.isdigit() else LETTERS.index(char)) for place, char in enumerate(body, start=2)
    )
    return LETTERS[total % 23]


def read_upn(text: str) -> tuple[str | None, str | None]:
    """Return (UPN, None) when `text` is one, (repaired UPN, "repaired") when only the letter was lost,
    (None, None) when it stands for no UPN, and (None, why) when it is not one."""
    plain = "".join(text.split()).upper()
    if not plain or _STANDS_FOR_NONE.fullmatch(plain):
        return None, None
    if body := _BODY.fullmatch(plain):
        return find_check_letter(body[1]) + body[1], "repaired"
    if _POWERS_OF_TEN.fullmatch(plain):
        return None, "the spreadsheet has turned the number into powers of ten"
    if not (_PERMANENT.fullmatch(plain) or _TEMPORARY.fullmatch(plain)):
        return None, "it does not have the form of a UPN"
    if find_check_letter(plain[1:]) != plain[0]:
        return None, "its first letter does not agree with the digits"
    return plain, None
