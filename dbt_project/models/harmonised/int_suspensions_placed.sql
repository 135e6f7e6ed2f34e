-- Grain: one row per live suspension record.
-- Each suspension in exactly one bucket: read and kept, though no KPI uses one yet.
with placed as (
    select
        suspensions.record_id,
        suspensions.urn,
        suspensions.receipt_id,
        suspensions.file_row,
        suspensions.pupil_key,
        {{ attendance_year('suspensions.starts_on') }} as academic_year,
        case
            when schools.urn is null then 'school_not_on_register'
            when years.academic_year is null then 'academic_year_not_reported'
            else 'no_kpi_uses_it'
        end as reason_code
    from {{ ref('stg_suspensions') }} as suspensions
    left join {{ ref('stg_schools') }} as schools
        on suspensions.urn = schools.urn
    left join {{ ref('stg_academic_years') }} as years
        on {{ attendance_year('suspensions.starts_on') }} = years.academic_year
)

select
    placed.record_id,
    placed.urn,
    placed.receipt_id,
    placed.file_row,
    placed.pupil_key,
    placed.academic_year,
    reasons.bucket,
    placed.reason_code,
    reasons.reason
from placed
inner join {{ ref('placing_reasons') }} as reasons
    on placed.reason_code = reasons.reason_code
