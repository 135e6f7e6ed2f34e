"""Figures laid beside others, worked out slowly in plain Python from the published values: what dbt must equal.

What lives here: changes, what is shown now, spreads and funnels. What does not: the values themselves (`oracle`), the
formulas behind their intervals (`oracle_figures`), any SQL.

    beside = oracle_changes.Beside(tables, published_kpi_values_rows, published_breaks_rows)
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from tests.dbt_project.lake_files import Row, Tables
from tests.dbt_project.oracle_figures import UNITS, round_in_words
from tests.dbt_project.oracle_placing import is_in_trust

KEY = ("audience", "geography", "unit_code", "kpi", "kpi_version", "academic_year", "period_kind", "period",
       "year_group", "subject", "comparability_key")  # fmt: skip
OF_ALL = tuple(c for c in KEY if c not in ("geography", "unit_code"))
KINDS = ("window", "year_to_date", "term", "half_term", "week")
Z_95, Z_998 = 1.959963984540054, 3.090232306167813


class Beside:
    """The published values of whole cohorts, with what can be laid beside them."""

    def __init__(self, tables: Tables, values: Iterable[Row], breaks: Iterable[Row]) -> None:
        self.tables = tables
        self.new_systems = [(b["urn"], b["break_on"]) for b in breaks if b["kind"] == "system"]
        self.as_of: date = tables["run"][0]["as_of"]
        self.years = {y["academic_year"]: y for y in tables["academic_years"]}
        self.schools = {s["urn"]: s for s in tables["schools"]}
        self.kpis = {(k["kpi"], k["version"]): k for k in tables["kpis"]}
        self.rows = [
            r for r in values
            if r["breakdown_topic"] == "Total" and r["geography"] != "Cluster" and r["period_kind"] in KINDS
        ]  # fmt: skip
        self.at = {tuple(r[c] for c in KEY): r for r in self.rows}
        # Figures of schools that stand in others, by all but the school; and where each period's are.
        self.standing: dict[tuple[Any, ...], list[Row]] = {}
        self.sent: dict[tuple[str, str, str], set[str]] = {}
        for r in self.rows:
            if r["geography"] == "School" and not r["symbol"] and not self.apart(r):
                self.standing.setdefault(tuple(r[c] for c in OF_ALL), []).append(r)
                period = (r["academic_year"], r["period_kind"], r["period"])
                self.sent.setdefault(period, set()).add(r["unit_code"])
        self.latest = self._find_latest()

    def apart(self, row: Row) -> str | None:
        """Why a shown figure of a school stands beside nobody's: its year, or that its pupils count elsewhere."""
        if row["geography"] != "School" or row["symbol"]:
            return None
        if not is_in_trust(self.schools[row["unit_code"]], self.years[row["academic_year"]]):
            return f"the school was not in the trust in {row['academic_year']}"
        return "carried on under another URN" if row["comparison_words"].startswith("Carried on") else None

    def closed_on(self, row: Row) -> date | None:
        """The last day of a row's period at the schools with figures for it, if it lies before the run."""
        urns = self.sent.get((row["academic_year"], row["period_kind"], row["period"]), set())
        ends = [
            h["ends"] for h in self.tables["half_terms"]
            if h["urn"] in urns and h["academic_year"] == row["academic_year"]
            and (row["period_kind"] == "year_to_date" or h[row["period_kind"]] == row["period"])
        ]  # fmt: skip
        return max(ends) if ends and max(ends) < self.as_of else None

    def before(self, row: Row) -> Row | None:
        """Find the figure a year before: of the same URN, or of the nearest earlier one that has a figure."""
        first = int(row["academic_year"][:4])
        year = f"{first - 1}/{first % 100:02}"
        period = row["period"]
        if row["period_kind"] == "week":
            period = (date.fromisoformat(period) - timedelta(days=364)).isoformat()
        key = f"{series(row)}|{period}|{year}"
        found = []
        unit: str | None = row["unit_code"]
        while unit is not None:
            there = {**row, "unit_code": unit, "academic_year": year, "period": period, "comparability_key": key}
            candidate = self.at.get(tuple(there[c] for c in KEY))
            if candidate is not None:
                found.append(candidate)
            unit = self.schools[unit]["predecessor_urn"] if row["geography"] == "School" else None
        return next((r for r in found if not r["symbol"] and not self.apart(r)), found[0] if found else None)

    def expect_changes(self) -> dict[tuple[Any, ...], Row]:
        """Return every row of published_changes but for its rank, by the key of the later figure."""
        changes: dict[tuple[Any, ...], Row] = {}
        for key, row in self.at.items():
            if row["period_kind"] not in ("window", "week") and not self.closed_on(row):
                continue
            before = self.before(row)
            weekly = row["period_kind"] == "week"
            if before is None or (weekly and row["schools_in"] != before["schools_in"]):
                continue
            symbol = (
                row["symbol"] or (self.apart(row) and "z") or before["symbol"] or (self.apart(before) and "z") or None
            )
            change: Row = {
                "before_academic_year": before["academic_year"], "before_period": before["period"], "symbol": symbol,
                "is_latest": self.is_latest(row),
            }  # fmt: skip
            if symbol is None:
                change |= {"value": row["value"], "before_value": before["value"]}
                if not weekly:
                    change |= subtract(row, before)
            changes[key] = change | ({} if weekly else {"change_words": self.say(row, before, change)})
        return changes

    def say(self, row: Row, before: Row, change: Row) -> str:
        """Return the sentence of a change."""
        if change["symbol"]:
            first = next(r for r in (row, before) if r["symbol"] or self.apart(r))
            return f"Not compared: {self.apart(first) or f'the figure of {when(first)} is not shown'}."
        kpi = self.kpis[row["kpi"], row["kpi_version"]]
        now, then = (round_in_words(r["value"], kpi["dp"]) + UNITS.get(kpi["unit"], "") for r in (row, before))
        if change.get("change") is None:
            return (f"Cannot be told from {when(before)}: {now} against {then}; "
                    "chance cannot be weighed for one of the two.")  # fmt: skip
        if change["change"] == "same":
            words = f"About the same as in {when(before)}: {now} against {then}, within chance."
        else:
            words = (f"{change['change'].title()} from {then} in {when(before)} to {now} in {when(row)}: "
                     "more than chance usually gives.")  # fmt: skip
        if before["unit_code"] != row["unit_code"]:
            words += f" The earlier figure is of the same school under URN {before['unit_code']}."
        days = [
            day for urn, day in self.new_systems
            if urn == row["unit_code"] and before["period_ends"] < day <= row["period_ends"]
        ]  # fmt: skip
        if days and row["period_kind"] != "window":
            words += f" From {max(days).day} {max(days):%B %Y} attendance comes from another export."
        if row["geography"] != "School" and row["schools_in"] != before["schools_in"]:
            are = "1 school is" if row["schools_in"] == 1 else f"{row['schools_in']} schools are"
            words += f" {are} in it, {before['schools_in']} a year before."
        return words

    def is_latest(self, row: Row) -> bool:
        """Say whether a row is the later side of the change named for its series."""
        scope = row["unit_code"] if row["geography"] == "Phase" else "Total"
        latest = self.latest.get((row["audience"], scope, row["kpi"], row["year_group"], row["subject"], series(row)))
        here = (row["kpi_version"], row["academic_year"], row["period_kind"], row["period"])
        return latest is not None and here == (latest["kpi_version"], *latest["compared"])

    def _find_latest(self) -> dict[tuple[Any, ...], Row]:
        latest: dict[tuple[Any, ...], Row] = {}
        pooled: dict[tuple[str, str, str], list[Row]] = {}
        for r in self.rows:
            if (r["geography"] != "School" and r["symbol"] is None and r["period_starts"] <= self.as_of
                    and (r["period_kind"] == "window" or r["year_group"] == "Total")):  # fmt: skip
                pooled.setdefault((r["audience"], r["unit_code"], r["kpi"]), []).append(r)
        for shown in pooled.values():
            shown = [r for r in shown if r["academic_year"] == max(s["academic_year"] for s in shown)]
            widest = min((KINDS.index(r["period_kind"]) for r in shown), default=0)
            shown = [r for r in shown if KINDS.index(r["period_kind"]) == widest]
            for row in sorted(shown, key=lambda r: (r["period_starts"], r["period_ends"], r["kpi_version"])):
                scope = row["unit_code"] if row["geography"] == "Phase" else "Total"
                key = (row["audience"], scope, row["kpi"], row["year_group"], row["subject"], series(row))
                latest[key] = {
                    **{c: row[c] for c in (*OF_ALL, "period_title")}, "scope": scope, "pupils": row["pupil_count"],
                    "schools": len(self.behind(row)), "compared": self._find_compared(row),
                }  # fmt: skip
        return latest

    def _find_compared(self, row: Row) -> tuple[str, str, str] | tuple[None, None, None]:
        if row["period_kind"] == "window":
            fitting = [row] if self.before(row) else []
        else:
            fitting = [
                r for r in self.rows
                if all(r[c] == row[c] for c in ("audience", "unit_code", "kpi", "kpi_version", "academic_year",
                                                "year_group", "subject"))
                and r["period_kind"] != "week" and self.closed_on(r) and self.before(r)
            ]  # fmt: skip
            fitting.sort(key=lambda r: (self.closed_on(r), -KINDS.index(r["period_kind"])))
        if not fitting:
            return None, None, None
        return fitting[-1]["academic_year"], fitting[-1]["period_kind"], fitting[-1]["period"]

    def behind(self, pooled: Row) -> list[Row]:
        """Return the shown figures of schools that stand in a pooled one."""
        return [
            r for r in self.standing.get(tuple(pooled[c] for c in OF_ALL), [])
            if pooled["geography"] == "MAT" or self.schools[r["unit_code"]]["phase"] == pooled["unit_code"]
        ]  # fmt: skip

    def expect_funnel(self) -> dict[tuple[Any, ...], Row]:
        """Return every row of published_funnel, by key, school and pupils."""
        funnel: dict[tuple[Any, ...], Row] = {}
        for row in (r for r in self.rows if r["geography"] == "MAT" and r["symbol"] is None):
            kpi, schools = self.kpis[row["kpi"], row["kpi_version"]], self.behind(row)
            key = (row["audience"], "Total", row["kpi"], row["year_group"], row["subject"], series(row))
            now = self.latest.get(key)
            if now is None or any(now[c] != row[c] for c in OF_ALL):
                continue
            if len(schools) < 3 or (kpi["interval"], kpi["unit"]) != ("wilson", "percent"):
                continue
            sizes = [s["pupil_count"] for s in schools]
            low, high = max(1, min(sizes) // 2), math.ceil(max(sizes) * 1.1)
            points = {math.floor(low * (high / low) ** (n / 23) + 0.5) for n in range(24)}
            for urn, pupils in [*((s["unit_code"], s["pupil_count"]) for s in schools), *((None, n) for n in points)]:
                share = row["value"] / 100
                limits = {
                    f"{end}_{name}": 100 * min(1, max(0, share + sign * z * math.sqrt(share * (1 - share) / pupils)))
                    for end, sign in (("lower", -1), ("upper", 1)) for name, z in (("95", Z_95), ("998", Z_998))
                }  # fmt: skip
                funnel[(*(row[c] for c in OF_ALL), urn, pupils)] = {"target": row["value"], **limits}
        return funnel

    def expect_spread(self) -> dict[tuple[Any, ...], Row]:
        """Return every row of published_spread, by key."""
        spread: dict[tuple[Any, ...], Row] = {}
        for key, row in ((k, r) for k, r in self.at.items() if r["geography"] != "School"):
            values = [r["value"] for r in self.behind(row)]
            one: Row = {"schools": len(values), "symbol": row["symbol"]}
            if row["symbol"] is None and values:
                one |= {"lowest": min(values), "highest": max(values)}
                if len(values) >= 10:
                    quartiles = statistics.quantiles(values, n=4, method="inclusive")
                    one |= dict(zip(("lower_quartile", "median", "upper_quartile"), quartiles, strict=True))
            spread[key] = one
        return spread


def series(row: Row) -> str:
    """Return what of a comparability key stays the same from period to period."""
    return str(row["comparability_key"]).rsplit("|", 2)[0]


def when(row: Row) -> str:
    """Return a row's period in words; of the year to date, the year."""
    title = "" if row["period_kind"] == "year_to_date" else f"{row['period_title']} "
    return f"{title}{row['academic_year']}"


def subtract(row: Row, before: Row) -> Row:
    """Return the difference of two figures with its interval (square and add) and what it says."""
    d = row["value"] - before["value"]
    if row["lower_95_ci"] is None or before["lower_95_ci"] is None:
        return {"difference": d, "change": None}
    low = d - math.hypot(row["value"] - row["lower_95_ci"], before["upper_95_ci"] - before["value"])
    high = d + math.hypot(row["upper_95_ci"] - row["value"], before["value"] - before["lower_95_ci"])
    change = "same" if low <= 0 <= high else "up" if d > 0 else "down"
    return {"difference": d, "lower_95_ci": low, "upper_95_ci": high, "change": change}
