-- Grain: one row per audience, scope (Total or a phase), KPI version, period, year group, subject and comparability
-- key.
-- Which figures are shown now, and which of a KPI's series stands for it: the one with most schools, then most pupils.
select
    latest.audience,
    latest.scope,
    latest.kpi,
    latest.kpi_version,
    latest.academic_year,
    latest.period_kind,
    latest.period,
    latest.period_title,
    coalesce(year_groups.label, latest.year_group) as year_group,
    latest.subject,
    latest.assessment,
    latest.comparability_class,
    latest.comparability_key,
    latest.schools,
    latest.pupil_count as pupils,
    cast(
        row_number() over (
            partition by latest.audience, latest.scope, latest.kpi
            order by
                latest.schools desc, latest.pupil_count desc, latest.period_starts desc,
                coalesce(subjects.sort_order, 9999) asc, latest.subject asc, coalesce(year_groups.sort_order, 0) asc,
                latest.year_group asc, latest.comparability_key asc
        ) as integer
    ) as lead_rank,
    latest.compared_academic_year,
    latest.compared_period_kind,
    latest.compared_period
from {{ ref('kpi_latest') }} as latest
left join {{ ref('year_groups') }} as year_groups
    on latest.year_group = year_groups.year_group
left join {{ ref('stg_subjects') }} as subjects
    on latest.subject = subjects.subject
