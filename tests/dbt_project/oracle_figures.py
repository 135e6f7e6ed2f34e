"""The formulas of a KPI in plain Python: pupils, value and interval over what is in a figure, and its sentence.

What lives here: arithmetic over entries, whatever their theme. What does not: who is in a figure (`oracle_entries`,
`oracle_sessions`), which figures are published and what is hidden (`oracle`), any SQL.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Protocol

from scipy import stats

from tests.dbt_project.lake_files import Row

Z = 1.959963984540054
UNITS = {"percent": "%", "marks": " marks", "points": " points", "rate_per_100": " per 100"}


class Measured(Protocol):
    """A pupil in a figure: knows its own measures."""

    def measure(self, name: str) -> Decimal | None:
        """Return the value of a measure; None where the entry has none."""


def counts_sessions(measure: str) -> bool:
    """Say whether a measure counts sessions, several a pupil; the others count pupils or are marks."""
    return measure.startswith("sessions_")


def wilson(x: float, n: float) -> tuple[float, float]:
    """Return Wilson's 95 % interval of x of n, as proportions."""
    middle, spread = 2 * x + Z**2, Z * math.sqrt(Z**2 + 4 * x * (1 - x / n))
    return max(0.0, (middle - spread) / (2 * (n + Z**2))), min(1.0, (middle + spread) / (2 * (n + Z**2)))


def byar(events: float) -> tuple[float, float]:
    """Return Byar's 95 % interval of a count."""
    more = events + 1
    low = 0.0 if events == 0 else events * (1 - 1 / (9 * events) - Z / (3 * math.sqrt(events))) ** 3
    return low, more * (1 - 1 / (9 * more) + Z / (3 * math.sqrt(more))) ** 3


def by_pupil(pupils: Sequence[tuple[Decimal, Decimal]]) -> tuple[float, float] | None:
    """Return the 95 % interval of a ratio of sums over (y, x) a pupil; None where chance cannot be weighed."""
    n, total = len(pupils), sum((x for _, x in pupils), Decimal(0))
    ratio = sum((y for y, _ in pupils), Decimal(0)) / total
    residuals = [float(y - ratio * x) for y, x in pupils]
    if n < 2 or len({y / x for y, x in pupils}) == 1:
        return None
    spread = math.sqrt(math.fsum(e * e for e in residuals) * n / (n - 1))
    reach = float(stats.t.ppf(0.975, n - 1)) * spread / float(total)
    return max(0.0, float(ratio) - reach), min(1.0, float(ratio) + reach)


def make_figure(kpi: Row, entries: Sequence[Measured]) -> Row:
    """Return n, value, interval and numerator of a KPI over entries; n = 0 gives no value."""
    scale = 100 if kpi["unit"] in ("percent", "rate_per_100") else 1
    figure: Row = {"n": 0, "value": None, "low": None, "high": None, "numerator": None}
    if kpi["kind"] == "mean":
        marks = [v for e in entries if (v := e.measure(kpi["mean_of"])) is not None]
        figure["n"] = len(marks)
        if marks:
            figure["value"] = scale * float(statistics.mean(marks))
        if len(set(marks)) > 1 and kpi["interval"] == "t":  # one mark, or all alike: chance cannot be weighed
            reach = float(stats.t.ppf(0.975, len(marks) - 1)) * float(statistics.stdev(marks)) / len(marks) ** 0.5
            figure["low"], figure["high"] = figure["value"] - reach, figure["value"] + reach
        return figure
    pairs = [
        (e.measure(kpi["numerator"]) or Decimal(0), base)
        for e in entries
        if (base := e.measure(kpi["denominator"])) is not None
    ]
    x, whole = float(sum(y for y, _ in pairs)), float(sum(base for _, base in pairs))
    figure["numerator"] = x
    if whole:
        figure["n"] = len(pairs) if counts_sessions(kpi["denominator"]) else int(whole)
        figure["value"] = scale * x / whole
        ends = find_interval(kpi["interval"], x, whole, pairs)
        if ends is not None:
            figure["low"], figure["high"] = scale * ends[0], scale * ends[1]
    return figure


def find_interval(
    method: str, x: float, whole: float, pairs: Sequence[tuple[Decimal, Decimal]]
) -> tuple[float, float] | None:
    """Return the 95 % interval of a ratio, as a proportion, by the method the KPI names."""
    if method == "by_pupil":
        return by_pupil(pairs)
    if method == "wilson":
        return wilson(x, whole)
    low, high = byar(x)
    return low / whole, high / whole


def compare(kpi: Row, figure: Row, beside: Row) -> Row:
    """Return the comparison columns of a school's row, and its sentence."""
    value, trust_value = figure["value"], beside["value"]
    if figure["low"] is None or figure["low"] <= trust_value <= figure["high"]:
        comparison, lead, end = "similar", "About the same as", "within chance."
    elif value > trust_value:
        comparison, lead, end = "above", "Above", "more than chance usually gives."
    else:
        comparison, lead, end = "below", "Below", "more than chance usually gives."
    ours, theirs = (round_in_words(v, kpi["dp"]) + UNITS.get(kpi["unit"], "") for v in (value, trust_value))
    pupils = "1 pupil" if figure["n"] == 1 else f"{figure['n']} pupils"
    words = f"{lead} the trust: {ours} against {theirs}, and with {pupils} a difference this size is {end}"
    if figure["low"] is None:
        alike = "pupils who" if counts_sessions(kpi["denominator"] or kpi["mean_of"]) else "marks that"
        why = f"with one pupil, or {alike} are all alike, chance cannot be weighed"
        words = f"Cannot be told from the trust: {ours} against {theirs}; {why}."
    return {
        "comparison_value": trust_value,
        "difference": value - trust_value,
        "comparison": comparison,
        "comparison_words": words,
    }


def round_in_words(value: float, places: int) -> str:
    """Return a number to `places`, half away from zero, as a person would write it."""
    exact = Decimal(value).quantize(Decimal("1e-10"))
    rounded = exact.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    return str(abs(rounded) if rounded == 0 else rounded)
