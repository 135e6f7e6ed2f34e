-- Quality checks and their outcome by school.
select
    urn,
    check_name,
    kind,
    title,
    severity,
    outcome,
    observed,
    expected,
    remedy,
    cast(rows_affected as bigint) as rows_affected
from {{ source('findings', 'checks') }}
