-- Grain: one row per school, receipt, record kind, bucket, reason and related receipt.
-- The ledger a data manager reads: every record of every file, in exactly one bucket.
select
    buckets.urn,
    {{ school_words('buckets.urn', 'schools.name') }} as school_name,
    buckets.receipt_id,
    buckets.kind,
    buckets.bucket,
    buckets.reason,
    buckets.related_receipt_id,
    buckets.records
from {{ ref('int_record_buckets') }} as buckets
left join {{ ref('stg_schools') }} as schools
    on buckets.urn = schools.urn
