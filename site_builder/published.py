"""The published tables as Python records: the only thing this room reads.

Here live one dataclass a table and the strict reader that fills them. A missing file, a missing column or
an empty cell where one must stand is an error that says which, what was expected and what to do. Extra
columns are let be, so that dbt may publish more before a page asks for it. Nothing is computed here.
"""

from __future__ import annotations

import dataclasses
import types
import typing
from collections import Counter
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from site_builder.comparisons import Change, FunnelLimit, Latest, Spread
from site_builder.harmony import Agreed, Agreement, FrameworkUsed, Mapping, ScaleSchool, Unmapped
from site_builder.records import (
    Break,
    Check,
    Figure,
    FixItem,
    Freshness,
    Kpi,
    LedgerLine,
    Published,
    Receipt,
    Run,
    School,
    Submission,
    TrustFile,
)


class PublishedError(Exception):
    """The published tables are not what was promised; the message says where, what and the remedy."""


Record = TypeVar("Record")

_NUMBERS = (int, float, Decimal)
# Arrow types whose values are the record's as they are.
_IS_OF: dict[type, Callable[[pa.DataType], bool]] = {
    str: pa.types.is_string,
    date: pa.types.is_date32,
    int: pa.types.is_integer,
    float: pa.types.is_float64,
    bool: pa.types.is_boolean,
}


def _convert(value: Any, kind: type, optional: bool, place: str) -> Any:
    """One cell as the record's type; PublishedError with `place` when it cannot be."""
    if value is None:
        if optional:
            return None
        raise PublishedError(f"{place} is empty; a value was expected. Look at the dbt model that makes this table.")
    if kind is bool and isinstance(value, bool):
        return value
    if kind is int and isinstance(value, _NUMBERS) and not isinstance(value, bool) and value == int(value):
        return int(value)
    if kind is float and isinstance(value, _NUMBERS) and not isinstance(value, bool):
        return float(value)
    if kind in (str, date) and isinstance(value, kind):
        return value
    raise PublishedError(
        f"{place} holds {type(value).__name__}; {kind.__name__} was expected. "
        "Look at the dbt model that makes this table."
    )


def _kinds(record: type) -> dict[str, tuple[type, bool]]:
    """Column name -> (type, may be empty), from the dataclass's own annotations."""
    kinds: dict[str, tuple[type, bool]] = {}
    hints = typing.get_type_hints(record)
    for column in dataclasses.fields(record):
        hint = hints[column.name]
        if isinstance(hint, types.UnionType):
            kinds[column.name] = (next(a for a in hint.__args__ if a is not types.NoneType), True)
        else:
            kinds[column.name] = (hint, False)
    return kinds


def _read(published: Path, table: str, record: type[Record]) -> list[Record]:
    path = published / f"{table}.parquet"
    if not path.is_file():
        raise PublishedError(f"{path.name} is not in {published}; it was expected there. Run a refresh to publish it.")
    kinds = _kinds(record)
    there = pq.read_schema(path).names
    absent = [name for name in kinds if name not in there]
    if absent:
        raise PublishedError(
            f"{path.name} has no column {', '.join(absent)}; it has {', '.join(there)}. "
            "Publish the missing column in dbt, or rebuild the lake with this version of the code."
        )
    data = pq.read_table(path, columns=list(kinds))
    columns = [
        _list_cells(data.column(name), kind, optional, f"{table}.{name}") for name, (kind, optional) in kinds.items()
    ]
    return [record(*cells) for cells in zip(*columns, strict=True)]


def _list_cells(column: pa.ChunkedArray, kind: type, optional: bool, place: str) -> list[Any]:
    """The cells of a column as the record's type.

    A column that has this type already is taken whole. Its texts and days are few and stand in many rows, so each is
    made once and shared.
    """
    gaps = pc.indices_nonzero(column.is_null()).to_pylist() if optional and column.null_count else []
    if not column.null_count or gaps:
        if kind in (str, date) and _IS_OF[kind](column.type):
            coded = column.combine_chunks().dictionary_encode()
            known = coded.dictionary.to_pylist()
            cells = [known[code] for code in coded.indices.fill_null(0).to_numpy().tolist()] if known else []
        elif kind in _IS_OF and kind not in (str, date) and _IS_OF[kind](column.type):
            filled = column.fill_null(kind(0)) if gaps else column
            cells = filled.to_numpy().tolist()
        else:
            cells = []
        if len(cells) == len(column):
            for gap in gaps:
                cells[gap] = None
            return cells
    cells = column.to_pylist()
    return [_convert(cell, kind, optional, f"{place}, row {row}") for row, cell in enumerate(cells, start=1)]


def _order(text: str | None) -> tuple[str, str]:
    return ((text or "").casefold(), text or "")


def _tell_apart(schools: list[School]) -> list[School]:
    """Schools of one name (as before and after a change of URN) are shown with their URNs."""
    names = Counter(school.name for school in schools)
    return [
        dataclasses.replace(school, name=f"{school.name} (URN {school.urn})") if names[school.name] > 1 else school
        for school in schools
    ]


def read_published(published: Path) -> Published:
    """Read every published table below `published`.

    Raises PublishedError when a file or column is missing, a cell that must be filled is empty, or
    published_run has not exactly one row. Schools are in the order of their names, receipts in the order of
    arrival.
    """
    runs = _read(published, "published_run", Run)
    if len(runs) != 1:
        raise PublishedError(
            f"published_run.parquet has {len(runs)} rows; exactly one was expected. Run a refresh to publish it again."
        )
    return Published(
        run=runs[0],
        schools=sorted(
            _tell_apart(_read(published, "published_schools", School)), key=lambda s: (_order(s.name), s.urn)
        ),
        kpis=sorted(_read(published, "published_kpis", Kpi), key=lambda k: (k.sort_order or 0, k.kpi, k.version)),
        figures=_read(published, "published_kpi_values", Figure),
        receipts=sorted(
            _read(published, "published_receipts", Receipt), key=lambda r: (r.urn, r.arrival, r.receipt_id)
        ),
        ledger=_read(published, "published_ledger", LedgerLine),
        fix_list=_read(published, "published_fix_list", FixItem),
        checks=_read(published, "published_checks", Check),
        breaks=sorted(_read(published, "published_breaks", Break), key=lambda b: (b.urn, b.break_on, b.kind)),
        trust_files=sorted(_read(published, "published_trust_files", TrustFile), key=lambda f: f.file_name),
        latest=_read(published, "published_latest", Latest),
        changes=_read(published, "published_changes", Change),
        spreads=_read(published, "published_spread", Spread),
        funnels=_read(published, "published_funnel", FunnelLimit),
        submissions=_read(published, "published_submissions", Submission),
        freshness=_read(published, "published_freshness", Freshness),
        mappings=_read(published, "published_mappings", Mapping),
        scale_schools=_read(published, "published_scale_schools", ScaleSchool),
        unmapped=_read(published, "published_unmapped", Unmapped),
        autonomy=_read(published, "published_autonomy", Agreed),
        agreement=_read(published, "published_agreement", Agreement),
        frameworks=_read(published, "published_frameworks", FrameworkUsed),
    )
