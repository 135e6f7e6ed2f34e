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

from orchestration.assets import configuration, make_published_assets, make_records_asset, make_warehouse_asset
from orchestration.freshness_checks import make_freshness_checks
from orchestration.open_home import try_to_open
from orchestration.schedule import make_schedules
from orchestration.sensor import make_inbox_sensor
from orchestration.trust_home import TrustHome
from orchestration.warehouse import prepare_manifest

REFRESH = "refresh"


def build_definitions(home: Path | None) -> Definitions:
    """Return the definitions for a home (its schools are the partitions, its trust.yml says when), or for none."""
    manifest = json.loads(prepare_manifest().read_text("utf-8"))
    opened = try_to_open(home)
    trust = opened.home.trust if opened else None
    urns = [school.urn for school in opened.home.schools] if opened else []
    records = make_records_asset(StaticPartitionsDefinition(urns))
    assets = [records, configuration, make_warehouse_asset(manifest), *make_published_assets(manifest)]
    # The whole line in one process: a second process would only pay the imports again (see docs/decisions.md).
    job = define_asset_job(
        REFRESH,
        selection=AssetSelection.all(),
        executor_def=in_process_executor,
        description="Read every inbox (or one school's, as a partition), check, compute and publish.",
    )
    return Definitions(
        assets=assets,
        asset_checks=[make_freshness_checks()],
        jobs=[job],
        schedules=make_schedules(trust.schedule if trust else None, REFRESH),
        sensors=[make_inbox_sensor(home, trust.sensor if trust else None, REFRESH)] if home else [],
        resources={"trust_home": TrustHome()},
        executor=in_process_executor,
    )

