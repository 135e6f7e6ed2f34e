"""Cell text: a value of a workbook or of JSON as the text a person would read in a spreadsheet's cell.

Here lives the one way numbers, dates and yes or no become text, whatever file they stood in.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable
from decimal import Decimal


def show_number(value: float) -> str:
    """Return a number as a spreadsheet shows it: 15 digits at most, no power of ten, no .0 after a whole number."""
    if not math.isfinite(value):
        return str(value)
    text = f"{Decimal(format(value, '.15g')):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


_WAYS: dict[type, Callable[..., str]] = {
    str: str,
    bool: lambda value: "TRUE" if value else "FALSE",
    int: str,
    float: show_number,
    type(None): lambda value: "",
    dt.datetime: lambda value: value.date().isoformat() if value.time() == dt.time() else value.isoformat(" "),
    dt.date: lambda value: value.isoformat(),
    dt.time: lambda value: value.isoformat(),
}


def show_cell(value: object) -> str:
    """Return the text of a cell: '' for nothing, TRUE or FALSE, a date as 2025-07-21, a number as `show_number`."""
    return _WAYS.get(type(value), str)(value)
