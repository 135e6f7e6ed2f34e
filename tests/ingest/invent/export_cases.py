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
from ingest.format_file import CELL, IDENTITY_WORDS, MARK_WORDS, SCHOOL_WORDS, RecordRule
from ingest.home.secret import DEMO_KEY
from ingest.invent import Entry, Pupil, Style
from ingest.upn import find_check_letter

URN = "999901"  # a school of tests/homes/tiny
SCHOOL = "Ash Primary School"
TEST_HOME = Path(__file__).parents[2] / "homes" / "inner_london" / "formats"
SAID = {
    "school_name": SCHOOL, "school_urn": URN, "school_laestab": "001/2001", "exported_on": "01/07/2025",
    "term": "Summer", "marksheet": "Core subjects",
}  # fmt: skip

SCHOOLS = (
    {"school_urn": URN, "school_laestab": "001/2001", "school_name": SCHOOL},
    {"school_urn": "999902", "school_laestab": "0012002", "school_name": "Birch Primary School"},
)

# Names that try the delimiters, the quotes and the letters outside ASCII.
SURNAMES = ["O’Neskvick", "Blendorf; Klem", 'Quem "Q" Rusk', "Dask, Frim", "Öladervick", "Vri|rvoz", "Ze-Morv"]
TEXTS = {
    "subject": ["English", "Mathematics", "Design & Technology", "Écriture"],
    "assessment": ["Common Test", "Mock 2"],
    "window_label": ["Autumn", "Summer", "Autumn 2"],
    "group_set": ["breakfast_club", "reading_support", "house"],
    "group_name": ["Y", "One to one", "4", "3B"],
    "value": ["0", "7", "45", "100", "38.5"],
    "mark_code": ["/", "\\", "L", "I", "C1", "Y7", "-", "#"],
    "framework": ["Classroom Monitor", "Our statements"],
    "statement": ["Count in multiples of 6, 7, 9, 25 and 1000", "I can: use “inverted commas”"],
    "judged_value": ["WTS", "EXS", "2 Developing+"],
    "moderated_value": ["EXS", "GDS"],
    "recorded_reason": ["Persistent disruptive behaviour", "Other; see file"],
}
# What places of a heading can hold, where the contract allows more.
PLACES = {"month": ["Oct 2025", "March 2026"]}
MONDAYS = [dt.date(2025, 9, 8), dt.date(2025, 12, 29), dt.date(2026, 3, 23)]
CARRIERS = {
    "results": "value", "groups": "group_name", "attendance": "mark_code", "attendance_totals": "sessions",
    "judgements": "value", "moderation": "moderated_value",
}  # fmt: skip


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


def names_schools(form: FormatFile) -> bool:
    """Whether a column of the format says of which school a row is."""
    return bool(set(SCHOOL_WORDS) & set(form.columns.values()))


def at_school(entry: Entry) -> Entry:
    """The same entry in a file of two schools: every second pupil is at the other one."""
    school = SCHOOLS[int(entry.pupil["local_number"]) % 2]
    return Entry(entry.kind, {**entry.pupil, **school}, entry.columns)


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
        said: dict[str, Any] = dict(entry.columns)
        kind = RECORD_KINDS[entry.kind]
        if entry.kind == "results" and said["result_type"] == "test" and said["value"] not in form.not_marks:
            said["mark"] = said["value"]
        if entry.kind == "pupils" and "date_of_birth" in form.identity_words and said.get("academic_year"):
            said["age_at_start"] = find_age(entry.pupil["date_of_birth"], said["academic_year"])
        for column in kind.columns:
            if said.get(column.name) is not None and column.type in ("decimal", "integer"):
                number = Decimal(str(said[column.name]))
                said[column.name] = number.quantize(Decimal("0.0001")) if column.type == "decimal" else int(number)
        row = (find_key(form, entry.pupil), *(said.get(column.name) for column in kind.columns))
        expected.setdefault(entry.kind, set()).add(row)
    return {kind: sorted(rows, key=repr) for kind, rows in expected.items()}


def find_age(date_of_birth: str, academic_year: str) -> int:
    """Whole years on 31 August before the academic year, by counting birthdays."""
    born, first = dt.date.fromisoformat(date_of_birth), int(academic_year[:4])
    birthdays = [dt.date(year, born.month, born.day) for year in range(born.year + 1, first + 1)]
    return sum(1 for day in birthdays if day <= dt.date(first, 8, 31))


def list_endings(form: FormatFile) -> list[str]:
    """The kinds of file the format can be written as: JSON pages have no room for titles and second lines."""
    return ["csv", "xlsx"] if form.title_rows or form.header_rows > 1 else ["csv", "xlsx", "json"]


@st.composite
def draw_style(draw: st.DrawFn, form: FormatFile, ending: str) -> Style:
    """A house style: encoding, delimiter, spelling of headings and year groups, and what else a table may hold."""
    spellings = {name: draw(st.sampled_from([name, *others])) for name, others in form.also_called.items()}
    # "YYear 3 Reading" could be cut anywhere.
    plain = any("Y{year_group}" in (rule.each_column or "") for rule in form.records)
    is_table = ending != "json"
    extras = draw(st.lists(st.sampled_from(form.leave_out), max_size=2)) if is_table and form.leave_out else []
    return Style(
        encoding=draw(st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"])),
        delimiter=draw(st.sampled_from([",", ";", "\t", "|"])),
        said=SAID,
        spellings=spellings,
        year_group="{}" if plain else draw(st.sampled_from(["{}", "Year {}", "Y{}"])),
        academic_year=draw(st.sampled_from(["{first}/{short}", "{first}-{last}", "{first}{short}"])),
        footers=is_table and draw(st.booleans()),
        extras={name: draw(st.sampled_from([["T", "F"], ["", "K", ""], [""]])) for name in extras},
        blank_columns=draw(st.sampled_from([(), (0,), (1, 3)])) if is_table else (),
        odd_spaces=is_table and draw(st.booleans()),
        page_rows=draw(st.sampled_from([0, 1, 3])),
        mark_gap=draw(st.sampled_from(["", " "])),
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
        self._fixed = {CELL, *IDENTITY_WORDS, *SCHOOL_WORDS}
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
            words |= self._draw_either()
            rules = [rule for rule in self.form.records if not rule.pattern]
            rows = [(rule, words) for rule in rules if not rule.each_mark and self._speaks(rule, words)]
            self._add(pupil, rows)
            for rule in rules:
                if rule.each_mark:
                    self._add(pupil, [(rule, words | mark) for mark in self._draw_marks(rule)])
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

    def _draw_either(self) -> dict[str, None]:
        """Of rules that say the same thing in two ways, such as a mark or a reason for none, all but one are silent."""
        alike: dict[str, list[str]] = {}
        for rule in self.form.records:
            if not rule.pattern and not rule.each_mark and rule.kind in CARRIERS and rule.set:
                alike.setdefault(f"{rule.kind} {rule.set}", []).append(rule.fields[CARRIERS[rule.kind]])
        several = [words for words in alike.values() if len(words) > 1]
        return {word: None for words in several for word in set(words) - {self.draw(st.sampled_from(words))}}

    def _draw_marks(self, rule: RecordRule) -> list[dict[str, Any]]:
        """The marks of a whole cell: one for each session of each of its days."""
        assert rule.each_mark is not None
        first = self.draw(st.sampled_from(MONDAYS))
        days = [first + dt.timedelta(day) for day in range(rule.each_mark.days)]
        made = [(day, session) for day in days for session in rule.each_mark.sessions]
        pool = st.sampled_from(TEXTS["mark_code"])
        return [dict(zip(MARK_WORDS, (self.draw(pool), *at), strict=True)) for at in made]

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
        # A column that is a number in one field is one in all of them, such as a mark that is the value as well.
        numbers = [use for use in uses if use.type in ("integer", "decimal")]
        if numbers:
            low, high = self.form.ranges.get(numbers[0].name, (0, 100))
            return str(self.draw(st.integers(int(low), int(high))))
        of_type = {
            "academic_year": ["2023/24", "2024/25"],
            "year_group": ["R", "1", "3", "11", "X", "N2"],
            "code": list(column.codes),
        }
        pool = PLACES.get(word) or of_type.get(column.type) or TEXTS[column.name]
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
        texts = ["0", "7"] if fed == "sessions" else TEXTS[fed] + (self.form.not_marks if fed == "value" else [])
        return self.draw(st.sampled_from([None, *texts]))
