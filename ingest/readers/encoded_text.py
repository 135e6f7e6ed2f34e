"""Encoded text: bytes to text in any sane encoding.

Here lives the sniffing of the encoding. What the text says does not live here.
"""

from __future__ import annotations

import codecs
import re

from ingest.readers.sheet import Unreadable

# What no text holds: control signs but those that end lines, part cells or part pages.
_NO_TEXT = re.compile(r"[\x00-\x08\x0e-\x1e]")


def decode(content: bytes) -> tuple[str, str]:
    """Return the text and the name of its encoding. Raises Unreadable for bytes that are no text."""
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
        if not _NO_TEXT.search(text):
            return text, name
    raise Unreadable(
        "The file is not text: it may be a picture, a program or a damaged export.",
        "Export it again as CSV (UTF-8) or XLSX, and take this file out.",
    )
