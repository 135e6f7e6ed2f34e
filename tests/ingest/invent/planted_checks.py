"""One check for each truth and defect of truths.yml: that it is in what was invented, seen from outside.

The checks look at rolls, marks and results, and at the files as they were sent; none asks the code that planted it.
"""

from __future__ import annotations

import csv
import datetime as dt
from collections import Counter
from collections.abc import Callable
from statistics import mean
from typing import Any

import numpy as np
from demo_once import LAST, NOW, Demo, attended

from ingest.home import load_home
from ingest.invent.absence import CODE
from ingest.invent.marks import SUBJECTS
from ingest.invent.truths import Planted
from ingest.upn import read_upn

CHECKS: dict[str, Callable[[Demo, Planted], None]] = {}
AUTUMN, SUMMER = dt.date(2025, 11, 26), dt.date(2026, 6, 17)


def check(function: Callable[[Demo, Planted], None]) -> Callable[[Demo, Planted], None]:
    CHECKS[function.__name__] = function
    return function


def find_results(demo: Demo, urn: str, day: dt.date) -> list[Any]:
    (window,) = [window for window in demo.facts.windows if window.day == day]
    return demo.facts.marks.sit(demo.school(urn), demo.roll(urn, window.academic_year), window)


def marks_of(demo: Demo, urn: str, day: dt.date, subject: str) -> dict[str, int]:
    results = find_results(demo, urn, day)
    return {r.enrolment.person.key: r.mark for r in results if r.subject == subject and r.mark is not None}


def gain_beside_alike(demo: Demo, planted: Planted) -> float:
    """How much more the members gained than those of the same school who stood within four marks of them before."""
    before, after = (marks_of(demo, planted.school, day, planted["subject"]) for day in (AUTUMN, SUMMER))
    members = list_members(demo, planted)
    taught = {one.person.key for one in demo.roll(planted.school) if one.year_group in planted["year_groups"]}
    both = {key: after[key] - before[key] for key in taught & before.keys() & after.keys()}
    more = []
    for member in members & both.keys():
        alike = [gain for key, gain in both.items() if key not in members and abs(before[key] - before[member]) <= 4]
        if alike:
            more.append(both[member] - mean(alike))
    assert len(more) >= 10
    return mean(more)


def list_members(demo: Demo, planted: Planted) -> set[str]:
    """The members by the list the school sent."""
    (path,) = [p for p in demo.find(planted.school, ".csv") if planted["group_set"].replace("_", " ") in p.name.lower()]
    character = demo.school(planted.school).character
    with path.open(encoding=character.style.encoding, newline="") as file:
        rows = list(csv.DictReader(file, delimiter=character.style.delimiter))
    assert {row["From"] for row in rows} == {planted["starts"].strftime("%d/%m/%Y")}
    assert {row["Group"] for row in rows} == {planted["group"]}
    by_upn = {one.person.upn: one.person.key for one in demo.roll(planted.school)}
    members = {by_upn[row["UPN"]] for row in rows}
    assert len(members) == planted["members"]
    return members


@check
def lenient_school(demo: Demo, planted: Planted) -> None:
    def higher(urn: str) -> float:
        """Percentage points between pupils judged at the standard and pupils whose mark is, the same pupils."""
        both = [r for r in find_results(demo, urn, AUTUMN) if r.mark is not None and r.judgement]
        return 100 * mean((r.judgement in ("EXS", "GDS")) - (r.mark >= 46) for r in both)

    others = [higher(urn) for urn in ("999001", "999002", "999005", "999007", "999009")]
    assert higher(planted.school) > max(others) + 5
    # And in the files: its judgements in mathematics against its marks.
    head, *rows = demo.read(planted.school, "Insight 2025-26")
    at = head.index("Maths Main Assessment Autumn 2 2025-2026")
    judged = mean(row[at] in ("EXS", "GDS") for row in rows if row[at])
    assert judged > 0.8


@check
def intervention_that_works(demo: Demo, planted: Planted) -> None:
    assert planted["marks_gained"] / 2 < gain_beside_alike(demo, planted) < 2 * planted["marks_gained"]


@check
def intervention_without_effect(demo: Demo, planted: Planted) -> None:
    assert planted["marks_gained"] == 0
    assert abs(gain_beside_alike(demo, planted)) < 5


@check
def strand_nobody_taught(demo: Demo, planted: Planted) -> None:
    statements = load_home(demo.home).kept.statements
    strands = {statement.text: statement.strand for statement in statements}
    assert planted["strand"] in strands.values()
    taught = Counter()
    for path, form in demo.sent.items():
        if form == "classroom_monitor_objectives":
            with path.open(encoding="utf-8", newline="") as file:
                lower = list(csv.reader(file))[4]
            taught.update({strands[heading] for heading in lower if heading in strands})
    assert set(taught) == set(strands.values()) - {planted["strand"]}


@check
def falling_attendance(demo: Demo, planted: Planted) -> None:
    def by_half_term(urn: str) -> list[float]:
        register = demo.registers[urn, planted["academic_year"]]
        cuts = [("2025-09-01", "2025-10-24"), ("2025-11-01", "2025-12-19"), ("2026-01-05", "2026-02-13"),
                ("2026-02-23", "2026-04-02"), ("2026-04-13", "2026-05-22"), ("2026-06-01", "2026-07-17")]  # fmt: skip
        days = [(dt.date.fromisoformat(first), dt.date.fromisoformat(last)) for first, last in cuts]
        return [100 - attended(demo.count_sessions(register, first=first, last=last)) for first, last in days]

    falling, other = by_half_term(planted.school), by_half_term("999008")
    assert falling == sorted(falling)
    assert falling[-1] / falling[0] > max(1.6, 1.3 * other[-1] / other[0])


@check
def group_gap(demo: Demo, planted: Planted) -> None:
    def gap(urn: str) -> float:
        marks = {subject: marks_of(demo, urn, SUMMER, subject) for subject in SUBJECTS}
        by_premium: dict[bool, list[int]] = {True: [], False: []}
        for one in demo.roll(urn):
            for known in marks.values():
                if one.person.key in known:
                    by_premium[demo.facts.traits.of(one.person).has_premium].append(known[one.person.key])
        return mean(by_premium[False]) - mean(by_premium[True])

    assert gap(planted.school) > gap("999009") + 5
    head, *rows = demo.read(planted.school, "Pupil premium")
    sent = Counter(row[head.index("Group")] for row in rows)
    assert 0.2 < sent["Yes"] / sum(sent.values()) < 0.4


@check
def change_of_urn(demo: Demo, planted: Planted) -> None:
    old, new = demo.registers[planted.school, NOW], demo.registers[planted["next_school"], NOW]
    marked = [[day for at, day in enumerate(r.days) if r.marks[:, at].any()] for r in (old, new)]
    assert max(marked[0]) < planted["starts"] <= min(marked[1])
    there = {one.person.key for one in demo.roll(planted.school) if one.is_here_on(dt.date(2025, 12, 19))}
    here = {one.person.key for one in demo.roll(planted["next_school"]) if one.is_here_on(dt.date(2026, 1, 5))}
    assert len(there & here) > 0.95 * len(there)
    assert demo.find(planted.school, "Registers")
    assert demo.find(planted["next_school"], "Registers")


@check
def change_of_system(demo: Demo, planted: Planted) -> None:
    weeks = demo.find(planted.school, "Registers", "Week 20")
    assert len(weeks) >= 14
    assert max(path.stem[-10:] for path in weeks) < planted["until"].isoformat()
    days = set()
    for path in demo.find(planted.school, "Session attendance"):
        with path.open(encoding="utf-8-sig", newline="") as file:
            days |= {dt.datetime.strptime(row["Date"], "%d/%m/%Y").date() for row in csv.DictReader(file)}  # noqa: DTZ007
    assert planted["starts"] <= min(days) <= planted["starts"] + dt.timedelta(days=5)


@check
def nursery_apart(demo: Demo, planted: Planted) -> None:
    for year in (LAST, NOW):
        groups = Counter(one.year_group for one in demo.roll(planted.school, year))
        nursery = groups.pop("N2")
        assert (nursery, sum(groups.values())) == (planted["nursery"], planted["reception_to_year_6"])
    half_days = demo.registers[planted.school, NOW].marks == CODE["X"]
    assert half_days.any(axis=(1, 2)).sum() == planted["nursery"] / 2


@check
def tiny_school(demo: Demo, planted: Planted) -> None:
    assert len(demo.roll(planted.school, LAST)) == len(demo.roll(planted.school, NOW)) == planted["pupils"]


def check_mover(demo: Demo, planted: Planted) -> None:
    year = planted["academic_year"]
    here = {one.person.key: one for one in demo.roll(planted.school, year)}
    there = {one.person.key: one for one in demo.roll(planted["next_school"], year)}
    (key,) = here.keys() & there.keys()
    assert (here[key].year_group, here[key].end) == (planted["year_group"], planted["leaves"])
    assert (there[key].start, there[key].end) == (planted["joins"], None)
    if year == LAST:
        assert key not in {one.person.key for one in demo.roll(planted.school, NOW)}
        assert key in {one.person.key for one in demo.roll(planted["next_school"], NOW)}


CHECKS["mover_in_2024_25"] = CHECKS["mover_in_2025_26"] = check_mover


@check
def dual_registration(demo: Demo, planted: Planted) -> None:
    for urn, status, is_elsewhere in ((planted.school, "M", True), (planted["next_school"], "S", False)):
        register = demo.registers[urn, NOW]
        dual = [at for at, one in enumerate(register.roll) if one.status == status]
        assert len(dual) == planted["pupils"]
        for at, day in enumerate(register.days):
            if day >= planted["joins"]:
                is_there = day.weekday() in planted["days_there"]
                assert (register.marks[dual, at] == CODE["D"]).all() == (is_there == is_elsewhere), day


@check
def guest(demo: Demo, planted: Planted) -> None:
    (one,) = [one for one in demo.roll(planted["next_school"]) if one.status == "G"]
    assert (one.start, one.end, one.year_group) == (planted["joins"], planted["leaves"], planted["year_group"])
    assert one.person in [other.person for other in demo.roll(planted.school) if other.end is None]


@check
def out_of_year(demo: Demo, planted: Planted) -> None:
    born = [one.person.date_of_birth for one in demo.roll(planted.school) if one.year_group == planted["year_group"]]
    year = int(NOW[:4]) - int(planted["year_group"]) - 5
    assert sum(day < dt.date(year, 9, 1) for day in born) == 1
    assert max(born) <= dt.date(year + 1, 8, 31)


@check
def lost_upn_letter(demo: Demo, planted: Planted) -> None:
    short = [upn for upn in list_upns(demo, planted, "SIMS pupil list 2025-26") if len(upn) == 12]
    assert len(short) == planted["pupils"]
    known = {one.person.upn for one in demo.roll(planted.school)}
    assert all(read_upn(upn)[0] in known and read_upn(upn)[1] == "repaired" for upn in short)


@check
def wrong_check_letter(demo: Demo, planted: Planted) -> None:
    wrong = [upn for upn in list_upns(demo, planted, "Students 2025-26") if read_upn(upn)[0] is None]
    assert len(wrong) == 1
    assert wrong[0][1:] in {one.person.upn[1:] for one in demo.roll(planted.school)}


def list_upns(demo: Demo, planted: Planted, name: str) -> list[str]:
    rows = demo.read(planted.school, name)
    head = next(row for row in rows if "UPN" in row)
    return [row[head.index("UPN")] for row in rows[rows.index(head) + 1 :] if len(row) == len(head)]


@check
def repeated_row(demo: Demo, planted: Planted) -> None:
    rows = Counter(map(tuple, demo.read(planted.school, "pupils_2025-26")))
    assert sorted(rows.values())[-2:] == [1, 2]


@check
def temporary_upn_then_permanent(demo: Demo, planted: Planted) -> None:
    now = next(one.person for one in demo.roll(planted.school) if one.person.former_upn)
    (before,) = [one.person for one in demo.roll(planted.school, LAST) if one.person.key == now.key]
    assert before.upn == now.former_upn != now.upn
    assert before.upn[-1].isalpha()
    assert now.upn[-1].isdigit()
    head = next(row for row in demo.read(planted.school, "SIMS pupil list 2025-26") if "UPN" in row)
    assert "Former UPN" in head


@check
def temporary_upn_unsaid(demo: Demo, planted: Planted) -> None:
    (before,) = [one.person for one in demo.roll(planted.school, LAST) if one.person.upn[-1].isalpha()]
    (now,) = [one.person for one in demo.roll(planted.school) if one.person.key == before.key]
    assert read_upn(before.upn) == (before.upn, None)
    assert now.upn[-1].isdigit()
    assert not now.former_upn


@check
def namesakes(demo: Demo, planted: Planted) -> None:
    group = [one.person for one in demo.roll(planted.school) if one.year_group == planted["year_group"]]
    names = Counter((person.surname, person.forename) for person in group)
    assert sorted(names.values())[-2:] == [1, 2]
    rows = demo.read(planted.school, "Marksheets", "Year 5 2025-11")
    assert sorted(Counter(row[0] for row in rows if len(row) > 2).values())[-1] == 2


@check
def old_list_sent_again(demo: Demo, planted: Planted) -> None:
    first, again = demo.find(planted.school, "students 2024-25")
    lines = [path.read_bytes().decode("utf-16").splitlines()[1:] for path in (first, again)]
    listed, still = ({line.split("\t")[0] for line in each} for each in lines)
    assert still < listed
    assert listed - still == {one.person.upn for one in demo.roll(planted.school, LAST) if one.end}


@check
def sent_twice(demo: Demo, planted: Planted) -> None:
    (copy,) = demo.find(planted.school, "results", "copy")
    assert copy.read_bytes() == copy.with_stem(copy.stem.removesuffix(" copy")).read_bytes()


@check
def retired_codes(demo: Demo, planted: Planted) -> None:
    register = demo.registers[planted.school, NOW]
    counts = register.cut(planted["first"], planted["last"]).count_codes().sum(axis=0)
    everywhere = np.sum([r.count_codes().sum(axis=0) for r in demo.registers.values()], axis=0)
    for code, number in planted["codes"].items():
        assert counts[CODE[code]] == everywhere[CODE[code]] == number


@check
def marks_on_a_closed_day(demo: Demo, planted: Planted) -> None:
    (path,) = demo.find(planted.school, "Session attendance 2025-26 SUM1")
    said = f"{planted['day']:%d/%m/%Y}"
    rows = [row for row in csv.reader(path.read_text("utf-8-sig").splitlines()) if said in row]
    assert len(rows) == 2 * sum(
        one.year_group in planted["year_groups"] and one.is_here_on(planted["day"]) for one in demo.roll(planted.school)
    )
    assert not any(planted["day"] in register.days for register in demo.registers.values())


@check
def mark_string_short(demo: Demo, planted: Planted) -> None:
    rows = [row for name in ("AUT1", "AUT2", "SPR1") for row in demo.read(planted.school, "Registers", name)]
    marks = [row[-1].replace(" ", "") for row in rows if len(row) > 3 and row[-1] != "Marks"]
    signs = Counter(sum(not sign.isdigit() for sign in text) for text in marks)
    assert signs == {10: len(marks) - 1, 9: 1}
    spoilt = demo.read(planted.school, "Registers", planted["half_term"])
    assert any(len(row[-1].replace(" ", "")) == 9 for row in spoilt if row)


@check
def register_not_taken(demo: Demo, planted: Planted) -> None:
    register = demo.registers[planted.school, NOW]
    at = register.days.index(planted["day"])
    here = [n for n, one in enumerate(register.roll) if one.year_group == planted["year_group"]]
    marks = register.marks[here, at]
    assert set(marks[:, 1].tolist()) - {0} == {CODE["-"]}
    assert CODE["-"] not in marks[:, 0]


@check
def unmapped_judgement(demo: Demo, planted: Planted) -> None:
    rows = demo.read(planted.school, f"markbook {planted['window']}")
    assert sum(planted["judgement"] in row for row in rows) == planted["pupils"]
    assert planted["judgement"] not in {scale.code for scale in load_home(demo.home).kept.scales}


def check_mark(demo: Demo, planted: Planted) -> None:
    rows = demo.read(planted.school, f"2025-26/Marksheet Y{planted['year_group']} Autumn")
    assert sum(planted["mark"] in row for row in rows) == 1


CHECKS["value_out_of_range"] = CHECKS["mistyped_mark"] = check_mark


@check
def not_on_the_list(demo: Demo, planted: Planted) -> None:
    rows = demo.read(planted.school, f"2025-26/Marksheet Y{planted['year_group']} Autumn")
    head = next(row for row in rows if "Adno" in row)
    sent = {row[head.index("Adno")] for row in rows[rows.index(head) + 1 :] if len(row) == len(head)}
    sent = {number for number in sent if number.isdigit()}
    assert len(sent - {one.local_number for one in demo.roll(planted.school)}) == 1


@check
def corrected_late(demo: Demo, planted: Planted) -> None:
    second, first = demo.find(planted.school, f"2024-25/Marksheet Y{planted['year_group']} Summer")
    assert second.stem == f"{first.stem} v2"

    def marks(path: Any) -> list[int]:
        rows = demo.read(planted.school, str(path.relative_to(demo.home)))
        return [int(row[-1]) for row in rows if len(row) > 2 and row[-1].isdigit()]

    assert [mark // 2 for mark in marks(second)] == marks(first)


@check
def total_differs(demo: Demo, planted: Planted) -> None:
    rows = demo.read(planted.school, "Registers/2025-26", planted["half_term"])
    stated = int(rows[-1][0].removeprefix("Number of pupils: "))
    assert stated == sum(len(row) > 3 for row in rows) - 1 + planted["more"]


@check
def unknown_school_rows(demo: Demo, planted: Planted) -> None:
    known = {school.urn for school in load_home(demo.home).schools}
    head, *rows = demo.read("_trust", "Group pupils 2025-26")
    urns = Counter(row[head.index("School URN")] for row in rows if len(row) == len(head))
    assert {urn: count for urn, count in urns.items() if urn not in known} == {planted["urn"]: planted["rows"]}
    assert len(urns.keys() & known) >= 3
