"""Files of several schools: each school gets its rows and its receipt, and every row is somewhere."""

from __future__ import annotations

import datetime as dt
import shutil
from collections import Counter

import pytest
from small_trust import (
    ASH,
    BIRCH,
    CEDAR,
    DAY,
    ROLL_HEADING,
    check_conservation,
    hash_tree,
    make_format,
    make_upn,
    marks_text,
    roll_row,
    roll_text,
)

from ingest import landing, settle, try_file
from ingest.history import load_arrivals

NEXT = DAY + dt.timedelta(days=1)
THIRD = DAY + dt.timedelta(days=2)
HEADING = ROLL_HEADING + ",School"

GROUP_MARKS = """
format: group_marks
title: Group marks
title_rows: ["Marks {academic_year}", "Printed {exported_on}"]
columns:
  URN: school_urn
  DfE: school_laestab
  School: school_name
  Adno: local_number
  Year: year_group
  Mark: mark_cell
optional: [URN, DfE, School]
footers: ["{row_count} rows"]
blanks: ["-"]
records:
  - kind: results
    fields: {academic_year: academic_year, year_group: year_group, value: mark_cell}
    set: {assessment: Common Test, result_type: test, subject: English, window_label: Summer}
replaces: snapshot
"""


@pytest.fixture
def trust(trust):
    make_format(GROUP_MARKS, trust.home.formats)
    trust.load()
    return trust


def put(trust, name, content):
    path = trust.home.inbox / "_trust" / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def group_roll(rows, top="", foot=""):
    """Return a roll of several schools: rows are (pupil, school as the file says it)."""
    return top + "\n".join((HEADING, *(f"{roll_row(n)},{said}" for n, said in rows))) + "\n" + foot


def group_marks(rows, heading="URN,Adno,Year,Mark", top="Marks 2024/25\n"):
    return f"{top}{heading}\n" + "".join(",".join(map(str, row)) + "\n" for row in rows)


def files(trust):
    return trust.lake("findings/trust_files", "_trust")


def nobodys(trust):
    """Return row, code and what was seen of each row of no school."""
    return [(fix["file_row"], fix["code"], fix["seen"]) for fix in trust.fixes("_trust") if fix["records_held"]]


def check_files(trust):
    """Rows of each file are layout, a school's or nobody's; those of schools are in receipts, the others counted."""
    check_conservation(trust)
    receipts = [row for row in trust.lake("findings/receipts") if row["file_name"].startswith("_trust/")]
    counted = trust.lake("findings/record_counts", "_trust")
    for row in files(trust):
        assert row["rows_total"] == row["rows_layout"] + row["rows_of_schools"] + row["rows_of_no_school"], row
        assert row["outcome"] in ("accepted", "refused", "skipped", "duplicate")
        assert bool(row["reason"]) == (row["outcome"] != "accepted")
    assert sum(row["rows_of_no_school"] for row in files(trust)) == sum(row["records"] for row in counted)
    return receipts


def test_an_export_of_fourteen_schools_and_4200_rows_adds_up(trust, monkeypatch):
    urns = [str(999901 + i) for i in range(14)]
    phases = "".join(f"{urn},001/20{i:02d},School {i},Primary\n" for i, urn in enumerate(urns))
    (trust.path / "schools.csv").write_text("urn,laestab,name,phase\n" + phases)
    trust.load()
    strangers = {5: "999950", 1000: "999950", 2500: "", 3000: "Elm", 4199: "999951", 4200: "999951"}
    rows = [(n, strangers.get(n, urns[n % 14])) for n in range(1, 4201)]
    text = group_roll(rows, "Trust roll\nPrinted 30/06/2025\n\n", "\nTotal: 4200 pupils\n")
    put(trust, "all pupils.csv", text)
    read = Counter()
    monkeypatch.setattr(
        landing, "read_sheets", lambda path, once=landing.read_sheets: read.update([path.name]) or once(path)
    )
    trust.run()
    trust.run()
    assert read == {"all pupils.csv": 1}

    (whole,) = files(trust)
    assert whole["file_name"] == "_trust/all pupils.csv"
    assert (whole["outcome"], whole["schools"], whole["format"]) == ("accepted", 14, "roll")
    assert (whole["rows_total"], whole["rows_layout"]) == (4206, 6)
    assert (whole["rows_of_schools"], whole["rows_of_no_school"]) == (4194, 6)
    assert len(text.splitlines()) == 4206
    receipts = trust.lake("findings/receipts")
    assert len(receipts) == 14
    assert {(row["urn"], row["receipt_id"], row["file_name"], row["outcome"]) for row in receipts} == {
        (urn, f"{urn}-001", "_trust/all pupils.csv", "accepted") for urn in urns
    }
    assert sum(row["rows_total"] for row in receipts) == 4194
    assert {row["rows_layout"] for row in receipts} == {0}
    for row in receipts:
        assert row["rows_total"] == row["rows_with_records"] == sum(said == row["urn"] for _, said in rows)
        assert row["exported_on"] == dt.date(2025, 6, 30)

    fixes = [fix for fix in trust.fixes("_trust") if fix["severity"] == "fix"]
    assert [fix["file_row"] for fix in fixes] == [n + 4 for n in strangers]
    assert {fix["receipt_id"] for fix in fixes} == {"_trust-001"}
    assert [fix["code"] for fix in fixes] == ["school not on the register"] * 2 + ["row says no school"] + [
        "school not on the register"
    ] * 3
    assert all(fix["remedy"] and fix["expected"] and fix["records_held"] == 1 for fix in fixes)
    assert "schools.csv" in fixes[0]["expected"]
    assert fixes[0]["seen"] == "999950"
    assert "Elm" not in fixes[3]["seen"]

    kept = Counter()
    for row in trust.lake("findings/record_counts"):
        kept[row["kind"], row["bucket"]] += row["records"]
    assert kept == {("pupils", "accepted"): 4194, ("groups", "accepted"): 4194, ("rows", "refused"): 6}
    assert len(trust.lake("records/pupils")) == 4194
    for urn in urns:
        assert {row["file_row"] for row in trust.lake("records/pupils", urn)} == {
            n + 4 for n, said in rows if said == urn
        }
    check_files(trust)


def test_marks_of_several_schools_meet_the_rolls_such_a_file_made(trust):
    """One local number is two pupils at two schools."""
    put(trust, "b roll.csv", group_roll([(n, (ASH, BIRCH)[n > 5]) for n in range(1, 11)]))
    rows = [(ASH, 101, 4, 11), (BIRCH, 106, 4, 12), (ASH, 106, 4, 13), (BIRCH, 107, 4, 14)]
    put(trust, "a marks.csv", group_marks(rows) + "4 rows\n")
    trust.put(CEDAR, "roll.csv", roll_text([20, 21]))
    trust.run()
    found = {urn: [r["value"] for r in trust.lake("records/results", urn)] for urn in (ASH, BIRCH)}
    assert found == {ASH: ["11"], BIRCH: ["12", "14"]}
    assert [(f["file_row"], f["code"]) for f in trust.fixes(ASH)] == [(5, "pupil not on roll")]
    assert trust.fixes(BIRCH) == trust.fixes("_trust") == []
    assert trust.outcomes(CEDAR) == ["accepted"]  # named in no row: its own file alone
    check_files(trust)
    before = hash_tree(trust.path)
    trust.run()
    assert hash_tree(trust.path) == before


def test_a_school_is_named_by_urn_laestab_or_name_in_any_writing(trust):
    trust.put(ASH, "roll.csv", roll_text(range(1, 10)))
    rows = [
        (ASH, "", "", 101), ("", "001/2001", "", 102), ("", "0012001", "", 103), ("-", "1-2001", "-", 104),
        ("", "", "ASH  primary school", 105), (ASH, "001 2001", "Ash Primary School", 106),
        (ASH, "", "Ash C of E Primary", 107), (f"{ASH}.0", "", "", 108),
    ]  # fmt: skip
    put(trust, "m.csv", group_marks([(*row, 4, 9) for row in rows], "URN,DfE,School,Adno,Year,Mark"))
    trust.run()
    assert len(trust.lake("records/results", ASH)) == 8
    assert trust.fixes("_trust") == []


def test_an_unknown_urn_that_is_the_pupils_own_number_is_not_shown(trust):
    put(trust, "m.csv", group_marks([(ASH, 101, 4, 9), ("100107", 100107, 4, 9), ("100107", 108, 4, 9)]))
    trust.put(ASH, "roll.csv", roll_text(range(1, 10)))
    trust.run()
    said = {row: seen for row, _, seen in nobodys(trust)}
    assert said[4].startswith("6 characters")
    assert said[5] == "100107"
    check_files(trust)


def test_a_row_of_no_school_or_of_two_is_numbered_with_what_to_do(trust):
    register = trust.path / "schools.csv"
    register.write_text(register.read_text() + "999904,001/2001,Cedar Secondary School,Secondary,,,,,,,,,,,\n")
    trust.load()
    trust.put(ASH, "roll.csv", roll_text(range(1, 10)))
    rows = [
        (ASH, "", ""), (ASH, "0012002", ""), (ASH, "", "birch primary school"), ("", "", "Cedar Secondary School"),
        ("", "0012001", ""), ("", "0012001", "Ash Primary School"), ("", "", ""), ("A123456789012", "", ""),
        ("", "", "Birch Primry School"), ("999990", "0012002", ""),
    ]  # fmt: skip
    text = group_marks([(*row, 101 + i, 4, 9) for i, row in enumerate(rows)], "URN,DfE,School,Adno,Year,Mark")
    put(trust, "m.csv", text + f"{ASH},,,109,4,9,9,9\n,,,109,4,9,9,9\n")
    trust.run()
    said = {row: (code, seen) for row, code, seen in nobodys(trust)}
    assert {row: code for row, (code, _) in said.items()} == {
        4: "school columns disagree", 5: "school columns disagree", 6: "several schools are called so",
        7: "several schools are called so", 9: "row says no school", 10: "school not on the register",
        11: "school not on the register", 12: "school not on the register", 14: "row says no school",
    }  # fmt: skip
    assert said[4][1] == f"the URN of {ASH} and the LAESTAB of {BIRCH}"
    assert said[6][1] == "the name of 999903 and 999904"
    assert "A123" not in said[10][1]
    assert "“Birch Primary School”" in said[11][1]
    assert said[12][1] == "999990"
    assert all(fix["remedy"] for fix in trust.fixes("_trust"))
    # A torn row is its school's to mend; one of no school is told of in both ways.
    assert [(f["file_row"], f["code"]) for f in trust.fixes(ASH)] == [(13, "row wider than the header")]
    assert [f["code"] for f in trust.fixes("_trust") if f["file_row"] == 14] == [
        "row says no school", "row wider than the header",
    ]  # fmt: skip
    assert len(trust.lake("records/results", ASH)) == 2
    assert {row["reason"] for row in trust.lake("findings/record_counts", "_trust")} == {c for c, _ in said.values()}
    check_files(trust)


def test_a_school_added_to_the_register_gets_its_rows(trust):
    put(trust, "roll.csv", group_roll([(1, ASH), (2, "999904"), (3, "999904")]))
    trust.run()
    assert len(nobodys(trust)) == 2
    register = trust.path / "schools.csv"
    register.write_text(register.read_text() + "999904,,Dale School,Primary,,,,,,,,,,,\n")
    trust.load()
    trust.run(NEXT)
    assert nobodys(trust) == []
    assert [row["first_seen_on"] for row in files(trust)] == [DAY]
    assert len(trust.lake("records/pupils", "999904")) == 2
    assert len(trust.receipts(ASH)) == 1


def test_a_file_sent_again_with_one_school_changed_is_new_for_that_school_only(trust):
    rows = [(n, (ASH, BIRCH)[n > 3]) for n in range(1, 7)]
    put(trust, "one.csv", group_roll(rows, "x roll\nPrinted 01/06/2025\n"))
    trust.run()
    put(trust, "two.csv", group_roll([(9, ASH), *rows], "x roll\nPrinted 08/06/2025\n"))
    trust.run(NEXT)
    assert [(r["file_name"], r["outcome"]) for r in trust.receipts(ASH)] == [
        ("_trust/one.csv", "accepted"), ("_trust/two.csv", "accepted"),
    ]  # fmt: skip
    assert [(r["file_name"], r["outcome"]) for r in trust.receipts(BIRCH)] == [
        ("_trust/one.csv", "accepted"), ("_trust/two.csv", "duplicate"),
    ]  # fmt: skip
    assert [len(trust.lake("records/pupils", urn)) for urn in (ASH, BIRCH)] == [4, 3]
    assert [row["outcome"] for row in files(trust)] == ["accepted", "accepted"]
    check_files(trust)


def test_a_file_written_over_with_one_school_changed_moves_the_rows_of_the_other(trust):
    rows = [(n, (ASH, BIRCH)[n > 3]) for n in range(1, 7)]
    put(trust, "roll.csv", group_roll([*rows, (7, "999999")]))
    trust.run()
    assert len(nobodys(trust)) == 1
    put(trust, "roll.csv", group_roll([(9, ASH), *rows]))
    trust.run(NEXT)
    assert trust.outcomes(ASH) == ["accepted", "accepted"]
    assert trust.outcomes(BIRCH) == ["accepted"]
    assert {row["file_row"] for row in trust.lake("records/pupils", BIRCH)} == {6, 7, 8}
    assert nobodys(trust) == []  # the file they stood in is gone and another took its place
    assert [(r["rows_of_no_school"], r["outcome"]) for r in files(trust)] == [(1, "accepted"), (0, "accepted")]
    check_files(trust)
    before = trust.lake("records/pupils")
    shutil.rmtree(trust.home.lake / "landing")
    trust.run(NEXT)
    assert [r for r in trust.lake("records/pupils") if r["urn"] == BIRCH] == [r for r in before if r["urn"] == BIRCH]


def test_the_whole_file_again_under_another_name_counts_once(trust):
    text = group_roll([(1, ASH), (2, BIRCH), (3, "999999")])
    first = put(trust, "a.csv", text)
    put(trust, "b.csv", text)
    trust.run()
    assert [(r["file_name"], r["outcome"]) for r in files(trust)] == [
        ("_trust/a.csv", "accepted"), ("_trust/b.csv", "duplicate"),
    ]  # fmt: skip
    assert "_trust-001" in files(trust)[1]["reason"]
    assert trust.outcomes(ASH) == trust.outcomes(BIRCH) == ["accepted", "duplicate"]
    assert trust.buckets("_trust") == {("_trust-001", "rows", "refused"): 1, ("_trust-002", "rows", "duplicate"): 1}
    assert len(nobodys(trust)) == 1
    check_files(trust)
    first.unlink()
    trust.run(NEXT)
    assert [r["outcome"] for r in files(trust)] == ["accepted", "duplicate"]
    assert [r["in_inbox"] for r in trust.receipts(ASH)] == [True, True]


CANNOT_BE_CUT = {
    "marks.csv": ("no column that says of which school", marks_text([1, 2])),
    "named.csv": ("no column that says of which school", group_marks([(101, 4, 9)], "Adno,Year,Mark")),
    "letter.csv": ("No row of the file", "Dear all\n\nyours\n"),
    "photo.csv": ("a photo", b"\xff\xd8\xff photo"),
    "empty.csv": ("no row of data", group_marks([])),
    "elm.csv": ("None of the 2 rows of data", group_marks([("999999", 1, 4, 9), ("", 2, 4, 9)])),
}


def test_a_file_that_cannot_be_cut_is_refused_with_reason_and_remedy(trust):
    for name, (_, content) in CANNOT_BE_CUT.items():
        put(trust, name, content)
    put(trust, "half.csv.part", "x")
    put(trust, "good.csv", group_roll([(1, ASH)]))
    trust.run()
    found = {row["file_name"].removeprefix("_trust/"): row for row in files(trust)}
    for name, (words, content) in CANNOT_BE_CUT.items():
        row = found.pop(name)
        assert row["outcome"] == "refused"
        assert words in row["reason"], name
        assert row["remedy"]
        lines = [line for line in content.split("\n") if line] if isinstance(content, str) else []
        assert row["rows_of_no_school"] == len(lines), name
        (fix,) = [f for f in trust.fixes("_trust") if f["file_name"] == row["file_name"] and f["field"] == "whole file"]
        assert (fix["seen"], fix["remedy"]) == (row["reason"], row["remedy"])
    assert {name: row["outcome"] for name, row in found.items()} == {"half.csv.part": "skipped", "good.csv": "accepted"}
    assert trust.outcomes(ASH) == ["accepted"]
    assert trust.receipts(BIRCH) == []
    check_files(trust)


def test_ids_are_stable_and_the_history_is_kept(trust):
    put(trust, "b.csv", group_roll([(1, ASH)]))
    put(trust, "c.csv", "Name,Tel\n")
    trust.run()
    put(trust, "a.csv", group_roll([(2, BIRCH), (3, "999999")]))
    trust.run(NEXT)
    (fix,) = trust.fixes("_trust", "school not on the register")
    assert (fix["file_row"], fix["receipt_id"]) == (3, "_trust-003")
    shutil.rmtree(trust.home.lake)
    (trust.home.inbox / "_trust" / "b.csv").rename(trust.home.inbox / "_trust" / "z.csv")
    trust.run(THIRD)
    arrivals = load_arrivals(trust.home.history / "receipts", "_trust")
    assert [(a.receipt_id, a.file_name, a.accepted_on) for a in arrivals] == [
        ("_trust-001", "_trust/b.csv", DAY.isoformat()), ("_trust-002", "_trust/c.csv", None),
        ("_trust-003", "_trust/a.csv", NEXT.isoformat()),
    ]  # fmt: skip
    assert {fix["receipt_id"] for fix in trust.fixes("_trust", "school not on the register")} == {"_trust-003"}
    assert trust.outcomes(ASH) == ["accepted"]
    path = trust.home.history / "receipts" / "_trust.json"
    path.write_text(path.read_text()[:50])
    with pytest.raises(ValueError, match="restore it from a backup"):
        trust.take_in(THIRD)


def test_a_file_taken_out_leaves_what_was_accepted_and_says_why_another_was_not(trust):
    good = put(trust, "good.csv", group_roll([(1, ASH), (2, "999999")]))
    bad = put(trust, "bad.csv", marks_text([1]))
    trust.run()
    good.unlink()
    bad.unlink()
    trust.run(NEXT)
    by_name = {row["file_name"]: row for row in files(trust)}
    assert by_name["_trust/good.csv"]["outcome"] == "accepted"
    assert by_name["_trust/good.csv"]["rows_of_no_school"] == 1
    assert "taken out" in by_name["_trust/bad.csv"]["reason"]
    assert "no column that says of which school" in by_name["_trust/bad.csv"]["reason"]
    assert len(trust.lake("records/pupils", ASH)) == 1
    assert [r["in_inbox"] for r in trust.receipts(ASH)] == [False]
    assert len(nobodys(trust)) == 1
    check_files(trust)
    shutil.rmtree(trust.home.lake)
    intake = trust.take_in(NEXT)
    assert intake.purged == [f"{ASH}-001"]
    settle(trust.home, intake, {}, NEXT)
    assert "has gone" in files(trust)[1]["reason"]


def test_a_format_that_is_lost_leaves_what_was_accepted(trust):
    trust.put(ASH, "roll.csv", roll_text([1]))
    put(trust, "m.csv", group_marks([(ASH, 101, 4, 9), (BIRCH, 1, 4, 9)]))
    trust.run()
    assert trust.outcomes(BIRCH) == ["refused"]  # no roll yet
    (trust.home.formats / "group_marks.yml").write_text(GROUP_MARKS.replace("Mark: mark_cell", "Score: mark_cell"))
    trust.load()
    for _ in range(2):
        trust.run(NEXT)
        (row,) = files(trust)
        assert (row["outcome"], row["rows_of_schools"]) == ("accepted", 2)
        (fix,) = trust.fixes("_trust")
        assert fix["code"] == "kept as it was read before"
        assert len(trust.lake("records/results", ASH)) == 1
        assert "taken out" not in trust.receipts(BIRCH)[0]["reason"]


def test_a_run_of_one_school_takes_its_part_and_leaves_the_others_alone(trust):
    put(trust, "roll.csv", group_roll([(1, ASH), (2, BIRCH), (3, "999999")]))
    settled = trust.run(urns=[ASH])
    assert list(settled) == [ASH]
    assert trust.outcomes(ASH) == ["accepted"]
    assert trust.receipts(BIRCH) == files(trust) == trust.fixes("_trust") == []
    assert [path.stem for path in (trust.home.history / "receipts").iterdir()] == [ASH]
    before = trust.receipts(ASH)
    assert set(trust.run(NEXT)) == {ASH, BIRCH, CEDAR, "_trust"}
    assert trust.receipts(ASH) == before
    assert trust.outcomes(BIRCH) == ["accepted"]
    check_files(trust)


def test_a_school_that_is_held_waits_alone(trust):
    put(trust, "roll.csv", group_roll([(1, ASH), (2, BIRCH)]))
    trust.run()
    put(trust, "roll.csv", group_roll([(1, ASH), (3, ASH), (2, BIRCH), (4, BIRCH)]))
    trust.run(NEXT, held={ASH: "Too few."})
    assert trust.outcomes(ASH) == ["accepted", "held"]
    assert trust.outcomes(BIRCH) == ["accepted", "accepted"]
    assert [len(trust.lake("records/pupils", urn)) for urn in (ASH, BIRCH)] == [1, 2]
    check_files(trust)
    trust.run(THIRD)
    assert [len(trust.lake("records/pupils", urn)) for urn in (ASH, BIRCH)] == [2, 2]


def test_a_part_says_whose_its_pupils_are_even_when_another_school_knows_them(trust):
    trust.put(ASH, "roll.csv", roll_text(range(1, 9)))
    trust.run()
    put(trust, "roll.csv", group_roll([(n, BIRCH) for n in range(1, 9)]))
    trust.run(NEXT)
    assert trust.outcomes(BIRCH) == ["accepted"]


def test_a_file_sent_again_after_another_counts_anew_for_the_schools_it_changes(trust):
    first = group_roll([(1, ASH), (2, BIRCH)])
    put(trust, "roll.csv", first)
    trust.run()
    put(trust, "roll.csv", group_roll([(1, ASH), (3, ASH), (2, BIRCH)]))
    trust.run(NEXT)
    put(trust, "roll.csv", first)
    trust.run(THIRD)
    assert trust.outcomes(ASH) == ["accepted"] * 3
    assert trust.outcomes(BIRCH) == ["accepted"]
    assert len(trust.lake("records/pupils", ASH)) == 1
    check_files(trust)


def test_a_dry_run_of_a_file_of_several_schools_shows_that_schools_part(trust, tmp_path):
    trust.put(ASH, "roll.csv", roll_text(range(1, 5)))
    trust.run()
    rows = [(ASH, 101, 4, 9), (BIRCH, 1, 4, 9), ("999999", 102, 4, 9), (ASH, 999, 4, 9), (ASH, 102, 4, 9)]
    file = tmp_path / "group.csv"
    file.write_text(group_marks(rows))
    before = hash_tree(tmp_path)

    def check(path, urn):
        tables = try_file(trust.home, trust.formats, trust.secret, path, urn, DAY)
        (receipt,) = tables.findings["receipts"].to_dict("records")
        return receipt, tables.findings["fix_list"].to_dict("records"), tables

    receipt, fixes, tables = check(file, ASH)
    assert (receipt["outcome"], receipt["file_name"], receipt["rows_total"]) == ("accepted", "_trust/group.csv", 3)
    assert len(tables.records["results"]) == 2
    assert [(f["file_row"], f["code"]) for f in fixes] == [
        (None, "file of several schools"), (5, "school not on the register"), (6, "pupil not on roll"),
    ]  # fmt: skip
    assert "5 rows of data of 2 schools, 3 of them of Ash Primary School" in fixes[0]["seen"]
    receipt, fixes, _ = check(file, CEDAR)
    assert receipt["outcome"] == "refused"
    assert "Cedar" in receipt["reason"]
    own = tmp_path / "own.csv"  # of one school, and one row of another: as in the school's own folder
    own.write_text(group_marks([rows[0], rows[2]]))
    receipt, fixes, _ = check(own, ASH)
    assert (receipt["outcome"], receipt["file_name"], receipt["rows_total"]) == ("accepted", "own.csv", 4)
    assert [f["code"] for f in fixes] == ["row of another school"]
    (tmp_path / "_trust").mkdir()
    lying = tmp_path / "_trust" / "own.csv"
    lying.write_text(group_marks([rows[0], rows[2]]))
    assert check(lying, ASH)[0]["rows_total"] == 1
    lying.write_text(marks_text([1, 2]))
    receipt, _, _ = check(lying, ASH)
    assert "no column that says of which school" in receipt["reason"]
    assert hash_tree(tmp_path / "home") == {
        name.removeprefix("home/"): sha for name, sha in before.items() if name.startswith("home/")
    }


def test_no_identifier_is_kept_outside_the_identities(trust):
    put(trust, "roll.csv", group_roll([(1, ASH), (2, "999999"), (3, make_upn(7))]))
    trust.run()
    said = {make_upn(n) for n in (1, 2, 3, 7)} | {"Sur1", "Fore2", "Sur3"}
    for root in (trust.home.lake, trust.home.history):
        for path in root.rglob("*"):
            if path.is_file() and "identities" not in path.parts and path.suffix == ".json":
                assert not [word for word in said if word in path.read_text("utf-8")], path
    rows = repr([trust.lake(f"findings/{name}") for name in ("receipts", "fix_list", "trust_files")])
    assert not [word for word in said if word in rows]
