-- Live judgements of curriculum statements: one row per pupil, school, statement and day.
select
    judgements.record_id,
    judgements.urn,
    judgements.receipt_id,
    cast(judgements.file_row as bigint) as file_row,
    judgements.source_column,
    coalesce(keys.pupil_key, judgements.pupil_key) as pupil_key,
    judgements.academic_year,
    judgements.year_group,
    judgements.subject,
    judgements.framework,
    judgements.statement,
    cast(judgements.judged_on as date) as judged_on,
    judgements.value
from {{ source('records', 'judgements') }} as judgements
left join {{ ref('int_pupil_keys') }} as keys
    on judgements.pupil_key = keys.former_key
