-- One row per file received.
select
    urn,
    receipt_id,
    cast(arrival as bigint) as arrival,
    file_name,
    file_sha256,
    cast(first_seen_on as date) as first_seen_on,
    format,
    format_title,
    outcome,
    reason,
    remedy,
    cast(exported_on as date) as exported_on,
    cast(rows_total as bigint) as rows_total,
    cast(rows_layout as bigint) as rows_layout,
    cast(rows_with_records as bigint) as rows_with_records,
    cast(rows_without_values as bigint) as rows_without_values,
    cast(in_inbox as boolean) as in_inbox
from {{ source('findings', 'receipts') }}
