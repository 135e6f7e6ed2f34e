-- Grain: one row per pooled unit (MAT, Phase, Cluster), academic year, period kind, period and year group (or Total).
-- How many schools could be in a pooled figure, and whether the rolls of all of them are known. A school that changed
-- its URN in the year is one school.
with taught as (
    select distinct
        urn,
        academic_year,
        year_group
    from {{ ref('int_enrolments') }}
),

could_be_in as (
    select
        academic_year,
        'window' as period_kind,
        window_name as period,
        year_group,
        phase,
        cluster,
        is_roll_known,
        urn as school
    from {{ ref('int_school_windows') }}
    where is_open and is_in_trust and teaches_year_group
    union all
    select
        periods.academic_year,
        periods.period_kind,
        periods.period,
        year_groups.year_group,
        school_years.phase,
        school_years.cluster,
        school_years.is_roll_known,
        coalesce(heirs.urn, periods.urn) as school
    from {{ ref('int_periods') }} as periods
    inner join {{ ref('int_school_years') }} as school_years
        on
            periods.urn = school_years.urn
            and periods.academic_year = school_years.academic_year
    inner join {{ ref('stg_schools') }} as schools
        on periods.urn = schools.urn
    inner join {{ ref('year_groups') }} as year_groups
        on year_groups.population = 'headline'
    left join taught
        on
            periods.urn = taught.urn
            and periods.academic_year = taught.academic_year
            and year_groups.year_group = taught.year_group
    left join {{ ref('int_attendance_heirs') }} as heirs
        on
            periods.urn = heirs.ancestor_urn
            and periods.academic_year = heirs.academic_year
    where
        periods.is_open
        and school_years.is_in_trust
        -- By the ages on the register (unknown ages rule nothing out), or because pupils of it are there.
        and (
            taught.urn is not null
            or (
                (schools.lowest_age is null or year_groups.starts_at_age >= schools.lowest_age)
                and (schools.highest_age is null or year_groups.starts_at_age < schools.highest_age)
            )
        )
)

select
    case
        when grouping(phase) = 0 then 'Phase'
        when grouping(cluster) = 0 then 'Cluster'
        else 'MAT'
    end as geography,
    coalesce(phase, cluster) as unit_code,
    academic_year,
    period_kind,
    period,
    case when grouping(year_group) = 1 then 'Total' else year_group end as year_group,
    count(distinct school) as schools_of,
    min(case when is_roll_known then 1 else 0 end) = 1 as are_rolls_known
from could_be_in
group by grouping sets ( -- noqa: PRS
    (academic_year, period_kind, period, phase, year_group),
    (academic_year, period_kind, period, phase),
    (academic_year, period_kind, period, cluster, year_group),
    (academic_year, period_kind, period, cluster),
    (academic_year, period_kind, period, year_group),
    (academic_year, period_kind, period)
)
having grouping(cluster) = 1 or cluster is not null
