"""Sending: what each invented school exports, in its own house style and rhythm, into its inbox folder.

Here lives one function a house style; the modules `send_lists`, `send_registers`, `send_results` and `send_group` write
the parts. What is true lives in `rolls`, `registers`, `marks` and `statutory`, how it is written in `export`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial

from ingest.home.words import end_year, start_year
from ingest.invent.entry import Style
from ingest.invent.send_lists import (
    list_characteristics,
    send_clubs,
    send_group,
    send_intervention,
    send_premium,
    send_rolls,
    send_suspensions,
)
from ingest.invent.send_moderation import send_moderation
from ingest.invent.send_registers import send_days, send_sessions, send_single_weeks, send_totals, send_weeks
from ingest.invent.send_results import (
    send_bromcom,
    send_classroom_monitor,
    send_insight,
    send_markbook,
    send_marksheets,
    send_results_rows,
    send_sims_marksheets,
    send_statutory,
    send_workbooks,
)
from ingest.invent.sender import Sender

# The year from which schools export marks; before it most kept the totals of each half-term.
_MARKS_FROM = "2025/26"
_SIMS = Style(encoding="cp1252", year_group="Year {}")
_ARBOR = Style(encoding="utf-8-sig", year_group="Year {}")
# The trust began to collect attendance in autumn 2025 with a few schools. The others followed in January 2026 and sent
# then what they had of the months before; the third school had only totals.
_COLLECTED_SINCE = dt.date(2026, 1, 1)


def send_everything(sender: Sender) -> None:
    """Write all that the school has sent so far."""
    _STYLES[sender.school.character.house_style](sender)


def _send_marksheets(sender: Sender) -> None:
    send_rolls(sender, "pupil_list", "Pupil list {year}.csv")
    send_marksheets(sender)
    send_group(sender, "breakfast_club", "Breakfast club.csv", 0.3)
    _send_attendance(sender, send_weeks, is_early=True)


def _send_workbooks(sender: Sender) -> None:
    send_rolls(sender, "pupil_list", "pupils_{year}.csv")
    send_workbooks(sender)
    send_clubs(sender, "groups.csv")
    send_intervention(sender, "intervention_that_works", "reading support 2026.csv")
    _send_attendance(sender, send_days)


def _send_lists(sender: Sender) -> None:
    send_rolls(sender, "pupil_list", "students {year}.txt")
    send_results_rows(sender, "txt")
    send_markbook(sender, "txt")
    if sender.facts.as_of >= _COLLECTED_SINCE:
        for year in sender.facts.years:
            send_totals(sender, year, until=_COLLECTED_SINCE)
        send_weeks(sender, sender.facts.years[-1], after=_COLLECTED_SINCE)


def _send_pages(sender: Sender) -> None:
    """Pages of a data service, in JSON."""
    send_rolls(sender, "wonde_students", "students {year}.json", Style())
    _send_attendance(sender, partial(send_sessions, form="wonde_attendance", ending="json"))
    send_results_rows(sender)
    send_statutory(sender)


def _send_beside_group(sender: Sender) -> None:
    """What a school in the group's system sends by itself: registers, and judgements from its own tracker."""
    for year in sender.facts.years:
        if year >= _MARKS_FROM:
            send_sessions(sender, year)
    if sender.school.character.phase == "Primary":
        send_bromcom(sender)
        send_moderation(sender)
        send_statutory(sender)
    else:
        send_suspensions(sender, "Suspensions.csv")


def _send_two_systems(sender: Sender) -> None:
    """SIMS until the change of `truths.yml`, Arbor after it."""
    years, as_of = sender.facts.years, sender.facts.as_of
    change = sender.truths.at("change_of_system", sender.urn)
    assert change is not None, "this house style is one school's"
    for year in years:
        printed = min(as_of, change["until"], end_year(year))
        _send_sims_list(sender, year, printed)
    for year in years[:-1]:
        send_weeks(sender, year, style=_SIMS)
    send_single_weeks(sender, years[-1], _SIMS, after=start_year(years[-1]), until=min(change["until"], as_of))
    if as_of >= change["starts"]:
        send_rolls(sender, "arbor_students", "Arbor/Students {year}.csv", _ARBOR, years=years[-1:])
        send_sessions(sender, years[-1], after=change["starts"])
    send_insight(sender)
    send_moderation(sender)
    send_intervention(sender, "intervention_without_effect", "Number club.csv")
    send_results_rows(sender)
    send_statutory(sender)


def _send_tracker(sender: Sender) -> None:
    """A school in the group's system with a tracker of its own; its registers come by the week."""
    for year in sender.facts.years:
        if year >= _MARKS_FROM:
            send_weeks(sender, year, style=_SIMS)
    send_classroom_monitor(sender)
    send_statutory(sender)


def _send_large_sims(sender: Sender) -> None:
    for year in sender.facts.years:
        _send_sims_list(sender, year, min(sender.facts.as_of, end_year(year)))
    _send_attendance(sender, partial(send_weeks, style=_SIMS))
    send_results_rows(sender)
    send_premium(sender, "Pupil premium.csv")
    send_suspensions(sender, "Suspensions.csv")


def _send_large_arbor(sender: Sender) -> None:
    send_rolls(sender, "arbor_students", "Students {year}.csv", _ARBOR)
    _send_attendance(sender, send_days)
    send_results_rows(sender)
    send_premium(sender, "Pupil premium.csv")
    send_suspensions(sender, "Suspensions.csv")
    send_statutory(sender)


def _send_special(sender: Sender) -> None:
    for year in sender.facts.years:
        _send_sims_list(sender, year, min(sender.facts.as_of, end_year(year)))
        send_weeks(sender, year)
    send_markbook(sender)


def _send_independent(sender: Sender) -> None:
    send_rolls(sender, "pupil_list", "Pupils {year}.csv")
    send_sims_marksheets(sender)
    _send_attendance(sender, partial(send_days, with_upn=False))


def _send_attendance(sender: Sender, send_marks: Callable[[Sender, str], None], *, is_early: bool = False) -> None:
    """Send marks of the years that have them, and totals of those before; `is_early`: since autumn 2025."""
    is_late = sender.facts.as_of >= _COLLECTED_SINCE
    for year in sender.facts.years:
        if year >= _MARKS_FROM and (is_early or is_late):
            send_marks(sender, year)
        elif year < _MARKS_FROM and is_late:
            send_totals(sender, year)


def _send_sims_list(sender: Sender, year: str, printed: dt.date) -> None:
    style = replace(_SIMS, extras=list_characteristics(sender, year), above=("Pupils on roll",))
    send_rolls(
        sender, "sims_pupil_list", "SIMS pupil list {year}.csv", style, years=(year,),
        said={
            "academic_year": "{year}", "school_name": sender.school.name, "exported_on": f"{printed:%d/%m/%Y}",
        },
    )  # fmt: skip


_STYLES: Mapping[str, Callable[[Sender], None]] = {
    "marksheets": _send_marksheets,
    "workbook": _send_workbooks,
    "lists": _send_lists,
    "pages": _send_pages,
    "group_mis": _send_beside_group,
    "two_systems": _send_two_systems,
    "tracker": _send_tracker,
    "large_sims": _send_large_sims,
    "large_arbor": _send_large_arbor,
    "special": _send_special,
    "independent": _send_independent,
}
# House styles of schools whose pupils and results come from the group's system.
IN_GROUP = ("group_mis", "tracker")
