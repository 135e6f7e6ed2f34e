"""The `.meta.csv` beside each extract: what its filters and indicators mean.

Here live the rules of that file: a row for each filter with more than one value and each indicator, none
for time, geography or the group a filter stands in. The descriptions themselves are declared with the
columns (extracts.py).
"""

from __future__ import annotations

from site_builder.context import Context
from site_builder.csv_files import CsvTable
from site_builder.extracts import EXTRACTS

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
_IN_KPI_UNIT = ("value", "lower_95_ci", "upper_95_ci")


def gather_meta(context: Context, stem: str, data: CsvTable) -> CsvTable:
    """The metadata of the extract `stem`, of which `data` are the rows.

    Values of several KPIs share a column, so its unit is % only where every KPI in the file is one, and its
    decimals are the most that any of them shows.
    """
    rows = list(data.rows)
    place = {name: number for number, name in enumerate(data.header)}
    in_file = {(row[place["kpi"]], row[place["kpi_version"]]) for row in rows}
    kpis = [kpi for (name, version), kpi in sorted(context.kpis.items()) if (name, str(version)) in in_file]
    all_percent = bool(kpis) and all(kpi.unit == "percent" for kpi in kpis)
    meta = []
    for column in EXTRACTS[stem][1]:
        if column.role == "filter":
            if len({row[place[column.name]] for row in rows}) > 1:
                meta.append((column.name, "Filter", column.label, "", "", "", column.hint, column.grouping))
        elif column.role == "indicator":
            unit, dp = column.unit, column.dp
            if column.name in _IN_KPI_UNIT:
                unit = "%" if all_percent else ""
                dp = max((kpi.dp for kpi in kpis), default=0)
            meta.append((column.name, "Indicator", column.label, "", unit, "" if dp is None else str(dp), "", ""))
    return CsvTable(META_COLUMNS, meta)
