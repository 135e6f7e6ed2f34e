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


def test_one_limit_is_one_question_and_each_measure_has_its_own_answer():
    """As many measures as the real suite has, under three limits: which school breaks which is told apart."""
    names = [f"c{n}" for n in range(60)]
    profile = pd.DataFrame({"urn": URNS} | {name: [0.5, nan, 0.5] for name in names})
    for n, name in enumerate(names):
        profile.loc[2 * (n % 2), name] = 2.0 if n % 3 else 0.4
    limits = ((0.45, None), (None, 1), (0, 1))
    suite = [expect(name, *limits[n % 3]) for n, name in enumerate(names)]
    found = judge_profile(profile, suite)
    assert found == {name: Judged(frozenset({URNS[2 * (n % 2)]})) for n, name in enumerate(names)}


def test_a_column_that_is_gone_or_no_number_is_an_error_and_the_others_go_on(capfd, caplog):
    profile = pd.DataFrame({"urn": URNS, "a": [0.0, 0.0, 1.0], "words": ["MARKER", "MARKER", "MARKER"]})
    found = judge_profile(
        profile, [expect("gone", maximum=0), expect("words", maximum=0), expect("a", maximum=0)]
    )
    assert found["a"] == Judged(frozenset({"3"}))
    assert found["gone"].error == found["words"].error == "found no numbers"
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


FINE = {"element_count": 6, "unexpected_count": 0, "unexpected_index_list": []}
BAD = {"element_count": 6, "unexpected_count": 1, "unexpected_index_list": [{"g": 5.0, "urn": "3", "measure": "a"}]}
CALM = {"raised_exception": False, "exception_traceback": None, "exception_message": None}
RAISED = {"raised_exception": True, "exception_traceback": "...", "exception_message": "x"}
STRANGER = BAD | {"unexpected_index_list": [{"g": 5.0, "urn": "3", "measure": "other"}]}


@pytest.mark.parametrize(
    ("found", "judged"),
    [
        ([("g", True, CALM, FINE)], Judged()),
        ([("g", True, None, FINE)], Judged()),
        ([("g", False, CALM, BAD)], Judged(frozenset({"3"}))),
        ([], "not answered"),
        ([("h", True, CALM, FINE)], "not answered"),
        ([("", True, CALM, FINE)], "not answered"),
        ([("g", True, CALM, FINE), ("g", True, CALM, FINE)], "answered twice"),
        ([("g", True, RAISED, FINE)], "exception"),
        ([("g", False, {"metric (1)": RAISED}, {})], "exception"),
        ([("g", True, {"metric (1)": CALM, "metric (2)": RAISED}, FINE)], "exception"),
        ([("g", True, {"metric (1)": {"exception_traceback": "..."}}, FINE)], "exception"),
        ([("g", True, CALM, {})], "add up"),
        ([("g", True, CALM, BAD)], "add up"),
        ([("g", False, CALM, FINE)], "add up"),
        ([("g", None, CALM, FINE)], "add up"),
        ([("g", True, CALM, FINE | {"element_count": 2})], "add up"),
        ([("g", False, CALM, BAD | {"unexpected_count": 2})], "add up"),
        ([("g", False, CALM, BAD | {"unexpected_index_list": None})], "add up"),
        ([("g", False, CALM, STRANGER)], "add up"),
    ],
)
def test_whatever_comes_back_is_a_sound_answer_or_an_error_of_all_it_was_for(found, judged):
    answers = read_results(found, {"g": ["a", "b"]}, rows=6)
    if isinstance(judged, Judged):
        assert answers == {"a": judged, "b": Judged()}
    else:
        for answer in answers.values():
            assert judged in answer.error
            assert not answer.failing
