"""Scales as YAML: each kind by a real-looking sample, what a file may not say, and how built-in ones give way."""

# The messages stand here whole, as a person sees them.
# ruff: noqa: E501

from __future__ import annotations

import csv
import datetime as dt
import re
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from ingest.home import keep_configuration, load_home
from ingest.home.kept_rows import CutRow, ScaleRow
from ingest.home.kept_tables import list_kept_files, read_kept_tables
from ingest.home.scale_file import read_scale_file, read_scale_files

Messages = Callable[..., list[str]]

HEAD = """\
scale: {stem}
title: A scale of the trust
source: {source}
framework: {framework}
version: "1"
comparability_class: D
rationale: Agreed with the schools
authored_by: Data team
approved_by: Director
approved_on: 2025-07-01
valid_from: {valid_from}
"""
# Lines of a file after its head begin here.
FIRST = HEAD.count("\n") + 1


def write(home: Path, stem: str, rest: str, **words: str) -> Path:
    said = {"source": "marksheet", "framework": "Teacher Assessment", "valid_from": "2025-09-01", **words}
    path = home / "scales" / f"{stem}.yml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(HEAD.format(stem=stem, **said) + rest, encoding="utf-8")
    return path


def read_codes(home: Path, rest: str, **words: str) -> list[ScaleRow]:
    scales, cuts = read_scale_file(write(home, "own", rest, **words), home)
    assert cuts == []
    return [placed.row for placed in scales]


def read_cuts(home: Path, rest: str, **words: str) -> list[CutRow]:
    scales, cuts = read_scale_file(write(home, "own", rest, **words), home)
    assert scales == []
    return [placed.row for placed in cuts]


def find_bands(rows: Iterable[ScaleRow], **where: str | None) -> dict[str, str | None]:
    return {row.code: row.band for row in rows if all(getattr(row, name) == said for name, said in where.items())}


def list_at_least(rows: Iterable[CutRow], **where: str | None) -> dict[str, float | None]:
    return {row.band: row.at_least for row in rows if all(getattr(row, name) == said for name, said in where.items())}


STATUSES = """\
kind: codes
codes:
  - {code: U, band: NA, meaning: Unassessed}
  - {code: T, band: WTS, meaning: Target}
  - {code: A, band: WTS, meaning: Almost}
  - {code: M, band: EXS, meaning: Met}
  - {code: E, band: GDS, meaning: Exceeded}
"""
STEPS = """\
kind: steps
year_groups: [R, 1, 2, 3]
steps: [b, b+, w, w+, s, s+]
band_names: {R: Rec}
expected: {autumn_1: b, autumn: b+, spring_1: w, spring: w+, summer: s}
greater_depth_from: 2
greater_depth_at: {summer: s+}
working_towards_to: 2
"""
AGES = """\
kind: cuts
of: value
cuts:
  - {year_groups: [3], BLW: , WTS: "7:06", EXS: "8:00", GDS: "9:06"}
  - {year_groups: [4], BLW: , WTS: "8:06", EXS: "9:00", GDS: "10:11"}
"""


def test_a_code_is_one_row_with_its_line_and_who_answers_for_it(tiny: Path) -> None:
    scales, _ = read_scale_file(write(tiny, "own", STATUSES), tiny)
    assert [(placed.row.code, placed.row.band) for placed in scales] == [
        ("U", "NA"), ("T", "WTS"), ("A", "WTS"), ("M", "EXS"), ("E", "GDS"),
    ]  # fmt: skip
    almost = scales[2]
    assert (almost.file, almost.number, almost.counted) == ("scales/own.yml", FIRST + 4, f"line {FIRST + 4}")
    assert almost.row == ScaleRow(
        scale="own", source="marksheet", framework="Teacher Assessment", version="1", comparability_class="D",
        rationale="Agreed with the schools", authored_by="Data team", approved_by="Director",
        approved_on=dt.date(2025, 7, 1), valid_from=dt.date(2025, 9, 1), code="A", band="WTS", meaning="Almost",
    )  # fmt: skip


def test_codes_stand_exactly_as_they_are_written(tiny: Path) -> None:
    signs = 'kind: codes\ncodes:\n  - {code: "--", band: BLW}\n  - {code: "-", band: WTS}\n  - {code: "=", band: EXS}\n  - {code: "+", band: EXS}\n  - {code: ++, band: GDS}\n'
    assert find_bands(read_codes(tiny, signs)) == {"--": "BLW", "-": "WTS", "=": "EXS", "+": "EXS", "++": "GDS"}
    letters = "kind: codes\ncodes:\n  - {code: Wa, band: EXS}\n  - {code: WA, band: WTS}\n  - {code: EXP-, band: WTS}\n  - {code: EXP, band: EXS}\n  - {code: No, band: NA}\n"
    assert find_bands(read_codes(tiny, letters)) == {"Wa": "EXS", "WA": "WTS", "EXP-": "WTS", "EXP": "EXS", "No": "NA"}


def test_grades_keep_their_points(tiny: Path) -> None:
    rows = read_codes(
        tiny,
        "kind: codes\ncodes:\n  - {code: 9, points: 9}\n  - {code: 5, points: 5, band: EXS}\n  - {code: U, points: 0}\n",
    )
    assert [(row.code, row.points, row.band) for row in rows] == [("9", 9.0, None), ("5", 5.0, "EXS"), ("U", 0.0, None)]


def test_a_scale_is_for_what_it_lists_and_for_every_source_it_names(tiny: Path) -> None:
    listed = "schools: [999901, 999902]\nsubjects: [English]\nyear_groups: [3, 4]\nwindows: [autumn]\n"
    rows = read_codes(
        tiny, listed + "kind: codes\ncodes:\n  - {code: s, band: EXS}\n", source="[marksheet, results_rows]"
    )
    assert {(row.source, row.school, row.subject, row.year_group, row.window) for row in rows} == {
        (source, school, "English", year_group, "autumn")
        for source in ("marksheet", "results_rows")
        for school in ("999901", "999902")
        for year_group in ("3", "4")
    }
    assert len(rows) == 8


def test_steps_are_held_against_the_line_of_the_window(tiny: Path) -> None:
    rows = read_codes(tiny, STEPS)
    # Five windows, four year groups, four bands, six steps.
    assert len(rows) == 5 * 4 * 4 * 6

    def bands(window: str) -> list[str | None]:
        found = find_bands(rows, window=window, year_group="2")
        return [found[f"2{step}"] for step in ("b", "b+", "w", "w+", "s", "s+")]

    assert bands("autumn_1") == ["EXS", "EXS", "GDS", "GDS", "GDS", "GDS"]
    assert bands("autumn") == ["WTS", "EXS", "EXS", "GDS", "GDS", "GDS"]
    assert bands("spring_1") == ["WTS", "WTS", "EXS", "EXS", "GDS", "GDS"]
    assert bands("spring") == ["BLW", "WTS", "WTS", "EXS", "EXS", "GDS"]
    # The scale ends one step above the line of the summer: that step is greater depth there.
    assert bands("summer") == ["BLW", "BLW", "WTS", "WTS", "EXS", "GDS"]
    # A year behind is well below, however far within that year; a year ahead counts on from the own.
    others = find_bands(rows, window="summer", year_group="2")
    assert (others["Recs+"], others["1s+"], others["3b"]) == ("BLW", "BLW", "GDS")
    assert find_bands(rows, window="summer", year_group="R")["Recs"] == "EXS"
    assert {row.meaning for row in rows if row.code == "Recb+"} == {"Reception curriculum, step b+"}


def test_steps_are_written_as_the_school_writes_them(tiny: Path) -> None:
    words = 'kind: steps\nyear_groups: [3]\nbands: [2, 3]\nsteps: [Emerging, Developing, Secure]\nwritten: "{band} {step}"\nalso_written: {Developing: [Dev]}\nexpected: {autumn: Emerging, summer: Secure}\ngreater_depth_from: 1\nworking_towards_to: 1\n'
    rows = read_codes(tiny, words)
    assert find_bands(rows, window="summer") == {
        "2 Emerging": "BLW", "2 Developing": "BLW", "2 Dev": "BLW", "2 Secure": "BLW",
        "3 Emerging": "BLW", "3 Developing": "WTS", "3 Dev": "WTS", "3 Secure": "EXS",
    }  # fmt: skip
    assert find_bands(rows, window="autumn")["3 Developing"] == "GDS"
    grades = "kind: steps\nyear_groups: [8]\nsteps: [C, B, A, A+]\nexpected: B\ngreater_depth_from: 2\nworking_towards_to: 1\n"
    rows = read_codes(tiny, grades)
    # One step is expected in every window.
    assert {row.window for row in rows} == {None}
    assert find_bands(rows) == {"8C": "WTS", "8B": "EXS", "8A": "EXS", "8A+": "GDS"}


def test_a_step_alone_is_of_the_pupils_own_year(tiny: Path) -> None:
    alone = 'kind: steps\nyear_groups: [3, 4]\nsteps: [b, w, s]\nwritten: "{step}"\nexpected: w\ngreater_depth_from: 1\nworking_towards_to: 1\n'
    rows = read_codes(tiny, alone)
    assert find_bands(rows, year_group="3") == find_bands(rows, year_group="4") == {"b": "WTS", "w": "EXS", "s": "GDS"}
    assert len(rows) == 6


def test_a_later_year_is_not_mapped_where_it_is_said_so(tiny: Path) -> None:
    rows = read_codes(tiny, STEPS + "later_bands: false\n")
    assert {row.code[0] for row in rows if row.year_group == "1"} == {"R", "1"}


def test_cuts_by_window_and_their_lines(tiny: Path) -> None:
    percent = "kind: cuts\nof: value\ncuts:\n  - {windows: [autumn], BLW: , WTS: 10 %, EXS: 20%, GDS: 30}\n  - windows: [summer]\n    WTS:\n    EXS: 60\n"
    _, cuts = read_scale_file(write(tiny, "own", percent), tiny)
    assert [(c.row.window, c.row.band, c.row.at_least, c.number) for c in cuts] == [
        ("autumn", "BLW", None, FIRST + 3), ("autumn", "WTS", 10.0, FIRST + 3), ("autumn", "EXS", 20.0, FIRST + 3),
        ("autumn", "GDS", 30.0, FIRST + 3), ("summer", "WTS", None, FIRST + 5), ("summer", "EXS", 60.0, FIRST + 6),
    ]  # fmt: skip
    assert {cut.row.of for cut in cuts} == {"value"}


def test_a_reading_age_is_years_and_months(tiny: Path) -> None:
    rows = read_cuts(tiny, AGES)
    assert list_at_least(rows, year_group="3") == {"BLW": None, "WTS": 7.5, "EXS": 8.0, "GDS": 9.5}
    assert list_at_least(rows, year_group="4") == pytest.approx(
        {"BLW": None, "WTS": 8.5, "EXS": 9.0, "GDS": 10 + 11 / 12}
    )


@pytest.mark.parametrize(("share", "cut"), [(0.75, 89.88), (0.74, 90.35), (0.33, 106.60), (0.26, 109.65)])
def test_the_cut_that_parts_the_country_as_its_results_did(tiny: Path, share: float, cut: float) -> None:
    proportion = f"kind: cuts\nof: mark\nnational_proportion: {{EXS: {share}, academic_year: 2024/25, published_in: Key stage 2 attainment}}\n"
    assert list_at_least(read_cuts(tiny, proportion)) == pytest.approx({"WTS": None, "EXS": cut}, abs=0.005)


def test_proportions_of_each_subject_for_marks_put_on_the_trusts_own_scale(tiny: Path) -> None:
    proportions = "kind: cuts\nof: standardised\nnational_proportion:\n  - {subjects: [English], EXS: 0.75, GDS: 0.33, academic_year: 2024/25, published_in: Key stage 2 attainment}\n  - {subjects: [Mathematics], EXS: 0.74, GDS: 0.26, academic_year: 2024/25, published_in: Key stage 2 attainment}\n"
    rows = read_cuts(tiny, proportions)
    assert {row.of for row in rows} == {"standardised"}
    assert list_at_least(rows, subject="English") == pytest.approx(
        {"WTS": None, "EXS": 89.88, "GDS": 106.60}, abs=0.005
    )
    assert list_at_least(rows, subject="Mathematics") == pytest.approx(
        {"WTS": None, "EXS": 90.35, "GDS": 109.65}, abs=0.005
    )


def codes(*lines: str) -> str:
    return "kind: codes\ncodes:\n" + "".join(f"  - {{{line}}}\n" for line in lines)


def cuts(*lines: str) -> str:
    return "kind: cuts\nof: value\ncuts:\n" + "".join(f"  - {{{line}}}\n" for line in lines)


@pytest.mark.parametrize(
    ("rest", "line", "said"),
    [
        # Words
        ("kind: code\ncodes: []\n", 0, '"kind" is "code"; expected codes, steps or cuts. Did you mean "codes"?'),
        ("kind: codes\ncode: []\n", 1, '"code" is not a word Plumbline knows here. Did you mean "codes"?'),
        ("kind: codes\ncodes: []\n", 1, '"codes" holds a list; expected a list of at least 1.'),
        (codes("code: s, bnad: EXS"), 2, '"bnad" is not a word Plumbline knows here. Did you mean "band"?'),
        (codes("code: s, band: EXP"), 2, '"band" is "EXP"; expected NA, BLW, WTS, EXS or GDS. Did you mean "EXS"?'),
        ("valid_to: 2025-08-31\n" + codes("code: s, band: EXS"), 0, "the scale ends on 2025-08-31, before it begins on 2025-09-01. Dates are day first: 01/09/2025 is 1 September."),
        ("subjects: [English, English]\n" + codes("code: s, band: EXS"), 0, f'"English" stands here a second time; it is first on line {FIRST}. Keep one of the two.'),
        # Codes
        (codes("code: s"), 2, 'the code "s" has neither a band nor points. Add one of them.'),
        (codes("code: s, band: EXS", "code: s, band: EXS"), 3, f'the code "s" stands here a second time; it is first on line {FIRST + 2}. Keep one of the two.'),
        (codes("code: A, band: WTS", "code: A, band: NA"), 3, f'the code "A" cannot mean two things; on line {FIRST + 2} it is WTS. Keep one of the two.'),
        (codes("code: 5, points: 5", "code: 5, points: 4"), 3, f'the code "5" cannot mean two things; on line {FIRST + 2} it is 5 points. Keep one of the two.'),
        # Steps
        (STEPS.replace("spring: w+", "spring: w ++"), 4, '"w ++" is not one of the steps of this scale: b, b+, w, w+, s or s+. Did you mean "w+"?'),
        (STEPS.replace("{summer: s+}", "{summer: z}"), 6, '"z" is not one of the steps of this scale: b, b+, w, w+, s or s+. Correct it, or add it to steps.'),
        (STEPS.replace("{summer: s+}", "{sumer: s+}"), 6, 'no step is expected by the window "sumer": autumn_1, autumn, spring_1, spring or summer. Did you mean "summer"?'),
        (STEPS.replace("{summer: s+}", "{summer: s}"), 6, '"s" is not above "s", the step expected by the window "summer". Name a later step.'),
        (STEPS.replace("[b, b+,", "[b, b,").replace("b+", "b"), 2, f'"b" stands here a second time; it is first on line {FIRST + 2}. Keep one of the two.'),
        (STEPS.replace("[R, 1, 2, 3]", "[N2, 1]").replace("band_names: {R: Rec}", "bands: [1]"), 1, 'the year group "N2" has no curriculum that steps could count; R and 1 to 14 have. Take it out.'),
        (STEPS.replace("{R: Rec}", "{4: Four}"), 3, '"4" is not one of the bands of this scale: R, 1, 2 or 3. Take it out, or add it to bands.'),
        (STEPS + "also_written: {t: [T]}\n", 8, '"t" is not one of the steps of this scale: b, b+, w, w+, s or s+. Correct it, or add it to steps.'),
        (STEPS + 'written: "{band}"\n', 8, '"written" is "{band}", which does not say where the step stands. Write {step}, and {band} where the year group is written too, such as {band}{step}.'),
        (STEPS + 'written: "{year}{step}"\n', 8, '"written" is "{year}{step}", which does not say where the step stands. Write {step}, and {band} where the year group is written too, such as {band}{step}.'),
        (STEPS + "also_written: {b: [w]}\n", 2, '"Recw" would be written for step b of year R and for step w of year R alike. Give the steps or bands names that cannot be mistaken, or part them in written.'),
        (STEPS + "windows: [autumn_1, autumn, spring_1, spring, summer, summer_2]\n", 8, 'no step is expected by the window "summer_2", so nothing would be mapped in it. Add it under expected.'),
        (STEPS + "windows: [autumn_1, autumn, spring_1, spring]\n", 4, 'this scale is not for the window "summer": autumn_1, autumn, spring_1 or spring. Add it to windows, or take it out here.'),
        (STEPS.replace("year_groups: [R, 1, 2, 3]\nsteps", "steps").replace("band_names: {R: Rec}\n", ""), None, '"year_groups" is missing. Add it.'),
        # Cuts
        (cuts("BLW: , WTS: ten"), 3, '"WTS" is "ten"; expected a number such as 100, 63 % or the reading age 9:06 (years and months).'),
        (cuts("BLW: , WTS: '9:12'"), 3, '"WTS" is "9:12"; expected a number such as 100, 63 % or the reading age 9:06 (years and months).'),
        (cuts("WTS: 10, EXS: 20"), 3, "WTS is the lowest band named and begins at 10, so lower numbers would have none. Leave WTS empty, or name a band below it."),
        (cuts("WTS: , EXS: , GDS: 20"), 3, "EXS has no number; only the lowest band, WTS, is left empty. Write from which number on it holds."),
        (cuts("WTS: , EXS: 100, GDS: 100"), 3, "GDS begins at 100, which is not above 100, where EXS begins. Cuts rise with the bands."),
        (cuts("EXS: "), 3, "cuts part a number into at least two bands. Name each band, lowest first; leave the lowest empty."),
        (cuts("WTS: , EXS: 100", "WTS: , EXS: 101"), 4, f"this is for what the entry on line {FIRST + 3} is for. Part the two by subjects, year_groups or windows."),
        ("windows: [autumn, summer]\n" + cuts("windows: [autumn], WTS: , EXS: 9"), 0, 'nothing is said for "summer", so no number would be mapped there. Add it under cuts, or take it out here.'),
        ("windows: [autumn]\n" + cuts("windows: [autum], WTS: , EXS: 9", "windows: [autumn], WTS: , EXS: 9"), 4, 'this scale is not for "autum": autumn. Did you mean "autumn"?'),
        ("kind: cuts\nof: value\n", 1, "there is neither cuts nor a national_proportion. Write one of the two."),
        ("kind: cuts\nof: mark\nnational_proportion: {EXS: 75, academic_year: 2024/25, published_in: a table}\n", 2, '"EXS" is "75"; expected less than 1.'),
        ("kind: cuts\nof: mark\nnational_proportion: {EXS: 0.75, published_in: a table}\n", 2, '"academic_year" is missing. Add it.'),
        ("kind: cuts\nof: mark\nnational_proportion: {EXS: 0.75, academic_year: 2024/25}\n", 2, '"published_in" is missing. Add it.'),
        ("kind: cuts\nof: mark\nnational_proportion: {EXS: 0.26, GDS: 0.75, academic_year: 2024/25, published_in: a table}\n", 2, "0.75 of the pupils cannot reach GDS where 0.26 reach EXS. Correct it."),
    ],
)  # fmt: skip
def test_what_a_file_may_not_say(tiny: Path, messages: Messages, rest: str, line: int | None, said: str) -> None:
    path = write(tiny, "own", rest)
    where = 1 if line is None else FIRST + line
    assert messages(read_scale_file, path, tiny) == [f"scales/own.yml line {where}: {said}"]


def test_a_scale_is_called_as_its_file(tiny: Path, messages: Messages) -> None:
    path = write(tiny, "own", STATUSES)
    path = path.rename(path.with_name("owl.yml"))
    assert messages(read_scale_file, path, tiny) == [
        'scales/owl.yml line 1: the scale is called "own" and its file "owl". Did you mean "owl"? Give both the same name.'
    ]


def test_what_the_home_does_not_have_is_said_where_it_stands(tiny: Path, messages: Messages) -> None:
    write(
        tiny,
        "own",
        "subjects: [Maths]\nwindows: [sumer]\nschools: [999909]\n" + codes("code: s, band: EXS"),
        source="marksheets",
    )
    said = messages(load_home, tiny)
    assert [each.split(":")[0] for each in said] == [
        f"scales/own.yml line {line}" for line in (FIRST, FIRST + 1, 3, FIRST + 2)
    ]
    assert said[0].endswith('Did you mean "Mathematics"?')
    assert said[2].endswith('Did you mean "marksheet"?')


def test_letters_that_collide_between_two_files(tiny: Path, messages: Messages) -> None:
    write(tiny, "first", codes("code: A, band: WTS, meaning: Almost"))
    write(tiny, "second", codes("code: A, band: NA, meaning: Absent"))
    assert messages(load_home, tiny) == [
        f'scales/second.yml line {FIRST + 2}: "A" stands here a second time for the same days and the same use; it is '
        f"first in line {FIRST + 2} of scales/first.yml. Keep one of the two, or part them by their days."
    ]
    # In another source, for another assessment, as another letter or on other days it may mean another thing.
    for words in ({"source": "results_rows"}, {"framework": "Common Test"}):
        write(tiny, "second", codes("code: A, band: NA"), **words)
        assert len(load_home(tiny).kept.own_scales) == 2
    write(tiny, "second", codes("code: a, band: NA"))
    assert len(load_home(tiny).kept.own_scales) == 2
    write(tiny, "first", "valid_to: 2026-08-31\n" + codes("code: A, band: WTS"))
    write(tiny, "second", codes("code: A, band: NA"), valid_from="2026-09-01")
    assert len(load_home(tiny).kept.own_scales) == 2
    write(tiny, "second", codes("code: A, band: NA"), valid_from="2026-08-31")
    assert len(messages(load_home, tiny)) == 1


def test_a_table_and_a_file_collide_too(tiny: Path, messages: Messages) -> None:
    (tiny / "scales").mkdir()
    table = "source,framework,version,code,band,comparability_class,rationale,approved_by,valid_from\nmarksheet,Teacher Assessment,1,A,NA,D,Agreed,Director,2025-09-01\n"
    (tiny / "scales" / "codes.csv").write_text(table, encoding="utf-8")
    write(tiny, "own", codes("code: A, band: WTS"))
    assert messages(load_home, tiny) == [
        f'scales/own.yml line {FIRST + 2}: "A" stands here a second time for the same days and the same use; it is '
        "first in row 2 of scales/codes.csv. Keep one of the two, or part them by their days."
    ]


def test_one_number_is_not_cut_twice(tiny: Path, messages: Messages) -> None:
    write(tiny, "first", cuts("WTS: , EXS: 100"))
    write(tiny, "second", cuts("BLW: , GDS: 110"))
    assert messages(load_home, tiny) == [
        f'scales/second.yml line {FIRST + 3}: "value" stands here a second time for the same days and the same use; it '
        f"is first in line {FIRST + 3} of scales/first.yml. Keep one of the two, or part them by their days."
    ]
    write(tiny, "second", cuts("windows: [autumn], BLW: , GDS: 110"))
    assert len(load_home(tiny).kept.placed_cuts) == 4


def test_two_files_of_one_name(tiny: Path, messages: Messages) -> None:
    path = write(tiny, "own", STATUSES)
    path.with_suffix(".csv").write_text("source\n", encoding="utf-8")
    assert "scales/own.yml: there is a own.csv as well as a own.yml. Keep one of the two in the home." in messages(
        load_home, tiny
    )
    path.with_suffix(".csv").unlink()
    path.with_suffix(".yaml").write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    assert messages(load_home, tiny) == [
        "scales/own.yml: there is a own.yaml as well as a own.yml. Keep one of the two in the home."
    ]


def test_all_files_say_what_is_wrong_at_once(tiny: Path, messages: Messages) -> None:
    write(tiny, "first", codes("code: s"))
    write(tiny, "second", cuts("EXS: "))
    assert [said.split()[0] for said in messages(read_kept_tables, tiny)] == ["scales/first.yml", "scales/second.yml"]


def test_the_homes_own_files_are_kept_with_the_configuration(tiny: Path) -> None:
    path = write(tiny, "own", STATUSES)
    assert list_kept_files(tiny) == [path]
    sha = keep_configuration(load_home(tiny))
    assert (tiny / "history" / "configuration" / sha / "scales" / "own.yml").is_file()


def test_the_examples_of_the_guide_can_be_read(tiny: Path) -> None:
    guide = (Path(__file__).parents[3] / "docs" / "add-a-scale.md").read_text(encoding="utf-8")
    examples = re.findall(r"```yaml\n(scale: (\w+)\n.*?)```", guide, re.DOTALL)
    assert len(examples) == 5
    for text, stem in examples:
        path = tiny / "scales" / f"{stem}.yml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
        assert any(read_scale_file(path, tiny))


# Built-in scales


def find_built_in(home: Path, source: str, framework: str) -> dict[str, str | None]:
    rows = [placed.row for placed in read_kept_tables(home).built_in_scales]
    return find_bands(rows, source=source, framework=framework)


def test_built_in_scales_hold_in_a_home_that_has_none_of_what_they_name(tiny: Path) -> None:
    kept = load_home(tiny).kept
    assert (kept.placed_scales, kept.placed_cuts) == ([], [])
    assert {row.scale for row in kept.scales} >= {"phonics", "markbook_judgements", "bromcom_primary_assessment"}
    assert {row.scale for row in kept.cuts} >= {"classroom_monitor_of_all", "classroom_monitor_of_assessed"}
    assert all(placed.is_built_in for placed in (*kept.built_in_scales, *kept.built_in_cuts))
    assert list_kept_files(tiny) == []


def test_one_letter_means_what_its_source_means_by_it(tiny: Path) -> None:
    phonics = find_built_in(tiny, "dfe_phonics", "Phonics screening check")
    assert (phonics["Wa"], phonics["Wt"], phonics["A"]) == ("EXS", "WTS", "NA")
    assert "WA" not in phonics
    assert find_built_in(tiny, "classroom_monitor_objectives", "Classroom Monitor")["A"] == "WTS"
    assert "A" not in find_built_in(tiny, "markbook_judgements", "Teacher Assessment")


def test_shares_of_all_and_of_assessed_objectives_are_two_scales(tiny: Path) -> None:
    rows = read_kept_tables(tiny).cuts
    of_all = [row for row in rows if row.framework == "Objectives met of all"]
    of_assessed = [row for row in rows if row.framework == "Objectives met of assessed"]
    assert {row.scale for row in of_all} == {"classroom_monitor_of_all"}
    assert {row.window for row in of_all} == {"autumn", "spring", "summer"}
    assert {row.scale for row in of_assessed} == {"classroom_monitor_of_assessed"}
    assert {row.of for row in (*of_all, *of_assessed)} == {"value"}


SAMPLES = Path(__file__).parents[2] / "samples"


@pytest.mark.parametrize(
    ("sample", "framework", "columns"),
    [
        ("dfe_ks2", "KS2 teacher assessment", ("WRITTAOUTCOME", "SCITAOUTCOME")),
        ("dfe_phonics", "Phonics screening check", ("Phonics_PHONICS_OUTCOME",)),
        ("dfe_mtc", "Multiplication tables check", ("ReasonNotTakingCheck",)),
        ("dfe_eyfsp", "EYFS profile", ("FSP_COM_E01", "FSP_MAT_E12", "FSP_GLD")),
        ("markbook_judgements", "Teacher Assessment", ("Judgement",)),
    ],
)
def test_every_code_of_the_samples_has_a_meaning(
    tiny: Path, sample: str, framework: str, columns: tuple[str, ...]
) -> None:
    with (SAMPLES / f"{sample}.csv").open(encoding="utf-8-sig", newline="") as file:
        seen = {row[column] for row in csv.DictReader(file) for column in columns} - {"", "-"}
    assert seen
    assert seen <= set(find_built_in(tiny, sample, framework))


def test_every_judgement_of_a_bromcom_export_has_a_meaning(tiny: Path) -> None:
    rows = [row for row in read_kept_tables(tiny).scales if row.source == "bromcom_primary_assessment"]
    fourth = find_bands(rows, year_group="4")
    assert {code: fourth[code] for code in ("4BLW", "4BXS", "4WTS", "4EXS", "4GDS", "3GDS")} == {
        "4BLW": "BLW", "4BXS": "WTS", "4WTS": "WTS", "4EXS": "EXS", "4GDS": "GDS", "3GDS": "BLW",
    }  # fmt: skip
    assert "5BLW" not in fourth


def test_a_file_of_the_same_name_takes_the_place_of_a_built_in_one(tiny: Path) -> None:
    write(tiny, "phonics", codes("code: Wa, band: EXS"), source="dfe_phonics", framework="Phonics screening check")
    phonics = [row for row in load_home(tiny).kept.scales if row.scale == "phonics"]
    assert [(row.code, row.approved_by) for row in phonics] == [("Wa", "Director")]


def test_a_homes_row_stands_over_a_built_in_one_on_its_own_days(tiny: Path) -> None:
    write(
        tiny, "own", "valid_to: 2026-08-31\n" + codes("code: EXS, band: GDS"), source="markbook_judgements"
    )  # fmt: skip
    rows = [row for row in read_kept_tables(tiny).scales if (row.source, row.code) == ("markbook_judgements", "EXS")]
    assert [(row.scale, row.band, row.valid_from, row.valid_to) for row in rows] == [
        ("own", "GDS", dt.date(2025, 9, 1), dt.date(2026, 8, 31)),
        ("markbook_judgements", "EXS", dt.date(2018, 9, 1), dt.date(2025, 8, 31)),
        ("markbook_judgements", "EXS", dt.date(2026, 9, 1), None),
    ]


def test_a_homes_row_for_one_school_leaves_the_built_in_one_to_the_others(tiny: Path) -> None:
    write(tiny, "own", "schools: [999901]\n" + codes("code: EXS, band: GDS"), source="markbook_judgements")
    rows = [row for row in read_kept_tables(tiny).scales if (row.source, row.code) == ("markbook_judgements", "EXS")]
    assert [(row.scale, row.school, row.valid_to) for row in rows] == [
        ("own", "999901", None), ("markbook_judgements", None, None),
    ]  # fmt: skip


def test_own_cuts_stand_over_the_whole_of_a_built_in_windows_cuts(tiny: Path) -> None:
    write(
        tiny, "own", cuts("windows: [autumn], WTS: , EXS: 12"), source="classroom_monitor_scores",
        framework="Objectives met of all", valid_from="2018-09-01",
    )  # fmt: skip
    rows = [row for row in read_kept_tables(tiny).cuts if row.framework == "Objectives met of all"]
    assert list_at_least(rows, window="autumn") == {"WTS": None, "EXS": 12.0}
    assert {row.scale for row in rows if row.window == "summer"} == {"classroom_monitor_of_all"}


def test_built_in_scales_say_who_answers_for_them_and_what_is_only_remembered(tiny: Path) -> None:
    scales, cuts = read_scale_files(tiny)
    rows: list[ScaleRow | CutRow] = [placed.row for placed in scales]
    rows += [placed.row for placed in cuts]
    assert {row.approved_by for row in rows} == {"Plumbline (starter scale)"}
    for row in rows:
        told = "invented as a beginning" in row.rationale.lower() or row.comparability_class == "A"
        assert told, f"{row.scale} is of a school's own words and does not say that it is a beginning"
