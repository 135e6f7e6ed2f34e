-- Grain: as kpi_values.
-- Each school's value beside the trust's pooled value under the same key. 'similar' where the trust's value lies in
-- the school's 95 % interval (or there is none); nothing else is ranked, and nothing across comparability keys.
with trust_values as (
    select *
    from {{ ref('kpi_values') }}
    where geography = 'MAT'
),

compared as (
    select
        values_.*,
        trust_values.value as trust_value,
        trust_values.pupil_count as trust_pupil_count,
        case
            when values_.geography <> 'School' or values_.pupil_count = 0 then null
            when not coalesce(school_years.is_in_trust, false) then 'not_in_trust'
            when values_.period_kind = 'year_to_date_urn' then 'own_part_of_year'
            -- None of the school's pupils counts here: they count in its successor's row of the period.
            when values_.period_kind <> 'window' and values_.pupils_counted = 0 then 'carried_to_successor'
            when coalesce(trust_values.schools_in, 0) <= 1 then 'only_school'
        end as not_compared_because
    from {{ ref('kpi_values') }} as values_
    left join {{ ref('int_school_years') }} as school_years
        on
            values_.geography = 'School'
            and values_.unit_code = school_years.urn
            and values_.academic_year = school_years.academic_year
    left join trust_values
        on
            values_.geography = 'School'
            and values_.kpi = trust_values.kpi
            and values_.kpi_version = trust_values.kpi_version
            and values_.academic_year = trust_values.academic_year
            and values_.period_kind = trust_values.period_kind
            and values_.period = trust_values.period
            and values_.year_group = trust_values.year_group
            and values_.subject = trust_values.subject
            and values_.comparability_key = trust_values.comparability_key
            and values_.breakdown_topic = trust_values.breakdown_topic
            and values_.breakdown = trust_values.breakdown
)

select
    *,
    case
        when geography <> 'School' or value is null or not_compared_because is not null then null
        when lower_95_ci is null or trust_value between lower_95_ci and upper_95_ci then 'similar'
        when value > trust_value then 'above'
        else 'below'
    end as comparison
from compared
