"""The extract files: the agreed columns, symbols in value cells, and metadata by the rules of official statistics."""

from __future__ import annotations

import csv
import re
from pathlib import Path
from typing import Any

import pytest
from site_tiny_trust import HIDDEN_MEAN, IDENTITY, NAMES, make_tables, write_tables

from site_builder import PublishedError, build_release
from site_builder.csv_files import CsvTable, harmless, write_csv

SCHOOL = (
    "time_period,time_identifier,geographic_level,country_code,country_name,region_code,region_name,old_la_code,"
    "new_la_code,la_name,trust_id,trust_name,school_urn,school_laestab,school_name,education_phase,year_group,"
    "period_kind,period,subject,assessment,kpi,breakdown_topic,breakdown,comparability_class,pupil_count,"
    "numerator_count,value,lower_95_ci,upper_95_ci,comparison_flag,judgement_coverage_percent,kpi_version,snapshot_id"
)
MAT = (
    "time_period,time_identifier,geographic_level,country_code,country_name,trust_id,trust_name,year_group,"
    "period_kind,period,subject,assessment,kpi,breakdown_topic,breakdown,comparability_class,pupil_count,"
    "numerator_count,value,lower_95_ci,upper_95_ci,comparison_flag,judgement_coverage_percent,kpi_version,snapshot_id,"
    "schools_in,schools_of,pupils_in_percent"
)
META = "col_name,col_type,label,indicator_grouping,indicator_unit,indicator_dp,filter_hint,filter_grouping_column"
NUMBERS = (
    "pupil_count",
    "numerator_count",
    "value",
    "lower_95_ci",
    "upper_95_ci",
    "judgement_coverage_percent",
    "schools_in",
    "schools_of",
    "pupils_in_percent",
)
FILES = [("site/data", "site"), ("extracts", "central")]


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@pytest.mark.parametrize(("folder", "audience"), FILES)
def test_the_columns_are_those_agreed_and_every_figure_has_a_row(
    tiny_release: Path, folder: str, audience: str
) -> None:
    figures = [f for f in make_tables()["published_kpi_values"] if f["audience"] == audience]
    for stem, header, geography in (("trust_kpi_school", SCHOOL, "School"), ("trust_kpi_mat", MAT, "MAT")):
        raw = (tiny_release / folder / f"{stem}.csv").read_bytes()
        assert raw.decode("utf-8").split("\n")[0] == header
        assert not raw.startswith(b"\xef\xbb\xbf")
        assert b"\r" not in raw
        assert raw.endswith(b"\n")
        rows = read(tiny_release / folder / f"{stem}.csv")
        assert len(rows) == len([f for f in figures if f["geography"] == geography])
        assert {(r["geographic_level"], r["country_code"], r["snapshot_id"]) for r in rows} == {
            (geography, "E92000001", IDENTITY.release_id)
        }
        assert all(value != "" for row in rows for value in row.values()), "no blank cell"


@pytest.mark.parametrize(("folder", "audience"), FILES)
def test_numbers_are_plain_and_symbols_stand_in_their_cells(tiny_release: Path, folder: str, audience: str) -> None:
    for stem in ("trust_kpi_school", "trust_kpi_mat"):
        for row in read(tiny_release / folder / f"{stem}.csv"):
            for name in NUMBERS:
                if name not in row:
                    continue
                whole = name in ("pupil_count", "numerator_count", "schools_in", "schools_of")
                pattern = r"\d+|[czxu]" if whole else r"-?\d+\.\d{6}|[czxu]"
                assert re.fullmatch(pattern, row[name]), f"{name}: {row[name]}"
            if row["kpi"] == "mean_mark":
                assert row["numerator_count"] == "z"
            if row["value"] in ("c", "x", "u"):
                assert row["pupil_count"] == row["lower_95_ci"] == row["upper_95_ci"] == row["value"]
                assert row["comparison_flag"] == "z"
            assert row["comparison_flag"] in ("above", "similar", "below", "z")


def test_each_audience_has_its_own_hidden_cells(tiny_release: Path) -> None:
    site = read(tiny_release / "site/data/trust_kpi_school.csv")
    central = read(tiny_release / "extracts/trust_kpi_school.csv")
    assert {row["value"] for row in site if row["school_urn"] == "900002"} == {"c"}
    assert f"{HIDDEN_MEAN:.6f}" in {row["value"] for row in central if row["school_urn"] == "900002"}
    assert "c" not in {row["value"] for row in central}


def test_a_figure_is_the_published_one_to_six_decimals(tiny_release: Path) -> None:
    figures = {
        (
            f["unit_code"],
            f["kpi"],
            f["time_period"],
            f["period_title"],
            f["subject"],
            f["year_group"],
            f["breakdown"],
        ): f
        for f in make_tables()["published_kpi_values"]
        if f["audience"] == "central" and f["geography"] == "School"
    }
    for row in read(tiny_release / "extracts/trust_kpi_school.csv"):
        key = ("school_urn", "kpi", "time_period", "period", "subject", "year_group", "breakdown")
        figure = figures[tuple(row[name] for name in key)]  # type: ignore[index]
        if figure["symbol"]:
            assert row["value"] == figure["symbol"]
        else:
            assert float(row["value"]) == pytest.approx(figure["value"], abs=5e-7)
            assert int(row["pupil_count"]) == figure["pupil_count"]


@pytest.mark.parametrize(("folder", "audience"), FILES)
@pytest.mark.parametrize("stem", ["trust_kpi_school", "trust_kpi_mat"])
def test_the_metadata_keeps_the_rules(tiny_release: Path, folder: str, audience: str, stem: str) -> None:
    path = tiny_release / folder / f"{stem}.meta.csv"
    assert path.read_text(encoding="utf-8").split("\n")[0] == META
    meta, rows = read(path), read(tiny_release / folder / f"{stem}.csv")
    names = [line["col_name"] for line in meta]
    assert len(names) == len(set(names))
    for line in meta:
        assert line["col_name"] in rows[0]
        assert len(line["label"]) <= 100
        assert line["label"]
        if line["col_type"] == "Filter":
            assert len({row[line["col_name"]] for row in rows}) > 1, f"{line['col_name']} has one value"
            assert line["indicator_unit"] == line["indicator_dp"] == ""
        else:
            assert line["col_type"] == "Indicator"
            assert line["indicator_unit"] in ("", "%")
            assert line["indicator_dp"].isdigit()
            assert line["filter_hint"] == ""
    assert not set(names) & {
        "time_period",
        "time_identifier",
        "geographic_level",
        "country_code",
        "breakdown_topic",
        "school_urn",
        "school_name",
        "trust_id",
        "snapshot_id",
        "region_name",
        "la_name",
    }
    groups = {line["col_name"]: line["filter_grouping_column"] for line in meta if line["filter_grouping_column"]}
    assert groups == {"breakdown": "breakdown_topic"}
    assert {line["col_name"] for line in meta if line["col_type"] == "Indicator"} == set(NUMBERS) & set(rows[0])


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_text_a_spreadsheet_would_run_is_made_harmless(start: str) -> None:
    assert harmless(f"{start}1+1") == f"'{start}1+1"
    written = write_csv(CsvTable(("name", "value"), [(f"{start}1", "-1.500000")], frozenset({"value"}))).decode()
    assert f"'{start}1" in written
    assert ",-1.500000\n" in written


def test_awkward_names_survive_the_files(tiny_release: Path) -> None:
    names = {row["school_name"] for row in read(tiny_release / "extracts/trust_kpi_school.csv")}
    assert names == {"St Brónach's & All <Angels>", "Little Wick Infants", "'" + NAMES["900003"]}
    seen = {row["file"]: row["seen"] for row in read(tiny_release / "packs/900003/fix-list.csv")}
    assert seen == {"heath autumn.csv": "'=1+1"}
    assert {row["file_name"] for row in read(tiny_release / "ops/receipts.csv")} >= {"'=cmd|' /C calc'!A0.csv"}


def test_two_rows_that_could_not_be_told_apart_are_refused(tmp_path: Path) -> None:
    tables = make_tables()
    twin: dict[str, Any] = {**tables["published_kpi_values"][0], "comparability_key": "B|prediction|Common paper|x|y"}
    tables["published_kpi_values"].append(twin)
    with pytest.raises(PublishedError, match="two rows"):
        build_release(write_tables(tables, tmp_path / "published"), tmp_path / "release", IDENTITY)
    assert not (tmp_path / "release").exists()


def test_an_empty_trust_still_has_files_with_headers(tmp_path: Path) -> None:
    tables = make_tables()
    for name in tables:
        if name not in ("published_run", "published_schools"):
            tables[name] = []
    for school in tables["published_schools"]:
        school.update(state="no data yet", latest_academic_year=None, data_date=None)
    build_release(write_tables(tables, tmp_path / "published"), tmp_path / "release", IDENTITY)
    assert (tmp_path / "release/extracts/trust_kpi_school.csv").read_text(encoding="utf-8") == SCHOOL + "\n"
    assert not (tmp_path / "release/packs").exists()


@pytest.mark.parametrize(("stem", "ending"), [("trust_kpi_school", "school"), ("trust_kpi_mat", "mat")])
def test_the_figures_of_one_kpi_are_those_of_the_whole_file(tiny_release: Path, stem: str, ending: str) -> None:
    whole = read(tiny_release / "site/data" / f"{stem}.csv")
    apart = sorted((tiny_release / "site/data/kpis").glob(f"*_{ending}.csv"))
    assert {path.name.removesuffix(f"_{ending}.csv") for path in apart} == {row["kpi"] for row in whole}
    for path in apart:
        kpi = path.name.removesuffix(f"_{ending}.csv")
        assert read(path) == [row for row in whole if row["kpi"] == kpi]
    assert not (tiny_release / "extracts/kpis").exists()
