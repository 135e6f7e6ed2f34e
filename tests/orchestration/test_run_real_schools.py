"""Real pupils' exports from 49 schools, end to end, against figures worked out elsewhere.

The data lie beside the checkout and never in it; where they are absent the tests say so and are skipped.
"""

from __future__ import annotations

import csv
import json
import re
import shutil
from pathlib import Path

import pyarrow.parquet as pq
import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
REAL = ROOT.parent / "shared" / "real"
INBOX = REAL / "inner_london_juniors"
EXPECTED = REAL / "inner_london_expected.csv"
SUBJECTS = {"english": "English", "math": "Mathematics"}

pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(not INBOX.is_dir(), reason=f"REAL DATA NOT TESTED: no folder ../shared/real beside {ROOT.name}"),
]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, plumbline) -> Path:  # type: ignore[no-untyped-def]
    folder = tmp_path_factory.mktemp("inner_london") / "home"
    ours = ROOT / "tests" / "homes" / "inner_london"
    left_by_runs = shutil.ignore_patterns("lake", "history", "releases", "dagster", "inbox")
    shutil.copytree(ours, folder, ignore=left_by_runs)
    said = plumbline("refresh", "--home", folder, "--inbox", INBOX, "--as-of", "2025-11-22")
    assert said.code == 0, said.err
    return folder


def read_csv(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def read_extract(home: Path, name: str) -> list[dict[str, str]]:
    return read_csv(home / "releases" / "current" / "extracts" / name)


def test_all_files_of_all_schools_are_accepted(home: Path) -> None:
    receipts = pq.read_table(home / "lake" / "findings" / "receipts").to_pylist()
    assert {r["urn"] for r in receipts} == {folder.name for folder in INBOX.iterdir()}
    assert len(receipts) == sum(1 for path in INBOX.rglob("*") if path.is_file())
    assert {r["outcome"] for r in receipts} == {"accepted"}
    assert {r["format"] for r in receipts} == {
        "report_writer_pupil_list", "report_writer_marksheet", "assessment_export_wide", "results_long",
    }  # fmt: skip


def test_the_ledger_accounts_for_every_row_and_refuses_none(home: Path) -> None:
    receipts = pq.read_table(home / "lake" / "findings" / "receipts").to_pylist()
    for r in receipts:
        assert r["rows_total"] == r["rows_layout"] + r["rows_with_records"] + r["rows_without_values"]
    rows_on_disk = sum(count_rows(path) for path in INBOX.rglob("*") if path.is_file())
    assert sum(r["rows_total"] for r in receipts) == rows_on_disk
    ledger = read_csv(home / "releases" / "current" / "ops" / "ledger.csv")
    assert {row["bucket"] for row in ledger} == {"used", "duplicate"}
    results = sum(int(row["records"]) for row in ledger if row["kind"] == "results")
    assert results == 2 * (1154 + 1129 + 953)
    assert not [row for row in ledger if row["kind"] == "results" and row["bucket"] != "used"]
    assert pq.read_table(home / "lake" / "findings" / "fix_list").num_rows == 0


def count_rows(path: Path) -> int:
    """Count rows as a spreadsheet would show them, by other means than the project's readers."""
    if path.suffix == ".xlsx":
        import zipfile

        with zipfile.ZipFile(path) as book:
            return len(re.findall(rb"<row\b", book.read("xl/worksheets/sheet1.xml")))
    content = path.read_bytes()
    text = content.decode("utf-16" if content.startswith(b"\xff\xfe") else "cp1252")
    return len(text.removesuffix("\r\n").split("\r\n"))


def test_pupils_and_mean_marks_equal_the_figures_worked_out_elsewhere(home: Path) -> None:
    schools, trust = read_extract(home, "trust_kpi_school.csv"), read_extract(home, "trust_kpi_mat.csv")
    expected = read_csv(EXPECTED)
    assert len(expected) == 24
    for row in expected:
        found = [
            x
            for x in (trust if row["urn"] == "trust" else schools)
            if x["kpi"] == "mean_mark"
            and x["breakdown"] == "Total"
            and x.get("school_urn", "trust") == row["urn"]
            and x["time_period"] == row["academic_year"].replace("/", "")
            and x["subject"] == SUBJECTS[row["subject"]]
        ]
        assert len(found) == 1, row
        assert int(found[0]["pupil_count"]) == int(row["pupils"]), row
        assert abs(float(found[0]["value"]) - float(row["mean_mark"])) < 5e-7, row
        assert re.fullmatch(r"\d+\.\d{4,}", found[0]["value"]), "at least four decimals"


def test_the_standard_deviation_agrees_too(home: Path) -> None:
    """The interval is mean +- t s / root n, so s can be taken back out of it and compared."""
    from scipy import stats

    schools = read_extract(home, "trust_kpi_school.csv")
    for row in (r for r in read_csv(EXPECTED) if r["urn"] != "trust"):
        (x,) = [
            x
            for x in schools
            if (x["kpi"], x["breakdown"], x["school_urn"]) == ("mean_mark", "Total", row["urn"])
            and x["time_period"] == row["academic_year"].replace("/", "")
            and x["subject"] == SUBJECTS[row["subject"]]
        ]
        n = int(x["pupil_count"])
        half = (float(x["upper_95_ci"]) - float(x["lower_95_ci"])) / 2
        assert abs(half / stats.t.ppf(0.975, n - 1) * n**0.5 - float(row["sd_mark"])) < 1e-4, row


def test_every_school_year_and_subject_has_its_mean(home: Path) -> None:
    """Every school has every year it sent: one sent no marksheet of the last year."""
    schools = read_extract(home, "trust_kpi_school.csv")
    totals = [x for x in schools if x["kpi"] == "mean_mark" and x["breakdown"] == "Total"]
    keys = {(x["school_urn"], x["time_period"], x["subject"]) for x in totals}
    assert len(keys) == len(totals)
    sent = {
        (folder.name, year, subject)
        for folder in INBOX.iterdir()
        for year in ("202223", "202324", "202425")
        for subject in SUBJECTS.values()
        if folder.name > "900017" or any(f"{year[:4]}-{year[4:]}" in path.name for path in folder.iterdir())
    }
    assert keys == sent
    assert {x["time_period"] for x in totals} == {"202223", "202324", "202425"}
    assert all(float(x["value"]) > 0 for x in totals)


def test_small_cohorts_are_hidden_on_the_site_where_the_policy_says_six(home: Path) -> None:
    release = home / "releases" / "current"
    whole = read_csv(release / "extracts" / "trust_kpi_school.csv")
    central = {key(x): x for x in whole if x["school_urn"] == "900044"}
    site = [x for x in read_csv(release / "site" / "data" / "trust_kpi_school.csv") if x["school_urn"] == "900044"]
    means = [x for x in site if x["kpi"] == "mean_mark" and x["breakdown"] == "Total"]
    assert any(central[key(x)]["pupil_count"] == "5" for x in means), "the school has five pupils in a year"
    for x in means:
        small = int(central[key(x)]["pupil_count"]) < 6
        assert (x["value"] == "c") is small, x
        assert (x["pupil_count"] == "c") is small, x
    page = (release / "site" / "schools" / "900044.html").read_text("utf-8")
    assert ">c<" in page.replace(" ", "").replace("\n", "")
    hidden = {float(central[key(x)]["value"]) for x in means if x["value"] == "c"}
    assert hidden
    assert not any(f"{value:.4f}" in page for value in hidden)
    assert json.loads((release / "manifest.json").read_text("utf-8"))


def key(x: dict[str, str]) -> tuple[str, ...]:
    names = ("school_urn", "time_period", "kpi", "year_group", "subject", "breakdown_topic", "breakdown")
    return tuple(x[name] for name in names)
