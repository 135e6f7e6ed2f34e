"""Which Parquet files a check run reads, and whether each is what the contract says.

Here live the finding of `<table>/<urn>.parquet` files and the look at their footers before anything is
counted: a file of another shape would stop the one pass for every school, and the database's message could
quote a value. No record is read here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from ingest.contract import FINDING_TABLES, RecordKind
from quality.checks import FILE_TABLES
from quality.results import QualityError

# What is no school's: `_empty`, the zero-row file that keeps a glob from failing, and `_trust`, rows of no school.
NO_SCHOOLS = "_"


@dataclass(frozen=True)
class Table:
    """The usable files of one table by school, and what is wrong with the others (names of columns only)."""

    name: str
    schema: pa.Schema
    files: dict[str, Path] = field(default_factory=dict)
    broken: dict[str, str] = field(default_factory=dict)


def find_tables(
    candidates: Path,
    findings: Path,
    last_accepted: Path | None,
    urns: Sequence[str] | None,
    kinds: Mapping[str, RecordKind],
) -> tuple[list[str], dict[str, Table]]:
    """Return the schools to check, sorted, and the tables by name: each kind, each finding, `last <kind>`.

    Without `urns` the schools are those with a file of a kind or a finding. No folder `last_accepted` means
    that nothing was accepted before. Raises QualityError where a folder is not there or no school is left:
    a run over nothing must not read as a pass.
    """
    for folder, what in ((candidates, "candidate records"), (findings, "findings")):
        if not folder.is_dir():
            raise QualityError(
                f"The folder of {what} is not there: {folder}. Expected a folder with one folder a table; "
                "run ingest first."
            )
    places: list[tuple[str, Path, pa.Schema]] = [
        (n, candidates / n, kind.schema) for n, kind in kinds.items()
    ]
    places += [(n, findings / n, FINDING_TABLES[n].schema) for n in FILE_TABLES]
    if urns is None:
        stems = {path.stem for _, folder, _ in places for path in folder.glob("*.parquet")}
        schools = {stem for stem in stems if not stem.startswith(NO_SCHOOLS)}
    else:
        schools = set(urns)
    if not schools:
        raise QualityError(
            "There is no school to check: no URN was given and no school has a file. Expected at least "
            "one; look at the register and the inbox."
        )
    if last_accepted is not None:
        places += [(f"last {n}", last_accepted / n, kind.schema) for n, kind in kinds.items()]
    tables = {}
    for name, folder, schema in places:
        table = tables[name] = Table(name, schema)
        for urn in sorted(schools):
            path = folder / f"{urn}.parquet"
            if not path.is_file():
                continue
            fault = _look_at(path, schema)
            if fault:
                table.broken[urn] = f"{name}: {fault}"
            else:
                table.files[urn] = path
    return sorted(schools), tables


def _look_at(path: Path, schema: pa.Schema) -> str:
    """Return what keeps the file from being read as `schema`, or nothing. Columns may stand in any order."""
    try:
        seen = pq.read_schema(path)
    except (pa.ArrowException, OSError) as problem:
        return f"the file could not be read ({type(problem).__name__})"
    missing = [f.name for f in schema if f.name not in seen.names]
    other = [f.name for f in schema if f.name in seen.names and not _type_of(seen, f.name).equals(f.type)]
    return "; ".join(
        f"{words} {', '.join(names)}"
        for words, names in (("no column", missing), ("another type in", other))
        if names
    )


def _type_of(schema: pa.Schema, name: str) -> pa.DataType:
    if len(schema.get_all_field_indices(name)) != 1:
        return pa.null()  # twice the same name: no telling which is meant
    return schema.field(name).type
