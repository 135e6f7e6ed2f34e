"""Cases for the writer: every format there is, entries any of them can say, and what reading must give for them.

What is expected is worked out from the entries and the contract alone; neither the writer nor the reader is asked.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
from decimal import Decimal
from pathlib import Path
from typing import Any

from hypothesis import assume
from hypothesis import strategies as st

from ingest import BUILT_IN, FormatFile, load_formats
from ingest.contract import RECORD_KINDS
from ingest.format_file import CELL, IDENTITY_WORDS, RecordRule
from ingest.home.secret import DEMO_KEY
from ingest.invent import Entry, Pupil, Style
from ingest.upn import find_check_letter

URN = "999901"  # a school of tests/homes/tiny
SCHOOL = "Ash Primary School"
TEST_HOME = Path(__file__).parents[2] / "homes" / "inner_london" / "formats"
SAID = {"school_name": SCHOOL, "exported_on": "01/07/2025", "term": "Summer"}

# Names that try the delimiters, the quotes and the letters outside ASCII.
SURNAMES = ["O’Neskvick", "Blendorf; Klem", 'Quem "Q" Rusk', "Dask, Frim", "Öladervick", "Vri|rvoz", "Ze-Morv"]
TEXTS = {
    "subject": ["English", "Mathematics", "Design & Technology", "Écriture"],
    "assessment": ["Common Test", "Mock 2"],
    "window_label": ["Autumn", "Summer", "Autumn 2"],
    "group_set": ["breakfast_club", "reading_support", "house"],
    "group_name": ["Y", "One to one", "4", "3B"],
    "value": ["0", "7", "45", "100", "38.5"],
}
CARRIERS = {"results": "value", "groups": "group_name"}


def list_formats() -> dict[str, FormatFile]:
    """The built-in formats and those of the test home, all at once, as a home of its own formats has them."""
    return load_formats([BUILT_IN, TEST_HOME])


def make_pupil(number: int, surname: str = "Neskvick") -> Pupil:
    """A pupil whose numbers follow from `number`."""
    body = f"191200124{number:03d}"
    return {
        "upn": find_check_letter(body) + body,
        "local_number": f"{number:06d}",
        "surname": surname,
        "forename": f"Brylm{number}",
        "full_name": f"{surname}, Brylm{number}",
        "date_of_birth": dt.date(2016, 1, 1 + number % 28).isoformat(),
    }


def find_key(form: FormatFile, pupil: Pupil) -> str:
    """The pupil key by the rule of the design: HMAC of the UPN, or of school and local number where none is known."""
    # A file without UPN is matched to a pupil list that has it, unless it makes the roll itself.
    known_by_upn = "upn" in form.identity_words or not form.makes_roll
    # A spreadsheet may have dropped the zeros a number begins with: it counts without them.
    said = pupil["upn"] if known_by_upn else f"{URN}|{int(pupil['local_number'])}"
    return hmac.new(DEMO_KEY, said.encode(), hashlib.sha256).hexdigest()[:32]


def expect_records(form: FormatFile, entries: list[Entry]) -> dict[str, list[tuple[Any, ...]]]:
    """What the lake must hold: kind -> sorted rows of pupil_key and the contract's columns; the same entry once."""
    expected: dict[str, set[tuple[Any, ...]]] = {}
    for entry in entries:
        said = dict(entry.columns)
        if entry.kind == "results":
            is_mark = said["result_type"] == "test" and said["value"] not in form.not_marks
            said["mark"] = Decimal(str(said["value"])).quantize(Decimal("0.0001")) if is_mark else None
        row = (find_key(form, entry.pupil), *(said.get(column.name) for column in RECORD_KINDS[entry.kind].columns))
        expected.setdefault(entry.kind, set()).add(row)
    return {kind: sorted(rows, key=repr) for kind, rows in expected.items()}


@st.composite
def draw_style(draw: st.DrawFn, form: FormatFile) -> Style:
    """A house style: encoding, delimiter, spelling of headings and year groups."""
    spellings = {name: draw(st.sampled_from([name, *others])) for name, others in form.also_called.items()}
    return Style(
        encoding=draw(st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"])),
        delimiter=draw(st.sampled_from([",", ";", "\t", "|"])),
        said=SAID,
        spellings=spellings,
        year_group=draw(st.sampled_from(["{}", "Year {}", "Y{}"])),
        footers=draw(st.booleans()),
    )


@st.composite
def draw_entries(draw: st.DrawFn, form: FormatFile) -> list[Entry]:
    """Entries the format can say, of a few pupils; no two contradict each other."""
    maker = _Maker(draw, form)
    surnames = draw(st.lists(st.sampled_from(SURNAMES), min_size=1, max_size=5))
    for number, surname in enumerate(surnames, 1):
        maker.add_pupil(make_pupil(number, surname))
    # An export without a single column for one of its patterns is not in that format.
    assume(maker.entries and maker.headed == set(maker.headings))
    return maker.entries


class _Maker:
    """Draws the words of title, headings and rows, and makes entries of them by the format's rules."""

    def __init__(self, draw: st.DrawFn, form: FormatFile) -> None:
        self.draw, self.form = draw, form
        self.entries: list[Entry] = []
        self._contents: dict[tuple[Any, ...], tuple[Any, ...]] = {}
        self._fixed = {CELL, *IDENTITY_WORDS}
        self._words = {word for word in form.columns.values() if word} - self._fixed
        places = {place for pattern in form.title_patterns for place in pattern.places}
        self._titles = {word: self._draw_word(word, always=True) for word in sorted(places) if self._uses(word)}
        self.headed: set[str | None] = set()  # patterns with at least one filled cell
        self.headings = {
            text: self._draw_headings(text) for text in dict.fromkeys(r.each_column for r in form.records if r.pattern)
        }

    def add_pupil(self, pupil: Pupil) -> None:
        wide = bool(self.headings)
        for _ in range(1 if wide else self.draw(st.integers(1, 3))):
            words = self._titles | {word: self._draw_word(word) for word in sorted(self._words) if self._uses(word)}
            rows = [(rule, words) for rule in self.form.records if not rule.pattern and self._speaks(rule, words)]
            self._add(pupil, rows)
            for text, headings in self.headings.items():
                rules = [rule for rule in self.form.records if rule.each_column == text]
                for places in headings:
                    cell = self._draw_cell(rules)
                    if cell is not None:
                        self._add(pupil, [(rule, words | places | {CELL: cell}) for rule in rules])

    def _add(self, pupil: Pupil, rows: list[tuple[RecordRule, dict[str, Any]]]) -> None:
        """Add the entries of one row or cell, unless one of them contradicts an earlier one."""
        made, keys = [], {}
        for rule, words in rows:
            said: dict[str, Any] = {**rule.set, **{column: words[word] for column, word in rule.fields.items()}}
            kind = RECORD_KINDS[rule.kind]
            key = (rule.kind, pupil["upn"], *(said.get(name) for name in kind.key[2:]))
            content = tuple(said.get(column.name) for column in kind.columns)
            if self._contents.get(key, content) != content or keys.get(key, content) != content:
                return
            keys[key] = content
            made.append(Entry(rule.kind, pupil, said))
        self._contents.update(keys)
        self.headed |= {rule.each_column for rule, _ in rows if rule.pattern}
        self.entries.extend(made)

    def _speaks(self, rule: RecordRule, words: dict[str, Any]) -> bool:
        word = rule.fields.get(CARRIERS.get(rule.kind, ""))
        return word is None or words[word] is not None

    def _uses(self, word: str) -> list[tuple[str, str]]:
        return [(rule.kind, column) for rule in self.form.records for column, w in rule.fields.items() if w == word]

    def _draw_word(self, word: str, *, always: bool = False) -> Any:
        uses = [RECORD_KINDS[kind].column(column) for kind, column in self._uses(word)]
        column = uses[0]
        if not always and not any(use.required for use in uses) and self.draw(st.integers(0, 4)) == 0:
            return None
        if column.type == "date":
            return self.draw(st.dates(dt.date(2015, 1, 1), dt.date(2026, 12, 31)))
        pool = {
            "academic_year": ["2023/24", "2024/25"],
            "year_group": ["R", "1", "3", "11", "X", "N2"],
            "code": list(column.codes),
        }.get(column.type) or TEXTS[column.name]
        return self.draw(st.sampled_from(pool))

    def _draw_headings(self, text: str | None) -> list[dict[str, Any]]:
        rule = next(rule for rule in self.form.records if rule.each_column == text)
        assert rule.pattern is not None
        # What no record of this heading says, the style says.
        said = {word for r in self.form.records if r.each_column == text for word in r.fields.values()}
        places = [place for place in rule.pattern.places if place in said]
        found: list[dict[str, Any]] = []
        for _ in range(self.draw(st.integers(1, 4))):
            heading = {place: self._draw_word(place, always=True) for place in places}
            if heading not in found:
                found.append(heading)
        return found

    def _draw_cell(self, rules: list[RecordRule]) -> str | None:
        fed = next((column for rule in rules for column, word in rule.fields.items() if word == CELL), "value")
        texts = TEXTS[fed] + (self.form.not_marks if fed == "value" else [])
        return self.draw(st.sampled_from([None, *texts]))
