-- Live enrolment records: one row per pupil, school and academic year, or characteristics without a year.
select
    record_id,
    urn,
    receipt_id,
    cast(file_row as bigint) as file_row,
    source_column,
    pupil_key,
    academic_year,
    year_group,
    sex,
    enrolment_status,
    cast(start_date as date) as start_date,
    cast(end_date as date) as end_date
from {{ source('records', 'pupils') }}
