"""The extract files: trust_kpi_school.csv and trust_kpi_mat.csv, in the tidy layout of official statistics.

Here lives what each column holds and how it is described; the `.meta.csv` beside each file is made from the
same declaration (extract_meta.py). Symbols stand in the value cells; a filter is never blank.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from site_builder.context import Context
from site_builder.csv_files import CsvTable
from site_builder.published import PublishedError
from site_builder.records import Figure, Kpi, School
from site_builder.writing import write_count, write_fixed

ENGLAND = ("E92000001", "England")
UNKNOWN_CODE, UNKNOWN_NAME = "x", "Not available"


@dataclass(frozen=True)
class ExtractRow:
    """One figure with what its row is filled from."""

    figure: Figure
    kpi: Kpi
    school: School | None
    context: Context


@dataclass(frozen=True)
class ExtractColumn:
    """A column of an extract.

    `role`: place (time and geography), filter, indicator, or topic (what a filter's values are grouped by).
    """

    name: str
    role: str
    fill: Callable[[ExtractRow], str]
    label: str = ""
    unit: str = ""
    dp: int | None = None
    hint: str = ""
    grouping: str = ""


def _value(row: ExtractRow, value: float | None, absent: str) -> str:
    if row.figure.symbol:
        return row.figure.symbol
    return absent if value is None else write_fixed(value)


def _numerator(row: ExtractRow) -> str:
    if row.kpi.kind == "mean":
        return "z"
    if row.figure.symbol:
        return row.figure.symbol
    return "z" if row.figure.numerator_count is None else write_count(row.figure.numerator_count)


def _pupils(row: ExtractRow) -> str:
    if row.figure.symbol:
        return row.figure.symbol
    return "x" if row.figure.pupil_count is None else write_count(row.figure.pupil_count)


def _coverage(row: ExtractRow) -> str:
    share = row.figure.judgement_coverage_percent
    return (row.figure.coverage_symbol or "z") if share is None else write_fixed(share)


def _of_school(read: Callable[[School], str | None], absent: str) -> Callable[[ExtractRow], str]:
    return lambda row: (read(row.school) if row.school else None) or absent


_WHEN = (
    ExtractColumn("time_period", "place", lambda r: r.figure.time_period),
    ExtractColumn("time_identifier", "place", lambda r: "Academic year"),
    ExtractColumn("geographic_level", "place", lambda r: r.figure.geography),
    ExtractColumn("country_code", "place", lambda r: ENGLAND[0]),
    ExtractColumn("country_name", "place", lambda r: ENGLAND[1]),
)
_AREA = (
    ExtractColumn("region_code", "place", _of_school(lambda s: s.region_code, UNKNOWN_CODE)),
    ExtractColumn("region_name", "place", _of_school(lambda s: s.region_name, UNKNOWN_NAME)),
    ExtractColumn("old_la_code", "place", _of_school(lambda s: s.old_la_code, UNKNOWN_CODE)),
    ExtractColumn("new_la_code", "place", _of_school(lambda s: s.new_la_code, UNKNOWN_CODE)),
    ExtractColumn("la_name", "place", _of_school(lambda s: s.la_name, UNKNOWN_NAME)),
)
_TRUST = (
    ExtractColumn("trust_id", "place", lambda r: r.context.published.run.trust_group_id or UNKNOWN_CODE),
    ExtractColumn("trust_name", "place", lambda r: r.context.published.run.trust_name),
)
_SCHOOL = (
    ExtractColumn("school_urn", "place", _of_school(lambda s: s.urn, UNKNOWN_CODE)),
    ExtractColumn("school_laestab", "place", _of_school(lambda s: s.laestab, UNKNOWN_CODE)),
    ExtractColumn("school_name", "place", lambda r: r.figure.unit_name or UNKNOWN_NAME),
    ExtractColumn("education_phase", "filter", _of_school(lambda s: s.phase, "z"), "Phase of education"),
)
_FIGURES = (
    ExtractColumn(
        "year_group",
        "filter",
        lambda r: r.figure.year_group or "z",
        "Year group",
        hint="National curriculum year group at that time; Total of attendance: Reception to Year 11",
    ),
    ExtractColumn(
        "period_kind",
        "filter",
        lambda r: r.figure.period_kind.replace("_", " "),
        "Kind of period",
        hint="window: a collection of assessments; week, half term, term, year to date: attendance",
    ),
    ExtractColumn(
        "period",
        "filter",
        lambda r: r.figure.period_title or "z",
        "Period",
        hint="The trust's collection, or the stretch of the academic year",
    ),
    ExtractColumn("subject", "filter", lambda r: r.figure.subject or "z", "Subject"),
    ExtractColumn(
        "assessment",
        "filter",
        lambda r: r.figure.assessment or "z",
        "Assessment",
        hint="The test, scheme or judgement the figure rests on; z: about none",
    ),
    ExtractColumn("kpi", "filter", lambda r: r.figure.kpi, "KPI", hint="Each KPI's definition is a page of the site"),
    ExtractColumn("breakdown_topic", "topic", lambda r: r.figure.breakdown_topic),
    ExtractColumn("breakdown", "filter", lambda r: r.figure.breakdown, "Breakdown", grouping="breakdown_topic"),
    ExtractColumn(
        "comparability_class",
        "filter",
        lambda r: r.figure.comparability_class or "z",
        "Comparability class",
        hint="A statutory, B common test, C common definition, D local judgement",
    ),
    ExtractColumn("pupil_count", "indicator", _pupils, "Number of pupils", dp=0),
    ExtractColumn("numerator_count", "indicator", _numerator, "Numerator", dp=0),
    ExtractColumn("value", "indicator", lambda r: _value(r, r.figure.value, "x"), "Value"),
    ExtractColumn(
        "lower_95_ci",
        "indicator",
        lambda r: _value(r, r.figure.lower_95_ci, "z"),
        "Lower end of the 95% interval",
    ),
    ExtractColumn(
        "upper_95_ci",
        "indicator",
        lambda r: _value(r, r.figure.upper_95_ci, "z"),
        "Upper end of the 95% interval",
    ),
    ExtractColumn(
        "comparison_flag",
        "filter",
        lambda r: r.figure.comparison or "z",
        "Compared with the trust",
        hint="above, similar or below by more than chance; z: not compared",
    ),
    ExtractColumn(
        "judgement_coverage_percent",
        "indicator",
        _coverage,
        "Share of pupils on roll with a result",
        unit="%",
        dp=1,
    ),
    ExtractColumn("kpi_version", "filter", lambda r: str(r.figure.kpi_version), "Version of the KPI's definition"),
    ExtractColumn("snapshot_id", "filter", lambda r: r.context.identity.release_id, "Release"),
)
_REACH = (
    ExtractColumn("schools_in", "indicator", lambda r: _reach(r.figure.schools_in), "Schools in the figure", dp=0),
    ExtractColumn("schools_of", "indicator", lambda r: _reach(r.figure.schools_of), "Schools it could have", dp=0),
    ExtractColumn(
        "pupils_in_percent",
        "indicator",
        lambda r: "x" if r.figure.pupils_in_percent is None else write_fixed(r.figure.pupils_in_percent),
        "Share of pupils in the figure",
        unit="%",
        dp=1,
    ),
)

SCHOOL_COLUMNS = (*_WHEN, *_AREA, *_TRUST, *_SCHOOL, *_FIGURES)
MAT_COLUMNS = (*_WHEN, *_TRUST, *_FIGURES, *_REACH)

EXTRACTS = {"trust_kpi_school": ("School", SCHOOL_COLUMNS), "trust_kpi_mat": ("MAT", MAT_COLUMNS)}


def _reach(count: int | None) -> str:
    return "x" if count is None else str(count)


def _place_in_file(figure: Figure) -> tuple[object, ...]:
    return (
        figure.time_period,
        figure.unit_code,
        figure.kpi,
        figure.kpi_version,
        figure.period_kind,
        figure.period_sort,
        figure.period_title,
        figure.subject_sort,
        figure.subject,
        figure.year_group_sort,
        figure.year_group,
        figure.assessment,
        figure.comparability_class,
        figure.breakdown_topic != "Total",
        figure.breakdown_topic,
        figure.breakdown_sort,
        figure.breakdown,
    )


def gather_extract(context: Context, stem: str, audience: str) -> CsvTable:
    """The rows of one extract for one audience, in a fixed order.

    Raises PublishedError when two rows have the same unit and filters, which no reader could tell apart.
    """
    geography, columns = EXTRACTS[stem]
    figures = [f for f in context.published.figures if f.audience == audience and f.geography == geography]
    rows: list[Sequence[str]] = []
    seen: set[tuple[str, ...]] = set()
    telling = [place for place, column in enumerate(columns) if column.role != "indicator"]
    for figure in sorted(figures, key=_place_in_file):
        row = ExtractRow(
            figure,
            context.kpis[figure.kpi, figure.kpi_version],
            context.schools.get(figure.unit_code),
            context,
        )
        cells = tuple(column.fill(row) for column in columns)
        key = tuple(cells[place] for place in telling if columns[place].name != "comparison_flag")
        if key in seen:
            raise PublishedError(
                f"{stem}.csv would hold two rows for {figure.unit_name}, {figure.kpi}, "
                f"{figure.academic_year}, {figure.period_title}, {figure.subject}, {figure.year_group}, "
                f"{figure.breakdown_topic}: {figure.breakdown}; one was expected. Give the two different "
                "assessments, periods or breakdowns."
            )
        seen.add(key)
        rows.append(cells)
    figures_of = frozenset(column.name for column in columns if column.role == "indicator")
    return CsvTable([column.name for column in columns], rows, figures_of)
