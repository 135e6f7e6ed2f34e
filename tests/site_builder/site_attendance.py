"""Attendance for the tiny trust's pages: figures of every kind of period, a break and a file of several schools.

Here lives what is added to the tables of `site_tiny_trust`; the figures follow no school's.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from site_comparisons import add_comparisons
from site_tiny_trust import FORMULA, NAMES, PUPILS, SMALL, TRUST, WHOLE

YEAR = "2024/25"
WEEKS = [date(2024, 9, 2) + timedelta(weeks=week) for week in range(7)]
GROUPS = (("Total", 0), ("Year 5", 5), ("Year 6", 6))
BREAK = "From 1 January 2025 the school has a new URN; its earlier sessions of the year are carried across."

_KPI = {
    "kpi": "attendance",
    "version": 1,
    "title": "Attendance",
    "kind": "ratio",
    "unit": "percent",
    "numerator": "sessions_attending",
    "denominator": "sessions_possible",
    "mean_of": None,
    "interval": "by_pupil",
    "dp": 1,
    "min_n": None,
    "status": "published",
    "owner": "trust",
    "population": "Reception to Year 11",
    "family": "Attendance",
    "comparability": "A",
    "year_groups": "together",
    "direction": "higher",
    "why_it_matters": "Pupils learn when they are there.",
    "how_calculated": "Sessions attended over sessions possible.",
    "what_good_looks_like": None,
    "exemplification": None,
    "authored_by": "Trust data team",
    "checked_by": None,
    "next_review": None,
    "valid_from": None,
    "valid_to": None,
    "sort_order": 3,
    "breakdowns": "population,sex",
    "headline": 3,
}


LAST_YEAR = "2023/24"


def _list_periods_before() -> list[tuple[str, str, str, int, date, date]]:
    """The same for the year before: the year to date and all weeks but the third."""
    found = [("year_to_date", "year_to_date", "Year to date", 1, date(2023, 9, 4), date(2024, 7, 19))]
    for place, monday in enumerate((monday - timedelta(days=364) for monday in WEEKS), start=1):
        if place != 3:
            title = f"Week of {monday.day} {monday:%B} {monday.year}"
            found.append(("week", monday.isoformat(), title, place, monday, monday + timedelta(days=4)))
    return found


def _list_periods() -> list[tuple[str, str, str, int, date, date]]:
    """kind, id, title, sort, first and last day."""
    found = [
        ("year_to_date", "year_to_date", "Year to date", 1, date(2024, 9, 2), date(2025, 7, 18)),
        ("term", "autumn", "Autumn term", 1, date(2024, 9, 2), date(2024, 12, 20)),
        ("term", "spring", "Spring term", 2, date(2025, 1, 6), date(2025, 4, 4)),
        ("half_term", "AUT1", "Autumn 1", 1, date(2024, 9, 2), date(2024, 10, 25)),
    ]
    for place, monday in enumerate(WEEKS, start=1):
        title = f"Week of {monday.day} {monday:%B} {monday.year}"
        found.append(("week", monday.isoformat(), title, place, monday, monday + timedelta(days=4)))
    return found


def _figure(
    audience: str, unit: tuple[str, str, str], when: tuple[str, str, str, int, date, date], year: str
) -> dict[str, Any]:
    kind, period, title, sort, starts, ends = when
    return {
        "audience": audience,
        "geography": unit[0],
        "unit_code": unit[1],
        "unit_name": unit[2],
        "kpi": "attendance",
        "kpi_version": 1,
        "academic_year": year,
        "time_period": year[:4] + year[5:],
        "period_kind": kind,
        "period": period,
        "period_title": title,
        "period_sort": sort,
        "period_starts": starts,
        "period_ends": ends,
        "subject": "z",
        "subject_sort": 9999,
        "assessment": "z",
        "comparability_class": "A",
        "comparability_key": f"A|statutory|z|{period}|{year}",
        "schools_in": 3 if unit[0] == "MAT" else None,
        "schools_of": 4 if unit[0] == "MAT" else None,
    }


def _fill(row: dict[str, Any], value: float, pupils: int, hidden: bool) -> dict[str, Any]:
    if hidden:
        return {**row, "symbol": "c", "comparison_words": "Hidden: fewer than 6 pupils."}
    of_school = row["geography"] == "School"
    return {
        **row,
        "symbol": None,
        "pupil_count": pupils,
        "numerator_count": float(round(value * pupils)),
        "value": value,
        "lower_95_ci": value - 1.25,
        "upper_95_ci": min(100.0, value + 1.25),
        "comparison_value": 94.7 if of_school else None,
        "difference": value - 94.7 if of_school else None,
        "comparison": ("below" if value < 93.5 else "similar") if of_school else None,
        "comparison_words": "In words." if of_school else None,
    }


def _list_figures() -> list[dict[str, Any]]:
    units = [("MAT", "TR99999", TRUST), *(("School", urn, NAMES[urn]) for urn in PUPILS)]
    rows = []
    for audience in ("site", "central"):
        for step, unit in enumerate(units):
            periods = [*((YEAR, when) for when in _list_periods()), *((LAST_YEAR, w) for w in _list_periods_before())]
            for place, (year, when) in enumerate(periods):
                row = _figure(audience, unit, when, year)
                hidden = unit[1] == SMALL and audience == "site"
                topics = [("Total", "Total", 0)]
                if when[0] == "year_to_date" and year == YEAR:
                    topics += [("Population", "Aged 5 to 15", 1), ("Population", "Nursery", 2), ("Sex", "Female", 1)]
                for topic, label, sort in topics:
                    for group, group_sort in GROUPS if when[0] != "week" and topic == "Total" else GROUPS[:1]:
                        said = {
                            "breakdown_topic": topic,
                            "breakdown": label,
                            "breakdown_sort": sort,
                            "year_group": group,
                            "year_group_sort": group_sort,
                        }
                        value = 92.0 + (place * 7 + step * 5 + group_sort * 3 + sort * 11) % 43 / 10 + 1 / 30
                        rows.append({**_fill({**row, **said}, value, 28, hidden)})
    return rows


def add_attendance(tables: dict[str, list[dict[str, Any]]]) -> dict[str, list[dict[str, Any]]]:
    """Return the tables with an attendance KPI, a break at one school and a file of several schools."""
    blank = dict.fromkeys({name for row in tables["published_kpi_values"] for name in row})
    added = {
        **tables,
        "published_kpis": [*tables["published_kpis"], _KPI],
        "published_kpi_values": [*tables["published_kpi_values"], *({**blank, **row} for row in _list_figures())],
        "published_breaks": [
            {
                "urn": WHOLE,
                "school_name": NAMES[WHOLE],
                "academic_year": YEAR,
                "break_on": date(2025, 1, 1),
                "kind": "urn",
                "words": BREAK,
            }
        ],
        "published_trust_files": [
            {
                "file_name": "_trust/all schools.csv",
                "file_sha256": "ef" * 32,
                "first_seen_on": date(2025, 7, 1),
                "format": "group_results",
                "format_title": "Results of several schools",
                "outcome": "accepted",
                "reason": None,
                "remedy": None,
                "schools": 3,
                "rows_total": 4201,
                "rows_layout": 1,
                "rows_of_schools": 4194,
                "rows_of_no_school": 6,
            }
        ],
        "published_fix_list": [
            *tables["published_fix_list"],
            {
                "urn": "_trust",
                "school_name": "Whole trust",
                "receipt_id": "_trust-001",
                "file_name": "_trust/all schools.csv",
                "file_row": 1234,
                "field": "URN",
                "code": "school not on the register",
                "severity": "fix",
                "seen": "999999",
                "expected": "a school of the register",
                "remedy": "Add the school to schools.csv.",
                "records_held": 1,
            },
        ],
    }
    return add_comparisons(added)


__all__ = ["BREAK", "FORMULA", "LAST_YEAR", "SMALL", "WEEKS", "WHOLE", "add_attendance"]
