"""A trust of which nothing has come yet: the first run is a release too."""

from __future__ import annotations

from pathlib import Path

from tests.dbt_project.lake_files import read_published, write_lake
from tests.dbt_project.tiny_config import make_config
from tests.dbt_project.warehouse_run import Warehouse, failures


def test_a_trust_without_a_file_is_published_without_a_number(tmp_path: Path) -> None:
    write_lake(tmp_path / "lake", make_config())
    warehouse = Warehouse(tmp_path / "lake", tmp_path)
    result = warehouse.dbt("build", "--exclude-resource-type", "unit_test")
    assert result.success, result.exception or failures(result)
    folder = warehouse.publish()
    assert read_published(folder, "published_kpi_values") == []
    assert read_published(folder, "published_ledger") == []
    assert {row["state_words"] for row in read_published(folder, "published_schools")} == {"No file has come yet."}
    (run,) = read_published(folder, "published_run")
    assert (run["schools_on_register"], run["schools_with_data"]) == (7, 0)
