"""Quality: the one door to Great Expectations, and what a school is told about its files.

Here live the checks every school's candidate records must meet before they stand in the lake, derived from
the contract; the one pass that counts; the judgement of those counts by Great Expectations; and the plain
text of a receipt. No record is changed here, none is moved, and no pupil's value leaves: only counts and
the names of columns and checks do. Which records stand is orchestration's decision, made on `verdict`.
Great Expectations takes seconds to import, so it is imported only while checks run; `list_checks` needs
neither it nor data.
"""

from quality.check import check_candidates
from quality.receipts import describe_receipt
from quality.results import (
    CheckResult,
    CheckSpec,
    QualityError,
    Thresholds,
    Verdict,
    verdict,
    write_checks,
)
from quality.rules import list_checks

__all__ = [
    "CheckResult",
    "CheckSpec",
    "QualityError",
    "Thresholds",
    "Verdict",
    "check_candidates",
    "describe_receipt",
    "list_checks",
    "verdict",
    "write_checks",
]
