"""`plumbline new-home` from a register of groups, and `plumbline status` of what it made: words and exit codes.

The register is invented; the real one is met in tests/ingest/home.
"""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from orchestration.command import main

REGISTER = """\
URN,Group UID,Group ID,Group Name,Joined date,EstablishmentName,TypeOfEstablishment (name),PhaseOfEducation (name)
999902,99001,TR09901,TALL TREES TRUST,01-09-2021,"Birch, Upper School",Academy converter,Secondary
999901,99001,TR09901,TALL TREES TRUST,01-09-2019,Ash Primary School,Academy converter,Primary
"""


@pytest.fixture
def register(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PLUMBLINE_KEYS", str(tmp_path / "keys"))
    path = tmp_path / "groups.csv"
    path.write_text(REGISTER, encoding="utf-8")
    return path


def test_a_home_from_the_register_has_no_data_yet(
    register: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home = tmp_path / "ours"
    assert main(["new-home", str(home), "--register", str(register), "--trust", "99001"]) == 0
    said = capsys.readouterr().out
    assert "TALL TREES TRUST (TR09901, UID 99001): 2 open schools." in said
    assert "Look first at schools.csv" in said
    (key,) = (tmp_path / "keys").iterdir()
    assert key.stem in said
    assert key.read_text(encoding="ascii").strip() not in said
    before = time.perf_counter()
    assert main(["status", "--home", str(home)]) == 0
    assert time.perf_counter() - before < 10
    assert capsys.readouterr().out.splitlines() == [
        "TALL TREES TRUST: no release yet",
        "  999901  Ash Primary School   no data yet",
        "  999902  Birch, Upper School  no data yet",
    ]
    assert main(["new-home", str(home), "--register", str(register), "--trust", "99001"]) == 2
    assert "there is something here already" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--trust", "99002"], "--register and --trust go together"),
        (["--register", "groups.csv"], "--register and --trust go together"),
        (["--register", "groups.csv", "--trust", "9901"], 'Did you mean "99001"? That is "TALL TREES TRUST".'),
        (["--register", "none.csv", "--trust", "99001"], "none.csv: the register cannot be opened"),
        (["--register", "groups.csv", "--trust", "99001", "--name", "A|B"], '"A|B" cannot be the name of a trust'),
    ],
)
def test_what_makes_no_home_is_said(
    register: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], words: list[str], said: str
) -> None:
    placed = [str(tmp_path / word) if word.endswith(".csv") else word for word in words]
    assert main(["new-home", str(tmp_path / "ours"), *placed]) == 2
    assert said in capsys.readouterr().err
    assert not (tmp_path / "ours").exists()
    assert not (tmp_path / "keys").exists()


def test_a_name_of_ones_own_stands_over_the_registers(
    register: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home = tmp_path / "ours"
    words = ["--register", str(register), "--trust", "TR09901", "--name", "Tall Trees Learning Trust"]
    assert main(["new-home", str(home), *words]) == 0
    assert main(["status", "--home", str(home)]) == 0
    assert "Tall Trees Learning Trust: no release yet" in capsys.readouterr().out
