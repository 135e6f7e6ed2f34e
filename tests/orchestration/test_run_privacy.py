"""No identifier leaves `lake/identities` and the school's own inbox: not into the lake, a log, an event or a page."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from command_runs import Said, read_tree

from ingest import BUILT_IN, load_formats, settle, take_in, write_candidates
from ingest.home import load_home, read_secret
from ingest.upn import find_check_letter


@pytest.fixture(scope="module")
def identifiers(demo_once: tuple[Path, Said]) -> set[str]:
    home, said = demo_once
    assert said.code == 0, said.err
    rows = pq.read_table(home / "lake" / "identities").to_pylist()
    upns = {row["upn"] for row in rows if row["upn"]}
    names = {f"{row['forename']} {row['surname']}" for row in rows} | {
        f"{row['surname']} {row['forename']}" for row in rows
    }
    surnames = {row["surname"] for row in rows if len(row["surname"]) >= 6}
    assert len(upns) > 100
    assert len(surnames) > 20
    return upns | names | surnames


def read_texts(folder: Path, skip: tuple[str, ...] = ()) -> dict[str, str]:
    """Return everything below `folder` as text; Parquet by its values, other files by their bytes."""
    texts = {}
    for name, content in read_tree(folder).items():
        if name.startswith(skip):
            continue
        if name.endswith(".parquet"):
            # Each value once: a register says the same few things a hundred thousand times.
            columns = pq.read_table(folder / name).columns
            texts[name] = "\n".join(str(value) for column in columns for value in column.unique().to_pylist())
        else:
            texts[name] = content.decode("utf-8", "replace") + content.decode("utf-16-le", "replace")
    return texts


def find_held(text: str, wanted: set[str]) -> set[str]:
    """Return those of `wanted` that stand anywhere in a text.

    Thousands of searches through a database take long: only those are sought whole whose first eight bytes are there.
    """
    content = text.encode("utf-8", "surrogatepass")
    by_start: dict[int, list[str]] = {}
    for one in wanted:
        if len(one.encode()) >= 8:
            by_start.setdefault(int.from_bytes(one.encode()[:8], "little"), []).append(one)
    starts = np.array(sorted(by_start), dtype="<u8")
    there: set[int] = set()
    for offset in range(min(8, max(0, len(content) - 7)) if by_start else 0):
        found = np.frombuffer(content, "<u8", (len(content) - offset) // 8, offset)
        at = np.minimum(np.searchsorted(starts, found), len(starts) - 1)
        there.update(found[starts[at] == found].tolist())
    sought = [one for start in there for one in by_start[start]] + [one for one in wanted if len(one.encode()) < 8]
    return {one for one in sought if one in text}


@pytest.mark.parametrize("part", ["lake", "history", "dagster", "releases"])
def test_no_upn_and_no_name_stands_anywhere_else(
    demo_once: tuple[Path, Said], identifiers: set[str], part: str
) -> None:
    home, _ = demo_once
    texts = read_texts(home / part, skip=("identities/",))
    assert texts
    for name, text in texts.items():
        found = find_held(text, identifiers)
        assert not found, f"{part}/{name} holds {len(found)} identifiers"


def test_nor_in_what_the_command_says(demo_once: tuple[Path, Said], identifiers: set[str]) -> None:
    _, said = demo_once
    assert not [1 for identifier in identifiers if identifier in said.out + said.err]


def test_the_key_of_a_pupil_never_leaves_the_lake(demo_once: tuple[Path, Said]) -> None:
    home, _ = demo_once
    keys = {row["pupil_key"] for row in pq.read_table(home / "lake" / "identities").to_pylist()}
    for part in ("releases", "dagster", "history"):
        for name, text in read_texts(home / part).items():
            assert not find_held(text, keys), f"{part}/{name}"


def test_one_identifier_anywhere_is_found(identifiers: set[str]) -> None:
    """Of every shape, at every distance from the start of the text, alone among much else."""
    shapes = {len(one.encode()): one for one in sorted(identifiers)} | {6: "Nemony"}
    for one in shapes.values():
        for before in range(9):
            text = "\u00e9" * 50 + "~" * before + one + "~" * (8 - before)
            assert find_held(text, identifiers | {"Nemony"}) >= {one}
            assert find_held(text.replace(one, one[:-1]), {one}) == set()
    assert find_held("", identifiers) == set()


def test_identities_are_for_their_owner_alone(demo_once: tuple[Path, Said]) -> None:
    home, _ = demo_once
    files = list((home / "lake" / "identities").iterdir())
    assert files
    assert {path.stat().st_mode & 0o777 for path in files} == {0o600}


# Identifiers where they do not belong -------------------------------------------------------------------------------

TINY = Path(__file__).parents[1] / "homes" / "tiny"
ROLL = """
format: slid_roll
title: Roll with the class first
columns:
  Year: year_group
  AY: academic_year
  Sex: sex
  Class: class_name
  UPN: upn
  Adno: local_number
  Surname: surname
  Forename: forename
  DOB: date_of_birth
records:
  - kind: pupils
    fields: {academic_year: academic_year, year_group: year_group, sex: sex}
  - kind: groups
    fields: {academic_year: academic_year, group_name: class_name}
    set: {group_type: class, group_set: class}
replaces: {period: [academic_year]}
"""
MARKS = """
format: slid_marks
title: Marks of several schools
columns:
  URN: school_urn
  Adno: local_number
  Pupil: full_name
  AY: academic_year
  Mark: mark_cell
optional: [URN]
records:
  - kind: results
    fields: {academic_year: academic_year, value: mark_cell}
    set: {subject: English, assessment: Common Test, result_type: teacher_judgement, window_label: Summer}
replaces: append
"""
# Names that stand in no text of ours, in any case.
SURNAMES = [f"Quillonby{letter}" for letter in "abcdefghijkl"]
FORENAMES = [f"Zebedeus{letter}" for letter in "abcdefghijkl"]
UPNS = [find_check_letter(f"9999901{n:05d}") + f"9999901{n:05d}" for n in range(501, 513)]
NUMBERS = [str(700901 + n) for n in range(12)]


def plant_files(inbox: Path) -> None:
    """Put files into the inbox in whose rows, marks, headings and school columns pupils' identifiers stand wrong."""

    def whole(n: int) -> list[str]:
        return ["4", "2024/25", "F", "Oak", UPNS[n], NUMBERS[n], SURNAMES[n], FORENAMES[n], f"{n + 1:02d}/03/2016"]

    rows = [whole(n) for n in range(12)]
    del rows[1][3]  # without the class, all that follows slides to the left
    del rows[2][1:4]
    rows[3][3:] = [*rows[3][4:], ""]  # slid within the row
    rows[4][3] = rows[4][6]
    rows[5][0] = rows[5][7]
    rows[6][2] = f"see {SURNAMES[7]}"
    rows[8][1] = rows[8][5]
    head = "Year,AY,Sex,Class,UPN,Adno,Surname,Forename,DOB"
    files = {"roll.csv": "\n".join((head, *map(",".join, rows)))}
    name = f"{SURNAMES[0]} {FORENAMES[0]}"
    mine = f"{NUMBERS[0]},{name}"
    files["days.csv"] = (
        f"Adno,Name,{name},02/06/2025 AM,02/06/2025 PM,{UPNS[0]},03/06/2025 AM\n"
        f"{mine},,with {name},{UPNS[1]},,/\n{NUMBERS[5]},{SURNAMES[5]} {FORENAMES[5]},,{SURNAMES[5]},/,,\n"
    )
    for n, (week, marks) in enumerate([(name, "/" * 10), ("02/06/2025", name), ("02/06/2025", f'"{name}{",/" * 9}"')]):
        files[f"week{n}.csv"] = f"Adno,Name,Week beginning,Marks\n{mine},{week},{marks}\n"
    files["side.csv"] = f"Adno,{name},{UPNS[3]}\n{mine},3\n"
    marks = [mine + ",2024/25,EXS", mine + f",{SURNAMES[9]},EXS", mine + f",2024/25,{SURNAMES[0]}"]
    files["marks.csv"] = "\n".join(("Adno,Pupil,AY,Mark", *marks, f"{UPNS[0]},{name},{UPNS[0]},{UPNS[0]}"))
    ours = "999901"
    schools = [f"{ours},{NUMBERS[9]},,2024/25,GDS", f"{NUMBERS[0]},{mine},2024/25,GDS", f"{name},{mine},2024/25,GDS"]
    schools += [f"{ours},{NUMBERS[0]},2024/25,{UPNS[0]}", f"{UPNS[0]},{name},2024/25,GDS"]
    for folder, texts in {
        "999901 Ash": files,
        "_trust": {"all.csv": "\n".join(("URN,Adno,Pupil,AY,Mark", *schools))},
    }.items():
        (inbox / folder).mkdir(parents=True)
        for file, text in texts.items():
            (inbox / folder / file).write_text(text + "\n", "utf-8")


def test_what_stands_in_a_wrong_column_stays_out_of_the_lake(tmp_path: Path) -> None:
    for file in ("trust.yml", "schools.csv"):
        shutil.copyfile(TINY / file, tmp_path / file)
    (tmp_path / "formats").mkdir()
    for file, text in (("slid_roll.yml", ROLL), ("slid_marks.yml", MARKS)):
        (tmp_path / "formats" / file).write_text(text, "utf-8")
    plant_files(tmp_path / "inbox")
    home, day = load_home(tmp_path), dt.date(2025, 7, 1)
    intake = take_in(home, load_formats([BUILT_IN, home.formats]), read_secret(home), day)
    write_candidates(home, intake, day)
    settle(home, intake, {}, day)
    texts = {name: text.casefold() for name, text in read_texts(home.lake, skip=("identities/",)).items()}
    identifiers = [*SURNAMES, *FORENAMES, *UPNS, *(upn[1:] for upn in UPNS), *NUMBERS]
    for name, text in texts.items():
        found = [n for n, identifier in enumerate(identifiers) if identifier.casefold() in text]
        assert not found, f"{name} holds identifiers {found}"
    # What could be read was: the rows beside, the mark beside, the row that names its school.
    assert len(pq.read_table(home.lake / "records" / "pupils" / "999901.parquet")) == 6
    marks = pq.read_table(home.lake / "records" / "attendance" / "999901.parquet").to_pylist()
    assert sum(mark["mark_code"] == "/" for mark in marks) == len(marks) > 8
    results = pq.read_table(home.lake / "records" / "results" / "999901.parquet").to_pylist()
    assert {result["value"] for result in results} == {"EXS", "GDS"}
    assert len(pq.read_table(home.lake / "findings" / "fix_list" / "_trust.parquet")) >= 3
