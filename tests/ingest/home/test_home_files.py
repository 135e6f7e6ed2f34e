"""The files of a home: what loads, and the message for each thing that cannot be meant."""

# The messages stand here whole, as a person sees them.
# ruff: noqa: E501

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from ingest.home import load_home
from ingest.home.words import place_day, write_time_period

HOMES = Path(__file__).parents[2] / "homes"
Messages = Callable[..., list[str]]
STARTER = Path(__file__).parents[3] / "ingest" / "home" / "starter" / "kpis"
MEASURES = frozenset({
    "mark", "pupils_judged", "pupils_on_roll", "pupils_banded", "pupils_working_below", "pupils_working_towards",
    "pupils_at_expected", "pupils_at_expected_or_above", "pupils_at_greater_depth", "statements_due",
    "statements_assessed", "statements_secure", "assessed_statements", "assessed_statements_secure",
})  # fmt: skip
ATTENDANCE_MEASURES = frozenset(
    {
        "sessions_possible",
        "sessions_attending",
        "sessions_authorised_absence",
        "sessions_unauthorised_absence",
        "sessions_late",
        "pupils_with_possible_sessions",
        "pupils_absent_10_percent_or_more",
        "pupils_absent_50_percent_or_more",
        "suspensions_begun",
        "pupils_on_roll_for_suspensions",
    }
)


def edit(path: Path, old: str, new: str) -> int:
    """Replace the only occurrence of `old` and return the line it stands on."""
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {path.name}"
    path.write_text(text.replace(old, new), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


def test_the_inner_london_home_is_the_register_of_49_schools() -> None:
    home = load_home(HOMES / "inner_london", measures=MEASURES)
    assert [s.urn for s in home.schools] == [str(n) for n in range(900001, 900051) if n != 900043]
    assert all(s.name == f"School {int(s.urn) - 900000}" and s.phase == "Primary" for s in home.schools)
    assert {s.cluster for s in home.schools if int(s.urn) % 2} == {"North"}
    assert {s.cluster for s in home.schools if int(s.urn) % 2 == 0} == {"South"}
    assert (home.trust.trust.group_id, home.trust.demo, home.trust.key_id) == ("TR09000", True, None)
    assert (home.trust.policy.audiences.site.min_n, home.trust.policy.audiences.central.min_n) == (6, 1)
    assert [kpi.kpi for kpi in home.kpis] == ["judgement_coverage", "mean_mark"]
    assert not home.warnings


def test_the_starter_kpis_are_those_of_the_test_homes() -> None:
    starter = {p.name: p.read_text(encoding="utf-8") for p in STARTER.iterdir()}
    kept = {
        home: {p.name: p.read_text(encoding="utf-8") for p in (HOMES / home / "kpis").iterdir()}
        for home in ("inner_london", "tiny")
    }
    assert kept["tiny"] == starter
    # Those schools sent results and no attendance.
    assert kept["inner_london"].items() <= starter.items()
    assert sorted(kept["inner_london"]) == ["judgement_coverage.yml", "mean_mark.yml"]


def test_the_attendance_kpis_are_made_from_the_measures_the_warehouse_gives(tiny: Path) -> None:
    kpis = {kpi.kpi: kpi for kpi in load_home(tiny, measures=MEASURES | ATTENDANCE_MEASURES).kpis}
    of_sessions = {
        "attendance": "sessions_attending",
        "authorised_absence": "sessions_authorised_absence",
        "unauthorised_absence": "sessions_unauthorised_absence",
        "late_arrivals": "sessions_late",
    }
    for name, numerator in of_sessions.items():
        kpi = kpis.pop(name)
        assert (kpi.numerator, kpi.denominator, kpi.interval) == (numerator, "sessions_possible", "by_pupil")
        assert kpi.direction == ("higher" if name == "attendance" else "lower")
        # Weeks are for attendance alone.
        weeks = ["week"] if name == "attendance" else []
        assert kpi.periods == [*weeks, "half_term", "term", "year_to_date"]
        assert (kpi.year_groups, kpi.comparability) == ("together", "A")
        assert kpi.breakdowns == ["population", "sex", "custom_groups"]
    for name, share in (("persistent_absence", 10), ("severe_absence", 50)):
        kpi = kpis.pop(name)
        assert kpi.numerator == f"pupils_absent_{share}_percent_or_more"
        assert (kpi.denominator, kpi.interval) == ("pupils_with_possible_sessions", "wilson")
        assert (kpi.direction, kpi.periods) == ("lower", ["half_term", "term", "year_to_date"])
        assert "unstable" in kpi.what_good_looks_like
    rate = kpis.pop("suspension_rate")
    assert (rate.numerator, rate.denominator) == ("suspensions_begun", "pupils_on_roll_for_suspensions")
    assert (rate.unit, rate.interval, rate.direction) == ("rate_per_100", "byar", "lower")
    assert "too narrow" in rate.how_calculated
    assert {kpi.family for kpi in kpis.values()} == {"Attainment", "Completeness", "Curriculum"}


OF_ATTENDANCE = sorted(path.stem for path in STARTER.glob("*.yml") if "family: Attendance" in path.read_text("utf-8"))


@pytest.mark.parametrize("kpi", OF_ATTENDANCE)
def test_each_attendance_kpi_says_whom_it_counts_and_how_official_figures_differ(kpi: str) -> None:
    text = " ".join((STARTER / f"{kpi}.yml").read_text(encoding="utf-8").split())
    for said in (
        "Reception to Year 11",
        "5 to 15 on 31 August",
        "fficial statistics",
        "Monitor your school attendance",
        "The trust's figure is the sum of",
    ):
        assert said in text, said
    assert len(OF_ATTENDANCE) == 6


def test_folders_stand_in_the_home(tiny: Path) -> None:
    home = load_home(tiny)
    for name in ("inbox", "lake", "history", "releases", "dagster", "formats"):
        assert getattr(home, name) == tiny / name


def test_the_register_reads_spellings_of_one_thing_alike(tiny: Path) -> None:
    ash, birch, cedar = load_home(tiny).schools
    assert [s.laestab for s in (ash, birch, cedar)] == ["0012001", "0012002", "0014003"]
    assert (ash.joined, birch.joined) == (dt.date(2019, 9, 1), dt.date(2021, 9, 1))
    assert (cedar.left, birch.predecessor_urn) == (dt.date(2026, 8, 31), "999911")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("windows:", "windws:", '"windws" is not a word Plumbline knows here. Did you mean "windows"?'),
        ("phases: [Secondary]", "phases: [Secondry]", '"phases" is "Secondry"; expected Nursery, Primary, Middle (deemed primary), Middle (deemed secondary), Secondary, 16 plus, All-through, Special or Alternative provision. Did you mean "Secondary"?'),
        ("year_groups: [11]", "year_groups: [Y11]", '"year_groups" is "Y11"; expected a year group: N1, N2, E1, E2, R, 1 to 14 or X. Did you mean "11"?'),
        ("year_groups: [11]", "year_groups: [11, 11]", '"11" stands here a second time; it is first on line {line}. Keep one of the two.'),
        ("opens: 11-20", "opens: 20-11", '"opens" is "20-11"; expected a day of every year as month-day, such as 06-01 for 1 June.'),
        ("opens: 11-20", "opens: 02-29", '"opens" is "02-29"; expected a day of every year as month-day, such as 06-01 for 1 June.'),
        ("opens: 11-20", "opens: 02-20", 'the window "mocks" opens on 02-20, after it closes on 01-20. An academic year runs from 09-01 to 08-31; days are written month-day.'),
        ("subjects: [English, Mathematics, Science]", "subjects: [English, Maths]", '"Maths" is not one of this trust\'s subjects: English, Mathematics or Science. Did you mean "Mathematics"?'),
        ("subjects: [English, Mathematics, Science]", "subjects: [Zoology]", '"Zoology" is not one of this trust\'s subjects: English, Mathematics or Science. Add it under subjects, or take it out here.'),
        ("labels: [Summer, Summer 2]", "labels: [Summer, ' AUTUMN  2']", 'the label "autumn 2" also belongs to the window "autumn" of Primary, year group 3. Give the two windows labels of their own, or one of them other year groups.'),
        ("window: mocks", "window: summer", '"summer" stands here a second time; it is first on line 45. Keep one of the two.'),
        ("window: mocks", "window: Mock exams", '"window" is "Mock exams"; expected small letters, digits and underscores, such as mean_mark. Did you mean "mock_exams"?'),
        ("  - 2025/26", "  - 2025/27", '"academic_years" is "2025/27"; expected an academic year such as 2024/25, its second half one up. Did you mean "2025/26"?'),
        ("  - 2025/26", "  - 2025-26", '"academic_years" is "2025-26"; expected an academic year such as 2024/25, its second half one up. Did you mean "2025/26"?'),
        ("  - 2025/26", "  - 2024/25", '"2024/25" stands here a second time; it is first on line 11. Keep one of the two.'),
        ("site: {min_n: 3}", "site: {min_n: 0}", '"min_n" is "0"; expected 1 or more.'),
        ("site: {min_n: 3}", "sit: {min_n: 3}", '"sit" is not a word Plumbline knows here. Did you mean "site"?'),
        ("refused_percent_held: 25", "refused_percent_held: 250", '"refused_percent_held" is "250"; expected 100 or less.'),
        ("group_id: TR09901", "group_id: 9901", '"group_id" is "9901"; expected the trust\'s Group ID, TR and five digits, such as TR01234.'),
        ("result_type: teacher_judgement", "result_type: judgement", '"result_type" is "judgement"; expected teacher_judgement, prediction, test or statutory. Did you mean "teacher_judgement"?'),
        ("title: Mock examination", "title: Mock|1", '"title" is "Mock|1"; expected a name on one line without |.'),
        ("demo: true", "demo: true\nkey_id: k0123456789", 'a demo home uses the public demo key and names none. Take this line out, or set demo to false.'),
        ("demo: true", "key_id: demo", "the demo key is public; it cannot guard the pupils of a trust. Write the id of this home's own key; plumbline new-home makes one."),
        ("demo: true", "key_id: secret", '"key_id" is "secret"; expected the id of this home\'s key as new-home wrote it, k and ten letters or digits.'),
    ],
)  # fmt: skip
def test_trust_file_problems(tiny: Path, messages: Messages, old: str, new: str, said: str) -> None:
    line = edit(tiny / "trust.yml", old, new) + new.count("\n")
    assert messages(load_home, tiny) == [f"trust.yml line {line}: {said.format(line=line)}"]


def test_a_home_that_is_no_demo_needs_a_key(tiny: Path, messages: Messages) -> None:
    edit(tiny / "trust.yml", "demo: true", "demo: false")
    assert messages(load_home, tiny) == [
        'trust.yml line 3: "key_id" is missing. '
        "Write the id of this home's key; plumbline new-home makes a key and says its id."
    ]


def test_windows_of_other_phases_may_share_a_label(tiny: Path) -> None:
    windows = load_home(tiny).trust.windows
    assert "autumn" in windows[0].known_labels
    assert "autumn" in windows[2].known_labels


REGISTER = "urn,laestab,name,phase,lowest_age,highest_age,joined,left,predecessor_urn\n"


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("999901,,Oak,Primary,,,,,", "URN 999901 stands here a second time; it is first in row 2. Keep one row per URN."),
        ("99991,,Oak,Primary,,,,,", '"urn" is "99991"; expected a URN, six digits such as 123456.'),
        ("999902,12/34,Oak,Primary,,,,,", '"laestab" is "12/34"; expected a LAESTAB such as 123/4567 or 1234567.'),
        ("999902,,,Primary,,,,,", '"name" is empty. Fill in the cell.'),
        ("999902,,Oak,primary,,,,,", '"phase" is "primary"; expected Nursery, Primary, Middle (deemed primary), Middle (deemed secondary), Secondary, 16 plus, All-through, Special or Alternative provision. Did you mean "Primary"?'),
        ("999902,,Oak,Primary,four,,,,", '"lowest_age" is "four"; expected a whole number.'),
        ("999902,,Oak,Primary,11,4,,,", "the highest age, 4, is below the lowest, 11. Exchange the two."),
        ("999902,,Oak,Primary,,,13/25/2020,,", '"joined" is "13/25/2020"; expected a date such as 2025-09-01 or 01/09/2025 (day first).'),
        ("999902,,Oak,Primary,,,20200901,,", '"joined" is "20200901"; expected a date such as 2025-09-01 or 01/09/2025 (day first).'),
        ("999902,,Oak,Primary,,,2020-09-01,2019-09-01,", "the school left on 2019-09-01, before it joined on 2020-09-01. Dates are day first: 01/09/2025 is 1 September."),
        ("999902,,Oak,Primary,,,,,999902", "a school cannot be its own predecessor. Write the URN the school had before, or leave the cell empty."),
    ],
)  # fmt: skip
def test_register_problems(tiny: Path, messages: Messages, row: str, said: str) -> None:
    (tiny / "schools.csv").write_text(f"{REGISTER}999901,,Ash,Primary,,,,,\n{row}\n", encoding="utf-8")
    assert messages(load_home, tiny) == [f"schools.csv row 3: {said}"]


def test_the_register_may_be_a_workbook_but_not_both(tiny: Path, messages: Messages) -> None:
    (tiny / "schools.xlsx").write_bytes(b"")
    assert messages(load_home, tiny) == [
        "schools.xlsx: there is a schools.csv as well as a schools.xlsx. Keep one of the two in the home."
    ]


def test_a_cluster_spelled_nearly_alike_is_only_worth_a_look(tiny: Path) -> None:
    rows = [("999901", "Northern"), ("999902", "Northern"), ("999903", "Norhtern"), ("999904", "Hub 1"), ("999905", "Hub 2")]  # fmt: skip
    lines = [f"{urn},School {urn},Primary,{cluster}" for urn, cluster in rows]
    (tiny / "schools.csv").write_text("urn,name,phase,cluster\n" + "\n".join(lines), encoding="utf-8")
    assert [str(warning) for warning in load_home(tiny).warnings] == [
        'schools.csv row 4: the cluster "Norhtern" looks like "Northern", but counts as another. '
        'Did you mean "Northern"? Use one spelling if they are the same.'
    ]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("kpi: mean_mark", "kpi: mean_marks", 'the file is named "mean_mark", but the KPI in it "mean_marks". Rename the file to mean_marks.yml, or write kpi: mean_mark.'),
        ("kind: mean", "kind: maen", '"kind" is "maen"; expected ratio or mean. Did you mean "mean"?'),
        ("mean_of: mark", "mean_of: marks", '"marks" is not a measure Plumbline knows. Did you mean "mark"?'),
        ("mean_of: mark", "mean_of: zzz", '"zzz" is not a measure Plumbline knows. It knows {measures}.'),
        ("interval: t", "interval: wilson", 'a mean in marks takes the interval t, not "wilson". Change the interval.'),
        ("unit: marks", "unit: percent", 'the unit of a mean is score, points or marks, not "percent". Change the unit or the kind.'),
        ("version: 1", "version: first", '"version" is "first"; expected a whole number.'),
        ("breakdowns: [sex, custom_groups]", "breakdowns: [sexes]", '"breakdowns" is "sexes"; expected sex, custom_groups or population. Did you mean "sex"?'),
        ("breakdowns: [sex, custom_groups]", "breakdowns: [sex, sex]", '"sex" stands here a second time. Keep one of the two.'),
        ("breakdowns: [sex, custom_groups]", "breakdowns: [population]", '"population" divides attendance, and this KPI is counted by window. Take it out.'),
        ("periods: [window]", "periods: [half_trem]", '"periods" is "half_trem"; expected window, week, half_term, term or year_to_date. Did you mean "half_term"?'),
        ("periods: [window]", "periods: [term, term]", '"term" stands here a second time. Keep one of the two.'),
        ("periods: [window]", "periods: [term, window, week]", '"window" and "term" cannot both be periods of one KPI. Results are counted by window; attendance by week, half_term, term and year_to_date.'),
        ("periods: [window]", "periods: []", '"periods" holds a list; expected a list of at least 1.'),
        ("owner: trust", "owner: 999901", 'the owner is "999901", but the file stands in the folder of trust. A school\'s own KPIs stand in kpis/schools/<its URN>/, the trust\'s in kpis/.'),
        ("owner: trust", "owner: trsut", '"owner" is "trsut"; expected trust or a school\'s URN. Did you mean "trust"?'),
        ("authored_by: Trust data team", "authored_by:", '"authored_by" is empty; expected text.'),
        ("dp: 1", "dp: 1\nvalid_from: 2025-09-01\nvalid_to: 2024-09-01", "the definition ends on 2024-09-01, before it begins on 2025-09-01. Exchange or correct the two dates."),
        ("dp: 1", "dp: 1\nnumerator: mark", '"numerator" belongs to KPIs of kind ratio, and this one is a mean. Take it out, or change the kind.'),
    ],
)  # fmt: skip
def test_kpi_file_problems(tiny: Path, messages: Messages, old: str, new: str, said: str) -> None:
    file = tiny / "kpis" / "mean_mark.yml"
    # Only a trust's KPI may have this place; its own problem is tested by itself.
    file.write_text(re.sub("(?m)^headline:.*$", "#", file.read_text("utf-8")), "utf-8")
    line = edit(file, old, new) + new.count("\n")
    known = MEASURES | ATTENDANCE_MEASURES
    said = said.replace("{measures}", ", ".join(sorted(known)))
    assert messages(load_home, tiny, measures=known) == [f"kpis/mean_mark.yml line {line}: {said}"]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("interval: by_pupil", "interval: t", 'a ratio in percent takes the interval wilson or by_pupil, not "t". Change the interval.'),
        ("periods: [week, half_term, term, year_to_date]", "periods: [window]", '"population" divides attendance, and this KPI is counted by window. Take it out.'),
        ("breakdowns: [population, sex, custom_groups]\nunit", "breakdowns: [population]\nmin_n: 0\nunit", '"min_n" is "0"; expected 1 or more.'),
    ],
)  # fmt: skip
def test_attendance_kpi_problems(tiny: Path, messages: Messages, old: str, new: str, said: str) -> None:
    edit(tiny / "kpis" / "attendance.yml", old, new)
    (message,) = messages(load_home, tiny)
    assert message.startswith("kpis/attendance.yml line ")
    assert message.endswith(f": {said}")


def test_by_pupil_is_for_what_one_pupil_has_several_of(tiny: Path, messages: Messages) -> None:
    line = edit(tiny / "kpis" / "judgement_coverage.yml", "interval: wilson", "interval: by_pupil")
    assert messages(load_home, tiny) == [
        f"kpis/judgement_coverage.yml line {line}: by_pupil is for shares of what one pupil has "
        "several of, and this KPI is a share of pupils. Write wilson."
    ]


def test_a_ratio_needs_both_its_parts(tiny: Path, messages: Messages) -> None:
    edit(tiny / "kpis" / "judgement_coverage.yml", "denominator: pupils_on_roll\n", "")
    assert messages(load_home, tiny) == [
        'kpis/judgement_coverage.yml line 4: "denominator" is missing; '
        "a ratio is made from numerator and denominator. Add it."
    ]


def test_a_required_text_that_is_not_there(tiny: Path, messages: Messages) -> None:
    edit(tiny / "kpis" / "mean_mark.yml", "population: Pupils with a mark in the test\n", "")
    assert messages(load_home, tiny) == ['kpis/mean_mark.yml line 2: "population" is missing. Add it.']


def test_a_schools_own_kpi_stands_in_its_folder(tiny: Path, messages: Messages) -> None:
    folder = tiny / "kpis" / "schools" / "999902"
    folder.mkdir(parents=True)
    text = (tiny / "kpis" / "mean_mark.yml").read_text(encoding="utf-8").replace("headline: 4", "")
    own = text.replace("kpi: mean_mark", "kpi: own_mark").replace("owner: trust", "owner: 999902")
    (folder / "own_mark.yml").write_text(own, encoding="utf-8")
    assert [(k.kpi, k.owner) for k in load_home(tiny).kpis][-1] == ("own_mark", "999902")
    folder.rename(folder.with_name("999909"))
    (folder.with_name("999909") / "own_mark.yml").write_text(
        own.replace("999902", "999909"), encoding="utf-8"
    )
    assert messages(load_home, tiny) == [
        "kpis/schools/999909/own_mark.yml: no school of the register has the URN 999909. "
        "Name the folder after a URN of the register."
    ]
    (folder.with_name("999909")).rename(folder)
    (folder / "own_mark.yml").write_text(text.replace("owner: trust", "owner: 999902"), encoding="utf-8")
    (folder / "own_mark.yml").rename(folder / "mean_mark.yml")
    assert messages(load_home, tiny) == [
        'kpis/schools/999902/mean_mark.yml: the KPI "mean_mark" is also in kpis/mean_mark.yml. '
        "Give one of them another name."
    ]


def test_problems_of_all_files_come_together_and_name_no_absolute_path(
    tiny: Path, messages: Messages
) -> None:
    edit(tiny / "trust.yml", "windows:", "windws:")
    edit(tiny / "kpis" / "mean_mark.yml", "kind: mean", "kind: man")
    (tiny / "schools.csv").unlink()
    said = messages(load_home, tiny)
    assert [message.split(":")[0] for message in said] == [
        "trust.yml line 35",
        "schools.csv",
        "kpis/mean_mark.yml line 4",
    ]
    assert not any(str(tiny) in message for message in said)


def test_days_fall_in_the_right_half_of_an_academic_year() -> None:
    assert place_day("09-01", "2024/25") == dt.date(2024, 9, 1)
    assert place_day("12-31", "2024/25") == dt.date(2024, 12, 31)
    assert place_day("01-01", "2024/25") == dt.date(2025, 1, 1)
    assert place_day("08-31", "2024/25") == dt.date(2025, 8, 31)
    assert write_time_period("1999/00") == "199900"
