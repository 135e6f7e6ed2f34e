"""Assembly: everything Dagster is shown, put together for a home, or for none.

Here lives assembly only; the assets are in `assets`. What `workspace.yaml` points at is `definitions`.
"""

from __future__ import annotations

import json
from pathlib import Path

from dagster import (
    AssetSelection,
    Definitions,
    StaticPartitionsDefinition,
    define_asset_job,
    in_process_executor,
)

from ingest.home import ConfigurationError
from orchestration.assets import configuration, make_published_assets, make_records_asset, make_warehouse_asset
from orchestration.open_home import open_home
from orchestration.trust_home import TrustHome
from orchestration.warehouse import prepare_manifest

REFRESH = "refresh"


def build_definitions(home: Path | None) -> Definitions:
    """Return the definitions for a home (its schools are the partitions), or for none."""
    manifest = json.loads(prepare_manifest().read_text("utf-8"))
    records = make_records_asset(StaticPartitionsDefinition(list_schools(home)))
    assets = [records, configuration, make_warehouse_asset(manifest), *make_published_assets(manifest)]
    # The whole line in one process: a second process would only pay the imports again (see docs/decisions.md).
    job = define_asset_job(
        REFRESH,
        selection=AssetSelection.all(),
        executor_def=in_process_executor,
        description="Read every inbox (or one school's, as a partition), check, compute and publish.",
    )
    return Definitions(assets=assets, jobs=[job], resources={"trust_home": TrustHome()}, executor=in_process_executor)


def list_schools(home: Path | None) -> list[str]:
    """Return the URNs of a home's register; none when there is no home or it cannot be opened yet."""
    if home is None:
        return []
    try:
        return [school.urn for school in open_home(home).home.schools]
    except ConfigurationError:
        return []  # the run itself will say what is wrong, with file and line
