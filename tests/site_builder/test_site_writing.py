"""How a figure is written: rounding half away from zero, by Decimal, in one place."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from site_builder.writing import (
    as_published,
    round_half_away,
    rounds_to_nothing,
    show_count,
    show_date,
    show_number,
    write_count,
    write_fixed,
)

decimals = st.decimals(min_value=-(10**9), max_value=10**9, allow_nan=False, allow_infinity=False, places=9)
floats = st.floats(min_value=-1e12, max_value=1e12, allow_nan=False, allow_infinity=False)


@pytest.mark.parametrize(
    ("value", "places", "expected"),
    [
        ("0.5", 0, "1"),
        ("1.5", 0, "2"),
        ("2.5", 0, "3"),
        ("-0.5", 0, "-1"),
        ("-2.5", 0, "-3"),
        ("1.005", 2, "1.01"),
        ("2.675", 2, "2.68"),
        ("-1.005", 2, "-1.01"),
        ("0.05", 1, "0.1"),
        ("0.049999999", 1, "0.0"),
        ("-0.04", 1, "0.0"),
        ("99.95", 1, "100.0"),
        ("0", 1, "0.0"),
    ],
)
def test_a_half_goes_away_from_zero(value: str, places: int, expected: str) -> None:
    assert str(round_half_away(Decimal(value), places)) == expected


@pytest.mark.parametrize(("value", "expected"), [(2.675, "2.68"), (1.005, "1.01"), (0.285, "0.29"), (-1.005, "-1.01")])
def test_a_float_is_rounded_as_it_reads_not_as_it_is_stored(value: float, expected: str) -> None:
    assert str(round_half_away(value, 2)) == expected


@given(decimals, st.integers(min_value=0, max_value=6))
def test_rounding_is_the_nearest_with_ties_away_from_zero(value: Decimal, places: int) -> None:
    unit = Fraction(1, 10**places)
    whole, rest = divmod(abs(Fraction(value)), unit)
    expected = (whole + (1 if rest * 2 >= unit else 0)) * unit
    assert abs(Fraction(round_half_away(value, places))) == expected
    assert round_half_away(-value, places) == -round_half_away(value, places)


@given(floats, st.integers(min_value=0, max_value=3))
def test_what_a_page_shows_is_what_the_file_holds_rounded_on(value: float, places: int) -> None:
    shown = show_number(value, places).replace(",", "").replace("−", "-")
    assert Decimal(shown) == round_half_away(as_published(value), places)
    assert "E" not in shown


@given(floats)
def test_a_fixed_figure_has_six_decimals_and_never_minus_zero(value: float) -> None:
    text = write_fixed(value)
    if text == "low":
        assert value != 0
        assert abs(value) <= 0.0000005
    else:
        assert len(text.split(".")[1]) == 6
        assert not (text.startswith("-") and Decimal(text) == 0)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
def test_what_is_not_a_number_is_never_written(value: float) -> None:
    with pytest.raises(ValueError, match="not a finite number"):
        write_fixed(value)


def test_a_true_nought_is_nought_and_nearly_nought_is_not() -> None:
    assert write_fixed(0.0) == "0.000000"
    assert write_fixed(0.0000001) == "low"
    assert rounds_to_nothing(0.04, 1)
    assert not rounds_to_nothing(0.0, 1)
    assert not rounds_to_nothing(0.05, 1)


def test_counts_and_dates_read_as_a_person_writes_them() -> None:
    assert show_count(1234567) == "1,234,567"
    assert show_count(None) == "not known"
    assert write_count(28.0) == "28"
    assert write_count(2.5) == "2.500000"
    assert show_date(date(2025, 4, 3)) == "3 April 2025"
    assert show_date(None, "none yet") == "none yet"
    assert show_number(-1234.25, 1) == "−1,234.3"
