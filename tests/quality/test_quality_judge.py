"""Great Expectations' answers: only a sound answer is a pass, and each goes to the check that asked."""

from __future__ import annotations

from math import nan

import pandas as pd
import pytest

from quality import QualityError
from quality.judge import Expected, Judged, judge_profile, read_results

URNS = ["1", "2", "3"]


def expect(column, minimum=None, maximum=None):
    return Expected(column, minimum, maximum, "critical")


def test_each_answer_goes_to_its_own_expectation():
    names = [f"c{n}" for n in range(12)]
    profile = pd.DataFrame({"urn": URNS} | {name: [0.0, 0.0, 0.0] for name in names})
    for n, name in enumerate(names):
        profile.loc[n % 3, name] = 1.0
    found = judge_profile(profile, [expect(name, maximum=0) for name in names])
    assert found == {name: Judged(frozenset({URNS[n % 3]})) for n, name in enumerate(names)}


def test_bounds_are_inclusive_and_empty_cells_are_left_alone():
    profile = pd.DataFrame({"urn": URNS, "a": [20.0, 20.1, nan], "b": [0.9, 1.0, nan], "c": [nan, nan, nan]})
    found = judge_profile(profile, [expect("a", maximum=20), expect("b", minimum=1), expect("c", maximum=0)])
    assert found == {"a": Judged(frozenset({"2"})), "b": Judged(frozenset({"1"})), "c": Judged()}


def test_an_exception_inside_is_an_error_and_the_others_go_on(capfd, caplog):
    profile = pd.DataFrame({"urn": URNS, "a": [0.0, 0.0, 1.0], "words": ["MARKER", "MARKER", "MARKER"]})
    found = judge_profile(
        profile, [expect("gone", maximum=0), expect("words", maximum=0), expect("a", maximum=0)]
    )
    assert found["a"] == Judged(frozenset({"3"}))
    assert found["gone"].error
    assert found["words"].error
    assert "MARKER" not in repr(found) + caplog.text + "".join(capfd.readouterr())


@pytest.mark.parametrize(
    "profile", [pd.DataFrame({"urn": [], "a": []}), pd.DataFrame({"urn": URNS, "a": [0.0] * 3})]
)
def test_an_empty_suite_or_profile_is_an_error(profile):
    suite = [expect("a", maximum=0)] if profile.empty else []
    with pytest.raises(QualityError, match="Nothing could be judged"):
        judge_profile(profile, suite)


def test_two_expectations_of_one_name_are_an_error():
    profile = pd.DataFrame({"urn": URNS, "a": [0.0] * 3})
    with pytest.raises(QualityError, match="same column"):
        judge_profile(profile, [expect("a", maximum=0), expect("a", minimum=0)])


FINE = {"element_count": 3, "unexpected_count": 0, "unexpected_index_list": []}
BAD = {"element_count": 3, "unexpected_count": 1, "unexpected_index_list": [{"a": 5.0, "urn": "3"}]}
CALM = {"raised_exception": False, "exception_traceback": None, "exception_message": None}
RAISED = {"raised_exception": True, "exception_traceback": "...", "exception_message": "x"}


@pytest.mark.parametrize(
    ("found", "judged"),
    [
        ([("a", True, CALM, FINE)], Judged()),
        ([("a", True, None, FINE)], Judged()),
        ([("a", False, CALM, BAD)], Judged(frozenset({"3"}))),
        ([], "not answered"),
        ([("b", True, CALM, FINE)], "not answered"),
        ([("", True, CALM, FINE)], "not answered"),
        ([("a", True, CALM, FINE), ("a", True, CALM, FINE)], "answered twice"),
        ([("a", True, RAISED, FINE)], "exception"),
        ([("a", False, {"metric (1)": RAISED}, {})], "exception"),
        ([("a", True, {"metric (1)": CALM, "metric (2)": RAISED}, FINE)], "exception"),
        ([("a", True, {"metric (1)": {"exception_traceback": "..."}}, FINE)], "exception"),
        ([("a", True, CALM, {})], "add up"),
        ([("a", True, CALM, BAD)], "add up"),
        ([("a", False, CALM, FINE)], "add up"),
        ([("a", None, CALM, FINE)], "add up"),
        ([("a", True, CALM, FINE | {"element_count": 2})], "add up"),
        ([("a", False, CALM, BAD | {"unexpected_count": 2})], "add up"),
        ([("a", False, CALM, BAD | {"unexpected_index_list": None})], "add up"),
    ],
)
def test_whatever_comes_back_is_a_sound_answer_or_an_error(found, judged):
    answer = read_results(found, ["a"], schools=3)["a"]
    if isinstance(judged, Judged):
        assert answer == judged
    else:
        assert judged in answer.error
        assert not answer.failing
