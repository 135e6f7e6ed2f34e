-- Grain: one row per academic year, period kind (term, half_term, year_to_date) and period of attendance that is over.
-- Over means: its last day at every school with figures for it lies before the date of the run. The year to date is
-- over when the year's last half-term is.
with last_days as (
    select
        urn,
        academic_year,
        period_kind,
        period,
        ends
    from {{ ref('int_periods') }}
    where period_kind in ('term', 'half_term')
    union all
    select
        years.urn,
        years.academic_year,
        'year_to_date' as period_kind,
        'year_to_date' as period,
        coalesce(max(half_terms.ends), max(academic_years.ends)) as ends
    from {{ ref('int_school_years') }} as years
    inner join {{ ref('stg_academic_years') }} as academic_years
        on years.academic_year = academic_years.academic_year
    left join {{ ref('stg_half_terms') }} as half_terms
        on
            years.urn = half_terms.urn
            and years.academic_year = half_terms.academic_year
    group by years.urn, years.academic_year
),

with_figures as (
    select distinct
        unit_code as urn,
        academic_year,
        period_kind,
        period
    from {{ ref('kpi_shown') }}
    where geography = 'School' and symbol is null and set_apart_because is null
)

select
    last_days.academic_year,
    last_days.period_kind,
    last_days.period,
    max(last_days.ends) as closed_on
from last_days
inner join with_figures
    on
        last_days.urn = with_figures.urn
        and last_days.academic_year = with_figures.academic_year
        and last_days.period_kind = with_figures.period_kind
        and last_days.period = with_figures.period
group by last_days.academic_year, last_days.period_kind, last_days.period
having max(last_days.ends) < (select run.as_of from {{ ref('stg_run') }} as run)
