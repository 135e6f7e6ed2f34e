"""Warehouse: dbt in this process, told nothing but where the lake is.

Here live the parse that gives Dagster its manifest, the build, and the copy of what passed to `lake/published`.
What dbt computes lives in `dbt_project`. Nobody else opens the warehouse.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from filelock import FileLock

from orchestration.place import DBT_PROJECT, hash_code, list_versions

TARGET = DBT_PROJECT / "target"
RESULTS = ("LogModelResult", "LogSeedResult", "LogTestResult", "NodeFinished")


class WarehouseError(Exception):
    """dbt did not finish, or one of its tests failed. The text names nodes, never a value."""


def prepare_manifest() -> Path:
    """Return the manifest of the project as it is now, parsing it when a file has changed since."""
    manifest = TARGET / "manifest.json"
    TARGET.mkdir(exist_ok=True)
    made_for = TARGET / "made_for"
    with FileLock(TARGET / ".lock"):
        now = hash_code() + list_versions()["dbt-core"]
        if not manifest.exists() or not made_for.exists() or made_for.read_text("utf-8") != now:
            _invoke(["parse"], TARGET)
            made_for.write_text(now, "utf-8")
    return manifest


def _read_project() -> Any:
    """Return the project as dbt reads it, the same for every lake: from what the last parse kept, so in a moment."""
    prepare_manifest()
    with FileLock(TARGET / ".lock"):
        return _invoke(["parse", "--no-write-json"], TARGET)


def build(lake: Path, on_event: Callable[[dict[str, Any]], None] | None = None) -> None:
    """Build all models and run all tests of data over `lake`. Raises WarehouseError naming what failed.

    dbt's unit tests hold the code and not a lake; the suite runs those.
    `on_event` is given the result of each model, seed and test, in the form of dbt's JSON log.
    """
    with _told_of(lake):
        words = ["build", "--no-write-json", "--exclude-resource-type", "unit_test"]
        _invoke(words, lake / "dbt", _read_project(), on_event)


def publish(lake: Path) -> Path:
    """Copy the published tables beside, then put them in place; return the folder.

    A folder cannot replace a folder in one step, so the old one is moved aside for the moment between; a reader
    of releases never looks here.
    """
    following, published, former = lake / "published.next", lake / "published", lake / "published.former"
    for folder in (following, former):
        shutil.rmtree(folder, ignore_errors=True)
    following.mkdir()
    with _told_of(lake):
        words = ["run-operation", "publish", "--no-write-json", "--args", json.dumps({"next_folder": str(following)})]
        _invoke(words, lake / "dbt", _read_project())
    if not any(following.glob("*.parquet")):
        raise WarehouseError("dbt published no table")
    if published.exists():
        published.replace(former)
    following.replace(published)
    shutil.rmtree(former, ignore_errors=True)
    return published


@contextmanager
def _told_of(lake: Path) -> Iterator[None]:
    before = os.environ.get("PLUMBLINE_LAKE")
    os.environ["PLUMBLINE_LAKE"] = str(lake.resolve())
    try:
        yield
    finally:
        if before is None:
            del os.environ["PLUMBLINE_LAKE"]
        else:
            os.environ["PLUMBLINE_LAKE"] = before


def _invoke(
    words: list[str], work: Path, project: Any = None, on_event: Callable[[dict[str, Any]], None] | None = None
) -> Any:
    """Run one dbt command and return its result; dbt reads the project itself where it is not given."""
    from dbt.cli.main import dbtRunner
    from google.protobuf.json_format import MessageToDict

    failed: list[str] = []

    def hear(event: Any) -> None:
        # A build says thousands of things; turning each into a dictionary would take longer than the build.
        if event.info.name not in RESULTS:
            return
        said = MessageToDict(event, preserving_proto_field_name=True)
        node = said.get("data", {}).get("node_info", {})
        if node.get("node_status") in ("error", "fail"):
            failed.append(node["node_name"])
        if on_event:
            on_event(said)

    work.mkdir(parents=True, exist_ok=True)
    result = dbtRunner(manifest=project, callbacks=[hear]).invoke(
        [
            *words,
            "--project-dir", str(DBT_PROJECT), "--profiles-dir", str(DBT_PROJECT),
            "--target-path", str(work), "--log-path", str(work),
            "--log-level", "none", "--log-level-file", "none", "--no-send-anonymous-usage-stats",
        ]
    )  # fmt: skip
    if not result.success:
        # dbt's own text may quote a value; what Dagster keeps for ever gets names only.
        names = ", ".join(dict.fromkeys(failed)) or f"the project itself ({type(result.exception).__name__})"
        raise WarehouseError(f"dbt {words[0]} failed at: {names}") from None
    return result.result
