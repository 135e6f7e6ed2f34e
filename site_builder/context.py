"""What every page may draw on: the published tables, indexed, and the release's identity.

Here live the look-ups that pages share (figures by school and by KPI, the trust's figure under the same key,
receipts by school) and the rule that carries a hidden figure over to the counts beside it. No layout lives
here.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass

from site_builder import words
from site_builder.beside import Beside
from site_builder.identity import ReleaseIdentity
from site_builder.published import PublishedError
from site_builder.records import Break, Check, Figure, FixItem, Kpi, LedgerLine, Published, Receipt, School

SeriesKey = tuple[object, ...]


def series_key(figure: Figure) -> SeriesKey:
    """What two figures must share to be laid side by side."""
    return (
        figure.kpi,
        figure.kpi_version,
        figure.academic_year,
        figure.period_kind,
        figure.period,
        figure.subject,
        figure.year_group,
        figure.assessment,
        figure.comparability_key,
        figure.breakdown_topic,
        figure.breakdown,
    )


def is_total(figure: Figure) -> bool:
    """Whether the figure is about all pupils, not a group of them."""
    return figure.breakdown_topic == "Total" and figure.breakdown == "Total"


def is_of_pupils(figure: Figure) -> bool:
    """Whether the figure is about pupils in a stretch of time, such as attendance, and not about an assessment."""
    return figure.period_kind != "window"


def basis_words(figure: Figure) -> str:
    """Which assessment a figure rests on and how it was made, where there is one."""
    if is_of_pupils(figure):
        return ""
    construct = figure.comparability_key.split("|")[1:2]
    said = [figure.assessment] if figure.assessment != "z" else []
    said += [words.CONSTRUCTS[c] for c in construct if c in words.CONSTRUCTS]
    return ", ".join(said)


# What these hold says something of the pupils themselves: who is there, who is counted elsewhere, who is a guest.
TELLING_BUCKETS = ("used", "out of scope")


@dataclass
class Context:
    """Published tables and identity, with the look-ups pages need; built once a release."""

    published: Published
    identity: ReleaseIdentity

    def __post_init__(self) -> None:
        """Index the tables; PublishedError when they do not fit together or a code cannot name a page."""
        for code in (
            *(s.urn for s in self.published.schools),
            *(k.kpi for k in self.published.kpis),
            *(r.urn for r in self.published.receipts),
        ):
            if not re.fullmatch(r"[A-Za-z0-9_-]+", code):
                raise PublishedError(
                    f"the published tables hold the URN or KPI {code!r}; letters, digits, - and _ were "
                    "expected, because it names a page. Correct it in the trust home."
                )
        self.kpis: dict[tuple[str, int], Kpi] = {(k.kpi, k.version): k for k in self.published.kpis}
        self.schools: dict[str, School] = {s.urn: s for s in self.published.schools}
        self._school_figures: dict[str, list[Figure]] = defaultdict(list)
        self._kpi_figures: dict[str, list[Figure]] = defaultdict(list)
        self._trust: dict[SeriesKey, Figure] = {}
        for figure in self.published.figures:
            self._check(figure)
            if figure.audience != "site":
                continue
            self._kpi_figures[figure.kpi].append(figure)
            if figure.geography == "School":
                self._school_figures[figure.unit_code].append(figure)
            elif figure.geography == "MAT":
                self._trust[series_key(figure)] = figure
        self.beside = Beside(self.published)
        self._receipts: dict[str, list[Receipt]] = defaultdict(list)
        self._hidden_counts: dict[str, set[str]] = {}
        self._small_cohorts: dict[str, bool] = {}
        self._ledger: dict[str, list[LedgerLine]] = defaultdict(list)
        self._fixes: dict[str, list[FixItem]] = defaultdict(list)
        self._checks: dict[str, list[Check]] = defaultdict(list)
        self._breaks: dict[str, list[Break]] = defaultdict(list)
        for found in self.published.breaks:
            self._breaks[found.urn].append(found)
        for receipt in self.published.receipts:
            self._receipts[receipt.urn].append(receipt)
        for line in self.published.ledger:
            self._ledger[line.urn].append(line)
        for item in self.published.fix_list:
            self._fixes[item.urn].append(item)
        for check in self.published.checks:
            self._checks[check.urn].append(check)

    def _check(self, figure: Figure) -> None:
        place = f"{figure.geography} {figure.unit_code}, {figure.kpi}, {figure.academic_year}"
        if (figure.kpi, figure.kpi_version) not in self.kpis:
            raise PublishedError(
                f"published_kpi_values has a figure of {figure.kpi} version {figure.kpi_version} ({place}), "
                "which is not in published_kpis. Publish the KPI or leave its figures out."
            )
        if figure.symbol is None and figure.value is None:
            raise PublishedError(
                f"published_kpi_values has neither a value nor a symbol for {place}; one of them was "
                "expected. Give the row its kind of missing in dbt."
            )
        if figure.symbol is not None and (figure.value is not None or figure.pupil_count is not None):
            raise PublishedError(
                f"published_kpi_values marks {place} with {figure.symbol!r} and still holds its value or "
                "count; an empty cell was expected. Blank hidden cells in dbt before they are published."
            )
        if figure.geography == "School" and figure.unit_code not in self.schools:
            raise PublishedError(
                f"published_kpi_values has a figure for {place}, which is not in published_schools. "
                "Put the school on the register."
            )

    def school_figures(self, urn: str) -> list[Figure]:
        """The school's figures for the audience of the site."""
        return self._school_figures.get(urn, [])

    def kpi_figures(self, kpi: str) -> list[Figure]:
        """All figures of a KPI, every geography and version, for the audience of the site."""
        return self._kpi_figures.get(kpi, [])

    def trust_figure(self, figure: Figure) -> Figure | None:
        """The trust's figure under the same key, if there is one."""
        return self._trust.get(series_key(figure))

    def latest_kpis(self) -> list[Kpi]:
        """The newest version of each KPI, in the trust's order."""
        newest: dict[str, Kpi] = {}
        for kpi in self.published.kpis:
            if kpi.kpi not in newest or newest[kpi.kpi].version < kpi.version:
                newest[kpi.kpi] = kpi
        return sorted(newest.values(), key=lambda k: (k.sort_order or 0, k.title, k.kpi))

    def receipts(self, urn: str) -> list[Receipt]:
        """The school's receipts, the latest arrival first."""
        return sorted(self._receipts.get(urn, []), key=lambda r: (-r.arrival, r.receipt_id))

    def ledger(self, urn: str) -> list[LedgerLine]:
        """Where the school's records went: the latest receipt first, then buckets in their order."""
        arrival = {r.receipt_id: r.arrival for r in self._receipts.get(urn, [])}
        order = {bucket: place for place, bucket in enumerate(words.BUCKET_ORDER)}
        return sorted(
            self._ledger.get(urn, []),
            key=lambda e: (
                -arrival.get(e.receipt_id, 0),
                e.receipt_id,
                e.kind or "",
                order.get(e.bucket, len(order)),
                e.reason or "",
                e.related_receipt_id or "",
            ),
        )

    def fixes(self, urn: str) -> list[FixItem]:
        """The school's fix-list: what to put right first, then what to look at, each by file and row."""
        return sorted(
            self._fixes.get(urn, []),
            key=lambda f: (
                f.severity != "fix",
                f.file_name or "",
                f.receipt_id or "",
                f.file_row or 0,
                f.field or "",
                f.code or "",
                f.seen or "",
            ),
        )

    def checks(self, urn: str) -> list[Check]:
        """The school's quality checks, by record kind and title."""
        return sorted(self._checks.get(urn, []), key=lambda c: (c.kind or "", c.title, c.check_name))

    def breaks(self, urn: str) -> list[Break]:
        """The days from which the school's figures come from elsewhere, the earliest first."""
        return self._breaks.get(urn, [])

    def counts_hidden(self, urn: str, receipt_id: str) -> bool:
        """Whether the counts of rows and records of a receipt must be hidden on the site.

        dbt decides what is hidden and from which number of pupils. Where it hid a figure about all pupils of a
        school or year group, the rows of the school's files would tell the hidden number. Where one count of a
        receipt is of fewer than may be seen, the others would tell it, since they add up. How many records a
        mistake holds back says nothing of a pupil.
        """
        return receipt_id in self._find_hidden_counts(urn)

    def _find_hidden_counts(self, urn: str) -> set[str]:
        """The school's receipts whose counts are hidden on the site, worked out once."""
        if urn not in self._hidden_counts:
            small = self.small_cohort(urn)
            receipts = self._receipts.get(urn, [])
            self._hidden_counts[urn] = {r.receipt_id for r in receipts if small or self._has_small_count(r)}
        return self._hidden_counts[urn]

    def _has_small_count(self, receipt: Receipt) -> bool:
        lines = [
            line.records
            for line in self._ledger.get(receipt.urn, [])
            if line.receipt_id == receipt.receipt_id and line.bucket in TELLING_BUCKETS
        ]
        counts = (receipt.rows_with_records, receipt.records_used, *lines)
        return any(0 < (count or 0) < self.published.run.site_min_n for count in counts)

    def small_cohort(self, urn: str) -> bool:
        """Whether a figure of this school about all its pupils, or all of a year group, is hidden."""
        if urn not in self._small_cohorts:
            self._small_cohorts[urn] = any(f.symbol == "c" and is_total(f) for f in self.school_figures(urn))
        return self._small_cohorts[urn]
