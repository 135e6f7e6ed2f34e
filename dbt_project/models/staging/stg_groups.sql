-- Live group memberships: one row per pupil, school, group set, group and academic year.
select
    record_id,
    urn,
    receipt_id,
    cast(file_row as bigint) as file_row,
    source_column,
    pupil_key,
    academic_year,
    group_type,
    group_set,
    group_name,
    cast(start_date as date) as start_date,
    cast(end_date as date) as end_date
from {{ source('records', 'groups') }}
