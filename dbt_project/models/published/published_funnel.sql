-- Grain: one row per audience, KPI version, academic year, period kind, period, year group, subject, comparability key,
-- and school or, without a URN, number of pupils.
-- Where chance would put a school of so many pupils: the limits of each school, and points to draw the lines through.
select
    funnel.audience,
    funnel.kpi,
    funnel.kpi_version,
    funnel.academic_year,
    funnel.period_kind,
    funnel.period,
    coalesce(year_groups.label, funnel.year_group) as year_group,
    funnel.subject,
    funnel.assessment,
    funnel.comparability_class,
    funnel.comparability_key,
    funnel.unit_code,
    funnel.pupils,
    funnel.target,
    funnel.lower_95,
    funnel.upper_95,
    funnel.lower_998,
    funnel.upper_998
from {{ ref('kpi_funnel') }} as funnel
left join {{ ref('year_groups') }} as year_groups
    on funnel.year_group = year_groups.year_group
