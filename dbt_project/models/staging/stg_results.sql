-- Live results: one row per pupil, subject, assessment and collection, as the school recorded it.
select
    results.record_id,
    results.urn,
    results.receipt_id,
    cast(results.file_row as bigint) as file_row,
    results.source_column,
    coalesce(keys.pupil_key, results.pupil_key) as pupil_key,
    results.academic_year,
    results.year_group,
    results.subject,
    results.assessment,
    results.result_type,
    results.window_label,
    {{ label_key('results.window_label') }} as label_key,
    cast(results.assessed_on as date) as assessed_on,
    results.value,
    cast(results.mark as decimal(18, 4)) as mark
from {{ source('records', 'results') }} as results
left join {{ ref('int_pupil_keys') }} as keys
    on results.pupil_key = keys.former_key
