"""Letters and marks of real layouts on the trust's scale, with the scales that ship and one of the trust's own.

What lives here: what one letter means in two sources, and marks standardised on the trust's pupils, by the real models.
What does not: every rule of which row holds (the unit tests in `mapping_unit_tests.yml`), figures (`oracle`).
"""

from __future__ import annotations

import datetime as dt
import shutil
import statistics
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from ingest.home import load_home
from ingest.home.config import list_config_records
from tests.dbt_project.lake_files import CONFIG_COLUMNS, Row, write_lake
from tests.dbt_project.tiny_config import make_config
from tests.dbt_project.tiny_trust import Records, make_findings
from tests.dbt_project.warehouse_run import Warehouse, failures

TINY_HOME = Path(__file__).parents[1] / "homes" / "tiny"
FORMATS = {1: "dfe_phonics", 2: "marksheet", 3: "markbook_judgements", 4: "nobodys_format", 5: "results_rows"}
PHONICS, NFER, MARKBOOK, TEST = "Phonics screening check", "NFER test", "Teacher Assessment", "common_test"
MARKS = {"m1": 12, "m2": 30, "m3": 31, "m4": 44, "m5": 58, "m6": 90}


def make_own(framework: str, source: str, **said: object) -> Row:
    """Return a row of a scale of the trust's own."""
    return {
        "scale": framework, "source": source, "framework": framework, "version": "1", "comparability_class": "B",
        "rationale": "Agreed", "approved_by": "The trust", "valid_from": dt.date(2020, 9, 1), **said,
    }  # fmt: skip


def make_tables() -> dict[str, list[Row]]:
    """Return a lake of one school that sends letters in four formats and marks in a fifth."""
    config = make_config()
    built_in = list_config_records(load_home(TINY_HOME), dt.date(2025, 5, 1), "demo")
    for table in ("scales", "scale_cuts"):
        config[table] = [{name: row[name] for name in CONFIG_COLUMNS[table]} for row in built_in[table]]
    config["scales"] += [make_own(NFER, "marksheet", code=code, band=band) for code, band in (("WA", "EXS"), ("B", "WTS"))]
    config["scale_cuts"] += [
        make_own(TEST, "results_rows", of_what="standardised", band="WTS"),
        make_own(TEST, "results_rows", of_what="standardised", band="EXS", at_least=90.0),
        make_own(TEST, "results_rows", of_what="standardised", band="GDS", at_least=110.0),
    ]
    config["assessments"] += [
        {"assessment": name, "title": name, "construct": construct, "comparability_class": "B", "result_type": kind}
        for name, construct, kind in (
            (PHONICS, "statutory", "statutory"),
            (NFER, "summative_test", "test"),
            (MARKBOOK, "point_in_time", "teacher_judgement"),
        )
    ]
    records = Records()

    def add(pupil: str, file: int, assessment: str, kind: str, value: str, mark: int | None = None) -> None:
        records.add("pupils", "100001", pupil, file=file, academic_year="2024/25", year_group="5", sex="F")
        records.add(
            "results", "100001", pupil, file=file, academic_year="2024/25", subject="English", assessment=assessment,
            result_type=kind, window_label="Autumn", value=value, mark=None if mark is None else Decimal(mark),
        )  # fmt: skip

    for file, assessment, kind, value in (
        (1, PHONICS, "statutory", "Wa"), (1, PHONICS, "statutory", "A"), (1, PHONICS, "statutory", "WA"),
        (2, NFER, "test", "WA"), (2, NFER, "test", "Wa"),
        (3, MARKBOOK, "teacher_judgement", "EXS"), (3, MARKBOOK, "teacher_judgement", "A"),
        (4, MARKBOOK, "teacher_judgement", "EXS"),
    ):  # fmt: skip
        add(f"{file}{value}", file, assessment, kind, value)
    for pupil, mark in MARKS.items():
        add(pupil, 5, TEST, "test", str(mark), mark)
    findings = make_findings(records.tables)
    for receipt in findings["receipts"]:
        receipt["format"] = FORMATS.get(receipt["arrival"], "tiny")
    return {**config, **records.tables, **findings}


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    home = tmp_path_factory.mktemp("mapped")
    write_lake(home / "lake", make_tables())
    result = Warehouse(home / "lake", home).dbt(
        "build", "--exclude-resource-type", "unit_test", "--indirect-selection", "cautious",
        "--select", "+int_results_banded", "+published_unmapped",
    )  # fmt: skip
    assert result.success, result.exception or "\n".join(failures(result))
    # dbt, in this process, still holds the warehouse it made.
    shutil.copytree(home / "lake", home / "copy")
    with duckdb.connect(str(home / "copy" / "warehouse.duckdb"), read_only=True) as connection:
        yield connection


def test_a_letter_means_what_its_source_says_and_nothing_without_one(warehouse: duckdb.DuckDBPyConnection) -> None:
    placed = warehouse.execute(
        "select pupil_key, band, bucket, reason_code from int_results_placed where mark is null order by 1"
    ).fetchall()
    assert {key: tuple(rest) for key, *rest in placed} == {
        "1Wa": ("EXS", "used", None),
        "1A": ("NA", "out of scope", "not_assessed"),
        "1WA": (None, "unmapped", "code_not_in_scale"),
        "2WA": ("EXS", "used", None),
        "2Wa": (None, "unmapped", "code_not_in_scale"),
        "3EXS": ("EXS", "used", None),
        "3A": (None, "unmapped", "code_not_in_scale"),
        "4EXS": (None, "unmapped", "no_scale"),
    }


def test_almost_is_what_a_markbook_of_objectives_means_by_the_same_letter() -> None:
    scales = list_config_records(load_home(TINY_HOME), dt.date(2025, 5, 1), "demo")["scales"]
    said = {
        (row["source"], row["meaning"], row["band"])
        for row in scales
        if row["code"] == "A" and row["source"] in ("classroom_monitor_objectives", "dfe_phonics")
    }
    assert said == {("classroom_monitor_objectives", "Almost", "WTS"), ("dfe_phonics", "Absent", "NA")}


def test_what_is_unmapped_is_counted_with_what_it_holds_back(warehouse: duckdb.DuckDBPyConnection) -> None:
    rows = warehouse.execute(
        "select source, framework, code, records, has_scale, suggested_band from published_unmapped order by 1, 2, 3"
    ).fetchall()
    assert rows == [
        ("dfe_phonics", PHONICS, "WA", 1, True, "EXS"),
        ("markbook_judgements", MARKBOOK, "A", 1, True, None),
        ("marksheet", NFER, "Wa", 1, True, "EXS"),
        ("nobodys_format", MARKBOOK, "EXS", 1, False, "EXS"),
    ]


def test_marks_standardised_on_the_trusts_pupils_have_mean_100_and_deviation_15(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    found = dict(
        warehouse.execute(
            "select pupil_key, (standardised, band) from int_results_banded where standardised is not null"
        ).fetchall()
    )
    scores = {pupil: score for pupil, (score, _) in found.items()}
    assert scores.keys() == MARKS.keys()
    assert statistics.fmean(scores.values()) == pytest.approx(100, abs=1e-9)
    assert statistics.pstdev(scores.values()) == pytest.approx(15, abs=1e-9)
    mean, deviation = statistics.fmean(MARKS.values()), statistics.pstdev(MARKS.values())
    for pupil, (score, band) in found.items():
        assert score == pytest.approx(100 + 15 * (MARKS[pupil] - mean) / deviation, abs=1e-9)
        assert band == ("GDS" if score >= 110 else "EXS" if score >= 90 else "WTS")
    assert {band for _, band in found.values()} == {"WTS", "EXS", "GDS"}
