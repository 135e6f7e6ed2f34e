"""Assets: what the trust has, each made from those before it, with the checks that guard them.

Here lives the wiring only: each asset calls one room and hands its counts to Dagster. An asset has the name of
its table. No value of a pupil goes into an event: counts and names of columns, formats and schools do.
"""

import json
import logging
from collections.abc import Iterator, Mapping
from typing import Any

from dagster import (
    AssetCheckResult,
    AssetCheckSeverity,
    AssetCheckSpec,
    AssetExecutionContext,
    AssetKey,
    AssetsDefinition,
    AssetSpec,
    BackfillPolicy,
    MaterializeResult,
    MetadataValue,
    PartitionsDefinition,
    TableColumn,
    TableRecord,
    TableSchema,
    asset,
    multi_asset,
)
from dagster_dbt import DagsterDbtTranslator, dbt_assets
from dagster_dbt.core.dbt_cli_event import DbtCoreCliEventMessage

import orchestration.warehouse as dbt_warehouse
from ingest import settle, take_in, write_candidates
from ingest.contract import FINDING_TABLES, RECORD_KINDS
from ingest.home import write_config
from ingest.home.config_tables import CONFIG_TABLES
from orchestration.lake_counts import describe_files, describe_published
from orchestration.release import make_release
from orchestration.screen import NAMES, SAME
from orchestration.trust_home import TrustHome
from quality import CheckResult, Thresholds, check_candidates, list_checks, verdict, write_checks

log = logging.getLogger("plumbline.run")
# For the screen of the person who typed the command: a name may be a pupil's, so Dagster must not keep it.
names = logging.getLogger(NAMES)

RECORD_KEYS = [AssetKey(["records", kind]) for kind in RECORD_KINDS]
FINDING_KEYS = [AssetKey(["findings", table]) for table in FINDING_TABLES]
CONFIG_KEYS = [AssetKey(["config", table]) for table in CONFIG_TABLES]


def _check_key(kind: str) -> AssetKey:
    return AssetKey(["records", kind]) if kind in RECORD_KINDS else AssetKey(["findings", "receipts"])


def make_records_asset(schools: PartitionsDefinition[str]) -> AssetsDefinition:
    """Return the asset that lands, checks and settles what schools sent; a partition is a school."""

    @multi_asset(
        name="records",
        specs=[AssetSpec(key, group_name="ingest") for key in (*RECORD_KEYS, *FINDING_KEYS)],
        check_specs=[
            AssetCheckSpec(c.check_name, asset=_check_key(c.kind), description=c.title) for c in list_checks()
        ],
        partitions_def=schools,
        backfill_policy=BackfillPolicy.single_run(),
    )
    def records(
        context: AssetExecutionContext, trust_home: TrustHome
    ) -> Iterator[MaterializeResult | AssetCheckResult]:  # type: ignore[type-arg]
        opened, day = trust_home.opened, trust_home.day
        urns = _find_schools(context, trust_home)
        log.info("Reading the inboxes of %s", "all schools" if urns is None else f"{len(urns)} school(s)")
        if urns is None:
            trust_home.steps.begin(opened, day, trust_home.inbox_folder)
        intake = take_in(opened.home, opened.formats, opened.secret, day, inbox=trust_home.inbox_folder, urns=urns)
        if intake.strays:
            log.warning("%d thing(s) in the inbox lie in no school's folder and are not read", len(intake.strays))
        for stray in intake.strays:
            names.warning("%s", stray)
        trust_home.purged.extend(intake.purged)
        log.info("Checking what was sent")
        candidates = write_candidates(opened.home, intake, day)
        results = check_candidates(
            candidates / "records",
            candidates / "findings",
            Thresholds(
                as_of=day,
                refused_percent_held=opened.home.trust.quality.refused_percent_held,
                matched_percent_least=opened.home.trust.quality.matched_percent_least,
                roll_drop_percent_held=opened.home.trust.quality.roll_drop_percent_held,
                smaller_rolls_agreed=tuple(opened.home.trust.quality.smaller_rolls_agreed),
            ),
            sorted(intake.schools),
            last_accepted=candidates / "last_accepted" / "records",
        )
        held = {
            urn: "These checks did not pass: " + "; ".join(said.held_by) + "."
            for urn, said in verdict(results).items()
            if not said.accepted
        }
        settled = settle(opened.home, intake, held, day)
        write_checks(results, opened.home.lake / "findings")
        outcomes = {outcome for tables in settled.values() for outcome in tables.findings["receipts"]["outcome"]}
        trust_home.steps.judge(outcomes, has_loose_ends=intake.has_loose_ends)
        trust_home.steps.finish("records")
        for urn, tables in settled.items():
            receipts = tables.findings.get("trust_files", tables.findings["receipts"])
            if len(receipts):
                outcomes = receipts["outcome"].value_counts().to_dict()
                log.info("%s: %s", urn, ", ".join(f"{count} {name}" for name, count in sorted(outcomes.items())))
        files = describe_files(opened.home)
        for key, kind in zip(RECORD_KEYS, RECORD_KINDS, strict=True):
            rows = {urn: len(t.records.get(kind, ())) for urn, t in settled.items()}
            with_some = sum(1 for n in rows.values() if n)
            yield MaterializeResult(
                asset_key=key,
                metadata={"dagster/row_count": sum(rows.values()), "schools with data": with_some, **files},
            )
        for key, table in zip(FINDING_KEYS, FINDING_TABLES, strict=True):
            count = len(results) if table == "checks" else sum(len(t.findings.get(table, ())) for t in settled.values())
            more = files if table == "receipts" else {}
            yield MaterializeResult(
                asset_key=key, metadata={"dagster/row_count": count, "held": sorted(held), **more}
            )
        yield from _report_checks(results)

    return records


def _find_schools(context: AssetExecutionContext, trust_home: TrustHome) -> list[str] | None:
    """Return the URNs this run looks at: those named, else the run's partitions, else None for all."""
    if trust_home.schools:
        return list(trust_home.schools)
    return list(context.partition_keys) if context.has_partition_key or context.has_partition_key_range else None


def _report_checks(results: list[CheckResult]) -> Iterator[AssetCheckResult]:
    """Yield one result a check, with a row of counts a school."""
    for spec in list_checks():
        mine = [result for result in results if result.check_name == spec.check_name]
        wrong = [result for result in mine if result.outcome in ("failed", "error")]
        outcomes = sorted({result.outcome for result in mine})
        yield AssetCheckResult(
            check_name=spec.check_name,
            asset_key=_check_key(spec.kind),
            passed=not wrong and bool(mine),
            # A school's trouble is that school's: it is held by the verdict, and never stops the run.
            severity=AssetCheckSeverity.WARN,
            metadata={
                "outcomes": ", ".join(outcomes) or "no school was checked",
                "schools": MetadataValue.table(
                    records=[
                        TableRecord(
                            {"urn": r.urn, "outcome": r.outcome, "observed": r.observed, "rows": r.rows_affected}
                        )
                        for r in wrong
                    ],
                    schema=TableSchema(
                        [
                            TableColumn("urn"),
                            TableColumn("outcome"),
                            TableColumn("observed"),
                            TableColumn("rows", "int"),
                        ]
                    ),
                ),
            },
        )


@multi_asset(name="configuration", specs=[AssetSpec(key, group_name="home") for key in CONFIG_KEYS])
def configuration(trust_home: TrustHome) -> Iterator[MaterializeResult]:  # type: ignore[type-arg]
    """The trust's own configuration, as tables."""
    opened = trust_home.opened
    write_config(opened.home, trust_home.day, opened.secret.key_id)
    trust_home.steps.finish("configuration")
    for key in CONFIG_KEYS:
        yield MaterializeResult(asset_key=key)


class _Translator(DagsterDbtTranslator):
    """Assets are named as their tables, without the schema."""

    def get_asset_key(self, dbt_resource_props: Mapping[str, Any]) -> AssetKey:
        if dbt_resource_props["resource_type"] == "source":
            return super().get_asset_key(dbt_resource_props)
        return AssetKey(dbt_resource_props["name"])

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str | None:
        return str(dbt_resource_props["fqn"][1]) if len(dbt_resource_props["fqn"]) > 2 else "warehouse"


TRANSLATOR = _Translator()


def make_warehouse_asset(manifest: Mapping[str, Any]) -> AssetsDefinition:
    """Return the dbt models and tests as assets and checks, built in this process."""

    @dbt_assets(manifest=manifest, name="warehouse", dagster_dbt_translator=TRANSLATOR)
    def warehouse(context: AssetExecutionContext, trust_home: TrustHome) -> Iterator[Any]:
        log.info("Working out the figures")
        events: list[dict[str, Any]] = []
        failure: dbt_warehouse.WarehouseError | None = None
        try:
            dbt_warehouse.build(trust_home.opened.home.lake, events.append)
            trust_home.steps.finish("warehouse")
        except dbt_warehouse.WarehouseError as error:
            failure = error
        for event in events:
            message = DbtCoreCliEventMessage(raw_event=event, event_history_metadata={})
            if message.is_result_event:
                yield from message.to_default_asset_events(manifest, TRANSLATOR, context)
        if failure:
            raise failure

    return warehouse


def make_published_assets(manifest: Mapping[str, Any]) -> list[AssetsDefinition]:
    """Return the two last assets: the published tables in the lake, and the release made from them."""
    tables = [
        AssetKey(node["name"])
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model" and node["name"].startswith("published_")
    ]

    @asset(deps=tables, group_name="release")
    def published(trust_home: TrustHome) -> MaterializeResult:  # type: ignore[type-arg]
        """The tables other rooms may read, copied once all their tests have passed."""
        folder = dbt_warehouse.publish(trust_home.opened.home.lake)
        trust_home.steps.finish("published")
        tables = len(list(folder.glob("*.parquet")))
        return MaterializeResult(metadata={"tables": tables, **describe_published(trust_home.opened.home)})

    @asset(deps=[published], group_name="release")
    def release(trust_home: TrustHome) -> MaterializeResult:  # type: ignore[type-arg]
        """The site, packs, extracts and manifest, put in place as one."""
        log.info("Making the pages and files")
        made = make_release(trust_home.opened, trust_home.day, trust_home.purged)
        trust_home.steps.keep(trust_home.opened, made_new=made.summary is not None)
        if made.summary is None:
            log.info(SAME, made.release_id)
        else:
            log.info("Release %s is current", made.release_id)
        return MaterializeResult(
            metadata={
                "release": made.release_id,
                "site": f"releases/{made.release_id}/site/index.html",
                "new": made.summary is not None,
                "pages": made.summary.pages if made.summary else 0,
                "figures": json.dumps(dict(made.summary.cells)) if made.summary else "",
                "figures hidden": json.dumps(dict(made.summary.cells_hidden)) if made.summary else "",
            }
        )

    return [published, release]
