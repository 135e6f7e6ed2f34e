"""The headline table: every school's latest figure of each KPI, side by side, for a person who opens the workbook.

Here lives which figures stand in it: those dbt names as the series that stands for its KPI now (published_latest).
Nothing is computed; a figure stands with the six decimals of the extracts and is shown with its KPI's.
"""

from __future__ import annotations

from dataclasses import dataclass

from site_builder import words
from site_builder.comparisons import Latest
from site_builder.context import Context, is_total
from site_builder.records import Figure, Kpi
from site_builder.writing import write_fixed

NO_FIGURE = "no figure"


@dataclass(frozen=True)
class HeadlineColumn:
    """One KPI's column: its heading, the decimals shown, and each unit's cell (a figure as written, or its symbol)."""

    heading: str
    dp: int
    cells: dict[str, str]


@dataclass(frozen=True)
class Headline:
    """The table: the trust, then the schools by name, each with code, name and phase."""

    units: list[tuple[str, str, str]]
    columns: list[HeadlineColumn]


def _series(thing: Latest | Figure) -> tuple[object, ...]:
    return (
        thing.kpi,
        thing.kpi_version,
        thing.academic_year,
        thing.period_kind,
        thing.period,
        thing.subject,
        thing.year_group,
        thing.assessment,
        thing.comparability_key,
    )


def _heading(lead: Latest, kpi: Kpi) -> str:
    about = [lead.subject, lead.assessment, "" if lead.year_group == "Total" else lead.year_group]
    said = ", ".join(part for part in about if part not in ("", "z"))
    when = f"{lead.period_title} {lead.academic_year}"
    unit = words.unit_words(kpi)
    return f"{kpi.title}{': ' + said if said else ''}, {when} ({unit})"


def _cell(figure: Figure) -> str:
    if figure.symbol or figure.value is None:
        return figure.symbol or "x"
    return write_fixed(figure.value)


def gather_headline(context: Context, audience: str) -> Headline | None:
    """The headline table for one audience; None where no series is named as the latest of its KPI."""
    named = [lead for lead in context.published.latest if lead.audience == audience and lead.lead_rank == 1]
    leads: dict[tuple[object, ...], Latest] = {}
    for lead in sorted(named, key=lambda lead: (lead.scope != "Total", lead.scope)):
        leads.setdefault(_series(lead), lead)
    if not leads:
        return None
    cells: dict[tuple[object, ...], dict[str, str]] = {key: {} for key in leads}
    for figure in context.published.figures:
        if figure.audience == audience and figure.geography in ("School", "MAT") and is_total(figure):
            found = cells.get(_series(figure))
            if found is not None:
                found["" if figure.geography == "MAT" else figure.unit_code] = _cell(figure)
    order = {kpi.kpi: place for place, kpi in enumerate(context.latest_kpis())}
    columns: list[HeadlineColumn] = []
    for key, lead in sorted(leads.items(), key=lambda item: (order[item[1].kpi], item[1].scope != "Total")):
        kpi = context.kpis[lead.kpi, lead.kpi_version]
        heading = _heading(lead, kpi)
        if heading in {column.heading for column in columns}:  # the same words for another phase or basis
            heading = f"{heading}, {lead.scope}, {lead.comparability_class}{len(columns)}"
        columns.append(HeadlineColumn(heading, kpi.dp, cells[key]))
    schools = [(school.urn, school.name, school.phase or "not known") for school in context.published.schools]
    return Headline([("", f"{context.published.run.trust_name} (whole trust)", "all phases"), *schools], columns)
