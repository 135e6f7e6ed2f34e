{{ config(meta={'dagster': {'ref': {'name': 'published_ledger'}}}) }}
-- The ledger: of each receipt and kind, what ingest accepted is what is used, unmapped or out of scope here, and
-- every record ingest counted is in exactly one bucket. A full join, so that a receipt on one side only fails too.
with counted as (
    select
        urn,
        receipt_id,
        kind,
        sum(records) as records,
        sum(case when bucket = 'accepted' then records else 0 end) as accepted
    from {{ ref('stg_record_counts') }}
    group by urn, receipt_id, kind
),

ledger as (
    select
        urn,
        receipt_id,
        kind,
        sum(records) as records,
        sum(case when bucket in ('used', 'unmapped', 'out of scope') then records else 0 end) as placed
    from {{ ref('published_ledger') }}
    group by urn, receipt_id, kind
)

select
    coalesce(counted.urn, ledger.urn) as urn,
    coalesce(counted.receipt_id, ledger.receipt_id) as receipt_id,
    coalesce(counted.kind, ledger.kind) as kind,
    counted.records as records_counted,
    ledger.records as records_in_ledger,
    counted.accepted,
    ledger.placed
from counted
full outer join ledger
    on
        counted.urn = ledger.urn
        and counted.receipt_id = ledger.receipt_id
        and counted.kind = ledger.kind
where
    coalesce(counted.records, 0) <> coalesce(ledger.records, 0)
    or coalesce(counted.accepted, 0) <> coalesce(ledger.placed, 0)
