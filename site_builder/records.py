"""The published tables as Python records: one dataclass a table, one field a column this room uses.

Here live the shapes and what their columns mean. Reading and checking them lives in published.py. A field
that may be empty says so by its type, and the reader holds every other one to it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from site_builder.comparisons import Change, FunnelLimit, Latest, Spread
from site_builder.harmony import Agreed, Agreement, FrameworkUsed, Mapping, ScaleSchool, Unmapped


@dataclass(frozen=True, slots=True)
class Run:
    """published_run: one row."""

    as_of: date
    trust_name: str
    trust_group_id: str | None
    trust_group_uid: str | None
    demo: bool
    schools_on_register: int
    schools_with_data: int
    site_min_n: int


@dataclass(frozen=True, slots=True)
class School:
    """published_schools: one row per school of the register."""

    urn: str
    laestab: str | None
    name: str
    phase: str | None
    school_type: str | None
    cluster: str | None
    joined: date | None
    left_on: date | None
    old_la_code: str | None
    new_la_code: str | None
    la_name: str | None
    region_code: str | None
    region_name: str | None
    data_date: date | None
    files_accepted: int | None
    files_waiting: int | None
    latest_academic_year: str | None
    state: str
    state_words: str


@dataclass(frozen=True, slots=True)
class Kpi:
    """published_kpis: one row per published version of a KPI."""

    kpi: str
    version: int
    kind: str
    title: str
    numerator: str | None
    denominator: str | None
    mean_of: str | None
    unit: str
    direction: str
    dp: int
    min_n: int | None
    interval: str
    comparability: str
    year_groups: str
    population: str | None
    family: str | None
    why_it_matters: str | None
    how_calculated: str | None
    what_good_looks_like: str | None
    exemplification: str | None
    authored_by: str | None
    checked_by: str | None
    next_review: date | None
    valid_from: date | None
    valid_to: date | None
    sort_order: int | None
    breakdowns: str | None
    headline: int | None
    parts: str | None


@dataclass(frozen=True, slots=True)
class Figure:
    """published_kpi_values: one figure for one audience. Values are in the KPI's unit (percent is 0 to
    100).
    """

    audience: str
    geography: str
    unit_code: str
    unit_name: str
    kpi: str
    kpi_version: int
    academic_year: str
    time_period: str
    period_kind: str
    period: str
    period_title: str
    period_sort: int
    period_starts: date | None
    period_ends: date | None
    year_group: str
    year_group_sort: int
    subject: str
    subject_sort: int
    assessment: str
    comparability_class: str
    comparability_key: str
    breakdown_topic: str
    breakdown: str
    breakdown_sort: int
    symbol: str | None
    pupil_count: int | None
    numerator_count: float | None
    value: float | None
    lower_95_ci: float | None
    upper_95_ci: float | None
    comparison: str | None
    comparison_words: str | None
    judgement_coverage_percent: float | None
    coverage_symbol: str | None
    schools_in: int | None
    schools_of: int | None
    pupils_in_percent: float | None


@dataclass(frozen=True, slots=True)
class Receipt:
    """published_receipts: one row per file received. Counts are rows of the file and records made from
    them.
    """

    urn: str
    school_name: str | None
    receipt_id: str
    arrival: int
    file_name: str
    format: str | None
    format_title: str | None
    outcome: str
    reason: str | None
    remedy: str | None
    first_seen_on: date | None
    exported_on: date | None
    rows_total: int | None
    rows_layout: int | None
    rows_with_records: int | None
    rows_without_values: int | None
    records: int | None
    records_used: int | None
    in_inbox: bool | None


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """published_ledger: where the records of one receipt went."""

    urn: str
    school_name: str | None
    receipt_id: str
    kind: str | None
    bucket: str
    reason: str | None
    related_receipt_id: str | None
    records: int


@dataclass(frozen=True, slots=True)
class FixItem:
    """published_fix_list: one thing to put right (`fix`) or to look at (`look`) in a file."""

    urn: str
    school_name: str | None
    receipt_id: str | None
    file_name: str | None
    file_row: int | None
    field: str | None
    code: str | None
    severity: str
    seen: str | None
    expected: str | None
    remedy: str | None
    records_held: int | None


@dataclass(frozen=True, slots=True)
class Check:
    """published_checks: one quality check of one school, with counts only."""

    urn: str
    school_name: str | None
    check_name: str
    kind: str | None
    title: str
    severity: str
    outcome: str
    observed: str | None
    expected: str | None
    remedy: str | None
    rows_affected: int | None


@dataclass(frozen=True, slots=True)
class Break:
    """published_breaks: a day from which a school's figures come from elsewhere (a new URN, another system)."""

    urn: str
    academic_year: str
    break_on: date
    kind: str
    words: str


@dataclass(frozen=True, slots=True)
class TrustFile:
    """published_trust_files: one file that holds several schools, and where its rows went."""

    file_name: str
    first_seen_on: date | None
    format_title: str | None
    outcome: str
    reason: str | None
    remedy: str | None
    schools: int | None
    rows_total: int | None
    rows_layout: int | None
    rows_of_schools: int | None
    rows_of_no_school: int | None


@dataclass(frozen=True, slots=True)
class Submission:
    """published_submissions: what a school has sent of one feed for one period of a year."""

    urn: str
    school_name: str
    feed: str
    academic_year: str
    period_kind: str
    period: str
    period_title: str
    period_sort: int
    opens: date | None
    closes: date | None
    state: str
    state_words: str
    records: int | None
    first_received_on: date | None
    latest_received_on: date | None
    receipts: int | None


@dataclass(frozen=True, slots=True)
class Freshness:
    """published_freshness: how far a school's data of one feed reaches, and whether that is late."""

    urn: str
    school_name: str
    feed: str
    data_to: date | None
    received_on: date | None
    school_days_behind: int | None
    state: str
    words: str


@dataclass(frozen=True)
class Published:
    """All published tables of one release, each in a fixed order."""

    run: Run
    schools: list[School]
    kpis: list[Kpi]
    figures: list[Figure]
    receipts: list[Receipt]
    ledger: list[LedgerLine]
    fix_list: list[FixItem]
    checks: list[Check]
    breaks: list[Break]
    trust_files: list[TrustFile]
    latest: list[Latest]
    changes: list[Change]
    spreads: list[Spread]
    funnels: list[FunnelLimit]
    submissions: list[Submission]
    freshness: list[Freshness]
    mappings: list[Mapping]
    scale_schools: list[ScaleSchool]
    unmapped: list[Unmapped]
    autonomy: list[Agreed]
    frameworks: list[FrameworkUsed]
    agreement: list[Agreement]
