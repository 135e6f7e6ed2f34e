"""A check run from end to end: find the files, count, judge, and say it school by school.

Here what Great Expectations decided per measure is gathered into one result per check and school. Counting
and judging live in profile.py and judge.py; nothing is written here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from math import isnan
from pathlib import Path

from ingest.contract import RECORD_KINDS, RecordKind
from quality.checks import Check
from quality.judge import Expected, Judged, judge_profile
from quality.measures import Measure
from quality.profile import Profile, make_profile
from quality.results import CheckResult, Outcome, Thresholds
from quality.rules import derive_checks
from quality.tables import Table, find_tables


def check_candidates(
    candidates: Path,
    findings: Path,
    thresholds: Thresholds,
    urns: Sequence[str] | None = None,
    last_accepted: Path | None = None,
    kinds: Mapping[str, RecordKind] = RECORD_KINDS,
) -> list[CheckResult]:
    """Return a result for every check and school, sorted by school, then as list_checks has them.

    candidates: `<kind>/<urn>.parquet`, the records each school would have after this run; findings:
    `receipts`, `record_counts` and `fix_list` of the same run; last_accepted: the records that stand now,
    laid out as `candidates`. urns: the schools to check; all that have a file, if not given. A school
    without any file gets `not_applicable` throughout. A file that cannot be read as the contract says is an
    `error` for its school alone. Raises QualityError when a folder is not there or there is no school.
    """
    schools, tables = find_tables(candidates, findings, last_accepted, urns, kinds)
    checks = derive_checks(kinds)
    profile = make_profile(schools, tables, checks, kinds, thresholds, spill=candidates / ".spill")
    measures = [(check, measure) for check in checks for measure in check.measures]
    suite = [_expect(check, measure, thresholds) for check, measure in measures]
    frame = profile.frame
    judged = judge_profile(frame[["urn", *(measure.column for _, measure in measures)]], suite)
    rows: dict[str, dict[str, object]] = {
        str(row["urn"]): {str(name): cell for name, cell in row.items()} for row in frame.to_dict("records")
    }
    return [
        _gather(check, urn, rows.get(urn, {}), judged, _list_broken(check, urn, tables, profile), thresholds)
        for urn in schools
        for check in checks
    ]


def _expect(check: Check, measure: Measure, thresholds: Thresholds) -> Expected:
    bound = measure.bound(thresholds)
    low, high = (bound, None) if measure.limit == "at_least" else (None, bound)
    return Expected(measure.column, low, high, check.spec.severity)


def _list_broken(check: Check, urn: str, tables: Mapping[str, Table], profile: Profile) -> str:
    """Return what is wrong with the school's files that the check cannot do without, or nothing."""
    named = [tables[name].broken.get(urn) for name in sorted(check.reads) if name in tables]
    if urn in profile.uncounted:
        named.append(f"a file could not be counted ({profile.uncounted[urn]})")
    return "; ".join(fault for fault in named if fault)


def _gather(
    check: Check,
    urn: str,
    row: Mapping[str, object],
    judged: Mapping[str, Judged],
    broken: str,
    thresholds: Thresholds,
) -> CheckResult:
    """Return one school's result: a file no check can read, then failed, then undecided."""
    failing = [measure for measure in check.measures if urn in judged[measure.column].failing]
    silent = [measure for measure in check.measures if judged[measure.column].error]
    empty = [measure for measure in check.measures if _number(row, measure.column) is None]
    among = _number(row, check.among)
    applies = _number(row, check.applies)
    affected = 0
    outcome: Outcome
    if broken:
        outcome, observed = "error", f"could not be decided: {broken}"
    elif failing:
        outcome, observed = "failed", "; ".join(_say(measure, row) for measure in failing)
        affected = sum(int(_number(row, measure.affected or measure.column) or 0) for measure in failing)
    elif silent:
        told = sorted({judged[measure.column].error for measure in silent})
        names = ", ".join(measure.column for measure in silent)
        outcome, observed = "error", f"could not be decided: the check {' and '.join(told)} on {names}"
    elif applies is None or (applies and any(not measure.optional for measure in empty)):
        names = ", ".join(measure.column for measure in empty if not measure.optional) or check.applies
        outcome, observed = "error", f"could not be decided: no count of {names}"
    elif len(empty) == len(check.measures):
        outcome = "not_applicable"
        observed = (
            f"too little to compare among {_plain(among or 0)} {check.noun}"
            if applies
            else "no such file received"
        )
    else:
        told = [
            _say(measure, row)
            for measure in check.measures
            if not measure.counts_faults and measure not in empty
        ]
        outcome, observed = "passed", "; ".join(told) or f"none among {_plain(among or 0)} {check.noun}"
    spec = check.spec
    return CheckResult(
        urn, spec.check_name, spec.kind, spec.title, spec.severity, outcome, observed,
        check.expected.format(**vars(thresholds)), spec.remedy, affected,
    )  # fmt: skip


def _number(row: Mapping[str, object], column: str) -> float | None:
    value = row.get(column)
    return None if not isinstance(value, int | float) or isnan(value) else float(value)


def _say(measure: Measure, row: Mapping[str, object]) -> str:
    value, affected = _number(row, measure.column), _number(row, measure.affected)
    return measure.says.format(n=_plain(value or 0), a=_plain(affected or 0))


def _plain(value: float) -> str:
    """Return a number as people write it: whole or with one decimal, half away from zero."""
    rounded = Decimal(str(value)).quantize(Decimal("0.1"), ROUND_HALF_UP)
    return f"{int(rounded):,}" if rounded == rounded.to_integral_value() else f"{rounded:,}"
