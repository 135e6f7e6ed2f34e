"""The walls of the house: who may import whom, what stays in one room, and how a module looks."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("ingest", "quality", "site_builder", "orchestration")
MAY_IMPORT = {
    "ingest": set(),
    "quality": {"ingest"},
    "site_builder": set(),
    "orchestration": {"ingest", "quality", "site_builder"},
}
QUALITY_MAY_SEE = ("ingest.contract", "ingest.format_file", "ingest.home")
MODULES = sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py"))
MOST_LINES = 300
VAGUE = re.compile(r"util|helper|common|manager|\bbase\b|misc")


def name_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def list_imports(path: Path, *, at_module_level: bool = False) -> frozenset[str]:
    """Return the dotted names a module imports; `from a import b` counts as a.b where that is a module."""
    tree = ast.parse(path.read_text("utf-8"))
    nodes = tree.body if at_module_level else list(ast.walk(tree))
    found: set[str] = set()
    for node in nodes:
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            for alias in node.names:
                inner = ROOT / Path(*(node.module or "").split(".")) / alias.name
                is_module = inner.with_suffix(".py").exists() or (inner / "__init__.py").exists()
                found.add(f"{node.module}.{alias.name}" if is_module else str(node.module))
    return frozenset(found)


def test_there_are_modules_to_look_at() -> None:
    assert {name_of(path).split(".")[0] for path in MODULES} == set(ROOMS)


@pytest.mark.parametrize("room", ROOMS)
def test_rooms_import_only_what_they_may(room: str) -> None:
    for path in (p for p in MODULES if name_of(p).split(".")[0] == room):
        others = {name.split(".")[0] for name in list_imports(path)} & set(ROOMS) - {room}
        assert others <= MAY_IMPORT[room], f"{name_of(path)} imports {others - MAY_IMPORT[room]}"


def test_quality_sees_only_the_contract_the_formats_and_the_home() -> None:
    for path in (ROOT / "quality").rglob("*.py"):
        for name in list_imports(path):
            assert not name.startswith("ingest") or name.startswith(QUALITY_MAY_SEE), f"{name_of(path)}: {name}"


def test_dagster_stays_in_orchestration() -> None:
    for path in MODULES:
        if not name_of(path).startswith("orchestration"):
            assert not {n for n in list_imports(path) if n.split(".")[0].startswith("dagster")}, name_of(path)


def test_great_expectations_stays_in_quality_and_is_imported_where_it_is_used() -> None:
    using = [path for path in MODULES if any(n.startswith("great_expectations") for n in list_imports(path))]
    assert using, "nobody uses Great Expectations any more"
    for path in using:
        assert name_of(path).startswith("quality"), name_of(path)
        at_top = list_imports(path, at_module_level=True)
        assert not any(n.startswith("great_expectations") for n in at_top), f"{name_of(path)} imports it at the top"


def test_no_circles() -> None:
    names = {name_of(path): path for path in MODULES}
    arrows: dict[str, set[str]] = {}
    for name, path in names.items():
        found = list_imports(path)
        # A package's door imports what lies behind it; the modules behind must not go round by the door.
        arrows[name] = {n for n in found if n in names and n != name}
    done: set[str] = set()

    def walk(name: str, trail: tuple[str, ...]) -> None:
        assert name not in trail, " -> ".join((*trail[trail.index(name) :], name))
        if name in done:
            return
        for following in sorted(arrows[name]):
            walk(following, (*trail, name))
        done.add(name)

    for name in names:
        walk(name, ())


def test_only_dbt_opens_the_warehouse() -> None:
    for path in MODULES:
        text = path.read_text("utf-8")
        assert ".duckdb" not in text, f"{name_of(path)} names a database file"
        if any(name.split(".")[0] == "duckdb" for name in list_imports(path)):
            # The bench times a plain script beside the pipeline; neither opens the warehouse.
            allowed = ("quality", "orchestration.bench")
            assert name_of(path).startswith(allowed), f"{name_of(path)} has no need of DuckDB"
            assert "from duckdb" not in text, f"{name_of(path)}: write duckdb.connect, so that it can be seen"
        for call in re.findall(r"duckdb\.connect\(([^)]*)\)", text):
            assert call.strip() in ("", '":memory:"') or call.startswith(("config", '":memory:", ')), name_of(path)


def test_the_site_reads_published_tables_only() -> None:
    for path in (ROOT / "site_builder").rglob("*.py"):
        text = path.read_text("utf-8")
        for door in ("records", "findings", "identities", "landing", "config"):
            assert f'"{door}/' not in text, f"{name_of(path)} reads lake/{door}"
            assert f'/ "{door}"' not in text, f"{name_of(path)} reads lake/{door}"


def test_dbt_is_told_the_lake_and_nothing_else() -> None:
    told = set()
    for path in (ROOT / "dbt_project").rglob("*"):
        if path.suffix in (".sql", ".yml") and "target" not in path.relative_to(ROOT).parts:
            text = path.read_text("utf-8")
            told |= set(re.findall(r"env_var\(\s*'([^']+)'", text))
            assert not re.search(r"\bvar\(", text), path.name
    assert told == {"PLUMBLINE_LAKE"}


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_modules_say_what_lives_in_them_and_stay_small(path: Path) -> None:
    text = path.read_text("utf-8")
    assert ast.get_docstring(ast.parse(text)), "no opening paragraph"
    assert len(text.splitlines()) <= MOST_LINES, "too long: split it by meaning"
    assert not VAGUE.search(path.stem), "a vague name"
