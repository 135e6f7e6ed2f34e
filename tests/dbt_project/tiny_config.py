"""The configuration of the tiny trust (`tiny_trust`): schools, windows, KPIs, audiences. Nothing of it is real."""

from __future__ import annotations

from datetime import date

from tests.dbt_project.lake_files import Row
from tests.dbt_project.tiny_terms import make_half_terms

AS_OF = date(2025, 5, 1)
YEARS = ("2023/24", "2024/25")
PERIODS = {
    "attendance": ("week", "half_term", "term", "year_to_date"),
    "persistent_absence": ("half_term", "term", "year_to_date"),
    "unauthorised_share": ("week", "half_term", "year_to_date"),
    "sessions_missed": ("term", "year_to_date"),
}


def make_config() -> dict[str, list[Row]]:
    """Return the lake/config tables of the trust."""
    schools = [
        ("100001", "Ash Primary", "Primary", "North", None, 4, 11),
        ("100002", "Beech Primary", "Primary", "South", None, None, None),
        ("100003", "Cedar Secondary", "Secondary", "North", None, 11, 16),
        ("100004", "Dogwood Secondary", "Secondary", "South", date(2024, 9, 1), 11, 18),
        ("100005", "Elder Infants", "Primary", "South", None, 4, 7),
        ("100006", "Fir Primary", "Primary", "North", None, 4, 11),
        ("100007", "Fir Academy", "Primary", "North", date(2025, 1, 1), 4, 11),
    ]
    changed = {"100006": {"left_on": date(2025, 1, 1)}, "100007": {"predecessor_urn": "100006"}}
    windows = []
    for year in YEARS:
        start = int(year[:4])
        for phase, year_groups in (("Primary", ("R", "5", "6")), ("Secondary", ("7", "8"))):
            for order, (name, title, opens, closes) in enumerate(
                [
                    ("autumn", "Autumn", date(start, 11, 20), date(start, 12, 15)),
                    ("spring", "Spring", date(start + 1, 3, 10), date(start + 1, 3, 28)),
                    ("summer", "Summer", date(start + 1, 6, 2), date(start + 1, 6, 27)),
                ],
                start=1,
            ):
                windows += [
                    {
                        "window_name": name, "title": title, "phase": phase, "academic_year": year,
                        "year_group": year_group, "opens": opens, "closes": closes, "tolerance_days": 14,
                        "sort_order": order,
                    }
                    for year_group in year_groups
                ]  # fmt: skip
    return {
        "run": [{"as_of": AS_OF, "contract_version": "1", "key_id": "test", "demo": True}],
        "trust": [{"group_id": "TR99999", "group_uid": "99999", "name": "Little Wood Trust"}],
        "academic_years": [
            {
                "academic_year": year, "time_period": year[:4] + year[5:],
                "starts": date(int(year[:4]), 9, 1), "ends": date(int(year[:4]) + 1, 8, 31),
            }
            for year in YEARS
        ],
        "schools": [
            {
                "urn": urn, "laestab": f"000{urn[2:]}", "name": name, "phase": phase,
                "school_type": "Academy converter", "lowest_age": low, "highest_age": high,
                "cluster": cluster, "joined": joined, "left_on": None, "predecessor_urn": None,
                "old_la_code": "000", "new_la_code": "x", "la_name": "Not available",
                "region_code": "x", "region_name": "Not available", **changed.get(urn, {}),
            }
            for urn, name, phase, cluster, joined, low, high in schools
        ],
        "half_terms": make_half_terms((school[0] for school in schools), YEARS),
        "windows": windows,
        "window_labels": [
            {"window_name": name, "label": label}
            for name, labels in (
                ("autumn", ("autumn", "autumn term")),
                ("spring", ("spring", "spring term", "march")),
                ("summer", ("summer",)),
            )
            for label in labels
        ],
        "window_subjects": [
            {"window_name": name, "subject": subject}
            for name in ("autumn", "spring", "summer")
            for subject in ("English", "Mathematics")
        ],
        "subjects": [{"subject": "English", "sort_order": 1}, {"subject": "Mathematics", "sort_order": 2}],
        "assessments": [
            {
                "assessment": "common_test", "title": "Common test", "construct": "summative_test",
                "comparability_class": "B", "result_type": "test",
            },
            {
                "assessment": "judgement", "title": "Teacher's judgement", "construct": "point_in_time",
                "comparability_class": "D", "result_type": "teacher_judgement",
            },
        ],
        "custom_groups": [
            {"group_set": "breakfast_club", "title": "Breakfast club", "group_name": "yes",
             "label": "Attends", "sort_order": 1},
            {"group_set": "house", "title": "House", "group_name": None, "label": None, "sort_order": 2},
            {"group_set": "house", "title": "House", "group_name": "r", "label": "Red", "sort_order": 1},
        ],
        "kpis": make_kpis(),
        "kpi_breakdowns": [
            {"kpi": kpi, "version": version, "breakdown": breakdown}
            for kpi, version, breakdown in [
                ("mean_mark", 1, "sex"), ("mean_mark", 2, "sex"), ("mean_mark", 2, "custom_groups"),
                ("judgement_coverage", 1, "sex"), ("judgement_coverage", 1, "custom_groups"),
                ("attendance", 1, "sex"), ("attendance", 1, "custom_groups"), ("attendance", 1, "population"),
                ("persistent_absence", 2, "population"), ("sessions_missed", 1, "custom_groups"),
            ]
        ],
        "kpi_periods": [
            {"kpi": kpi["kpi"], "version": kpi["version"], "period_kind": kind}
            for kpi in make_kpis()
            for kind in PERIODS.get(kpi["kpi"], ("window",))
        ],
        "audiences": [
            {"audience": "site", "min_n": 6},
            {"audience": "central", "min_n": 1},
            {"audience": "pack", "min_n": None},
        ],
        "scales": [
            {
                "scale": "tiny_judgements", "source": "tiny", "framework": "judgement", "version": "1", "code": "Secure",
                "band": "EXS", "comparability_class": "D", "rationale": "Agreed", "approved_by": "The trust",
                "valid_from": date(2020, 9, 1),
            },
        ],
        "freshness": [{"attendance_school_days": 10, "window_days": 7, "roll_days": 30}],
    }  # fmt: skip


def make_kpis() -> list[Row]:
    """Return KPI rows: two versions of a mean, a ratio, a rate that needs 8 pupils, and two that are not published."""
    mean = {
        "kpi": "mean_mark", "version": 1, "kind": "mean", "title": "Mean mark", "mean_of": "mark", "unit": "marks",
        "direction": "higher", "dp": 1, "interval": "t", "comparability": "B", "status": "published",
        "owner": "trust", "year_groups": "apart", "valid_to": date(2024, 8, 31), "sort_order": 1,
    }  # fmt: skip
    coverage = {
        "kpi": "judgement_coverage", "version": 1, "kind": "ratio", "title": "Judgement coverage",
        "numerator": "pupils_judged", "denominator": "pupils_on_roll", "unit": "percent", "direction": "higher",
        "dp": 1, "interval": "wilson", "comparability": "C", "status": "published", "owner": "trust",
        "year_groups": "together", "sort_order": 2,
    }  # fmt: skip
    return [
        mean,
        {**mean, "version": 2, "valid_to": None, "valid_from": date(2024, 9, 1), "year_groups": "together"},
        coverage,
        {**coverage, "kpi": "judged_rate", "unit": "rate_per_100", "interval": "byar", "min_n": 8, "dp": 0},
        {**coverage, "kpi": "early_idea", "status": "in_development"},
        {**coverage, "kpi": "own_idea", "owner": "100001"},
        *make_attendance_kpis(coverage),
    ]


def make_attendance_kpis(ratio: Row) -> list[Row]:
    """Return KPI rows of attendance: one by pupil, two versions of a share of pupils, a rate over nothing, a mean."""
    attendance = {
        **ratio, "kpi": "attendance", "title": "Attendance", "numerator": "sessions_attending",
        "denominator": "sessions_possible", "interval": "by_pupil", "comparability": "A", "sort_order": 3,
    }  # fmt: skip
    persistent = {
        **attendance, "kpi": "persistent_absence", "numerator": "pupils_absent_10_percent_or_more",
        "denominator": "pupils_with_possible_sessions", "interval": "wilson", "direction": "lower",
    }  # fmt: skip
    return [
        attendance,
        {**persistent, "valid_to": date(2024, 12, 31)},
        {**persistent, "version": 2, "valid_from": date(2025, 1, 1), "min_n": 8},
        # Where nobody was absent, there is nothing to take a share of.
        {**attendance, "kpi": "unauthorised_share", "numerator": "sessions_unauthorised_absence",
         "denominator": "sessions_absent", "interval": "byar", "unit": "rate_per_100"},
        {**attendance, "kpi": "sessions_missed", "kind": "mean", "mean_of": "sessions_absent", "numerator": None,
         "denominator": None, "interval": "t", "unit": "points", "year_groups": "apart", "dp": 2},
    ]  # fmt: skip
