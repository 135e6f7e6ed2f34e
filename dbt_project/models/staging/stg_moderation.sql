-- Live moderation: one row per pupil, school, academic year, subject, window label and level, work judged twice.
select
    moderation.record_id,
    moderation.urn,
    moderation.receipt_id,
    cast(moderation.file_row as bigint) as file_row,
    moderation.source_column,
    coalesce(keys.pupil_key, moderation.pupil_key) as pupil_key,
    moderation.academic_year,
    moderation.year_group,
    moderation.subject,
    moderation.framework,
    moderation.window_label,
    {{ label_key('moderation.window_label') }} as label_key,
    cast(moderation.moderated_on as date) as moderated_on,
    moderation.level,
    trim(moderation.judged_value) as judged_code,
    trim(moderation.moderated_value) as moderated_code
from {{ source('records', 'moderation') }} as moderation
left join {{ ref('int_pupil_keys') }} as keys
    on moderation.pupil_key = keys.former_key
