"""The room's door: what stops a run, what stops one school, and that no value gets out."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import fields, replace
from datetime import date

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from ingest.contract import FINDING_TABLES, RECORD_KINDS, Column
from quality import (
    CheckResult,
    QualityError,
    Thresholds,
    check_candidates,
    list_checks,
    verdict,
    write_checks,
)

AS_OF = Thresholds(as_of=date(2025, 7, 31))
MARKER = "QZMARKERQZ"


def test_the_list_of_checks_needs_no_great_expectations():
    code = (
        "import sys, quality; names = [c.check_name for c in quality.list_checks()]; assert names; "
        "assert not {'great_expectations', 'dagster'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_names_are_fit_for_dagster_and_words_for_people():
    specs = list_checks()
    assert len({spec.check_name for spec in specs}) == len(specs)
    for spec in specs:
        assert re.fullmatch(r"[A-Za-z0-9_]+", spec.check_name)
        assert spec.title
        assert spec.remedy.endswith(".")
        assert not re.search(
            r"refused|worst|fail|lenient|inflat|league", spec.title + spec.remedy, re.IGNORECASE
        )
    assert {spec.kind for spec in specs} == {"files", *RECORD_KINDS}
    assert "results_required_present" in {spec.check_name for spec in specs}


def test_a_result_is_a_row_of_the_findings():
    assert [field.name for field in fields(CheckResult)] == FINDING_TABLES["checks"].schema.names


def test_nothing_to_check_is_not_a_pass(lake, tmp_path):
    lake.write()
    for urns in (None, []):
        with pytest.raises(QualityError, match="no school to check"):
            check_candidates(lake.candidates, lake.findings, AS_OF, urns=urns)
    with pytest.raises(QualityError, match="findings is not there"):
        check_candidates(lake.candidates, tmp_path / "nowhere", AS_OF)


def test_without_urns_every_school_with_a_file_is_checked(lake):
    lake.add_sound("300001")
    lake.add("300002").add_receipt("photo.csv", "", outcome="refused")
    lake.add("_trust").fix("_trust-001", code="school not on the register")  # a row of no school
    lake.write()
    results = check_candidates(lake.candidates, lake.findings, AS_OF)
    assert [result.urn for result in results] == [urn for urn in ("300001", "300002") for _ in list_checks()]
    some = check_candidates(lake.candidates, lake.findings, AS_OF, urns=["300001"])
    assert some == [result for result in results if result.urn == "300001"]


def test_a_home_may_have_the_signs_of_a_glob_in_its_name(lake, tmp_path):
    lake.add_sound("300001")
    lake.add_sound("300002").tables["results"].pop()
    lake.write()
    odd = tmp_path / "Trust [new] *?"
    lake.candidates.rename(odd)
    results = check_candidates(odd, lake.findings, AS_OF)
    assert {result.outcome for result in results if result.urn == "300001"} == {"passed", "not_applicable"}
    assert not verdict(results)["300002"].accepted


def broken(kind: str, **types: pa.DataType) -> pa.Table:
    schema = RECORD_KINDS[kind].schema
    arrays = [
        pa.array([MARKER], types[name]) if name in types else pa.nulls(1, schema.field(name).type)
        for name in schema.names
    ]
    return pa.table(dict(zip(schema.names, arrays, strict=True)))


def test_one_broken_file_is_an_error_for_its_school_alone(lake):
    """Three sound schools with the like of which one file is damaged: the third is not touched by it."""
    for urn in ("300001", "300002", "300003"):
        lake.add_sound(urn)
    lake.schools["300001"].raw["candidates/results"] = broken("results", mark=pa.string())
    lake.schools["300002"].raw["findings/receipts"] = b"not parquet"
    results = lake.check()
    first = {name: r for (urn, name), r in results.items() if urn == "300001"}
    assert {name for name, r in first.items() if r.outcome == "error"} == {
        "files_give_records", *(name for name in first if name.startswith("results_")),
    }  # fmt: skip
    assert first["results_rows_present"].observed == "could not be decided: results: another type in mark"
    assert first["pupils_rows_present"].outcome == "passed"
    second = [r for (urn, _), r in results.items() if urn == "300002"]
    assert {r.outcome for r in second} == {"error"}
    assert {r.outcome for (urn, _), r in results.items() if urn == "300003"} == {"passed"}
    verdicts = verdict(results.values())
    assert {urn: v.accepted for urn, v in verdicts.items()} == {
        "300001": False,
        "300002": False,
        "300003": True,
    }


def test_a_missing_column_is_named(lake):
    lake.add_sound("300001").raw["candidates/groups"] = broken("groups").drop_columns(["group_set"])
    result = lake.check()["300001", "groups_rows_present"]
    assert (result.outcome, result.observed) == ("error", "could not be decided: groups: no column group_set")


def test_a_damaged_page_stops_only_its_school(lake):
    """The footer is sound, so the fault shows only while counting."""
    for urn in ("300001", "300002"):
        lake.add_sound(urn)
    lake.write()
    path = lake.candidates / "results" / "300001.parquet"
    content = bytearray(path.read_bytes())
    content[4:400] = b"\xff" * 396
    lake.schools["300001"].raw["candidates/results"] = bytes(content)
    results = lake.check()
    damaged = [r for (urn, _), r in results.items() if urn == "300001"]
    assert {r.outcome for r in damaged} == {"error"}
    assert "a file could not be counted (" in damaged[0].observed
    assert {r.outcome for (urn, _), r in results.items() if urn == "300002"} == {"passed"}


def test_last_records_that_cannot_be_read_spoil_only_the_comparison(lake):
    lake.add_sound("300001").raw["last/results"] = b"not parquet"
    outcomes = {name: result.outcome for (_, name), result in lake.check().items()}
    assert outcomes.pop("results_rows_kept") == "error"
    assert set(outcomes.values()) == {"passed"}


def test_a_school_without_a_kind_of_file_is_not_measured_by_it(lake):
    lake.add("300001").add_roll()
    outcomes = {name: result.outcome for (_, name), result in lake.check(with_last=False).items()}
    assert {o for name, o in outcomes.items() if name.startswith("results_")} == {"not_applicable"}
    assert outcomes["pupils_rows_present"] == outcomes["groups_rows_present"] == "passed"
    assert verdict(lake.check(with_last=False).values())["300001"].accepted


def test_no_value_of_a_pupil_leaves(lake, capfd, caplog):
    """A marker stands in every text cell; each way to go wrong is taken; nothing that comes out says it."""
    caplog.set_level(0)
    for number in range(4):
        school = lake.add_sound(f"30000{number}")
        for kind in RECORD_KINDS:
            for row in school.tables[kind]:
                for name, value in row.items():
                    if isinstance(value, str) and name not in ("urn", "receipt_id"):
                        row[name] = MARKER
        school.fix(f"{school.urn}-1", seen=MARKER, file_name=MARKER)
        school.tables["record_counts"][0]["bucket"] = MARKER
    lake.schools["300001"].raw["candidates/results"] = broken("results", mark=pa.string())
    lake.schools["300002"].raw["candidates/pupils"] = broken("pupils").append_column(
        MARKER, pa.nulls(1, pa.string())
    )
    lake.write()
    content = bytearray((lake.candidates / "groups" / "300003.parquet").read_bytes())
    content[4:404] = MARKER.encode() * 40
    lake.schools["300003"].raw["candidates/groups"] = bytes(content)
    results = lake.check()
    outcomes = {result.outcome for result in results.values()}
    assert outcomes >= {"failed", "error"}
    assert results["300000", "results_values_known"].outcome == "failed"
    captured = capfd.readouterr()
    assert MARKER not in repr(results) + repr(verdict(results.values()))
    assert MARKER not in caplog.text + captured.out + captured.err
    assert captured.out == captured.err == ""


def test_a_new_kind_and_column_are_checked_without_a_change_here(lake):
    """What the contract gains, the profile and the suite gain: here a kind with a limit on both sides."""
    results = RECORD_KINDS["results"]
    score = Column("score", "integer", "a scaled score", required=True, minimum=80, maximum=120)
    kinds = {"scores": replace(results, name="scores", columns=(*results.columns, score))}
    rows = [{"score": 79}, {"score": 121}, {"score": 120}, {"score": None}]
    school = lake.add("300001")
    receipt = school.add_receipt("scores.csv", "scores", rows_total=4, rows_with_records=4)
    school.count(receipt, "scores", "accepted", 4)
    lake.write()
    base = {
        "academic_year": "2024/25",
        "subject": "English",
        "assessment": "Test",
        "result_type": "test",
        "value": "1",
    }
    table = [school.provenance(receipt, n, 1) | base | row for n, row in enumerate(rows)]
    (lake.candidates / "scores").mkdir()
    loose = pa.schema([field.with_nullable(True) for field in kinds["scores"].schema])
    pq.write_table(pa.Table.from_pylist(table, schema=loose), lake.candidates / "scores" / "300001.parquet")
    found = {r.check_name: r for r in check_candidates(lake.candidates, lake.findings, AS_OF, kinds=kinds)}
    assert list(found) == [spec.check_name for spec in list_checks(kinds)]
    assert found["scores_values_known"].observed == "1 below 80 in score; 1 above 120 in score"
    assert found["scores_required_present"].observed == "1 without score"
    assert found["scores_values_vary"].outcome == "not_applicable"
    assert found["scores_rows_present"].outcome == "passed"


def test_checks_are_written_per_school_with_the_same_bytes(lake, tmp_path):
    lake.add_sound("300001")
    lake.add_sound("300002").tables["results"].pop()
    results = list(lake.check().values())
    write_checks(results, tmp_path / "one")
    write_checks(reversed(results), tmp_path / "two")
    files = sorted(path.name for path in (tmp_path / "one" / "checks").iterdir())
    assert files == ["300001.parquet", "300002.parquet", "_empty.parquet"]
    for name in files:
        one, two = ((tmp_path / folder / "checks" / name).read_bytes() for folder in ("one", "two"))
        assert one == two
    schema = FINDING_TABLES["checks"].schema
    table = pq.read_table(tmp_path / "one" / "checks" / "300002.parquet")
    assert table.schema.equals(schema)
    assert table.num_rows == len(list_checks())
    assert "failed" in table["outcome"].to_pylist()
    empty = pq.read_table(tmp_path / "one" / "checks" / "_empty.parquet")
    assert (empty.num_rows, empty.schema.equals(schema)) == (0, True)
    write_checks([], tmp_path / "one")
    assert sorted(path.name for path in (tmp_path / "one" / "checks").iterdir()) == files


@pytest.mark.parametrize(
    ("severity", "outcome", "accepted"),
    [
        ("critical", "passed", True),
        ("critical", "not_applicable", True),
        ("critical", "failed", False),
        ("critical", "error", False),
        ("warning", "failed", True),
        ("warning", "error", True),
    ],
)
def test_a_school_is_held_only_by_a_critical_check(severity, outcome, accepted):
    result = CheckResult("1", "n", "k", "A title", severity, outcome, "", "", "", 0)
    found = verdict([result])["1"]
    assert found.accepted is accepted
    bad = ("A title",) if outcome in ("failed", "error") else ()
    assert found.held_by + found.to_look_at == bad
    assert bool(found.held_by) is not accepted


def test_a_skipped_and_an_unread_file_are_no_fault_of_the_list(lake):
    """A skipped file has no arrival yet; a file that was not read has rows, not records of a kind."""
    school = lake.add_sound("300001")
    for name in ("open.xlsx", "open too.xlsx"):
        receipt = school.add_receipt(name, "", outcome="skipped", arrival=None)
        school.tables["receipts"][-1]["receipt_id"] = receipt + name
    photo = school.add_receipt("photo.csv", "", outcome="refused", rows_total=9, rows_with_records=9)
    school.refuse("rows", 9, receipt=photo)
    outcomes = {name: result.outcome for (_, name), result in lake.check().items()}
    assert outcomes.pop("files_could_be_read") == "failed"
    assert set(outcomes.values()) == {"passed"}


def test_without_earlier_records_nothing_is_compared(lake, tmp_path):
    lake.add_sound("300001")
    lake.write()
    results = check_candidates(lake.candidates, lake.findings, AS_OF, last_accepted=tmp_path / "not yet")
    outcomes = {result.check_name: result.outcome for result in results}
    assert {outcomes.pop(f"{kind}_rows_kept") for kind in RECORD_KINDS} == {"not_applicable"}
    assert set(outcomes.values()) == {"passed"}


def test_ingest_gives_the_reason_the_roll_check_looks_for():
    """Were the two words to part, the check would pass for ever."""
    from ingest.identities import NOT_ON_ROLL as SAID
    from quality.counting import NOT_ON_ROLL as LOOKED_FOR

    assert SAID == LOOKED_FOR
