"""The receipt as text: the whole for one file, its parts where things are missing."""

from __future__ import annotations

from datetime import date

import pytest

from quality import describe_receipt

RECEIPT = {
    "urn": "900001", "receipt_id": "r4", "arrival": 4, "file_name": "marksheet Y3.csv", "outcome": "accepted",
    "first_seen_on": date(2025, 7, 21), "exported_on": date(2025, 7, 20), "format": "marksheet",
    "format_title": "Marksheet by year group", "rows_total": 1234, "rows_layout": 4,
    "rows_with_records": 1229, "rows_without_values": 1, "reason": None, "remedy": None,
}  # fmt: skip


def count(bucket, records, reason=None, kind="results", receipt="r4"):
    return {"receipt_id": receipt, "kind": kind, "bucket": bucket, "reason": reason, "records": records}


def fix(
    row, field="mark", severity="fix", expected="a whole number", remedy="Correct the mark.", receipt="r4"
):
    return {
        "receipt_id": receipt, "file_row": row, "field": field, "severity": severity, "seen": "MARKER",
        "expected": expected, "remedy": remedy, "records_held": 1,
    }  # fmt: skip


def test_the_whole_receipt():
    counts = [
        count("accepted", 2400), count("refused", 3, "not a number"), count("superseded", 40),
        count("duplicate", 15), count("accepted", 30, kind="groups"), count("accepted", 99, receipt="r3"),
    ]  # fmt: skip
    fixes = [
        fix(12), fix(7), fix(7, severity="look", field="", expected="", remedy="Look at the name."),
        fix(None, field="window", expected="one of: Autumn, Summer", remedy="Choose one."),
        fix(1, receipt="r3"),
    ]  # fmt: skip
    assert describe_receipt(RECEIPT, counts, fixes).splitlines() == [
        "marksheet Y3.csv",
        "  School 900001, file 4 received, on 21/07/2025, exported on 20/07/2025",
        "  Read as: Marksheet by year group",
        "  The file was read.",
        "  Rows in the file: 1,234: 4 of layout (titles, headings, totals, blank), 1,229 with records, "
        "1 without a value",
        "  Groups: 30 records",
        "    30 read",
        "  Results: 2,458 records",
        "    2,400 read",
        "    3 could not be used: not a number",
        "    15 left out as the same as another record",
        "    40 replaced by a later file",
        "  To put right: 3",
        "    column window. Seen: MARKER. Expected: one of: Autumn, Summer. What to do: Choose one. "
        "(1 record waiting for it)",
        "    rows 7, 12, column mark. Seen: MARKER. Expected: a whole number. What to do: Correct the mark. "
        "(2 records waiting for it)",
        "  To look at: 1",
        "    row 7. Seen: MARKER. What to do: Look at the name. (1 record waiting for it)",
    ]


def test_of_a_file_of_several_schools_the_rows_are_this_schools():
    text = describe_receipt(RECEIPT | {"file_name": "_trust/all.csv", "rows_layout": 0}, [], [])
    assert "  Rows of this school in the file: 1,234: 0 of layout" in text


def test_a_file_that_could_not_be_read_says_why_and_what_to_do():
    receipt = {
        "urn": "900001", "receipt_id": "r1", "file_name": "photo.csv", "outcome": "refused",
        "reason": "This is a picture, not a table.", "remedy": "Export the marksheet as CSV.",
    }  # fmt: skip
    assert describe_receipt(receipt, [], []).splitlines() == [
        "photo.csv",
        "  School 900001",
        "  The file could not be used.",
        "  This is a picture, not a table.",
        "  What to do: Export the marksheet as CSV.",
    ]


@pytest.mark.parametrize("outcome", ["accepted", "held", "refused", "duplicate", "skipped"])
def test_every_outcome_has_words(outcome):
    text = describe_receipt(RECEIPT | {"outcome": outcome}, [], [])
    assert "Outcome:" not in text
    assert "refused" not in text


def test_many_rows_are_counted_not_listed():
    text = describe_receipt(RECEIPT, [], [fix(row) for row in range(1, 101)])
    assert "rows 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12 and 88 more, column mark" in text
    assert "To put right: 100" in text


def test_each_value_seen_is_named_once_and_of_many_the_first():
    seen = [fix(row) | {"seen": f"x{row // 2}"} for row in range(2, 18)]
    assert "Seen: x1; x2; x3; x4; x5 and 3 more. Expected" in describe_receipt(RECEIPT, [], seen)
    assert "Seen" not in describe_receipt(RECEIPT, [], [fix(1) | {"seen": None}])
