"""Freshness checks: each feed as a check on its records in Dagster, with a row for each school.

Here lives the wiring; what is late is read by `freshness` from what was published. A late school never stops a run.
"""

from collections.abc import Iterator

from dagster import (
    AssetCheckResult,
    AssetChecksDefinition,
    AssetCheckSeverity,
    AssetCheckSpec,
    AssetKey,
    MetadataValue,
    TableColumn,
    TableRecord,
    TableSchema,
    multi_asset_check,
)

from orchestration.freshness import FEEDS, TABLE, read_freshness
from orchestration.trust_home import TrustHome

COLUMNS = ("urn", "school", "state", "data_to", "received_on", "school_days_behind", "words")


def make_freshness_checks() -> AssetChecksDefinition:
    """Return one check a feed, to be run once the tables of the run are published."""

    @multi_asset_check(
        name="freshness",
        specs=[
            AssetCheckSpec(
                f"{kind}_came_in_time",
                asset=AssetKey(["records", kind]),
                additional_deps=[AssetKey("published")],
                description=f"{feed}: no school that should have sent by now is late.",
                blocking=False,
            )
            for feed, kind in FEEDS.items()
        ],
    )
    def freshness(trust_home: TrustHome) -> Iterator[AssetCheckResult]:
        rows = read_freshness(trust_home.opened.home.lake)
        for feed, kind in FEEDS.items():
            mine = [row for row in rows or [] if row.feed == feed]
            late = [row for row in mine if row.is_late]
            shown = [
                TableRecord(
                    {
                        "urn": row.urn,
                        "school": row.school_name,
                        "state": row.state,
                        "data_to": str(row.data_to or ""),
                        "received_on": str(row.received_on or ""),
                        "school_days_behind": "" if row.school_days_behind is None else str(row.school_days_behind),
                        "words": row.words,
                    }
                )
                for row in mine
                if row.state != "not expected"
            ]
            yield AssetCheckResult(
                check_name=f"{kind}_came_in_time",
                asset_key=AssetKey(["records", kind]),
                passed=rows is not None and not late,
                severity=AssetCheckSeverity.WARN,
                description=f"{len(late)} school(s) late" if rows is not None else f"{TABLE} was not published",
                metadata={
                    "schools late": len(late),
                    "schools": MetadataValue.table(
                        records=shown, schema=TableSchema([TableColumn(name) for name in COLUMNS])
                    ),
                },
            )

    return freshness
