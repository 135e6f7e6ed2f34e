"""Proposals: rows of scales that are not in the home yet, from a filled sheet or from another school's rows.

Here lives what such rows are, and the file `scales/mapped_by_sheet.csv` they are added to once approved. What a
proposal would move is not worked out here; the sheet's own cells live in `mapping_sheet`.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from ingest.home.kept_rows import Placed, ScaleRow, share_a_day
from ingest.home.mapping_sheet import Approval, Sheet, SheetRow
from ingest.home.problems import ConfigurationError, Problem
from ingest.home.strict import read_numbered_table

MAPPED_BY_SHEET = "scales/mapped_by_sheet.csv"
_VERSION = "1"
# What stands in a row that is tried before anybody approved it; such a row is never written.
NOT_APPROVED = "(not approved yet)"
_FIELDS = tuple(name for name in ScaleRow.model_fields if name != "scale")
_USE = ("source", "framework", "school", "subject", "year_group", "window", "code")
_SAYS = ("band", "points", "meaning", "comparability_class", "valid_from", "valid_to")


@dataclass(frozen=True)
class Proposal:
    """Rows to add, each with where it is from, in a stable order; `standing` are those the file has already.

    `kept` are the rows of the file as it is.
    """

    rows: list[Placed[ScaleRow]]
    kept: list[ScaleRow] = field(default_factory=list)
    standing: int = 0

    @property
    def approved(self) -> Proposal:
        """The same with the approved rows alone: what may be written."""
        return replace(self, rows=[placed for placed in self.rows if placed.row.approved_by != NOT_APPROVED])

    def write_table(self) -> str:
        """The text of the file with the rows added: those it has stay in their order."""
        rows = [*self.kept, *(placed.row for placed in self.rows)]
        columns = (*(["scale"] if any(row.scale for row in self.kept) else []), *_FIELDS)
        out = io.StringIO(newline="")
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows([_write_cell(getattr(row, column)) for column in columns] for row in rows)
        return out.getvalue()

    def say_where(self, error: ConfigurationError) -> ConfigurationError:
        """The same problems, those of a proposed row told by the file and row it is from."""
        return ConfigurationError([self._say_one(problem) for problem in error.problems])

    def _say_one(self, problem: Problem) -> Problem:
        first = len(self.kept) + 2  # below the header and the rows the file has
        if problem.file != MAPPED_BY_SHEET or problem.line is None or problem.line < first:
            return problem
        placed = self.rows[problem.line - first]
        what = re.sub(r"(first in row [0-9]+)\.$", rf"\1 of {MAPPED_BY_SHEET}.", problem.what)
        return replace(problem, file=placed.file, line=placed.number, what=what)


def read_mapped(home: Path) -> list[ScaleRow]:
    """The rows sheets have added so far; ConfigurationError where the file cannot be read."""
    path = home / MAPPED_BY_SHEET
    return read_numbered_table(path, ScaleRow, home=home).rows if path.exists() else []


def propose_sheet(sheet: Sheet, kept: Sequence[ScaleRow], classes: Mapping[str, str]) -> Proposal:
    """The proposal a sheet makes; `classes` are those of the assessments, for rows that name none.

    Raises ConfigurationError where two rows say different things of the same use, or a class is not known.
    """
    problems: list[Problem] = []
    rows: list[Placed[ScaleRow]] = []
    for number, filled in sheet.rows:
        said = filled.comparability_class or classes.get(filled.assessment)
        if said is None:
            what = '"comparability_class" is empty, and trust.yml has no such assessment to take it from.'
            problems.append(Problem(sheet.file, number, "comparability_class", what=what, remedy="Write A, B, C or D."))
            continue
        rows.append(Placed(_make_row(filled, said), sheet.file, number))
    if problems:
        raise ConfigurationError(problems)
    return _sort_out(rows, kept)


def propose_copy(
    placed: Iterable[Placed[ScaleRow]],
    giver: str,
    takers: Sequence[str],
    kept: Sequence[ScaleRow],
    approval: Approval,
) -> Proposal:
    """A school's own rows for other schools, to be approved for them anew."""
    rows: list[Placed[ScaleRow]] = []
    for each in placed:
        if each.row.school != giver:
            continue
        for taker in takers:
            changed = {
                "scale": "",
                "school": taker,
                "rationale": approval.rationale or f"{each.row.rationale} (as at {giver})",
                "approved_by": approval.approved_by or NOT_APPROVED,
                "approved_on": approval.day if approval.approved_by else None,
            }
            rows.append(replace(each, row=each.row.model_copy(update=changed)))
    return _sort_out(rows, kept)


def _make_row(filled: SheetRow, comparability_class: str) -> ScaleRow:
    approved_by = filled.approved_by or NOT_APPROVED
    return ScaleRow.model_validate(
        {
            "source": filled.format,
            "framework": filled.assessment,
            "version": _VERSION,
            "school": None if filled.for_all_schools else filled.school,
            "subject": filled.subject,
            "year_group": filled.year_group,
            "code": filled.code,
            "meaning": filled.meaning,
            "band": filled.band,
            "points": filled.points,
            "comparability_class": comparability_class,
            "rationale": filled.rationale or NOT_APPROVED,
            "authored_by": filled.authored_by,
            "approved_by": approved_by,
            "approved_on": filled.approved_on,
            "valid_from": filled.valid_from,
        }
    )


def _sort_out(rows: Sequence[Placed[ScaleRow]], kept: Sequence[ScaleRow]) -> Proposal:
    """Each use once, in order; what the file says already is left out, what two rows say differently is refused."""
    standing = {(_use(row), _says(row)) for row in kept}
    chosen: dict[tuple[object, ...], list[Placed[ScaleRow]]] = {}
    problems: list[Problem] = []
    already: set[tuple[object, ...]] = set()
    for placed in rows:
        use = _use(placed.row)
        if (use, _says(placed.row)) in standing:
            already.add((use, placed.row.valid_from))
            continue
        others = chosen.setdefault(use, [])
        at = next((n for n, other in enumerate(others) if share_a_day(other.row, placed.row)), None)
        if at is None:
            others.append(placed)
        elif _says(others[at].row) != _says(placed.row):
            problems.append(_say_differ(placed, others[at]))
        elif others[at].row.approved_by == NOT_APPROVED:
            # Of rows that say the same, the one somebody approved stands for all.
            others[at] = placed
    if problems:
        raise ConfigurationError(problems)
    ordered = sorted((placed for each in chosen.values() for placed in each), key=_place)
    return Proposal(ordered, list(kept), len(already))


def _place(placed: Placed[ScaleRow]) -> list[str]:
    return [str(each or "") for each in (*_use(placed.row), placed.row.valid_from)]


def _say_differ(placed: Placed[ScaleRow], other: Placed[ScaleRow]) -> Problem:
    column = next(name for name in _SAYS if getattr(placed.row, name) != getattr(other.row, name))
    where = other.counted + (f" of {other.file}" if other.file != placed.file else "")
    what = f'the code of this row has another "{column}" than in {where}, for the same use.'
    remedy = "Say the same in both, or part them by school, subject or year group."
    return placed.say_problem(column, str(getattr(placed.row, column) or ""), what, remedy)


def _use(row: ScaleRow) -> tuple[object, ...]:
    return tuple(getattr(row, name) for name in _USE)


def _says(row: ScaleRow) -> tuple[object, ...]:
    return tuple(getattr(row, name) for name in _SAYS)


def _write_cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return value.isoformat() if isinstance(value, dt.date) else str(value)


def list_mapped_codes(kept: Collection[ScaleRow]) -> set[tuple[str, str, str]]:
    """The format, assessment and code of each row sheets have added."""
    return {(row.source, row.framework, row.code) for row in kept}
