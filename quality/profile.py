"""The profile: one row of counts per school, made in one DuckDB pass over candidates and findings.

Here the query of counting.py is run, in memory. Every figure is a count, a percentage or a yes/no; no cell
of a record is carried along. Where a school sent no file of a kind the kind's columns are empty, never 0;
where it did, its counts are never empty. Only a measure marked optional may be empty then: nothing was used
or set aside, nothing was accepted before, or no subject has enough results to ask. What is too much or too
little is judged in judge.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import nan
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import pyarrow as pa

from ingest.contract import RecordKind
from quality.checks import Check
from quality.counting import write_sql
from quality.measures import literal, quote
from quality.results import Thresholds
from quality.tables import Table

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Profile:
    """The counts, and the schools that could not be counted (with the kind of error: its text may quote a
    value).

    frame: one row per school: `urn` (text) and float64 columns, empty where not applicable. An uncounted
    school has a row of empty cells.
    """

    frame: pd.DataFrame
    uncounted: dict[str, str]


def make_profile(
    schools: Sequence[str],
    tables: Mapping[str, Table],
    checks: Sequence[Check],
    kinds: Mapping[str, RecordKind],
    thresholds: Thresholds,
    spill: Path,
) -> Profile:
    """Return the profile of `schools` with every column the checks name.

    `spill` is a folder DuckDB may use beside memory; it is made only if needed and must be as private as
    the records. Where the one pass stops on a damaged file, each school is counted by itself, so that only
    the school whose file it is goes uncounted.
    """
    import pandas as pd

    columns = sorted({name for check in checks for name in _list_columns(check)})
    faults = {m.column: m.condition for check in checks for m in check.measures if m.condition}
    last = {name for name in kinds if f"last {name}" in tables}
    with_files = {name for name in kinds if tables[name].files} | {n for n in last if tables[f"last {n}"].files}

    def count(some: Sequence[str]) -> pd.DataFrame:
        with duckdb.connect(":memory:") as connection:
            connection.execute(f"SET temp_directory = {literal(str(spill))}")
            connection.register("schools", pa.table({"urn": pa.array(some, pa.string())}))
            for table in tables.values():
                _open(connection, table, some)
            counted = connection.execute('SELECT DISTINCT kind FROM "in record_counts"').fetchall()
            sql = write_sql(kinds, faults, columns, last, used=with_files | {kind for (kind,) in counted})
            asked = {name: getattr(thresholds, name) for name in set(re.findall(r"\$([a-z_]+)", sql))}
            return connection.execute(sql, asked).df()

    frames, uncounted = [], {}
    try:
        frames.append(count(schools))
    except duckdb.Error:
        for urn in schools:
            try:
                frames.append(count([urn]))
            except duckdb.Error as problem:
                uncounted[urn] = type(problem).__name__
                frames.append(pd.DataFrame({"urn": [urn], **{name: [nan] for name in columns}}))
    return Profile(pd.concat(frames, ignore_index=True), uncounted)


def _list_columns(check: Check) -> Iterator[str]:
    yield from (check.among, check.applies)
    for measure in check.measures:
        yield measure.column
        if measure.affected:
            yield measure.affected


def _open(connection: duckdb.DuckDBPyConnection, table: Table, schools: Sequence[str]) -> None:
    """Make the view `in <table>`; `school` is the name of the file, whatever the rows in it say."""
    files = [table.files[urn] for urn in schools if urn in table.files]
    if not files:
        empty = table.schema.append(pa.field("school", pa.string())).empty_table()
        connection.register(f"in {table.name}", empty)
        return
    paths = ", ".join(literal(_without_globs(path)) for path in files)
    names = ", ".join(quote(name) for name in table.schema.names)
    connection.execute(
        f"CREATE VIEW {quote(f'in {table.name}')} AS "
        f"SELECT {names}, parse_filename(filename, true) AS school "
        f"FROM read_parquet([{paths}], filename = true, union_by_name = true)"
    )


def _without_globs(path: Path) -> str:
    """Return the path with the signs of a glob made plain: a home may be called `Trust [new]`."""
    return "".join(f"[{sign}]" if sign in "*?[" else sign for sign in str(path))
