"""UPNs: the vectors of the standard's check letter, and what is never taken for one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.upn import LETTERS, find_check_letter, read_upn

VECTORS = {
    "801200005001": "B",
    "207000016049": "P",
    "300401325001": "A",
    "888400124015": "F",
    "330200319007": "K",
    "80120000500A": "M",
    "88840012401B": "Z",
}


@pytest.mark.parametrize(("body", "letter"), VECTORS.items())
def test_check_letter_vectors(body, letter):
    assert find_check_letter(body) == letter
    assert read_upn(letter + body) == (letter + body, None)
    for other in set(LETTERS) - {letter}:
        assert read_upn(other + body)[0] is None


@pytest.mark.parametrize(("body", "total"), [("801200005001", 93), ("207000016049", 266), ("80120000500A", 80)])
def test_the_sums_of_the_vectors(body, total):
    """By hand, each place by its number: a letter counts as its place among the 23."""
    by_hand = sum(
        place * (int(sign) if sign.isdigit() else "ABCDEFGHJKLMNPQRTUVWXYZ".index(sign))
        for place, sign in zip(range(2, 14), body, strict=True)
    )
    assert by_hand == total
    assert find_check_letter(body) == LETTERS[total % 23]


def test_the_published_wrong_example_fails():
    assert read_upn("Q207000016049") == (None, "its first letter does not agree with the digits")


@pytest.mark.parametrize("text", ["b801200005001", " B 8012 0000 5001 ", "b\u00a0801200005001", "B801200005001"])
def test_case_and_spaces_do_not_matter(text):
    assert read_upn(text) == ("B801200005001", None)


@pytest.mark.parametrize("text", ["801200005001", " 8012 0000 5001", "801200005001.0"])
def test_a_lost_letter_is_worked_out(text):
    assert read_upn(text) == ("B801200005001", "repaired")


@pytest.mark.parametrize("text", ["", "  ", "0000000000000", "000000000000", "0", "0.0", "UN1", "un5"])
def test_placeholders_stand_for_none(text):
    assert read_upn(text) == (None, None)


@pytest.mark.parametrize("text", ["8.01E+11", "8.012E11", "8,01E+11"])
def test_powers_of_ten_cannot_be_recovered(text):
    upn, why = read_upn(text)
    assert upn is None
    assert "powers of ten" in str(why)


@pytest.mark.parametrize(
    "text",
    ["B80120000500", "I801200005001", "B8012000050011", "80120000500A", "B80120000500\u0661", "UN6", "80120000500.1",
     "M80120000500O"],
)
def test_other_forms_are_no_upn(text):
    assert read_upn(text) == (None, "it does not have the form of a UPN")


@given(st.text(max_size=20))
def test_any_text_is_a_upn_or_not(text):
    upn, why = read_upn(text)
    assert upn is None or find_check_letter(upn[1:]) == upn[0]
    assert why is None or isinstance(why, str)
