"""The receipt of a file as plain text, for a school's data manager at a terminal.

Here lives the wording only. It says what was received, how many rows, what became of the records and what
to do. It prints what was `seen` as the fix-list has it, where an identifier is described and never shown; the
text is for the school's own eyes and belongs in no log.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

OUTCOMES = {
    "accepted": "The file was read.",
    "held": "The file was read. Its records wait; the school's last accepted records stay in use.",
    "refused": "The file could not be used.",
    "duplicate": "The file is the same as one received before; nothing was counted twice.",
    "skipped": "The file was not read this time. It is looked at again on the next run.",
}
BUCKETS = {
    "accepted": "read",
    "refused": "could not be used",
    "duplicate": "left out as the same as another record",
    "superseded": "replaced by a later file",
    "unmapped": "kept, and waiting for a code to be mapped",
    "out of scope": "outside what is reported",
}
SEVERAL = "_trust/"  # a file of several schools: its receipt counts this school's rows only
ROWS_NAMED = 12  # rows of a file named in one line; the fix-list has them all
SEEN_NAMED = 5  # different values seen named in one line


def describe_receipt(
    receipt: Mapping[str, object],
    counts: Iterable[Mapping[str, object]],
    fixes: Iterable[Mapping[str, object]],
) -> str:
    """Return the receipt in lines without a last newline.

    receipt: a row of the findings table `receipts`; counts and fixes: rows of `record_counts` and
    `fix_list`. Rows of other receipts among them are left out. What is not known (None) is not printed.
    """
    own = receipt.get("receipt_id")
    counts = [row for row in counts if row.get("receipt_id") == own]
    fixes = [row for row in fixes if row.get("receipt_id") == own]
    lines = [_text(receipt, "file_name") or "(a file without a name)"]
    lines += [f"  {line}" for line in (*_say_arrival(receipt), *_say_outcome(receipt))]
    lines += [f"  {line}" for line in (*_say_rows(receipt), *_say_records(counts))]
    for severity, title in (("fix", "To put right"), ("look", "To look at")):
        lines += [
            f"  {line}"
            for line in _say_fixes([row for row in fixes if row.get("severity") == severity], title)
        ]
    return "\n".join(lines)


def _say_arrival(receipt: Mapping[str, object]) -> Iterable[str]:
    told = [f"School {_text(receipt, 'urn')}"]
    if receipt.get("arrival") is not None:
        told.append(f"file {_number(receipt, 'arrival')} received")
    if isinstance(seen := receipt.get("first_seen_on"), date):
        told.append(f"on {_day(seen)}")
    if isinstance(exported := receipt.get("exported_on"), date):
        told.append(f"exported on {_day(exported)}")
    yield ", ".join(told)
    if title := _text(receipt, "format_title") or _text(receipt, "format"):
        yield f"Read as: {title}"


def _say_outcome(receipt: Mapping[str, object]) -> Iterable[str]:
    outcome = _text(receipt, "outcome")
    yield OUTCOMES.get(outcome, f"Outcome: {outcome or 'not known'}.")
    if reason := _text(receipt, "reason"):
        yield reason
    if remedy := _text(receipt, "remedy"):
        yield f"What to do: {remedy}"


def _say_rows(receipt: Mapping[str, object]) -> Iterable[str]:
    if receipt.get("rows_total") is None:
        return
    parts = [
        f"{_number(receipt, name):,} {words}"
        for name, words in (
            ("rows_layout", "of layout (titles, headings, totals, blank)"),
            ("rows_with_records", "with records"),
            ("rows_without_values", "without a value"),
        )
        if receipt.get(name) is not None
    ]
    where = "of this school in the file" if _text(receipt, "file_name").startswith(SEVERAL) else "in the file"
    yield f"Rows {where}: {_number(receipt, 'rows_total'):,}" + (": " + ", ".join(parts) if parts else "")


def _say_records(counts: list[Mapping[str, object]]) -> Iterable[str]:
    for kind in sorted({_text(row, "kind") for row in counts}):
        rows = [row for row in counts if _text(row, "kind") == kind]
        total = sum(_number(row, "records") for row in rows)
        yield f"{kind.replace('_', ' ').capitalize()}: {_records(total)}"
        order = [*BUCKETS, *sorted({_text(row, "bucket") for row in rows} - set(BUCKETS))]
        for bucket in order:
            reasons: dict[str, int] = {}
            for row in rows:
                if _text(row, "bucket") == bucket:
                    reason = _text(row, "reason")
                    reasons[reason] = reasons.get(reason, 0) + _number(row, "records")
            for reason, records in sorted(reasons.items()):
                yield f"  {records:,} {BUCKETS.get(bucket, bucket)}" + (f": {reason}" if reason else "")


def _say_fixes(fixes: list[Mapping[str, object]], title: str) -> Iterable[str]:
    """Yield one line for each kind of thing to do, with the rows it stands in."""
    places: dict[tuple[str, str, str], list[int]] = {}
    held: dict[tuple[str, str, str], int] = {}
    seen: dict[tuple[str, str, str], dict[str, None]] = {}
    for row in fixes:
        what = (_text(row, "field"), _text(row, "expected"), _text(row, "remedy"))
        rows = places.setdefault(what, [])
        if row.get("file_row") is not None:
            rows.append(_number(row, "file_row"))
        held[what] = held.get(what, 0) + _number(row, "records_held")
        if value := _text(row, "seen"):
            seen.setdefault(what, {})[value] = None
    if places:
        yield f"{title}: {len(fixes):,}"
    for what, rows in sorted(places.items(), key=lambda item: (min(item[1], default=0), item[0])):
        field, expected, remedy = what
        where = [f"column {field}"] if field else []
        if rows:
            named = sorted(set(rows))
            more = f" and {len(named) - ROWS_NAMED:,} more" if len(named) > ROWS_NAMED else ""
            where.insert(
                0, ("row " if len(named) == 1 else "rows ") + ", ".join(map(str, named[:ROWS_NAMED])) + more
            )
        told = ", ".join(where) or "the whole file"
        if values := list(seen.get(what, ())):
            more = f" and {len(values) - SEEN_NAMED:,} more" if len(values) > SEEN_NAMED else ""
            told += f". Seen: {'; '.join(values[:SEEN_NAMED])}{more}"
        if expected:
            told += f". Expected: {expected}"
        if remedy:
            told += f". What to do: {remedy}"
        if held[what]:
            told += f" ({_records(held[what])} waiting for it)"
        yield f"  {told}"


def _records(number: int) -> str:
    return f"{number:,} record" + ("" if number == 1 else "s")


def _text(row: Mapping[str, object], name: str) -> str:
    value = row.get(name)
    return "" if value is None else str(value).strip()


def _number(row: Mapping[str, object], name: str) -> int:
    value = row.get(name)
    return value if isinstance(value, int) else 0


def _day(day: date) -> str:
    return f"{day:%d/%m/%Y}"
