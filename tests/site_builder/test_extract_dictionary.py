"""The data dictionary: everything a reader may meet in a file has its line, made from what declares it."""

from __future__ import annotations

import csv
import dataclasses
from pathlib import Path

from site_tiny_trust import IDENTITY

from site_builder.context import Context
from site_builder.dictionary import COLUMNS, gather_dictionary, write_dictionary
from site_builder.extract_columns import EXTRACTS
from site_builder.published import read_published

CONTRACT = [
    {
        "table": "results",
        "grain": "one row per pupil and subject",
        "name": "mark",
        "type": "decimal",
        "unit": "marks",
        "meaning": "the value as a number",
        "source": "a school's export",
    }
]


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def test_every_column_of_every_file_is_in_it(tiny_release: Path) -> None:
    for folder in ("site/data", "extracts"):
        lines = read(tiny_release / folder / "dictionary.csv")
        assert tuple(lines[0]) == COLUMNS
        for stem in (*EXTRACTS, "kpis"):
            header = (tiny_release / folder / f"{stem}.csv").read_text("utf-8").split("\n")[0].split(",")
            assert [line["name"] for line in lines if line["table"] == stem] == header
        assert all(line["meaning"] and line["type"] and line["source"] for line in lines)


def test_kpis_have_a_line_a_version_and_a_row_in_their_list(tiny_release: Path) -> None:
    lines = [line for line in read(tiny_release / "extracts/dictionary.csv") if line["table"] == "KPI"]
    assert [line["name"] for line in lines] == ["judgement_coverage", "mean_mark", "mean_mark"]
    assert "version 2, valid from 2024-09-01" in lines[2]["source"]
    kpis = read(tiny_release / "extracts/kpis.csv")
    keys = {(row["kpi"], row["kpi_version"]) for row in kpis}
    used = {(row["kpi"], row["kpi_version"]) for row in read(tiny_release / "extracts/trust_kpi_school.csv")}
    assert keys == used
    assert {row["title"] for row in kpis} == {"Judgement coverage", "Mean mark"}


def test_the_contract_comes_with_the_identity_and_the_tables_are_parts(tiny_published: Path) -> None:
    identity = dataclasses.replace(IDENTITY, contract=CONTRACT)
    parts = gather_dictionary(Context(read_published(tiny_published), identity))
    assert [part.table for part in parts] == [*EXTRACTS, "kpis", "KPI", "results"]
    assert parts[-1].title == "Records read from exports: one row per pupil and subject"
    (line,) = parts[-1].lines
    assert (line.name, line.unit, line.meaning) == ("mark", "marks", "the value as a number")
    table = write_dictionary(parts)
    assert len(list(table.rows)) == sum(len(part.lines) for part in parts)
