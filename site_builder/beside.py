"""What stands beside what: the series shown now, and for each its schools, its changes, its spread and its funnel.

Here live the look-ups of the comparison tables for the audience of the site, made once a release. A series is a KPI
under one key (version, year, period, year group, subject, assessment); which series are shown is decided in dbt.
Nothing is computed here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from site_builder.comparisons import Change, FunnelLimit, Latest, Spread
from site_builder.records import Figure, Published

WHOLE_TRUST = "Total"
Series = tuple[str, int, str, str, str, str, str, str, str]


def series_of(row: Figure | Latest | Change | Spread | FunnelLimit) -> Series:
    """The key that figures laid side by side share: KPI, version, year, kind of period, period, year group, subject,
    assessment, comparability key."""
    return (
        row.kpi,
        row.kpi_version,
        row.academic_year,
        row.period_kind,
        row.period,
        row.year_group,
        row.subject,
        row.assessment,
        row.comparability_key,
    )


def _strand(row: Figure | Latest | Change) -> tuple[str, ...]:
    """What stays the same of a series from one period to the next (the key's last two parts name the period)."""
    return (row.kpi, row.year_group, row.subject, row.assessment, *row.comparability_key.split("|")[:-2])


class Beside:
    """The comparison tables and the figures about all pupils, by series, for the audience of the site."""

    def __init__(self, published: Published) -> None:
        """Index the tables of `published`."""
        self._latest: dict[tuple[str, str], list[Latest]] = defaultdict(list)
        for latest in published.latest:
            if latest.audience == "site":
                self._latest[latest.kpi, latest.scope].append(latest)
        for found in self._latest.values():
            found.sort(key=lambda row: row.lead_rank)
        self._changes: dict[tuple[Series, str], Change] = {}
        self._strand_changes: dict[tuple[tuple[str, ...], str], list[Change]] = defaultdict(list)
        self.largest: list[Change] = []
        for change in published.changes:
            if change.audience != "site":
                continue
            self._changes[series_of(change), change.unit_code] = change
            if change.is_latest:
                self._strand_changes[_strand(change), change.unit_code].append(change)
            if change.change_rank is not None:
                self.largest.append(change)
        self.largest.sort(key=lambda row: (row.change_rank or 0, row.unit_code))
        self._spreads = {(series_of(s), s.geography): s for s in published.spreads if s.audience == "site"}
        self._funnels: dict[Series, list[FunnelLimit]] = defaultdict(list)
        for limit in published.funnels:
            if limit.audience == "site":
                self._funnels[series_of(limit)].append(limit)
        self._figures: dict[Series, list[Figure]] = defaultdict(list)
        self._units: dict[Series, dict[str, Figure]] = {}
        self._strands: dict[tuple[tuple[str, ...], str], list[Figure]] = defaultdict(list)
        for figure in published.figures:
            if figure.audience == "site" and figure.breakdown_topic == "Total" and figure.breakdown == "Total":
                self._figures[series_of(figure)].append(figure)
                self._strands[_strand(figure), figure.unit_code].append(figure)

    def shown_now(self, kpi: str, scope: str = WHOLE_TRUST) -> Sequence[Latest]:
        """The series of the KPI that are shown now, the leading one first."""
        return self._latest.get((kpi, scope), [])

    def figures(self, series: Series) -> Sequence[Figure]:
        """Every unit's figure of the series, hidden ones with their symbol."""
        return self._figures.get(series, [])

    def figure(self, series: Series, unit_code: str) -> Figure | None:
        """One school's figure of the series."""
        if series not in self._units:
            # A phase and a cluster may have one name, so only schools are looked up by it.
            self._units[series] = {f.unit_code: f for f in self.school_figures(series)}
        return self._units[series].get(unit_code)

    def trust_figure(self, series: Series) -> Figure | None:
        """The trust's figure of the series."""
        return next((f for f in self.figures(series) if f.geography == "MAT"), None)

    def school_figures(self, series: Series) -> list[Figure]:
        """The schools' figures of the series."""
        return [f for f in self.figures(series) if f.geography == "School"]

    def change(self, row: Latest, unit_code: str) -> Change | None:
        """The change shown beside a unit's figure of this series: like for like with a year before."""
        for change in self._strand_changes.get((_strand(row), unit_code), []):
            found = (change.academic_year, change.period_kind, change.period)
            if found == (row.compared_academic_year, row.compared_period_kind, row.compared_period):
                return change
        return None

    def change_of(self, figure: Figure) -> Change | None:
        """The figure beside that of the same period a year before, where there is one."""
        return self._changes.get((series_of(figure), figure.unit_code))

    def spread(self, row: Figure | Latest, geography: str = "MAT") -> Spread | None:
        """How the schools' figures of the series lie."""
        return self._spreads.get((series_of(row), geography))

    def over_time(self, row: Figure | Latest, unit_code: str) -> Sequence[Figure]:
        """The unit's figures of every period of the same strand."""
        return self._strands.get((_strand(row), unit_code), [])

    def funnel(self, row: Figure | Latest) -> Sequence[FunnelLimit]:
        """Where chance would put schools of each size."""
        return self._funnels.get(series_of(row), [])
