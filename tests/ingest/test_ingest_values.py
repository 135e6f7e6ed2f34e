"""Values: each spelling the field knows is read, and nothing that could mean two things is."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.contract import RECORD_KINDS, Column
from ingest.values import NotAValue, read_academic_year, read_date, read_value, read_year_group

MARK = RECORD_KINDS["results"].column("mark")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        *((f"{word}{n}", str(n)) for word in ("Year ", "year", "Y", "yr ", "") for n in (1, 9, 14)),
        ("01", "1"), ("Y03", "3"), ("Reception", "R"), ("Rec", "R"), ("R", "R"), ("YR", "R"), ("FS2", "R"),
        ("FS1", "N2"), ("Nursery", "N2"), ("N1", "N1"), ("N2", "N2"), ("E1", "E1"), ("E2", "E2"), ("x", "X"),
        ("  Year\u00a0 4 ", "4"),
    ],
)  # fmt: skip
def test_year_groups(text, code):
    assert read_year_group(text) == code


@pytest.mark.parametrize("text", ["Year 15", "Year", "3B", "Y3/4", "3.5", "-1", "Year \u0663", "2024"])
def test_no_year_groups(text):
    with pytest.raises(NotAValue):
        read_year_group(text)


@pytest.mark.parametrize(
    "text", ["2024/25", "2024-25", "2024/2025", "2024-2025", "202425", "2024 / 25", "2024\u201325", "20242025"]
)
def test_academic_years(text):
    assert read_academic_year(text) == "2024/25"


def test_the_turn_of_a_century():
    assert read_academic_year("1999/2000") == read_academic_year("1999/00") == "1999/00"


@pytest.mark.parametrize("text", ["2025", "24/25", "2024/26", "2024/1925", "2025/24", "1066/67", "", "next"])
def test_what_could_mean_two_years_is_no_academic_year(text):
    with pytest.raises(NotAValue, match="academic year"):
        read_academic_year(text)


@pytest.mark.parametrize(
    ("text", "order", "date"),
    [
        ("21/07/2025", "day_month_year", dt.date(2025, 7, 21)),
        ("1.7.25", "day_month_year", dt.date(2025, 7, 1)),
        ("01/07/2025", "month_day_year", dt.date(2025, 1, 7)),
        ("2025/07/01", "year_month_day", dt.date(2025, 7, 1)),
        ("2025-07-01", "day_month_year", dt.date(2025, 7, 1)),
        ("2025-07-01 00:00:00.000000", "month_day_year", dt.date(2025, 7, 1)),
        ("2025-07-01T09:30", "day_month_year", dt.date(2025, 7, 1)),
        ("21/07/2025 00:00", "day_month_year", dt.date(2025, 7, 21)),
        ("1/2/70", "day_month_year", dt.date(1970, 2, 1)),
        ("8 Sep 2025", "month_day_year", dt.date(2025, 9, 8)),
        ("08-SEPTEMBER-25", "day_month_year", dt.date(2025, 9, 8)),
        ("1 Sept 2025", "day_month_year", dt.date(2025, 9, 1)),
        ("3-Mar-1998 00:00", "day_month_year", dt.date(1998, 3, 3)),
        ("Mon 08/09/2025", "day_month_year", dt.date(2025, 9, 8)),
        ("Monday, 09/08/2025", "month_day_year", dt.date(2025, 9, 8)),
        ("Monday 8 September 2025", "day_month_year", dt.date(2025, 9, 8)),
        ("Thurs. 2025-09-11", "day_month_year", dt.date(2025, 9, 11)),
        ("1/2/69", "day_month_year", dt.date(2069, 2, 1)),
    ],
)
def test_dates(text, order, date):
    assert read_date(text, order) == date


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ("07/21/2025", "day_month_year"),
        ("21/07/2025", "month_day_year"),
        ("21/07/2025", "year_month_day"),
        ("2025/07/21", "day_month_year"),
        ("30/02/2025", "day_month_year"),
        ("1/2/202", "day_month_year"),
        ("0016-07-01", "day_month_year"),
        ("Tue 08/09/2025", "day_month_year"),  # a Monday; the other way round it would be a Saturday
        ("Mon 08/09/2025", "month_day_year"),
        ("Monkey 08/09/2025", "day_month_year"),
        ("30 Feb 2025", "day_month_year"),
        ("8 Sop 2025", "day_month_year"),
        ("8 Septem 2025", "day_month_year"),
        ("Mon", "day_month_year"),
        ("45170", "day_month_year"),
        ("soon", "day_month_year"),
    ],
)
def test_a_date_that_does_not_fit_its_order_is_never_swapped(text, order):
    with pytest.raises(NotAValue, match="a date written") as raised:
        read_date(text, order)
    assert raised.value.remedy


@pytest.mark.parametrize(
    ("text", "number"),
    [("12", 12), ("0", 0), ("12.5", Decimal("12.5")), ("1,234", 1234), ("12.50000", Decimal("12.5"))],
)
def test_marks(text, number):
    assert read_value(MARK, text) == number


@pytest.mark.parametrize(
    "text",
    [
        "-1",
        "12%",
        "1e3",
        "1_000",
        "NaN",
        "Infinity",
        "\u0661\u0662",
        "1,2",
        "12.34567",
        "9" * 13,
        "9" * 6000,
        "1/2",
        "=1+1",
    ],
)
def test_no_marks(text):
    with pytest.raises(NotAValue):
        read_value(MARK, text)


def test_whole_numbers_and_ranges():
    column = Column("n", "integer", "", minimum=1, maximum=5)
    assert read_value(column, "5") == 5
    for text in ("0", "6", "1.5"):
        with pytest.raises(NotAValue, match="a whole number from 1 to 5"):
            read_value(column, text)


def test_codes_name_the_nearest():
    column = RECORD_KINDS["results"].column("result_type")
    assert read_value(column, "Test") == "test"
    with pytest.raises(NotAValue, match="nearest: prediction"):
        read_value(column, "predicton")


@given(st.text(max_size=30), st.sampled_from(["day_month_year", "month_day_year", "year_month_day"]))
def test_any_text_is_a_value_or_words(text, order):
    for kind in RECORD_KINDS.values():
        for column in kind.columns:
            problem = find_problem(column, text, order)
            assert problem is None or (problem.expected and problem.remedy)


def find_problem(column, text, order):
    try:
        read_value(column, text, order)
    except NotAValue as problem:
        return problem
    return None
