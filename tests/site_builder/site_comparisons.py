"""The tables of comparisons and submissions for the tiny trust, worked out by slow plain arithmetic.

Here lives a second way to the numbers of published_latest, published_changes, published_spread and published_funnel
from rows of figures, and what each school has sent. The figures themselves live in `site_tiny_trust`.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from math import floor, sqrt
from typing import Any

import pyarrow as pa

Row = dict[str, Any]
Tables = dict[str, list[Row]]
KEY = (
    "kpi",
    "kpi_version",
    "academic_year",
    "period_kind",
    "period",
    "year_group",
    "subject",
    "assessment",
    "comparability_class",
    "comparability_key",
)
_KEY_TYPES: dict[str, pa.DataType] = {name: pa.int32() if name == "kpi_version" else pa.string() for name in KEY}
_NUMBERS = ("value", "before_value", "difference", "lower_95_ci", "upper_95_ci")
_FEEDS = ("Pupils", "Attendance", "Results", "Suspensions", "Groups")
AS_OF = date(2025, 9, 1)

SCHEMAS: dict[str, dict[str, pa.DataType]] = {
    "published_latest": {
        "audience": pa.string(),
        "scope": pa.string(),
        **_KEY_TYPES,
        "period_title": pa.string(),
        "schools": pa.int32(),
        "pupils": pa.int64(),
        "lead_rank": pa.int32(),
        **dict.fromkeys(["compared_academic_year", "compared_period_kind", "compared_period"], pa.string()),
    },
    "published_changes": {
        **dict.fromkeys(["audience", "geography", "unit_code", "unit_name"], pa.string()),
        **_KEY_TYPES,
        **dict.fromkeys(["period_title", "before_academic_year", "before_period", "before_period_title"], pa.string()),
        **dict.fromkeys(_NUMBERS, pa.float64()),
        **dict.fromkeys(["change", "symbol", "change_words"], pa.string()),
        "is_latest": pa.bool_(),
        "change_rank": pa.int32(),
    },
    "published_spread": {
        **dict.fromkeys(["audience", "geography", "unit_code"], pa.string()),
        **_KEY_TYPES,
        "schools": pa.int32(),
        **dict.fromkeys(["lowest", "lower_quartile", "median", "upper_quartile", "highest"], pa.float64()),
        "symbol": pa.string(),
    },
    "published_funnel": {
        "audience": pa.string(),
        **_KEY_TYPES,
        "unit_code": pa.string(),
        "pupils": pa.int64(),
        **dict.fromkeys(["target", "lower_95", "upper_95", "lower_998", "upper_998"], pa.float64()),
    },
    "published_submissions": {
        **dict.fromkeys(
            ["urn", "school_name", "feed", "academic_year", "period_kind", "period", "period_title"], pa.string()
        ),
        "period_sort": pa.int32(),
        "opens": pa.date32(),
        "closes": pa.date32(),
        **dict.fromkeys(["state", "state_words"], pa.string()),
        "records": pa.int64(),
        "first_received_on": pa.date32(),
        "latest_received_on": pa.date32(),
        "receipts": pa.int32(),
    },
    "published_freshness": {
        **dict.fromkeys(["urn", "school_name", "feed"], pa.string()),
        "data_to": pa.date32(),
        "received_on": pa.date32(),
        "school_days_behind": pa.int32(),
        **dict.fromkeys(["state", "words"], pa.string()),
    },
}


def _totals(tables: Tables) -> list[Row]:
    return [row for row in tables["published_kpi_values"] if row["breakdown_topic"] == row["breakdown"] == "Total"]


def _key(row: Row) -> Row:
    return {name: row[name] for name in KEY}


def _same(one: Row, other: Row, names: tuple[str, ...] | list[str]) -> bool:
    return all(one[name] == other[name] for name in names)


def _construct(row: Row) -> str:
    return str(row["comparability_key"]).split("|")[1]


def _year_before(academic_year: str) -> str:
    start = int(academic_year[:4]) - 1
    return f"{start}/{(start + 1) % 100:02d}"


_SAME_STRAND = ("audience", "kpi", "subject", "year_group", "assessment", "comparability_class")


def _before(row: Row, figures: list[Row]) -> Row | None:
    """The figure of the same period a year before (of a week: the one that begins 364 days earlier)."""
    for other in figures:
        if not _same(row, other, ["unit_code", "geography", "kpi_version", "period_kind", *_SAME_STRAND]):
            continue
        if _construct(row) != _construct(other) or other["academic_year"] != _year_before(row["academic_year"]):
            continue
        if row["period_kind"] == "week":
            if other["period_starts"] == row["period_starts"] - timedelta(days=364):
                return other
        elif other["period"] == row["period"]:
            return other
    return None


def _change(row: Row, before: Row) -> Row:
    found: Row = {
        **{name: row[name] for name in ("audience", "geography", "unit_code", "unit_name", "period_title")},
        **_key(row),
        "before_academic_year": before["academic_year"],
        "before_period": before["period"],
        "before_period_title": before["period_title"],
        **dict.fromkeys(_NUMBERS),
        "change": None,
        "change_words": None,
        "symbol": row["symbol"] or before["symbol"],
        "is_latest": False,
        "change_rank": None,
    }
    if found["symbol"]:
        return found
    found.update(value=row["value"], before_value=before["value"])
    if row["period_kind"] == "week":
        return found
    new, old = row["value"], before["value"]
    low = new - old - sqrt((new - row["lower_95_ci"]) ** 2 + (before["upper_95_ci"] - old) ** 2)
    high = new - old + sqrt((row["upper_95_ci"] - new) ** 2 + (old - before["lower_95_ci"]) ** 2)
    change = "up" if low > 0 else "down" if high < 0 else "same"
    said = {"up": "Up from", "down": "Down from", "same": "About the same as"}[change]
    found.update(difference=new - old, lower_95_ci=low, upper_95_ci=high, change=change)
    found["change_words"] = f"{said} a year before: {new:.1f} against {old:.1f}."
    return found


def _latest(tables: Tables, changes: list[Row]) -> list[Row]:
    figures = _totals(tables)
    found = []
    for audience in ("site", "central"):
        shown = [row for row in figures if row["audience"] == audience and row["symbol"] is None]
        for scope in ("Total", *sorted({row["unit_code"] for row in shown if row["geography"] == "Phase"})):
            pooled = [r for r in shown if r["geography"] == ("MAT" if scope == "Total" else "Phase")]
            pooled = [r for r in pooled if scope in ("Total", r["unit_code"])]
            found += _latest_of(audience, scope, [row for row in pooled if _stands_now(row, pooled)], tables, changes)
    return found


def _stands_now(row: Row, pooled: list[Row]) -> bool:
    years = max(r["academic_year"] for r in pooled if r["kpi"] == row["kpi"])
    if row["period_kind"] == "year_to_date":
        return bool(row["academic_year"] == years and row["year_group"] == "Total")
    if row["period_kind"] != "window" or row["academic_year"] != years:
        return False
    strand = [r for r in pooled if _same(r, row, _SAME_STRAND) and _construct(r) == _construct(row)]
    return bool(row["period_sort"] == max(r["period_sort"] for r in strand if r["academic_year"] == years))


def _latest_of(audience: str, scope: str, pooled: list[Row], tables: Tables, changes: list[Row]) -> list[Row]:
    phases = {row["urn"]: row["phase"] for row in tables["published_schools"]}
    rows = []
    for row in pooled:
        behind = [
            r
            for r in _totals(tables)
            if r["audience"] == audience
            and r["geography"] == "School"
            and r["symbol"] is None
            and _same(r, row, KEY)
            and scope in ("Total", phases[r["unit_code"]])
        ]
        compared = any(_same(c, row, KEY) and c["audience"] == audience and c["value"] is not None for c in changes)
        rows.append(
            {
                "audience": audience,
                "scope": scope,
                **_key(row),
                "period_title": row["period_title"],
                "schools": len(behind),
                "pupils": row["pupil_count"],
                "compared_academic_year": row["academic_year"] if compared else None,
                "compared_period_kind": row["period_kind"] if compared else None,
                "compared_period": row["period"] if compared else None,
                "order": (-len(behind), -row["pupil_count"], row["subject_sort"], row["year_group_sort"]),
            }
        )
    rows.sort(key=lambda r: (r["kpi"], r["order"], r["comparability_key"]))
    for row in rows:
        row["lead_rank"] = 1 + [r for r in rows if r["kpi"] == row["kpi"]].index(row)
    for row in rows:
        del row["order"]
    return rows


def _changes(tables: Tables) -> list[Row]:
    figures = [row for row in _totals(tables) if row["geography"] in ("School", "MAT", "Phase")]
    kinds = ("window", "year_to_date", "term", "half_term", "week")
    pairs = [(row, _before(row, figures)) for row in figures if row["period_kind"] in kinds]
    return [_change(row, before) for row, before in pairs if before]


def _rank(changes: list[Row], latest: list[Row], families: dict[str, str]) -> None:
    named = [row for row in latest if row["scope"] == "Total" and row["compared_period"]]
    for change in changes:
        change["is_latest"] = any(_same(change, row, ["audience", *KEY]) for row in named)
    for audience in ("site", "central"):
        moved = [c for c in changes if c["audience"] == audience and c["is_latest"] and c["geography"] == "School"]
        moved = [c for c in moved if c["change"] in ("up", "down")]
        moved.sort(
            key=lambda c: (-abs(c["difference"]) / (c["upper_95_ci"] - c["lower_95_ci"]), c["unit_code"], str(_key(c)))
        )
        seen: set[tuple[str, str]] = set()
        for change in moved:
            group = (change["unit_code"], families[change["kpi"]])
            if group not in seen:
                seen.add(group)
                change["change_rank"] = len(seen)


def _quantile(values: list[float], share: float) -> float:
    place = share * (len(values) - 1)
    low = floor(place)
    high = min(low + 1, len(values) - 1)
    return values[low] + (place - low) * (values[high] - values[low])


def _spread(tables: Tables) -> list[Row]:
    phases = {row["urn"]: row["phase"] for row in tables["published_schools"]}
    behind: dict[tuple[Any, ...], list[float]] = defaultdict(list)
    for row in _totals(tables):
        if row["geography"] != "School" or row["symbol"] is not None:
            continue
        for geography, code in (("MAT", "TR99999"), ("Phase", phases[row["unit_code"]])):
            behind[(row["audience"], geography, code, *(row[name] for name in KEY))].append(row["value"])
    rows = []
    for (audience, geography, code, *key), found in behind.items():
        values = sorted(found)
        many = len(values) >= 10
        rows.append(
            {
                "audience": audience,
                "geography": geography,
                "unit_code": code,
                **dict(zip(KEY, key, strict=True)),
                "schools": len(values),
                "lowest": values[0],
                "lower_quartile": _quantile(values, 0.25) if many else None,
                "median": _quantile(values, 0.5) if many else None,
                "upper_quartile": _quantile(values, 0.75) if many else None,
                "highest": values[-1],
                "symbol": None,
            }
        )
    return rows


def _limits(target: float, pupils: int) -> Row:
    found: Row = {"pupils": pupils, "target": target}
    for name, z in (("95", 1.959963984540054), ("998", 3.090232306167813)):
        half = z * sqrt(target * (100 - target) / pupils)
        found[f"lower_{name}"], found[f"upper_{name}"] = max(0.0, target - half), min(100.0, target + half)
    return found


def _funnel(tables: Tables) -> list[Row]:
    wilson = {row["kpi"] for row in tables["published_kpis"] if row["interval"] == "wilson"}
    rows = []
    for trust in _totals(tables):
        if trust["geography"] != "MAT" or trust["kpi"] not in wilson or trust["symbol"] is not None:
            continue
        schools = [
            row
            for row in _totals(tables)
            if row["geography"] == "School"
            and row["symbol"] is None
            and row["audience"] == trust["audience"]
            and _same(row, trust, KEY)
        ]
        if len(schools) < 3:
            continue
        opening = {"audience": trust["audience"], **_key(trust)}
        for row in schools:
            rows.append({**opening, "unit_code": row["unit_code"], **_limits(trust["value"], row["pupil_count"])})
        largest = max(row["pupil_count"] for row in schools)
        for pupils in sorted({1 + place * largest // 10 for place in range(12)}):
            rows.append({**opening, "unit_code": None, **_limits(trust["value"], pupils)})
    return rows


def _submissions(tables: Tables) -> list[Row]:
    """Results of two windows and the pupils of each year; a school without files is late, one with a held file too."""
    sent = {row["urn"]: row["first_seen_on"] for row in tables["published_receipts"] if row["outcome"] == "accepted"}
    rows = []
    for school in tables["published_schools"]:
        urn = school["urn"]
        for year in ("2023/24", "2024/25"):
            periods = [("Pupils", "year", "year", "Whole year", 0)]
            periods += [("Results", "window", "autumn", "Autumn", 1), ("Results", "window", "summer", "Summer", 3)]
            periods += [("Suspensions", "year", "year", "Whole year", 0)]
            for feed, kind, period, title, sort in periods:
                state = "received" if urn in sent else "not sent" if year == "2023/24" else "late"
                state = "not expected" if feed == "Suspensions" else state
                said = {
                    "received": "The figures rest on what was received.",
                    "late": "Nothing has been received, and the window has closed.",
                    "not sent": "Nothing was received for that year.",
                    "not expected": "The school has never sent any.",
                }
                closes = date(int(year[:4]) + 1, 7, 18)
                received = sent.get(urn) if state == "received" else None
                rows.append(
                    {
                        "urn": urn,
                        "school_name": school["name"],
                        "feed": feed,
                        "academic_year": year,
                        "period_kind": kind,
                        "period": period,
                        "period_title": title,
                        "period_sort": sort,
                        "opens": closes - timedelta(days=30),
                        "closes": closes,
                        "state": state,
                        "state_words": said[state],
                        "records": None if state == "not expected" else 40 if received else 0,
                        "first_received_on": received,
                        "latest_received_on": received,
                        "receipts": 1 if received else 0,
                    }
                )
    return rows


def _freshness(tables: Tables) -> list[Row]:
    rows = []
    for school in tables["published_schools"]:
        for feed in _FEEDS:
            data_to = school["data_date"] if feed in ("Pupils", "Results") else None
            state = "up to date" if data_to else "never sent" if feed in ("Pupils", "Results") else "not expected"
            rows.append(
                {
                    "urn": school["urn"],
                    "school_name": school["name"],
                    "feed": feed,
                    "data_to": data_to,
                    "received_on": data_to,
                    "school_days_behind": None,
                    "state": state,
                    "words": {"up to date": "Up to date.", "never sent": "Never sent."}.get(state, "Not expected."),
                }
            )
    return rows


def add_comparisons(tables: Tables) -> Tables:
    """Return the tables with those that follow from them, made anew."""
    families = {row["kpi"]: row["family"] for row in tables["published_kpis"]}
    changes = _changes(tables)
    latest = _latest(tables, changes)
    _rank(changes, latest, families)
    return {
        **tables,
        "published_latest": latest,
        "published_changes": changes,
        "published_spread": _spread(tables),
        "published_funnel": _funnel(tables),
        "published_submissions": _submissions(tables),
        "published_freshness": _freshness(tables),
    }
