"""Whole columns of figures: read, put in the files' order, and written as text without touching rows one by one.

Here live the vectors an extract's columns are filled from. Which columns there are lives in extract_columns.py.
A page rounds one figure by writing.py; here the same rule (half away from zero, on the decimal a person reads) is
put to a hundred thousand at once, and a test holds the two together.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from site_builder.context import Context
from site_builder.published import PublishedError
from site_builder.records import Kpi, School
from site_builder.writing import PUBLISHED_PLACES, write_fixed

_READ_AS = {
    **dict.fromkeys(("audience", "geography", "unit_code", "unit_name", "kpi", "time_period"), pa.string()),
    **dict.fromkeys(("academic_year", "period_kind", "period_title", "year_group", "subject"), pa.string()),
    **dict.fromkeys(("assessment", "comparability_class", "breakdown_topic", "breakdown"), pa.string()),
    **dict.fromkeys(("symbol", "comparison", "coverage_symbol"), pa.string()),
    **dict.fromkeys(("kpi_version", "period_sort", "year_group_sort", "subject_sort", "breakdown_sort"), pa.int64()),
    **dict.fromkeys(("pupil_count", "schools_in", "schools_of"), pa.int64()),
    **dict.fromkeys(("numerator_count", "value", "lower_95_ci", "upper_95_ci"), pa.float64()),
    **dict.fromkeys(("judgement_coverage_percent", "pupils_in_percent"), pa.float64()),
}
_BEFORE_TOPIC = (
    *("time_period", "unit_code", "kpi", "kpi_version", "period_kind", "period_sort", "period_title"),
    *("subject_sort", "subject", "year_group_sort", "year_group", "assessment", "comparability_class"),
)
_FROM_TOPIC = ("breakdown_topic", "breakdown_sort", "breakdown")
_TELLING = (
    *("time_period", "unit_code", "kpi", "kpi_version", "period_kind", "period_title", "subject", "year_group"),
    *("assessment", "comparability_class", "breakdown_topic", "breakdown"),
)


@dataclass(frozen=True)
class Texts:
    """A column of text: `values[places[i]]` stands in row i. A value may stand in `values` more than once."""

    values: Sequence[str]
    places: pa.Array

    def spread(self, written: Sequence[str]) -> pa.Array:
        """A text a row, with `written` in the place of the values."""
        return pc.take(pa.array(written, pa.string()), self.places)


@dataclass(frozen=True)
class Numbers:
    """A column of figures: in each row either `text` (the figure as written) or `symbols` is filled."""

    text: pa.Array
    symbols: pa.Array

    @property
    def written(self) -> pa.Array:
        """The cells as a file has them: the figure, else its symbol."""
        return pc.coalesce(self.text, self.symbols)


def write_fixed_column(values: pa.Array) -> pa.Array:
    """Every figure to six decimals, as `write_fixed` does one; empty where it rounds to 0 but is not 0."""
    try:
        exact = pc.cast(pc.cast(values, pa.string()), pa.decimal256(76, 40))
        rounded = pc.round(exact, ndigits=PUBLISHED_PLACES, round_mode="half_towards_infinity")
        text = pc.cast(pc.cast(rounded, pa.decimal128(38, PUBLISHED_PLACES)), pa.string())
    except pa.ArrowInvalid:  # a figure of more than 36 digits, or told apart only after 40 decimals
        text = pa.array([None if v is None else write_fixed(v) for v in values.to_pylist()], pa.string())
    vanishes = pc.and_(pc.is_in(text, pa.array(["0." + "0" * PUBLISHED_PLACES, "low"])), pc.not_equal(values, 0))
    return pc.if_else(pc.fill_null(vanishes, False), pa.scalar(None, pa.string()), text)


def read_figures(published: Path) -> pa.Table:
    """The columns of published_kpi_values that extracts are made of.

    `read_published` has held each cell to its type before, so a failure here is a fault of this room.
    """
    # read_table would import the dataset module, and with it pandas.
    table = pq.ParquetFile(published / "published_kpi_values.parquet").read(columns=list(_READ_AS))
    columns = {name: table.column(name).combine_chunks().cast(kind) for name, kind in _READ_AS.items()}
    return pa.table(columns)


def _ranks(column: pa.Array) -> tuple[npt.NDArray[np.int64], int]:
    """Each cell's place among the sorted values of its column, and how many values there are."""
    encoded = column.dictionary_encode()
    order = pc.sort_indices(encoded.dictionary).to_numpy()
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order))
    return rank[encoded.indices.to_numpy()] if len(order) else np.zeros(len(column), np.int64), max(len(order), 1)


def _one_key(columns: Sequence[pa.Array]) -> npt.NDArray[np.int64]:
    """One integer a row that sorts as the columns do one after the other."""
    key, size = np.zeros(len(columns[0]), np.int64), 1
    for column in columns:
        rank, count = _ranks(column)
        if size * count >= 2**62:
            key = np.unique(key, return_inverse=True)[1].astype(np.int64)
            size = int(key.max(initial=0)) + 1
        key, size = key * count + rank, size * count
    return key


class Rows:
    """The figures of one file in their order, and what they are joined to."""

    def __init__(self, context: Context, figures: pa.Table, audience: str, geography: str) -> None:
        """Choose and sort. Raises PublishedError where two figures could not be told apart in the file."""
        self.context = context
        chosen = figures.filter(
            pc.and_(pc.equal(figures["audience"], audience), pc.equal(figures["geography"], geography))
        ).combine_chunks()
        columns = {name: chosen.column(name).combine_chunks() for name in chosen.column_names}
        self._refuse_twins(columns)
        order = np.argsort(
            _one_key(
                [
                    *(columns[name] for name in _BEFORE_TOPIC),
                    pc.not_equal(columns["breakdown_topic"], "Total").cast(pa.int8()),
                    *(columns[name] for name in _FROM_TOPIC),
                ]
            ),
            kind="stable",
        )
        self.number = len(order)
        self._columns = {name: column.take(pa.array(order)) for name, column in columns.items()}
        self._texts: dict[str, Texts] = {}

    @staticmethod
    def _refuse_twins(columns: dict[str, pa.Array]) -> None:
        key = _one_key([columns[name] for name in _TELLING])
        found, counts = np.unique(key, return_counts=True)
        if len(found) == len(key):
            return
        place = int(np.flatnonzero(key == found[counts > 1][0])[0])
        first = {name: column[place].as_py() for name, column in columns.items()}
        raise PublishedError(
            "an extract would hold two rows for {unit_name}, {kpi}, {academic_year}, {period_title}, {subject}, "
            "{year_group}, {breakdown_topic}: {breakdown}; one was expected. Give the two different assessments, "
            "periods or breakdowns.".format(**first)
        )

    def column(self, name: str) -> pa.Array:
        """A column of published_kpi_values as it is."""
        return self._columns[name]

    def text(self, name: str, absent: str = "") -> Texts:
        """A column of text, `absent` where it is empty."""
        if name not in self._texts:
            encoded = pc.fill_null(self._columns[name], "").dictionary_encode()
            self._texts[name] = Texts(encoded.dictionary.to_pylist(), encoded.indices)
        found = self._texts[name]
        return Texts([value or absent for value in found.values], found.places)

    def spaced(self, name: str) -> Texts:
        """A column of codes as words."""
        found = self.text(name)
        return Texts([value.replace("_", " ") for value in found.values], found.places)

    def number_text(self, name: str) -> Texts:
        """A whole number that names something."""
        encoded = self._columns[name].cast(pa.string()).dictionary_encode()
        return Texts(encoded.dictionary.to_pylist(), encoded.indices)

    def constant(self, value: str) -> Texts:
        """The same text in every row."""
        return Texts([value], pa.array(np.zeros(self.number, np.int32)))

    def of_school(self, read: Callable[[School], str | None], absent: str) -> Texts:
        """What the register says of each row's school."""
        urns = self.text("unit_code")
        schools = [self.context.schools.get(urn) for urn in urns.values]
        return Texts([(read(school) if school else None) or absent for school in schools], urns.places)

    def kpis(self) -> tuple[list[Kpi], pa.Array]:
        """The KPIs of the file, each version by itself, and which of them each row is of."""
        versions = self._columns["kpi_version"].cast(pa.string())
        encoded = pc.binary_join_element_wise(self._columns["kpi"], versions, "\x1f").dictionary_encode()
        keys = [key.split("\x1f") for key in encoded.dictionary.to_pylist()]
        return [self.context.kpis[name, int(version)] for name, version in keys], encoded.indices

    def _numbers(self, text: pa.Array, absent: str, symbol: pa.Array | None) -> Numbers:
        if symbol is not None:
            text = pc.if_else(pc.is_valid(symbol), pa.scalar(None, pa.string()), text)
        stands = pa.scalar(absent) if symbol is None else pc.fill_null(symbol, absent)
        return Numbers(text, pc.if_else(pc.is_null(text), stands, pa.scalar(None, pa.string())))

    def _symbol(self) -> pa.Array:
        return pc.if_else(pc.equal(self._columns["symbol"], ""), pa.scalar(None, pa.string()), self._columns["symbol"])

    def count(self, name: str, absent: str, *, own_symbol: bool = True) -> Numbers:
        """A count, or the figure's symbol, or `absent`."""
        return self._numbers(self._columns[name].cast(pa.string()), absent, self._symbol() if own_symbol else None)

    def _measured(self, name: str, absent: str, symbol: pa.Array | None) -> Numbers:
        values = self._columns[name]
        text = write_fixed_column(values)
        vanished = pc.and_(pc.is_valid(values), pc.is_null(text))
        shown = self._numbers(text, absent, symbol)
        hidden = pa.scalar(False) if symbol is None else pc.is_valid(symbol)
        low = pc.and_(vanished, pc.invert(hidden))
        return Numbers(shown.text, pc.if_else(low, "low", shown.symbols))

    def figure(self, name: str, absent: str) -> Numbers:
        """A figure to six decimals, or its symbol, or `absent`; `low` where it rounds to 0 but is not 0."""
        return self._measured(name, absent, self._symbol())

    def share(self, name: str, absent: str, symbol: str = "") -> Numbers:
        """A share beside the figure: its own symbol where it is empty (the column `symbol`), else `absent`."""
        found = self._measured(name, absent, None)
        if not symbol:
            return found
        own = pc.and_(pc.is_null(self._columns[name]), pc.is_valid(self._columns[symbol]))
        return Numbers(found.text, pc.if_else(own, self._columns[symbol], found.symbols))

    def numerator(self) -> Numbers:
        """What was counted: whole, or six decimals where a weighted count is not; `z` of a mean."""
        values = self._columns["numerator_count"]
        whole = pc.equal(values, pc.floor(values))
        as_whole = pc.cast(pc.if_else(whole, values, 0.0), pa.int64()).cast(pa.string())
        text = pc.if_else(pc.is_null(values), pa.scalar(None, pa.string()), as_whole)
        if not pc.all(pc.fill_null(whole, True)).as_py() and self.number:
            fixed = pc.fill_null(write_fixed_column(values), "0." + "0" * PUBLISHED_PLACES)
            text = pc.if_else(pc.fill_null(whole, True), text, fixed)
        kpis, of = self.kpis()
        mean = pc.take(pa.array([kpi.kind == "mean" for kpi in kpis], pa.bool_()), of)
        symbol = pc.if_else(mean, "z", self._symbol())
        return self._numbers(text, "z", symbol)
