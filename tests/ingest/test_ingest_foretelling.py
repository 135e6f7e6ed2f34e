"""What a home's lists say of records before a run: in the warehouse's order and words, and what a draft left open."""

from __future__ import annotations

import csv
from pathlib import Path

from ingest.contract import RECORD_KINDS
from ingest.foretelling import REMEDIES, list_unconfirmed, list_unplaced
from ingest.home import Home, load_home
from ingest.records import Records

ROOT = Path(__file__).resolve().parent.parent.parent


def load_tiny() -> Home:
    return load_home(ROOT / "tests" / "homes" / "tiny")


def make_records(kind: str, *rows: dict[str, object]) -> Records:
    records = Records.empty(kind)
    for row in rows:
        for name, values in records.columns.items():
            values.append(row.get(name))
    assert {name for row in rows for name in row} <= {c.name for c in RECORD_KINDS[kind].columns}
    return records


def test_each_record_is_counted_under_the_first_reason_that_holds() -> None:
    home = load_tiny()
    known = home.trust.assessments[0]
    other = next(each for each in ("prediction", "test", "statutory") if each != known.result_type)
    good = {
        "academic_year": home.trust.academic_years[0],
        "subject": home.trust.subjects[0],
        "assessment": known.assessment,
        "result_type": known.result_type,
    }
    results = make_records(
        "results",
        *[good] * 5,
        *[good | {"subject": "Alchemy"}] * 3,
        good | {"academic_year": "1999/00", "subject": "Alchemy", "assessment": "Nothing"},
        *[good | {"assessment": "Nothing", "result_type": other}] * 2,
        good | {"result_type": other},
        good | {"subject": "To be confirmed"},
    )
    pupils = make_records("pupils", {"academic_year": None}, {"academic_year": "1999/00"})
    found = list_unplaced(home, {"results": results, "pupils": pupils})
    assert [(each.kind, each.reason_code, each.seen, each.records) for each in found] == [
        ("results", "subject_unknown", "Alchemy", 3),
        ("results", "assessment_unknown", "Nothing", 2),
        ("pupils", "academic_year_not_reported", "1999/00", 1),
        ("results", "academic_year_not_reported", "1999/00", 1),
        ("results", "result_type_differs", f"{other} of {known.assessment}, which gives {known.result_type}", 1),
    ]
    assert list_unconfirmed({"results": results, "pupils": pupils}) == [("results", "subject", 1)]
    assert list_unplaced(home, {"results": make_records("results", good)}) == []


def test_a_value_that_may_be_a_pupils_is_described() -> None:
    home = load_tiny()
    number = "A" + "1" * 12
    strange = {"academic_year": home.trust.academic_years[0], "subject": number}
    (found,) = list_unplaced(home, {"results": make_records("results", strange)})
    assert number not in found.seen


def test_what_to_do_is_said_in_the_words_of_a_run() -> None:
    with (ROOT / "dbt_project" / "seeds" / "placing_reasons.csv").open(encoding="utf-8", newline="") as file:
        seed = {row["reason_code"]: row["remedy"] for row in csv.DictReader(file)}
    assert {code: seed[code] for code in REMEDIES} == REMEDIES
