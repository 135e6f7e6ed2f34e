"""Delimited text: any sane delimiter, quotes and line breaks inside quotes.

Here lives the sniffing of the delimiter. Header, footers and meaning do not live here.
"""

from __future__ import annotations

import csv
import io
import itertools
from collections import Counter

from ingest.readers.sheet import Sheet, Unreadable

DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
LINES_LOOKED_AT = 200


def read_delimited(text: str, encoding: str) -> Sheet:
    """Return the rows of delimited text, which was in `encoding`. Raises Unreadable for quotes that never close."""
    delimiter = _find_delimiter(text)
    rows: list[list[str]] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        rows.extend(reader)
    except csv.Error as error:
        raise Unreadable(
            f"Row {len(rows) + 1} has a quotation mark that is not closed or a cell that is far too long.",
            f"Open the file, mend the quotation mark in row {len(rows) + 1}, or export it again.",
            row=len(rows) + 1,
        ) from error
    return Sheet(rows=rows, made_of=f"{encoding} text with {DELIMITERS[delimiter]}")


def _find_delimiter(text: str) -> str:
    """Return the delimiter that cuts the largest share of the rows into the same number of cells.

    A share and not a count: with the wrong delimiter, quotes are no quotes, and line breaks inside them make rows.
    """
    # Lines as the csv module counts them: other signs that end a line may stand inside a cell.
    sample = list(itertools.islice(io.StringIO(text, newline=""), LINES_LOOKED_AT))
    best, best_score = ",", (0.0, 0, 0)
    for delimiter in DELIMITERS:
        try:
            widths = Counter(len(row) for row in csv.reader(sample, delimiter=delimiter) if row)
        except csv.Error:
            continue
        cut = {width: rows for width, rows in widths.items() if width > 1}
        if cut:
            width, rows = max(cut.items(), key=lambda item: (item[1], item[0]))
            score = (rows / widths.total(), rows, width)
            if score > best_score:
                best, best_score = delimiter, score
    return best
