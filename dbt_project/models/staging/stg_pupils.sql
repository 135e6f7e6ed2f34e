-- Live enrolment records: one row per pupil, school and academic year, or characteristics without a year.
select
    pupils.record_id,
    pupils.urn,
    pupils.receipt_id,
    cast(pupils.file_row as bigint) as file_row,
    pupils.source_column,
    coalesce(keys.pupil_key, pupils.pupil_key) as pupil_key,
    pupils.academic_year,
    pupils.year_group,
    pupils.sex,
    pupils.enrolment_status,
    cast(pupils.start_date as date) as start_date,
    cast(pupils.end_date as date) as end_date,
    cast(pupils.age_at_start as integer) as age_at_start
from {{ source('records', 'pupils') }} as pupils
left join {{ ref('int_pupil_keys') }} as keys
    on pupils.pupil_key = keys.former_key
