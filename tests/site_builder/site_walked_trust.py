"""The tiny trust grown for whoever walks through its pages: attendance, two phases, ten schools with figures, one gone.

Here lives only what the browser needs to see and the tiny trust is too small for: quantiles need ten schools, a funnel
three, a filter two phases, and a school that has left its own page. Figures are the first school's, moved a little.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from site_attendance import add_attendance
from site_comparisons import KEY, add_comparisons
from site_tiny_trust import FORMULA, NAMES, SILENT, WHOLE, make_tables

Row = dict[str, Any]
Tables = dict[str, list[Row]]

GONE = "900005"
MORE = {
    "900011": ("Alder Bank Primary School", "Primary", "North"),
    "900012": ("Birch Lane Primary School", "Primary", "North"),
    "900013": ("Cedar Rise Church of England Voluntary Aided Primary School", "Primary", "South"),
    "900014": ("Dunlin Academy", "Secondary", "South"),
    "900015": ("Elm Cross Academy", "Secondary", "South"),
    "900016": ("Fern Hill School", "Secondary", None),
    "900017": ("Gorse Common Primary School", "Primary", "South"),
    "900018": ("Hawthorn Park Academy", "Secondary", "North"),
}
WENT = {("used", None): 34, ("refused", "no such year group"): 12, ("out of scope", "outside every window"): 8}
_NUMBERS = ("value", "lower_95_ci", "upper_95_ci")


def _series_of(row: Row) -> tuple[Any, ...]:
    return tuple(row[name] for name in (*KEY, "audience", "breakdown_topic", "breakdown"))


def _move(row: Row, urn: str, step: int, trust: float | None) -> Row:
    """The first school's figure as another school's: a little higher or lower, with other numbers of pupils."""
    name = MORE[urn][0]
    moved = {**row, "unit_code": urn, "unit_name": name}
    if row["value"] is None:
        return moved
    by = 0.0 if row["value"] > 97 else (step * 29 % 11 - 5) * (0.31 if row["kpi"] != "mean_mark" else 1.7)
    moved.update({column: min(100.0, row[column] + by) for column in _NUMBERS})
    if row["comparison_value"] is not None and trust is not None:
        apart = moved["lower_95_ci"] > trust, moved["upper_95_ci"] < trust
        moved["comparison"] = "above" if apart[0] else "below" if apart[1] else "similar"
        moved.update(comparison_value=trust, difference=moved["value"] - trust)
        moved["comparison_words"] = f"{moved['value']:.1f} against the trust's {trust:.1f}."
    return {**moved, "pupil_count": row["pupil_count"] + step * 17}


def _add_schools(tables: Tables) -> Tables:
    schools = {row["urn"]: row for row in tables["published_schools"]}
    added: dict[str, list[Row]] = {name: [] for name in tables}
    trust = {_series_of(row): row["value"] for row in tables["published_kpi_values"] if row["geography"] == "MAT"}
    for step, (urn, (name, phase, cluster)) in enumerate(MORE.items(), start=1):
        named = {"urn": urn, "name": name, "laestab": f"99021{step:02d}", "phase": phase, "cluster": cluster}
        added["published_schools"].append({**schools[WHOLE], **named, "files_waiting": 0, "files_accepted": 1})
        for receipt in tables["published_receipts"]:
            if receipt["receipt_id"] == f"{WHOLE}-2":
                own = {"urn": urn, "school_name": name, "receipt_id": f"{urn}-1", "arrival": 1}
                file = {**receipt, **own, "file_name": f"marks {step}.csv", "records": sum(WENT.values())}
                added["published_receipts"].append({**file, "records_used": WENT["used", None]})
        for (bucket, reason), records in WENT.items():
            line = {"urn": urn, "school_name": name, "receipt_id": f"{urn}-1", "kind": "results", "records": records}
            added["published_ledger"].append({**line, "bucket": bucket, "reason": reason, "related_receipt_id": None})
        for row in tables["published_kpi_values"]:
            if row["unit_code"] == WHOLE and row["breakdown"] == "Total":
                added["published_kpi_values"].append(_move(row, urn, step, trust.get(_series_of(row))))
    gone = {"urn": GONE, "name": "Old Harbour School", "laestab": "9902005", "left_on": date(2023, 8, 31)}
    added["published_schools"].append(
        {**schools[SILENT], **gone, "state_words": "The school left the trust on 31 August 2023."}
    )
    return {name: [*rows, *added[name]] for name, rows in tables.items()}


def make_walked_tables() -> Tables:
    """The published tables of a trust of twelve schools and one that has left, as rows."""
    tables = _add_schools(add_attendance(make_tables()))
    for row in tables["published_schools"]:
        if row["urn"] == FORMULA:
            row["phase"] = "Secondary"
    run = tables["published_run"][0]
    run.update(schools_on_register=len(NAMES) + len(MORE), schools_with_data=len(NAMES) + len(MORE) - 1)
    tables = add_comparisons(tables)
    for table in ("published_submissions", "published_freshness"):
        tables[table] = [row for row in tables[table] if row["urn"] != GONE]
    return tables
