"""Pages: JSON as data services send it, one row an item, one column for each path that leads to a value.

Here lives the laying out of nested objects as rows. Header words and meaning do not live here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from ingest.readers.cell_text import show_cell, show_number
from ingest.readers.sheet import Sheet, Unreadable

# JSON whatever the file's name says: a bracket is no heading's when a quotation mark or another bracket follows.
_BEGINS = re.compile(r'\s*[{\[]\s*["{\[}\]]')
_NAMED = re.compile(r"\s*[{\[]")
# More than this are no columns but data written as names.
MOST_COLUMNS = 2_000
# How PHP writes a moment; the day stands in the first, the others say how to read it.
_MOMENT = {"date", "timezone_type", "timezone"}
_WRAPPING = {"data", "meta"}

_AGAIN = "Save the page again as the service sends it, without changing it by hand."


class _TwiceSaid(Exception):  # noqa: N818  what is wrong is the file, not the program
    """An object that says two things under one name."""


def looks_like_pages(text: str, *, named_so: bool) -> bool:
    """Return whether a text is to be read as JSON. `named_so`: its file is called .json."""
    return (_NAMED if named_so else _BEGINS).match(text) is not None


def read_pages(text: str, encoding: str) -> Sheet:
    """Return the items of a JSON page (or of several in a list, or of a bare list) as rows below a header.

    A column is headed by the path to its value, joined with dots; a `data` that only wraps an included object is left
    away, and of a moment with its time zone the `.date` alone is read. A list of plain values is one cell, joined
    with commas; the objects of a list are numbered from 1, as in `classes.1.name`. true and false are TRUE and FALSE,
    null is empty, numbers are as a spreadsheet shows them. Item n stands in row n + 1. Raises Unreadable, with line or
    item and never a value, for what is no JSON or no list of objects.
    """
    try:
        whole = json.loads(
            text.lstrip("\ufeff"),
            parse_int=str,
            parse_float=lambda number: show_number(float(number)),
            parse_constant=str,
            object_pairs_hook=_make_object,
            strict=False,
        )
        pages = _find_pages(whole)
        items = [item for page in pages for item in _find_items(page)]
        return Sheet(rows=_lay_out(items), made_of=_say_page(pages, encoding))
    except json.JSONDecodeError as error:
        # The error itself holds the whole text, which must not be carried along.
        raise Unreadable(f"The file cannot be read as JSON: line {error.lineno} is cut or damaged.", _AGAIN) from None
    except _TwiceSaid as error:
        raise Unreadable("An object of the JSON file says two things under one name.", _AGAIN) from error
    except RecursionError as error:
        raise Unreadable("The JSON file is nested too deeply to be an export.", _AGAIN) from error


def _make_object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise _TwiceSaid
    return found


def _find_pages(whole: Any) -> list[Any]:
    """Return the pages of a file: several in a list, or the file itself."""
    if isinstance(whole, list) and whole and all(_is_page(one) for one in whole):
        return whole
    return [whole]


def _is_page(one: Any) -> bool:
    return isinstance(one, dict) and isinstance(one.get("data"), dict | list)


def _find_items(page: Any) -> Iterator[dict[str, Any]]:
    items = page["data"] if _is_page(page) else page
    if isinstance(items, dict) and items is not page:
        items = [items]
    if not isinstance(items, list):
        raise Unreadable(
            "The JSON file holds no list of items: neither a list nor an object with a list called data.",
            "Save the answer of the service that lists pupils, marks or results, and take this file out.",
        )
    for number, item in enumerate(items, start=1):
        if not isinstance(item, dict):
            raise Unreadable(f"Item {number} of the JSON file is not an object.", _AGAIN)
        yield item


def _lay_out(items: list[dict[str, Any]]) -> list[list[str]]:
    """Return a header, each path in the order it is first met, and a row an item."""
    if not items:
        raise Unreadable(
            "The JSON page holds no items.",
            "Nothing to do if it is the last page of several; take it out. Otherwise save the page again.",
        )
    columns: dict[str, None] = {}
    rows = []
    ways = _Ways()
    for number, item in enumerate(items, start=1):
        row: dict[str, str] = {}
        if not _fill(row, "", item, ways):
            raise Unreadable(f"Item {number} of the JSON file has two values under one path.", _AGAIN)
        if row.keys() - columns.keys():
            columns.update(dict.fromkeys(row))
        if len(columns) > MOST_COLUMNS:
            raise Unreadable(
                f"The items of the JSON file have more than {MOST_COLUMNS:,} different names.",
                "Export a list of items that all have the same names.",
            )
        rows.append(row)
    # An object that some items have and others have not (null, or an empty list) is no column by itself.
    inner = {path[:at] for path in columns for at, sign in enumerate(path) if sign == "."}
    header = [path for path in columns if path not in inner or any(row.get(path) for row in rows)]
    return [header, *([row.get(path, "") for path in header] for row in rows)]


class _Ways(dict[tuple[str, tuple[str, ...]], list[tuple[str, str]] | None]):
    """Where the values of an object go, by its own path and its names: each of them, and the path it is read under.

    None for an object that only wraps its `data`. The items of a page are alike, so few ways serve all of them.
    """

    def __missing__(self, key: tuple[str, tuple[str, ...]]) -> list[tuple[str, str]] | None:
        path, names = key
        ways: list[tuple[str, str]] | None
        if path and "data" in names and set(names) <= _WRAPPING:
            ways = None
        else:
            read = ("date",) if "timezone" in names and set(names) == _MOMENT else names
            lead = f"{path}." if path else ""
            ways = [(name, lead + _show(name)) for name in read]
        self[key] = ways
        return ways


def _fill(row: dict[str, str], path: str, value: Any, ways: _Ways) -> bool:
    """Put the cells of all paths below `value` into `row`; return whether each path came once."""
    if isinstance(value, dict):
        inner = ways[path, tuple(value)]
        if inner is None:
            return _fill(row, path, value["data"], ways)
        if not inner:
            return not path or _put(row, path, "")
        for name, below in inner:
            one = value[name]
            if isinstance(one, str) and one.isascii() and below not in row:
                row[below] = one
            elif not _fill(row, below, one, ways):
                return False
        return True
    if isinstance(value, list):
        if not any(isinstance(one, dict | list) for one in value):
            return _put(row, path, ", ".join(_show(one) for one in value if one is not None))
        lead = f"{path}." if path else ""
        return all(_fill(row, f"{lead}{number}", one, ways) for number, one in enumerate(value, start=1))
    return _put(row, path, _show(value))


def _put(row: dict[str, str], path: str, cell: str) -> bool:
    if path in row:
        return False
    row[path] = cell
    return True


def _show(value: Any) -> str:
    """Return the cell of a plain value; half a sign, which JSON can write and no file can hold, becomes `?`."""
    text = value if isinstance(value, str) else show_cell(value)
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


def _say_page(pages: list[Any], encoding: str) -> str:
    """Return how the file was read: which page of how many it is, as far as it says so."""
    if len(pages) > 1:
        return f"{len(pages)} JSON pages ({encoding})"
    meta = pages[0].get("meta") if isinstance(pages[0], dict) else None
    counted = meta.get("pagination", meta) if isinstance(meta, dict) else None
    if not isinstance(counted, dict):
        return f"JSON ({encoding})"
    number = _count(counted, "current_page", "page")
    of = _count(counted, "total_pages", "last_page", "pages")
    said = f" page {number}" + (f" of {of}" if of else "") if number else ""
    return f"JSON{said} ({encoding})"


def _count(counted: dict[str, Any], *names: str) -> str:
    found = (counted.get(name) for name in names)
    return next((n for n in found if isinstance(n, str) and n.isdecimal() and n.isascii() and len(n) < 7), "")
