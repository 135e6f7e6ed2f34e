"""Whole columns are written as single figures are: the same rounding, the same quoting, the same order."""

from __future__ import annotations

import random
from pathlib import Path

import pyarrow as pa
import pytest
from site_tiny_trust import IDENTITY

from site_builder.context import Context
from site_builder.csv_files import CsvTable, write_columns, write_csv
from site_builder.extract_column import FILE_SYMBOLS
from site_builder.extract_columns import EXTRACTS, key_of
from site_builder.extract_rows import Numbers, Texts, read_figures, write_fixed_column
from site_builder.extracts import gather_extract, write_extract
from site_builder.published import read_published
from site_builder.words import SYMBOLS
from site_builder.writing import write_fixed

HARD = [
    *(0.0, -0.0, 1e-7, 5e-7, 4.9999999e-7, -5e-7, -4e-7, 1e-300, 2.675, 0.0000015, -1.0000005, 0.1 + 0.2, 1 / 3),
    *(1e15, 123456789012.3456785, 1e21, 99.9999995, 100.0, 5e-324, 1e-40, 95.34787449999999),
]


def write_one_by_one(values: list[float | None]) -> list[str | None]:
    written = [None if value is None else write_fixed(value) for value in values]
    return [None if text == "low" else text for text in written]


def test_a_column_is_rounded_as_one_figure_is() -> None:
    chance = random.Random(20260717)
    many = [chance.uniform(-120, 120) for _ in range(2000)] + [k / 2_000_000 for k in range(-400, 400)]
    for values in (many, [*HARD, None], [1e-45, 7.0], [1e40, 7.0], []):
        got = write_fixed_column(pa.array(values, pa.float64())).to_pylist()
        assert got == write_one_by_one(values)


def test_columns_are_quoted_and_made_harmless_as_rows_are() -> None:
    cells = ["plain", "a,b", 'say "so"', "=1+1", "two\nlines", "-", "", "'", " space ", "\r", "é", "+44"]
    texts = Texts(cells, pa.array(range(len(cells))))
    same = Texts(["same,"], pa.array([0] * len(cells)))
    numbers = Numbers(pa.array(["-1.500000", None] * 6), pa.array([None, "c"] * 6))
    rows = [(cell, "same,", number) for cell, number in zip(cells, ["-1.500000", "c"] * 6, strict=True)]
    by_rows = write_csv(CsvTable(("a", "b", "v"), rows, frozenset({"v"})))
    assert write_columns(["a", "b", "v"], [texts, same, numbers], len(cells)) == by_rows
    assert b'\n\'=1+1,"same,",c\n' in by_rows
    assert write_columns(["a"], [Texts([], pa.array([], pa.int32()))], 0) == b"a\n"


def test_a_figure_that_rounds_to_nothing_is_low_and_a_hidden_one_stays_hidden(tiny_published: Path) -> None:
    context = Context(read_published(tiny_published), IDENTITY)
    figures = read_figures(tiny_published)
    place = figures.column_names.index("value")
    tiny = pa.array([None if value is None else 1e-9 for value in figures["value"].to_pylist()], pa.float64())
    extract = gather_extract(context, figures.set_column(place, "value", tiny), "trust_kpi_school", "site")
    cells = extract.numbers("value")
    assert set(cells.written.to_pylist()) == {"low", "c", "u", "x"}
    assert set(cells.text.to_pylist()) == {None}


def test_every_column_says_what_it_is_once() -> None:
    for _, columns in EXTRACTS.values():
        names, labels = [column.name for column in columns], [column.label for column in columns]
        assert len(set(names)) == len(names)
        assert len(set(labels)) == len(labels), "a workbook's table needs headings that differ"
        for column in columns:
            assert column.meaning, column.name
            assert column.source, column.name
            assert column.role in ("place", "filter", "indicator", "topic")
            assert (column.role == "indicator") == (column.type != "text"), column.name
        assert set(key_of(columns)) <= set(names)
    assert set(FILE_SYMBOLS) == set(SYMBOLS) - {"–"}


@pytest.mark.parametrize("stem", EXTRACTS)
def test_rows_stand_in_one_order_whatever_the_order_they_come_in(tiny_published: Path, stem: str) -> None:
    context = Context(read_published(tiny_published), IDENTITY)
    figures = read_figures(tiny_published)
    backwards = figures.take(list(range(figures.num_rows - 1, -1, -1)))
    first = gather_extract(context, figures, stem, "central")
    assert write_extract(gather_extract(context, backwards, stem, "central")) == write_extract(first)
    periods = first.texts("time_period")
    years = periods.spread(periods.values).to_pylist()
    assert years == sorted(years)
