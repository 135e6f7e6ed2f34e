"""Attendance where a school's URN changes within a period: each pupil once, and what speaks for more stands."""

from __future__ import annotations

from typing import Any

from tests.dbt_project.attended_trust import Attended


def ask_counted(attended: Attended, period: str) -> dict[str, tuple[Any, ...]]:
    """Return pupil of Hazel -> where a period counts, sessions possible and missed, and whether a tenth was missed."""
    rows = attended.rows(
        "from int_attendance_measures where counts_at_trust and urn between '200021' and '200023' "
        f"and period = '{period}' and academic_year = '2025/26'"
    )
    assert len({r["pupil_key"] for r in rows}) == len(rows)
    names = ("urn", "sessions_possible", "sessions_absent", "pupils_absent_10_percent_or_more")
    return {r["pupil_key"]: tuple(r[name] for name in names) for r in rows}


def test_a_change_of_urn_within_a_term_counts_each_pupil_once(attended: Attended) -> None:
    term, half_term, week = (ask_counted(attended, p) for p in ("autumn", "AUT2", "2025-11-10"))
    assert {urn for urn, *_ in [*term.values(), *half_term.values(), *week.values()]} == {"200023"}
    # 35, 8 and 27 days under the three URNs: 140 sessions. 70 missed; 14; and 54 of 70 in the half-term.
    assert (term["h0"], term["h1"], term["h2"]) == (
        ("200023", 140, 70, 1), ("200023", 140, 14, 1), ("200023", 140, 54, 1)
    )  # fmt: skip
    assert sum(row[3] for pupil, row in term.items() if pupil < "i") == 3
    assert (half_term["h0"], half_term["h2"], week["h2"]) == (
        ("200023", 70, 0, 0), ("200023", 70, 54, 1), ("200023", 10, 4, 1)
    )  # fmt: skip
    # January is the last URN's alone, and September the first's, but for a total moved across.
    assert {urn for urn, *_ in ask_counted(attended, "SPR1").values()} == {"200023"}
    assert {urn for urn, *_ in ask_counted(attended, "2025-09-15").values()} == {"200021"}


def test_of_totals_and_marks_of_two_urns_what_speaks_for_more_stands(attended: Attended) -> None:
    year = ask_counted(attended, "year_to_date")
    # k0: 102 in the total and 30 marks less the 2 of the day they share; 4 of the 3 Thursdays' less that day's is 2.
    assert year["k0"] == ("200023", 102 + 30 - 2, 12 + 2, 1)
    # k1: 30 marks are more than half of 45. k2: 132 in the total, which 10 marks do not outweigh.
    assert year["k1"] == ("200023", 30, 3, 1)
    assert year["k2"] == ("200023", 132, 22, 1)
    assert (year["k3"], year["k4"], year["k5"]) == (
        ("200023", 99, 9, 0), ("200023", 67, 7, 1), ("200023", 2, 1, 1)
    )  # fmt: skip
    own = attended.rows(
        "select pupil_key, urn, sessions_possible as possible from int_attendance_measures "
        "where period_kind = 'year_to_date_urn' and pupil_key in ('k0', 'k1', 'k3')"
    )
    assert {(r["pupil_key"], r["urn"], r["possible"]) for r in own} == {
        ("k0", "200021", 102), ("k0", "200023", 30), ("k1", "200021", 45), ("k1", "200023", 30),
        ("k3", "200021", 99), ("k3", "200023", 53),
    }  # fmt: skip
    words = attended.rows("select words from published_breaks where urn = '200023' and kind = 'urn'")
    assert words == [{"words": "The school has URN 200023 from 13 November 2025; before that 200022. "
        "The year to date holds the sessions of both. Some totals of sessions are not in the year to date, because "
        "attendance under the other URN covers days of theirs."}]  # fmt: skip
