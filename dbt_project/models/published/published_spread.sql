-- Grain: one row per audience, unit (MAT, Phase), KPI version, academic year, period kind, period, year group, subject
-- and comparability key.
-- How the schools' figures lie behind each figure of the trust and of a phase.
select
    spread.audience,
    spread.geography,
    spread.unit_code,
    spread.kpi,
    spread.kpi_version,
    spread.academic_year,
    spread.period_kind,
    spread.period,
    coalesce(year_groups.label, spread.year_group) as year_group,
    spread.subject,
    spread.assessment,
    spread.comparability_class,
    spread.comparability_key,
    spread.schools,
    spread.lowest,
    spread.lower_quartile,
    spread.median,
    spread.upper_quartile,
    spread.highest,
    spread.symbol
from {{ ref('kpi_spread') }} as spread
left join {{ ref('year_groups') }} as year_groups
    on spread.year_group = year_groups.year_group
