"""Great Expectations' part: the suite is built from the measures and decides, for all schools at once.

Here lives the only import of Great Expectations in Plumbline, inside the function that uses it. What comes
back is mapped by each expectation's own name, for the results stand in another order than the suite. Nulls
are ignored by Great Expectations: whether an empty cell may be is decided in check.py. Of an exception only
its being there is kept.
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


def judge_profile(profile: pd.DataFrame, suite: Sequence[Expected]) -> dict[str, Judged]:
    """Return what Great Expectations found, by profile column; every expectation of the suite has an
    answer.

    `profile` has a column `urn` and a row per school. Raises QualityError for an empty suite or an empty
    profile: both would read as a pass.
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
                column=e.column,
                min_value=e.minimum,
                max_value=e.maximum,
                severity=FailureSeverity(e.severity),
                meta={"id": e.column},
            )
            for e in suite
        ]
        validated = (
            asset.add_batch_definition_whole_dataframe("all")
            .get_batch({"dataframe": profile})
            .validate(
                gx.ExpectationSuite(name="profile", expectations=expectations),
                result_format={"result_format": "COMPLETE", "unexpected_index_column_names": ["urn"]},
            )
        )
    found = [
        (_name_of(result.expectation_config), result.success, result.exception_info, result.result)
        for result in validated.results
    ]
    return read_results(found, names, schools=len(profile))


def _name_of(configuration: Any) -> str:
    """Return the name the expectation was given, or nothing where it came back without one."""
    meta = getattr(configuration, "meta", None) or {}
    return str(meta.get("id", ""))


def read_results(
    found: Iterable[tuple[str, bool | None, Mapping[str, Any] | None, Mapping[str, Any]]],
    names: Sequence[str],
    schools: int,
) -> dict[str, Judged]:
    """Return an answer for each of `names`, whatever came back.

    `found` has (name, success, exception_info, result) as Great Expectations gives them. An exception, an
    answer that contradicts itself, one given twice and one not given at all are errors, never a pass.
    """
    judged: dict[str, Judged] = {}
    for name, success, exception, result in found:
        judged[name] = (
            _read_one(success, exception, result, schools)
            if name not in judged
            else Judged(error="answered twice")
        )
    return {name: judged.get(name, Judged(error="not answered")) for name in names}


def _read_one(
    success: bool | None, exception: Mapping[str, Any] | None, result: Mapping[str, Any], schools: int
) -> Judged:
    if _raised(exception):
        return Judged(error="stopped on an exception")
    try:
        failing = frozenset(str(row["urn"]) for row in result["unexpected_index_list"])
        sound = (
            result["element_count"] == schools
            and result["unexpected_count"] == len(failing)
            and success is (not failing)
        )
    except (KeyError, TypeError):
        sound, failing = False, frozenset()
    return Judged(failing) if sound else Judged(error="gave an answer that does not add up")


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
