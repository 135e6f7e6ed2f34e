"""No identifier leaves `lake/identities` and the school's own inbox: not into the lake, a log, an event or a page."""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq
import pytest
from command_runs import Said, read_tree


@pytest.fixture(scope="module")
def identifiers(demo_once: tuple[Path, Said]) -> set[str]:
    home, said = demo_once
    assert said.code == 0, said.err
    rows = pq.read_table(home / "lake" / "identities").to_pylist()
    upns = {row["upn"] for row in rows if row["upn"]}
    names = {f"{row['forename']} {row['surname']}" for row in rows} | {
        f"{row['surname']} {row['forename']}" for row in rows
    }
    surnames = {row["surname"] for row in rows if len(row["surname"]) >= 6}
    assert len(upns) > 100
    assert len(surnames) > 20
    return upns | names | surnames


def read_texts(folder: Path, skip: tuple[str, ...] = ()) -> dict[str, str]:
    """Return everything below `folder` as text; Parquet by its values, other files by their bytes."""
    texts = {}
    for name, content in read_tree(folder).items():
        if name.startswith(skip):
            continue
        if name.endswith(".parquet"):
            # Each value once: a register says the same few things a hundred thousand times.
            columns = pq.read_table(folder / name).columns
            texts[name] = "\n".join(str(value) for column in columns for value in column.unique().to_pylist())
        else:
            texts[name] = content.decode("utf-8", "replace") + content.decode("utf-16-le", "replace")
    return texts


@pytest.mark.parametrize("part", ["lake", "history", "dagster", "releases"])
def test_no_upn_and_no_name_stands_anywhere_else(
    demo_once: tuple[Path, Said], identifiers: set[str], part: str
) -> None:
    home, _ = demo_once
    texts = read_texts(home / part, skip=("identities/",))
    assert texts
    for name, text in texts.items():
        found = [1 for identifier in identifiers if identifier in text]
        assert not found, f"{part}/{name} holds {len(found)} identifiers"


def test_nor_in_what_the_command_says(demo_once: tuple[Path, Said], identifiers: set[str]) -> None:
    _, said = demo_once
    assert not [1 for identifier in identifiers if identifier in said.out + said.err]


def test_the_key_of_a_pupil_never_leaves_the_lake(demo_once: tuple[Path, Said]) -> None:
    home, _ = demo_once
    keys = {row["pupil_key"] for row in pq.read_table(home / "lake" / "identities").to_pylist()}
    for part in ("releases", "dagster", "history"):
        for name, text in read_texts(home / part).items():
            assert not [1 for key in keys if key in text], f"{part}/{name}"


def test_identities_are_for_their_owner_alone(demo_once: tuple[Path, Said]) -> None:
    home, _ = demo_once
    files = list((home / "lake" / "identities").iterdir())
    assert files
    assert {path.stat().st_mode & 0o777 for path in files} == {0o600}
