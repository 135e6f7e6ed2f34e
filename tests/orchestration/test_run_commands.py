"""The other commands: what they print, what they leave alone and how they end."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from command_runs import ROOT, Said, clean_environment, read_tree

from ingest.home import load_home
from orchestration.command import make_parser
from orchestration.serve import make_server


def test_every_command_is_documented() -> None:
    docs = (ROOT / "docs" / "commands.md").read_text("utf-8")
    readme = (ROOT / "README.md").read_text("utf-8")
    commands = re.search(r"\{([^}]*)\}|COMMAND", make_parser().format_usage())
    assert commands
    parser_actions = make_parser()._subparsers._group_actions[0].choices  # type: ignore[union-attr]
    known = {"backup", "refresh", "check", "status", "serve", "new-home", "format", "map", "extracts", "demo"}
    assert set(parser_actions) == known
    for name, sub in parser_actions.items():
        assert f"plumbline {name}" in docs
        for option in re.findall(r"(--[a-z-]+)", sub.format_usage()):
            assert option in docs, f"{name} {option}"
    assert "make demo" in readme


def test_a_new_home_loads_and_says_how_to_keep_its_key(tmp_path: Path, plumbline) -> None:  # type: ignore[no-untyped-def]
    home, keys = tmp_path / "ours", tmp_path / "keys"
    said = plumbline("new-home", home, "--name", "Our Own Trust", env={"PLUMBLINE_KEYS": str(keys)})
    assert said.code == 0, said.err
    (key,) = keys.iterdir()
    assert key.stat().st_mode & 0o777 == 0o600
    assert key.stem in said.out
    assert key.read_text().strip() not in said.out
    again = plumbline("new-home", home, env={"PLUMBLINE_KEYS": str(keys)})
    assert again.code == 2
    status = plumbline("status", "--home", home, env={"PLUMBLINE_KEYS": str(keys)})
    assert status.code == 0, status.err
    assert "no release yet" in status.out
    lost = plumbline("refresh", "--home", home, env={"PLUMBLINE_KEYS": str(tmp_path / "elsewhere")})
    assert lost.code == 2
    assert "key" in lost.err


def test_a_home_with_schools_and_no_file_has_no_data_yet(tmp_path: Path, plumbline) -> None:  # type: ignore[no-untyped-def]
    home = tmp_path / "ours"
    shutil.copytree(ROOT / "tests" / "homes" / "tiny", home)
    before = plumbline("status", "--home", home)
    assert before.code == 0, before.err
    assert before.out.count("no data yet") == 3
    (home / "inbox").mkdir(exist_ok=True)
    done = plumbline("refresh", "--home", home, "--as-of", "2025-12-19")
    assert done.code == 0, done.err
    assert "0 of 3 schools have data" in done.out
    after = plumbline("status", "--home", home)
    assert after.out.count("no data yet") == 3


def test_no_home_says_so(tmp_path: Path, plumbline) -> None:  # type: ignore[no-untyped-def]
    said = plumbline("status", cwd=tmp_path)
    assert said.code == 2
    assert "no trust.yml" in said.err


def test_a_reader_who_goes_away_is_told_nothing(tmp_path: Path) -> None:
    home = tmp_path / "ours"
    shutil.copytree(ROOT / "tests" / "homes" / "tiny", home)
    read, write = os.pipe()
    os.close(read)
    try:
        done = subprocess.run(
            [sys.executable, "-m", "orchestration.command", "status", "--home", home],
            cwd=ROOT, env=clean_environment(), stdout=write, stderr=subprocess.PIPE, text=True, timeout=60, check=False,
        )  # fmt: skip
    finally:
        os.close(write)
    assert (done.returncode, done.stderr) == (141, "")


def test_check_keeps_nothing(demo_once: tuple[Path, Said], plumbline) -> None:  # type: ignore[no-untyped-def]
    home, _ = demo_once
    before = read_tree(home)
    folder = sorted(path for path in (home / "inbox").iterdir() if path.is_dir())[0]
    file = sorted(path for path in folder.iterdir() if path.is_file())[0]
    said = plumbline("check", file, "--school", folder.name[:6], "--home", home)
    assert said.code == 0, said.err
    assert file.name in said.out
    assert read_tree(home) == before


def test_check_answers_for_a_file_that_cannot_be_used(demo_once: tuple[Path, Said], tmp_path: Path, plumbline) -> None:  # type: ignore[no-untyped-def]
    home, _ = demo_once
    urn = load_home(home).schools[0].urn
    photo = tmp_path / "photo.csv"
    photo.write_bytes(b"\xff\xd8\xff\xe0 not a table")
    said = plumbline("check", photo, "--school", urn, "--home", home)
    assert said.code == 1
    assert "photo" in said.out
    assert plumbline("check", photo, "--school", "123456", "--home", home).code == 2
    assert plumbline("check", tmp_path / "none.csv", "--school", urn, "--home", home).code == 2


def test_refresh_of_an_unknown_school_or_inbox_says_so(demo_once: tuple[Path, Said], plumbline) -> None:  # type: ignore[no-untyped-def]
    home, _ = demo_once
    said = plumbline("refresh", "--home", home, "--school", "123456")
    assert (said.code, "123456" in said.err) == (2, True)
    said = plumbline("refresh", "--home", home, "--inbox", home / "no such folder")
    assert said.code == 2


def test_status_after_a_refresh(demo_once: tuple[Path, Said], plumbline) -> None:  # type: ignore[no-untyped-def]
    home, _ = demo_once
    said = plumbline("status", "--home", home)
    assert said.code == 0, said.err
    current = json.loads((home / "releases" / "current.json").read_text("utf-8"))["release_id"]
    assert current in said.out
    for school in load_home(home).schools:
        assert school.urn in said.out
    assert "no data yet" not in said.out


def test_serve_shows_the_site_and_nothing_beside_it(demo_once: tuple[Path, Said]) -> None:
    home, _ = demo_once
    with make_server(load_home(home), "site", 0) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}"
        with urllib.request.urlopen(f"{address}/index.html", timeout=10) as answer:
            assert load_home(home).trust.trust.name.encode() in answer.read()
        for beside in ("/../ops/index.html", "/%2e%2e/manifest.json", "/packs/"):
            with pytest.raises(urllib.error.HTTPError) as error:
                urllib.request.urlopen(address + beside, timeout=10)
            assert error.value.code == 404
            error.value.close()
        server.shutdown()
    with pytest.raises(FileNotFoundError):
        make_server(load_home(home), "../../lake/identities", 0)


@pytest.mark.parametrize("with_home", [False, True])
def test_dagster_opens_the_workspace_with_and_without_a_home(
    demo_once: tuple[Path, Said], tmp_path: Path, with_home: bool
) -> None:
    home, _ = demo_once
    env = {**clean_environment(), "DAGSTER_HOME": str(tmp_path)} | ({"PLUMBLINE_HOME": str(home)} if with_home else {})
    done = subprocess.run(
        [sys.executable, "-m", "dagster", "definitions", "validate", "-w", "workspace.yaml"],
        cwd=ROOT, env=env, capture_output=True, text=True, timeout=200, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
