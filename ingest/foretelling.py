"""Foretelling: what the lists of the home say already about records that a run would not place in any figure.

Here lives the comparing of one file's records with trust.yml, for `plumbline check`. Which windows, year groups and
attendance codes hold is judged by the warehouse, which knows what else was sent; that does not live here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ingest.contract import RECORD_KINDS
from ingest.draft.wording import CONFIRM
from ingest.fixes import show_cell
from ingest.home import Home
from ingest.records import Records

# What to do about each reason, in the words of the seed placing_reasons, which a run uses for the same.
REMEDIES = {
    "academic_year_not_reported": "Nothing to do unless this year should be reported: then add it to trust.yml.",
    "subject_unknown": "Give the subject the trust's name in the format file, or add it to trust.yml.",
    "assessment_unknown": "Give the assessment the trust's name in the format file, or add it to trust.yml.",
    "result_type_differs": (
        "Give predictions and judgements an assessment name of their own in the format file, and declare it in "
        "trust.yml."
    ),
}


@dataclass(frozen=True)
class Unplaced:
    """How many records of a kind would not be placed, what was seen in them, and what to do."""

    kind: str
    reason_code: str
    seen: str
    records: int

    @property
    def remedy(self) -> str:
        """What to do, in a sentence."""
        return REMEDIES[self.reason_code]


def list_unplaced(home: Home, records: Mapping[str, Records]) -> list[Unplaced]:
    """Return what the home's lists do not know, each value once with its records, the most records first.

    A record is counted under the first reason that holds, in the warehouse's order. What a drafted format left to
    be confirmed is left out: see `list_unconfirmed`.
    """
    counted: Counter[tuple[str, str, str]] = Counter()
    years = set(home.trust.academic_years)
    for kind, held in records.items():
        if kind == "results":
            counted.update((kind, *found) for found in _judge_results(home, held))
        elif "academic_year" in held.columns:
            # No year means every year, so nothing is said of it.
            strange = (year for year in held["academic_year"] if year is not None and year not in years | {CONFIRM})
            counted.update((kind, "academic_year_not_reported", show_cell(year)) for year in strange)
    found = [Unplaced(*what, number) for what, number in counted.items()]
    return sorted(found, key=lambda each: (-each.records, each.kind, each.reason_code, each.seen))


def _judge_results(home: Home, results: Records) -> Iterator[tuple[str, str]]:
    years, subjects = set(home.trust.academic_years), set(home.trust.subjects)
    types = {each.assessment: each.result_type for each in home.trust.assessments}
    for year, subject, assessment, result_type in results.rows(
        ("academic_year", "subject", "assessment", "result_type")
    ):
        if CONFIRM in (year, subject, assessment):
            continue
        if year not in years:
            yield "academic_year_not_reported", show_cell(str(year))
        elif subject not in subjects:
            yield "subject_unknown", show_cell(str(subject))
        elif assessment not in types:
            yield "assessment_unknown", show_cell(str(assessment))
        elif result_type != types[assessment]:
            yield "result_type_differs", f"{result_type} of {assessment}, which gives {types[assessment]}"


def list_unconfirmed(records: Mapping[str, Records]) -> list[tuple[str, str, int]]:
    """Return (kind, column, records) for each column in which a drafted format left its word to be confirmed."""
    found = []
    for kind, held in records.items():
        for column in RECORD_KINDS[kind].columns:
            if column.name in held.columns and (number := held[column.name].count(CONFIRM)):
                found.append((kind, column.name, number))
    return found
