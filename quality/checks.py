"""A check as the rules declare it: its words, the measures it gathers, and when it must be decided.

Here lives the shape only. Which checks there are is in rules.py, rules for one kind alone in kind_rules.py; how a
check is counted is in counting.py and judged in judge.py.
"""

from __future__ import annotations

from dataclasses import dataclass

from ingest.contract import RecordKind
from quality.measures import Measure
from quality.results import CheckSpec, Severity

ROLL_KIND = "pupils"  # the kind that is the roll: its own records are not matched against it
FILE_TABLES = ("receipts", "record_counts", "fix_list")


@dataclass(frozen=True)
class Check:
    """A check and what it needs.

    measures: what it gathers; it fails when any of them breaks its limit. expected: words for the limit,
    filled in from the thresholds. among: profile column with how many things were looked at; noun: what
    they are. applies: profile column that is 1 where the check must be decided; reads: the tables it cannot
    do without.
    """

    spec: CheckSpec
    measures: tuple[Measure, ...]
    expected: str
    among: str
    noun: str
    applies: str
    reads: frozenset[str]


def make_kind_check(
    kind: RecordKind,
    rule: str,
    severity: Severity,
    title: str,
    expected: str,
    remedy: str,
    *measures: Measure,
    also_reads: tuple[str, ...] = (),
) -> Check:
    """Return the check `<kind>_<rule>` of one kind's records."""
    k, words = kind.name, kind.name.replace("_", " ").capitalize()
    return Check(
        CheckSpec(f"{k}_{rule}", k, f"{words}: {title}", severity, remedy), measures, expected,
        among=f"{k}__rows", noun="records", applies=f"{k}__received",
        reads=frozenset({k, *FILE_TABLES, *also_reads}),
    )  # fmt: skip
