-- Live results: one row per pupil, subject, assessment and collection, as the school recorded it.
select
    record_id,
    urn,
    receipt_id,
    cast(file_row as bigint) as file_row,
    source_column,
    pupil_key,
    academic_year,
    year_group,
    subject,
    assessment,
    result_type,
    window_label,
    {{ label_key('window_label') }} as label_key,
    cast(assessed_on as date) as assessed_on,
    value,
    cast(mark as decimal(18, 4)) as mark
from {{ source('records', 'results') }}
