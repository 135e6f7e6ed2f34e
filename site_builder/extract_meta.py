"""The `.meta.csv` beside each extract: what its filters and indicators mean.

Here live the rules of that file: a row for each filter with more than one value and each indicator, none
for time, geography or the group a filter stands in. The descriptions themselves are declared with the
columns (extract_columns.py).
"""

from __future__ import annotations

from site_builder.csv_files import CsvTable
from site_builder.extract_column import ExtractColumn
from site_builder.extracts import Extract

META_COLUMNS = (
    "col_name",
    "col_type",
    "label",
    "indicator_grouping",
    "indicator_unit",
    "indicator_dp",
    "filter_hint",
    "filter_grouping_column",
)


def unit_and_places(extract: Extract, column: ExtractColumn) -> tuple[str, int | None]:
    """The unit and decimals of an indicator.

    Values of several KPIs share a column, so its unit is % only where every KPI in the file is one, and its
    decimals are the most that any of them shows.
    """
    if not column.in_kpi_unit:
        return column.unit, column.dp
    all_percent = bool(extract.kpis) and all(kpi.unit == "percent" for kpi in extract.kpis)
    return "%" if all_percent else "", max((kpi.dp for kpi in extract.kpis), default=0)


def gather_meta(extract: Extract) -> CsvTable:
    """The metadata of an extract."""
    meta = []
    for column in extract.columns:
        if column.role == "filter":
            if len(set(extract.texts(column.name).values)) > 1:
                meta.append((column.name, "Filter", column.label, "", "", "", column.hint, column.grouping))
        elif column.role == "indicator":
            unit, dp = unit_and_places(extract, column)
            meta.append((column.name, "Indicator", column.label, "", unit, "" if dp is None else str(dp), "", ""))
    return CsvTable(META_COLUMNS, meta)
