-- Grain: one row per school, academic year, window and year group.
-- Every window a school could send results for: its phase has the window for that year group.
with taught as (
    select
        urn,
        academic_year,
        year_group
    from {{ ref('int_enrolments') }}
    where year_group is not null
    union
    select
        results.urn,
        results.academic_year,
        coalesce(at_that_time.year_group_then, results.year_group) as year_group
    from {{ ref('stg_results') }} as results
    left join {{ ref('int_result_year_groups') }} as at_that_time
        on
            results.urn = at_that_time.urn
            and results.record_id = at_that_time.record_id
    where results.year_group is not null
)

select
    school_years.urn,
    school_years.academic_year,
    windows.window_name,
    windows.year_group,
    school_years.phase,
    school_years.cluster,
    school_years.is_in_trust,
    school_years.is_roll_known,
    windows.opens,
    windows.closes,
    coalesce(windows.tolerance_days, 0) as tolerance_days,
    windows.sort_order,
    windows.opens <= run.as_of as is_open,
    -- By the ages on the register (unknown ages rule nothing out), or because pupils of it are there.
    taught.urn is not null
    or (
        (
            schools.lowest_age is null or year_groups.starts_at_age is null
            or year_groups.starts_at_age >= schools.lowest_age
        )
        and (
            schools.highest_age is null or year_groups.starts_at_age is null
            or year_groups.starts_at_age < schools.highest_age
        )
    ) as teaches_year_group
from {{ ref('int_school_years') }} as school_years
inner join {{ ref('stg_windows') }} as windows
    on
        school_years.phase = windows.phase
        and school_years.academic_year = windows.academic_year
inner join {{ ref('stg_schools') }} as schools
    on school_years.urn = schools.urn
left join {{ ref('year_groups') }} as year_groups
    on windows.year_group = year_groups.year_group
left join taught
    on
        school_years.urn = taught.urn
        and school_years.academic_year = taught.academic_year
        and windows.year_group = taught.year_group
cross join {{ ref('stg_run') }} as run
