"""The tables of lake/config: their schemas, what stands in them, and that their bytes are stable."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from ingest.home import load_home, write_config
from ingest.home.config import list_config_records
from ingest.home.config_tables import CONFIG_TABLES

# The interface with the warehouse, as agreed: text unless said.
AGREED = {
    "run": "as_of DATE, contract_version, key_id, demo BOOL",
    "trust": "group_id, group_uid, name",
    "academic_years": "academic_year, time_period, starts DATE, ends DATE",
    "schools": "urn, laestab, name, phase, school_type, lowest_age INT, highest_age INT, cluster, "
    "joined DATE, left_on DATE, predecessor_urn, old_la_code, new_la_code, la_name, region_code, region_name",
    "windows": "window_name, title, phase, academic_year, year_group, opens DATE, closes DATE, "
    "tolerance_days INT, sort_order INT",
    "window_labels": "window_name, label",
    "window_subjects": "window_name, subject",
    "subjects": "subject, sort_order INT",
    "assessments": "assessment, title, construct, comparability_class, result_type",
    "custom_groups": "group_set, title, group_name, label, sort_order INT",
    "kpis": "kpi, version INT, kind, title, numerator, denominator, mean_of, unit, direction, dp INT, "
    "min_n INT, interval, comparability, status, owner, year_groups, population, family, why_it_matters, "
    "how_calculated, what_good_looks_like, exemplification, authored_by, checked_by, next_review DATE, "
    "valid_from DATE, valid_to DATE, sort_order INT",
    "kpi_breakdowns": "kpi, version INT, breakdown",
    "audiences": "audience, min_n INT",
}
KINDS = {"": pa.string(), "DATE": pa.date32(), "INT": pa.int32(), "BOOL": pa.bool_()}
AS_OF = dt.date(2026, 3, 1)


def read(home: Path, table: str) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = pq.read_table(home / "lake" / "config" / f"{table}.parquet").to_pylist()
    return rows


@pytest.fixture
def written(tiny: Path) -> Path:
    write_config(load_home(tiny), AS_OF, "demo")
    return tiny


def test_the_files_are_the_agreed_tables(written: Path) -> None:
    folder = written / "lake" / "config"
    assert {path.name for path in folder.iterdir()} == {f"{table}.parquet" for table in AGREED}
    for table, columns in AGREED.items():
        pairs = [column.partition(" ")[::2] for column in columns.split(", ")]
        expected = pa.schema([pa.field(name, KINDS[kind]) for name, kind in pairs])
        assert pq.read_schema(folder / f"{table}.parquet").equals(expected), table


def test_every_record_fills_every_column(tiny: Path) -> None:
    # A column a record does not name would be written as missing without a word.
    for table, records in list_config_records(load_home(tiny), AS_OF, "demo").items():
        assert records, table
        assert all(set(record) == set(CONFIG_TABLES[table].names) for record in records), table


def test_what_stands_in_the_tables(written: Path) -> None:
    assert read(written, "run") == [{"as_of": AS_OF, "contract_version": "1", "key_id": "demo", "demo": True}]
    assert read(written, "trust") == [{"group_id": "TR09901", "group_uid": "99901", "name": "Tiny Trust"}]
    assert read(written, "academic_years")[0] == {
        "academic_year": "2024/25",
        "time_period": "202425",
        "starts": dt.date(2024, 9, 1),
        "ends": dt.date(2025, 8, 31),
    }
    assert read(written, "schools")[2] == {
        "urn": "999903",
        "laestab": "0014003",
        "name": "Cedar Secondary School",
        "phase": "Secondary",
        "school_type": "Academy converter",
        "lowest_age": 11,
        "highest_age": 16,
        "cluster": "East",
        "joined": None,
        "left_on": dt.date(2026, 8, 31),
        "predecessor_urn": None,
        "old_la_code": "001",
        "new_la_code": "x",
        "la_name": "Not available",
        "region_code": "x",
        "region_name": "Not available",
    }
    assert read(written, "subjects") == [
        {"subject": "English", "sort_order": 1},
        {"subject": "Mathematics", "sort_order": 2},
        {"subject": "Science", "sort_order": 3},
    ]
    assert read(written, "assessments")[2]["title"] == "Teacher Assessment"
    assert {"window_name": "mocks", "label": "autumn"} in read(written, "window_labels")
    assert {"window_name": "mocks", "subject": "Science"} in read(written, "window_subjects")
    assert read(written, "audiences") == [
        {"audience": "site", "min_n": 3},
        {"audience": "central", "min_n": 1},
        {"audience": "pack", "min_n": 1},
    ]
    assert read(written, "custom_groups")[1:] == [
        {
            "group_set": "breakfast_club",
            "title": "Breakfast club",
            "group_name": "N",
            "label": "Does not attend",
            "sort_order": 2,
        },
        {"group_set": "house", "title": "House", "group_name": None, "label": None, "sort_order": 3},
    ]
    assert read(written, "kpi_breakdowns")[0] == {
        "kpi": "judgement_coverage",
        "version": 1,
        "breakdown": "sex",
    }
    mean_mark = read(written, "kpis")[0]  # by family, then title: the order of the pages
    assert (mean_mark["kpi"], mean_mark["mean_of"], mean_mark["numerator"], mean_mark["min_n"]) == (
        "mean_mark",
        "mark",
        None,
        None,
    )


def test_windows_are_written_out_for_every_year_and_year_group(written: Path) -> None:
    windows = read(written, "windows")
    assert len(windows) == 2 * 2 + 2 * 2 + 1 * 2
    mocks = [row for row in windows if row["window_name"] == "mocks"]
    assert [(row["academic_year"], row["opens"], row["closes"], row["year_group"]) for row in mocks] == [
        ("2024/25", dt.date(2024, 11, 20), dt.date(2025, 1, 20), "11"),
        ("2025/26", dt.date(2025, 11, 20), dt.date(2026, 1, 20), "11"),
    ]


def test_tables_without_rows_keep_their_schema(tiny: Path) -> None:
    (tiny / "schools.csv").write_text("urn,name,phase\n", encoding="utf-8")
    for kpi in (tiny / "kpis").iterdir():
        kpi.unlink()
    write_config(load_home(tiny), AS_OF, "demo")
    for table in ("schools", "kpis", "kpi_breakdowns"):
        content = pq.read_table(tiny / "lake" / "config" / f"{table}.parquet")
        assert content.num_rows == 0
        assert content.schema.equals(CONFIG_TABLES[table])


def test_the_same_home_gives_the_same_bytes(written: Path) -> None:
    folder = written / "lake" / "config"
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    write_config(load_home(written), AS_OF, "demo")
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    write_config(load_home(written), AS_OF + dt.timedelta(days=1), "demo")
    changed = {path.name for path in folder.iterdir() if path.read_bytes() != before[path.name]}
    assert changed == {"run.parquet"}
