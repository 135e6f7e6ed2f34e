-- Live suspensions and permanent exclusions: one row per pupil, school, first day and category.
select
    suspensions.record_id,
    suspensions.urn,
    suspensions.receipt_id,
    cast(suspensions.file_row as bigint) as file_row,
    suspensions.source_column,
    coalesce(keys.pupil_key, suspensions.pupil_key) as pupil_key,
    cast(suspensions.starts_on as date) as starts_on,
    cast(suspensions.ends_on as date) as ends_on,
    suspensions.category,
    cast(suspensions.sessions_lost as bigint) as sessions_lost
from {{ source('records', 'suspensions') }} as suspensions
left join {{ ref('int_pupil_keys') }} as keys
    on suspensions.pupil_key = keys.former_key
