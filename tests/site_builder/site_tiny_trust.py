"""A tiny invented trust's published tables, for the tests of the publishing room.

Four schools: one with everything and a name full of awkward characters, one small enough to be hidden on
the site, one whose name looks like a formula and whose last file waits, one that has sent nothing. Every
figure is made up by plain arithmetic; no school, pupil or trust of this name exists.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import site_comparisons
import site_harmony

from site_builder import ReleaseIdentity

WHOLE, SMALL, FORMULA, SILENT = "900001", "900002", "900003", "900004"
NAMES = {
    WHOLE: "St Brónach's & All <Angels>",
    SMALL: "Little Wick Infants",
    FORMULA: '=HYPERLINK("x")',
    SILENT: "Över Marsh Academy",
}
PUPILS = {WHOLE: 28, SMALL: 5, FORMULA: 61}
TRUST = "Plumb & Level Trust"
SECRET_FILE_NAMES = {
    WHOLE: ["Wren O'Sparrow <Y6> marks.csv", "summer marks.csv", "summer marks (1).csv", "photo.csv"],
    SMALL: ["little wick summer.xlsx"],
    FORMULA: ["=cmd|' /C calc'!A0.csv", "heath autumn.csv"],
}
HIDDEN_MEAN = 47.318264
SEEN_IN_A_CELL = "eleventy-seven <b>"

IDENTITY = ReleaseIdentity(
    release_id="20250901-0a1b2c3d",
    as_of=date(2025, 9, 1),
    previous_release_id=None,
    inputs=[
        {"urn": WHOLE, "receipt_id": "900001-1", "file_sha256": "ab" * 32, "outcome": "accepted"},
        {"urn": SMALL, "receipt_id": "900002-1", "file_sha256": "cd" * 32, "outcome": "accepted"},
    ],
    published_sha256="34" * 32,
    configuration_sha256="12" * 32,
    code_sha256="34" * 32,
    key_id="demo",
    versions={"contract": "1", "plumbline": "0.1.0"},
    purged_inputs=[],
)

_WINDOWS = {"summer": ("Summer", 3), "autumn": ("Autumn", 1)}
_SUBJECTS = {"English": 1, "Mathematics": 2}
_KPI = {
    "mean_mark": {
        "title": "Mean mark",
        "kind": "mean",
        "unit": "marks",
        "mean_of": "mark",
        "interval": "t",
        "dp": 1,
        "comparability": "B",
        "year_groups": "apart",
        "direction": "higher",
        "why_it_matters": "It shows how pupils did in the paper that every school of the trust sets.",
        "how_calculated": "The marks of all pupils who sat the paper, added up and divided by their number.",
        "what_good_looks_like": "Most schools close to the trust, and each clear about its own pupils.",
        "sort_order": 1,
        "breakdowns": "sex,custom_groups",
        "headline": 2,
    },
    "judgement_coverage": {
        "title": "Judgement coverage",
        "kind": "ratio",
        "unit": "percent",
        "numerator": "pupils_with_result",
        "denominator": "pupils_on_roll",
        "interval": "wilson",
        "dp": 1,
        "comparability": "A",
        "year_groups": "together",
        "direction": "neutral",
        "why_it_matters": "A figure about half of the pupils can mislead; this says how many are in it.",
        "how_calculated": "Pupils with a result, divided by pupils on roll.",
        "what_good_looks_like": None,
        "sort_order": 2,
        "breakdowns": "",
        "headline": 1,
    },
}
_VERSIONS = {
    ("mean_mark", 1): (date(2020, 9, 1), date(2024, 8, 31)),
    ("mean_mark", 2): (date(2024, 9, 1), None),
    ("judgement_coverage", 1): (None, None),
}

SCHEMAS: dict[str, dict[str, pa.DataType]] = {
    "published_run": {
        "as_of": pa.date32(),
        "trust_name": pa.string(),
        "trust_group_id": pa.string(),
        "trust_group_uid": pa.string(),
        "demo": pa.bool_(),
        "schools_on_register": pa.int32(),
        "schools_with_data": pa.int32(),
        "site_min_n": pa.int32(),
    },
    "published_schools": {
        **dict.fromkeys(["urn", "laestab", "name", "phase", "school_type", "cluster"], pa.string()),
        "joined": pa.date32(),
        "left_on": pa.date32(),
        **dict.fromkeys(["old_la_code", "new_la_code", "la_name", "region_code", "region_name"], pa.string()),
        "data_date": pa.date32(),
        "files_accepted": pa.int32(),
        "files_waiting": pa.int32(),
        "pupils": pa.int32(),
        **dict.fromkeys(["latest_academic_year", "state", "state_words"], pa.string()),
    },
    "published_kpis": {
        "kpi": pa.string(),
        "version": pa.int32(),
        **dict.fromkeys(
            [
                "kind",
                "title",
                "numerator",
                "denominator",
                "mean_of",
                "unit",
                "direction",
                "interval",
                "comparability",
                "status",
                "owner",
                "year_groups",
                "population",
                "family",
                "why_it_matters",
                "how_calculated",
                "what_good_looks_like",
                "exemplification",
                "authored_by",
                "checked_by",
                "breakdowns",
                "parts",
            ],
            pa.string(),
        ),
        "dp": pa.int32(),
        "min_n": pa.int32(),
        "next_review": pa.date32(),
        "valid_from": pa.date32(),
        "valid_to": pa.date32(),
        "sort_order": pa.int32(),
        "headline": pa.int32(),
    },
    "published_kpi_values": {
        **dict.fromkeys(["audience", "geography", "unit_code", "unit_name", "kpi"], pa.string()),
        "kpi_version": pa.int32(),
        **dict.fromkeys(["academic_year", "time_period", "period_kind", "period", "period_title"], pa.string()),
        "period_sort": pa.int32(),
        **dict.fromkeys(["period_starts", "period_ends"], pa.date32()),
        "year_group": pa.string(),
        "year_group_sort": pa.int32(),
        "subject": pa.string(),
        "subject_sort": pa.int32(),
        **dict.fromkeys(
            ["assessment", "comparability_class", "comparability_key", "breakdown_topic", "breakdown"], pa.string()
        ),
        "breakdown_sort": pa.int32(),
        "symbol": pa.string(),
        "pupil_count": pa.int64(),
        **dict.fromkeys(
            ["numerator_count", "value", "lower_95_ci", "upper_95_ci", "comparison_value", "difference"], pa.float64()
        ),
        "comparison": pa.string(),
        "comparison_words": pa.string(),
        "judgement_coverage_percent": pa.float64(),
        "coverage_symbol": pa.string(),
        "schools_in": pa.int32(),
        "schools_of": pa.int32(),
        "pupils_in_percent": pa.float64(),
    },
    "published_receipts": {
        "urn": pa.string(),
        "school_name": pa.string(),
        "receipt_id": pa.string(),
        "arrival": pa.int64(),
        **dict.fromkeys(["file_name", "format", "format_title", "outcome", "reason", "remedy"], pa.string()),
        "first_seen_on": pa.date32(),
        "exported_on": pa.date32(),
        **dict.fromkeys(
            ["rows_total", "rows_layout", "rows_with_records", "rows_without_values", "records", "records_used"],
            pa.int64(),
        ),
        "in_inbox": pa.bool_(),
    },
    "published_ledger": {
        **dict.fromkeys(
            ["urn", "school_name", "receipt_id", "kind", "bucket", "reason", "related_receipt_id"], pa.string()
        ),
        "records": pa.int64(),
    },
    "published_fix_list": {
        **dict.fromkeys(["urn", "school_name", "receipt_id", "file_name"], pa.string()),
        "file_row": pa.int64(),
        **dict.fromkeys(["field", "code", "severity", "seen", "expected", "remedy"], pa.string()),
        "records_held": pa.int64(),
    },
    "published_checks": {
        **dict.fromkeys(
            [
                "urn",
                "school_name",
                "check_name",
                "kind",
                "title",
                "severity",
                "outcome",
                "observed",
                "expected",
                "remedy",
            ],
            pa.string(),
        ),
        "rows_affected": pa.int64(),
    },
    "published_breaks": {
        **dict.fromkeys(["urn", "school_name", "academic_year"], pa.string()),
        "break_on": pa.date32(),
        **dict.fromkeys(["kind", "words"], pa.string()),
    },
    "published_trust_files": {
        **dict.fromkeys(["file_name", "file_sha256"], pa.string()),
        "first_seen_on": pa.date32(),
        **dict.fromkeys(["format", "format_title", "outcome", "reason", "remedy"], pa.string()),
        **dict.fromkeys(["schools", "rows_total", "rows_layout", "rows_of_schools", "rows_of_no_school"], pa.int64()),
    },
    **site_comparisons.SCHEMAS,
    **site_harmony.SCHEMAS,
}


def _schools() -> list[dict[str, Any]]:
    rows = []
    for place, (urn, name) in enumerate(NAMES.items(), start=1):
        silent = urn == SILENT
        rows.append(
            {
                "urn": urn,
                "laestab": f"990200{place}",
                "name": name,
                "phase": "Primary",
                "school_type": "Academy",
                "cluster": None if urn == FORMULA else "North",
                "joined": date(2015, 9, 1),
                "left_on": None,
                "old_la_code": "990",
                "new_la_code": None if silent else "E99000001",
                "la_name": None if silent else "Nowhere",
                "region_code": "x",
                "region_name": "Not available",
                "data_date": None if silent else date(2025, 7, 10 + place),
                "files_accepted": 0 if silent else 1,
                "files_waiting": 1 if urn in (WHOLE, FORMULA) else 0,
                "pupils": None if silent else PUPILS[urn],
                "latest_academic_year": None if silent else "2024/25",
                "state": {SILENT: "no data yet", FORMULA: "held"}.get(urn, "up to date"),
                "state_words": {
                    SILENT: "Nothing has been received from this school yet.",
                    FORMULA: "The latest file is waiting; the figures are those of 13 July 2025.",
                }.get(urn, f"Up to date with the file of {10 + place} July 2025."),
            }
        )
    return rows


def _kpis() -> list[dict[str, Any]]:
    return [
        {
            "numerator": None,
            "denominator": None,
            "mean_of": None,
            "min_n": None,
            "status": "published",
            "owner": "trust",
            "population": "pupils on roll in that year group",
            "family": "attainment",
            "exemplification": None,
            "authored_by": "Trust data team",
            "checked_by": "Director of education",
            "next_review": date(2025, 7, 1),
            "headline": None,
            **_KPI[kpi],
            "kpi": kpi,
            "version": version,
            "valid_from": start,
            "valid_to": end,
        }
        for (kpi, version), (start, end) in _VERSIONS.items()
    ]


def _series() -> list[tuple[str, str, str, str, str, str]]:
    """kpi, academic year, window, year group, subject, assessment."""
    found = []
    for year, window, groups in (
        ("2023/24", "summer", ("Year 6",)),
        ("2024/25", "autumn", ("Year 6",)),
        ("2024/25", "summer", ("Year 5", "Year 6")),
    ):
        for group in groups:
            for subject in _SUBJECTS:
                if window == "autumn" and subject == "Mathematics":
                    continue
                found.append(("mean_mark", year, window, group, subject, "Common paper"))
    for year in ("2023/24", "2024/25"):
        found += [("judgement_coverage", year, "summer", group, "English", "z") for group in ("Total", "Year 6")]
    return found


def _figure(series: tuple[str, str, str, str, str, str], place: int) -> dict[str, Any]:
    kpi, year, window, group, subject, assessment = series
    version = 1 if kpi != "mean_mark" or year < "2024/25" else 2
    letter = "B" if assessment != "z" else "z"
    construct = "summative_test" if assessment != "z" else "z"
    return {
        "kpi": kpi,
        "kpi_version": version,
        "academic_year": year,
        "time_period": year[:4] + year[5:],
        "period_kind": "window",
        "period": window,
        "period_title": _WINDOWS[window][0],
        "period_sort": _WINDOWS[window][1],
        "period_starts": None,
        "period_ends": None,
        "year_group": group,
        "year_group_sort": 0 if group == "Total" else int(group[-1]),
        "subject": subject,
        "subject_sort": _SUBJECTS[subject],
        "assessment": assessment,
        "comparability_class": letter,
        "comparability_key": f"{letter}|{construct}|{assessment}|{window}|{year}",
        "breakdown_topic": "Total",
        "breakdown": "Total",
        "breakdown_sort": 0,
        "symbol": None,
        "coverage_symbol": None,
        "schools_in": None,
        "schools_of": None,
        "pupils_in_percent": None,
        "comparison_value": None,
        "difference": None,
        "comparison": None,
        "comparison_words": None,
        "place": place,
    }


def _filled(row: dict[str, Any], value: float, pupils: int, half_width: float) -> dict[str, Any]:
    ratio = row["kpi"] == "judgement_coverage"
    row.update(
        pupil_count=pupils,
        value=value,
        numerator_count=float(round(value * pupils / 100)) if ratio else None,
        lower_95_ci=value - half_width,
        upper_95_ci=min(100.0, value + half_width) if ratio else value + half_width,
        judgement_coverage_percent=96.551724,
        coverage_symbol=None,
    )
    return row


def _compared(row: dict[str, Any], trust: float) -> dict[str, Any]:
    difference = row["value"] - trust
    row.update(comparison_value=trust, difference=difference)
    row["comparison"] = "above" if difference > 5 else "below" if difference < -5 else "similar"
    said = {"above": "Above the trust", "below": "Below the trust", "similar": "About the same as the trust"}
    row["comparison_words"] = (
        f"{said[row['comparison']]}: {row['value']:.1f} against {trust:.1f}, with {row['pupil_count']} pupils."
    )
    return row


def _hidden(row: dict[str, Any], symbol: str) -> dict[str, Any]:
    said = {"c": "Hidden, because few pupils are behind it.", "x": "Not supplied by the school."}
    for column in (
        "pupil_count",
        "numerator_count",
        "value",
        "lower_95_ci",
        "upper_95_ci",
        "comparison_value",
        "difference",
        "comparison",
        "judgement_coverage_percent",
    ):
        row[column] = None
    row.update(symbol=symbol, coverage_symbol=symbol, comparison_words=said.get(symbol, "Too uncertain to show."))
    return row


def _school_rows(series: tuple[str, str, str, str, str, str], place: int, audience: str) -> list[dict[str, Any]]:
    rows = []
    for step, (urn, pupils) in enumerate(PUPILS.items()):
        unit = {"audience": audience, "geography": "School", "unit_code": urn, "unit_name": NAMES[urn]}
        value = HIDDEN_MEAN if urn == SMALL else 48.0 + (place * 37 + step * 53) % 23 + 1 / 7
        if series[0] == "judgement_coverage":
            value = 100 * (pupils - (1 if series[1] == "2024/25" else 5)) / pupils
        row = _compared(_filled({**_figure(series, place), **unit}, value, pupils, 4.25), 55.015)
        if urn == SMALL and audience == "site":
            row = _hidden(row, "c")
        elif urn == FORMULA and series[1] == "2023/24":
            row = _hidden(row, "x" if series[4] == "English" else "u")
        elif urn == FORMULA:
            row.update(judgement_coverage_percent=None, coverage_symbol="x")
        rows.append(row)
        if urn == WHOLE and series[:4] == ("mean_mark", "2024/25", "summer", "Year 6"):
            rows += _groups(series, place, unit, audience)
    return rows


def _groups(
    series: tuple[str, str, str, str, str, str], place: int, unit: dict[str, Any], audience: str
) -> list[dict[str, Any]]:
    rows = []
    for sort, (topic, label, pupils) in enumerate(
        [
            ("Sex", "Female", 25),
            ("Sex", "Male", 3),
            ("Reading club", "In the club", 12),
            ("Reading club", "Not in it", 16),
        ],
        1,
    ):
        value = 31.527944 if label == "Male" else 52.0 + sort / 3
        row = _filled({**_figure(series, place), **unit}, value, pupils, 6.5)
        row.update(breakdown_topic=topic, breakdown=label, breakdown_sort=sort)
        row = _compared(row, 54.0 + sort)
        rows.append(_hidden(row, "c") if topic == "Sex" and audience == "site" else row)
    return rows


def _many_schools(series: tuple[str, str, str, str, str, str], place: int, audience: str) -> list[dict[str, Any]]:
    rows = []
    for geography, code, name, pupils, reach in (
        ("MAT", "TR99999", TRUST, 94, (3, 4, 88.888889)),
        ("Phase", "Primary", "Primary", 94, (3, 4, 88.888889)),
        ("Cluster", "North", "North", 33, (2, 3, None)),
    ):
        unit = {"audience": audience, "geography": geography, "unit_code": code, "unit_name": name}
        row = _filled({**_figure(series, place), **unit}, 55.015 if geography != "Cluster" else 51.45, pupils, 2.125)
        row.update(schools_in=reach[0], schools_of=reach[1], pupils_in_percent=reach[2])
        rows.append(row)
    if series[:4] == ("mean_mark", "2024/25", "summer", "Year 6"):
        for row in _groups(
            series,
            place,
            {"audience": audience, "geography": "MAT", "unit_code": "TR99999", "unit_name": TRUST},
            "central",
        ):
            row.update(schools_in=3, schools_of=4, pupils_in_percent=88.888889, comparison=None, comparison_value=None)
            row.update(difference=None, comparison_words=None, value=row["value"] + 2 if row["value"] > 40 else 50.3)
            rows.append(row)
    return rows


def _figures() -> list[dict[str, Any]]:
    rows = [
        row
        for audience in ("site", "central")
        for place, series in enumerate(_series(), start=1)
        for row in (*_school_rows(series, place, audience), *_many_schools(series, place, audience))
    ]
    for row in rows:
        del row["place"]
    return rows


def _receipts() -> list[dict[str, Any]]:
    outcomes = {
        WHOLE: ["accepted", "accepted", "duplicate", "refused"],
        SMALL: ["accepted"],
        FORMULA: ["accepted", "held"],
    }
    rows = []
    for urn, names in SECRET_FILE_NAMES.items():
        for arrival, (name, outcome) in enumerate(zip(names, outcomes[urn], strict=True), start=1):
            read = outcome in ("accepted", "held")
            pupils = PUPILS[urn]
            rows.append(
                {
                    "urn": urn,
                    "school_name": NAMES[urn],
                    "receipt_id": f"{urn}-{arrival}",
                    "arrival": arrival,
                    "file_name": name,
                    "format": "marks" if read else None,
                    "format_title": "Marks, one row a pupil" if read else None,
                    "outcome": outcome,
                    "reason": {
                        "refused": "The file is a photo, not a table.",
                        "duplicate": f"The same bytes as receipt {urn}-2.",
                        "held": "Three years of marks are outside 0 to 100.",
                    }.get(outcome),
                    "remedy": {
                        "refused": "Export the marks as CSV or XLSX and send them again.",
                        "held": "Correct the marks on the fix-list and export again.",
                    }.get(outcome),
                    "first_seen_on": date(2025, 7, 10 + arrival),
                    "exported_on": date(2025, 7, 9) if read else None,
                    "rows_total": pupils + 2 if read else 0,
                    "rows_layout": 2 if read else 0,
                    "rows_with_records": pupils - 1 if read else 0,
                    "rows_without_values": 1 if read else 0,
                    "records": 2 * (pupils - 1) if read else 0,
                    "records_used": 2 * (pupils - 1) if outcome == "accepted" else 0,
                    "in_inbox": True,
                }
            )
    return rows


def _ledger() -> list[dict[str, Any]]:
    rows = []
    for receipt in _receipts():
        if not receipt["records"]:
            continue
        split = [("used", None, None, receipt["records"])]
        if receipt["receipt_id"] == f"{WHOLE}-1":
            split = [
                ("used", None, None, 40),
                ("refused", "no such year group", None, 6),
                ("superseded", None, f"{WHOLE}-2", 5),
                ("out of scope", "outside every window", None, 3),
            ]
        elif receipt["outcome"] == "held":
            split = [("refused", "waiting with its file", None, receipt["records"])]
        for bucket, reason, related, records in split:
            rows.append(
                {
                    "urn": receipt["urn"],
                    "school_name": receipt["school_name"],
                    "receipt_id": receipt["receipt_id"],
                    "kind": "results",
                    "bucket": bucket,
                    "reason": reason,
                    "related_receipt_id": related,
                    "records": records,
                }
            )
    return rows


def _fix_list() -> list[dict[str, Any]]:
    def item(urn: str, arrival: int, **given: Any) -> dict[str, Any]:
        return {
            "urn": urn,
            "school_name": NAMES[urn],
            "receipt_id": f"{urn}-{arrival}",
            "file_name": SECRET_FILE_NAMES[urn][arrival - 1],
            "file_row": None,
            "severity": "fix",
            **given,
        }

    return [
        item(
            WHOLE,
            1,
            file_row=12,
            field="Mark",
            code="not_a_number",
            seen=SEEN_IN_A_CELL,
            expected="a number from 0 to 100",
            remedy="Write the mark as a number.",
            records_held=1,
        ),
        item(
            WHOLE,
            1,
            field="Year group",
            code="unknown_year_group",
            seen="Six-ish",
            expected="Reception or Year 1 to Year 14",
            remedy="Choose the year group in the school's own system.",
            records_held=5,
        ),
        item(
            WHOLE,
            2,
            field="window_label",
            code="outside_windows",
            severity="look",
            seen="12 March 2025",
            expected="a date within a window",
            remedy="Nothing, if the test was an extra one.",
            records_held=3,
        ),
        item(
            FORMULA,
            2,
            file_row=4,
            field="Mark",
            code="out_of_range",
            seen="=1+1",
            expected="a number from 0 to 100",
            remedy="Write the mark as a number.",
            records_held=120,
        ),
    ]


def _checks() -> list[dict[str, Any]]:
    def check(
        urn: str, name: str, title: str, outcome: str, severity: str = "critical", **given: Any
    ) -> dict[str, Any]:
        return {
            "urn": urn,
            "school_name": NAMES[urn],
            "check_name": name,
            "kind": "results",
            "title": title,
            "severity": severity,
            "outcome": outcome,
            "observed": "0 rows",
            "expected": "0 rows",
            "remedy": None,
            "rows_affected": 0,
            **given,
        }

    rows = [check(urn, "subject_filled", "Every result has a subject", "passed") for urn in PUPILS]
    rows += [
        check(urn, "rows_enough", "As many rows as last time", "not_applicable", "warning") for urn in (WHOLE, SMALL)
    ]
    rows.append(
        check(
            FORMULA,
            "mark_range",
            "Marks lie between 0 and 100",
            "failed",
            observed="60 rows",
            rows_affected=60,
            remedy="Correct the marks named in the fix-list.",
        )
    )
    rows.append(check(FORMULA, "rows_enough", "As many rows as last time", "error", "warning", rows_affected=None))
    return rows


def make_tables() -> dict[str, list[dict[str, Any]]]:
    """Every published table of the tiny trust as rows, for a test to change before it writes them."""
    return site_comparisons.add_comparisons(_published_tables())


def _published_tables() -> dict[str, list[dict[str, Any]]]:
    return {
        "published_run": [
            {
                "as_of": date(2025, 9, 1),
                "trust_name": TRUST,
                "trust_group_id": "TR99999",
                "trust_group_uid": "99999",
                "demo": True,
                "schools_on_register": 4,
                "schools_with_data": 3,
                "site_min_n": 6,
            }
        ],
        "published_schools": _schools(),
        "published_kpis": _kpis(),
        "published_kpi_values": _figures(),
        "published_receipts": _receipts(),
        "published_ledger": _ledger(),
        "published_fix_list": _fix_list(),
        "published_checks": _checks(),
        "published_breaks": [],
        "published_trust_files": [],
        **site_harmony.make_harmony(WHOLE, NAMES[WHOLE]),
    }


def write_tables(tables: dict[str, list[dict[str, Any]]], folder: Path) -> Path:
    """Write the tables as dbt's publish step would: one Parquet file a table. Returns `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in tables.items():
        schema = pa.schema([pa.field(column, kind) for column, kind in SCHEMAS[name].items()])
        pq.write_table(pa.Table.from_pylist(rows, schema=schema), folder / f"{name}.parquet")
    return folder
