"""Meanings: what each column of an unknown export probably is, by its heading and a look at the cells below.

Here lives the guess for one column and the order of its dates. Which records the columns make is decided in
`drafting`. No cell's text goes out of here, but codes such as Y and N.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import cast

from ingest.contract import IDENTITY, RECORD_KINDS
from ingest.draft.headings import list_parts, list_words
from ingest.format_file import IDENTITY_WORDS, SCHOOL_WORDS, FormatFile, Order
from ingest.pattern import plain_text
from ingest.upn import read_upn
from ingest.values import NotAValue, read_academic_year, read_date, read_year_group

CELLS_LOOKED_AT = 400
ENOUGH = 0.8
_MARKS = re.compile(r"(?:[/\\#*-]|[A-Z][0-9]?|\s){6,}", re.IGNORECASE)
_ORDERS: tuple[Order, ...] = ("day_month_year", "month_day_year", "year_month_day")


@dataclass(frozen=True)
class Meaning:
    """What a column probably is: `word` ours ('' for none), whether that is sure, and why a person should look."""

    word: str
    sure: bool
    why: str


Lexicon = Mapping[str, frozenset[str]]


def make_lexicon(formats: Iterable[FormatFile]) -> Lexicon:
    """Return what each heading of the known formats, folded, stands for: identifiers and columns of the contract."""
    found: dict[str, set[str]] = {}
    for form in formats:
        columns = {word: column for rule in form.records for column, word in rule.fields.items()}
        for name, word in form.columns.items():
            meant = word if word in (*IDENTITY_WORDS, *SCHOOL_WORDS) else columns.get(word or "", "")
            if meant:
                for text in (name, *form.also_called.get(name, [])):
                    found.setdefault(plain_text(text).casefold(), set()).add(meant)
        for text in form.leave_out:  # known, and known not to be read
            found.setdefault(plain_text(text).casefold(), set())
    return {heading: frozenset(words) for heading, words in found.items()}


def guess_meaning(heading: str, cells: list[str], lexicon: Lexicon, wanted: Iterable[str]) -> Meaning:
    """Return what the column under `heading` is, of the words `wanted` (identifiers and columns of the contract).

    Sure where the heading is known and the cells agree; by the cells alone it is a guess.
    """
    cells = cells[:CELLS_LOOKED_AT]
    allowed = set(wanted)
    known = sorted(lexicon.get(plain_text(heading).casefold(), frozenset()) & allowed)
    for word in known:
        if not cells:
            return Meaning(word, False, "the heading is known, but every cell is empty")
        if looks_like(word, cells):
            return Meaning(word, len(known) == 1, "" if len(known) == 1 else "the heading can mean more than one thing")
    if known:
        return Meaning(known[0], False, "the heading is known, but its cells look like something else")
    for word, is_like in _TOLD_BY_CELLS.items():
        parts = list_parts(word)
        # "Grade awarded" heads a column of results; "Oracy score" heads those of one subject.
        where = heading.casefold().split(" ")[0] if word == "value" else heading.casefold()
        fits = not parts or any(part in where for part in parts)
        if word in allowed and cells and fits and is_like(cells):
            return Meaning(word, False, "by its cells; the heading is not known")
    return Meaning("", False, "")


def is_usual(heading: str, lexicon: Lexicon) -> bool:
    """Whether a heading is one of a known format, or holds a word by which headings are usually known."""
    words = re.findall(r"[a-z]+", heading.casefold())
    usual = {"upn", *(part for word in ("full_name", "year_group", "date_of_birth") for part in list_parts(word))}
    return plain_text(heading).casefold() in lexicon or len(usual.intersection(words)) > 0


def _are_of(kind: str) -> Callable[[list[str]], bool]:
    words = {word.casefold() for word in list_words(kind)}
    return lambda cells: _share(cells, lambda text: text.casefold() in words) >= ENOUGH


def _are_sexes(cells: list[str]) -> bool:
    return {text.casefold() for text in cells} <= {"m", "f", "u", "male", "female", "boy", "girl", "b", "g"}


def _are_names(cells: list[str]) -> bool:
    return _share(cells, lambda text: re.fullmatch(r"[^\W\d_]+[^\d]*[ ,][^\d]+", text) is not None) >= ENOUGH


def _are_own_numbers(cells: list[str]) -> bool:
    return len(set(cells)) == len(cells) and _share(cells, lambda text: text.isalnum() and len(text) <= 10) >= ENOUGH


# In this order: what a column is where only its cells (and perhaps a part of its heading) tell.
_TOLD_BY_CELLS: dict[str, Callable[[list[str]], bool]] = {
    "upn": lambda cells: looks_like("upn", cells),
    "date_of_birth": lambda cells: looks_like("date_of_birth", cells),
    "academic_year": lambda cells: looks_like("academic_year", cells),
    "year_group": lambda cells: looks_like("year_group", cells),
    "sex": _are_sexes,
    "subject": _are_of("subjects"),
    "window_label": _are_of("terms"),
    "full_name": _are_names,
    "local_number": _are_own_numbers,
    "value": lambda cells: are_short_codes(cells) and not are_flags(cells),
}


def looks_like(word: str, cells: list[str]) -> bool:
    """Whether most of the cells can be read as what `word` means."""
    kind = _find_type(word)
    if word in ("upn", "former_upn"):
        return _share(cells, lambda text: read_upn(text)[0] is not None) >= ENOUGH
    if kind == "date":
        return find_order(cells) is not None
    if kind == "year_group":
        return _share(cells, lambda text: _reads(read_year_group, text)) >= ENOUGH
    if kind == "academic_year":
        return _share(cells, lambda text: _reads(read_academic_year, text)) >= ENOUGH
    if kind in ("integer", "decimal"):
        return _share(cells, lambda text: re.fullmatch(r"[0-9.,]+", text) is not None) >= ENOUGH
    return True


def _find_type(word: str) -> str:
    columns = [column for kind in RECORD_KINDS.values() for column in kind.columns] + list(IDENTITY)
    return next((column.type for column in columns if column.name == word), "text")


def _reads(read: Callable[[str], object], text: str) -> bool:
    try:
        read(text)
    except NotAValue:
        return False
    return True


def find_order(cells: list[str]) -> Order | None:
    """Return the order in which all of the dates can be read, day first where several orders fit; else None."""
    for order in _ORDERS:
        if cells and sum(_is_date(text, order) for text in cells) >= 0.95 * len(cells):
            return order
    return None


def is_order_sure(cells: list[str], order: Order) -> bool:
    """Whether some date can only be read in this order, or all are written the one way that cannot be mistaken."""
    if all(re.match(r"[0-9]{4}-", text) for text in cells):
        return True
    others = cast(tuple[Order, ...], tuple(other for other in _ORDERS if other != order))
    return any(_is_date(text, order) and not any(_is_date(text, other) for other in others) for text in cells)


def _is_date(text: str, order: str) -> bool:
    try:
        read_date(text, order)
    except NotAValue:
        return False
    return True


def _share(cells: list[str], fits: Callable[[str], bool]) -> float:
    return sum(1 for text in cells if fits(text)) / len(cells) if cells else 0.0


def are_marks_of_a_week(cells: list[str]) -> bool:
    """Whether the cells hold several marks of a register each, such as `/\\/\\I I/\\`."""
    return bool(cells) and all(_MARKS.fullmatch(text) for text in cells) and any("/" in text for text in cells)


def are_short_codes(cells: list[str]) -> bool:
    """Whether the cells could be judgements or marks: short, and not another for each pupil."""
    return bool(cells) and max(map(len, cells)) <= 20


def are_flags(cells: list[str]) -> bool:
    """Whether the cells only say yes or no."""
    return {text.casefold() for text in cells} <= {"y", "n", "yes", "no", "t", "f", "true", "false", "0", "1"}


def are_like_results(heading: str, cells: list[str]) -> bool:
    """Whether the cells could be results though nothing says so: numbers, or the same few short codes again."""
    if set(re.findall(r"[a-z]+", heading.casefold())) & set(list_words("groups")):
        return False
    few = len(set(cells)) * 2 <= len(cells) and max(map(len, cells), default=99) <= 6
    return bool(cells) and not are_flags(cells) and (are_numbers(cells) or few)


def are_numbers(cells: list[str]) -> bool:
    """Whether nearly all cells are plain numbers."""
    return _share(cells, lambda text: re.fullmatch(r"[0-9]+(?:\.[0-9]+)?", text) is not None) >= ENOUGH
