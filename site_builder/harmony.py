"""The tables of harmonisation as Python records: what judgements mean, by which scale they are read, what was agreed.

Here live the shapes alone, as in `records` and `comparisons`. How they are shown lives with the pages.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Mapping:
    """published_mappings: what one code, or a number from a cut on, means on the trust's scale."""

    scale: str
    source: str
    framework: str
    version: str
    school: str | None
    subject: str | None
    year_group: str | None
    window_name: str | None
    code: str | None
    meaning: str | None
    of_what: str | None
    at_least: float | None
    band: str | None
    points: float | None
    comparability_class: str
    rationale: str
    approved_by: str
    approved_on: date | None
    valid_from: date
    valid_to: date | None
    is_used: bool


@dataclass(frozen=True, slots=True)
class ScaleSchool:
    """published_scale_schools: by which scale a school's results are read."""

    urn: str
    assessment: str
    compared_as: str
    source: str
    scale: str


@dataclass(frozen=True, slots=True)
class Unmapped:
    """published_unmapped: a code of a school that no scale maps, and what waits for it."""

    urn: str
    school_name: str
    source: str | None
    framework: str
    subject: str
    year_group: str
    academic_year: str
    window_name: str
    code: str
    code_for_trust: str | None
    records: int
    has_scale: bool
    kpis_held_back: str | None
    suggested_band: str | None
    suggestion_reason: str | None


@dataclass(frozen=True, slots=True)
class Agreed:
    """published_autonomy: who decides in one domain."""

    domain: str
    title: str
    rule: str
    note: str | None
    sort_order: int


@dataclass(frozen=True, slots=True)
class FrameworkUsed:
    """published_frameworks: what a school says it uses."""

    urn: str
    school_name: str
    domain: str
    uses: str
    valid_from: date | None
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class Agreement:
    """published_agreement: judgements of a school (or cluster, or the trust) beside a test, or beside moderators."""

    audience: str
    kind: str
    level: str
    geography: str
    unit_code: str
    unit_name: str
    academic_year: str
    window_title: str
    window_sort: int
    subject: str
    subject_sort: int
    year_group: str
    judgement: str
    test: str
    symbol: str | None
    pairs: int | None
    judged_higher: int | None
    judged_lower: int | None
    agreement_percent: float | None
    net_difference: float | None
    net_lower_95_ci: float | None
    net_upper_95_ci: float | None
    adjacent_percent: float | None
    kappa: float | None
    quadratic_weighted_kappa: float | None
    reading: str | None
