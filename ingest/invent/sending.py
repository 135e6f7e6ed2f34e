"""Sending: what each invented school exports, in its own house style and rhythm, into its inbox folder.

Here lives one function a house style. The defects it plants on purpose are few, and none of them holds a file
back; each shows a reader of the receipts something that happens in every trust. What is true lives in `rolls` and
`marks`, how it is written in `export`.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ingest.format_file import FormatFile
from ingest.invent.characters import InventedSchool
from ingest.invent.entry import Cell, Defect, Entry, MistypedCell, Pupil, RepeatedRow, Style
from ingest.invent.export import write_export
from ingest.invent.marks import JUDGEMENT, SUBJECTS, TEST, Result, Window
from ingest.invent.people import People
from ingest.invent.rolls import Enrolment, Rolls

# Where the defects stand: year group and window (its file stem) of a marksheet of the first school.
MISTYPED_IN, STRANGER_IN, CORRECTED_IN = ("3", "2025-11"), ("2", "2025-11"), ("5", "2025-06")
MISTYPED = "4O"  # with the letter O
_IN_BREAKFAST_CLUB, _IN_READING_SUPPORT = 0.3, 0.12


@dataclass(frozen=True)
class Sender:
    """One school about to send: its folder, formats and results, and whether it is the one with the defects."""

    school: InventedSchool
    folder: Path
    formats: dict[str, FormatFile]
    rolls: Rolls
    years: tuple[str, ...]
    results: dict[Window, list[Result]]
    chance: random.Random
    people: People
    has_defects: bool

    def write(
        self,
        form: str,
        entries: Sequence[Entry],
        name: str,
        style: Style | None = None,
        *,
        also: Iterable[Pupil] = (),
        defects: Sequence[Defect] = (),
    ) -> None:
        """Write one export in the school's style."""
        write_export(
            self.formats[form], entries, self.folder / name, style or self.school.character.style,
            also=also, defects=defects,
        )  # fmt: skip


def send_everything(sender: Sender) -> None:
    """Write all that the school has sent so far."""
    {"marksheets": _send_marksheets, "workbook": _send_workbooks, "lists": _send_lists}[
        sender.school.character.house_style
    ](sender)


def _send_marksheets(sender: Sender) -> None:
    """A CSV a year group and term, from a report writer that knows pupils by the school's own number."""
    _send_rolls(sender, "Pupil list {year}.csv")
    for window, results in sender.results.items():
        year = window.academic_year.replace("/", "-")
        for year_group in dict.fromkeys(one.enrolment.year_group for one in results):
            mine = [one for one in results if one.enrolment.year_group == year_group]
            at = (year_group, window.stem) if sender.has_defects else ("", "")
            name = f"{year}/Marksheet Y{year_group} {window.label}"
            day = window.day.replace(day=window.day.day + 2)
            style = replace(sender.school.character.style, said={"exported_on": f"{day:%d/%m/%Y}"})
            if at == CORRECTED_IN:
                # Sent with the mathematics marks out of 50; put right the week after.
                halved = [replace(r, mark=r.mark // 2) if r.mark and r.subject == SUBJECTS[1] else r for r in mine]
                sender.write("marksheet", _as_tests(halved), f"{name}.csv", style, also=_pupils(mine))
                later = f"{day.replace(day=day.day + 7):%d/%m/%Y}"
                style, name = replace(style, said={"exported_on": later}), f"{name} v2"
            entries, defects = _as_tests(mine), []
            if at == MISTYPED_IN:
                forty = next(r for r in mine if r.mark and r.mark >= 40 and r.subject == SUBJECTS[0])
                header = f"{SUBJECTS[0]} mark ({window.label})"
                defects = [MistypedCell(forty.enrolment.pupil, header, MISTYPED)]
            if at == STRANGER_IN:
                entries += _as_tests(_invent_stranger(sender, mine))
            sender.write("marksheet", entries, f"{name}.csv", style, also=_pupils(mine), defects=defects)
    _send_groups(sender, "Breakfast club.csv", reading=False)


def _send_workbooks(sender: Sender) -> None:
    """A workbook that grows through the year: each holds all terms of the year so far."""
    year_before = sender.years[-2] if len(sender.years) > 1 else ""
    _send_rolls(sender, "pupils_{year}.csv", repeated_in=sender.years[-1] if year_before else "")
    for window in sender.results:
        so_far = [
            result
            for earlier, results in sender.results.items()
            if earlier.academic_year == window.academic_year and earlier.day <= window.day
            for result in results
        ]
        sender.write("assessment_wide", _as_tests(so_far), f"Assessment {window.stem}.xlsx", also=_pupils(so_far))
    _send_groups(sender, "groups.csv", reading=True)


def _send_lists(sender: Sender) -> None:
    """Long lists of what is new: results by row, and the teachers' markbook once a term."""
    _send_rolls(sender, "students {year}.txt")
    for window, results in sender.results.items():
        dated = [Entry(one.kind, one.pupil, {**one.columns, "assessed_on": window.day}) for one in _as_tests(results)]
        sender.write("results_rows", dated, f"results {window.stem}.txt")
        sender.write("markbook_judgements", _as_judgements(results), f"markbook {window.stem}.txt")
    if sender.has_defects:
        sent = sender.folder / f"results {list(sender.results)[-1].stem}.txt"
        sent.with_stem(f"{sent.stem} copy").write_bytes(sent.read_bytes())


def _send_rolls(sender: Sender, name: str, *, repeated_in: str = "") -> None:
    for year in sender.years:
        roll = sender.rolls.of(sender.school.urn, year)
        again = [RepeatedRow(roll[len(roll) // 2].pupil)] if sender.has_defects and year == repeated_in else []
        entries = [entry for one in roll for entry in _as_enrolment(one)]
        sender.write("pupil_list", entries, name.format(year=year.replace("/", "-")), defects=again)


def _send_groups(sender: Sender, name: str, *, reading: bool) -> None:
    entries = []
    for year in sender.years:
        for one in sender.rolls.of(sender.school.urn, year):
            attends = "Y" if sender.chance.random() < _IN_BREAKFAST_CLUB else "N"
            entries.append(_as_member(one, "breakfast_club", attends))
            if reading and sender.chance.random() < _IN_READING_SUPPORT:
                how = "One to one" if sender.chance.random() < 0.3 else "Small group"
                entries.append(_as_member(one, "reading_support", how))
    sender.write("group_list", entries, name)


def _as_enrolment(one: Enrolment) -> list[Entry]:
    said: dict[str, Cell | None] = {
        "academic_year": one.academic_year, "year_group": one.year_group, "sex": one.person.sex,
        "start_date": one.start, "end_date": one.end,
    }  # fmt: skip
    member = {
        "academic_year": one.academic_year, "group_type": "class", "group_set": "class", "group_name": one.class_name,
    }  # fmt: skip
    return [Entry("pupils", one.pupil, said), Entry("groups", one.pupil, member)]


def _as_member(one: Enrolment, group_set: str, group: str) -> Entry:
    said = {"academic_year": one.academic_year, "group_type": "custom", "group_set": group_set, "group_name": group}
    return Entry("groups", one.pupil, said)


def _as_tests(results: Iterable[Result]) -> list[Entry]:
    return [_as_result(one, TEST, "test", str(one.mark)) for one in results if one.mark is not None]


def _as_judgements(results: Iterable[Result]) -> list[Entry]:
    return [_as_result(one, JUDGEMENT, "teacher_judgement", one.judgement) for one in results if one.judgement]


def _as_result(one: Result, assessment: str, result_type: str, value: str) -> Entry:
    return Entry(
        "results",
        one.enrolment.pupil,
        {
            "academic_year": one.window.academic_year, "year_group": one.enrolment.year_group,
            "subject": one.subject, "assessment": assessment, "window_label": one.window.label,
            "result_type": result_type, "value": value,
        },
    )  # fmt: skip


def _pupils(results: Iterable[Result]) -> list[Pupil]:
    return [one.enrolment.pupil for one in results]


def _invent_stranger(sender: Sender, results: Sequence[Result]) -> list[Result]:
    """Return results of a pupil whom the school's pupil list does not have."""
    like = results[0].enrolment
    school = sender.school
    person = sender.people.invent(like.year_group, like.academic_year, school.la_code, school.establishment)
    stranger = replace(like, person=person, local_number=school.character.local_number.format(9001))
    return [replace(one, enrolment=stranger, mark=55) for one in results[: len(SUBJECTS)]]
