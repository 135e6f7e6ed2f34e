-- Records of each file by the bucket ingest put them in.
select
    urn,
    receipt_id,
    kind,
    bucket,
    reason,
    related_receipt_id,
    cast(records as bigint) as records
from {{ source('findings', 'record_counts') }}
