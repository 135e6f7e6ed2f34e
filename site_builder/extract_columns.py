"""The columns of the extracts, each declared once: name, role, type, words, and how its cells are filled.

Here lives the declaration from which the CSV, the `.meta.csv`, the Parquet twin, the data package, the workbook and
the data dictionary are all made. What a column is lives in extract_column.py; how whole columns are read and put in
order in extract_rows.py.
"""

from __future__ import annotations

from operator import attrgetter

from site_builder.extract_column import (
    IN_KPI_UNIT,
    PUBLISHED,
    REGISTER,
    ExtractColumn,
    filter_column,
    indicator_column,
    place_column,
)

ENGLAND = ("E92000001", "England")
UNKNOWN_CODE, UNKNOWN_NAME = "x", "Not available"

_WHEN = (
    place_column(
        "time_period",
        "Academic year",
        lambda rows: rows.text("time_period"),
        "Academic year, as 202425 for September 2024 to August 2025",
        PUBLISHED,
        sheet=True,
    ),
    place_column(
        "time_identifier",
        "Kind of time period",
        lambda rows: rows.constant("Academic year"),
        "Always Academic year: a term or window within it is a filter",
        "fixed",
    ),
    place_column(
        "geographic_level", "Geographic level", lambda rows: rows.text("geography"), "School, or MAT", PUBLISHED
    ),
    place_column("country_code", "Country code", lambda rows: rows.constant(ENGLAND[0]), "Always England's", "fixed"),
    place_column("country_name", "Country", lambda rows: rows.constant(ENGLAND[1]), "Always England", "fixed"),
)
_AREA = (
    place_column(
        "region_code",
        "Region code",
        lambda rows: rows.of_school(attrgetter("region_code"), UNKNOWN_CODE),
        "Official code of the region; x: not known",
    ),
    place_column(
        "region_name",
        "Region",
        lambda rows: rows.of_school(attrgetter("region_name"), UNKNOWN_NAME),
        "Name of the region",
    ),
    place_column(
        "old_la_code",
        "Local authority's three-digit code",
        lambda rows: rows.of_school(attrgetter("old_la_code"), UNKNOWN_CODE),
        "Three-digit code of the local authority, with which a LAESTAB begins; x: not known",
    ),
    place_column(
        "new_la_code",
        "Local authority's code",
        lambda rows: rows.of_school(attrgetter("new_la_code"), UNKNOWN_CODE),
        "Nine-character code of the local authority; x: not known",
    ),
    place_column(
        "la_name",
        "Local authority",
        lambda rows: rows.of_school(attrgetter("la_name"), UNKNOWN_NAME),
        "Name of the local authority",
    ),
)
_TRUST = (
    place_column(
        "trust_id",
        "Trust's group ID",
        lambda rows: rows.constant(rows.context.published.run.trust_group_id or UNKNOWN_CODE),
        "Group ID of the trust, as TR01234; x: not known",
        "trust.yml",
    ),
    place_column(
        "trust_name",
        "Trust",
        lambda rows: rows.constant(rows.context.published.run.trust_name),
        "Name of the trust",
        "trust.yml",
    ),
)
_SCHOOL = (
    place_column(
        "school_urn",
        "URN",
        lambda rows: rows.of_school(attrgetter("urn"), UNKNOWN_CODE),
        "Unique reference number of the school",
        sheet=True,
    ),
    place_column(
        "school_laestab",
        "LAESTAB",
        lambda rows: rows.of_school(attrgetter("laestab"), UNKNOWN_CODE),
        "Local authority and establishment number of the school; x: not known",
    ),
    place_column(
        "school_name", "School", lambda rows: rows.text("unit_name", UNKNOWN_NAME), "Name of the school", sheet=True
    ),
    filter_column(
        "education_phase",
        "Phase of education",
        lambda rows: rows.of_school(attrgetter("phase"), "z"),
        "Phase of the school",
        source=REGISTER,
    ),
)
_FIGURES = (
    filter_column(
        "year_group",
        "Year group",
        lambda rows: rows.text("year_group", "z"),
        "Year group of the pupils in the figure, or Total",
        hint="National curriculum year group at that time; Total of attendance: Reception to Year 11",
    ),
    filter_column(
        "period_kind",
        "Kind of period",
        lambda rows: rows.spaced("period_kind"),
        "What the period is: a window in which assessments are collected, or a stretch of the academic year",
        hint="window: a collection of assessments; week, half term, term, year to date: attendance",
    ),
    filter_column(
        "period",
        "Period",
        lambda rows: rows.text("period_title", "z"),
        "Name of the window or stretch of the year",
        hint="The trust's collection, or the stretch of the academic year",
    ),
    filter_column("subject", "Subject", lambda rows: rows.text("subject", "z"), "Subject; z: the KPI is about none"),
    filter_column(
        "assessment",
        "Assessment",
        lambda rows: rows.text("assessment", "z"),
        "The test, scheme or judgement the figure rests on; z: about none",
        hint="The test, scheme or judgement the figure rests on; z: about none",
    ),
    filter_column(
        "kpi",
        "KPI",
        lambda rows: rows.text("kpi"),
        "Name of the KPI; kpis.csv has its definition",
        hint="Each KPI's definition is a page of the site",
    ),
    ExtractColumn(
        "breakdown_topic",
        "topic",
        lambda rows: rows.text("breakdown_topic"),
        "Pupils by",
        "What the pupils are told apart by, or Total: all pupils",
    ),
    ExtractColumn(
        "breakdown",
        "filter",
        lambda rows: rows.text("breakdown"),
        "Breakdown",
        "The group of pupils in the figure, or Total: all pupils",
        grouping="breakdown_topic",
    ),
    filter_column(
        "comparability_class",
        "Comparability class",
        lambda rows: rows.text("comparability_class", "z"),
        "How far figures of several schools can be laid side by side, from A to D",
        hint="A statutory, B common test, C common definition, D local judgement",
    ),
    indicator_column(
        "pupil_count",
        "Number of pupils",
        lambda rows: rows.count("pupil_count", "x"),
        "Pupils behind the figure",
        kind="integer",
        dp=0,
    ),
    indicator_column(
        "numerator_count",
        "Numerator",
        lambda rows: rows.numerator(),
        "What is counted in the figure, before it is divided; z: a mean has none",
        dp=0,
    ),
    indicator_column(
        "value",
        "Value",
        lambda rows: rows.figure("value", "x"),
        "The figure, in the unit of its KPI, to six decimals",
        unit=IN_KPI_UNIT,
    ),
    indicator_column(
        "lower_95_ci",
        "Lower end of the 95% interval",
        lambda rows: rows.figure("lower_95_ci", "z"),
        "Lower end of the 95% interval; z: none is worked out",
        unit=IN_KPI_UNIT,
    ),
    indicator_column(
        "upper_95_ci",
        "Upper end of the 95% interval",
        lambda rows: rows.figure("upper_95_ci", "z"),
        "Upper end of the 95% interval; z: none is worked out",
        unit=IN_KPI_UNIT,
    ),
    filter_column(
        "comparison_flag",
        "Compared with the trust",
        lambda rows: rows.text("comparison", "z"),
        "Whether the figure differs from the trust's by more than chance",
        hint="above, similar or below by more than chance; z: not compared",
    ),
    indicator_column(
        "judgement_coverage_percent",
        "Share of pupils on roll with a result",
        lambda rows: rows.share("judgement_coverage_percent", "z", symbol="coverage_symbol"),
        "Share of the pupils on roll who have a result behind the figure; z: about no assessment",
        unit="%",
        dp=1,
    ),
    filter_column(
        "kpi_version",
        "Version of the KPI's definition",
        lambda rows: rows.number_text("kpi_version"),
        "Version of the KPI's definition the figure was made by",
    ),
    filter_column(
        "snapshot_id",
        "Release",
        lambda rows: rows.constant(rows.context.identity.release_id),
        "The release the file belongs to",
        source="the run that made the release",
        sheet=False,
    ),
)
_REACH = (
    indicator_column(
        "schools_in",
        "Schools in the figure",
        lambda rows: rows.count("schools_in", "x", own_symbol=False),
        "How many schools have pupils in the figure",
        kind="integer",
        dp=0,
    ),
    indicator_column(
        "schools_of",
        "Schools it could have",
        lambda rows: rows.count("schools_of", "x", own_symbol=False),
        "How many schools of the trust could have pupils in it",
        kind="integer",
        dp=0,
    ),
    indicator_column(
        "pupils_in_percent",
        "Share of pupils in the figure",
        lambda rows: rows.share("pupils_in_percent", "x"),
        "Share of the trust's pupils of those years who are in the figure",
        unit="%",
        dp=1,
    ),
)

SCHOOL_COLUMNS = (*_WHEN, *_AREA, *_TRUST, *_SCHOOL, *_FIGURES)
MAT_COLUMNS = (*_WHEN, *_TRUST, *_FIGURES, *_REACH)

EXTRACTS = {"trust_kpi_school": ("School", SCHOOL_COLUMNS), "trust_kpi_mat": ("MAT", MAT_COLUMNS)}

TITLES = {
    "trust_kpi_school": "KPIs of each school of the trust",
    "trust_kpi_mat": "KPIs of the trust as a whole",
}


def key_of(columns: tuple[ExtractColumn, ...]) -> list[str]:
    """The columns that together tell one row from another."""
    passing = {"time_identifier", "comparison_flag", "snapshot_id", "trust_name", "school_name", "education_phase"}
    places = {"time_period", "trust_id", "school_urn"}
    return [
        column.name
        for column in columns
        if column.name not in passing and (column.name in places or column.role in ("filter", "topic"))
    ]
