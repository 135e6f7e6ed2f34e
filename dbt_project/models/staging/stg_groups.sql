-- Live group memberships: one row per pupil, school, group set, group and academic year.
select
    memberships.record_id,
    memberships.urn,
    memberships.receipt_id,
    cast(memberships.file_row as bigint) as file_row,
    memberships.source_column,
    coalesce(keys.pupil_key, memberships.pupil_key) as pupil_key,
    memberships.academic_year,
    memberships.group_type,
    memberships.group_set,
    memberships.group_name,
    cast(memberships.start_date as date) as start_date,
    cast(memberships.end_date as date) as end_date
from {{ source('records', 'groups') }} as memberships
left join {{ ref('int_pupil_keys') }} as keys
    on memberships.pupil_key = keys.former_key
