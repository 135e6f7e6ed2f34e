-- Grain: one row per school, feed, academic year, period kind and period.
-- What a school may send and when: pupils, groups and suspensions for each year, attendance for each half-term, results
-- for each window its phase has for a year group it teaches. A period outside the school's time in the trust is not
-- expected.
with spans as (
    select
        urn,
        academic_year,
        min(starts) as opens,
        max(ends) as closes
    from {{ ref('stg_half_terms') }}
    group by urn, academic_year
),

windows as (
    select
        windows.urn,
        windows.academic_year,
        windows.window_name,
        min(titles.title) as title,
        min(windows.sort_order) as sort_order,
        min(windows.opens) as opens,
        max(windows.closes) as closes
    from {{ ref('int_school_windows') }} as windows
    inner join {{ ref('stg_windows') }} as titles
        on
            windows.window_name = titles.window_name
            and windows.phase = titles.phase
            and windows.academic_year = titles.academic_year
            and windows.year_group = titles.year_group
    where windows.teaches_year_group
    group by windows.urn, windows.academic_year, windows.window_name
),

periods as (
    {%- for feed in ['Pupils', 'Groups', 'Suspensions'] %}
    select
        school_years.urn,
        '{{ feed }}' as feed,
        school_years.academic_year,
        'year' as period_kind,
        'year' as period,
        concat('Year ', school_years.academic_year) as period_title,
        1 as period_sort,
        coalesce(spans.opens, years.starts) as opens,
        coalesce(spans.closes, years.ends) as closes
    from {{ ref('int_school_years') }} as school_years
    inner join {{ ref('stg_academic_years') }} as years
        on school_years.academic_year = years.academic_year
    left join spans
        on
            school_years.urn = spans.urn
            and school_years.academic_year = spans.academic_year
    union all
    {%- endfor %}
    select
        urn,
        'Attendance' as feed,
        academic_year,
        'half_term' as period_kind,
        half_term as period,
        title as period_title,
        sort_order as period_sort,
        starts as opens,
        ends as closes
    from {{ ref('stg_half_terms') }}
    union all
    select
        urn,
        'Results' as feed,
        academic_year,
        'window' as period_kind,
        window_name as period,
        title as period_title,
        sort_order as period_sort,
        opens,
        closes
    from windows
)

select
    periods.urn,
    periods.feed,
    periods.academic_year,
    periods.period_kind,
    periods.period,
    periods.period_title,
    cast(periods.period_sort as integer) as period_sort,
    periods.opens,
    periods.closes,
    schools.joined is not null and schools.joined > periods.closes as is_before_joining,
    schools.left_on is not null and schools.left_on < periods.opens as is_after_leaving
from periods
inner join {{ ref('stg_schools') }} as schools
    on periods.urn = schools.urn
