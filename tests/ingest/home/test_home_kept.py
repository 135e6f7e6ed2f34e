"""Scales, targets and curriculum statements: as CSV or XLSX, optional, and each problem by file and row."""

# The messages stand here whole, as a person sees them.
# ruff: noqa: E501

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import xlsxwriter

from ingest.home import configuration_sha256, keep_configuration, load_home, load_last_good

Messages = Callable[..., list[str]]

SCALE = "source,framework,version,subject,year_group,window,code,band,points,comparability_class,rationale,approved_by,valid_from,valid_to"
TARGET = "owner,kpi,academic_year,period,subject,year_group,target"
STATEMENT = "owner,framework,version,statement,text,subject,year_group,strand,exemplification,valid_from,valid_to"
GOOD = {
    "scales/steps.csv": [SCALE, "markbook_judgements,Steps,1,,3,autumn,w+,EXS,,D,Agreed,Director,2025-09-01,"],
    "targets.csv": [TARGET, "trust,attendance,2025/26,,,,95.5"],
    "curriculum/maths.csv": [STATEMENT, "trust,Core,2,N3,Rounds to ten,Mathematics,4,Number,,2025-09-01,"],
}  # fmt: skip


def write(home: Path, file: str, rows: list[str]) -> None:
    path = home / file
    path.parent.mkdir(exist_ok=True)
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")


def write_workbook(home: Path, file: str, rows: list[str]) -> None:
    path = home / file
    path.parent.mkdir(exist_ok=True)
    with xlsxwriter.Workbook(str(path)) as workbook:
        sheet = workbook.add_worksheet()
        for at, row in enumerate(rows):
            for column, cell in enumerate(row.split(",")):
                if cell.replace(".", "", 1).isdigit():
                    sheet.write_number(at, column, float(cell))
                elif cell:
                    sheet.write_string(at, column, cell)


def test_a_home_needs_none_of_them(tiny: Path) -> None:
    kept = load_home(tiny).kept
    assert (kept.own_scales, kept.targets, kept.statements) == ([], [], [])
    (tiny / "scales").mkdir()
    assert load_home(tiny).kept.own_scales == []


def test_csv_and_xlsx_say_the_same(tiny: Path) -> None:
    for file, rows in GOOD.items():
        write(tiny, file, rows)
    from_csv = load_home(tiny)
    assert from_csv.kept.scales[0].code == "w+"
    assert (from_csv.kept.scales[0].version, from_csv.kept.scales[0].year_group) == ("1", "3")
    assert from_csv.kept.targets[0].target == 95.5
    assert from_csv.kept.statements[0].strand == "Number"
    for file, rows in GOOD.items():
        (tiny / file).unlink()
        write_workbook(tiny, str(Path(file).with_suffix(".xlsx")), rows)
    from_xlsx = load_home(tiny)
    for kind in ("scales", "targets", "statements"):
        assert getattr(from_xlsx.kept, kind) == getattr(from_csv.kept, kind)
    assert configuration_sha256(from_xlsx) == configuration_sha256(from_csv)


def test_several_files_are_one_table_and_open_spreadsheets_leave_nothing(tiny: Path) -> None:
    write(tiny, "scales/b.csv", [SCALE, "markbook_judgements,Steps,1,,,,s,GDS,,D,Agreed,Director,2025-09-01,"])
    write_workbook(tiny, "scales/a.xlsx", [SCALE, "marksheet,9-1,1,,,,9,,9,A,By the rules,Director,2025-09-01,"])
    (tiny / "scales" / "~$a.xlsx").write_bytes(b"somebody has it open")
    (tiny / "scales" / ".DS_Store").write_bytes(b"\x00")
    (tiny / "scales" / "notes.txt").write_text("who agreed what", encoding="utf-8")
    scales = [row for row in load_home(tiny).kept.scales if row.scale in ("a", "b")]
    assert [(row.code, row.band, row.points) for row in scales] == [("9", None, 9.0), ("s", "GDS", None)]


@pytest.mark.parametrize(
    ("file", "other"),
    [("scales/steps.csv", "scales/steps.xlsx"), ("targets.csv", "targets.xlsx"), ("curriculum/maths.csv", "curriculum/maths.xlsx")],
)  # fmt: skip
def test_both_at_once_is_an_error(tiny: Path, messages: Messages, file: str, other: str) -> None:
    write(tiny, file, GOOD[file])
    write_workbook(tiny, other, GOOD[file])
    csv, workbook = Path(file).name, Path(other).name
    assert messages(load_home, tiny) == [
        f"{other}: there is a {csv} as well as a {workbook}. Keep one of the two in the home."
    ]


def test_a_table_in_another_form_is_not_left_unread_in_silence(tiny: Path, messages: Messages) -> None:
    (tiny / "scales").mkdir()
    (tiny / "scales" / "old.xls").write_bytes(b"\xd0\xcf\x11\xe0")
    assert messages(load_home, tiny) == [
        "scales/old.xls: .xls files are not read here. Save it as CSV or XLSX instead."
    ]


def scale(**cells: str) -> str:
    values = {"source": "markbook_judgements", "framework": "Steps", "version": "1", "code": "b", "band": "WTS", "comparability_class": "D", "rationale": "Agreed", "approved_by": "Director", "valid_from": "2025-09-01", **cells}  # fmt: skip
    return ",".join(values.get(column, "") for column in SCALE.split(","))


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (scale(band="EXP"), '"band" is "EXP"; expected NA, BLW, WTS, EXS or GDS. Did you mean "EXS"?'),
        (scale(band=""), 'the code "b" has neither a band nor points. Fill in one of them.'),
        (scale(band="", points="lots"), '"points" is "lots"; expected a number.'),
        (scale(source=""), '"source" is empty. Fill in the cell.'),
        (scale(approved_by=""), '"approved_by" is empty. Fill in the cell.'),
        (scale(subject="Maths"), '"Maths" is not one of this trust\'s subjects: English, Mathematics or Science. Did you mean "Mathematics"?'),
        (scale(window="sumer"), '"sumer" is not one of this trust\'s windows: autumn, summer or mocks. Did you mean "summer"?'),
        (scale(year_group="Y3"), '"year_group" is "Y3"; expected a year group: N1, N2, E1, E2, R, 1 to 14 or X. Did you mean "3"?'),
        (scale(valid_to="2025-08-31"), "the row ends on 2025-08-31, before it begins on 2025-09-01. Dates are day first: 01/09/2025 is 1 September."),
        (scale(code="w"), '"w" stands here a second time for the same days and the same use; it is first in row 2. Keep one of the two, or part them by their days.'),
    ],
)  # fmt: skip
def test_scale_problems(tiny: Path, messages: Messages, row: str, said: str) -> None:
    write(tiny, "scales/steps.csv", [SCALE, scale(code="w"), row])
    assert messages(load_home, tiny) == [f"scales/steps.csv row 3: {said}"]


def test_a_code_may_mean_another_thing_on_other_days_and_in_other_uses(tiny: Path, messages: Messages) -> None:
    first = scale(valid_to="2026-08-31")
    write(tiny, "scales/steps.csv", [SCALE, first, scale(valid_from="2026-09-01"), scale(window="autumn"), scale(code="B")])  # fmt: skip
    assert len(load_home(tiny).kept.own_scales) == 4
    write(tiny, "scales/steps_2.csv", [SCALE, "", scale(band="BLW", valid_from="2026-08-31", valid_to="2026-08-31")])
    assert messages(load_home, tiny) == [
        'scales/steps_2.csv row 3: "b" stands here a second time for the same days and the same use; it is first in '
        "row 2 of scales/steps.csv. Keep one of the two, or part them by their days."
    ]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("trust,atendance,2025/26,,,,95", '"atendance" is not a KPI of this home: {kpis}. Did you mean "attendance"?'),
        ("trust,attendance,2025/26,autumn_1,,,95", '"autumn_1" is not a period of "attendance": AUT1, AUT2, SPR1, SPR2, SUM1, SUM2, autumn, spring, summer or year_to_date. Did you mean "autumn"?'),
        ("trust,mean_mark,2025/26,AUT1,,,30", '"AUT1" is not a period of "mean_mark": autumn, summer or mocks. Did you mean "autumn"?'),
        ("trust,mean_mark,2025/26,year_to_date,,,30", '"year_to_date" is not a period of "mean_mark": autumn, summer or mocks. Leave the cell empty or correct it.'),
        ("999909,attendance,2025/26,,,,95", 'no school of the register has the URN 999909. Did you mean "999903"? Write trust, or a URN of the register.'),
        ("trust,attendance,2025/27,,,,95", '"academic_year" is "2025/27"; expected an academic year such as 2024/25, its second half one up. Did you mean "2025/26"?'),
        ("trust,attendance,2025/26,,,,", '"target" is empty. Fill in the cell.'),
        ("trust,attendance,2025/26,,,,nan", '"target" is "nan"; expected a number.'),
        ("trust,mean_mark,2025/26,summer,,3,30", '"mean_mark" stands here a second time for the same use; it is first in row 2. Keep one of the two.'),
    ],
)  # fmt: skip
def test_target_problems(tiny: Path, messages: Messages, row: str, said: str) -> None:
    write(tiny, "targets.csv", [TARGET, "trust,mean_mark,2025/26,summer,,3,31", row])
    kpis = sorted(kpi.kpi for kpi in load_kpis(tiny))
    said = said.replace("{kpis}", ", ".join(kpis[:-1]) + f" or {kpis[-1]}")
    assert messages(load_home, tiny) == [f"targets.csv row 3: {said}"]


def load_kpis(home: Path) -> list[object]:
    content = (home / "targets.csv").read_text(encoding="utf-8")
    (home / "targets.csv").unlink()
    kpis: list[object] = list(load_home(home).kpis)
    (home / "targets.csv").write_text(content, encoding="utf-8")
    return kpis


def test_a_target_of_a_schools_own_kpi_is_that_schools(tiny: Path, messages: Messages) -> None:
    folder = tiny / "kpis" / "schools" / "999902"
    folder.mkdir(parents=True)
    text = (tiny / "kpis" / "mean_mark.yml").read_text(encoding="utf-8").replace("headline: 4", "")
    own = text.replace("kpi: mean_mark", "kpi: own_mark").replace("owner: trust", "owner: 999902")
    (folder / "own_mark.yml").write_text(own, encoding="utf-8")
    write(tiny, "targets.csv", [TARGET, "999902,own_mark,2025/26,,,,30", "trust,own_mark,2025/26,,,,30"])
    assert messages(load_home, tiny) == [
        "targets.csv row 3: the KPI \"own_mark\" is 999902's own, and this target is of trust. "
        "Write 999902, or name another KPI."
    ]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("trust,Core,2,N4,,Mathematics,4,,,2025-09-01,", '"text" is empty. Fill in the cell.'),
        ("999909,Core,2,N4,Adds,Mathematics,4,,,2025-09-01,", 'no school of the register has the URN 999909. Did you mean "999903"? Write trust, or a URN of the register.'),
        ("trust,Core,2,N4,Adds,Mathmatics,4,,,2025-09-01,", '"Mathmatics" is not one of this trust\'s subjects: English, Mathematics or Science. Did you mean "Mathematics"?'),
        ("trust,Core,2,N3,Adds,Mathematics,4,,,2026-09-01,", '"N3" stands here a second time for the same days and the same use; it is first in row 2. Keep one of the two, or part them by their days.'),
        ("trust,Core,2,N4,Adds, up,Mathematics,4,,,2025-09-01,", '"subject" is "up"'),
    ],
)  # fmt: skip
def test_statement_problems(tiny: Path, messages: Messages, row: str, said: str) -> None:
    write(tiny, "curriculum/maths.csv", [*GOOD["curriculum/maths.csv"], row])
    first = messages(load_home, tiny)[0]
    assert first.startswith("curriculum/maths.csv row 3: ")
    if " up," not in row:  # a comma too many moves every cell after it
        assert first == f"curriculum/maths.csv row 3: {said}"


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("999903,Own,1,A1,Adds,Mathematics,4,2025-09-01, n3 ", ""),
        ("trust,Core,2,N4,Adds,Mathematics,4,2025-09-01,N3", 'this statement is the trust\'s, and only a school\'s own is linked to one of the trust\'s. Leave the cell empty.'),
        ("999903,Own,1,A1,Adds,Mathematics,4,2025-09-01,N33", '"N33" is not a statement of the trust\'s for Mathematics in year group 4: N3. Did you mean "N3"?'),
        ("999903,Own,1,A1,Adds,Mathematics,5,2025-09-01,N3", '"N3" is not a statement of the trust\'s for Mathematics in year group 5. Leave the cell empty or correct it.'),
    ],
)  # fmt: skip
def test_a_schools_statement_links_to_one_of_the_trusts(tiny: Path, messages: Messages, row: str, said: str) -> None:
    linked = "owner,framework,version,statement,text,subject,year_group,valid_from,links_to"
    write(tiny, "curriculum/maths.csv", GOOD["curriculum/maths.csv"])
    write(tiny, "curriculum/own.csv", [linked, row])
    if said:
        assert messages(load_home, tiny) == [f"curriculum/own.csv row 2: {said}"]
    else:
        assert load_home(tiny).kept.statements[-1].links_to == "n3"


def test_they_are_part_of_what_is_kept_and_hashed(tiny: Path) -> None:
    before = configuration_sha256(load_home(tiny))
    shas = {before}
    for file, rows in GOOD.items():
        write(tiny, file, rows)
        shas.add(configuration_sha256(load_home(tiny)))
    assert len(shas) == 4
    # In which file a row stands is layout.
    (tiny / "curriculum" / "maths.csv").rename(tiny / "curriculum" / "other.csv")
    assert configuration_sha256(load_home(tiny)) in shas
    good = load_home(tiny)
    sha = keep_configuration(good)
    for file in ("scales/steps.csv", "targets.csv", "curriculum/other.csv"):
        assert (tiny / "history" / "configuration" / sha / file).is_file()
    write(tiny, "targets.csv", ["owner", "trust"])
    kept = load_last_good(tiny)
    assert kept is not None
    assert (kept.kept.scales, kept.kept.targets) == (good.kept.scales, good.kept.targets)
