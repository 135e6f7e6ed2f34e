"""Figures laid beside others, as Python records: what is shown now, against last year, and how schools spread.

Here live the shapes of published_latest, published_changes, published_spread and published_funnel. The figures
themselves and what was sent live in records.py. Nothing is computed here: dbt made every number.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Latest:
    """published_latest: a series of figures that is shown now, in the whole trust (`scope` Total) or in a phase.

    `lead_rank` 1 is the series that stands for its KPI. The compared_* columns name the later side of the change
    shown beside it.
    """

    audience: str
    scope: str
    kpi: str
    kpi_version: int
    academic_year: str
    period_kind: str
    period: str
    period_title: str
    year_group: str
    subject: str
    assessment: str
    comparability_class: str
    comparability_key: str
    schools: int
    pupils: int | None
    lead_rank: int
    compared_academic_year: str | None
    compared_period_kind: str | None
    compared_period: str | None


@dataclass(frozen=True, slots=True)
class Change:
    """published_changes: a figure beside the same period's a year before, with the interval of the difference."""

    audience: str
    geography: str
    unit_code: str
    unit_name: str
    kpi: str
    kpi_version: int
    academic_year: str
    period_kind: str
    period: str
    period_title: str
    year_group: str
    subject: str
    assessment: str
    comparability_class: str
    comparability_key: str
    before_academic_year: str
    before_period: str
    before_period_title: str
    value: float | None
    before_value: float | None
    difference: float | None
    lower_95_ci: float | None
    upper_95_ci: float | None
    change: str | None
    symbol: str | None
    is_latest: bool
    change_words: str | None
    change_rank: int | None


@dataclass(frozen=True, slots=True)
class Spread:
    """published_spread: how the schools' figures of one key lie, in the trust or in a phase.

    Median and quartiles are empty under ten schools.
    """

    audience: str
    geography: str
    unit_code: str
    kpi: str
    kpi_version: int
    academic_year: str
    period_kind: str
    period: str
    year_group: str
    subject: str
    assessment: str
    comparability_class: str
    comparability_key: str
    schools: int
    lowest: float | None
    lower_quartile: float | None
    median: float | None
    upper_quartile: float | None
    highest: float | None
    symbol: str | None


@dataclass(frozen=True, slots=True)
class FunnelLimit:
    """published_funnel: where chance would put a school of so many pupils; without a URN, a point of the lines."""

    audience: str
    kpi: str
    kpi_version: int
    academic_year: str
    period_kind: str
    period: str
    year_group: str
    subject: str
    assessment: str
    comparability_class: str
    comparability_key: str
    unit_code: str | None
    pupils: int
    target: float
    lower_95: float
    upper_95: float
    lower_998: float
    upper_998: float
