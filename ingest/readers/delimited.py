"""Delimited text: any sane encoding and delimiter, quotes and line breaks inside quotes.

Here lives the sniffing of encoding and delimiter. Header, footers and meaning do not live here.
"""

from __future__ import annotations

import codecs
import csv
import io
import itertools
from collections import Counter

from ingest.readers.sheet import Sheet, Unreadable

DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
LINES_LOOKED_AT = 200


def read_delimited(content: bytes) -> Sheet:
    """Return the rows of delimited text. Raises Unreadable for other bytes and for quotes that never close."""
    text, encoding = _decode(content)
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


def _decode(content: bytes) -> tuple[str, str]:
    if content.startswith(codecs.BOM_UTF8):
        candidates = [("utf-8-sig", "UTF-8")]
    elif content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        candidates = [("utf-16", "UTF-16")]
    elif b"\x00" in content[:4000]:
        # Text without a BOM never holds a zero byte, unless it is UTF-16, where nearly every second byte is one.
        high, low = content[0:4000:2], content[1:4000:2]
        little = low.count(0) > high.count(0)
        if max(low.count(0), high.count(0)) * 2 < len(high):
            raise Unreadable(
                "The file holds zero bytes between its text: it is damaged, or no text at all.",
                "Export it again as CSV (UTF-8) or XLSX, and take this file out.",
            )
        candidates = [("utf-16-le" if little else "utf-16-be", "UTF-16")]
    else:
        candidates = [("utf-8", "UTF-8"), ("cp1252", "Windows-1252")]
    for codec, name in candidates:
        try:
            text = content.decode(codec)
        except UnicodeDecodeError:
            continue
        text = text.rstrip("\x1a")  # how old systems mark the end of a file
        if not any(char < " " and char not in "\t\r\n\x0b\x0c\x1f" for char in set(text)):
            return text, name
    raise Unreadable(
        "The file is not text: it may be a picture, a program or a damaged export.",
        "Export it again as CSV (UTF-8) or XLSX, and take this file out.",
    )


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
