"""Checks that only one kind of record can have: of the roll, of attendance, of year groups said with a result.

Here live their names, words, severities and limits. What each figure is made of is in kind_counting.py. They need no
list of codes: which codes there are, and which are retired, is a seed of the warehouse, and said there.
"""

from __future__ import annotations

from collections.abc import Iterator

from ingest.contract import RecordKind
from quality.checks import ROLL_KIND, Check, make_kind_check
from quality.measures import Measure

ATTENDANCE, TOTALS = "attendance", "attendance_totals"


def says_year_group(kind: RecordKind) -> bool:
    """Return True for a kind whose records say a year group the roll also says for that year."""
    return kind.name != ROLL_KIND and {"academic_year", "year_group"} <= {column.name for column in kind.columns}


def derive_kind_checks(kind: RecordKind, roll: bool) -> Iterator[Check]:
    """Yield the checks that only this kind has; `roll`: whether there is a roll to compare with."""
    if kind.name == ROLL_KIND:
        yield from _roll_checks(kind)
    if kind.name in (ATTENDANCE, TOTALS):
        yield from _attendance_checks(kind)
    if says_year_group(kind) and roll:
        yield make_kind_check(
            kind, "year_group_then", "warning", "year groups are those of that year",
            "no record with a later year group than the pupil had in that academic year",
            "The export says the year group pupils are in now, not the one they were in then. The year group of the "
            "pupil list counts. Nothing need be done; an export of that year's groups would say it right.",
            Measure(f"{kind.name}__later_year_group", "{n} with a later year group than the roll of that year"),
            also_reads=(ROLL_KIND,),
        )  # fmt: skip


def _roll_checks(kind: RecordKind) -> Iterator[Check]:
    k = kind.name
    yield make_kind_check(
        kind, "rows_kept", "critical", "about as many pupils as last time",
        "at most {roll_drop_percent_held:g} % fewer pupils in a year than in the list last accepted",
        "Check that the list holds all classes and year groups, and send it again. Until then the list last accepted "
        "stays in use. If the pupils did leave: the trust's data team writes the school's URN under quality, "
        "smaller_rolls_agreed, in trust.yml for the next run, and takes it out after it.",
        Measure(
            f"{k}__drop_percent", "{n} % fewer than last time ({a} pupils)",
            bound=lambda t: t.roll_drop_percent_held, affected=f"{k}__dropped", optional=True,
        ),
        also_reads=(f"last {k}",),
    )  # fmt: skip
    yield make_kind_check(
        kind, "ages_fit_years", "critical", "birth dates and year groups agree",
        "in each list at most {misfit_percent_held:g} % of pupils in another year group than their age says, "
        "from {list_least} pupils on",
        "It may be last year's file, or the column with the year group is a year out. Choose this year's groups and "
        "send the list again. Single pupils taught out of their year are no fault.",
        Measure(
            f"{k}__misfit_percent", "{n} % in another year group than their age says ({a} pupils)",
            bound=lambda t: t.misfit_percent_held, affected=f"{k}__misfits", optional=True,
        ),
    )  # fmt: skip
    if "age_at_start" in {column.name for column in kind.columns}:
        yield make_kind_check(
            kind, "ages_possible", "warning", "ages are those of pupils",
            "every pupil 2 to 20 years old on the 31 August before the year",
            "Look at the dates of birth in the school's system, and whether these are pupils of the school at all.",
            Measure(
                f"{k}__age_at_start__odd", "{n} younger than 2 or older than 20",
                "age_at_start NOT BETWEEN 2 AND 20",
            ),
        )  # fmt: skip


def _attendance_checks(kind: RecordKind) -> Iterator[Check]:
    k = kind.name
    if k == ATTENDANCE:
        yield make_kind_check(
            kind, "days_open", "warning", "marks are of school days",
            "no mark on a Saturday or Sunday, or on a day with under {closed_day_percent:g} % of a usual day's marks",
            "Was the school open that day? If a few pupils were marked by mistake, take the marks out of the register.",
            Measure(f"{k}__weekend", "{n} on a Saturday or Sunday"),
            Measure(f"{k}__closed_day", "{n} on days on which nearly nobody else has one"),
        )  # fmt: skip
        yield make_kind_check(
            kind, "halves_agree", "warning", "mornings and afternoons are alike in number",
            "at most {halves_percent_look:g} % more marks of one half of the day than of the other",
            "One half of the day may be missing from the export. Choose both sessions and send it again.",
            Measure(
                f"{k}__halves_percent", "{n} % more of one half of the day ({a} marks)",
                bound=lambda t: t.halves_percent_look, affected=f"{k}__halves", optional=True,
            ),
        )  # fmt: skip
    else:
        yield make_kind_check(
            kind, "fit_their_days", "warning", "sessions fit into their days",
            "for no pupil more than two sessions for each day counted",
            "Look at the first and last day the export says, and whether it counts lessons and not sessions.",
            Measure(f"{k}__too_many", "{n} of pupils with more sessions than two a day"),
        )  # fmt: skip
    yield make_kind_check(
        kind, "mostly_recorded", "warning", "sessions have a mark",
        "at most {unrecorded_percent_look:g} % of sessions without a mark (-)",
        "Registers may not have been taken, or not yet been closed. Complete them and export again.",
        Measure(
            f"{k}__unrecorded_percent", "{n} % without a mark ({a} sessions)",
            bound=lambda t: t.unrecorded_percent_look, affected=f"{k}__unrecorded", optional=True,
        ),
    )  # fmt: skip
    yield make_kind_check(
        kind, "share_plausible", "warning", "the share of present marks is plausible",
        "at least {present_percent_least:g} % of sessions with a present mark (/ \\ L), and not every one of more than "
        "{all_present_most}",
        "Look at some pupils' marks in the register. Codes may be exported in another spelling, or absences left out.",
        Measure(
            f"{k}__present_percent", "{n} % with a present mark", limit="at_least",
            bound=lambda t: t.present_percent_least, affected=f"{k}__not_present", optional=True,
        ),
        Measure(f"{k}__all_present", "all {n} sessions with a present mark", optional=True),
    )  # fmt: skip
