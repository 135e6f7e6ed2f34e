-- Grain: one row per live pupil record.
-- Each pupil record in exactly one bucket. A record without a year gives characteristics only, for whatever years
-- there are, so no year can put it out of scope.
with placed as (
    select
        pupils.record_id,
        pupils.urn,
        pupils.receipt_id,
        pupils.file_row,
        pupils.pupil_key,
        pupils.academic_year,
        case
            when schools.urn is null then 'school_not_on_register'
            when pupils.academic_year is not null and years.academic_year is null
                then 'academic_year_not_reported'
        end as reason_code
    from {{ ref('stg_pupils') }} as pupils
    left join {{ ref('stg_schools') }} as schools
        on pupils.urn = schools.urn
    left join {{ ref('stg_academic_years') }} as years
        on pupils.academic_year = years.academic_year
)

select
    placed.record_id,
    placed.urn,
    placed.receipt_id,
    placed.file_row,
    placed.pupil_key,
    placed.academic_year,
    coalesce(reasons.bucket, 'used') as bucket,
    placed.reason_code,
    reasons.reason
from placed
left join {{ ref('placing_reasons') }} as reasons
    on placed.reason_code = reasons.reason_code
