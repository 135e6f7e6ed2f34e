"""Saying: the invented trust's facts as entries a format can write.

Here lives the step from an enrolment, a result or a suspension to the contract's columns. What a file holds is decided
in `sending` and the modules beside it, how it is written in `export`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np

from ingest.format_file import FormatFile
from ingest.invent.absence import CODE
from ingest.invent.entry import Cell, Entry, Pupil
from ingest.invent.marks import JUDGEMENT, MOCK, TEST, Result
from ingest.invent.registers import Register
from ingest.invent.rolls import Enrolment

SUSPENDED = CODE["E"]
_REASONS = ("Persistent disruptive behaviour", "Verbal abuse of an adult", "Physical assault of a pupil", "Damage")


def say_enrolments(roll: Iterable[Enrolment], form: FormatFile) -> list[Entry]:
    """Return each pupil's enrolment, and class where the format has one; the status only where it has a place."""
    kinds = {rule.kind: rule for rule in form.records}
    entries = []
    for one in roll:
        said: dict[str, Cell | None] = {
            "academic_year": one.academic_year, "year_group": one.year_group, "sex": one.person.sex,
            "start_date": one.start, "end_date": one.end, "enrolment_status": one.status,
        }  # fmt: skip
        entries.append(Entry("pupils", one.pupil, {k: v for k, v in said.items() if k in kinds["pupils"].fields}))
        if "groups" in kinds:
            entries.append(say_member(one, "class", one.class_name, group_type="class"))
    return entries


def say_member(one: Enrolment, group_set: str, group: str, *, group_type: str = "custom", **more: Cell) -> Entry:
    """Return the membership of a group, `more`: its dates."""
    said: dict[str, Cell | None] = {
        "academic_year": one.academic_year, "group_type": group_type, "group_set": group_set, "group_name": group,
    }  # fmt: skip
    return Entry("groups", one.pupil, {**said, **more})


def say_tests(results: Iterable[Result], **more: Cell) -> list[Entry]:
    """Return the marks of those who sat the test (a mock's grades are of another test)."""
    return [
        say_result(one, MOCK if one.window.label.startswith("Mock") else TEST, "test", str(one.mark), **more)
        for one in results
        if one.mark is not None
    ]


def say_judgements(
    results: Iterable[Result], words: Mapping[str, str] | None = None, label: str = "", **more: Cell
) -> list[Entry]:
    """Return the judgements of those who were judged, in a school's own words; `label`: its name for the window."""
    return [
        say_result(
            one, JUDGEMENT, "teacher_judgement",
            (words or {}).get(one.judgement, one.judgement).format(year=one.enrolment.year_group),
            **({"window_label": label} if label else {}), **more,
        )
        for one in results
        if one.judgement
    ]  # fmt: skip


def say_result(one: Result, assessment: str, result_type: str, value: str, **more: Cell) -> Entry:
    """Return one result with this value; `more` columns stand over its own."""
    said: dict[str, Cell | None] = {
        "academic_year": one.window.academic_year, "year_group": one.enrolment.year_group,
        "subject": one.subject, "assessment": assessment, "window_label": one.window.label,
        "result_type": result_type, "value": value,
    }  # fmt: skip
    return Entry("results", one.enrolment.pupil, {**said, **more})


def say_suspensions(register: Register) -> Iterator[Entry]:
    """Yield a suspension for each run of days marked as such."""
    suspended = (register.marks == SUSPENDED).any(axis=2)
    for pupil in np.flatnonzero(suspended.any(axis=1)):
        one, marks, days = register.roll[pupil], register.marks[pupil], np.flatnonzero(suspended[pupil]).tolist()
        for first in (at for at in days if at - 1 not in days):
            last = first
            while last + 1 in days:
                last += 1
            said: dict[str, Cell | None] = {
                "starts_on": register.days[first], "ends_on": register.days[last], "category": "suspension",
                "sessions_lost": str(int((marks[first : last + 1] == SUSPENDED).sum())),
                "recorded_reason": _REASONS[first % len(_REASONS)],
            }  # fmt: skip
            yield Entry("suspensions", one.pupil, said)


def name_surname_first(pupil: Pupil) -> Pupil:
    """Return the pupil with the name as some systems write it, without a comma."""
    return {**pupil, "full_name": f"{pupil['surname']} {pupil['forename']}"}


def list_pupils(results: Sequence[Result]) -> list[Pupil]:
    """Return the pupils of results."""
    return [one.enrolment.pupil for one in results]
