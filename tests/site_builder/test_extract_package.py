"""datapackage.json: valid by the standard's own validator, true to the bytes beside it, and fit to find a fault."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from frictionless import Package

from site_builder.extract_column import FILE_SYMBOLS
from site_builder.extract_columns import EXTRACTS

FOLDERS = ["site/data", "extracts"]


def find_faults(folder: Path) -> set[str]:
    report = Package(str(folder / "datapackage.json")).validate()
    return {error.type for error in report.errors} | {error.type for task in report.tasks for error in task.errors}


@pytest.mark.parametrize("folder", FOLDERS)
def test_the_package_is_valid_and_lists_every_file(tiny_release: Path, folder: str) -> None:
    assert find_faults(tiny_release / folder) == set()
    package = json.loads((tiny_release / folder / "datapackage.json").read_text("utf-8"))
    assert package["$schema"] == "https://datapackage.org/profiles/2.0/datapackage.json"
    resources = {resource["path"]: resource for resource in package["resources"]}
    assert {*resources, "datapackage.json"} == {
        path.name for path in (tiny_release / folder).iterdir() if path.is_file()
    }
    for name, resource in resources.items():
        data = (tiny_release / folder / name).read_bytes()
        assert resource["bytes"] == len(data)
        assert resource["hash"] == f"sha256:{hashlib.sha256(data).hexdigest()}"


@pytest.mark.parametrize("folder", FOLDERS)
@pytest.mark.parametrize("stem", EXTRACTS)
def test_figures_have_labelled_kinds_of_missing_and_filters_have_none(
    tiny_release: Path, folder: str, stem: str
) -> None:
    package = json.loads((tiny_release / folder / "datapackage.json").read_text("utf-8"))
    schema = next(r for r in package["resources"] if r["path"] == f"{stem}.csv")["schema"]
    assert {m["value"]: m["label"] for m in schema["missingValues"]} == {"": "missing", **FILE_SYMBOLS}
    fields = {field["name"]: field for field in schema["fields"]}
    assert fields["value"]["type"] == "number"
    assert "missingValues" not in fields["value"]
    assert fields["subject"]["missingValues"] == []
    assert fields["pupil_count"]["type"] == "integer"
    assert schema["foreignKeys"][0]["reference"]["resource"] == "kpis"


def edit_cell(folder: Path, name: str, seen: str, put: str) -> None:
    """Change the first such cell of a file, and the package's hash of it, so that only the cell is wrong."""
    path = folder / name
    data = path.read_text("utf-8")
    assert seen in data
    path.write_text(data.replace(seen, put, 1), "utf-8")
    package: dict[str, Any] = json.loads((folder / "datapackage.json").read_text("utf-8"))
    for resource in package["resources"]:
        if resource["path"] == name:
            resource["bytes"] = path.stat().st_size
            resource["hash"] = f"sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}"
    (folder / "datapackage.json").write_text(json.dumps(package), "utf-8")


@pytest.mark.parametrize(
    ("seen", "put", "fault"),
    [
        (",above,", ",sideways,", "constraint-error"),
        (",96.551724,", ",196.551724,", "constraint-error"),
        (",28,", ",some,", "type-error"),
        ("judgement_coverage,Total", "unheard_of,Total", "foreign-key"),
    ],
)
def test_a_fault_in_a_file_is_found(tiny_release: Path, tmp_path: Path, seen: str, put: str, fault: str) -> None:
    folder = tmp_path / "extracts"
    shutil.copytree(tiny_release / "extracts", folder)
    edit_cell(folder, "trust_kpi_school.csv", seen, put)
    assert find_faults(folder) == {fault}


def test_a_changed_byte_and_a_row_twice_are_found(tiny_release: Path, tmp_path: Path) -> None:
    folder = tmp_path / "extracts"
    shutil.copytree(tiny_release / "extracts", folder)
    rows = (folder / "trust_kpi_mat.csv").read_text("utf-8").splitlines(keepends=True)
    edit_cell(folder, "trust_kpi_mat.csv", rows[1], rows[1] * 2)
    (folder / "dictionary.csv").write_bytes((folder / "dictionary.csv").read_bytes().replace(b"Always", b"always"))
    assert find_faults(folder) == {"primary-key", "hash-count"}
