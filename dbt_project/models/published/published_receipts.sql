-- Grain: one row per file received.
-- Every file with what became of it: rows, records, and how many of them are used.
with counted as (
    select
        urn,
        receipt_id,
        sum(records) as records,
        sum(case when bucket = 'used' then records else 0 end) as records_used
    from {{ ref('int_record_buckets') }}
    group by urn, receipt_id
)

select
    receipts.urn,
    coalesce(schools.name, 'Not on the register') as school_name,
    receipts.receipt_id,
    receipts.arrival,
    receipts.file_name,
    receipts.format,
    receipts.format_title,
    receipts.outcome,
    receipts.reason,
    receipts.remedy,
    receipts.first_seen_on,
    receipts.exported_on,
    receipts.rows_total,
    receipts.rows_layout,
    receipts.rows_with_records,
    receipts.rows_without_values,
    cast(coalesce(counted.records, 0) as bigint) as records,
    cast(coalesce(counted.records_used, 0) as bigint) as records_used,
    receipts.in_inbox
from {{ ref('stg_receipts') }} as receipts
left join {{ ref('stg_schools') }} as schools
    on receipts.urn = schools.urn
left join counted
    on
        receipts.urn = counted.urn
        and receipts.receipt_id = counted.receipt_id
