"""A data file and the metadata beside it, as text: what the rules of `plumbline extracts check` look at.

Here lives the reading, which must take any file without falling over: what cannot be read is something a rule says.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv as pa_csv

PLACES = (
    *("time_period", "time_identifier", "geographic_level", "country_code", "country_name"),
    *("region_code", "region_name", "old_la_code", "new_la_code", "la_name", "lad_code", "lad_name"),
    *("trust_id", "trust_name", "school_urn", "school_laestab", "school_name"),
)
CODES = ("country_code", "region_code", "old_la_code", "new_la_code", "lad_code", "trust_id", "school_urn")
BLANK = ""


class ScreenedFile:
    """One extract as it lies on disk: `data` and `meta` are bytes, `meta` None where there is no such file."""

    def __init__(self, name: str, data: bytes, meta: bytes | None) -> None:
        """`name` is the data file's own, without a folder."""
        self.name, self.data, self._meta = name, data, meta

    @property
    def stem(self) -> str:
        """The name without its ending."""
        return self.name.removesuffix(".csv")

    @property
    def is_utf8(self) -> bool:
        """Whether both files are UTF-8."""
        try:
            self.data.decode("utf-8")
            (self._meta or b"").decode("utf-8")
        except UnicodeDecodeError:
            return False
        return True

    @cached_property
    def _scan(self) -> tuple[list[str], list[int]]:
        """The headings, and the rows that have not as many cells; row 0 where nothing can be read."""
        try:
            lines = csv.reader(io.StringIO(self.data.decode("utf-8-sig"), newline=""), strict=True)
            header = next(lines)
            if not header:
                return [], [0]
            return header, [n for n, cells in enumerate(lines, start=2) if len(cells) != len(header)]
        except (UnicodeDecodeError, csv.Error, StopIteration):
            return [], [0]

    @property
    def header(self) -> list[str]:
        """The first row."""
        return self._scan[0]

    @property
    def misshapen(self) -> list[int]:
        """The rows (from 1, the header's) that have not as many cells as the header; [0] where nothing can be read."""
        return self._scan[1] or ([0] if self._table is None else [])

    @cached_property
    def _table(self) -> pa.Table | None:
        """The cells as text; None where the file is no table."""
        if self._scan[1]:
            return None
        text = pa_csv.ConvertOptions(column_types=dict.fromkeys(self.header, pa.string()), strings_can_be_null=False)
        cells = pa_csv.ParseOptions(newlines_in_values=True, ignore_empty_lines=False)
        whole = pa_csv.ReadOptions(use_threads=False, block_size=max(len(self.data), 1))
        try:
            return pa_csv.read_csv(pa.BufferReader(self.data), whole, cells, text)
        except pa.ArrowInvalid:  # such as a header of nothing but nulls
            return None

    @cached_property
    def columns(self) -> dict[str, pa.Array]:
        """Heading -> the cells below it, as text; empty where the file is not a table."""
        table = self._table
        if table is None:
            return {}
        return {name: column.combine_chunks() for name, column in zip(table.column_names, table.columns, strict=True)}

    @cached_property
    def values(self) -> dict[str, list[str]]:
        """Heading -> the different cells below it, sorted."""
        return {name: sorted(pc.unique(column).to_pylist()) for name, column in self.columns.items()}

    @cached_property
    def meta_header(self) -> list[str]:
        """The first row of the metadata; empty where there is none that can be read."""
        return next(iter(self._meta_lines()), [])

    @cached_property
    def meta(self) -> list[dict[str, str]]:
        """The metadata's rows by heading; a cell that is not there is blank."""
        header = self.meta_header
        return [
            dict(zip(header, [*cells, *[BLANK] * (len(header) - len(cells))], strict=False))
            for cells in self._meta_lines()[1:]
        ]

    @property
    def has_meta(self) -> bool:
        """Whether there is a metadata file with a heading a rule can go by."""
        return "col_name" in self.meta_header and "col_type" in self.meta_header

    def _meta_lines(self) -> list[list[str]]:
        if self._meta is None:
            return []
        try:
            return list(csv.reader(io.StringIO(self._meta.decode("utf-8-sig"), newline="")))
        except (UnicodeDecodeError, csv.Error):
            return []

    def described(self, kind: str) -> list[str]:
        """The columns the metadata calls `Filter` or `Indicator`, those of them that are in the data."""
        named = [line["col_name"] for line in self.meta if line.get("col_type") == kind] if self.has_meta else []
        return [name for name in dict.fromkeys(named) if name in self.columns]

    def groupings(self) -> dict[str, str]:
        """Filter -> the column its values are grouped by."""
        return {
            line["col_name"]: line["filter_grouping_column"]
            for line in (self.meta if self.has_meta else [])
            if line.get("filter_grouping_column") and line["col_name"] in self.columns
        }

    def filters(self) -> list[str]:
        """Every column rows are chosen by: what the metadata calls a filter, and what groups one."""
        grouping = [name for name in self.groupings().values() if name in self.columns]
        return [*self.described("Filter"), *dict.fromkeys(grouping)]

    def levels(self) -> Sequence[str]:
        """The geographic levels in the file."""
        return self.values.get("geographic_level", [])


def read_screened(path: Path) -> ScreenedFile:
    """The data file at `path` with the metadata beside it. Raises FileNotFoundError where there is no such file."""
    beside = path.with_name(path.name.removesuffix(".csv") + ".meta.csv")
    return ScreenedFile(path.name, path.read_bytes(), beside.read_bytes() if beside.is_file() else None)
