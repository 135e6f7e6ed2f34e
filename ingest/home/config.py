"""Writes `lake/config`: a home's configuration as the tables the warehouse reads.

The schemas live in `config_tables`; the reading and checking of a home does not live here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping

import pyarrow as pa
import pyarrow.parquet as pq

from ingest.contract import CONTRACT_VERSION
from ingest.home.autonomy import TITLES
from ingest.home.config_tables import CONFIG_TABLES
from ingest.home.home import Home
from ingest.home.register import School
from ingest.home.term_dates import list_half_terms
from ingest.home.trust_file import TrustFile
from ingest.home.words import end_year, place_day, start_year, write_time_period

UNKNOWN_NAME = "Not available"
UNKNOWN_CODE = "x"

Record = Mapping[str, object]


def write_config(home: Home, as_of: dt.date, key_id: str) -> None:
    """Write every table of `lake/config` for a run on `as_of` with the key `key_id`.

    Each file is written beside its place and then moved there: a reader meets the old one or the new, whole.
    The same configuration, day and key give the same bytes.
    """
    folder = home.lake / "config"
    folder.mkdir(parents=True, exist_ok=True)
    records = list_config_records(home, as_of, key_id)
    for name, schema in CONFIG_TABLES.items():
        beside = folder / f"{name}.parquet.next"
        pq.write_table(
            pa.Table.from_pylist([dict(record) for record in records[name]], schema=schema), beside
        )
        beside.replace(folder / f"{name}.parquet")


def list_config_records(home: Home, as_of: dt.date, key_id: str) -> dict[str, list[Record]]:
    """The records of each table of `CONFIG_TABLES`, in the order they are written."""
    trust = home.trust
    return {
        "run": [
            {"as_of": as_of, "contract_version": CONTRACT_VERSION, "key_id": key_id, "demo": trust.demo},
        ],
        "trust": [trust.trust.model_dump()],
        "academic_years": list(_list_years(trust)),
        "schools": [_describe_school(school) for school in home.schools],
        "windows": list(_list_windows(trust)),
        "half_terms": list(list_half_terms(trust.term_dates, trust.academic_years, home.schools)),
        "feeds": [
            {
                "urn": feed.school,
                "format": feed.export_format,
                "valid_from": feed.starts,
                "valid_to": feed.until,
            }
            for feed in trust.feeds
        ],
        "window_labels": [
            {"window_name": window.window, "label": label}
            for window in trust.windows
            for label in window.known_labels
        ],
        "window_subjects": [
            {"window_name": window.window, "subject": subject}
            for window in trust.windows
            for subject in window.subjects
        ],
        "subjects": [
            {"subject": subject, "sort_order": place} for place, subject in enumerate(trust.subjects, 1)
        ],
        "assessments": [
            {**each.model_dump(by_alias=True), "title": each.title or each.assessment}
            for each in trust.assessments
        ],
        "custom_groups": list(_list_groups(trust)),
        "kpis": [
            {
                **kpi.model_dump(exclude={"periods", "breakdowns", "parts"}),
                "parts": ",".join(kpi.parts) or None,
                "sort_order": place,
            }
            for place, kpi in enumerate(sorted(home.kpis, key=lambda kpi: (kpi.family or "", kpi.title)), 1)
        ],
        "kpi_periods": [
            {"kpi": kpi.kpi, "version": kpi.version, "period_kind": period}
            for kpi in home.kpis
            for period in kpi.periods
        ],
        "kpi_breakdowns": [
            {"kpi": kpi.kpi, "version": kpi.version, "breakdown": breakdown}
            for kpi in home.kpis
            for breakdown in kpi.breakdowns
        ],
        "audiences": [
            {"audience": name, **policy} for name, policy in trust.policy.audiences.model_dump().items()
        ],
        "freshness": [trust.freshness.model_dump()],
        "autonomy": [
            {**one.model_dump(), "title": TITLES[one.domain], "sort_order": place}
            for place, one in enumerate(trust.autonomy, 1)
        ],
        "frameworks": [
            {"urn": one.school, "domain": one.domain, "uses": one.uses, "valid_from": one.since, "valid_to": one.until}
            for one in trust.frameworks
        ],
        "scales": [
            {**row.model_dump(exclude={"window"}), "window_name": row.window} for row in home.kept.scales
        ],
        "scale_cuts": [
            {**row.model_dump(exclude={"window", "of"}), "window_name": row.window, "of_what": row.of}
            for row in home.kept.cuts
        ],
        "targets": [row.model_dump() for row in home.kept.targets],
        "statements": [row.model_dump() for row in home.kept.statements],
    }


def _list_years(trust: TrustFile) -> Iterable[Record]:
    for year in sorted(trust.academic_years):
        yield {
            "academic_year": year,
            "time_period": write_time_period(year),
            "starts": start_year(year),
            "ends": end_year(year),
        }


def _describe_school(school: School) -> Record:
    return {
        **school.model_dump(exclude={"left", "la_code"}),
        "laestab": school.laestab or UNKNOWN_CODE,
        "school_type": school.school_type or UNKNOWN_NAME,
        "left_on": school.left,
        "old_la_code": school.la or UNKNOWN_CODE,
        "new_la_code": school.new_la_code or UNKNOWN_CODE,
        "la_name": school.la_name or UNKNOWN_NAME,
        "region_code": school.region_code or UNKNOWN_CODE,
        "region_name": school.region_name or UNKNOWN_NAME,
    }


def _list_windows(trust: TrustFile) -> Iterable[Record]:
    for place, window in enumerate(trust.windows, 1):
        for phase in window.phases:
            for year in sorted(trust.academic_years):
                for year_group in window.year_groups:
                    yield {
                        "window_name": window.window,
                        "title": window.title,
                        "phase": phase,
                        "academic_year": year,
                        "year_group": year_group,
                        "opens": place_day(window.opens, year),
                        "closes": place_day(window.closes, year),
                        "tolerance_days": window.tolerance_days,
                        "sort_order": place,
                    }


def _list_groups(trust: TrustFile) -> Iterable[Record]:
    place = 0
    for group_set in trust.custom_groups:
        shared = {"group_set": group_set.group_set, "title": group_set.title}
        named: list[dict[str, str | None]] = [
            {"group_name": each.group, "label": each.label} for each in group_set.groups
        ]
        for group in named or [{"group_name": None, "label": None}]:
            place += 1
            yield {**shared, **group, "sort_order": place}
