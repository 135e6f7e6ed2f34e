-- Grain: one row per audience, geography (School, MAT), unit, academic year, window, owner, framework, subject, year
-- group and statement.
-- Pupils secure in each curriculum statement at the close of a window, as each audience may see it: the site and the
-- central team see the trust's statements, a school's pack that school alone, with its own statements too. Hidden as
-- figures are: fewer pupils than the audience may see is 'c'. The share of those assessed is of fewer pupils, so it is
-- hidden by their number; where it is, how many they are is hidden too.
-- A statement of the trust without exemplification is a finding of its own, whatever the figures.
with site as (
    select min_n from {{ ref('stg_audiences') }}
    where audience = 'site'
),

measured as (
    select
        figures.*,
        trusts.percent_secure as trust_percent,
        trusts.pupils_due as trust_pupils,
        trusts.schools_in as trust_schools
    from {{ ref('kpi_statement_figures') }} as figures
    left join {{ ref('kpi_statement_figures') }} as trusts
        on
            figures.geography = 'School'
            and trusts.geography = 'MAT'
            and figures.owner = trusts.owner
            and figures.academic_year = trusts.academic_year
            and figures.window_name = trusts.window_name
            and figures.framework = trusts.framework
            and figures.subject = trusts.subject
            and figures.year_group = trusts.year_group
            and figures.statement = trusts.statement
            -- An older or newer version of a statement is compared with nothing.
            and figures.version = trusts.version
),

decided as (
    select
        audiences.audience,
        audiences.min_n,
        measured.*,
        case
            when measured.pupils_due = 0 then 'x'
            when measured.pupils_due < coalesce(audiences.min_n, 0) then 'c'
        end as symbol,
        case
            when measured.pupils_due = 0 then 'x'
            when measured.pupils_due < coalesce(audiences.min_n, 0) then 'c'
            when measured.pupils_assessed = 0 then 'x'
            when measured.pupils_assessed < coalesce(audiences.min_n, 0) then 'c'
        end as assessed_symbol,
        -- Beside a school's own figures its pack shows the trust's as the site does.
        measured.trust_pupils
        >= coalesce(case when audiences.audience = 'pack' then site.min_n else audiences.min_n end, 0)
        and measured.trust_schools > 1 and measured.is_in_trust as is_comparable
    from measured
    cross join {{ ref('stg_audiences') }} as audiences
    cross join site
    where
        (audiences.audience <> 'pack' and measured.owner = 'trust')
        or (audiences.audience = 'pack' and measured.geography = 'School')
),

windows as (
    select
        academic_year,
        window_name,
        min(title) as title,
        min(sort_order) as sort_order,
        min(opens) as opens,
        max(closes) as closes
    from {{ ref('stg_windows') }}
    group by academic_year, window_name
)

select
    decided.audience,
    decided.geography,
    decided.unit_code,
    coalesce(schools.name, trust.name) as unit_name,
    decided.academic_year,
    years.time_period,
    decided.window_name as period,
    windows.title as period_title,
    windows.sort_order as period_sort,
    windows.opens as period_starts,
    windows.closes as period_ends,
    decided.owner,
    decided.framework,
    decided.subject,
    cast(coalesce(subjects.sort_order, 9999) as integer) as subject_sort,
    coalesce(year_groups.label, decided.year_group) as year_group,
    cast(coalesce(year_groups.sort_order, 0) as integer) as year_group_sort,
    decided.strand,
    decided.statement,
    decided.version,
    decided.text,
    decided.exemplification,
    decided.owner = 'trust' and decided.exemplification is null as is_exemplification_missing,
    case when decided.owner = 'trust' then 'C' else 'D' end as comparability_class,
    decided.symbol,
    case when decided.symbol is null then decided.pupils_due end as pupils_due,
    case when decided.symbol is null then decided.pupils_secure end as pupils_secure,
    case when decided.symbol is null then decided.percent_secure end as percent_secure,
    case when decided.symbol is null then decided.lower_95_ci end as lower_95_ci,
    case when decided.symbol is null then decided.upper_95_ci end as upper_95_ci,
    decided.assessed_symbol,
    case when coalesce(decided.assessed_symbol, 'x') = 'x' and decided.symbol is null then decided.pupils_assessed end
        as pupils_assessed,
    case when decided.assessed_symbol is null then decided.percent_of_assessed end as percent_of_assessed,
    case when coalesce(decided.assessed_symbol, 'x') = 'x' and decided.symbol is null then decided.coverage_percent end
        as coverage_percent,
    case when decided.symbol is null and decided.is_comparable then decided.trust_percent end as comparison_value,
    case
        when decided.symbol is not null or decided.is_comparable is not true then null
        when decided.trust_percent between decided.lower_95_ci and decided.upper_95_ci then 'similar'
        when decided.percent_secure > decided.trust_percent then 'above'
        else 'below'
    end as comparison,
    decided.schools_in
from decided
inner join {{ ref('stg_academic_years') }} as years
    on decided.academic_year = years.academic_year
inner join windows
    on
        decided.academic_year = windows.academic_year
        and decided.window_name = windows.window_name
cross join {{ ref('stg_trust') }} as trust
left join {{ ref('stg_schools') }} as schools
    on
        decided.geography = 'School'
        and decided.unit_code = schools.urn
left join {{ ref('stg_subjects') }} as subjects
    on decided.subject = subjects.subject
left join {{ ref('year_groups') }} as year_groups
    on decided.year_group = year_groups.year_group
