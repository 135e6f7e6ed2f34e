"""The Parquet twins: the CSV's rows with real types, symbols beside, and nothing that tells of a hidden cell."""

from __future__ import annotations

import csv
import json
import struct
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from site_tiny_trust import HIDDEN_MEAN, IDENTITY, NAMES

from site_builder.extract_columns import EXTRACTS

FILES = [(folder, stem) for folder in ("site/data", "extracts") for stem in EXTRACTS]


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@pytest.mark.parametrize(("folder", "stem"), FILES)
def test_the_twin_holds_what_the_csv_holds(tiny_release: Path, folder: str, stem: str) -> None:
    rows = read(tiny_release / folder / f"{stem}.csv")
    twins = pq.read_table(tiny_release / folder / f"{stem}.parquet").to_pylist()
    assert len(twins) == len(rows) > 0
    for row, twin in zip(rows, twins, strict=True):
        for column in EXTRACTS[stem][1]:
            cell, number = row[column.name], twin[column.name]
            if column.role == "indicator":
                assert cell == twin[f"{column.name}_symbol"] if number is None else float(cell) == number
                assert (number is None) != (twin[f"{column.name}_symbol"] is None), "a number or a symbol, never both"
            else:
                assert cell in (str(number), f"'{number}")
    names = {twin.get("school_name") for twin in twins}
    if stem == "trust_kpi_school":
        assert NAMES["900003"] in names, "text stands as it is"


@pytest.mark.parametrize(("folder", "stem"), FILES)
def test_columns_have_types_and_say_what_they_mean(tiny_release: Path, folder: str, stem: str) -> None:
    file = pq.ParquetFile(tiny_release / folder / f"{stem}.parquet")
    schema = file.schema_arrow
    kinds = {"text": pa.string(), "integer": pa.int64(), "number": pa.float64()}
    for column in EXTRACTS[stem][1]:
        field = schema.field(column.name)
        assert field.type == (pa.int64() if column.name == "kpi_version" else kinds[column.type])
        assert field.metadata[b"description"].decode() == column.meaning
        assert field.metadata[b"label"].decode() == column.label
    about = file.schema_arrow.metadata
    assert about[b"release"].decode() == IDENTITY.release_id
    assert json.loads(about[b"columns"])["value"]["unit"] == "the KPI's"
    assert set(json.loads(about[b"symbols"])) == {"c", "x", "z", "u", "low"}


@pytest.mark.parametrize("stem", EXTRACTS)
def test_no_statistics_and_no_trace_of_a_hidden_figure(tiny_release: Path, stem: str) -> None:
    path = tiny_release / "site/data" / f"{stem}.parquet"
    found = pq.ParquetFile(path).metadata
    groups = [found.row_group(number) for number in range(found.num_row_groups)]
    for group in groups:
        for place in range(group.num_columns):
            column = group.column(place)
            assert not column.is_stats_set, column.path_in_schema
            assert not column.has_column_index
            assert not column.has_offset_index
    plain = pa.BufferOutputStream()
    pq.write_table(pq.read_table(path), plain, compression="none", use_dictionary=False)
    told = struct.pack("<d", round(HIDDEN_MEAN, 6))
    assert told not in plain.getvalue().to_pybytes()
    if stem == "trust_kpi_school":
        open_to_all = pa.BufferOutputStream()
        central = pq.read_table(tiny_release / "extracts" / f"{stem}.parquet")
        pq.write_table(central, open_to_all, compression="none", use_dictionary=False)
        assert told in open_to_all.getvalue().to_pybytes(), "or the line above proves nothing"
