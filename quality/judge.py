"""Great Expectations' part: the suite is built from the measures and decides, for all schools at once.

Here lives the only import of Great Expectations in Plumbline, inside the function that uses it. Measures with
one limit are one expectation over all their figures, for what an expectation costs hardly hangs on how many it
looks at. What comes back is mapped by each expectation's own name, for the results stand in another order than
the suite. Nulls are ignored by Great Expectations: whether an empty cell may be is decided in check.py. Of an
exception only its being there is kept.
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from quality.results import QualityError, Severity

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Expected:
    """One expectation: the values of a profile column keep two bounds, inclusive; either may be None."""

    column: str
    minimum: float | None
    maximum: float | None
    severity: Severity


@dataclass(frozen=True)
class Judged:
    """What was found for one expectation: the schools that break it, or why it could not be decided."""

    failing: frozenset[str] = frozenset()
    error: str = ""


# An expectation's name, its success, exception_info and result, as Great Expectations gives them.
Found = tuple[str, bool | None, Mapping[str, Any] | None, Mapping[str, Any]]


def judge_profile(profile: pd.DataFrame, suite: Sequence[Expected]) -> dict[str, Judged]:
    """Return what Great Expectations found, by profile column; every expected column has an answer.

    `profile` has a column `urn`, each once, and a row per school. A column that is not there or holds no
    numbers is an error of its own. Raises QualityError for an empty suite or an empty profile: both would
    read as a pass.
    """
    if not suite or profile.empty:
        raise QualityError(
            "Nothing could be judged: there is no check or no school to look at. Expected at least one of "
            "each; look at the contract's record kinds and the register."
        )
    names = [expected.column for expected in suite]
    if len(set(names)) != len(names):
        raise QualityError(
            "Two checks measure the same column of the profile. Expected one each; give one a new name."
        )
    numeric = set(profile.select_dtypes("number").columns)
    limits: dict[tuple[float | None, float | None, Severity], list[str]] = {}
    for e in suite:
        if e.column in numeric:
            limits.setdefault((e.minimum, e.maximum, e.severity), []).append(e.column)
    groups = {f"limit {number}": columns for number, columns in enumerate(limits.values())}
    found = _validate(profile, dict(zip(groups, limits, strict=True)), groups) if groups else []
    answers = read_results(found, groups, rows=len(profile) * sum(map(len, groups.values())))
    return {name: answers.get(name, Judged(error="found no numbers")) for name in names}


def _validate(
    profile: pd.DataFrame,
    limits: Mapping[str, tuple[float | None, float | None, Severity]],
    groups: Mapping[str, Sequence[str]],
) -> list[Found]:
    """Return what Great Expectations says of each limit over all figures it is for, a row a school and measure."""
    os.environ["GX_ANALYTICS_ENABLED"] = (
        "false"  # read at import: nothing of a trust's run is to be sent anywhere
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # it imports modules Python is about to drop
        import great_expectations as gx
        from great_expectations.data_context.types.base import ProgressBarsConfig
        from great_expectations.expectations.core.expect_column_values_to_be_between import (
            ExpectColumnValuesToBeBetween,
        )
        from great_expectations.expectations.metadata_types import FailureSeverity

        context = gx.get_context(
            mode="ephemeral"
        )  # a new one each time, so names never meet those of another run
        context.variables.progress_bars = ProgressBarsConfig(globally=False)
        asset = context.data_sources.add_pandas("profile").add_dataframe_asset("schools")
        expectations = [
            ExpectColumnValuesToBeBetween(
                column=name,
                min_value=low,
                max_value=high,
                severity=FailureSeverity(severity),
                meta={"id": name},
            )
            for name, (low, high, severity) in limits.items()
        ]
        validated = (
            asset.add_batch_definition_whole_dataframe("all")
            .get_batch({"dataframe": _lengthen(profile, groups)})
            .validate(
                gx.ExpectationSuite(name="profile", expectations=expectations),
                result_format={"result_format": "COMPLETE", "unexpected_index_column_names": ["urn", "measure"]},
            )
        )
    return [
        (_name_of(result.expectation_config), result.success, result.exception_info, result.result)
        for result in validated.results
    ]


def _lengthen(profile: pd.DataFrame, groups: Mapping[str, Sequence[str]]) -> pd.DataFrame:
    """Return the profile with a row a school and measure and a column a limit, empty but for its measures."""
    import numpy as np
    import pandas as pd

    measures = [measure for some in groups.values() for measure in some]
    schools = len(profile)
    columns = {"urn": np.tile(profile["urn"].to_numpy(), len(measures)), "measure": np.repeat(measures, schools)}
    at = 0
    for limit, some in groups.items():
        figures = np.full(schools * len(measures), np.nan)
        figures[at : at + schools * len(some)] = profile[list(some)].to_numpy("float64").T.ravel()
        columns[limit] = figures
        at += schools * len(some)
    return pd.DataFrame(columns)


def _name_of(configuration: Any) -> str:
    """Return the name the expectation was given, or nothing where it came back without one."""
    meta = getattr(configuration, "meta", None) or {}
    return str(meta.get("id", ""))


def read_results(found: Iterable[Found], groups: Mapping[str, Sequence[str]], rows: int) -> dict[str, Judged]:
    """Return an answer for each measure of `groups` (expectation -> its measures), whatever came back.

    An exception, an answer that contradicts itself, one given twice and one not given at all are errors of all
    measures it was for, never a pass. `rows`: how many figures each expectation looked through.
    """
    answers: dict[str, tuple[frozenset[tuple[str, str]], str]] = {}
    for name, success, exception, result in found:
        answers[name] = (
            _read_one(success, exception, result, groups.get(name, ()), rows)
            if name not in answers
            else (frozenset(), "answered twice")
        )
    judged: dict[str, Judged] = {}
    for name, measures in groups.items():
        failing, error = answers.get(name, (frozenset(), "not answered"))
        for measure in measures:
            judged[measure] = Judged(frozenset(urn for urn, of in failing if of == measure), error)
    return judged


def _read_one(
    success: bool | None,
    exception: Mapping[str, Any] | None,
    result: Mapping[str, Any],
    measures: Sequence[str],
    rows: int,
) -> tuple[frozenset[tuple[str, str]], str]:
    """Return the schools and measures out of bounds and '', or nothing and what is wrong with the answer."""
    if _raised(exception):
        return frozenset(), "stopped on an exception"
    try:
        failing = frozenset((str(row["urn"]), str(row["measure"])) for row in result["unexpected_index_list"])
        sound = (
            result["element_count"] == rows
            and result["unexpected_count"] == len(failing)
            and success is (not failing)
            and {measure for _, measure in failing} <= set(measures)
        )
    except (KeyError, TypeError):
        sound, failing = False, frozenset()
    return (failing, "") if sound else (frozenset(), "gave an answer that does not add up")


def _raised(info: Mapping[str, Any] | None) -> bool:
    """Return True where an exception is told of: directly, or nested under the metric it came from."""
    if not info:
        return False
    if "raised_exception" in info:
        return bool(info["raised_exception"])
    return any(
        not isinstance(inner, Mapping) or _raised(inner) or "exception_message" in inner
        for inner in info.values()
    )
