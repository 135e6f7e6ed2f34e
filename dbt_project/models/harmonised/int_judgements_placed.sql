-- Grain: one row per live judgement of a curriculum statement.
-- Each judgement in exactly one bucket: read and kept, though no KPI uses one yet.
with placed as (
    select
        judgements.record_id,
        judgements.urn,
        judgements.receipt_id,
        judgements.file_row,
        judgements.pupil_key,
        judgements.academic_year,
        case
            when schools.urn is null then 'school_not_on_register'
            when years.academic_year is null then 'academic_year_not_reported'
            else 'no_kpi_uses_it'
        end as reason_code
    from {{ ref('stg_judgements') }} as judgements
    left join {{ ref('stg_schools') }} as schools
        on judgements.urn = schools.urn
    left join {{ ref('stg_academic_years') }} as years
        on judgements.academic_year = years.academic_year
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
