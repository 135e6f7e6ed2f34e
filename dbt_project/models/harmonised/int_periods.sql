-- Grain: one row per school, academic year, period kind and period.
-- The periods attendance is reported for, with their dates at that school. Weeks are those that touch a half-term,
-- and those with attendance; the year to date ends on the date of the run.
with spans as (
    select
        urn,
        academic_year,
        min(starts) as starts,
        max(ends) as ends
    from {{ ref('stg_half_terms') }}
    group by urn, academic_year
),

years as (
    select
        school_years.urn,
        school_years.academic_year,
        coalesce(spans.starts, academic_years.starts) as starts,
        coalesce(spans.ends, academic_years.ends) as ends
    from {{ ref('int_school_years') }} as school_years
    inner join {{ ref('stg_academic_years') }} as academic_years
        on school_years.academic_year = academic_years.academic_year
    left join spans
        on
            school_years.urn = spans.urn
            and school_years.academic_year = spans.academic_year
),

changed as (
    select
        urn,
        academic_year
    from {{ ref('int_attendance_heirs') }}
    union
    select
        ancestor_urn as urn,
        academic_year
    from {{ ref('int_attendance_heirs') }}
),

weeks as (
    select
        urn,
        academic_year,
        week_begins
    from {{ ref('int_school_days') }}
    where is_in_term
    union
    select
        urn,
        academic_year,
        week_begins
    from {{ ref('int_attendance_sums') }}
    where week_begins is not null
),

periods as (
    select
        urn,
        academic_year,
        'week' as period_kind,
        cast(week_begins as varchar) as period,
        concat('Week of ', {{ date_words('week_begins') }}) as period_title,
        -- Counted from the same Monday at every school, so that a week has one place everywhere.
        cast({{ days_between(week_of(attendance_year_starts('academic_year')), 'week_begins') }} / 7 as integer) + 1
            as period_sort,
        week_begins as starts,
        cast(week_begins + interval '6' day as date) as ends
    from weeks
    union all
    select
        half_terms.urn,
        half_terms.academic_year,
        'half_term' as period_kind,
        half_terms.half_term as period,
        half_terms.title as period_title,
        half_terms.sort_order as period_sort,
        half_terms.starts,
        half_terms.ends
    from {{ ref('stg_half_terms') }} as half_terms
    union all
    select
        urn,
        academic_year,
        'term' as period_kind,
        term as period,
        concat(upper(left(term, 1)), substr(term, 2), ' term') as period_title,
        case term when 'autumn' then 1 when 'spring' then 2 else 3 end as period_sort,
        min(starts) as starts,
        max(ends) as ends
    from {{ ref('stg_half_terms') }}
    group by urn, academic_year, term
    union all
    select
        years.urn,
        years.academic_year,
        'year_to_date' as period_kind,
        'year_to_date' as period,
        'Year to date' as period_title,
        1 as period_sort,
        years.starts,
        greatest(years.starts, least(years.ends, run.as_of)) as ends
    from years
    cross join {{ ref('stg_run') }} as run
    union all
    select
        years.urn,
        years.academic_year,
        'year_to_date_urn' as period_kind,
        'year_to_date_urn' as period,
        'Year to date under this URN' as period_title,
        1 as period_sort,
        years.starts,
        greatest(years.starts, least(years.ends, run.as_of)) as ends
    from years
    inner join changed
        on
            years.urn = changed.urn
            and years.academic_year = changed.academic_year
    cross join {{ ref('stg_run') }} as run
)

select
    periods.urn,
    periods.academic_year,
    periods.period_kind,
    periods.period,
    periods.period_title,
    periods.period_sort,
    periods.starts,
    periods.ends,
    periods.starts <= run.as_of as is_open
from periods
inner join {{ ref('int_school_years') }} as school_years
    on
        periods.urn = school_years.urn
        and periods.academic_year = school_years.academic_year
cross join {{ ref('stg_run') }} as run
