"""The whole demo: its sizes, its formats, numbers near the country's, and each thing that is planted in it."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from statistics import mean

import numpy as np
import pytest
from demo_once import LAST, NOW, Demo, attended, make_demo, persistent
from planted_checks import CHECKS

from ingest import BUILT_IN, load_formats
from ingest.home import load_home
from ingest.invent.absence import CODE, CODES
from ingest.invent.people import UNUSED_LA_CODES
from ingest.invent.truths import read_truths
from ingest.readers import read_sheets
from ingest.recognise import find_header
from ingest.upn import read_upn

# Attendance and persistent absence in percent, 2025/26 to 23 July 2026, by phase (DfE, pupil attendance in schools).
NATIONAL = {"Primary": (94.72, 13.77), "Secondary": (91.51, 23.77), "Special": (86.83, 36.06)}


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    return make_demo(tmp_path_factory.mktemp("whole"))


def test_the_home_loads_without_a_warning(demo: Demo) -> None:
    home = load_home(demo.home)
    assert home.warnings == []
    assert len(home.schools) == 13, "twelve, one of them under two URNs"
    assert Counter(school.phase for school in home.schools) == {
        "Primary": 8, "Secondary": 2, "All-through": 1, "Special": 1, "Alternative provision": 1,
    }  # fmt: skip
    assert {school.school_type for school in home.schools} >= {"Free school", "Other independent school"}
    assert [(school.urn, school.predecessor_urn) for school in home.schools if school.predecessor_urn] == [
        ("999107", "999007")
    ]
    assert [(feed.school, feed.export_format) for feed in home.trust.feeds] == [
        ("999006", "sims_weekly_register"), ("999006", "arbor_session_attendance"),
    ]  # fmt: skip


def test_sizes(demo: Demo) -> None:
    pupils = {one.person.key for urn in demo.phases for one in demo.roll(urn) if one.end is None}
    assert 2700 < len(pupils) < 3300
    marks = sum(int((register.marks > 0).sum()) for (_, year), register in demo.registers.items() if year == NOW)
    assert 1_000_000 < marks < 1_500_000
    assert sum(path.stat().st_size for path in demo.sent) < 60_000_000
    for urn in demo.phases:
        assert any(register.marks.any() for (at, _), register in demo.registers.items() if at == urn), urn


def test_every_file_is_recognised_as_the_format_it_was_written_in(demo: Demo) -> None:
    """One file of each school and format: those of one format differ in nothing that recognition looks at."""
    formats = load_formats([BUILT_IN])
    files = {(path.relative_to(demo.home).parts[1], form): path for path, form in demo.sent.items()}
    seen = defaultdict(set)
    for (school, form), path in files.items():
        (sheet,) = read_sheets(path)
        sheet.rows[12:] = sheet.rows[12:20]
        headers = find_header(sheet, formats.values())
        assert [header.format.format for header in headers if header.fits][:1] == [form], path.name
        seen[form].add(school)
    assert len(seen) >= 20
    systems = Counter(form.split("_")[0] for form in seen)
    assert {"sims", "arbor", "group", "bromcom", "classroom", "insight", "wonde", "dfe"} <= set(systems)


@pytest.mark.parametrize("phase", NATIONAL)
def test_attendance_is_near_the_country(demo: Demo, phase: str) -> None:
    """Within a point in attendance, within four in persistent absence: the numbers of pupils allow no more."""
    counts = demo.count_sessions(
        *(register for (urn, year), register in demo.registers.items() if year == NOW and demo.phases[urn] == phase)
    )
    attendance, absence = NATIONAL[phase]
    assert attended(counts) == pytest.approx(attendance, abs=1)
    assert persistent(counts) == pytest.approx(absence, abs=4)


def test_codes_come_in_plausible_shares(demo: Demo) -> None:
    """Shares of possible sessions, in percent, against those of a whole local authority's primary schools."""
    primary = [r for (urn, year), r in demo.registers.items() if year == NOW and demo.phases[urn] == "Primary"]
    totals = sum(register.count_codes().sum(axis=0) for register in primary)
    share = {code: 100 * totals[CODE[code]] / totals[1:].sum() for code in CODES[1:]}
    assert 2.5 < share["I"] < 4.2
    assert 1.2 < share["L"] < 2.6
    assert 0.3 < share["G"] < 1.0
    assert 0.4 < share["O"] < 1.6
    assert share["I"] > share["O"] > share["N"] > 0
    assert share["/"] == pytest.approx(share["\\"], rel=0.05)
    everywhere = sum(r.count_codes().sum(axis=0) for (_, year), r in demo.registers.items() if year == NOW)
    assert {code for code in CODES[1:] if not everywhere[CODE[code]]} <= {"K", "#", "Z"}


def test_illness_peaks_in_winter_and_other_absence_on_fridays(demo: Demo) -> None:
    ill, away, there = Counter(), Counter(), Counter()
    for register in demo.registers.values():
        for at, day in enumerate(register.days):
            marks = register.marks[:, at]
            taken = int((marks > 0).sum())
            is_winter = day.month in (12, 1, 2)
            ill[is_winter] += int((marks == CODE["I"]).sum())
            there["winter" if is_winter else "rest"] += taken
            away[day.weekday()] += int((marks == CODE["O"]).sum())
            there[day.weekday()] += taken
    assert ill[True] / there["winter"] > 1.25 * ill[False] / there["rest"]
    assert away[4] / there[4] > 1.03 * away[2] / there[2]


def test_statutory_results_are_near_the_country(demo: Demo) -> None:
    """Key stage 2 of 2025: 75, 72, 74 and 62 %; phonics 80 %; tables 20.6 marks."""
    met: dict[str, list[bool]] = defaultdict(list)
    tables: list[int] = []
    for path in (path for path, form in demo.sent.items() if form == "dfe_ks2"):
        head, *rows = read_sheets(path)[0].rows
        for row in (dict(zip(head, row, strict=True)) for row in rows):
            each = [row["READOUTCOME"] == "AS", row["WRITTAOUTCOME"] in ("EXS", "GDS"), row["MATOUTCOME"] == "AS"]
            for name, is_met in zip(("reading", "writing", "mathematics"), each, strict=True):
                met[name].append(is_met)
            met["all three"].append(all(each))
    for path in (path for path, form in demo.sent.items() if form == "dfe_phonics"):
        head, *rows = read_sheets(path)[0].rows
        said = [dict(zip(head, row, strict=True)) for row in rows]
        met["phonics"] += [row["Phonics_PHONICS_OUTCOME"] == "Wa" for row in said]
    for path in (path for path, form in demo.sent.items() if form == "dfe_mtc"):
        head, *rows = read_sheets(path)[0].rows
        tables += [int(row[head.index("FormMark")]) for row in rows if row[head.index("FormMark")]]
    shares = {name: 100 * mean(each) for name, each in met.items()}
    assert shares == pytest.approx(
        {"reading": 75, "writing": 72, "mathematics": 74, "all three": 62, "phonics": 80}, abs=7
    )
    assert len(met["all three"]) > 120
    assert mean(tables) == pytest.approx(20.6, abs=1.2)
    assert 0.22 < mean(mark == 25 for mark in tables) < 0.45


def test_judgements_go_with_tests_and_tests_with_earlier_ones(demo: Demo) -> None:
    window, before = (next(w for w in demo.facts.windows if w.day == day) for day in (
        dt.date(2026, 6, 17), dt.date(2025, 11, 26)
    ))  # fmt: skip
    school, judged, marks = demo.school("999009"), [], {}
    for at in (before, window):
        for one in demo.facts.marks.sit(school, demo.roll("999009"), at):
            if one.mark is not None:
                marks[at.day, one.subject, one.enrolment.person.key] = one.mark
                judged.append((one.mark, ("BLW", "WTS", "EXS", "GDS").index(one.judgement)))
    assert np.corrcoef(np.array(judged).T)[0, 1] > 0.75
    pairs = [
        (mark, marks[window.day, subject, key])
        for (day, subject, key), mark in marks.items()
        if day == before.day and (window.day, subject, key) in marks
    ]
    assert 0.5 < np.corrcoef(np.array(pairs).T)[0, 1] < 0.8
    assert 0.5 < mean(band >= 2 for _, band in judged) < 0.85


def test_pupils_are_nobodys(demo: Demo) -> None:
    persons = {one.person for urn in demo.phases for year in (LAST, NOW) for one in demo.roll(urn, year)}
    upns = [person.upn for person in persons if person.upn]
    assert {upn[1:4] for upn in upns} <= set(UNUSED_LA_CODES)
    assert all(read_upn(upn) == (upn, None) for upn in upns)
    assert {one.person.upn for one in demo.roll("999011")} == {""}, "the independent school has none"
    assert all(one.person.upn for one in demo.roll("999001"))


def test_families_joiners_and_leavers(demo: Demo) -> None:
    for urn in ("999006", "999008", "999009"):
        roll = demo.roll(urn)
        surnames = Counter(one.person.surname for one in roll)
        assert sum(count for count in surnames.values() if count > 1) > len(roll) / 4, "brothers and sisters"
        joined = [one for one in roll if one.start > dt.date(2025, 9, 3)]
        left = [one for one in roll if one.end]
        assert 0.01 < len(joined) / len(roll) < 0.1
        assert 0.01 < len(left) / len(roll) < 0.1
        stayed = {one.person.key for one in demo.roll(urn, LAST)} & {one.person.key for one in roll}
        assert len(stayed) > len(roll) / 2


def test_every_truth_and_defect_has_a_check() -> None:
    assert set(CHECKS) == set(read_truths())


@pytest.mark.parametrize("name", list(read_truths()))
def test_what_is_listed_is_there(demo: Demo, name: str) -> None:
    CHECKS[name](demo, read_truths()[name])


def test_everything_listed_was_planted_and_nothing_else(demo: Demo) -> None:
    assert demo.facts.truths.planted == set(read_truths())


def test_nothing_lies_outside_the_inbox_that_was_not_made_by_name(demo: Demo) -> None:
    inbox = demo.home / "inbox"
    files = {path for path in inbox.rglob("*") if path.is_file() and path.name != "README.txt"}
    assert files == set(demo.sent)
    assert {path.relative_to(inbox).parts[0][:6] for path in files} == {*demo.phases, "_trust"}
