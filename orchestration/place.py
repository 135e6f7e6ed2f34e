"""Place: where the project's own parts lie and which versions of everything are at work.

Here live paths of the code, the hash of it, and the names of measures the warehouse declares. Paths of a trust
home do not live here (see `ingest.home`).
"""

from __future__ import annotations

import hashlib
import platform
from functools import cache
from importlib.metadata import version
from pathlib import Path

import yaml

PROJECT = Path(__file__).resolve().parent.parent
DBT_PROJECT = PROJECT / "dbt_project"
ROOMS = ("ingest", "quality", "dbt_project", "site_builder", "orchestration")

_CODE = {".py", ".sql", ".yml", ".csv", ".html", ".css", ".js", ".txt"}
_NOT_CODE = {"target", "logs", "__pycache__"}
# What could change a byte of a release besides our own code.
_TOOLS = ("dbt-core", "dbt-duckdb", "duckdb", "great-expectations", "jinja2", "pandas", "pyarrow", "python-calamine")


def list_code() -> list[Path]:
    """Return every file of ours that takes part in making a release, in order."""
    return [
        path
        for room in ROOMS
        for path in sorted((PROJECT / room).rglob("*"))
        if path.suffix in _CODE and path.is_file() and not _NOT_CODE & set(path.relative_to(PROJECT).parts)
    ]


@cache
def hash_code() -> str:
    """Return one SHA-256 over the names and bytes of all code."""
    digest = hashlib.sha256()
    for path in list_code():
        digest.update(path.relative_to(PROJECT).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


@cache
def list_versions() -> dict[str, str]:
    """Return the versions of the tools that make a release."""
    return {"python": platform.python_version(), **{tool: version(tool) for tool in _TOOLS}}


@cache
def list_measures() -> frozenset[str]:
    """Return the measures KPI files may name, as the warehouse's own descriptions declare them.

    Raises RuntimeError when none is declared: then the descriptions are broken, not the KPI files.
    """
    found = set()
    for path in sorted((DBT_PROJECT / "models" / "measures").glob("*.yml")):
        for model in (yaml.safe_load(path.read_text("utf-8")) or {}).get("models", []):
            for column in model.get("columns", []):
                if ((column.get("config") or {}).get("meta") or {}).get("measure"):
                    found.add(column["name"])
    if not found:
        raise RuntimeError("no measure is declared in dbt_project/models/measures/*.yml")
    return frozenset(found)
