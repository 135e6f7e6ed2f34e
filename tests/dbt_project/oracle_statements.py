"""Where each judgement of a curriculum statement belongs and what it counts, worked out slowly in plain Python.

What lives here: the statement, meaning, bucket and standing of judgements, and the measures of pupils. What does not:
enrolments (`oracle_placing`), intervals (`oracle_figures`), any SQL. Nothing here was written from the models.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from tests.dbt_project.lake_files import Row, Tables
from tests.dbt_project.oracle_placing import counts_nowhere_here, find_enrolments, is_in_trust

SECURE, ASSESSED = ("EXS", "GDS"), ("BLW", "WTS", "EXS", "GDS")
# Owner, set of statements, subject and name: what a statement is whatever its version.
Name = tuple[str, str, str, str]
# Pupil, URN, year, window, owner, set, subject.
Cell = tuple[str, str, str, str, str, str, str]


def plain(text: str | None) -> str:
    """Return a wording as statements are known by: small letters, single blanks."""
    return " ".join((text or "").lower().split())


@dataclass
class Judgement:
    """A judgement with what was made of it; `reason` is empty where it can be used."""

    record: Row
    day: date
    reason: str | None = None
    statement: Row | None = None
    band: str | None = None
    window: Row | None = None

    @property
    def order(self) -> tuple[date, int, int, str]:
        """Return what the latest of several is chosen by."""
        return self.day, self.record["arrival"], self.record["file_row"], self.record["record_id"]


class Statements:
    """The judgements of a lake, each placed, and where every pupil stands."""

    def __init__(self, tables: Tables) -> None:
        self.tables = tables
        self.as_of: date = tables["run"][0]["as_of"]
        self.schools = {row["urn"]: row for row in tables["schools"]}
        self.years = {row["academic_year"]: row for row in tables["academic_years"]}
        self.enrolments = find_enrolments(tables)
        self.receipts = {(row["urn"], row["receipt_id"]): row for row in tables["receipts"]}
        self.judgements = [self._place(record) for record in tables["judgements"]]
        self.standing = self._find_standing()
        used = {
            id(one) for (cell, _), one in self.standing.items() if one.window and cell[3] == one.window["window_name"]
        }
        for one in self.judgements:
            if one.reason is None and id(one) not in used:
                one.reason = "later_judgement_stands"

    def _place(self, source: Row) -> Judgement:
        receipt = self.receipts[source["urn"], source["receipt_id"]]
        record = {**source, "arrival": receipt["arrival"], "format": receipt["format"]}
        school, year = self.schools.get(record["urn"]), self.years.get(record["academic_year"])
        one = Judgement(record, record["judged_on"] or receipt["exported_on"] or receipt["first_seen_on"])
        if school is None or year is None:
            one.reason = "academic_year_not_reported" if school else "school_not_on_register"
            return one
        if record["judged_on"] is None:
            one.day = max(year["starts"], min(year["ends"], one.day))
        enrolment = self.enrolments.get((record["pupil_key"], record["urn"], record["academic_year"]))
        own_group = enrolment.year_group if enrolment else None
        windows = self._windows(school["phase"], record["academic_year"], own_group)
        one.window = next((w for w in windows if one.day <= w["closes"]), None)
        one.statement = self._find_statement(one, record["year_group"] or own_group)
        one.band = self._find_band(one, own_group)
        if not any(row["owner"] in ("trust", record["urn"]) for row in self.tables["statements"]):
            one.reason = "no_kpi_uses_it"
        elif record["subject"] not in [row["subject"] for row in self.tables["subjects"]]:
            one.reason = "subject_unknown"
        elif not year["starts"] <= one.day <= year["ends"]:
            one.reason = "judged_outside_year"
        elif one.day > self.as_of:
            one.reason = "judged_after_run_date"
        elif one.statement is None:
            one.reason = "statement_unknown"
        elif one.band is None:
            one.reason = "judgement_code_unmapped"
        elif enrolment is None:
            one.reason = "pupil_not_enrolled"
        elif counts_nowhere_here(enrolment, school["phase"]):
            one.reason = "not_counted_here"
        elif own_group is None:
            one.reason = "year_group_unknown"
        elif one.statement["year_group"] != own_group:
            one.reason = "statement_of_another_year_group"
        elif one.window is None:
            one.reason = "judged_after_last_window" if windows else "no_window"
        elif one.window["opens"] > self.as_of:
            one.reason = "window_not_open"
        elif not enrolment.touches(one.window["opens"], one.window["closes"]):
            one.reason = "not_on_roll_in_window"
        elif name_of(one.statement) not in self.due(one.window):
            one.reason = "statement_not_due_in_window"
        return one

    def _windows(self, phase: str, year: str, year_group: str | None) -> list[Row]:
        rows = [
            w for w in self.tables["windows"]
            if (w["phase"], w["academic_year"], w["year_group"]) == (phase, year, year_group)
        ]  # fmt: skip
        return sorted(rows, key=lambda w: w["closes"])

    def _find_statement(self, one: Judgement, year_group: str | None) -> Row | None:
        """Return the statement a judgement is of: of its year group first, then the school's own, then by name."""
        said = plain(one.record["statement"])
        fitting = [
            row for row in self.tables["statements"]
            if row["owner"] in ("trust", one.record["urn"]) and holds(row, one.day)
            and (row["framework"], row["subject"]) == (one.record["framework"], one.record["subject"])
            and said in (plain(row["statement"]), plain(row["text"]))
        ]  # fmt: skip
        fitting.sort(key=lambda row: row["valid_from"], reverse=True)
        return min(fitting, default=None, key=lambda row: (
            row["year_group"] != year_group, row["owner"] == "trust", said != plain(row["statement"]),
        ))  # fmt: skip

    def _find_band(self, one: Judgement, year_group: str | None) -> str | None:
        record, window = one.record, one.window["window_name"] if one.window else None
        asked = (record["urn"], record["subject"], year_group, window)
        best: tuple[int, str | None] = (-1, None)
        for row in self.tables["scales"]:
            told = tuple(row[part] for part in ("school", "subject", "year_group", "window_name"))
            says = sum(weight for weight, part in zip((8, 4, 2, 1), told, strict=True) if part is not None)
            if (
                (row["source"], row["framework"], row["code"])
                == (record["format"], record["framework"], record["value"].strip())
                and all(part in (None, asked_part) for part, asked_part in zip(told, asked, strict=True))
                and holds(row, one.day) and says > best[0]
            ):  # fmt: skip
                best = (says, row["band"])
        return best[1]

    def due(self, window: Row) -> dict[Name, Row]:
        """Return the statements that hold at the close of a window, each in its newest version."""
        found: dict[Name, Row] = {}
        for row in sorted(self.tables["statements"], key=lambda row: row["valid_from"]):
            if row["year_group"] == window["year_group"] and holds(row, window["closes"]):
                found[name_of(row)] = row
        return found

    def _counts_as(self, one: Judgement, window: Row) -> Iterator[Name]:
        """Yield the statements a judgement counts for in a window: its own, and the trust's one it is linked to."""
        assert one.statement
        due = self.due(window)
        statement = due.get(name_of(one.statement))
        if statement is None:
            return
        yield name_of(statement)
        linked = [
            name for name in due
            if statement["owner"] != "trust" and statement["links_to"] and name[0] == "trust"
            and name[2] == statement["subject"] and plain(name[3]) == plain(statement["links_to"])
        ]  # fmt: skip
        if linked:
            yield min(linked, key=lambda name: (name[1] != statement["framework"], name[1], name[3]))

    def _find_standing(self) -> dict[tuple[Cell, str], Judgement]:
        """Return (pupil's cell, statement) -> the judgement that stands at the close of the window."""
        found: dict[tuple[Cell, str], Judgement] = {}
        for one in self.judgements:
            if one.reason is not None:
                continue
            pupil, urn, year = (one.record[part] for part in ("pupil_key", "urn", "academic_year"))
            enrolment = self.enrolments[pupil, urn, year]
            for window in self._windows(self.schools[urn]["phase"], year, enrolment.year_group):
                here = enrolment.touches(window["opens"], window["closes"]) and window["opens"] <= self.as_of
                if not here or one.day > window["closes"]:
                    continue
                for owner, framework, subject, name in self._counts_as(one, window):
                    cell = (pupil, urn, year, window["window_name"], owner, framework, subject)
                    if (cell, name) not in found or one.order > found[cell, name].order:
                        found[cell, name] = one
        return found

    def expect_measures(self) -> dict[Cell, Row]:
        """Return a pupil's cell -> the measures and whether it counts at the trust."""
        alive = {
            (cell[1], cell[2], cell[3], self.enrolments[cell[:3]].year_group, *cell[4:])
            for (cell, _), one in self.standing.items()
            if one.window and one.window["window_name"] == cell[3]
        }
        rows: dict[Cell, Row] = {}
        for urn, year, window_name, year_group, owner, framework, subject in alive:
            windows = self._windows(self.schools[urn]["phase"], year, year_group)
            (window,) = [w for w in windows if w["window_name"] == window_name]
            names = [name for name in self.due(window) if name[:3] == (owner, framework, subject)]
            for (pupil, at, when), enrolment in self.enrolments.items():
                if (at, when, enrolment.year_group) != (urn, year, year_group):
                    continue
                cell = (pupil, urn, year, window_name, owner, framework, subject)
                bands = [self.standing[cell, name[3]].band for name in names if (cell, name[3]) in self.standing]
                guest = counts_nowhere_here(enrolment, self.schools[urn]["phase"])
                on_roll = (
                    enrolment.on_school_roll and not guest and enrolment.touches(window["opens"], window["closes"])
                )
                if on_roll or bands:
                    rows[cell] = {
                        "statements_due": len(names),
                        "statements_assessed": sum(band in ASSESSED for band in bands),
                        "statements_secure": sum(band in SECURE for band in bands),
                        "is_on_roll": on_roll, "start": enrolment.start or date.min, "year_group": year_group,
                    }  # fmt: skip
        for cell, row in rows.items():
            mine = [other for other in rows if other[0] == cell[0] and other[2:] == cell[2:]]
            first = max(mine, key=lambda other: (
                self._in_trust(other), rows[other]["statements_assessed"] > 0, rows[other]["is_on_roll"],
                rows[other]["start"], -int(other[1]),
            ))  # fmt: skip
            row["counts_at_trust"] = cell[4] == "trust" and self._in_trust(cell) and cell == first
        return rows

    def _in_trust(self, cell: Cell) -> bool:
        return is_in_trust(self.schools[cell[1]], self.years[cell[2]])


def name_of(row: Row) -> Name:
    """Return what a statement is whatever its version."""
    return row["owner"], row["framework"], row["subject"], row["statement"]


def holds(row: Row, day: date) -> bool:
    """Say whether a dated row holds on a day."""
    return bool(row["valid_from"] <= day and (row["valid_to"] is None or day <= row["valid_to"]))
