"""What a column of an extract is: the form in which each is declared, and the symbols its cells may hold.

Here live the record and the ways to write one down. Which columns there are lives in extract_columns.py.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from site_builder.extract_rows import Numbers, Rows, Texts
from site_builder.words import SYMBOLS

# The symbols that stand in a file's cells, with what each means.
FILE_SYMBOLS = {symbol: SYMBOLS[symbol] for symbol in ("c", "x", "z", "u", "low")}

REGISTER = "the trust's register of schools"
PUBLISHED = "published_kpi_values"
IN_KPI_UNIT = "of the KPI"


@dataclass(frozen=True)
class ExtractColumn:
    """A column of an extract.

    `role`: place (time and geography), filter, indicator, or topic (what a filter's values are grouped by).
    `type`: text, integer or number. `unit`: as the `.meta.csv` has it; `of the KPI` where the row's KPI decides.
    `workbook`: whether a person reading a sheet needs it; what is the same in every row stands above the table.
    """

    name: str
    role: str
    fill: Callable[[Rows], Texts | Numbers]
    label: str
    meaning: str
    source: str = PUBLISHED
    type: str = "text"
    unit: str = ""
    dp: int | None = None
    hint: str = ""
    grouping: str = ""
    workbook: bool = True

    @property
    def in_kpi_unit(self) -> bool:
        """Whether the KPI of the row gives the unit and the decimals."""
        return self.unit == IN_KPI_UNIT


def place_column(
    name: str, label: str, fill: Callable[[Rows], Texts], meaning: str, source: str = REGISTER, sheet: bool = False
) -> ExtractColumn:
    """A column of time or geography."""
    return ExtractColumn(name, "place", fill, label, meaning, source, workbook=sheet)


def filter_column(
    name: str,
    label: str,
    fill: Callable[[Rows], Texts],
    meaning: str,
    *,
    source: str = PUBLISHED,
    hint: str = "",
    sheet: bool = True,
) -> ExtractColumn:
    """A column a reader chooses rows by."""
    return ExtractColumn(name, "filter", fill, label, meaning, source, hint=hint, workbook=sheet)


def indicator_column(
    name: str,
    label: str,
    fill: Callable[[Rows], Numbers],
    meaning: str,
    *,
    kind: str = "number",
    unit: str = "",
    dp: int | None = None,
) -> ExtractColumn:
    """A column of figures."""
    return ExtractColumn(name, "indicator", fill, label, meaning, type=kind, unit=unit, dp=dp)
