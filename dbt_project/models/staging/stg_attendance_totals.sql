-- Live attendance totals: one row per pupil, school, span of days and code.
select
    totals.record_id,
    totals.urn,
    totals.receipt_id,
    cast(totals.file_row as bigint) as file_row,
    totals.source_column,
    coalesce(keys.pupil_key, totals.pupil_key) as pupil_key,
    cast(totals.from_date as date) as from_date,
    cast(totals.to_date as date) as to_date,
    {{ mark_key('totals.mark_code') }} as mark_code,
    cast(totals.sessions as bigint) as sessions
from {{ source('records', 'attendance_totals') }} as totals
left join {{ ref('int_pupil_keys') }} as keys
    on totals.pupil_key = keys.former_key
