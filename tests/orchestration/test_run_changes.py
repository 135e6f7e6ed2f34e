"""What changes between runs: a new file, one school alone, an edited format."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow.parquet as pq
from command_runs import ROOT, Said, add_result, read_current, read_pointer, read_tree, refresh


def test_a_new_file_makes_a_new_release_and_leaves_the_old_one(
    demo_once: tuple[Path, Said], changed_once: tuple[Path, Said]
) -> None:
    made, _ = demo_once
    before, pointer = read_current(made), read_pointer(made)
    home, said = changed_once
    assert said.code == 0, said.err
    after = read_pointer(home)
    assert after["release_id"] != pointer["release_id"]
    assert read_tree(home / "releases" / pointer["release_id"]) == before
    manifest = json.loads((home / "releases" / "current" / "manifest.json").read_text("utf-8"))
    assert pointer["release_id"] in json.dumps(manifest)


def test_a_school_alone_looks_at_its_inbox_only(demo: Path, plumbline) -> None:  # type: ignore[no-untyped-def]
    changed = add_result(demo)
    receipts = demo / "history" / "receipts"
    before = {path.name: path.read_bytes() for path in receipts.iterdir()}
    other = next(path.stem for path in sorted(receipts.iterdir()) if path.stem != changed)
    assert refresh(plumbline, demo, "--school", other).code == 0
    assert {path.name: path.read_bytes() for path in receipts.iterdir()} == before
    assert refresh(plumbline, demo, "--school", changed).code == 0
    after = {path.name: path.read_bytes() for path in receipts.iterdir()}
    assert [name for name in before if before[name] != after[name]] == [f"{changed}.json"]


def test_a_format_edit_never_takes_away_what_was_accepted(demo: Path, plumbline) -> None:  # type: ignore[no-untyped-def]
    """The edit is valid and fits no file any more: what was read before stays, and the fix-list says so."""
    before = {path.name: pq.read_table(path).num_rows for path in (demo / "lake" / "records" / "results").glob("9*")}
    ours = (ROOT / "ingest" / "formats" / "marksheet.yml").read_text("utf-8")
    (demo / "formats" / "marksheet.yml").write_text(ours.replace("columns:", "columns:\n  House: house", 1), "utf-8")
    said = refresh(plumbline, demo)
    assert said.code == 0, said.err
    after = {path.name: pq.read_table(path).num_rows for path in (demo / "lake" / "records" / "results").glob("9*")}
    assert after == before
    fixes = pq.read_table(demo / "lake" / "findings" / "fix_list").to_pylist()
    assert [fix for fix in fixes if fix["code"] == "kept as it was read before"]
