"""Readers: a file in, its rows as text out. The room's one door is `read_sheets`.

Here lives knowledge of file kinds (delimited text, workbooks, JSON) and of what a person put in the inbox by mistake.
What the rows mean does not live here.
"""

from __future__ import annotations

from pathlib import Path

from ingest.readers.delimited import read_delimited
from ingest.readers.encoded_text import decode
from ingest.readers.pages import looks_like_pages, read_pages
from ingest.readers.sheet import Sheet, Unreadable
from ingest.readers.workbook import read_workbook

__all__ = ["Sheet", "Unreadable", "read_sheets"]

# What the first bytes of a file give away, whatever its name says.
SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"\xff\xd8\xff", "a photo (JPEG)"),
    (b"\x89PNG", "a picture (PNG)"),
    (b"GIF8", "a picture (GIF)"),
    (b"%PDF", "a PDF document"),
    (b"\x1f\x8b", "a compressed file (gzip)"),
    (b"SQLite format 3", "a database"),
    (b"PAR1", "a Parquet file"),
    (b"Rar!", "a compressed folder (RAR)"),
)
OLD_WORKBOOK = b"\xd0\xcf\x11\xe0"
ZIP = b"PK\x03\x04"


def read_sheets(path: Path) -> list[Sheet]:
    """Return the sheets of the file at `path`: one for delimited text or JSON, one or more for a workbook.

    Raises Unreadable (reason and remedy in words, never a value) when the file holds no rows of text, and
    OSError when the file cannot be opened at all (locked, or still in the cloud).
    """
    content = path.read_bytes()
    if content and not content.strip(b"\x00"):
        raise Unreadable(
            "The file holds nothing but zero bytes: it is the placeholder of a cloud drive, or was not copied whole.",
            "Open the file where it came from, so that it is downloaded, and copy it here again; else export it again.",
        )
    if not content.strip(b"\x00 \t\r\n\xef\xbb\xbf\xff\xfe"):
        raise Unreadable("The file is empty.", "Run the export again and check that it holds rows before it is saved.")
    for signature, what in SIGNATURES:
        if content.startswith(signature):
            raise Unreadable(
                f"The file is {what}, whatever its name says.",
                "Put the export itself here, as CSV or XLSX, and take this file out.",
            )
    if content.startswith((ZIP, OLD_WORKBOOK)):
        return read_workbook(content)
    text, encoding = decode(content)
    if looks_like_pages(text, named_so=path.suffix.lower() == ".json"):
        return [read_pages(text, encoding)]
    return [read_delimited(text, encoding)]
