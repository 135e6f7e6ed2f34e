"""The tables of `lake/config`: the configuration as the warehouse is given it, each schema declared once.

How rows are made from a home does not live here.
"""

from __future__ import annotations

import pyarrow as pa

_text, _whole, _day, _truth = pa.string(), pa.int32(), pa.date32(), pa.bool_()


def _table(**columns: pa.DataType) -> pa.Schema:
    return pa.schema([pa.field(name, kind) for name, kind in columns.items()])


CONFIG_TABLES: dict[str, pa.Schema] = {
    "run": _table(as_of=_day, contract_version=_text, key_id=_text, demo=_truth),
    "trust": _table(group_id=_text, group_uid=_text, name=_text),
    "academic_years": _table(academic_year=_text, time_period=_text, starts=_day, ends=_day),
    "schools": _table(
        urn=_text,
        laestab=_text,
        name=_text,
        phase=_text,
        school_type=_text,
        lowest_age=_whole,
        highest_age=_whole,
        cluster=_text,
        joined=_day,
        left_on=_day,
        predecessor_urn=_text,
        old_la_code=_text,
        new_la_code=_text,
        la_name=_text,
        region_code=_text,
        region_name=_text,
    ),
    "windows": _table(
        window_name=_text,
        title=_text,
        phase=_text,
        academic_year=_text,
        year_group=_text,
        opens=_day,
        closes=_day,
        tolerance_days=_whole,
        sort_order=_whole,
    ),
    "window_labels": _table(window_name=_text, label=_text),
    "window_subjects": _table(window_name=_text, subject=_text),
    "subjects": _table(subject=_text, sort_order=_whole),
    "assessments": _table(
        assessment=_text, title=_text, construct=_text, comparability_class=_text, result_type=_text
    ),
    "custom_groups": _table(group_set=_text, title=_text, group_name=_text, label=_text, sort_order=_whole),
    "kpis": _table(
        kpi=_text,
        version=_whole,
        kind=_text,
        title=_text,
        numerator=_text,
        denominator=_text,
        mean_of=_text,
        unit=_text,
        direction=_text,
        dp=_whole,
        min_n=_whole,
        interval=_text,
        comparability=_text,
        status=_text,
        owner=_text,
        year_groups=_text,
        population=_text,
        family=_text,
        why_it_matters=_text,
        how_calculated=_text,
        what_good_looks_like=_text,
        exemplification=_text,
        authored_by=_text,
        checked_by=_text,
        next_review=_day,
        valid_from=_day,
        valid_to=_day,
        sort_order=_whole,
    ),
    "kpi_breakdowns": _table(kpi=_text, version=_whole, breakdown=_text),
    "audiences": _table(audience=_text, min_n=_whole),
}
