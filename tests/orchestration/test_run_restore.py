"""A home restored from its backup somewhere else: the same figures, the release before still there, and the key."""

from __future__ import annotations

import importlib.metadata
import os
import re
import shutil
import stat
import tarfile
import tomllib
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from command_runs import ROOT, read_pointer, read_tree, refresh

from ingest.home import ConfigurationError, load_home, make_secret, read_secret
from orchestration.backup import KEPT, write_backup
from orchestration.home_lock import HomeBusyError, hold_home
from orchestration.run_summary import read_summaries

OPERATE = (ROOT / "docs" / "operate.md").read_text("utf-8")


def find_section(title: str) -> str:
    """Return one part of docs/operate.md."""
    return OPERATE.split(f"\n## {title}\n")[1].split("\n## ")[0]


def list_figures(home: Path) -> dict[str, pa.Table]:
    """Return every published table."""
    return {path.name: pq.read_table(path) for path in sorted((home / "lake" / "published").glob("*.parquet"))}


def test_a_home_restored_elsewhere_has_the_same_figures_and_releases(demo: Path, tmp_path: Path, plumbline) -> None:  # type: ignore[no-untyped-def]
    said = plumbline("backup", tmp_path / "kept.tar.gz", "--home", demo)
    assert said.code == 0, said.err
    figures, pointer, releases = list_figures(demo), read_pointer(demo), read_tree(demo / "releases")
    moved = tmp_path / "elsewhere" / "home"
    moved.mkdir(parents=True)
    with tarfile.open(tmp_path / "kept.tar.gz") as packed:
        # The first Pythons 3.11 have no filters; the later ones ask for one.
        packed.extractall(moved, **({"filter": "data"} if hasattr(tarfile, "data_filter") else {}))
    shutil.rmtree(demo)
    assert sorted(path.name for path in (moved / "lake").iterdir()) == ["identities", "landing"]
    said = refresh(plumbline, moved)
    assert said.code == 0, said.err
    restored = list_figures(moved)
    assert restored.keys() == figures.keys()
    for name, table in figures.items():
        assert restored[name].equals(table), name
    # The figures are the same, so there is nothing to publish: the release before is the current one.
    assert "no new one is made" in said.err
    assert read_pointer(moved) == pointer
    assert read_tree(moved / "releases") == releases
    now, before = list(read_summaries(moved))
    assert (before["outcome"], now["outcome"], now["release"]) == (
        "release made",
        "nothing had changed",
        pointer["release_id"],
    )


def test_the_list_in_the_guide_is_what_is_packed() -> None:
    rows = [line.split("|")[1] for line in find_section("Back up").splitlines() if line.startswith("| `")]
    named = [name.rstrip("/") for row in rows for name in re.findall("`([^`]+)`", row)]
    assert sorted(named) == sorted(KEPT)
    assert "/etc/plumbline/keys" in find_section("Back up")


def test_a_backup_is_its_owners_and_no_run_is_at_work_in_it(tmp_path: Path) -> None:
    home = tmp_path / "home"
    shutil.copytree(ROOT / "tests" / "homes" / "tiny", home)
    (home / "lake").mkdir()
    (home / "lake" / "warehouse.duckdb").write_bytes(b"made again")
    kept = write_backup(home, tmp_path / "kept.tar.gz")
    assert kept == ["trust.yml", "schools.csv", "kpis"]
    assert os.name != "posix" or stat.S_IMODE((tmp_path / "kept.tar.gz").stat().st_mode) == 0o600
    with pytest.raises(FileExistsError):
        write_backup(home, tmp_path / "kept.tar.gz")
    with pytest.raises(ValueError, match="inside the home"):
        write_backup(home, home / "kept.tar.gz")
    with hold_home(home), pytest.raises(HomeBusyError):
        write_backup(home, tmp_path / "another.tar.gz")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["home", "kept.tar.gz"]


def test_without_its_key_a_restored_home_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path / "home"
    shutil.copytree(ROOT / "tests" / "homes" / "tiny", home)
    key_id = make_secret(tmp_path / "kept apart")
    trust = home / "trust.yml"
    trust.write_text(trust.read_text("utf-8").replace("demo: true", f"key_id: {key_id}"), "utf-8")
    monkeypatch.setenv("PLUMBLINE_KEYS", str(tmp_path / "keys"))
    with pytest.raises(ConfigurationError, match=r"Restore .* from its backup"):
        read_secret(load_home(home))
    (tmp_path / "keys").mkdir()
    shutil.copy2(tmp_path / "kept apart" / f"{key_id}.key", tmp_path / "keys")
    assert read_secret(load_home(home)).key_id == key_id


def test_every_command_of_the_guide_is_there() -> None:
    programs = re.findall(r"^ExecStart=/opt/plumbline/\.venv/bin/(\S+)", OPERATE, re.MULTILINE)
    assert programs == ["dagster-daemon", "dagster-webserver"]
    there = {script.name for script in importlib.metadata.entry_points(group="console_scripts")}
    assert {*programs} <= there
    assert "plumbline" in tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["scripts"]
    assert (ROOT / "workspace.yaml").is_file()
    assert "-h 127.0.0.1" in OPERATE
