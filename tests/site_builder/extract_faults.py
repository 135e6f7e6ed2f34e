"""One planted fault for each rule of `plumbline extracts check`, on a copy of the tiny trust's own files.

Here lives a file taken apart into cells, and what each fault does to it. The test that plants them is
test_extract_rules.py.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from site_builder.screened_file import ScreenedFile


def _take_apart(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8"), newline="")))


def _put_together(rows: list[list[str]]) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue().encode("utf-8")


@dataclass
class Files:
    """A data file and its metadata as rows of cells, the header first."""

    name: str
    data: list[list[str]]
    meta: list[list[str]] | None

    @classmethod
    def read(cls, path: Path) -> Files:
        """The files as they lie beside each other."""
        meta = path.with_name(path.stem + ".meta.csv")
        return cls(path.name, _take_apart(path.read_bytes()), _take_apart(meta.read_bytes()))

    def screened(self) -> ScreenedFile:
        """The files as the rules look at them."""
        meta = None if self.meta is None else _put_together(self.meta)
        return ScreenedFile(self.name, _put_together(self.data), meta)

    def place(self, column: str) -> int:
        """Where a column of the data is."""
        return self.data[0].index(column)

    def put(self, column: str, value: str, row: int = 1) -> None:
        """Write one cell of the data."""
        self.data[row][self.place(column)] = value

    def put_all(self, column: str, value: str) -> None:
        """Write the same into every cell of a column."""
        for row in range(1, len(self.data)):
            self.put(column, value, row)

    def drop(self, column: str) -> None:
        """Take a column out of the data."""
        place = self.place(column)
        for row in self.data:
            del row[place]

    def add(self, column: str, values: list[str]) -> None:
        """Add a column to the data; values come round again."""
        self.data[0].append(column)
        for number, row in enumerate(self.data[1:]):
            row.append(values[number % len(values)])

    def rename(self, column: str, name: str) -> None:
        """Rename a column in both files."""
        self.data[0][self.place(column)] = name
        for line in self.lines:
            line[:] = [name if cell == column else cell for cell in line]

    @property
    def lines(self) -> list[list[str]]:
        """The metadata's rows, its header first."""
        assert self.meta is not None
        return self.meta

    def line(self, column: str) -> list[str]:
        """The metadata's row of a column."""
        return next(line for line in self.lines if line[0] == column)

    def put_line(self, column: str, field: str, value: str) -> None:
        """Write one cell of the metadata."""
        self.line(column)[self.lines[0].index(field)] = value

    def add_line(self, column: str, kind: str, label: str, dp: str = "") -> None:
        """Add a row to the metadata."""
        self.lines.append([column, kind, label, "", "", dp, "", ""])


def _mix_levels(files: Files) -> None:
    files.put("geographic_level", "National")


def _twin(files: Files) -> None:
    files.data.append(list(files.data[1]))


def _cut(files: Files) -> None:
    del files.data[3][-1]


def _rename_file(name: str) -> Callable[[Files], None]:
    def rename(files: Files) -> None:
        files.name = name

    return rename


def _lose_meta(files: Files) -> None:
    files.meta = None


def _two_lists(files: Files) -> None:
    """A column of figures that is a filter's value in disguise, described and filled as it should be."""
    files.add("male_count", ["7", "8"])
    files.add_line("male_count", "Indicator", "Boys", "0")


def _no_groups(files: Files) -> None:
    files.put_line("breakdown", "filter_grouping_column", "")
    files.add_line("breakdown_topic", "Filter", "Pupils by")


def _more_groups(files: Files) -> None:
    files.put_line("breakdown", "filter_grouping_column", "snapshot_id")
    for row in range(1, len(files.data)):
        files.put("snapshot_id", f"s{row}", row)
    files.add_line("breakdown_topic", "Filter", "Pupils by")


def _no_totals(files: Files) -> None:
    files.data = [files.data[0], *(row for row in files.data[1:] if row[files.place("breakdown")] != "Total")]
    # What is left has one value in some columns: such a filter may not be listed.
    single = [name for name in files.data[0] if len({row[files.place(name)] for row in files.data[1:]}) < 2]
    files.meta = [line for line in files.lines if line[0] not in single or line[1] == "Indicator"]


def _single(files: Files) -> None:
    files.add_line("period_kind", "Filter", "Kind of period")


def _add_line_twice(files: Files) -> None:
    again = list(files.line("subject"))
    again[2] = "Subject again"
    files.lines.append(again)


FAULTS: dict[str, Callable[[Files], None]] = {
    "file_name": _rename_file("Trust KPIs.csv"),
    "file_name_period": _rename_file("trust_kpi_2025.csv"),
    "table": _cut,
    "meta_file": _lose_meta,
    "headings_snake_case": lambda f: f.rename("pupil_count", "Pupil count"),
    "headings_length": lambda f: f.rename("pupil_count", "pupil_count_of_every_pupil_on_roll_now"),
    "headings_once": lambda f: f.add("snapshot_id", ["s"]),
    "mandatory_columns": lambda f: f.drop("country_name"),
    "school_columns": lambda f: f.drop("school_laestab"),
    "geographic_level": lambda f: f.put_all("geographic_level", "Cluster"),
    "school_alone": _mix_levels,
    "country": lambda f: f.put("country_code", "W92000004"),
    "unknown_places": lambda f: f.put_all("region_code", "z"),
    "one_name": lambda f: f.put("school_name", "Another name"),
    "places_filled": lambda f: f.put_all("school_laestab", ""),
    "places_no_total": lambda f: f.put_all("old_la_code", "Total"),
    "time_family": lambda f: f.put("time_identifier", "Calendar year") or f.put("time_period", "2025"),
    "time_period": lambda f: f.put("time_period", "202426"),
    "filters_filled": lambda f: f.put("subject", ""),
    "filters_trimmed": lambda f: f.put("subject", "English "),
    "total_rows": _no_totals,
    "totals_labelled": lambda f: f.put("subject", "All"),
    "rows_once": _twin,
    "figures_filled": lambda f: f.put("pupil_count", ""),
    "figures_plain": lambda f: f.put("value", "62.1%"),
    "figures_precise": lambda f: f.put_line("pupil_count", "indicator_dp", "2"),
    "api_heading_length": lambda f: f.rename("pupil_count", "pupil_count" + "_of_every_pupil" * 3),
    "api_code_length": lambda f: f.put_all("trust_id", "TR" + "9" * 30),
    "api_value_length": lambda f: f.put("subject", "English " + "and more " * 14 + "of it"),
    "meta_columns": lambda f: f.lines[0].__setitem__(6, "hint"),
    "meta_in_data": lambda f: f.add_line("never_seen", "Filter", "Never seen"),
    "data_in_meta": lambda f: f.add("weather", ["fair", "foul"]),
    "meta_once": _add_line_twice,
    "meta_types": lambda f: f.add_line("period_kind", "Thing", "Kind of period"),
    "meta_labels": lambda f: f.put_line("subject", "label", "Year group"),
    "api_label_length": lambda f: f.put_line("subject", "label", "Subject " * 13),
    "meta_units": lambda f: f.put_line("value", "indicator_unit", "pupils"),
    "meta_decimals": lambda f: f.put_line("value", "indicator_dp", "one"),
    "meta_cells": lambda f: f.put_line("value", "filter_hint", "A figure"),
    "meta_no_places": lambda f: f.add_line("la_name", "Filter", "Local authority"),
    "meta_single": _single,
    "grouping": _more_groups,
    "breakdown_grouped": _no_groups,
    "tidy_figures": _two_lists,
}
