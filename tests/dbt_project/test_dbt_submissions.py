"""What was sent and how far it reaches: every state the oracle's, every sentence plain, no small count said."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.dbt_project import oracle_attendance
from tests.dbt_project.attended_trust import Attended
from tests.dbt_project.oracle_entries import Trust
from tests.dbt_project.oracle_submissions import FEEDS, Submissions
from tests.dbt_project.warehouse_run import Built

Cells = dict[tuple[str, ...], dict[str, Any]]
CELL = ("urn", "feed", "academic_year", "period")


@pytest.fixture(scope="module")
def of_attended(attended: Attended) -> Submissions:
    return Submissions(Trust(attended.attendance.tables), attended.attendance)


@pytest.fixture(scope="module")
def of_tiny(built: Built) -> Submissions:
    tables = oracle_attendance.resolve_keys(built.tables)
    return Submissions(Trust(tables), oracle_attendance.Attendance(tables))


@pytest.fixture(scope="module")
def grid(built: Built) -> Cells:
    return {tuple(row[c] for c in CELL): row for row in built.rows("published_submissions")}


def test_every_state_equals_the_oracle(attended: Attended, of_attended: Submissions) -> None:
    rows = {tuple(row[c] for c in CELL): row for row in attended.rows("from int_submissions")}
    wanted = of_attended.expect_states()
    assert {cell: row["state"] for cell, row in rows.items()} == wanted
    assert {"received", "in part", "late", "due", "not due yet", "not sent", "not expected"} <= set(wanted.values())
    for cell, sent in of_attended.sent.items():
        if cell in rows:
            assert (cell, rows[cell]["records"]) == (cell, sent.used.total())  # type: ignore[index]


def test_every_published_state_and_count_equals_the_oracle(grid: Cells, of_tiny: Submissions) -> None:
    assert {cell: row["state"] for cell, row in grid.items()} == of_tiny.expect_states()
    for cell, row in grid.items():
        sent = of_tiny.sent.get(cell)  # type: ignore[call-overload]
        if sent is not None:
            receipts = {*sent.used, *sent.unmapped}
            seen = [of_tiny.receipts[cell[0], receipt]["first_seen_on"] for receipt in receipts]
            assert (cell, row["records"], row["first_received_on"], row["latest_received_on"]) == (
                cell, sent.used.total(), min(seen), max(seen)
            )  # fmt: skip
        elif row["state"] not in ("received", "could not be used yet"):
            assert (cell, row["records"], row["receipts"], row["latest_received_on"]) == (cell, None, None, None)


def test_the_grid_says_in_words_what_came_and_what_did_not(grid: Cells) -> None:
    def words(urn: str, feed: str, period: str, year: str = "2024/25") -> tuple[str, str]:
        row = grid[urn, feed, year, period]
        return row["state"], row["state_words"]

    assert words("100004", "Results", "summer") == ("not due yet", "The window opens on 2 June 2025.")
    assert words("100002", "Pupils", "year") == (
        "late", "The year opened on 3 September 2024; nothing has come yet."
    )  # fmt: skip
    assert words("100005", "Attendance", "SPR1") == (
        "late", "The half-term closed on 13 February 2025; nothing has come yet."
    )  # fmt: skip
    assert words("100005", "Attendance", "SUM1") == (
        "due", "The half-term opened on 13 April 2025; nothing has come yet."
    )  # fmt: skip
    assert words("100003", "Attendance", "SPR1", "2023/24") == ("not sent", "Nothing has come for this half-term.")
    assert words("100006", "Results", "spring") == ("not expected", "From 1 January 2025 the school has URN 100007.")
    assert words("100007", "Pupils", "year", "2023/24") == (
        "not expected", "Before 1 January 2025 the school had URN 100006."
    )  # fmt: skip
    assert words("100004", "Results", "autumn", "2023/24")[0] == "received"
    assert words("100004", "Attendance", "AUT2", "2023/24") == (
        "not expected", "The school joined the trust on 1 September 2024."
    )  # fmt: skip
    assert words("100003", "Suspensions", "year") == (
        "not expected", "The school has not sent any suspensions, and need not."
    )  # fmt: skip
    # Cedar's spring came under names nobody knows.
    assert words("100003", "Results", "spring") == (
        "could not be used yet", "Received 20 April 2025, and could not be used yet: see the receipts and the fix-list."
    )  # fmt: skip
    # Half-terms with marks of a week or two of several are in part.
    assert words("100004", "Attendance", "AUT1") == ("in part", "Received 20 April 2025, for 10 of 38 school days.")


def test_words_name_no_count_that_the_site_may_not_show(built: Built, grid: Cells) -> None:
    hidden = {
        row["unit_code"] for row in built.rows("published_kpi_values")
        if row["audience"] == "site" and row["geography"] == "School" and row["breakdown_topic"] == "Total"
        and row["symbol"] == "c"
    }  # fmt: skip
    counted = {
        cell: row for cell, row in grid.items()
        if row["feed"] != "Attendance" and str(row["records"]) in row["state_words"].replace(",", "").split()
    }  # fmt: skip
    assert counted
    assert hidden
    assert not hidden & {cell[0] for cell in counted}
    assert min(row["records"] for row in counted.values()) >= 6
    (row,) = [row for cell, row in counted.items() if cell == ("100003", "Pupils", "2024/25", "year")]
    assert row["state_words"] == "Received 20 April 2025, 40 pupils."


def test_freshness_counts_school_days_and_no_holidays(attended: Attended, of_attended: Submissions) -> None:
    rows = {(row["urn"], row["feed"]): row for row in attended.rows("from published_freshness")}
    assert {feed for _, feed in rows} == set(FEEDS)
    for urn, (last, behind) in of_attended.expect_reach().items():
        row = rows[urn, "Attendance"]
        assert (urn, row["data_to"], row["school_days_behind"]) == (urn, last, behind)
    # Hazel's marks end on 16 January: 20 school days to half-term, and 19 after it.
    hazel = rows["200023", "Attendance"]
    assert (hazel["state"], hazel["words"]) == (
        "late", "Data to 16 January 2026. 39 school days since then, more than the 10 the trust has set."
    )  # fmt: skip
    assert rows["200018", "Attendance"]["state"] == "not expected"
    assert rows["200018", "Attendance"]["words"] == "In the trust until 31 August 2025."
    assert rows["200002", "Suspensions"]["data_to"] == date(2025, 12, 15)
    assert rows["200014", "Pupils"]["state"] == "up to date"


def test_freshness_of_results_and_lists_follows_the_grid(built: Built) -> None:
    rows = {(row["urn"], row["feed"]): row for row in built.rows("published_freshness")}
    assert (rows["100004", "Results"]["state"], rows["100004", "Results"]["words"]) == (
        "up to date", "Results of Spring 2024/25."
    )  # fmt: skip
    assert rows["100004", "Results"]["data_to"] == date(2025, 3, 28)
    assert (rows["100005", "Results"]["state"], rows["100005", "Results"]["words"]) == (
        "never sent", "Nothing that can be used has come yet."
    )  # fmt: skip
    assert (rows["100003", "Results"]["state"], rows["100003", "Results"]["words"]) == (
        "due", "Results of Autumn 2024/25. What came for Spring 2024/25 could not be used yet: "
        "see the receipts and the fix-list."
    )  # fmt: skip
