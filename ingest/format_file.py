"""Format files: what one kind of export looks like, as a YAML a data manager can write.

Here live the strict model of a format file and the loading of all of them (a home's own stand over the built-in
ones of the same name). A format says how to recognise the export, where its header is, what its columns are
called in Plumbline's words, which records a row gives and what a newer file replaces. Reading a file by its
format does not live here (see `layout` and `reshape`).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from ingest.ages import AGE
from ingest.contract import CONTRACT_VERSION, IDENTITY, RECORD_KINDS
from ingest.home.problems import ConfigurationError, Problem, find_nearest
from ingest.home.strict import read_yaml
from ingest.pattern import Pattern, plain_text

BUILT_IN = Path(__file__).parent / "formats"

IDENTITY_WORDS = tuple(column.name for column in IDENTITY)
# Words a column or title may carry besides those of the contract.
SCHOOL_WORDS = ("school_urn", "school_laestab", "school_name")
CELL = "cell"
# What a rule that goes mark by mark gives for each of them.
MARK_WORDS = ("mark", "day", "session")

Order = Literal["day_month_year", "month_day_year", "year_month_day"]


def _check_word(word: str) -> str:
    if not word.isidentifier() or word.lower() != word:
        raise ValueError("is written in small letters with underscores, such as local_number")
    return word


Word = Annotated[str, AfterValidator(_check_word)]


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class EachMark(Strict):
    """A cell that holds the marks of several sessions in a row, such as a week of a register.

    `cell`: the word of the column with the marks; `first_day`: the word (of a column, title or place) that gives
    the day of its first mark. The marks run through `sessions` of each of `days` days, one day after another.
    """

    cell: Word
    first_day: Word
    days: int = Field(default=5, ge=1, le=7)
    sessions: tuple[Literal["AM", "PM"], ...] = Field(default=("AM", "PM"), min_length=1)

    @model_validator(mode="after")
    def _check_sessions(self) -> EachMark:
        if len(set(self.sessions)) < len(self.sessions):
            raise ValueError("names a session twice; a day has one AM and one PM")
        return self


class RecordRule(Strict):
    """One kind of record a row gives: once for the row, for each column whose header fits a pattern, or each mark."""

    kind: str
    each_column: str | None = None
    each_mark: EachMark | None = None
    repeats: bool = False  # the layout says the same on every row of a pupil, so repeats are no mistake
    fields: dict[str, Word] = Field(default_factory=dict)
    set: dict[str, str] = Field(default_factory=dict)

    @cached_property
    def pattern(self) -> Pattern | None:
        """The header pattern of `each_column`, if there is one."""
        return Pattern(self.each_column) if self.each_column else None

    @model_validator(mode="after")
    def _check_columns(self) -> RecordRule:
        if self.kind not in RECORD_KINDS:
            near = find_nearest(self.kind, set(RECORD_KINDS))
            raise ValueError(
                f"“{self.kind}” is not a kind of record; it is one of {', '.join(RECORD_KINDS)}"
                + (f". Did you mean “{near}”?" if near else "")
            )
        if self.each_column and self.each_mark:
            raise ValueError("says both each_column and each_mark; a rule goes one way")
        kind = RECORD_KINDS[self.kind]
        known = {column.name for column in kind.columns}
        for name in (*self.fields, *self.set):
            if name == AGE:
                raise ValueError(f"{AGE} is worked out from the date of birth; take it out of the rule")
            if name not in known:
                near = find_nearest(name, known)
                raise ValueError(
                    f'"{name}" is not a column of {self.kind}' + (f'. Did you mean "{near}"?' if near else "")
                )
        given = {*self.fields, *self.set}
        missing = [column.name for column in kind.columns if column.required and column.name not in given]
        if missing:
            raise ValueError(f"says nothing about {', '.join(missing)}, which every record of {self.kind} needs")
        return self


class Period(Strict):
    """A newer file replaces the older records that have the same values in these columns."""

    period: list[str]


class Upsert(Strict):
    """A newer file replaces the older records that have the same key."""

    upsert: list[str]


class FormatFile(Strict):
    """One export format. See docs/add-a-format.md for what each word does."""

    format: Word
    version: int = 1
    title: str
    title_rows: list[str] = Field(default_factory=list)
    header_rows: int = Field(default=1, ge=1, le=2)
    columns: dict[str, Word | None]
    also_called: dict[str, list[str]] = Field(default_factory=dict)
    optional: list[str] = Field(default_factory=list)
    leave_out: list[str] = Field(default_factory=list)
    footers: list[str] = Field(default_factory=list)
    blanks: list[str] = Field(default_factory=list)
    not_marks: list[str] = Field(default_factory=list)
    dates: Order = "day_month_year"
    values: dict[Word, dict[str, str]] = Field(default_factory=dict)
    ranges: dict[Word, tuple[float, float]] = Field(default_factory=dict)
    records: list[RecordRule] = Field(min_length=1)
    replaces: Literal["snapshot", "append"] | Period | Upsert

    @cached_property
    def title_patterns(self) -> list[Pattern]:
        """Patterns of the rows above the header."""
        return [Pattern(text) for text in self.title_rows]

    @cached_property
    def footer_patterns(self) -> list[Pattern]:
        """Patterns of the first filled cell of rows below the data."""
        return [Pattern(text) for text in self.footers]

    @cached_property
    def spellings(self) -> dict[str, frozenset[str]]:
        """Each column's headings as they are compared: its own and those it is also called by."""
        return {
            name: frozenset(plain_text(text).casefold() for text in (name, *self.also_called.get(name, [])))
            for name in self.columns
        }

    @cached_property
    def left_out(self) -> frozenset[str]:
        """The headings that are not read and not remarked upon, as they are compared."""
        return frozenset(plain_text(text).casefold() for text in self.leave_out)

    @property
    def makes_roll(self) -> bool:
        """Whether this format names the pupils of the school, so that other files can be matched to it."""
        return any(rule.kind == "pupils" for rule in self.records)

    @property
    def identity_words(self) -> list[str]:
        """Which identifiers this format reads."""
        return [word for word in self.columns.values() if word in IDENTITY_WORDS]

    @cached_property
    def sha256(self) -> str:
        """Hash of what the format says (comments and order of keys do not matter)."""
        canonical = json.dumps(self.model_dump(mode="json"), sort_keys=True)
        return hashlib.sha256(f"{CONTRACT_VERSION}\n{canonical}".encode()).hexdigest()

    @model_validator(mode="after")
    def _check_words(self) -> FormatFile:
        columns = {word for word in self.columns.values() if word}
        titles = {place for pattern in self.title_patterns for place in pattern.places}
        for rule in self.records:
            known = columns | titles | (({CELL} | set(rule.pattern.places)) if rule.pattern else set())
            if rule.each_mark:
                _check_known("each_mark", rule.each_mark.cell, columns)
                _check_known("each_mark", rule.each_mark.first_day, columns | titles)
                known |= set(MARK_WORDS)
            for column, word in rule.fields.items():
                if word not in known:
                    near = find_nearest(word, known)
                    raise ValueError(
                        f"records of {rule.kind} take {column} from “{word}”, which no column, title row or "
                        "header pattern gives" + (f". Did you mean “{near}”?" if near else "")
                    )
        for header in (*self.optional, *self.also_called):
            if header not in self.columns:
                raise ValueError(f"“{header}” is not among the columns of this format")
        self._check_spellings()
        self._check_sayings(titles)
        if not self.identity_words:
            raise ValueError("no column says who the pupil is; one must be " + ", ".join(IDENTITY_WORDS[:-2]))
        kinds = {rule.kind for rule in self.records}
        replaced = getattr(self.replaces, "period", None) or getattr(self.replaces, "upsert", [])
        for kind in kinds:
            for name in replaced:
                if name != "pupil_key" and name not in {c.name for c in RECORD_KINDS[kind].columns}:
                    raise ValueError(f"replaces by “{name}”, which is not a column of {kind}")
        return self

    def _check_spellings(self) -> None:
        """One heading means one thing: no word from two columns, no spelling of two columns."""
        words = [word for word in self.columns.values() if word]
        for word in sorted({word for word in words if words.count(word) > 1}):
            named = " and ".join(f"“{name}”" for name, ours in self.columns.items() if ours == word)
            raise ValueError(f"“{word}” is said of {named}; if they mean the same, write one under also_called")
        seen: dict[str, str] = {}
        spellings = [(name, text) for name in self.columns for text in (name, *self.also_called.get(name, []))]
        for name, text in (*spellings, *(("leave_out", text) for text in self.leave_out)):
            folded = plain_text(text).casefold()
            if seen.setdefault(folded, name) != name:
                raise ValueError(f"the heading “{text}” stands for both “{seen[folded]}” and “{name}”")

    def _check_sayings(self, titles: set[str]) -> None:
        """What `values` and `ranges` speak of is there; a slip of the pen would else do nothing, unseen."""
        kinds = [RECORD_KINDS[rule.kind] for rule in self.records]
        contract = {column.name: column for kind in kinds for column in kind.columns}
        places = {place for rule in self.records if rule.pattern for place in rule.pattern.places}
        words = {word for word in self.columns.values() if word}
        if any(rule.each_mark for rule in self.records):
            words |= set(MARK_WORDS)
        for name in self.values:
            _check_known("values", name, {*contract, *places, *words, *titles, CELL})
        for name, (low, high) in self.ranges.items():
            numbers = {n for n, column in contract.items() if column.type in ("integer", "decimal")}
            _check_known("ranges", name, numbers)
            if low > high:
                raise ValueError(f"the range of “{name}” goes from {low:g} down to {high:g}")


def _check_known(where: str, name: str, known: set[str]) -> None:
    if name not in known:
        near = find_nearest(name, known)
        raise ValueError(
            f"{where} speaks of “{name}”, which this format does not have"
            + (f". Did you mean “{near}”?" if near else "")
        )


def load_formats(folders: Sequence[Path]) -> dict[str, FormatFile]:
    """Return the formats of all `folders` by name; a later folder's format stands over an earlier one's.

    Raises ConfigurationError naming file and line; a file's stem must be its format's name.
    """
    formats: dict[str, FormatFile] = {}
    problems: list[Problem] = []
    for folder in folders:
        for path in sorted(folder.glob("*.yml")):
            try:
                found = read_yaml(path, FormatFile)
            except ConfigurationError as error:
                problems.extend(error.problems)
                continue
            if found.format != path.stem:
                problems.append(
                    Problem(
                        file=path.name,
                        line=1,
                        field="format",
                        seen=found.format,
                        expected=path.stem,
                        nearest="",
                        remedy="Give the file and the format the same name.",
                    )
                )
            formats[found.format] = found
    if problems:
        raise ConfigurationError(problems)
    return formats
