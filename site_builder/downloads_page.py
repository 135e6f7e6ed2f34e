"""The downloads page: every file of the site that people take away, and what it is for.

Here lives what downloads.html shows. What stands in the files is made by extract_files.py.
"""

from __future__ import annotations

from dataclasses import dataclass

from site_builder.context import Context
from site_builder.kpi_page import kpi_downloads
from site_builder.page import Page
from site_builder.tables import Cell, Row, Table, heads

FILES = (
    ("data/plumbline_kpis.xlsx", "Workbook", "Excel, LibreOffice", "All figures, a sheet a table, with notes."),
    ("data/trust_kpi_school.csv", "Figures of schools", "CSV", "One line a figure, in the layout of official files."),
    ("data/trust_kpi_school.meta.csv", "What its columns mean", "CSV", "One line a column."),
    ("data/trust_kpi_school.parquet", "Figures of schools", "Parquet", "The same, typed, for Power BI, R or Python."),
    ("data/trust_kpi_mat.csv", "Figures of the trust", "CSV", "The trust's own figures, one line each."),
    ("data/trust_kpi_mat.meta.csv", "What its columns mean", "CSV", "One line a column."),
    ("data/trust_kpi_mat.parquet", "Figures of the trust", "Parquet", "The same, typed."),
    ("data/comparisons/changes.csv", "Changes in a year", "CSV", "Each figure, the one before, the difference."),
    ("data/comparisons/spread.csv", "How schools spread", "CSV", "Lowest, quartiles and highest of each figure."),
    ("data/comparisons/funnel.csv", "What chance would give", "CSV", "Limits for schools of each size."),
    ("data/comparisons/phases_and_clusters.csv", "Phases and clusters", "CSV", "Their figures, beside the trust's."),
    ("data/kpis.csv", "KPIs", "CSV", "Every definition, so that a figure can be looked up where it is."),
    ("data/dictionary.csv", "Data dictionary", "CSV", "Every column of every file, and every KPI, in words."),
    ("data/datapackage.json", "Data package", "JSON", "Names, types, hashes and keys, for programs."),
)


@dataclass(frozen=True)
class DownloadsView:
    """What downloads.html is given."""

    files: Table
    kpis: Table | None


def _kpi_rows(context: Context) -> list[Row]:
    return [
        Row([Cell(kpi.title), *(Cell(f"{file.label} ({file.text})", href=file.href) for file in kpi_downloads(kpi))])
        for kpi in context.latest_kpis()
    ]


def gather_downloads_pages(context: Context) -> list[Page]:
    """downloads.html."""
    rows = [Row([Cell(name, href=path), Cell(kind), Cell(said, "prose")]) for path, name, kind, said in FILES]
    kpi_rows = _kpi_rows(context)
    return [
        Page(
            area="site",
            path="downloads.html",
            heading="Downloads",
            purpose="The figures of these pages as files, before rounding. What is hidden here is hidden there.",
            view=DownloadsView(
                Table("All figures", heads("File", "Kind", "What it is"), rows),
                Table("One KPI at a time", heads("KPI", "Schools", "Trust"), kpi_rows) if kpi_rows else None,
            ),
        )
    ]

