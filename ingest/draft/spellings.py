"""Spellings: what the codes of an unknown export mean, as far as the known formats tell.

Here lives the renaming of spellings such as Male to the contract's codes. What a code means is not decided here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ingest.contract import RECORD_KINDS
from ingest.draft.look import Seen
from ingest.draft.wording import Line, Rule
from ingest.fixes import show
from ingest.format_file import FormatFile
from ingest.pattern import plain_text

# A code comes again and again; a name that slipped into the column does not.
_OFTEN = 3


def _describe(text: str, times: int) -> str:
    return f"“{show(text)}”" if times >= _OFTEN or len(text) < _OFTEN else f"a cell of {len(text)} signs"


def find_spellings(
    columns: Sequence[Line], rules: Sequence[Rule], seen: Seen, formats: Iterable[FormatFile]
) -> tuple[dict[str, dict[str, str]], list[str]]:
    """Return, by column of codes, spelling -> code as the known formats have it; and what nobody knows, in words."""
    known: dict[str, dict[str, str]] = {}
    for form in formats:
        for word, spellings in form.values.items():
            known.setdefault(word, {}).update({plain_text(text).casefold(): ours for text, ours in spellings.items()})
    codes = {
        column.name: column.codes
        for rule in rules
        for column in RECORD_KINDS[rule.kind].columns
        if column.type == "code" and column.codes
    }
    cells_of = dict(zip(seen.headings, seen.columns, strict=True))
    values: dict[str, dict[str, str]] = {}
    asked: list[str] = []
    for line in columns:
        for text in sorted(set(cells_of[line.heading]) - set(codes.get(line.word, ()))) if line.word in codes else ():
            code = known.get(line.word, {}).get(text.casefold())
            if code in codes[line.word]:
                values.setdefault(line.word, {})[text] = str(code)
            else:
                seen_as = _describe(text, cells_of[line.heading].count(text))
                asked.append(f"{seen_as} under “{line.heading}” is none of {', '.join(codes[line.word])}")
    return values, asked[:20]
