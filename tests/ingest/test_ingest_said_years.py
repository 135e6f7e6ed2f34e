"""Said years: the academic year a row speaks of, wherever the file says it, so that a leaver's name is a leaver's."""

from __future__ import annotations

import pyarrow.parquet as pq
import pytest
from small_trust import (
    ASH,
    BIRCH,
    CLUB,
    DAY,
    FORMATS,
    LONG,
    MARKS,
    ROLL,
    ROLL_HEADING,
    Trust,
    make_format,
    make_upn,
    roll_row,
)
from small_trust import roll_text as write_roll

from ingest.landing import Opened, open_file
from ingest.said_years import read_years
from ingest.whose_file import Sender

LONG_HEADING = "Pupil UPN,Academic Year,Subject,Assessment,Type,On,Result"
WIDE = MARKS.replace("{subject} test {term}", "{subject} {academic_year} {term}")
DATED = """
format: register
title: Register
columns: {Adno: local_number, Day: day, Half: half, Mark: mark}
records:
  - kind: attendance
    fields: {session_date: day, session: half, mark_code: mark}
replaces: append
"""
SPELT = ROLL.replace("values:\n", "values:\n  academic_year: {This year: 2024/25}\n")


@pytest.mark.parametrize(
    ("form", "text", "years"),
    [
        (MARKS, "Marks 4 2024-25\nAdno,Maths test Summer\n1,2\n2,3\n", {3: "2024/25", 4: "2024/25"}),
        (MARKS, "Printed 03/08/2025\nAdno,Maths test Summer\n1,2\n", {3: "2025/26"}),
        (MARKS, "Adno,Maths test Summer\n1,2\n", {}),
        (LONG, f"{LONG_HEADING}\nA,202324,M,T,test,01/10/2024,1\nB,2025,M,T,test,,1\n", {2: "2023/24"}),
        (WIDE, "Adno,Maths 2022/23 Summer,Maths 2023/24 Summer\n1,2,3\n", {2: "2023/24"}),
        (DATED, "Adno,Day,Half,Mark\n1,21/07/2025,AM,/\n1,1/8/25,AM,/\n1,soon,AM,/\n", {2: "2024/25", 3: "2025/26"}),
        (SPELT, f"{ROLL_HEADING}\n{roll_row(1, ay='This Year')}\n{roll_row(2, ay='soon')}\n", {2: "2024/25"}),
        (CLUB, "Number,Club,Since\n1,Chess,01/09/2020\n", {}),
    ],
)  # fmt: skip
def test_the_year_is_read_wherever_it_is_said(tmp_path, form, text, years):
    path = tmp_path / "file.csv"
    path.write_text(text, "utf-8")
    opened = open_file(path, [make_format(form, tmp_path)], Sender(ASH, "Ash Primary School", "0012001", {}))
    assert isinstance(opened, Opened), opened.reason
    found = read_years(opened.data, opened.header)
    if "Printed" in text:
        assert set(found.values()) == set(years.values())
    else:
        assert found == years


def test_a_leavers_name_is_nobodys_this_year_and_an_older_roll_is_made_anew(tmp_path):
    trust = Trust(tmp_path, FORMATS | {"marks": MARKS.replace("replaces: snapshot", "replaces: append")})
    leaver = roll_row(70, surname="Jones", forename="Tom")
    trust.put(ASH, "old.csv", write_roll(range(1, 9)) + leaver + "\n")
    trust.put(ASH, "new.csv", write_roll(range(1, 9)).replace("2024/25", "2025/26"))
    sheet = "Marks 5 {}\nAdno,Pupil,Maths test Summer\n,Jones Tom,12\n,Sur1 Fore1,10\n"
    trust.put(ASH, "m1.csv", sheet.format("2024/25"))
    trust.put(ASH, "m2.csv", sheet.format("2025/26"))
    trust.run()
    want = {("2024/25", 3), ("2024/25", 4), ("2025/26", 4)}
    assert {(row["academic_year"], row["file_row"]) for row in trust.lake("records/results", ASH)} == want
    path = trust.home.lake / "identities" / f"{ASH}.parquet"
    kept = pq.read_table(path)
    pq.write_table(kept.drop_columns(["academic_year"]), path)
    trust.run()
    assert pq.read_table(path).equals(kept)
    assert {(row["academic_year"], row["file_row"]) for row in trust.lake("records/results", ASH)} == want


def test_a_pupil_without_a_upn_is_followed_to_the_schools_new_urn(tmp_path):
    trust = Trust(tmp_path)
    register = trust.path / "schools.csv"
    lines = register.read_text("utf-8").splitlines()
    at = lines[0].split(",").index("predecessor_urn")
    for i, line in enumerate(lines):
        if line.startswith(BIRCH):
            cells = line.split(",")
            lines[i] = ",".join([*cells[:at], ASH, *cells[at + 1 :]])
    register.write_text("\n".join(lines) + "\n", "utf-8")
    trust.load()
    rows = "\n".join((ROLL_HEADING, *(roll_row(n) for n in range(1, 5)), roll_row(50, upn=""), ""))
    trust.put(ASH, "r.csv", rows)
    trust.put(BIRCH, "r.csv", rows.replace("Oak", "Elm"))
    trust.run(DAY)
    (link,) = trust.lake("findings/pupil_links")
    assert link["urn"] == BIRCH
    ash, birch = ({row["pupil_key"] for row in trust.lake("records/pupils", urn)} for urn in (ASH, BIRCH))
    assert (ash - birch, birch - ash) == ({link["former_key"]}, {link["pupil_key"]})
    assert make_upn(50) not in rows
