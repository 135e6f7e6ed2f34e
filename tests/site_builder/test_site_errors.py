"""What this room says when the published tables are not what it was promised: where, what was expected, what to do."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from site_tiny_trust import IDENTITY, make_tables, write_tables

from site_builder import PublishedError, build_release


def build(tables: dict[str, list[dict[str, Any]]], tmp_path: Path) -> None:
    build_release(write_tables(tables, tmp_path / "published"), tmp_path / "release", IDENTITY)


def test_a_missing_table_is_named(tmp_path: Path) -> None:
    write_tables(make_tables(), tmp_path / "published")
    (tmp_path / "published/published_checks.parquet").unlink()
    with pytest.raises(PublishedError, match=r"published_checks\.parquet is not in"):
        build_release(tmp_path / "published", tmp_path / "release", IDENTITY)
    assert not (tmp_path / "release").exists()


def test_a_missing_column_is_named_with_those_there_are(tmp_path: Path) -> None:
    folder = write_tables(make_tables(), tmp_path / "published")
    path = folder / "published_kpi_values.parquet"
    pq.write_table(pq.read_table(path).drop_columns(["symbol"]), path)
    with pytest.raises(PublishedError, match=r"no column symbol; it has audience, .*Publish the missing column"):
        build_release(folder, tmp_path / "release", IDENTITY)


def test_a_wrong_type_is_named_with_its_row(tmp_path: Path) -> None:
    folder = write_tables(make_tables(), tmp_path / "published")
    path = folder / "published_ledger.parquet"
    table = pq.read_table(path)
    place = table.column_names.index("records")
    pq.write_table(table.set_column(place, "records", table.column("records").cast(pa.string())), path)
    with pytest.raises(PublishedError, match=r"published_ledger\.records, row 1 holds str; int was expected"):
        build_release(folder, tmp_path / "release", IDENTITY)


@pytest.mark.parametrize(
    ("table", "change", "said"),
    [
        ("published_kpi_values", {"value": None}, "neither a value nor a symbol"),
        ("published_kpi_values", {"symbol": "c"}, "still holds its value"),
        ("published_kpi_values", {"kpi_version": 9}, "version 9"),
        ("published_kpi_values", {"unit_code": "999999"}, "not in published_schools"),
        ("published_kpi_values", {"unit_name": None}, r"unit_name, row 1 is empty"),
        ("published_kpi_values", {"comparison": "better"}, "comparison 'better'; known are above, similar, below"),
        ("published_receipts", {"outcome": "lost"}, "outcome of a receipt 'lost'"),
        ("published_receipts", {"urn": "../900001"}, "because it names a page"),
        ("published_ledger", {"bucket": "mislaid"}, "bucket 'mislaid'"),
        ("published_checks", {"outcome": "maybe"}, "'maybe'"),
        ("published_schools", {"state": "asleep"}, "state of a school 'asleep'"),
    ],
)
def test_what_cannot_be_published_is_said(tmp_path: Path, table: str, change: dict[str, Any], said: str) -> None:
    tables = make_tables()
    tables[table][0].update(change)
    with pytest.raises(PublishedError, match=said):
        build(tables, tmp_path)
    assert not (tmp_path / "release").exists(), "nothing is written before everything is known to be whole"


def test_exactly_one_run_is_expected(tmp_path: Path) -> None:
    tables = make_tables()
    tables["published_run"] *= 2
    with pytest.raises(PublishedError, match="2 rows; exactly one"):
        build(tables, tmp_path)


def test_a_figure_that_rounds_to_nothing_is_not_shown_as_nought(tmp_path: Path) -> None:
    tables = make_tables()
    first = tables["published_kpi_values"][0]
    assert (first["audience"], first["geography"]) == ("site", "School")
    first.update(value=0.04)
    build(tables, tmp_path)
    page = (tmp_path / f"release/site/schools/{first['unit_code']}-figures.html").read_text(encoding="utf-8")
    assert ">low</abbr>" in page
    assert "0.040000" in (tmp_path / "release/site/data/trust_kpi_school.csv").read_text(encoding="utf-8")


def test_a_long_fix_list_is_cut_on_the_page_and_whole_in_the_file(tmp_path: Path) -> None:
    tables = make_tables()
    one = tables["published_fix_list"][0]
    tables["published_fix_list"] += [{**one, "file_row": row} for row in range(1000, 3000)]
    build(tables, tmp_path)
    pack = tmp_path / "release/packs/900001"
    assert (pack / "index.html").stat().st_size < 200_000
    assert "show the first rows only" in (pack / "index.html").read_text(encoding="utf-8")
    assert len((pack / "fix-list.csv").read_text(encoding="utf-8").splitlines()) == 2004
