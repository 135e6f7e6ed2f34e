"""What the samples of the built-in formats say, and how ugly each is: as the systems' own exports are.

A sample that has no recipe here was made by hand and is only read. The pupils are the same six of one Year 4 class in
every sample (six of Year 6 where only those can be), so that each sample can be read with the roll of the pupil list.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from ingest.invent import Entry, Pupil, Style
from ingest.invent.people import People, Person

PUPILS = 6
YEAR = {"academic_year": "2025/26"}
CLASS = {"group_type": "class", "group_set": "class", "group_name": "4K"}
WEEK = [dt.date(2025, 9, 8) + dt.timedelta(day) for day in range(5)]
EXPORTED = {"exported_on": "28/11/2025"}
TA = {**YEAR, "assessment": "Teacher Assessment", "result_type": "teacher_judgement"}
SUBJECTS = ("Reading", "Writing", "Mathematics")
# Two schools of tests/homes/tiny, for the files that hold several.
SCHOOLS = (
    {"school_urn": "999901", "school_name": "Ash Primary School"},
    {"school_urn": "999902", "school_name": "Birch Primary School"},
)
# A week of each pupil: one is ill and then late, one has no mark where the register was not taken.
MARKS = (
    "/\\/\\/\\/\\/\\",
    "/\\I I /\\/\\L\\",
    "/\\/\\/\\C1C1 /\\",
    "/-/\\/\\/\\/\\",
    "/\\/\\V V /\\/\\",
    "M\\/\\/\\O O /\\",
)


@dataclass(frozen=True)
class Class:
    """The pupils of the samples: who they are and their identifiers."""

    persons: list[Person]
    pupils: list[Pupil]

    def __iter__(self) -> Iterator[tuple[int, Person, Pupil]]:
        return ((n, person, pupil) for n, (person, pupil) in enumerate(zip(self.persons, self.pupils, strict=True)))

    def with_names(self) -> Class:
        """The same pupils with their names as SIMS writes them, without a comma."""
        named = [{**p, "full_name": f"{p['surname']} {p['forename']}"} for p in self.pupils]
        return Class(self.persons, list(named))

    def at_schools(self) -> Class:
        """The same pupils, every third one at another school."""
        return Class(self.persons, [{**p, **SCHOOLS[n % 3 == 2]} for n, p in enumerate(self.pupils)])


def make_class(year_group: str = "4") -> Class:
    """Six invented pupils of one class."""
    people = People(random.Random("samples" if year_group == "4" else f"samples {year_group}"))
    persons = [people.invent(year_group, "2025/26", "191", "2001") for _ in range(PUPILS)]
    return Class(persons, [person.as_pupil(f"{1001 + n:06d}") for n, person in enumerate(persons)])


@dataclass(frozen=True)
class Recipe:
    """How one sample is made: the entries it says, its kind of file and its style."""

    say: Callable[[Class], list[Entry]]
    ending: str = "csv"
    style: Style = field(default_factory=Style)
    pupils: Callable[[], Class] = make_class


def enrol(pupils: Class, **more: Any) -> list[Entry]:
    """On roll and in the class; one pupil joined in this year."""
    entries = []
    for n, person, pupil in pupils:
        joined = dt.date(2022, 9, 7) if n else dt.date(2025, 10, 6)
        said = {**YEAR, "year_group": "4", "sex": person.sex, "start_date": joined, **more}
        entries += [Entry("pupils", pupil, said), Entry("groups", pupil, {**YEAR, **CLASS})]
    return entries


def enrol_without_class(pupils: Class) -> list[Entry]:
    return [entry for entry in enrol(pupils) if entry.kind == "pupils"]


def join_club(pupils: Class) -> list[Entry]:
    member = {**YEAR, "group_type": "custom", "group_set": "breakfast_club"}
    return [Entry("groups", pupil, {**member, "group_name": "YN"[n % 2]}) for n, _, pupil in pupils]


def test_marks(pupils: Class, **more: Any) -> list[Entry]:
    """Two marks each in the common test; the last pupil was away."""
    said = {**YEAR, "year_group": "4", "window_label": "Autumn", "assessment": "Common Test", "result_type": "test"}
    return [
        Entry("results", pupil, {**said, "subject": subject, "value": str(mark), **more})
        for n, _, pupil in pupils
        if n < PUPILS - 1
        for subject, mark in (("English", 41 + 7 * n), ("Mathematics", 66 - 5 * n))
    ]


def judge(pupils: Class, subjects: tuple[str, ...] = SUBJECTS, codes: str = "WTS EXS GDS", **more: Any) -> list[Entry]:
    """A teacher's judgement each in some subjects; the last pupil has none."""
    said, values = {**TA, **more}, codes.split()
    return [
        Entry(
            "results", pupil, {**said, "subject": subject, "value": values[(n + (subject == "Writing")) % len(values)]}
        )
        for n, _, pupil in pupils
        if n < PUPILS - 1
        for subject in subjects
    ]


def mark_week(pupils: Class) -> list[Entry]:
    """A week of the register."""
    entries = []
    for n, _, pupil in pupils:
        marks = iter(_cut(MARKS[n]))
        for day in WEEK:
            for session in ("AM", "PM"):
                said = {"session_date": day, "session": session, "mark_code": next(marks)}
                entries.append(Entry("attendance", pupil, said))
    return entries


def mark_days(pupils: Class) -> list[Entry]:
    """Two days of the register, with the minutes of who was late."""
    late = {"L": {"minutes_late": "12"}}
    return [
        Entry(entry.kind, entry.pupil, {**entry.columns, **late.get(str(entry.columns["mark_code"]), {})})
        for entry in mark_week(pupils)
        if entry.columns["session_date"] in (WEEK[3], WEEK[4])
    ]


def _cut(marks: str) -> list[str]:
    plain = marks.replace(" ", "").replace("C1", "¹")
    return [mark.replace("¹", "C1") for mark in plain]


def total(pupils: Class) -> list[Entry]:
    """The marks of the same week, counted."""
    entries = []
    for n, _, pupil in pupils:
        marks = _cut(MARKS[n])
        span = {"from_date": WEEK[0], "to_date": WEEK[-1]}
        for code in dict.fromkeys(("/", "\\", "I", *marks)):
            said = {**span, "mark_code": code, "sessions": str(marks.count(code))}
            entries.append(Entry("attendance_totals", pupil, said))
    return entries


def score(pupils: Class) -> list[Entry]:
    """Two percentages a month in two subjects."""
    entries = []
    for n, _, pupil in pupils:
        for subject, month, share in (
            ("Reading", "Oct 2025", 14),
            ("Reading", "Nov 2025", 22),
            ("Mathematics", "Nov 2025", 18),
        ):
            for assessment, value in (("of all", share + 3 * n), ("of assessed", 55 + 6 * n)):
                said = {**TA, "assessment": f"Objectives met {assessment}", "subject": subject, "window_label": month}
                entries.append(Entry("results", pupil, {**said, "value": f"{value}%"}))
    return entries


def judge_statements(pupils: Class) -> list[Entry]:
    statements = (
        "Count in multiples of 6, 7, 9, 25 and 1000",
        "Find 1000 more or less than a given number",
        "Round any number to the nearest 10, 100 or 1000",
    )
    said = {**YEAR, "year_group": "4", "subject": "Mathematics", "framework": "Classroom Monitor"}
    return [
        Entry("judgements", pupil, {**said, "statement": statement, "value": "UTAME"[(n + 2 * at) % 5]})
        for n, _, pupil in pupils
        for at, statement in enumerate(statements)
        if n < PUPILS - 1 or not at
    ]


def suspend(pupils: Class) -> list[Entry]:
    first, second = pupils.pupils[1], pupils.pupils[4]
    day = {"starts_on": dt.date(2025, 10, 9), "ends_on": dt.date(2025, 10, 10), "category": "suspension"}
    other = {
        "starts_on": dt.date(2025, 11, 17),
        "category": "permanent_exclusion",
        "recorded_reason": "Physical assault; see file",
    }
    return [
        Entry(
            "suspensions", first, {**day, "sessions_lost": "3", "recorded_reason": "Persistent disruptive behaviour"}
        ),
        Entry("suspensions", second, other),
    ]


def moderate(pupils: Class) -> list[Entry]:
    """Writing of all six judged again, of four in the school and of two by the whole group of schools."""
    said = {**YEAR, "year_group": "4", "framework": "Teacher Assessment", "window_label": "Autumn"}
    pairs = ("EXS EXS", "GDS EXS", "WTS WTS", "EXS EXS", "EXS WTS", "WTS WTS")
    return [
        Entry(
            "moderation",
            pupil,
            {
                **said,
                "subject": "Writing",
                "level": "internal" if n < PUPILS - 2 else "group",
                "moderated_on": dt.date(2025, 11, 24 if n < PUPILS - 2 else 27),
                **dict(zip(("judged_value", "moderated_value"), pairs[n].split(), strict=True)),
            },
        )
        for n, _, pupil in pupils
    ]


def statutory(
    pupils: Class, year: str, year_group: str, assessment: str, subject: str, *said: dict[str, str]
) -> list[Entry]:
    """One statutory result each: what each pupil's row says."""
    fixed = {
        "academic_year": year,
        "year_group": year_group,
        "assessment": assessment,
        "subject": subject,
        "window_label": "Summer",
        "result_type": "statutory",
    }
    return [Entry("results", pupil, {**fixed, **one}) for (_, _, pupil), one in zip(pupils, said, strict=True) if one]


def _marked(*pairs: str) -> list[dict[str, str]]:
    """From "AS 104" the outcome and the mark, from "A" the outcome alone."""
    return [dict(zip(("value", "mark"), pair.split(), strict=False)) for pair in pairs]


def sit_ks2(pupils: Class) -> list[Entry]:
    final = [{"status": "final"}] * PUPILS
    tests = {
        "Reading": _marked("AS 104", "NS 97", "AS 112", "A", "AS 100", "B"),
        "Mathematics": _marked("AS 108", "NS 95", "AS 115", "AS 101", "NS 99", "B"),
        "Grammar, punctuation and spelling": _marked("AS 106", "NS 98", "AS 117", "AS 103", "AS 102", "B"),
    }
    judged = {"Writing": _marked("EXS", "WTS", "GDS", "EXS", "EXS", "PK4"), "Science": _marked(*["EXS", "HNM"] * 3)}
    entries = []
    for assessment, results in (("KS2 test", tests), ("KS2 teacher assessment", judged)):
        for subject, said in results.items():
            both = [one | more for one, more in zip(said, final, strict=True)]
            entries += statutory(pupils, "2025/26", "6", assessment, subject, *both)
    return entries


def sit_phonics(pupils: Class) -> list[Entry]:
    said = _marked("Wa 35", "Wt 24", "Wa 40", "A", "Wa 32", "D")
    both = [one | {"status": "provisional"} for one in said]
    return statutory(pupils, "2022/23", "1", "Phonics screening check", "Phonics", *both)


def sit_mtc(pupils: Class) -> list[Entry]:
    said = [{"value": mark, "mark": mark} for mark in ("25", "17", "22", "0", "24")] + [{"value": "A"}]
    return statutory(pupils, "2025/26", "4", "Multiplication tables check", "Mathematics", *said)


def profile(pupils: Class) -> list[Entry]:
    from export_cases import list_formats

    entries = []
    for at, (code, goal) in enumerate(list_formats()["dfe_eyfsp"].values["goal"].items()):
        values = [
            ("Y", "Y", "N")[n % 3] if code == "GLD" else "2" if n % 3 < 2 or at > 11 else "1" for n in range(PUPILS)
        ]
        said = [{"value": value, "status": "revised"} for value in values]
        entries += statutory(pupils, "2021/22", "R", "EYFS profile", goal, *said)
    return entries


PRINTED = {**EXPORTED, "academic_year": "2025/26"}
CHARACTERISTICS = {
    "SEN Status": ["", "K", "", "", "E", ""],
    "Eligible for free meals": ["T", "F", "F"],
    "Pupil Premium Indicator": ["T", "F", "F"],
    "English Additional Language": ["No", "Yes"],
    "Ethnicity": ["WBRI", "APKN", "REFU"],
}

DFE, AT_ASH = "{first}/{last}", {"school_urn": "999901"}

RECIPES: dict[str, Recipe] = {
    "pupil_list": Recipe(enrol, style=Style(encoding="utf-8-sig", said=EXPORTED)),
    "marksheet": Recipe(test_marks, style=Style(said=EXPORTED, year_group="Year {}")),
    "assessment_wide": Recipe(test_marks, "xlsx", Style(said=EXPORTED)),
    "results_rows": Recipe(lambda p: test_marks(p, assessed_on=dt.date(2025, 11, 26))),
    "markbook_judgements": Recipe(
        lambda p: judge(
            p, ("English", "Mathematics"), year_group="4", window_label="Autumn", assessed_on=dt.date(2025, 11, 26)
        )
    ),
    "group_list": Recipe(join_club),
    "sims_pupil_list": Recipe(
        lambda p: enrol(p, enrolment_status="C"),
        style=Style(
            encoding="cp1252",
            said=PRINTED,
            above=["Pupils on roll"],
            extras=CHARACTERISTICS,
            blank_columns=[2],
            year_group="Year {}",
            page_rows=4,
            odd_spaces=True,
        ),
    ),
    "sims_marksheet": Recipe(
        lambda p: judge(p, year_group="4", window_label="Autumn 2"),
        "xlsx",
        Style(
            said={**PRINTED, "marksheet": "Year 4 core subjects"},
            without=["Adno", "UPN", "DOB"],
            extras={"Reg Group": ["4K"]},
            odd_spaces=True,
        ),
        lambda: make_class().with_names(),
    ),
    "sims_weekly_register": Recipe(
        mark_week,
        style=Style(
            encoding="utf-16",
            delimiter="\t",
            said={**EXPORTED, "week_begins": "08/09/2025"},
            above=["Registration report"],
            extras={"Reg": ["4K"]},
            page_rows=4,
            without=["UPN"],
        ),
        pupils=lambda: make_class().with_names(),
    ),
    "arbor_students": Recipe(
        lambda p: enrol(p, enrolment_status="C"),
        style=Style(
            encoding="utf-8-sig",
            year_group="Year {}",
            extras={"Pupil Premium Eligible": ["Yes", ""], "SEN Status": ["", "K"], "EAL": ["Yes", "No", "No"]},
        ),
    ),
    "arbor_session_attendance": Recipe(
        mark_days, style=Style(encoding="utf-8-sig", extras={"MARK_CODE": ["NULL"], "Year group": ["Year 4"]})
    ),
    "group_pupils": Recipe(
        enrol,
        style=Style(encoding="utf-8-sig", extras={"Cluster": ["East", "East", "West"]}),
        pupils=lambda: make_class().at_schools(),
    ),
    "group_results": Recipe(
        test_marks, "xlsx", Style(year_group="Year {}", blank_columns=[9]), pupils=lambda: make_class().at_schools()
    ),
    "group_attendance_totals": Recipe(
        total, style=Style(delimiter=";", encoding="cp1252"), pupils=lambda: make_class().at_schools()
    ),
    "bromcom_primary_assessment": Recipe(
        lambda p: judge(p, codes="4BXS 4EXS 4GDS", year_group="4", window_label="Autumn End of Term"),
        style=Style(encoding="utf-8-sig", said=PRINTED, extras={"Tutor Group": ["4K"]}),
    ),
    "classroom_monitor_scores": Recipe(
        score, "xlsx", Style(said=EXPORTED, extras={"Class": ["4K"], "SEN": ["", "K"]}, odd_spaces=True)
    ),
    "classroom_monitor_objectives": Recipe(judge_statements, "xlsx", Style(said=EXPORTED, extras={"Class": ["4K"]})),
    "insight_wide": Recipe(
        lambda p: judge(p, codes="WT EXS GD", window_label="Autumn 2"),
        "xlsx",
        Style(
            academic_year="{first}-{last}",
            extras={"Year Group": ["Year 4"], "Pupil Premium": ["Yes", "No", "No"]},
            blank_columns=[3],
        ),
    ),
    "wonde_students": Recipe(
        enrol_without_class,
        "json",
        Style(
            extras={
                "id": ["A1329183376", "A1329183377", "A1329183378", "A1329183379", "A1329183380", "A1329183381"],
                "mis_id": ["1001", "1002", "1003", "1004", "1005", "1006"],
                "restored_at": [""],
                "education_details.local_upn": [""],
                "education_details.part_time": [""],
            },
        ),
    ),
    "wonde_attendance": Recipe(
        mark_days,
        "json",
        Style(
            extras={"comment": [""], "attendance_code.type": ["AttendanceCode"], "student.mis_id": ["1001"]},
            without=["student.education_details.admission_number"],
        ),
    ),
    "dfe_ks2": Recipe(
        sit_ks2,
        style=Style(
            academic_year=DFE,
            said=AT_ASH,
            extras={"SEX": ["F", "M"], "READEXP": ["1", "0", "1", "0", "1", "0"], "ELIGRWM": ["1"]},
        ),
        pupils=lambda: make_class("6"),
    ),
    "dfe_phonics": Recipe(
        sit_phonics,
        style=Style(academic_year=DFE, said=AT_ASH, extras={"Phonics_LA": ["001"], "Phonics_TOE_CODE": ["ACC"]}),
    ),
    "dfe_mtc": Recipe(
        sit_mtc,
        style=Style(
            academic_year=DFE,
            said=AT_ASH,
            extras={"PupilStatus": ["C", "C", "C", "C", "C", "A"], "LA": ["001"]},
            encoding="utf-8-sig",
        ),
    ),
    "dfe_eyfsp": Recipe(
        profile, style=Style(academic_year=DFE, said=AT_ASH, extras={"FSP_SEX": ["F", "M"], "FSP_LA": ["001"]})
    ),
    "attendance_by_date": Recipe(
        mark_week, "xlsx", Style(said=EXPORTED, above=["Autumn term"], extras={"Class": ["4K"]}, odd_spaces=True)
    ),
    "attendance_totals": Recipe(
        total,
        style=Style(
            said={**EXPORTED, "from_date": "08/09/2025", "to_date": "12/09/2025"},
            delimiter=";",
            encoding="cp1252",
            extras={"Possible": ["10"]},
        ),
    ),
    "moderation_sample": Recipe(moderate, style=Style(said=EXPORTED, extras={"Class": ["4K"]})),
    "suspensions_list": Recipe(suspend, style=Style(said=EXPORTED, encoding="cp1252", extras={"Year group": ["4"]})),
}
