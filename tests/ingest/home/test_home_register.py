"""A home made from the official register: the right trust, its open schools, and what a person should look at.

Schools, trusts and people in these files are invented; only the columns' names are the official ones.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Callable
from pathlib import Path

import pytest
import xlsxwriter

from ingest import BUILT_IN, load_formats
from ingest.home import create_home, load_home, read_group_register
from ingest.home.config import list_config_records
from ingest.home.establishments import Establishment, find_phase
from ingest.home.group_register import GroupRegister
from ingest.home.new_home import name_inbox

Messages = Callable[..., list[str]]

TODAY = dt.date(2026, 3, 2)
COLUMNS = [
    "",
    "URN",
    "Group UID",
    "Group ID",
    "Group Name",
    "Group Type",
    "Closed Date",
    "Group Status",
    "Joined date",
    "EstablishmentName",
    "TypeOfEstablishment (name)",
    "PhaseOfEducation (name)",
    "LA (code)",
    "LA (name)",
]
TRUST = {
    "Group UID": "99001",
    "Group ID": "TR09901",
    "Group Name": "TALL TREES TRUST",
    "Group Type": "Multi-academy trust",
    "Group Status": "Open",
    "Joined date": "2019-09-01",
    "LA (code)": "001",
    "LA (name)": "Midshire",
}
PRIMARY = {"TypeOfEstablishment (name)": "Academy converter", "PhaseOfEducation (name)": "Primary"}
SPECIAL = {
    "TypeOfEstablishment (name)": "Free schools special",
    "PhaseOfEducation (name)": "Not applicable",
    "LA (name)": "Nether, Upper & Østershire",
    "LA (code)": "002",
}
SOLO = {**TRUST, "Group UID": "99002", "Group ID": "TR09902", "Group Name": "SOLO ACADEMY TRUST", "Joined date": ""}
SPONSOR = {**TRUST, "Group UID": "99003", "Group ID": "SP09903", "Group Type": "School sponsor", "Group Name": "Guild"}
CLOSED = {**TRUST, "Group UID": "99004", "Group ID": "TR09904", "Group Name": "OLD TRUST", "Group Status": "Closed"}
ROWS = [
    {**TRUST, **SPECIAL, "URN": "999903", "EstablishmentName": 'The "Quay", a Special/AP School: Ålby|North'},
    {**TRUST, **PRIMARY, "URN": "999901", "EstablishmentName": "Ash Primary School"},
    {**TRUST, **PRIMARY, "URN": "999902", "EstablishmentName": "Birch " + "and Very Long " * 12 + "Primary School."},
    {**SOLO, **PRIMARY, "URN": "999905", "EstablishmentName": "Elm Infants", "PhaseOfEducation (name)": ""},
    {**SPONSOR, **PRIMARY, "URN": "999901", "EstablishmentName": "Ash Primary School"},
    {**CLOSED, **PRIMARY, "URN": "999906", "EstablishmentName": "Fir Primary", "Closed Date": "2020-08-31"},
]


def write_csv(rows: list[dict[str, str]], columns: list[str] = COLUMNS, delimiter: str = ",") -> str:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, columns, restval="", extrasaction="ignore", delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def read(tmp_path: Path, rows: list[dict[str, str]], columns: list[str] = COLUMNS) -> GroupRegister:
    path = tmp_path / "groups.csv"
    path.write_bytes(write_csv(rows, columns).encode())
    return read_group_register(path)


@pytest.fixture(autouse=True)
def keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "keys"
    monkeypatch.setenv("PLUMBLINE_KEYS", str(folder))
    return folder


def test_a_home_of_a_trust_of_the_register(tmp_path: Path, keys: Path) -> None:
    trust = read(tmp_path, ROWS).find_trust("99001", TODAY)
    lines = create_home(tmp_path / "home", today=TODAY, trust=trust)
    home = load_home(tmp_path / "home")
    assert home.warnings == []
    assert (home.trust.trust.name, home.trust.trust.group_id) == ("TALL TREES TRUST", "TR09901")
    assert (home.trust.trust.group_uid, home.trust.demo) == ("99001", False)
    assert home.trust.academic_years == ["2023/24", "2024/25", "2025/26"]
    ash, birch, quay = home.schools
    assert (ash.urn, ash.name, ash.phase, ash.school_type) == (
        "999901",
        "Ash Primary School",
        "Primary",
        "Academy converter",
    )
    assert (ash.joined, ash.laestab, ash.la, ash.la_name) == (dt.date(2019, 9, 1), None, "001", "Midshire")
    assert (ash.lowest_age, ash.highest_age) == (None, None)
    assert (quay.phase, quay.name) == ("Special", 'The "Quay", a Special/AP School: Ålby/North')
    assert quay.la_name == "Nether, Upper & Østershire"
    assert birch.name.endswith("Primary School.")
    folders = sorted(path.name for path in (tmp_path / "home" / "inbox").iterdir() if path.is_dir())
    assert folders == [
        "999901 Ash Primary School",
        "999902 Birch and Very Long and Very Long and Very Long and Very Lon",
        "999903 The Quay , a Special AP School Ålby North",
        "_trust",
    ]
    assert len(list(keys.iterdir())) == 1
    assert "TALL TREES TRUST (TR09901, UID 99001): 3 open schools." in lines
    doubt = (
        '999903 The "Quay", a Special/AP School: Ålby/North: its name holds the sign |, which is written / here.'
    )
    assert f"  {doubt}" in lines
    assert f"  - {doubt}\n" in (tmp_path / "home" / "README.txt").read_text(encoding="utf-8")
    # A spreadsheet needs the mark to read the accents.
    assert (tmp_path / "home" / "schools.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    notes = (tmp_path / "home" / "trust.yml").read_text(encoding="utf-8")
    assert "Look first at" in notes
    assert "Your schools are in 001 Midshire, 002 Nether, Upper & Østershire" in notes
    before, block = notes.split("#term_dates:\n")
    dates, after = block.split("\n\n", 1)
    uncommented = "\n".join(line.removeprefix("#") for line in ("#term_dates:", *dates.splitlines()))
    (tmp_path / "home" / "trust.yml").write_text(f"{before}{uncommented}\n\n{after}", encoding="utf-8")
    (entry,) = load_home(tmp_path / "home").trust.term_dates
    assert entry.la_code == "001"


def test_the_windows_are_those_of_the_phases(tmp_path: Path) -> None:
    register = read(tmp_path, ROWS)
    for uid in ("99001", "99002"):
        create_home(tmp_path / uid, today=TODAY, trust=register.find_trust(uid, TODAY))
    trees, solo = (load_home(tmp_path / uid) for uid in ("99001", "99002"))
    windows = list_config_records(trees, TODAY, "demo")["windows"]
    asked = {(row["phase"], row["year_group"]): set[object]() for row in windows}
    for row in windows:
        asked[row["phase"], row["year_group"]].add(row["window_name"])
    assert asked["Primary", "3"] == {"autumn", "spring", "summer"}
    assert ("Primary", "7") not in asked
    assert asked["Special", "3"] == {"autumn", "spring", "summer"}
    assert asked["Special", "8"] == {"secondary_autumn", "secondary_summer"}
    assert asked["Special", "11"] == {"mocks", "spring_mocks"}
    assert [window.window for window in solo.trust.windows] == ["autumn", "spring", "summer"]
    assert solo.trust.subjects == [
        "Reading",
        "Writing",
        "Mathematics",
        "Science",
        "Phonics",
        "Grammar, punctuation and spelling",
    ]
    statutory = ["Phonics screening check", "Multiplication tables check", "KS2 test", "KS2 teacher assessment"]
    usual = ["Common Test", "Teacher Assessment"]
    assert [each.assessment for each in solo.trust.assessments] == [*usual, *statutory]
    assert [each.assessment for each in trees.trust.assessments] == [*usual, "Mock", *statutory]


def test_the_built_in_statutory_formats_find_their_assessments_and_subjects(tmp_path: Path) -> None:
    create_home(tmp_path / "home", demo=True)
    trust = load_home(tmp_path / "home").trust
    assessments = {each.assessment for each in trust.assessments if each.result_type == "statutory"}
    formats = load_formats([BUILT_IN])
    for name in ("dfe_phonics", "dfe_mtc", "dfe_ks2"):
        rules = [rule.set for rule in formats[name].records if rule.kind == "results"]
        assert rules
        assert {said["assessment"] for said in rules} <= assessments
        assert {said["subject"] for said in rules} <= set(trust.subjects)


@pytest.mark.parametrize("words", ["99002", " 99002 ", "TR09902", "tr09902"])
def test_a_trust_is_found_by_either_id(tmp_path: Path, words: str) -> None:
    trust = read(tmp_path, ROWS).find_trust(words, TODAY)
    assert (trust.name, [school.urn for school in trust.schools]) == ("SOLO ACADEMY TRUST", ["999905"])


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            "9902",
            'no trust in the register has the Group UID or Group ID "9902". Did you mean "99002"? '
            'That is "SOLO ACADEMY TRUST".',
        ),
        (
            "Tall Trees",
            'no trust in the register has the Group UID or Group ID "Tall Trees". '
            'By name: 99001 is "TALL TREES TRUST" (TR09901).',
        ),
        (
            "x",
            'no trust in the register has the Group UID or Group ID "x". '
            "It has 3 trusts; look the UID up in the column Group UID.",
        ),
        (
            "99003",
            'the group 99003, "Guild", is no academy trust but a School sponsor. '
            "A trust has a Group ID of TR and five digits; give that, or its UID.",
        ),
        (
            "99004",
            'the trust 99004, "OLD TRUST", has no open school in this file. '
            "999906 Fir Primary is left out: the group is closed.",
        ),
    ],
)
def test_what_is_no_trust_here_is_said(tmp_path: Path, messages: Messages, words: str, said: str) -> None:
    assert messages(read(tmp_path, ROWS).find_trust, words, TODAY) == [f"groups.csv: {said}"]


def test_the_columns_of_fuller_files_are_used(tmp_path: Path) -> None:
    more = [
        *COLUMNS,
        "EstablishmentNumber",
        "EstablishmentStatus (name)",
        "StatutoryLowAge",
        "StatutoryHighAge",
        "CloseDate",
    ]
    numbered = {**TRUST, **PRIMARY, "EstablishmentName": "School", "EstablishmentStatus (name)": "Open"}
    rows = [
        {**numbered, "URN": "999901", "EstablishmentNumber": "2001", "StatutoryLowAge": "4", "StatutoryHighAge": "11"},
        {**numbered, "URN": "999902", "EstablishmentStatus (name)": "Open, but proposed to close"},
        {**numbered, "URN": "999903", "EstablishmentStatus (name)": "Closed"},
        {**numbered, "URN": "999904", "EstablishmentStatus (name)": "Proposed to open"},
        {**numbered, "URN": "999905", "CloseDate": "31-12-2025"},
        {**numbered, "URN": "999906", "CloseDate": "31-12-2026", "Joined date": "01-04-2024"},
        {**numbered, "URN": "999907", "Joined date": "last year"},
        {**numbered, "URN": "999907", "Joined date": "2018-01-01"},
        {**numbered, "URN": "9999"},
        {**numbered, "URN": "999908", "EstablishmentName": " "},
    ]
    trust = read(tmp_path, rows, more).find_trust("99001", TODAY)
    found = {school.urn: school for school in trust.schools}
    assert list(found) == ["999901", "999902", "999906", "999907", "999908"]
    assert (found["999901"].laestab, found["999901"].lowest_age, found["999901"].highest_age) == ("0012001", 4, 11)
    assert found["999906"].joined == dt.date(2024, 4, 1)
    assert found["999908"].doubts == ["the register has no name for it; fill one in."]
    assert trust.left_out == [
        '9999 School is left out: its URN "9999" is not six digits.',
        "999903 School is left out: the school is closed.",
        "999904 School is left out: the school is proposed to open.",
        "999905 School is left out: the school closed on 2025-12-31.",
        "999907 School is left out: it stands in the register twice.",
    ]
    create_home(tmp_path / "home", today=TODAY, trust=trust)
    assert [school.urn for school in load_home(tmp_path / "home").schools] == list(found)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_any_usual_text_is_read(tmp_path: Path, encoding: str, delimiter: str) -> None:
    path = tmp_path / "groups.csv"
    path.write_bytes(write_csv(ROWS, COLUMNS, delimiter).encode(encoding))
    trust = read_group_register(path).find_trust("99001", TODAY)
    assert [school.urn for school in trust.schools] == ["999901", "999902", "999903"]
    assert "Ålby" in trust.schools[2].name


def test_a_workbook_with_a_title_is_read(tmp_path: Path) -> None:
    path = tmp_path / "groups.xlsx"
    day = dt.date(2019, 9, 1)
    with xlsxwriter.Workbook(str(path)) as workbook:
        workbook.add_worksheet("Notes").write_string(0, 0, "About this file")
        sheet = workbook.add_worksheet("Links")
        sheet.write_string(0, 0, "Groups and their schools")
        sheet.write_row(2, 0, COLUMNS)
        for at, row in enumerate(ROWS, 3):
            for column, name in enumerate(COLUMNS):
                cell = row.get(name, "")
                if cell.isdigit() and name != "LA (code)":
                    sheet.write_number(at, column, int(cell))
                elif name == "Joined date" and cell:
                    sheet.write_datetime(at, column, day, workbook.add_format({"num_format": "dd/mm/yyyy"}))
                elif cell:
                    sheet.write_string(at, column, cell)
    trust = read_group_register(path).find_trust("99001", TODAY)
    assert [(school.urn, school.joined) for school in trust.schools] == [
        ("999901", day),
        ("999902", day),
        ("999903", day),
    ]


def test_a_file_that_is_no_register_is_named(tmp_path: Path, messages: Messages) -> None:
    path = tmp_path / "groups.csv"
    path.write_text("Group UID,URN,Group Name,EstablishmentName\n1,100000,A,B\n", encoding="utf-8")
    assert messages(read_group_register, path) == [
        "groups.csv row 1: the file lacks the column Group ID. Take the file of all groups and their schools (group "
        "links) from Get Information about Schools, and leave its headings as they are."
    ]
    path.write_bytes(b"\xff\xd8\xff\xe0 no table")
    assert messages(read_group_register, path)[0].startswith("groups.csv: The file is a photo (JPEG)")
    assert messages(read_group_register, tmp_path / "none.csv") == [
        "none.csv: the register cannot be opened. Check its name, and that you may read it."
    ]


@pytest.mark.parametrize(
    ("words", "school_type", "name", "phase", "doubt"),
    [
        ("Primary", "Academy converter", "Elm High School", "Primary", ""),
        ("Middle deemed secondary", "Academy converter", "Elm", "Middle (deemed secondary)", ""),
        ("16 plus", "Free schools 16 to 19", "Elm", "16 plus", ""),
        ("Not applicable", "Academy alternative provision sponsor led", "Elm", "Alternative provision", ""),
        ("", "Academy 16-19 converter", "Elm", "16 plus", ""),
        ("", "Pupil referral unit", "Elm", "Alternative provision", ""),
        (
            "Not applicable",
            "Other independent school",
            "Elm Primary",
            "All-through",
            'its phase is taken to be All-through, because its type is "Other independent school".',
        ),
        ("Not applicable", "Other independent special school", "Elm", "Special", ""),
        (
            "New kind",
            "Offshore schools",
            "Elm Junior School",
            "Primary",
            'its phase is taken to be Primary, from the word "junior" in its name.',
        ),
        ("", "", "Elm", "All-through", "its phase is taken to be All-through, because the register says none."),
    ],
)
def test_the_phase_of_a_school(words: str, school_type: str, name: str, phase: str, doubt: str) -> None:
    assert find_phase(words, school_type, name) == (phase, doubt)


def test_a_trust_of_eighty_schools_of_every_phase(tmp_path: Path) -> None:
    phases = ["Nursery", "Primary", "Middle deemed primary", "Secondary", "All-through", "16 plus", "Not applicable"]
    rows = [
        {
            **TRUST,
            "URN": str(999900 + at),
            "EstablishmentName": f"School {at}",
            "TypeOfEstablishment (name)": "Pupil referral unit",
            "PhaseOfEducation (name)": phases[at % len(phases)],
        }
        for at in range(80)
    ]
    create_home(tmp_path / "home", today=TODAY, trust=read(tmp_path, rows).find_trust("99001", TODAY))
    home = load_home(tmp_path / "home")
    assert len(home.schools) == 80
    assert home.warnings == []
    # Every phase has a window to send results for.
    assert {school.phase for school in home.schools} <= {p for w in home.trust.windows for p in w.phases}


@pytest.mark.parametrize(
    "name", ["A: B", "...", "a<b>c?d*e", "Ysgol\u2028Uchaf\x00", "校" * 100, "C:\\temp\\..\\x", 'O\'Neill "Hall"']
)
def test_any_name_of_a_school_makes_a_folder(tmp_path: Path, name: str) -> None:
    folder = name_inbox(Establishment("999901", " ".join(name.split()).replace("\x00", ""), "Primary"))
    assert folder.startswith("999901")
    assert not set(folder) & set('<>:"/\\|?*')
    assert not folder.endswith((" ", "."))
    assert len(folder.encode()) <= 130
    (tmp_path / folder).mkdir()
    assert (tmp_path / folder).parent == tmp_path


@pytest.mark.parametrize(
    "name", ['O\'Neill, "A" | Sons: # 1', "{{key}} & {{windows}}", "Ysgol\u2028Uchaf é", "no", "T" * 300, "=1+1"]
)
def test_any_name_of_a_trust_or_school_loads(tmp_path: Path, name: str) -> None:
    rows = [{**TRUST, **PRIMARY, "URN": "999901", "Group Name": name, "EstablishmentName": name}]
    trust = read(tmp_path, rows).find_trust("99001", TODAY)
    create_home(tmp_path / "home", today=TODAY, trust=trust)
    home = load_home(tmp_path / "home")
    assert home.trust.trust.name == trust.name == home.schools[0].name
    assert home.trust.key_id
