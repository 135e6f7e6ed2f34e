"""Builds the tiny trust's warehouse with real dbt, once a session, and publishes it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.dbt_project.attended_trust import Attended, build_attended
from tests.dbt_project.lake_files import read_lake, write_lake
from tests.dbt_project.tiny_trust import make_tiny_trust
from tests.dbt_project.warehouse_run import Built, Warehouse, failures


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """The tiny trust, built and published once. Its folder has a space, brackets and an apostrophe in its name."""
    home = tmp_path_factory.mktemp("tiny")
    lake = home / "Little Wood's lake (2025)"
    write_lake(lake, make_tiny_trust())
    warehouse = Warehouse(lake, home)
    result = warehouse.dbt("build")
    assert result.success, result.exception or "\n".join(failures(result))
    return Built(read_lake(lake), warehouse, warehouse.publish(), result)


@pytest.fixture(scope="session")
def attended(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Attended]:
    """Build the attendance trust's warehouse once, up to what attendance is published in, with its tests."""
    with build_attended(tmp_path_factory.mktemp("attended")) as attended_trust:
        yield attended_trust
