-- Things a person should put right in a file, found by ingest.
select
    urn,
    receipt_id,
    file_name,
    cast(file_row as bigint) as file_row,
    field,
    code,
    severity,
    seen,
    expected,
    remedy,
    cast(records_held as bigint) as records_held
from {{ source('findings', 'fix_list') }}
