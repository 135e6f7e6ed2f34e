"""Configurations that are kept: what changes the hash, and the way back after a broken edit."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ingest.home import (
    ConfigurationError,
    configuration_sha256,
    keep_configuration,
    load_home,
    load_last_good,
)


def test_notes_layout_and_the_order_of_words_do_not_change_the_hash(tiny: Path) -> None:
    (tiny / "formats").mkdir()
    (tiny / "formats" / "own.yml").write_text("format: own\ntitle: Own\n", encoding="utf-8")
    before = configuration_sha256(load_home(tiny))
    trust = tiny / "trust.yml"
    head, groups = trust.read_text(encoding="utf-8").split("custom_groups:\n")
    groups, policy = groups.split("policy:\n")
    trust.write_text(f"# moved\npolicy:\n{policy}\n{head}custom_groups: # a note\n{groups}", encoding="utf-8")
    register = tiny / "schools.csv"
    header, *rows = register.read_text(encoding="utf-8").splitlines()
    register.write_text("\r\n".join([header, "", *reversed(rows)]), encoding="utf-8-sig")
    (tiny / "formats" / "own.yml").write_text("# own\ntitle: 'Own'\nformat: own\n", encoding="utf-8")
    assert configuration_sha256(load_home(tiny)) == before


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("trust.yml", "min_n: 3", "min_n: 4"),
        ("schools.csv", "Ash Primary", "Elm Primary"),
        ("kpis/mean_mark.yml", "dp: 1", "dp: 2"),
        ("formats/own.yml", "Own", "Other"),
    ],
)
def test_what_is_said_changes_the_hash(tiny: Path, file: str, old: str, new: str) -> None:
    (tiny / "formats").mkdir()
    (tiny / "formats" / "own.yml").write_text("format: own\ntitle: Own\n", encoding="utf-8")
    before = configuration_sha256(load_home(tiny))
    text = (tiny / file).read_text(encoding="utf-8")
    assert old in text
    (tiny / file).write_text(text.replace(old, new), encoding="utf-8")
    assert configuration_sha256(load_home(tiny)) != before


def test_after_a_broken_edit_the_last_good_configuration_loads(tiny: Path) -> None:
    assert load_last_good(tiny) is None
    (tiny / "formats").mkdir()
    (tiny / "formats" / "own.yml").write_text("format: own\n", encoding="utf-8")
    good = load_home(tiny)
    sha = keep_configuration(good)
    (tiny / "trust.yml").write_text("trst: x\n", encoding="utf-8")
    (tiny / "formats" / "own.yml").unlink()
    with pytest.raises(ConfigurationError):
        load_home(tiny)
    kept = load_last_good(tiny)
    assert kept is not None
    assert (kept.trust, kept.schools, kept.kpis) == (good.trust, good.schools, good.kpis)
    assert (kept.path, kept.lake, kept.inbox) == (tiny, good.lake, good.inbox)
    assert [path.name for path in kept.formats.iterdir()] == ["own.yml"]
    assert configuration_sha256(kept) == sha
    assert keep_configuration(kept) == sha


def test_each_state_is_kept_once_and_the_newest_is_the_last_good(tiny: Path) -> None:
    folder = tiny / "history" / "configuration"
    first = keep_configuration(load_home(tiny))
    stamp = (folder / first / "trust.yml").stat().st_mtime_ns
    assert keep_configuration(load_home(tiny)) == first
    assert (folder / first / "trust.yml").stat().st_mtime_ns == stamp
    register = tiny / "schools.csv"
    register.write_text(register.read_text(encoding="utf-8").replace("Ash", "Elm"), encoding="utf-8")
    second = keep_configuration(load_home(tiny))
    assert {path.name for path in folder.iterdir()} == {first, second, "last_good.json"}
    assert json.loads((folder / "last_good.json").read_text(encoding="utf-8")) == {"configuration": second}
    kept = load_last_good(tiny)
    assert kept is not None
    assert kept.schools[0].name == "Elm Primary School"


def test_a_half_made_snapshot_is_made_anew(tiny: Path) -> None:
    home = load_home(tiny)
    beside = tiny / "history" / "configuration" / f"{configuration_sha256(home)}.next"
    beside.mkdir(parents=True)
    (beside / "stray.yml").write_text("x", encoding="utf-8")
    sha = keep_configuration(home)
    assert not beside.exists()
    assert not (tiny / "history" / "configuration" / sha / "stray.yml").exists()


def test_an_edit_since_the_reading_is_not_kept_as_what_was_read(tiny: Path) -> None:
    first = load_home(tiny)
    keep_configuration(first)
    register = tiny / "schools.csv"
    good = register.read_text(encoding="utf-8")
    register.write_text(good.replace("Ash", "Elm"), encoding="utf-8")
    second = load_home(tiny)
    register.write_text("urn\n", encoding="utf-8")
    sha = keep_configuration(second)
    assert not (tiny / "history" / "configuration" / sha).exists()
    kept = load_last_good(tiny)
    assert kept is not None
    assert kept.schools == first.schools


@pytest.mark.parametrize("pointer", ["", "[]", '{"configuration": "gone"}', '{"configuration": 3}'])
def test_a_damaged_pointer_is_no_configuration(tiny: Path, pointer: str) -> None:
    folder = tiny / "history" / "configuration"
    folder.mkdir(parents=True)
    (folder / "last_good.json").write_text(pointer, encoding="utf-8")
    assert load_last_good(tiny) is None
