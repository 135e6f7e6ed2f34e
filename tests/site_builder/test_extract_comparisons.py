"""The files of comparisons: what pages lay beside figures stands in them, and nothing of a hidden figure does."""

from __future__ import annotations

import re
from pathlib import Path

from site_html import read_page
from site_tiny_trust import SMALL, make_tables
from test_site_figures import SYMBOLS, Line, body, read_csv, rounded

FOLDERS = {"site": "site/data/comparisons", "central": "extracts/comparisons"}
TABLES = {"changes": "published_changes", "spread": "published_spread", "funnel": "published_funnel"}


def signed(text: str) -> str:
    """A difference as a page shows it."""
    shown = rounded(text, 1, False)
    return shown if shown in SYMBOLS or shown.startswith("−") or not shown.strip("0.") else f"+{shown}"


def test_every_published_comparison_is_a_row_of_its_file(tiny_release: Path) -> None:
    tables = make_tables()
    for audience, folder in FOLDERS.items():
        for name, table in TABLES.items():
            wanted = [row for row in tables[table] if row["audience"] == audience]
            lines = read_csv(tiny_release / folder / f"{name}.csv")
            assert len(lines) == len(wanted), f"{folder}/{name}"
            figures = [key for row in wanted for key, value in row.items() if isinstance(value, float)]
            told = sorted(f"{row[key]:.6f}" for row in wanted for key in set(figures) if row.get(key) is not None)
            seen = sorted(line[key] for line in lines for key in set(figures) if re.match(r"-?\d", line[key]))
            assert seen == told, f"{folder}/{name}"


def test_phases_and_clusters_of_pages_stand_in_a_file(tiny_release: Path) -> None:
    lines = read_csv(tiny_release / "site/data/comparisons/phases_and_clusters.csv")
    assert {line["geography"] for line in lines} == {"Phase", "Cluster"}
    compared = 0
    for kpi in ("mean_mark", "judgement_coverage"):
        for table in read_page(tiny_release / f"site/kpis/{kpi}-figures.html").tables:
            for row, href, _ in body(table) if " · " in table.caption else ():
                found = re.fullmatch(r"(Phase|Cluster): (.+)", row["School"])
                if href or not found:
                    continue
                shown = next(row[head] for head in ("Marks", "Percent") if head in row)
                _, year, period, *_ = table.caption.split(" · ")
                values = [
                    rounded(line["value"], 1, kpi == "judgement_coverage")
                    for line in lines
                    if (line["kpi"], line["geography"], line["unit_name"]) == (kpi, *found.groups())
                    and (line["academic_year"], line["period_title"]) == (year, period)
                ]
                assert shown in values
                compared += 1
    assert compared


def _is_shown(row: dict[str, str], line: Line, before: str, now: str, percent: bool) -> bool:
    return (row[before], row[now]) == tuple(rounded(line[name], 1, percent) for name in ("before_value", "value"))


def test_changes_on_kpi_pages_are_the_files(tiny_release: Path) -> None:
    lines = read_csv(tiny_release / "site/data/comparisons/changes.csv")
    compared = 0
    for path in sorted((tiny_release / "site/kpis").glob("*.html")):
        for table in read_page(path).tables:
            if "beside a year before" not in table.caption:
                continue
            names = [cell.text for cell in table.head[0]]
            before, now, difference = names[1:4]
            for row, href, _ in body(table):
                urn = href.split("/")[-1].removesuffix(".html") if href else None
                own = [line for line in lines if urn is None or line["unit_code"] == urn]
                percent = difference == "Percentage points"
                found = [line for line in own if _is_shown(row, line, before, now, percent)]
                assert signed(found[0]["difference"]) == row[difference]
                compared += 1
    assert compared


def test_nothing_of_a_hidden_school_is_told(tiny_release: Path) -> None:
    lines = [
        line for line in read_csv(tiny_release / "site/data/comparisons/changes.csv") if line["unit_code"] == SMALL
    ]
    hidden = [line for line in lines if line["value"] in SYMBOLS]
    assert all(line["difference"] in SYMBOLS and line["before_value"] in SYMBOLS for line in hidden)
    assert all(line["unit_code"] != SMALL for line in read_csv(tiny_release / "site/data/comparisons/funnel.csv"))
