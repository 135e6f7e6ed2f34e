"""Term dates and feeds: whose dates hold, the calendar's where nobody has any, and what cannot be meant."""

# The messages stand here whole, as a person sees them.
# ruff: noqa: E501

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.home import load_home
from ingest.home.calendar_terms import find_calendar_terms
from ingest.home.config import list_config_records

Messages = Callable[..., list[str]]

DAYS = """\
      AUT1: {starts: 2025-09-03, ends: 2025-10-24}
      AUT2: {starts: 2025-11-03, ends: 2025-12-19}
      SPR1: {starts: 2026-01-05, ends: 2026-02-13}
      SPR2: {starts: 2026-02-23, ends: 2026-03-27}
      SUM1: {starts: 2026-04-13, ends: 2026-05-22}
      SUM2: {starts: 2026-06-01, ends: 2026-07-21}
"""


def entry(whose: str = "", days: str = DAYS, year: str = "2025/26") -> str:
    whose = f"    {whose}\n" if whose else ""
    return f"  - academic_year: {year}\n{whose}    half_terms:\n{days}"


def add(home: Path, text: str) -> int:
    """Write `text` at the end of trust.yml and return the line before it."""
    path = home / "trust.yml"
    before = path.read_text(encoding="utf-8")
    path.write_text(before + text, encoding="utf-8")
    return before.count("\n")


def read_half_terms(home: Path) -> list[dict[str, object]]:
    records = list_config_records(load_home(home), dt.date(2026, 3, 1), "demo")["half_terms"]
    return [dict(record) for record in records]


def test_without_term_dates_every_school_and_year_has_the_calendars(tiny: Path) -> None:
    rows = read_half_terms(tiny)
    assert len(rows) == 3 * 2 * 6
    assert {row["basis"] for row in rows} == {"calendar"}
    ash = [row for row in rows if (row["urn"], row["academic_year"]) == ("999901", "2025/26")]
    assert [(row["half_term"], row["term"], row["title"], row["sort_order"]) for row in ash] == [
        ("AUT1", "autumn", "Autumn 1", 1),
        ("AUT2", "autumn", "Autumn 2", 2),
        ("SPR1", "spring", "Spring 1", 3),
        ("SPR2", "spring", "Spring 2", 4),
        ("SUM1", "summer", "Summer 1", 5),
        ("SUM2", "summer", "Summer 2", 6),
    ]
    # Easter Sunday 2026 is 5 April, the spring bank holiday 25 May.
    assert [(row["starts"].isoformat(), row["ends"].isoformat()) for row in ash] == [  # type: ignore[attr-defined]
        ("2025-08-01", "2025-10-26"),
        ("2025-10-27", "2025-12-31"),
        ("2026-01-01", "2026-02-15"),
        ("2026-02-16", "2026-04-05"),
        ("2026-04-06", "2026-05-24"),
        ("2026-05-25", "2026-07-31"),
    ]


def test_the_nearest_dates_to_the_school_hold(tiny: Path) -> None:
    register = tiny / "schools.csv"
    header, ash, birch, cedar = register.read_text(encoding="utf-8").splitlines()
    # Cedar's LAESTAB is of an authority that was divided since; Dogwood has none.
    rows = [f"{header},la_code", f"{ash},", f"{birch},", f"{cedar},003", "999904,,Dogwood School,Primary,,,,,,,,,,,,004"]
    register.write_text("\n".join(rows), encoding="utf-8")
    own = DAYS.replace("2025-09-03", "2025-09-08")
    authority = DAYS.replace("2025-09-03", "2025-09-02")
    trusts = DAYS.replace("2025-09-03", "2025-09-01")
    add(
        tiny,
        "term_dates:\n"
        + entry("schools: [999902]", own)
        + entry('la_code: "001"', authority)
        + entry("la_code: 003", authority)
        + entry("", trusts),
    )
    first = {
        (row["urn"], row["academic_year"]): (row["basis"], str(row["starts"]))
        for row in read_half_terms(tiny)
        if row["half_term"] == "AUT1"
    }
    assert first == {
        ("999901", "2024/25"): ("calendar", "2024-08-01"),
        ("999902", "2024/25"): ("calendar", "2024-08-01"),
        ("999903", "2024/25"): ("calendar", "2024-08-01"),
        ("999904", "2024/25"): ("calendar", "2024-08-01"),
        ("999901", "2025/26"): ("local authority", "2025-09-02"),
        ("999902", "2025/26"): ("school", "2025-09-08"),
        ("999903", "2025/26"): ("local authority", "2025-09-02"),
        ("999904", "2025/26"): ("trust", "2025-09-01"),
    }


@given(st.integers(min_value=1990, max_value=2098))
def test_the_calendar_parts_every_year_without_a_gap(year: int) -> None:
    terms = find_calendar_terms(f"{year}/{(year + 1) % 100:02d}")
    assert list(terms) == ["AUT1", "AUT2", "SPR1", "SPR2", "SUM1", "SUM2"]
    days = list(terms.values())
    assert (days[0][0], days[-1][1]) == (dt.date(year, 8, 1), dt.date(year + 1, 7, 31))
    assert all(ends + dt.timedelta(days=1) == starts for (_, ends), (starts, _) in pairwise(days))
    # The census' terms, by another way to Easter (Gauss) and to a month's last Monday.
    assert (terms["AUT2"][1], terms["SPR1"][0]) == (dt.date(year, 12, 31), dt.date(year + 1, 1, 1))
    assert terms["SPR2"][1] == find_easter(year + 1)
    bank_holiday = max(dt.date(year + 1, 5, day) for day in range(25, 32) if dt.date(year + 1, 5, day).weekday() == 0)
    moved = {2002: dt.date(2002, 6, 3), 2012: dt.date(2012, 6, 4)}
    assert terms["SUM2"][0] == moved.get(year + 1, bank_holiday)


def find_easter(year: int) -> dt.date:
    """Easter Sunday by the anonymous Gregorian computus (Nature, 1876)."""
    a, b, c = year % 19, year // 100, year % 100
    d, e = divmod(b, 4)
    f = (b + 8) // 25
    g = (b - f + 1) // 3
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    month, day = divmod(h + m - 7 * n + 114, 31)
    return dt.date(year, month, day + 1)


@pytest.mark.parametrize(
    ("old", "new", "at", "said"),
    [
        ("AUT2:", "AUT3:", 5, '"AUT3" is not a word Plumbline knows here. Did you mean "AUT2"?'),
        ("      SPR2: {starts: 2026-02-23, ends: 2026-03-27}\n", "", 3, '"SPR2" is missing. Add it.'),
        ("ends: 2025-12-19", "end: 2025-12-19", 5, '"end" is not a word Plumbline knows here. Did you mean "ends"?'),
        ("ends: 2025-12-19", "ends: 2025-19-12", 5, '"ends" is "2025-19-12"; expected a date such as 2025-09-01 or 01/09/2025 (day first).'),
        ("ends: 2025-12-19", "ends: 2025-10-19", 5, "AUT2 ends on 2025-10-19, before it starts on 2025-11-03. Exchange or correct the two days."),
        ("starts: 2025-11-03", "starts: 2025-10-24", 5, "AUT2 starts on 2025-10-24, but AUT1 ends on 2025-10-24. Half-terms follow one another and share no day."),
        ("starts: 2025-09-03", "starts: 2025-07-31", 4, "AUT1 starts on 2025-07-31, which is not in 2025/26. Its school year runs from 2025-08-01 to 2026-07-31."),
        ("ends: 2026-07-21", "ends: 2026-08-01", 9, "SUM2 ends on 2026-08-01, which is not in 2025/26. Its school year runs from 2025-08-01 to 2026-07-31."),
        ("2025/26", "2026/27", 2, '"2026/27" is not one of the academic years above. Did you mean "2025/26"?'),
        ("    half_terms", "    la_code: 1\n    half_terms", 3, '"la_code" is "1"; expected a local authority\'s code, three digits such as 886.'),
        ("    half_terms", "    la_code: 002\n    half_terms", 3, 'no school of the register is in the local authority 002. Did you mean "001"? The register has 001.'),
        ("    half_terms", "    schools: [999909]\n    half_terms", 3, 'no school of the register has the URN 999909. Did you mean "999903"? Add the school to the register, or take it out here.'),
        ("    half_terms", "    schools: [99990]\n    half_terms", 3, '"schools" is "99990"; expected a URN, six digits such as 123456.'),
        ("    half_terms", "    schools: [999901]\n    la_code: 001\n    half_terms", 4, "these dates name a local authority as well as schools. Keep one of the two; a school's own dates stand over its local authority's."),
        ("    half_terms", "    schools: [999901, 999901]\n    half_terms", 3, "school 999901 has dates for 2025/26 already, from line {start} on. Keep one of the two."),
    ],
)  # fmt: skip
def test_term_date_problems(tiny: Path, messages: Messages, old: str, new: str, at: int, said: str) -> None:
    text = entry().replace(old, new, 1)
    assert text != entry()
    line = add(tiny, "term_dates:\n" + text)
    (message, *others) = messages(load_home, tiny)
    start = f"trust.yml line {line + at}: "
    assert message.startswith(start)
    assert message.removeprefix(start) == said.format(start=line + 2)
    # A day of the wrong year is outside every half-term's.
    assert not others or "2026/27" in new


@pytest.mark.parametrize(
    ("one", "other", "whose"),
    [
        ("", "", "the whole trust"),
        ("la_code: 001", 'la_code: "001"', "local authority 001"),
        ("schools: [999901, 999902]", "schools: [999902]", "school 999902"),
    ],
)
def test_nobody_has_two_sets_of_dates(tiny: Path, messages: Messages, one: str, other: str, whose: str) -> None:
    line = add(tiny, "term_dates:\n" + entry(one) + entry(other))
    (message,) = messages(load_home, tiny)
    said = f"{whose} has dates for 2025/26 already, from line {line + 2} on. Keep one of the two."
    assert message.endswith(said)
    # The same schools in another year are another matter.
    text = (tiny / "trust.yml").read_text(encoding="utf-8")
    head, _, second = text.rpartition("  - academic_year: 2025/26")
    moved = second.replace("2025-", "2024-").replace("2026-", "2025-")
    (tiny / "trust.yml").write_text(f"{head}  - academic_year: 2024/25{moved}", encoding="utf-8")
    assert len(load_home(tiny).trust.term_dates) == 2


def test_feeds_are_dated(tiny: Path) -> None:
    (tiny / "formats").mkdir()
    (tiny / "formats" / "our_register.yml").write_text("format: our_register\n", encoding="utf-8")
    add(
        tiny,
        "feeds:\n"
        "  - {school: 999901, format: marksheet, until: 2025-12-31}\n"
        "  - {school: 999901, format: our_register, from: 2026-01-01}\n"
        "  - {school: 999901, format: marksheet, from: 2026-03-01, until: 2026-03-31}\n",
    )
    records = list_config_records(load_home(tiny), dt.date(2026, 3, 1), "demo")["feeds"]
    assert [tuple(record.values()) for record in records] == [
        ("999901", "marksheet", None, dt.date(2025, 12, 31)),
        ("999901", "our_register", dt.date(2026, 1, 1), None),
        ("999901", "marksheet", dt.date(2026, 3, 1), dt.date(2026, 3, 31)),
    ]


@pytest.mark.parametrize(
    ("feed", "said"),
    [
        ("{school: 999909, format: marksheet, from: 2026-01-01}", 'no school of the register has the URN 999909. Did you mean "999903"? Add the school to the register, or take it out here.'),
        ("{school: 999902, format: marksheets, from: 2026-01-01}", 'there is no export format "marksheets". Did you mean "marksheet"?'),
        ("{school: 999902, format: Marksheet, from: 2026-01-01}", '"format" is "Marksheet"; expected small letters, digits and underscores, such as mean_mark. Did you mean "marksheet"?'),
        ("{school: 999902, format: marksheet}", 'the feed "marksheet" of 999902 has neither "from" nor "until". Write the day of the change, or take the line out: without one nothing is divided.'),
        ("{school: 999902, format: marksheet, from: 2026-01-01, until: 2025-12-31}", "the feed ends on 2025-12-31, before it begins on 2026-01-01. Exchange or correct the two days."),
        ("{school: 999901, format: marksheet, from: 2025-12-31}", '"marksheet" of 999901 has these days already, on line {first}. Keep one of the two, or part their days.'),
        ("{school: 999902, format: marksheet, untill: 2026-01-01}", '"untill" is not a word Plumbline knows here. Did you mean "until"?'),
    ],
)  # fmt: skip
def test_feed_problems(tiny: Path, messages: Messages, feed: str, said: str) -> None:
    line = add(tiny, f"feeds:\n  - {{school: 999901, format: marksheet, until: 2025-12-31}}\n  - {feed}\n")
    assert messages(load_home, tiny) == [f"trust.yml line {line + 3}: {said.replace('{first}', str(line + 2))}"]
