"""Results sent: tests, judgements, markbooks and the files the department sends back.

Here lives which results go into which file, and the defects planted in them. What the results are lives in `marks`,
`objectives` and `statutory`.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from ingest.invent.entry import Entry, MistypedCell, Style
from ingest.invent.marks import CORE, SUBJECTS, Result, Window
from ingest.invent.objectives import read_curriculum
from ingest.invent.saying import list_pupils, name_surname_first, say_judgements, say_result, say_tests
from ingest.invent.sender import Sender

# Bands in the words of the systems; {year} is the pupil's year group.
BROMCOM_WORDS = {"BLW": "{year}BLW", "WTS": "{year}BXS", "EXS": "{year}EXS", "GDS": "{year}GDS"}
SIMS_WORDS = {"BLW": "Beginning", "WTS": "Developing", "EXS": "Secure", "GDS": "Excelling"}
LATER = ("{0} 2", "{0} End of Term")  # labels of systems that name the half-term or the term's end
_STATUTORY = Style(academic_year="{first}/{last}")
_DFE_YEAR = "2024/25"


def send_marksheets(sender: Sender) -> None:
    """A CSV a year group and term, from a report writer that knows pupils by the school's own number."""
    for window in sender.list_windows():
        results = sender.sit(window)
        for year_group in dict.fromkeys(one.enrolment.year_group for one in results):
            _send_marksheet(sender, window, year_group, [r for r in results if r.enrolment.year_group == year_group])


def _send_marksheet(sender: Sender, window: Window, year_group: str, mine: list[Result]) -> None:
    name = f"{window.academic_year.replace('/', '-')}/Marksheet Y{year_group} {window.label}"
    day = window.day + dt.timedelta(days=2)
    also = list_pupils(mine)

    def is_planted(truth: str) -> bool:
        planted = sender.truths.at(truth, sender.urn)
        return planted is not None and (planted["year_group"], planted["window"]) == (year_group, window.stem)

    if is_planted("corrected_late"):
        halved = [replace(r, mark=r.mark // 2) if r.mark and r.subject == SUBJECTS[1] else r for r in mine]
        sender.write("marksheet", say_tests(halved), f"{name}.csv", also=also, said={"exported_on": f"{day:%d/%m/%Y}"})
        day, name = day + dt.timedelta(days=7), f"{name} v2"
    defects = []
    for truth in ("mistyped_mark", "value_out_of_range"):
        if is_planted(truth):
            forty = next(r for r in mine if r.mark and r.mark >= 40 and r.subject == SUBJECTS[0])
            mark = sender.truths.at(truth, sender.urn)
            assert mark is not None
            defects.append(MistypedCell(forty.enrolment.pupil, f"{SUBJECTS[0]} mark ({window.label})", mark["mark"]))
    entries = say_tests(mine)
    if is_planted("not_on_the_list"):
        entries += say_tests(_invent_stranger(sender, mine))
    printed = {"exported_on": f"{day:%d/%m/%Y}"}
    sender.write("marksheet", entries, f"{name}.csv", also=also, defects=defects, said=printed)


def send_workbooks(sender: Sender) -> None:
    """A workbook that grows through the year: each holds all terms of the year so far."""
    so_far: dict[str, list[Result]] = {}
    for window in sender.list_windows():
        so_far.setdefault(window.academic_year, []).extend(sender.sit(window))
        results = so_far[window.academic_year]
        name = f"Assessment {window.stem}.xlsx"
        sender.write("assessment_wide", say_tests(results), name, also=list_pupils(results))


def send_results_rows(sender: Sender, ending: str = "csv") -> None:
    """Long lists of what is new: results by row, of the term's tests and of mocks."""
    for window in sender.list_windows(("Autumn", "Spring", "Summer", "Mock 1", "Mock 2")):
        name = f"{'mocks' if window.label.startswith('Mock') else 'results'} {window.stem}"
        sender.write("results_rows", say_tests(sender.sit(window), assessed_on=window.day), f"{name}.{ending}")
    twice = sender.truths.at("sent_twice", sender.urn)
    windows = sender.list_windows()
    if twice and windows:
        name = f"results {windows[-1].stem}"
        sender.copy(f"{name}.{ending}", f"{name} copy.{ending}")


def send_markbook(sender: Sender, ending: str = "csv") -> None:
    """The teachers' markbook once a term."""
    for window in sender.list_windows():
        entries = say_judgements(sender.sit(window))
        unknown = sender.truths.at("unmapped_judgement", sender.urn)
        if unknown and unknown["window"] == window.stem:
            at = random.Random(f"{sender.facts.seed} unmapped").sample(range(len(entries)), unknown["pupils"])
            for place in at:
                entries[place] = replace(
                    entries[place], columns={**entries[place].columns, "value": unknown["judgement"]}
                )
        sender.write("markbook_judgements", entries, f"markbook {window.stem}.{ending}")


def send_insight(sender: Sender) -> None:
    """A wide export a year, as it stands now: reading, writing and mathematics of every window so far."""
    for year in sender.facts.years:
        entries: list[Entry] = []
        for window in sender.list_windows():
            if window.academic_year == year:
                entries += say_judgements(sender.sit(window, CORE), label=LATER[0].format(window.label))
        entries = [replace(e, columns={**e.columns, "year_group": None}) for e in entries]
        name = f"Insight {year.replace('/', '-')}.csv"
        sender.write("insight_wide", entries, name, Style(encoding="utf-8-sig", academic_year="{first}-{last}"))


def send_bromcom(sender: Sender) -> None:
    """One export a window, grades with the year group before them."""
    for window in sender.list_windows():
        results = sender.sit(window, CORE)
        entries = say_judgements(results, BROMCOM_WORDS, LATER[1].format(window.label))
        name = f"Summative {window.stem}.csv"
        sender.write("bromcom_primary_assessment", entries, name, said={"academic_year": window.academic_year})


def send_sims_marksheets(sender: Sender) -> None:
    """A marksheet a year group and window that knows pupils by name alone."""
    for window in sender.list_windows():
        results = sender.sit(window)
        for year_group in dict.fromkeys(one.enrolment.year_group for one in results):
            mine = [one for one in results if one.enrolment.year_group == year_group]
            entries = [
                replace(entry, pupil=_name_alone(entry))
                for entry in say_judgements(mine, SIMS_WORDS, LATER[0].format(window.label))
            ]
            sender.write(
                "sims_marksheet", entries, f"Marksheets/Year {year_group} {window.stem}.csv",
                said={
                    "marksheet": f"Year {year_group} core subjects", "academic_year": window.academic_year,
                    "exported_on": f"{window.day + dt.timedelta(days=3):%d/%m/%Y}",
                },
            )  # fmt: skip


def _name_alone(entry: Entry) -> Mapping[str, str]:
    # The number is not written; among entries it tells namesakes apart.
    return {"full_name": name_surname_first(entry.pupil)["full_name"], "number": entry.pupil["local_number"]}


def send_classroom_monitor(sender: Sender) -> None:
    """Scores by month and the objectives of mathematics, a workbook a year group."""
    for window in sender.list_windows():
        year, month = window.academic_year, f"{window.day:%b %Y}"
        scored = [
            say_result(
                one, f"Objectives met of {share}", "teacher_judgement", score[place], window_label=month
            )
            for one in sender.sit(window, ("Reading", "Mathematics"))
            if (score := sender.facts.objectives.score(sender.school, one.enrolment, one.subject, window))
            for place, share in enumerate(("all", "assessed"))
        ]
        scored = [replace(entry, columns={**entry.columns, "year_group": None}) for entry in scored]
        printed = {"exported_on": f"{window.day + dt.timedelta(days=5):%d/%m/%Y}"}
        sender.write("classroom_monitor_scores", scored, f"Scores {window.stem}.csv", said=printed)
        judged = list(sender.facts.objectives.judge(sender.school, sender.list_roll(year), window))
        for year_group in read_curriculum().year_groups:
            mine = [entry for entry in judged if entry.columns["year_group"] == year_group]
            name = f"Objectives {window.stem} Year {year_group}.csv"
            sender.write("classroom_monitor_objectives", mine, name, said=printed)


def send_statutory(sender: Sender) -> None:
    """The department's pupil files of the last summer that has come back."""
    if _DFE_YEAR not in sender.facts.years or len(sender.facts.years) < 2:
        return
    roll, sits, school = sender.list_roll(_DFE_YEAR), sender.facts.statutory, sender.school
    for form, name, entries in (
        ("dfe_ks2", "KS2", sits.sit_ks2(school, roll)),
        ("dfe_phonics", "Phonics", sits.sit_phonics(school, roll)),
        ("dfe_mtc", "MTC", sits.sit_tables(school, roll)),
    ):
        sender.write(form, entries, f"DfE/{name} 2025.csv", _STATUTORY, said={"school_urn": sender.urn})


def _invent_stranger(sender: Sender, results: Sequence[Result]) -> Iterable[Result]:
    """Return results of a pupil whom the school's pupil list does not have."""
    like, school = results[0].enrolment, sender.school
    person = sender.facts.people.invent(like.year_group, like.academic_year, school.la_code, school.establishment)
    stranger = replace(like, person=person, local_number=school.character.local_number.format(9001))
    return [replace(one, enrolment=stranger, mark=55) for one in results[: len(SUBJECTS)]]


