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
MAPPING = (
    "scale, source, framework, version, school, subject, year_group, window_name, comparability_class, rationale, "
    "authored_by, approved_by, approved_on DATE, valid_from DATE, valid_to DATE, "
)
AGREED = {
    "run": "as_of DATE, contract_version, key_id, demo BOOL",
    "trust": "group_id, group_uid, name",
    "academic_years": "academic_year, time_period, starts DATE, ends DATE",
    "schools": "urn, laestab, name, phase, school_type, lowest_age INT, highest_age INT, cluster, "
    "joined DATE, left_on DATE, predecessor_urn, old_la_code, new_la_code, la_name, region_code, region_name",
    "windows": "window_name, title, phase, academic_year, year_group, opens DATE, closes DATE, "
    "tolerance_days INT, sort_order INT",
    "half_terms": "urn, academic_year, half_term, term, title, starts DATE, ends DATE, basis, sort_order INT",
    "feeds": "urn, format, valid_from DATE, valid_to DATE",
    "window_labels": "window_name, label",
    "window_subjects": "window_name, subject",
    "subjects": "subject, sort_order INT",
    "assessments": "assessment, title, construct, comparability_class, result_type, compared_as",
    "custom_groups": "group_set, title, group_name, label, sort_order INT",
    "kpis": "kpi, version INT, kind, title, numerator, denominator, mean_of, unit, direction, dp INT, "
    "min_n INT, interval, comparability, status, owner, year_groups, population, family, why_it_matters, "
    "how_calculated, what_good_looks_like, exemplification, authored_by, checked_by, next_review DATE, "
    "valid_from DATE, valid_to DATE, sort_order INT, headline INT, parts",
    "kpi_periods": "kpi, version INT, period_kind",
    "kpi_breakdowns": "kpi, version INT, breakdown",
    "audiences": "audience, min_n INT",
    "autonomy": "domain, title, rule, note, sort_order INT",
    "frameworks": "urn, domain, uses, valid_from DATE, valid_to DATE",
    "freshness": "attendance_school_days INT, window_days INT, roll_days INT",
    "scales": MAPPING + "code, meaning, band, points NUMBER",
    "scale_cuts": MAPPING + "of_what, band, at_least NUMBER",
    "targets": "owner, kpi, academic_year, period, subject, year_group, target NUMBER",
    "statements": "owner, framework, version, statement, text, subject, year_group, strand, exemplification, "
    "links_to, valid_from DATE, valid_to DATE",
}
KINDS = {
    "": pa.string(),
    "DATE": pa.date32(),
    "INT": pa.int32(),
    "BOOL": pa.bool_(),
    "NUMBER": pa.float64(),
}
AS_OF = dt.date(2026, 3, 1)


def read(home: Path, table: str) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = pq.read_table(home / "lake" / "config" / f"{table}.parquet").to_pylist()
    return rows


@pytest.fixture
def full(tiny: Path) -> Path:
    """The tiny home with one of everything that may also be there."""
    agreed = (
        "autonomy:\n  - {domain: kpis, rule: 'trust-set, school may add', note: Agreed by the heads}\n"
        "frameworks:\n  - {school: 999902, domain: tracker, uses: Insight, from: 2024-09-01}\n"
    )
    feed = "feeds:\n  - {school: 999903, format: marksheet, until: 2025-12-31}\n"
    with (tiny / "trust.yml").open("a", encoding="utf-8") as trust:
        trust.write(feed + agreed)
    for folder in ("scales", "curriculum"):
        (tiny / folder).mkdir()
    (tiny / "scales" / "oakmark.csv").write_text(
        "source,framework,version,subject,year_group,window,code,band,points,comparability_class,rationale,"
        "approved_by,valid_from,valid_to\n"
        "markbook_judgements,Steps,1,,3,autumn,w+,EXS,,D,Agreed by the subject leads,Education director,2025-09-01,\n",
        encoding="utf-8",
    )
    (tiny / "scales" / "percent.yml").write_text(
        "scale: percent\ntitle: Percent of objectives\nsource: classroom_monitor_scores\n"
        "framework: Objectives met of all\n"
        "version: '1'\ncomparability_class: D\nrationale: Agreed\napproved_by: Education director\n"
        "valid_from: 2025-09-01\nkind: cuts\nof: value\ncuts:\n  - {WTS: null, EXS: 60, GDS: 90}\n",
        encoding="utf-8",
    )
    (tiny / "targets.csv").write_text(
        "owner,kpi,academic_year,period,subject,year_group,target\ntrust,attendance,2025/26,,,,95.5\n",
        encoding="utf-8",
    )
    (tiny / "curriculum" / "mathematics.csv").write_text(
        "owner,framework,version,statement,text,subject,year_group,strand,exemplification,valid_from,valid_to\n"
        'trust,Core,2,N3,"Rounds to the nearest ten, hundred",Mathematics,4,Number,,01/09/2025,\n',
        encoding="utf-8",
    )
    return tiny


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


def test_every_record_fills_every_column(full: Path) -> None:
    # A column a record does not name would be written as missing without a word.
    for table, records in list_config_records(load_home(full), AS_OF, "demo").items():
        assert records, table
        assert all(set(record) == set(CONFIG_TABLES[table].names) for record in records), table


def test_what_stands_in_the_tables(written: Path) -> None:
    assert read(written, "run") == [{"as_of": AS_OF, "contract_version": "2", "key_id": "demo", "demo": True}]
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
    assert read(written, "freshness") == [{"attendance_school_days": 10, "window_days": 7, "roll_days": 30}]
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
    assert next(row for row in read(written, "kpi_breakdowns") if row["kpi"] == "attendance") == {
        "kpi": "attendance",
        "version": 1,
        "breakdown": "population",
    }
    assert [row["period_kind"] for row in read(written, "kpi_periods") if row["kpi"] == "attendance"] == [
        "week",
        "half_term",
        "term",
        "year_to_date",
    ]
    in_order = [row["kpi"] for row in read(written, "kpis")]  # by family, then title: the order of the pages
    assert in_order == [
        "at_expected",
        "at_or_above_expected",
        "greater_depth",
        "mean_mark",
        "working_below",
        "working_towards",
        "attendance",
        "authorised_absence",
        "late_arrivals",
        "persistent_absence",
        "severe_absence",
        "unauthorised_absence",
        "suspension_rate",
        "judgement_coverage",
        "statements_secure_of_assessed",
        "statements_assessed",
        "statements_secure",
    ]
    mean_mark = next(row for row in read(written, "kpis") if row["kpi"] == "mean_mark")
    assert (mean_mark["kpi"], mean_mark["mean_of"], mean_mark["numerator"], mean_mark["min_n"]) == (
        "mean_mark",
        "mark",
        None,
        None,
    )


def test_what_stands_in_the_tables_people_keep(full: Path) -> None:
    write_config(load_home(full), AS_OF, "demo")
    assert read(full, "feeds") == [
        {"urn": "999903", "format": "marksheet", "valid_from": None, "valid_to": dt.date(2025, 12, 31)}
    ]
    assert [row for row in read(full, "scales") if row["scale"] == "oakmark"] == [
        {
            "scale": "oakmark",
            "source": "markbook_judgements",
            "framework": "Steps",
            "version": "1",
            "school": None,
            "subject": None,
            "year_group": "3",
            "window_name": "autumn",
            "code": "w+",
            "meaning": None,
            "band": "EXS",
            "points": None,
            "comparability_class": "D",
            "rationale": "Agreed by the subject leads",
            "authored_by": None,
            "approved_by": "Education director",
            "approved_on": None,
            "valid_from": dt.date(2025, 9, 1),
            "valid_to": None,
        }
    ]
    assert read(full, "autonomy") == [
        {
            "domain": "kpis",
            "title": "KPIs",
            "rule": "trust-set, school may add",
            "note": "Agreed by the heads",
            "sort_order": 1,
        }
    ]
    assert read(full, "frameworks")[0]["uses"] == "Insight"
    assert read(full, "targets")[0]["target"] == 95.5
    assert read(full, "statements")[0]["text"] == "Rounds to the nearest ten, hundred"
    # Where the LAESTAB is not known the register may say the authority.
    assert [row["old_la_code"] for row in read(full, "schools")] == ["001", "001", "001"]


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
    for table in ("schools", "half_terms", "feeds", "kpis", "kpi_periods", "kpi_breakdowns", "targets"):
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
