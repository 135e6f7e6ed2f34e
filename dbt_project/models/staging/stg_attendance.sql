-- Live marks of the register: one row per pupil, school, day and session.
select
    marks.record_id,
    marks.urn,
    marks.receipt_id,
    cast(marks.file_row as bigint) as file_row,
    marks.source_column,
    coalesce(keys.pupil_key, marks.pupil_key) as pupil_key,
    cast(marks.session_date as date) as session_date,
    marks.session,
    {{ mark_key('marks.mark_code') }} as mark_code,
    cast(marks.minutes_late as integer) as minutes_late
from {{ source('records', 'attendance') }} as marks
left join {{ ref('int_pupil_keys') }} as keys
    on marks.pupil_key = keys.former_key
