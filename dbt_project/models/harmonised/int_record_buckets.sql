-- Grain: one row per school, receipt, record kind, bucket, reason and related receipt.
-- The ledger: what ingest did not accept, and where each accepted record went here. Nothing is in two buckets.
with accepted as (
    select
        urn,
        receipt_id,
        'results' as kind,
        bucket,
        reason,
        related_receipt_id
    from {{ ref('int_results_placed') }}
    union all
    select
        urn,
        receipt_id,
        'groups' as kind,
        bucket,
        reason,
        null as related_receipt_id
    from {{ ref('int_groups_placed') }}
    union all
    select
        urn,
        receipt_id,
        'pupils' as kind,
        bucket,
        reason,
        null as related_receipt_id
    from {{ ref('int_pupils_placed') }}
    union all
    select
        urn,
        receipt_id,
        kind,
        bucket,
        reason,
        related_receipt_id
    from {{ ref('int_attendance_placed') }}
    union all
    select
        urn,
        receipt_id,
        'suspensions' as kind,
        bucket,
        reason,
        null as related_receipt_id
    from {{ ref('int_suspensions_placed') }}
    union all
    select
        urn,
        receipt_id,
        'judgements' as kind,
        bucket,
        reason,
        null as related_receipt_id
    from {{ ref('int_judgements_placed') }}
    union all
    select
        urn,
        receipt_id,
        'moderation' as kind,
        bucket,
        reason,
        related_receipt_id
    from {{ ref('int_moderation_placed') }}
)

select
    urn,
    receipt_id,
    kind,
    bucket,
    reason,
    related_receipt_id,
    cast(count(*) as bigint) as records
from accepted
group by urn, receipt_id, kind, bucket, reason, related_receipt_id
union all
select
    urn,
    receipt_id,
    kind,
    bucket,
    reason,
    related_receipt_id,
    cast(sum(records) as bigint) as records
from {{ ref('stg_record_counts') }}
where bucket <> 'accepted'
group by urn, receipt_id, kind, bucket, reason, related_receipt_id
