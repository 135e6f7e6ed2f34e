"""What a school's codes and numbers mean on the trust's scale, worked out slowly in plain Python from the definitions.

What lives here: the row of a scale that holds, the band of a number, marks standardised on the trust's pupils. What
does not: which results are in use (`oracle_placing`), any KPI (`oracle`), any SQL.
"""

from __future__ import annotations

import re
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from tests.dbt_project.lake_files import Row, Tables

BANDS = {
    "pupils_working_below": {"BLW"},
    "pupils_working_towards": {"WTS"},
    "pupils_at_expected": {"EXS"},
    "pupils_at_greater_depth": {"GDS"},
    "pupils_at_expected_or_above": {"EXS", "GDS"},
}


@dataclass(frozen=True)
class Meant:
    """What a result means: its class by the scale, band and points; or why that is not known."""

    letter: str = "A"
    band: str | None = None
    points: float | None = None
    unmapped: str | None = None


def read_number(value: str) -> float | None:
    """Return the number of a value: 63 of "63 %", years and months of "12:04" as years."""
    age = re.fullmatch(r"(\d{1,2}):(\d{1,2})", value)
    if age and int(age[2]) < 12:
        return int(age[1]) + int(age[2]) / 12
    try:
        return float(re.sub(r" ?%$", "", value))
    except ValueError:
        return None


class Scales:
    """The scales of a lake, asked result by result."""

    def __init__(self, tables: Tables) -> None:
        self._codes: dict[tuple[str, str], list[Row]] = {}
        self._cuts: dict[tuple[str, str], list[Row]] = {}
        for name, kept in (("scales", self._codes), ("scale_cuts", self._cuts)):
            for row in tables.get(name, []):
                kept.setdefault((row["source"], row["framework"]), []).append(row)
        self._formats = {(r["urn"], r["receipt_id"]): r["format"] for r in tables["receipts"]}

    def find(self, result: Row, year_group: str, window: Row) -> Meant:
        """Return what a result means by its code, or by the number it holds; marks that are standardised come later."""
        use = (self._formats[result["urn"], result["receipt_id"]], result["assessment"])
        code = result["value"].strip()
        rows = [row for row in self._codes.get(use, []) if row["code"] == code]
        row = _say_most(_list_fitting(rows, result, year_group, window))
        if row is None:
            cuts = [cut for cut in self._cuts.get(use, []) if cut["of_what"] != "standardised"]
            row = _cut(_list_fitting(cuts, result, year_group, window), result, code)
        if row is not None:
            return Meant(row["comparability_class"], row["band"], row.get("points"))
        has_scale = bool(self._codes.get(use) or [c for c in self._cuts.get(use, []) if c["of_what"] != "standardised"])
        if result["mark"] is not None:
            return Meant()
        return Meant(unmapped="the scale does not have this code" if has_scale else "no scale says what this means")

    def cut_standardised(self, result: Row, year_group: str, window: Row, others: Sequence[Decimal]) -> str | None:
        """Return the band of a mark among the marks of all pupils of the trust in that test; None without such a scale."""
        use = (self._formats[result["urn"], result["receipt_id"]], result["assessment"])
        cuts = [cut for cut in self._cuts.get(use, []) if cut["of_what"] == "standardised"]
        marks = [float(mark) for mark in others]
        if result["mark"] is None or not cuts or len(set(marks)) < 2:
            return None
        score = 100 + 15 * (float(result["mark"]) - statistics.fmean(marks)) / statistics.pstdev(marks)
        row = _reach(_list_fitting(cuts, result, year_group, window), score)
        return row["band"] if row else None


def _list_fitting(rows: Iterable[Row], result: Row, year_group: str, window: Row) -> list[Row]:
    day: date = result["assessed_on"] or window["closes"]
    said = {
        "school": result["urn"],
        "subject": result["subject"],
        "year_group": year_group,
        "window_name": window["window_name"],
    }
    return [
        row
        for row in rows
        if row["valid_from"] <= day <= (row["valid_to"] or date.max)
        and all(row[name] in (None, value) for name, value in said.items())
    ]


def _weigh(row: Row) -> tuple[bool, ...]:
    return tuple(row[name] is not None for name in ("school", "subject", "year_group", "window_name"))


def _say_most(rows: Sequence[Row]) -> Row | None:
    return max(rows, key=lambda row: (_weigh(row), row["valid_from"]), default=None)


def _reach(cuts: Sequence[Row], number: float) -> Row | None:
    reached = [cut for cut in cuts if cut["at_least"] is None or number >= cut["at_least"]]
    return max(
        reached,
        key=lambda cut: (_weigh(cut), cut["valid_from"], -1e9 if cut["at_least"] is None else cut["at_least"]),
        default=None,
    )


def _cut(cuts: Sequence[Row], result: Row, code: str) -> Row | None:
    found: list[Row] = []
    for what in ("mark", "value"):
        number = result["mark"] if what == "mark" else read_number(code)
        of_this = [cut for cut in cuts if cut["of_what"] == what]
        if number is not None and of_this and (row := _reach(of_this, float(number))):
            found.append(row)
    return _say_most(found)
