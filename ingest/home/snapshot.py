"""Keeps each configuration that loaded well, so that a broken edit never stops the pipeline.

Here live the keeping of a snapshot and the return to the last good one; deciding when does not live here.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from ingest.home.home import Home, configuration_sha256, list_configuration_files, load_configuration
from ingest.home.problems import ConfigurationError

_POINTER = "last_good.json"


def keep_configuration(home: Home) -> str:
    """Copy the configuration of `home` to its history and make it the last good one; return its hash.

    Call it once everything of the configuration has been read well, the format files too. A state that is
    there already is not copied again. The snapshot is made beside its place and then moved there: one that
    exists is whole. Where a file was edited since `home` was read nothing is kept; the next run keeps the
    edit.
    """
    sha = configuration_sha256(home)
    folder = home.history / "configuration"
    if not (folder / sha).is_dir():
        beside = folder / f"{sha}.next"
        shutil.rmtree(beside, ignore_errors=True)
        for source in list_configuration_files(home.configuration):
            target = beside / source.relative_to(home.configuration)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, target)
        if not _says_the_same(home, beside, sha):
            shutil.rmtree(beside)
            return sha
        beside.replace(folder / sha)
    pointer = folder / f"{_POINTER}.next"
    pointer.write_text(json.dumps({"configuration": sha}) + "\n", encoding="utf-8")
    pointer.replace(folder / _POINTER)
    return sha


def load_last_good(home_path: Path, *, measures: frozenset[str] | None = None) -> Home | None:
    """Load a home with its last good configuration; None where none was kept or it loads no more."""
    home = home_path.expanduser().resolve()
    folder = home / "history" / "configuration"
    try:
        sha = json.loads((folder / _POINTER).read_text(encoding="utf-8"))["configuration"]
        return load_configuration(home, folder / str(sha), measures=measures)
    except (OSError, ValueError, KeyError, TypeError, ConfigurationError):
        return None


def _says_the_same(home: Home, copy: Path, sha: str) -> bool:
    try:
        return configuration_sha256(load_configuration(home.path, copy)) == sha
    except ConfigurationError:
        return False
