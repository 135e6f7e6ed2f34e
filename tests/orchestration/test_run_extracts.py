"""`plumbline extracts check`: on our own release, on a file that is named, and on what is not there."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path

from command_runs import Said, run_here

from ingest.contract import IDENTITY, PROVENANCE, RECORD_KINDS
from orchestration.contract_lines import list_contract


def test_our_own_release_keeps_every_rule(demo_once: tuple[Path, Said]) -> None:
    home, _ = demo_once
    current = json.loads((home / "releases/current.json").read_text("utf-8"))["release_id"]
    said = run_here("extracts", "check", "--home", home)
    assert said.code == 0, said.out
    for folder in ("extracts", "site/data"):
        for stem in ("trust_kpi_school", "trust_kpi_mat"):
            assert f"{current}/{folder}/{stem}.csv\n" in said.out
    assert said.out.count("0 failed") == 4
    assert "What to do" not in said.out
    by_name = run_here("extracts", "check", "--home", home, "--release", current)
    assert by_name.out == said.out


def test_a_fault_is_named_with_what_to_do(demo_once: tuple[Path, Said], tmp_path: Path) -> None:
    home, _ = demo_once
    for ending in ("csv", "meta.csv"):
        shutil.copy(home / f"releases/current/extracts/trust_kpi_mat.{ending}", tmp_path)
    file = tmp_path / "trust_kpi_mat.csv"
    file.write_text(file.read_text("utf-8").replace("E92000001", "W92000004", 1), "utf-8")
    said = run_here("extracts", "check", file)
    assert said.code == 1
    assert "A country stands with its own code. Seen: W92000004 with England." in said.out
    assert "What to do: Write England with E92000001." in said.out
    assert "1 failed" in said.out


def test_what_is_not_there_is_said(demo_once: tuple[Path, Said], tmp_path: Path) -> None:
    home, _ = demo_once
    for words, told in (
        (("--home", home, "--release", "1999-01-01-00000000"), "There is no release 1999-01-01-00000000"),
        (("--home", home, "--release", "../inbox"), "There is no release ../inbox"),
        ((tmp_path / "absent.csv",), "There is no file"),
        ((home / "releases/current/extracts/trust_kpi_mat.meta.csv",), "Name trust_kpi_mat.csv"),
        ((tmp_path / "a.csv", "--release", "x"), "not both"),
    ):
        said = run_here("extracts", "check", *words)
        assert said.code == 2, said.out
        assert told in said.err
    (tmp_path / "trust.yml").write_text("name: Nobody yet\n", "utf-8")
    said = run_here("extracts", "check", "--home", tmp_path)
    assert said.code == 2
    assert "There is no release yet." in said.err


def test_the_dictionary_has_every_field_of_the_contract(demo_once: tuple[Path, Said]) -> None:
    home, _ = demo_once
    declared = {("every record", column.name) for column in PROVENANCE}
    declared |= {("identities", column.name) for column in IDENTITY}
    declared |= {(kind.name, column.name) for kind in RECORD_KINDS.values() for column in kind.columns}
    assert {(line["table"], line["name"]) for line in list_contract()} == declared
    with (home / "releases/current/extracts/dictionary.csv").open(encoding="utf-8", newline="") as lines:
        written = {(line["table"], line["name"]): line for line in csv.DictReader(lines)}
    assert declared <= set(written)
    assert "in no extract" in written["identities", "upn"]["source"]
    assert written["results", "mark"]["unit"] == "marks"
