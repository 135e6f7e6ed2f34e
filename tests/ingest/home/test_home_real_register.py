"""Every open multi-academy trust of the real register becomes a home that loads.

The register lies beside the checkout and never in it; where it is absent the tests say so and are skipped.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest.home import create_home, load_home, read_group_register
from ingest.home.group_register import GroupRegister, RegisterTrust
from ingest.home.new_home import STARTER_KPIS, name_inbox
from ingest.home.register import read_register
from ingest.home.starter_trust import compose_schools, compose_trust
from ingest.home.trust_file import read_trust_file
from orchestration.command import main

ROOT = Path(__file__).resolve().parents[3]
REGISTER = ROOT.parent / "shared" / "real" / "official_2022-23" / "gias_group_links_2022-03-14.csv"
ITS_DAY = dt.date(2022, 3, 14)

pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(not REGISTER.is_file(), reason=f"REAL DATA NOT TESTED: no ../shared/real beside {ROOT.name}"),
]


@pytest.fixture(scope="module")
def register() -> GroupRegister:
    return read_group_register(REGISTER)


def list_open_trusts(register: GroupRegister) -> Iterator[RegisterTrust]:
    places = {column: register.columns.index(column) for column in ("grouptype", "groupstatus")}
    for uid, rows in register.groups.items():
        kinds = {tuple(row[places[column]] for column in ("grouptype", "groupstatus")) for row in rows}
        if kinds == {("Multi-academy trust", "Open")}:
            yield register.find_trust(uid, ITS_DAY)


def test_a_home_of_every_trust_is_complete_and_loads(
    register: GroupRegister, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What differs between homes is read for every trust; every fortieth is made whole, with its folders and key."""
    monkeypatch.setenv("PLUMBLINE_KEYS", str(tmp_path / "keys"))
    made = 0
    for made, trust in enumerate(list_open_trusts(register), 1):
        if made % 40 == 1:
            path = tmp_path / trust.group_uid
            create_home(path, today=ITS_DAY, trust=trust)
            home = load_home(path)
            assert home.warnings == [], trust.name
            written, schools = home.trust, home.schools
            folders = sorted(folder.name for folder in home.inbox.iterdir() if folder.is_dir())
            assert folders == [*sorted(name_inbox(school) for school in trust.schools), "_trust"]
            assert len(home.kpis) == len(STARTER_KPIS)
        else:
            # Files of their own: writing a new one is much quicker than writing over one.
            file, table = tmp_path / f"{trust.group_uid}.yml", tmp_path / f"{trust.group_uid}.csv"
            file.write_text(compose_trust(trust.name, "k0123456789", ITS_DAY, trust), "utf-8")
            table.write_text(compose_schools(trust.schools), "utf-8")
            written = read_trust_file(file, tmp_path).value
            schools, warnings = read_register(table, tmp_path)
            assert warnings == [], trust.name
        assert (written.trust.name, written.trust.group_id) == (trust.name, trust.group_id)
        urn = register.columns.index("urn")
        assert [school.urn for school in schools] == sorted(row[urn] for row in register.groups[trust.group_uid])
        assert [school.urn for school in schools] == [name_inbox(school)[:6] for school in trust.schools]
        assert all(school.joined and school.la and school.la_name for school in schools)
        assert {school.phase for school in schools} <= {phase for window in written.windows for phase in window.phases}
        # The register says every phase, so nothing is left to a guess.
        assert not any(school.doubts for school in trust.schools), trust.name
    assert made == 1380


def test_status_of_new_homes_says_no_data_yet(
    register: GroupRegister, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PLUMBLINE_KEYS", str(tmp_path / "keys"))
    by_size = sorted(list_open_trusts(register), key=lambda trust: (len(trust.schools), trust.group_uid))
    for trust in (by_size[0], by_size[len(by_size) // 2], by_size[-1]):
        path = tmp_path / trust.group_uid
        code = main(["new-home", str(path), "--register", str(REGISTER), "--trust", trust.group_uid])
        assert (code, "Its key is" in capsys.readouterr().out) == (0, True)
        assert main(["status", "--home", str(path)]) == 0
        said = capsys.readouterr().out.splitlines()
        assert said[0] == f"{trust.name}: no release yet"
        assert len(said) == 1 + len(trust.schools)
        for school, line in zip(trust.schools, said[1:], strict=True):
            assert line.startswith(f"  {school.urn}  {school.name}")
            assert line.endswith("no data yet")
