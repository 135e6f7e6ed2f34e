"""Homes to read exports in, by the same doors a refresh and `plumbline check` use."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
from export_cases import URN, make_pupil

from ingest import BUILT_IN, FormatFile, load_formats, settle, take_in
from ingest.contract import RECORD_KINDS
from ingest.home import Home, load_home, read_secret
from ingest.invent import Entry, write_export

TINY = Path(__file__).parents[2] / "homes" / "tiny"
SAMPLE_ROLL = Path(__file__).parents[2] / "samples" / "pupil_list.csv"
AS_OF = dt.date(2025, 12, 19)

Tables = dict[str, list[dict[str, Any]]]


def read_tables(path: Path, formats: dict[str, FormatFile], as_of: dt.date = AS_OF) -> Tables:
    """Take in what lies in a home's inbox, settle it, and return the lake's tables of all schools as rows."""
    home = load_home(path)
    settle(home, take_in(home, formats, read_secret(home), as_of), {}, as_of)
    tables: Tables = {}
    for group, names in (("records", list(RECORD_KINDS)), ("findings", ["receipts", "record_counts", "fix_list"])):
        for name in names:
            files = sorted((path / "lake" / group / name).glob("9*.parquet"))
            tables[name] = [row for file in files for row in pq.read_table(file).to_pylist()]
    return tables


class Homes:
    """Copies of tests/homes/tiny: without a roll (for files that make it), with six pupils, with the samples' six."""

    def __init__(self, empty: Home, with_roll: Home, with_sample_roll: Home) -> None:
        self.empty, self.with_roll, self.with_sample_roll = empty, with_roll, with_sample_roll

    def __repr__(self) -> str:  # a failing property prints it
        return "Homes()"


def make_homes(folder: Path) -> Homes:
    """Make the homes in an empty folder."""
    found = []
    formats = load_formats([BUILT_IN])
    roll = [Entry("pupils", make_pupil(number), {"academic_year": "2024/25", "sex": "F"}) for number in range(1, 7)]
    for name in ("empty", "with_roll", "with_sample_roll"):
        path = folder / name
        shutil.copytree(TINY, path, ignore=shutil.ignore_patterns("inbox", "lake", "history", "releases", "dagster"))
        (path / "inbox").mkdir()
        if name != "empty":
            sent = path / "inbox" / URN / "roll.csv"
            write_export(formats["pupil_list"], roll, sent)
            if name == "with_sample_roll":
                shutil.copy(SAMPLE_ROLL, sent)
            assert len(read_tables(path, formats)["pupils"]) == len(roll)
        found.append(load_home(path))
    return Homes(*found)
