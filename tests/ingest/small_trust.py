"""A small trust of three schools for the ingest tests: its home, its formats, and a shorthand for a run.

The schools and pupils are invented; the UPNs carry an LA code that is not in use.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import shutil
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from ingest import Intake, load_formats, settle, take_in, write_candidates
from ingest.contract import RECORD_KINDS
from ingest.format_file import FormatFile
from ingest.home import load_home, read_secret
from ingest.received import SchoolTables
from ingest.upn import find_check_letter

HOMES = Path(__file__).parents[1] / "homes"
ASH, BIRCH, CEDAR = "999901", "999902", "999903"
DAY = dt.date(2025, 7, 1)

ROLL = """
format: roll
title: Roll
title_rows: ["{school_name} roll", "Printed {exported_on}"]
columns:
  UPN: upn
  Former UPN: former_upn
  Adno: local_number
  Surname: surname
  Forename: forename
  DOB: date_of_birth
  School: school_urn
  Sex: sex
  Year: year_group
  AY: academic_year
  Class: class_name
  Start: start_date
also_called:
  Adno: [Admission No]
optional: [Former UPN, School, Start]
leave_out: [Notes]
footers: ["Total: {row_count} pupils", Total]
blanks: ["-"]
values:
  sex: {Girl: F, Boy: M}
records:
  - kind: pupils
    fields: {academic_year: academic_year, year_group: year_group, sex: sex, start_date: start_date}
  - kind: groups
    fields: {academic_year: academic_year, group_name: class_name}
    set: {group_type: class, group_set: class}
replaces: {period: [academic_year]}
"""

MARKS = """
format: marks
title: Marksheet
title_rows: ["Marks {year_group} {academic_year}", "Printed {exported_on}"]
columns:
  Adno: local_number
  Pupil: full_name
  DOB: date_of_birth
optional: [Pupil, DOB]
leave_out: [Teacher]
footers: [Average]
not_marks: [Abs]
blanks: ["-", n/a]
values:
  subject: {Maths: Mathematics}
ranges:
  mark: [0, 50]
records:
  - kind: results
    each_column: "{subject} test {term}"
    fields:
      subject: subject
      window_label: term
      academic_year: academic_year
      year_group: year_group
      value: cell
    set: {assessment: Common Test, result_type: test}
replaces: snapshot
"""

LONG = """
format: long_results
title: Long results
columns:
  Pupil UPN: upn
  Academic Year: academic_year
  Subject: subject
  Assessment: assessment
  Type: result_type
  On: assessed_on
  Result: result
not_marks: [Abs]
records:
  - kind: results
    fields:
      academic_year: academic_year
      subject: subject
      assessment: assessment
      result_type: result_type
      assessed_on: assessed_on
      value: result
replaces: {upsert: [pupil_key, academic_year, subject, assessment, assessed_on, result_type]}
"""

CLUB = """
format: club
title: Club list
columns:
  Number: local_number
  Club: club
  Since: since
records:
  - kind: groups
    fields: {group_name: club, start_date: since}
    set: {group_type: custom, group_set: club}
replaces: append
"""

FORMATS = {"roll": ROLL, "marks": MARKS, "long_results": LONG, "club": CLUB}
ROLL_HEADING = "UPN,Adno,Surname,Forename,DOB,Sex,Year,AY,Class"


def make_upn(number: int) -> str:
    """Return the n-th invented UPN (LA code 999 is not in use)."""
    body = f"9999901{number // 1000:02d}{number % 1000:03d}"
    return find_check_letter(body) + body


def roll_row(number: int, /, **changes: str) -> str:
    """Return one row of a roll under ROLL_HEADING."""
    cells = {
        "upn": make_upn(number), "adno": str(100 + number), "surname": f"Sur{number}", "forename": f"Fore{number}",
        "dob": f"{1 + number % 28:02d}/03/2016", "sex": "F" if number % 2 else "M", "year": "4", "ay": "2024/25",
        "class": "Oak",
    }  # fmt: skip
    return ",".join((cells | changes).values())


def roll_text(numbers: Collection[int], *, top: str = "", foot: str = "") -> str:
    """Return a roll of these pupils as CSV text."""
    return top + "\n".join((ROLL_HEADING, *(roll_row(n) for n in numbers))) + "\n" + foot


def make_format(text: str, folder: Path) -> FormatFile:
    """Return the format a YAML text says, read from a file in `folder` as always."""
    folder.mkdir(parents=True, exist_ok=True)
    name = text.split("format:", 1)[1].split("\n", 1)[0].strip()
    (folder / f"{name}.yml").write_text(text, "utf-8")
    return load_formats([folder])[name]


def hash_tree(folder: Path) -> dict[str, str]:
    """Return the hash of every file below `folder`, by its path."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


class Trust:
    """A home in a folder of its own, its formats, and runs over its inbox."""

    def __init__(self, folder: Path, formats: Mapping[str, str] = FORMATS) -> None:
        self.path = folder / "home"
        self.path.mkdir(parents=True)
        for name in ("trust.yml", "schools.csv"):
            shutil.copyfile(HOMES / "tiny" / name, self.path / name)
        (self.path / "inbox").mkdir()
        for text in formats.values():
            make_format(text, self.path / "formats")
        self.load()

    def load(self) -> None:
        """Read the home again, after a change of its files."""
        self.home = load_home(self.path)
        self.secret = read_secret(self.home)
        self.formats = load_formats([self.home.formats])

    def put(self, urn: str, name: str, content: str | bytes) -> Path:
        """Put a file into a school's folder and return its path."""
        path = self.home.inbox / f"{urn} school" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def take_in(self, day: dt.date = DAY, **options: Any) -> Intake:
        """Take in alone."""
        return take_in(self.home, self.formats, self.secret, day, **options)

    def run(
        self, day: dt.date = DAY, *, held: Mapping[str, str] | None = None, **options: Any
    ) -> dict[str, SchoolTables]:
        """Take in, write candidates and settle, as a refresh does; return the tables by school."""
        intake = self.take_in(day, **options)
        write_candidates(self.home, intake, day)
        return settle(self.home, intake, held or {}, day)

    def lake(self, table: str, urn: str | None = None) -> list[dict[str, Any]]:
        """Return the rows of a table of the lake, such as records/results, of one school or all."""
        folder = self.home.lake / table
        names = [urn] if urn else sorted(path.stem for path in folder.glob("*.parquet"))
        return [row for n in names if (folder / f"{n}.parquet").exists() for row in pq.read_table(
            folder / f"{n}.parquet").to_pylist()]  # fmt: skip

    def receipts(self, urn: str = ASH) -> list[dict[str, Any]]:
        """Return a school's receipts."""
        return self.lake("findings/receipts", urn)

    def outcomes(self, urn: str = ASH) -> list[str]:
        """Return the outcome of each receipt of a school."""
        return [row["outcome"] for row in self.receipts(urn)]

    def fixes(self, urn: str = ASH, code: str | None = None) -> list[dict[str, Any]]:
        """Return a school's fix-list, or the lines of one code."""
        return [row for row in self.lake("findings/fix_list", urn) if code in (None, row["code"])]

    def buckets(self, urn: str = ASH) -> dict[tuple[str, str, str], int]:
        """Return the records of a school by receipt, kind and bucket."""
        found: dict[tuple[str, str, str], int] = {}
        for row in self.lake("findings/record_counts", urn):
            key = (row["receipt_id"], row["kind"], row["bucket"])
            found[key] = found.get(key, 0) + row["records"]
        return found


def marks_text(numbers: Collection[int], *, mark: int = 12, year: str = "2024/25", top: str = "") -> str:
    """Return a marksheet of these pupils as CSV text."""
    rows = "".join(f"{100 + n},{mark + n % 3}\n" for n in numbers)
    return f"{top}Marks 4 {year}\nAdno,Maths test Summer\n{rows}"


def check_conservation(trust: Trust) -> None:
    """Rows add up for every receipt, and the counts of a receipt are the records it made."""
    for urn in (ASH, BIRCH, CEDAR):
        buckets = trust.buckets(urn)
        for row in trust.receipts(urn):
            parts = row["rows_layout"], row["rows_with_records"], row["rows_without_values"]
            assert row["rows_total"] == sum(parts), row
            if row["outcome"] == "refused":
                counted = sum(
                    n for (receipt, kind, _), n in buckets.items() if (receipt, kind) == (row["receipt_id"], "rows")
                )
                assert counted == row["rows_with_records"]
        for kind in RECORD_KINDS:
            live = trust.lake(f"records/{kind}", urn)
            accepted = sum(n for (_, k, bucket), n in buckets.items() if (k, bucket) == (kind, "accepted"))
            assert len(live) == accepted
            keys = [tuple(row[name] for name in RECORD_KINDS[kind].key) for row in live]
            assert len(set(keys)) == len(keys)
