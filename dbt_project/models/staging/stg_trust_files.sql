-- One row per file that holds several schools.
select
    file_name,
    file_sha256,
    cast(first_seen_on as date) as first_seen_on,
    format,
    format_title,
    outcome,
    reason,
    remedy,
    cast(schools as bigint) as schools,
    cast(rows_total as bigint) as rows_total,
    cast(rows_layout as bigint) as rows_layout,
    cast(rows_of_schools as bigint) as rows_of_schools,
    cast(rows_of_no_school as bigint) as rows_of_no_school
from {{ source('findings', 'trust_files') }}
