"""The words pages use for codes: plain, neutral, the same everywhere.

Here live the closed lists of outcomes, buckets, comparisons, symbols and the like, with the words a reader
sees. A code that is not in its list is an error, so that no raw code ever reaches a page. No layout lives
here.
"""

from __future__ import annotations

from collections.abc import Mapping

from site_builder.published import PublishedError
from site_builder.records import Kpi

OUTCOMES = {
    "accepted": "read",
    "refused": "could not be read yet",
    "duplicate": "same as an earlier file",
    "held": "waiting: see the receipt",
    "skipped": "still being copied, looked at again next time",
}

BUCKETS = {
    "used": "used in figures",
    "refused": "could not be used yet",
    "duplicate": "same as an earlier record",
    "superseded": "replaced by a later file",
    "unmapped": "not placed on the trust's scale yet",
    "out of scope": "outside what is measured",
}
BUCKET_ORDER = tuple(BUCKETS)

STATES = {"up to date": "up to date", "held": "a file is waiting", "no data yet": "no data yet"}

CHECK_OUTCOMES = {
    ("passed", "critical"): "met",
    ("passed", "warning"): "met",
    ("failed", "critical"): "to put right",
    ("failed", "warning"): "to look at",
    ("not_applicable", "critical"): "does not apply",
    ("not_applicable", "warning"): "does not apply",
    ("error", "critical"): "could not be checked",
    ("error", "warning"): "could not be checked",
}

COMPARISONS = {"above": "above", "similar": "about the same", "below": "below"}
MARKS = {"above": "▲", "similar": "●", "below": "▼"}

CHANGES = {
    "up": "up by more than chance",
    "down": "down by more than chance",
    "same": "about the same",
}
TRENDS = {"up": "↗", "down": "↘", "same": "→"}

SYMBOLS = {
    "c": "hidden: so few pupils are behind the figure that it could say something about one of them",
    "x": "not supplied: what the figure needs has not been sent",
    "z": "does not apply",
    "u": "too uncertain to show",
    "low": "more than nothing, but rounds to 0",
    "–": "no figure: nothing was sent for it, or there are no such pupils",
}

SYMBOL_TITLES = {
    "c": "hidden: few pupils",
    "x": "not supplied",
    "z": "does not apply",
    "u": "too uncertain to show",
    "low": "rounds to 0, but is not 0",
    "–": "no figure",
}

DIRECTIONS = {
    "higher": "A higher figure is hoped for.",
    "lower": "A lower figure is hoped for.",
    "neutral": "Neither direction is hoped for; the figure is there to understand a school by.",
}

COMPARABILITY = {
    "A": "A: statutory, with one definition for every school in England.",
    "B": "B: a common test, the same paper or task in every school that took it.",
    "C": "C: a common definition, judged by teachers and moderated between schools.",
    "D": "D: each school's own judgement, placed on the trust's scale.",
    "z": "Not about an assessment, so no comparability class applies.",
}

CONSTRUCTS = {
    "point_in_time": "judged at that time",
    "end_of_year_prediction": "predicted for the end of the year",
    "summative_test": "test",
    "statutory": "statutory assessment",
}

UNITS = {
    "percent": "percent of pupils",
    "score": "scaled score",
    "rate_per_100": "for every 100 pupils",
    "points": "points",
    "marks": "marks",
}

UNIT_HEADS = {
    "percent": "Percent",
    "score": "Score",
    "rate_per_100": "Per 100 pupils",
    "points": "Points",
    "marks": "Marks",
}

INTERVALS = {
    "wilson": "Wilson's 95% interval for a share",
    "byar": "Byar's 95% interval for a count",
    "t": "Student's 95% interval for a mean",
    "by_pupil": "A 95% interval worked out over pupils, since what is counted of one pupil goes together",
}


def in_words(words: Mapping[str, str], code: str, what: str) -> str:
    """The words for `code`; PublishedError with the codes that are known when it is none of them."""
    if code not in words:
        raise PublishedError(
            f"the published tables hold {what} {code!r}; known are {', '.join(words)}. "
            "Correct it in dbt, or give it words in site_builder/words.py."
        )
    return words[code]


def spaced(name: str | None, nothing: str) -> str:
    """The name of a field or kind of record as words, `nothing` where there is none."""
    return name.replace("_", " ") if name else nothing


def check_in_words(outcome: str, severity: str) -> str:
    """The words for a quality check's outcome, by how much hangs on it."""
    if (outcome, severity) not in CHECK_OUTCOMES:
        known = ", ".join(f"{o} ({s})" for o, s in CHECK_OUTCOMES)
        raise PublishedError(
            f"the published tables hold a check that is {outcome!r} ({severity}); known are {known}. "
            "Correct it in quality, or give it words in site_builder/words.py."
        )
    return CHECK_OUTCOMES[outcome, severity]


def year_group_words(year_group: str, *, of_pupils: bool = False) -> str:
    """`Total` is what the files must say; a reader is told what it is the total of.

    `of_pupils`: of a figure about pupils over time, such as attendance, whose headline leaves nursery and sixth
    form apart.
    """
    if year_group != "Total":
        return year_group
    return "Reception to Year 11" if of_pupils else "All year groups"


def unit_words(kpi: Kpi) -> str:
    """The KPI's unit in words; a share whose interval is worked out over pupils is one of sessions or statements."""
    if (kpi.unit, kpi.interval) == ("percent", "by_pupil"):
        return "percent of statements" if "statements" in (kpi.denominator or "") else "percent of sessions"
    return in_words(UNITS, kpi.unit, "the unit")
