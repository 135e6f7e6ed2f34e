"""What a rule about an extract is: its code, what it asks for, how heavy it weighs, what to do; and its verdict.

Here lives the form of a rule and the running of all of them. The rules themselves live in extract_rules.py (the data
file) and extract_meta_rules.py (the file that describes it); reading the files in screened_file.py.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from site_builder.screened_file import ScreenedFile

PASSED, FAILED, WARNING, NOT_APPLICABLE = "passed", "failed", "warning", "does not apply"
_SHOWN = 5


@dataclass(frozen=True)
class Rule:
    """One rule. `find` gives what is wrong (each a short phrase), nothing, or None where the rule does not apply."""

    code: str
    asks: str
    remedy: str
    find: Callable[[ScreenedFile], Iterable[str] | None]
    weight: str = FAILED


@dataclass(frozen=True)
class Verdict:
    """What became of one rule on one file."""

    code: str
    outcome: str
    sentence: str
    remedy: str


def _judge(rule: Rule, file: ScreenedFile) -> Verdict:
    found = rule.find(file)
    if found is None:
        return Verdict(rule.code, NOT_APPLICABLE, rule.asks, "")
    wrong = list(found)
    if not wrong:
        return Verdict(rule.code, PASSED, rule.asks, "")
    more = f" and {len(wrong) - _SHOWN} more" if len(wrong) > _SHOWN else ""
    return Verdict(rule.code, rule.weight, f"{rule.asks} Seen: {'; '.join(wrong[:_SHOWN])}{more}.", rule.remedy)


def judge_file(file: ScreenedFile, rules: Iterable[Rule]) -> list[Verdict]:
    """The verdict of every rule on one file, in the rules' order."""
    return [_judge(rule, file) for rule in rules]
