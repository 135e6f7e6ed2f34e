"""What agreement must come to, in slow plain Python: pairs, placing of moderation, and every figure by its definition.

What lives here: expectations, from the tables of a lake alone. What does not: the rows (`agreement_lake`), any SQL, any
formula of the warehouse's; Wilson's interval is that of `oracle_figures`.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any

from tests.dbt_project.lake_files import Row
from tests.dbt_project.oracle_figures import wilson

BANDS = ("BLW", "WTS", "EXS", "GDS")
LATEST = date(9999, 12, 31)
REASONS = {
    "school_not_on_register": ("out of scope", "school not on the register"),
    "academic_year_not_reported": ("out of scope", "academic year not reported by this trust"),
    "subject_unknown": ("unmapped", "subject not known to this trust"),
    "year_group_unknown": ("unmapped", "year group unknown"),
    "not_counted_here": ("out of scope", "subsidiary or guest registration"),
    "no_window": ("out of scope", "no window for this label or date"),
    "window_not_open": ("out of scope", "window not open yet"),
    "no_scale": ("unmapped", "no scale says what this means"),
    "code_not_in_scale": ("unmapped", "the scale does not have this code"),
    "code_of_several_scales": ("unmapped", "scales of several formats give this code different bands"),
    "not_assessed": ("out of scope", "the code says that the pupil was not assessed"),
    "later_result_stands": ("out of scope", "a later result stands for this window"),
}  # fmt: skip


def difference_of_pairs(a: int, b: int, c: int, d: int) -> tuple[float, float, float]:
    """Return p1 - p2 with Newcombe's method 10 (1998, paired), of both, first only, second only and neither."""
    n = a + b + c + d
    p1, p2 = (a + b) / n, (a + c) / n
    (l1, u1), (l2, u2) = wilson(a + b, n), wilson(a + c, n)
    sides = (a + b) * (c + d) * (a + c) * (b + d)
    q = Fraction(a * d - b * c)
    if q > Fraction(n, 2):
        q -= Fraction(n, 2)
    elif q >= 0:
        q = Fraction(0)
    phi = float(q) / math.sqrt(sides) if sides else 0.0
    low, high = (p1 - l1, u2 - p2), (u1 - p1, p2 - l2)
    reach = [math.sqrt(max(0.0, x * x - 2 * phi * x * y + y * y)) for x, y in (low, high)]
    return p1 - p2, p1 - p2 - reach[0], p1 - p2 + reach[1]


def mcnemar(b: int, c: int) -> float:
    """Return the exact two-sided p of b against c: the binomial test of a half."""
    tail = sum(math.comb(b + c, i) for i in range(min(b, c) + 1))
    return float(min(Fraction(1), Fraction(2 * tail, 2 ** (b + c))))


def kappas(table: Sequence[Sequence[int]]) -> tuple[float | None, float | None, float | None]:
    """Return Cohen's kappa, the linear and the quadratic weighted one of a table of counts, by their definitions."""
    size, n = len(table), sum(map(sum, table))
    rows, columns = [sum(row) for row in table], [sum(column) for column in zip(*table, strict=True)]
    expected = [[Fraction(r * c, n) for c in columns] for r in rows]
    agreed = Fraction(sum(table[i][i] for i in range(size)), n)
    chance = sum((expected[i][i] for i in range(size)), Fraction(0)) / n
    found: list[float | None] = [float((agreed - chance) / (1 - chance)) if chance != 1 else None]
    for power in (1, 2):
        weight = [[Fraction(abs(i - j), size - 1) ** power for j in range(size)] for i in range(size)]
        cells = [(i, j) for i in range(size) for j in range(size)]
        seen = sum((weight[i][j] * table[i][j] for i, j in cells), Fraction(0))
        by_chance = sum((weight[i][j] * expected[i][j] for i, j in cells), Fraction(0))
        found.append(float(1 - seen / by_chance) if by_chance else None)
    return found[0], found[1], found[2]


class Agreement:
    """The figures of agreement of a trust. Tables are those of a lake, name -> rows."""

    def __init__(self, tables: Mapping[str, Sequence[Row]]) -> None:
        self.tables = tables
        self.as_of = tables["run"][0]["as_of"]
        self.schools = {row["urn"]: row for row in tables["schools"]}
        self.years = {row["academic_year"]: row for row in tables["academic_years"]}
        self.subjects = {row["subject"] for row in tables["subjects"]}
        self.receipts = {(row["urn"], row["receipt_id"]): row for row in tables["receipts"]}
        self.roll = {(r["pupil_key"], r["urn"], r["academic_year"]): r for r in tables["pupils"]}
        self.moderation = list(self._place_moderation())

    def find_window(self, row: Row, year_group: str | None, day: date | None) -> Row | None:
        """Return the window of a label, else the nearest by date within its tolerance."""
        phase = self.schools[row["urn"]]["phase"]
        label = " ".join((row["window_label"] or "").lower().split())
        named = {w["window_name"] for w in self.tables["window_labels"] if w["label"] == label}
        at_hand = [
            w for w in self.tables["windows"]
            if (w["phase"], w["academic_year"], w["year_group"]) == (phase, row["academic_year"], year_group)
        ]  # fmt: skip
        for window in at_hand:
            if window["window_name"] in named:
                return window
        away = [
            (max((w["opens"] - day).days, (day - w["closes"]).days, 0), w["sort_order"], n, w)
            for n, w in enumerate(at_hand)
            if day is not None
        ]
        near = [each for each in away if each[0] <= each[3]["tolerance_days"]]
        return min(near)[3] if near else None

    def find_rows(self, code: str, sources: set[str], framework: str, place: Row) -> dict[str, str]:
        """Return source -> band of a code: of each source, the row that says the most about where it applies."""
        best: dict[str, tuple[tuple[bool, ...], str]] = {}
        for row in self.tables["scales"]:
            if (row["framework"], row["code"]) != (framework, code) or row["source"] not in sources or not row["band"]:
                continue
            if not row["valid_from"] <= place["as_at"] <= (row["valid_to"] or LATEST):
                continue
            where = ("school", "subject", "year_group", "window_name")
            if any(row[name] not in (None, place[name]) for name in where):
                continue
            says = tuple(row[name] is not None for name in where)
            if row["source"] not in best or says > best[row["source"]][0]:
                best[row["source"]] = says, row["band"]
        return {source: band for source, (_, band) in best.items()}

    def is_in_trust(self, urn: str, year: str) -> bool:
        """Say whether a school was in the trust on a day of that year."""
        school, span = self.schools[urn], self.years[year]
        return (school["joined"] or date.min) <= span["ends"] and (school["left_on"] or date.max) > span["starts"]

    # Teacher and test

    def list_used(self) -> dict[tuple[Any, ...], Row]:
        """Return the results that can be paired: the latest of each pupil, school, subject, window and assessment."""
        assessments = {row["assessment"]: row for row in self.tables["assessments"]}
        used: dict[tuple[Any, ...], Row] = {}
        for row in self.tables["results"]:
            pupil = self.roll[row["pupil_key"], row["urn"], row["academic_year"]]
            window = self.find_window(row, pupil["year_group"], row["assessed_on"])
            if window is None or window["opens"] > self.as_of or pupil["enrolment_status"] == "G":
                continue
            if row["mark"] is not None:
                cuts = [c for c in self.tables["scale_cuts"] if row["mark"] >= (c["at_least"] or 0)]
                band = max((c["band"] for c in cuts), key=BANDS.index)
            else:
                place = {
                    "school": row["urn"], "subject": row["subject"], "year_group": pupil["year_group"],
                    "window_name": window["window_name"], "as_at": row["assessed_on"] or window["closes"],
                }  # fmt: skip
                band = self.find_rows(row["value"], {"tiny"}, row["assessment"], place).get("tiny", "")
            if band not in BANDS:
                continue
            declared = assessments[row["assessment"]]
            name = declared["compared_as"] or row["assessment"]
            key = (row["pupil_key"], row["urn"], row["academic_year"], window["window_name"], row["subject"], name)
            if key not in used or (row["assessed_on"] or date.min) > (used[key]["assessed_on"] or date.min):
                used[key] = {**row, "construct": declared["construct"], "band": band,
                             "year_group": pupil["year_group"]}  # fmt: skip
        return used

    def expect_test(self) -> dict[tuple[Any, ...], Row]:
        """Return (geography, unit, subject, year group, year, window, judgement, test) -> the figure."""
        trust, used = self.tables["trust"][0]["group_id"], self.list_used()
        counts: dict[tuple[Any, ...], Counter[tuple[bool, bool]]] = defaultdict(Counter)
        for (pupil, urn, year, window, subject, judgement), one in used.items():
            if one["result_type"] != "teacher_judgement" or one["construct"] == "end_of_year_prediction":
                continue
            for (*place, test), other in used.items():
                if place != [pupil, urn, year, window, subject] or other["result_type"] not in ("test", "statutory"):
                    continue
                sides = one["band"] in BANDS[2:], other["band"] in BANDS[2:]
                units = [("School", urn), *([("MAT", trust)] if self.is_in_trust(urn, year) else [])]
                for unit in units:
                    for year_group in (one["year_group"], "Total"):
                        counts[(*unit, subject, year_group, year, window, judgement, test)][sides] += 1
        return {key: self._figure_of_test(found) for key, found in counts.items()}

    def _figure_of_test(self, found: Counter[tuple[bool, bool]]) -> Row:
        a, b, c, d = (found[s] for s in ((True, True), (True, False), (False, True), (False, False)))
        net, low, high = difference_of_pairs(a, b, c, d)
        agreed = wilson(a + d, a + b + c + d)
        return {
            "pairs": a + b + c + d, "both_at_expected": a, "judgement_only": b, "test_only": c, "neither": d,
            "agreement_percent": 100 * (a + d) / (a + b + c + d), "agreement_lower_95_ci": 100 * agreed[0],
            "agreement_upper_95_ci": 100 * agreed[1], "net_difference": 100 * net, "net_lower_95_ci": 100 * low,
            "net_upper_95_ci": 100 * high, "mcnemar_p": mcnemar(b, c),
            "reading": "judged higher than the test" if low > 0
            else "judged lower than the test" if high < 0 else "about the same",
        }  # fmt: skip

    # Teacher and moderator

    def _place_moderation(self) -> Iterator[Row]:
        placed = [self._judge_moderation(row) for row in self.tables["moderation"]]
        work: dict[tuple[Any, ...], list[Row]] = defaultdict(list)
        for row in placed:
            if row["reason"] is None:
                key = ("urn", "pupil_key", "academic_year", "window_name", "subject", "level")
                work[tuple(row[name] for name in key)].append(row)
        for rows in work.values():
            rows.sort(key=lambda r: (r["moderated_on"] or date.min, r["arrival"], r["file_row"]))
            for row in rows[:-1]:
                row.update(reason="later_result_stands", related=rows[-1]["receipt_id"])
        yield from placed

    def _judge_moderation(self, row: Row) -> Row:
        urn, year = row["urn"], row["academic_year"]
        receipt = self.receipts[urn, row["receipt_id"]]
        found: Row = {
            **row, "arrival": receipt["arrival"], "related": None, "window_name": None, "bands": (None, None)
        }  # fmt: skip
        pupil = self.roll.get((row["pupil_key"], urn, year), {})
        year_group = row["year_group"] or pupil.get("year_group")
        if urn not in self.schools:
            return {**found, "reason": "school_not_on_register"}
        if year not in self.years:
            return {**found, "reason": "academic_year_not_reported"}
        if row["subject"] not in self.subjects:
            return {**found, "reason": "subject_unknown"}
        if year_group is None:
            return {**found, "reason": "year_group_unknown"}
        if pupil.get("enrolment_status") == "G":
            return {**found, "reason": "not_counted_here"}
        window = self.find_window(row, year_group, row["moderated_on"])
        if window is None:
            return {**found, "reason": "no_window"}
        if window["opens"] > self.as_of:
            return {**found, "reason": "window_not_open"}
        sources = {s["source"] for s in self.tables["scales"] if s["framework"] == row["framework"]}
        if not sources:
            return {**found, "reason": "no_scale"}
        if receipt["format"] in sources:
            sources = {receipt["format"]}
        place = {"school": urn, "subject": row["subject"], "year_group": year_group,
                 "window_name": window["window_name"], "as_at": row["moderated_on"] or window["closes"]}  # fmt: skip
        sides = [
            set(self.find_rows(row[side].strip(), sources, row["framework"], place).values())
            for side in ("judged_value", "moderated_value")
        ]
        if not all(sides):
            return {**found, "reason": "code_not_in_scale"}
        if any(len(bands) > 1 for bands in sides):
            return {**found, "reason": "code_of_several_scales"}
        bands = tuple(min(side) for side in sides)
        reason = "not_assessed" if "NA" in bands else None
        return {**found, "reason": reason, "window_name": window["window_name"], "bands": bands}

    def expect_moderation(self) -> dict[tuple[Any, ...], Row]:
        """Return (level, geography, unit, subject, year, window) -> the figure."""
        trust = self.tables["trust"][0]["group_id"]
        tables: dict[tuple[Any, ...], list[list[int]]] = {}
        for row in self.moderation:
            if row["reason"] is not None:
                continue
            units = [("School", row["urn"])]
            if self.is_in_trust(row["urn"], row["academic_year"]):
                units += [("MAT", trust), ("Cluster", self.schools[row["urn"]]["cluster"])]
            i, j = (BANDS.index(band) for band in row["bands"])
            for unit in units:
                key = (row["level"], *unit, row["subject"], row["academic_year"], row["window_name"])
                tables.setdefault(key, [[0] * 4 for _ in BANDS])[i][j] += 1
        return {key: self._figure_of_moderation(table) for key, table in tables.items()}

    def _figure_of_moderation(self, table: Sequence[Sequence[int]]) -> Row:
        cells = {(i, j): table[i][j] for i in range(4) for j in range(4)}
        n = sum(cells.values())
        same = sum(k for (i, j), k in cells.items() if i == j)
        near = sum(k for (i, j), k in cells.items() if abs(i - j) <= 1)
        plain, linear, quadratic = kappas(table)
        low, high = wilson(same, n)
        return {
            "pairs": n, "same_band": same, "within_one_band": near,
            "judged_higher": sum(k for (i, j), k in cells.items() if i > j),
            "judged_lower": sum(k for (i, j), k in cells.items() if i < j),
            "exact_percent": 100 * same / n, "exact_lower_95_ci": 100 * low, "exact_upper_95_ci": 100 * high,
            "adjacent_percent": 100 * near / n, "kappa": plain, "linear_weighted_kappa": linear,
            "quadratic_weighted_kappa": quadratic,
        }  # fmt: skip
