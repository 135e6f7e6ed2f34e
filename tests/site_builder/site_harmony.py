"""The tables of harmonisation of the tiny invented trust: one scale that is read, one code that is not mapped yet.

What lives here: rows and schemas. What does not: the schools (`site_tiny_trust`) and tests.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import pyarrow as pa

_TEXT = pa.string()
SCHEMAS: dict[str, dict[str, pa.DataType]] = {
    "published_mappings": {
        **dict.fromkeys(
            ["scale", "source", "framework", "version", "school", "subject", "year_group", "window_name", "code"], _TEXT
        ),
        **dict.fromkeys(["meaning", "of_what"], _TEXT),
        "at_least": pa.float64(),
        "band": _TEXT,
        "points": pa.float64(),
        **dict.fromkeys(["comparability_class", "rationale", "authored_by", "approved_by"], _TEXT),
        **dict.fromkeys(["approved_on", "valid_from", "valid_to"], pa.date32()),
        "is_used": pa.bool_(),
    },
    "published_scale_schools": dict.fromkeys(["urn", "assessment", "compared_as", "source", "scale"], _TEXT),
    "published_unmapped": {
        **dict.fromkeys(["urn", "school_name", "source", "framework", "subject", "year_group"], _TEXT),
        **dict.fromkeys(["academic_year", "window_name", "code", "code_for_trust"], _TEXT),
        "records": pa.int32(),
        "has_scale": pa.bool_(),
        **dict.fromkeys(["kpis_held_back", "suggested_band", "suggestion_reason"], _TEXT),
    },
    "published_autonomy": {**dict.fromkeys(["domain", "title", "rule", "note"], _TEXT), "sort_order": pa.int32()},
    "published_agreement": {
        **dict.fromkeys(["audience", "kind", "level", "geography", "unit_code", "unit_name"], _TEXT),
        **dict.fromkeys(["academic_year", "window_name", "window_title"], _TEXT),
        "window_sort": pa.int32(),
        "subject": _TEXT,
        "subject_sort": pa.int32(),
        "year_group": _TEXT,
        "year_group_sort": pa.int32(),
        **dict.fromkeys(["judgement", "test", "symbol"], _TEXT),
        **dict.fromkeys(["pairs", "both_at_expected", "judgement_only", "test_only", "neither"], pa.int64()),
        **dict.fromkeys(["same_band", "within_one_band", "judged_higher", "judged_lower"], pa.int64()),
        **dict.fromkeys(
            [
                "agreement_percent", "agreement_lower_95_ci", "agreement_upper_95_ci", "net_difference",
                "net_lower_95_ci", "net_upper_95_ci", "mcnemar_p", "adjacent_percent", "kappa",
                "linear_weighted_kappa", "quadratic_weighted_kappa",
            ],
            pa.float64(),
        ),
        **dict.fromkeys(["reading", "agreement_words"], _TEXT),
    },
    "published_frameworks": {
        **dict.fromkeys(["urn", "school_name", "domain", "uses"], _TEXT),
        **dict.fromkeys(["valid_from", "valid_to"], pa.date32()),
    },
}
SCALE = "wick_steps"
# What a cell of a school's file said, and nobody has mapped: kept at the school.
KEPT_AT_SCHOOL = "asked for <b>"


def _mapping(**said: Any) -> dict[str, Any]:
    empty = dict.fromkeys(SCHEMAS["published_mappings"])
    return {
        **empty, "scale": SCALE, "source": "markbook_judgements", "framework": "Teacher Assessment", "version": "1",
        "comparability_class": "D", "rationale": "Agreed with the heads.", "authored_by": "Data team",
        "approved_by": "Education director", "approved_on": date(2024, 9, 20), "valid_from": date(2024, 9, 1),
        "is_used": True, **said,
    }  # fmt: skip


def _unmapped(urn: str, name: str, **said: Any) -> dict[str, Any]:
    return {
        "urn": urn, "school_name": name, "source": "markbook_judgements", "framework": "Teacher Assessment",
        "subject": "English", "year_group": "5", "academic_year": "2024/25", "window_name": "summer", "code": "SEC",
        "code_for_trust": "SEC", "records": 4, "has_scale": True, "kpis_held_back": "At or above expected",
        "suggested_band": "EXS", "suggestion_reason": "It means that in the scale other_steps.", **said,
    }  # fmt: skip


def _agreement(urn: str, name: str, **said: Any) -> dict[str, Any]:
    return {
        **dict.fromkeys(SCHEMAS["published_agreement"]), "audience": "site", "kind": "test", "level": "z",
        "geography": "School", "unit_code": urn, "unit_name": name, "academic_year": "2024/25",
        "window_name": "summer", "window_title": "Summer", "window_sort": 3, "subject": "English", "subject_sort": 1,
        "year_group": "Total", "year_group_sort": 0, "judgement": "Judgement", "test": "Common Test",
        "agreement_words": "In words.", **said,
    }  # fmt: skip


_HIGHER = {
    "pairs": 28, "both_at_expected": 15, "judgement_only": 7, "test_only": 0, "neither": 6, "agreement_percent": 75.0,
    "agreement_lower_95_ci": 56.6, "agreement_upper_95_ci": 87.3, "net_difference": 25.0, "net_lower_95_ci": 7.6,
    "net_upper_95_ci": 43.4, "mcnemar_p": 0.0156, "reading": "judged higher than the test",
}  # fmt: skip
_MODERATED = {
    "kind": "moderation", "level": "cluster", "judgement": "z", "test": "z", "pairs": 20, "same_band": 15,
    "within_one_band": 19, "judged_higher": 4, "judged_lower": 1, "agreement_percent": 75.0,
    "agreement_lower_95_ci": 53.1, "agreement_upper_95_ci": 88.8, "adjacent_percent": 95.0, "kappa": 0.623437,
    "linear_weighted_kappa": 0.725757, "quadratic_weighted_kappa": 0.82872,
}  # fmt: skip


def make_harmony(urn: str, name: str) -> dict[str, list[dict[str, Any]]]:
    """Return the tables, with the one school that sends judgements."""
    steps = [("b", "WTS"), ("w", "WTS"), ("s", "EXS"), ("s+", "GDS"), ("A", "NA")]
    return {
        "published_mappings": [
            *(
                _mapping(code=code, band=band, year_group=year_group, window_name=window, meaning=code.upper())
                for code, band in steps
                for year_group in ("5", "6")
                for window in ("autumn", "summer")
            ),
            _mapping(scale="percent", framework="Objectives", of_what="value", band="WTS"),
            _mapping(scale="percent", framework="Objectives", of_what="value", band="EXS", at_least=62.5),
            _mapping(scale="never_read", code="x", band="EXS", is_used=False),
        ],
        "published_scale_schools": [
            {"urn": urn, "assessment": "Teacher Assessment", "compared_as": "Judgement", "scale": SCALE,
             "source": "markbook_judgements"},
        ],
        "published_unmapped": [
            _unmapped(urn, name),
            _unmapped(urn, name, code=KEPT_AT_SCHOOL, code_for_trust=None, records=1, suggested_band=None,
                      suggestion_reason=None),
        ],
        "published_agreement": [
            _agreement(urn, name, audience=audience, **said)
            for audience in ("site", "central")
            for said in (_HIGHER, _MODERATED, {"subject": "Mathematics", "subject_sort": 2, "symbol": "c"})
        ],
        "published_autonomy": [
            {"domain": "scale", "title": "Scale of judgements", "rule": "school-set, must map", "note": "Agreed by all",
             "sort_order": 1},
        ],
        "published_frameworks": [
            {"urn": urn, "school_name": name, "domain": "tracker", "uses": "Steps <of> ours",
             "valid_from": date(2023, 9, 1), "valid_to": None},
        ],
    }  # fmt: skip
