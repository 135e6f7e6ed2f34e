-- Grain: one row per school of the register and day of the trust's attendance years (1 August to 31 July).
-- Where a mark of that day belongs: its week, and the half-term in whose dates it lies, else the nearest earlier one
-- of the same year, else the first. Terms are pairs of half-terms.
with half_terms as (
    select
        urn,
        academic_year,
        half_term,
        term,
        starts,
        ends,
        lead(starts) over (partition by urn, academic_year order by starts) as next_starts,
        row_number() over (partition by urn, academic_year order by starts) = 1 as is_first
    from {{ ref('stg_half_terms') }}
),

years as (
    select
        academic_year,
        {{ attendance_year_starts('academic_year') }} as first_day,
        {{ attendance_year_ends('academic_year') }} as last_day
    from {{ ref('stg_academic_years') }}
),

days as (
    select
        academic_year,
        {{ each_day('first_day', 'last_day') }} as session_date
    from years
)

select
    schools.urn,
    days.session_date,
    days.academic_year,
    {{ week_of('days.session_date') }} as week_begins,
    half_terms.half_term,
    half_terms.term,
    coalesce(days.session_date between half_terms.starts and half_terms.ends, false) as is_in_term,
    {{ days_between(week_of('days.session_date'), 'days.session_date') }} >= 5 as is_weekend,
    days.session_date <= run.as_of as is_past
from days
cross join {{ ref('stg_schools') }} as schools
cross join {{ ref('stg_run') }} as run
left join half_terms
    on
        schools.urn = half_terms.urn
        and days.academic_year = half_terms.academic_year
        and (half_terms.is_first or days.session_date >= half_terms.starts)
        and (half_terms.next_starts is null or days.session_date < half_terms.next_starts)
