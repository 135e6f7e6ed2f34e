"""What people really drop into an inbox: each thing gets a message a data manager can act on, and stops nothing.

One refresh sees them all at once, beside a school that sends as it should.
"""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from command_runs import Said, find_header_row, find_marksheet, read_rows, read_tree, write_rows

STRAY = "Nobody Inparticular support plan.docx"
PHOTO = b"\xff\xd8\xff\xe0\x00\x10JFIF" + bytes(range(256)) * 4


@pytest.fixture(scope="module")
def mess(demo_once: tuple[Path, Said], tmp_path_factory: pytest.TempPathFactory, plumbline):  # type: ignore[no-untyped-def]
    made, _ = demo_once
    home = tmp_path_factory.mktemp("mess") / "home"
    shutil.copytree(made, home, symlinks=True)
    before = read_current_numbers(home)
    messy, tidy = sorted(path for path in (home / "inbox").iterdir() if path.is_dir())[:2]
    sheet = find_marksheet(home)
    rows = read_rows(sheet)
    head = rows[find_header_row(rows)]
    (home / "inbox" / STRAY).write_bytes(b"not in any school's folder")
    (messy / "empty.csv").write_bytes(b"")
    (messy / "photo.csv").write_bytes(PHOTO)
    write_rows(messy / "missing column.csv", change(rows, lambda cells: cells[1:]))
    write_rows(messy / "extra column.csv", change(rows, lambda cells: [*cells, "seen"]))
    write_rows(messy / "doubled column.csv", change(rows, lambda cells: [*cells, cells[0]]))
    shutil.copy(sheet, messy / "the same file again.csv")
    book = next(p for p in tidy.rglob("*.xlsx"))
    (messy / "cut short.xlsx").write_bytes(book.read_bytes()[:2000])
    shutil.copy(next(p for p in sorted(tidy.rglob("pupils*"))), messy / "not ours.csv")
    write_rows(tidy / "marks of others.csv", change(rows, lambda cells: [*cells[:-1], "3"] if cells != head else cells))
    os.mkfifo(messy / "never whole.csv")  # a file that holds still, as a placeholder of a cloud drive does
    as_of = json.loads((home / "releases" / "current.json").read_text("utf-8"))["as_of"]
    said = plumbline("refresh", "--home", home, "--as-of", as_of)
    return home, messy.name[:6], said, before, head


def change(rows: list[list[str]], how: Callable[[list[str]], list[str]]) -> list[list[str]]:
    """Return the rows with `how` done to the headings and to each row below that is as wide."""
    first = find_header_row(rows)
    width = len(rows[first])
    return [how(row) if n >= first and len(row) == width else row for n, row in enumerate(rows)]


def read_current_numbers(home: Path) -> dict[tuple[str, ...], str]:
    text = (home / "releases" / "current" / "extracts" / "trust_kpi_school.csv").read_text("utf-8")
    what = ("school_urn", "time_period", "kpi", "year_group", "period_kind", "period", "subject", "assessment")
    return {
        tuple(row[name] for name in (*what, "breakdown_topic", "breakdown")): row["value"]
        for row in csv.DictReader(io.StringIO(text))
    }


def find_receipt(home: Path, name: str) -> dict[str, object]:
    rows = pq.read_table(home / "lake" / "findings" / "receipts").to_pylist()
    (row,) = [r for r in rows if r["file_name"] == name]
    return row


def find_fixes(home: Path, name: str) -> list[dict[str, object]]:
    return [r for r in pq.read_table(home / "lake" / "findings" / "fix_list").to_pylist() if r["file_name"] == name]


def test_nothing_else_stops(mess) -> None:  # type: ignore[no-untyped-def]
    home, urn, said, before, _ = mess
    assert said.code == 0, said.err
    after = read_current_numbers(home)
    others = {key: value for key, value in before.items() if urn not in key}
    assert others
    assert others.items() <= {key: value for key, value in after.items() if urn not in key}.items()


@pytest.mark.parametrize(
    ("name", "outcome", "says", "remedy"),
    [
        ("empty.csv", "refused", "The file is empty", "Run the export again"),
        ("photo.csv", "refused", "a photo (JPEG)", "take this file out"),
        ("missing column.csv", "refused", "is missing", "Put the headings right"),
        ("doubled column.csv", "refused", "stands twice", "Put the headings right"),
        ("cut short.xlsx", "refused", "cut short", "Open it in Excel"),
        ("not ours.csv", "refused", "another school", "Take it out"),
        ("marks of others.csv", "refused", "pupil not on roll", "move it to that school's folder"),
    ],
)
def test_a_file_that_cannot_be_used_says_why_and_what_to_do(mess, name, outcome, says, remedy) -> None:  # type: ignore[no-untyped-def]
    home, *_ = mess
    receipt = find_receipt(home, name)
    assert receipt["outcome"] == outcome
    assert says in str(receipt["reason"])
    assert remedy in str(receipt["remedy"])
    fixes = find_fixes(home, name)
    assert fixes
    for fix in fixes:
        assert all(fix[part] for part in ("field", "seen", "expected", "remedy")), fix


def test_header_mistakes_name_row_and_column(mess) -> None:  # type: ignore[no-untyped-def]
    home, _, _, _, head = mess
    (missing,) = [f for f in find_fixes(home, "missing column.csv") if f["code"] == "column missing"]
    assert missing["file_row"]
    assert head[0] in str(missing["expected"])
    (doubled,) = [f for f in find_fixes(home, "doubled column.csv") if f["code"] == "column twice"]
    assert doubled["file_row"]
    assert doubled["field"] == head[0]
    (extra,) = [f for f in find_fixes(home, "extra column.csv") if f["code"] == "column not read"]
    assert extra["severity"] == "look"


def test_the_same_file_twice_counts_once(mess) -> None:  # type: ignore[no-untyped-def]
    home, *_ = mess
    names = {str(r["file_name"]): r for r in pq.read_table(home / "lake" / "findings" / "receipts").to_pylist()}
    again = names["the same file again.csv"]
    assert again["outcome"] == "duplicate"
    counts = pq.read_table(home / "lake" / "findings" / "record_counts").to_pylist()
    mine = [c for c in counts if c["receipt_id"] == again["receipt_id"]]
    assert {c["bucket"] for c in mine} == {"duplicate"}
    assert all(c["related_receipt_id"] for c in mine)


def test_nothing_is_lost(mess) -> None:  # type: ignore[no-untyped-def]
    home, *_ = mess
    receipts = pq.read_table(home / "lake" / "findings" / "receipts").to_pylist()
    assert len(receipts) == sum(
        1 for p in (home / "inbox").rglob("*") if not p.is_dir() and p.name != STRAY and "README" not in p.name
    )
    for r in receipts:
        assert r["rows_total"] == r["rows_layout"] + r["rows_with_records"] + r["rows_without_values"], r


def test_a_stray_is_named_to_the_person_and_kept_by_nobody(mess) -> None:  # type: ignore[no-untyped-def]
    home, _, said, _, _ = mess
    assert STRAY in said.err
    for part in ("dagster", "lake", "history", "releases"):
        assert not [name for name, content in read_tree(home / part).items() if b"Inparticular" in content], part


def test_the_school_reads_it_all_in_its_pack(mess) -> None:  # type: ignore[no-untyped-def]
    home, urn, *_ = mess
    page = (home / "releases" / "current" / "packs" / urn / "index.html").read_text("utf-8")
    for name in ("empty.csv", "photo.csv", "cut short.xlsx", "the same file again.csv"):
        assert name in page
    site = b"".join(read_tree(home / "releases" / "current" / "site").values())
    assert b"cut short.xlsx" not in site, "a file name may hold a pupil's name: it stays off the site"


def test_a_file_that_cannot_be_opened_is_listed_and_stops_nothing(mess) -> None:  # type: ignore[no-untyped-def]
    home, urn, said, *_ = mess
    assert said.code == 0, said.err
    assert find_receipt(home, "never whole.csv")["outcome"] == "skipped"
    assert "never whole.csv" in (home / "releases" / "current" / "packs" / urn / "index.html").read_text("utf-8")
