-- Grain: one row per published KPI version of the trust.
-- The definitions behind the numbers, in the words of their authors.
with breakdowns as (
    select
        kpi,
        kpi_version,
        {{ list_of('breakdown', 'breakdown') }} as breakdowns
    from {{ ref('stg_kpi_breakdowns') }}
    group by kpi, kpi_version
)

select
    kpis.kpi,
    kpis.kpi_version as version,
    kpis.kind,
    kpis.title,
    kpis.numerator,
    kpis.denominator,
    kpis.mean_of,
    kpis.unit,
    kpis.direction,
    kpis.dp,
    kpis.min_n,
    kpis.interval_method as "interval", -- noqa: RF06
    kpis.comparability,
    kpis.status,
    kpis.owner,
    kpis.year_groups,
    kpis.population,
    kpis.family,
    kpis.why_it_matters,
    kpis.how_calculated,
    kpis.what_good_looks_like,
    kpis.exemplification,
    kpis.authored_by,
    kpis.checked_by,
    kpis.next_review,
    kpis.valid_from,
    kpis.valid_to,
    kpis.sort_order,
    kpis.headline,
    kpis.parts,
    coalesce(breakdowns.breakdowns, '') as breakdowns
from {{ ref('stg_kpis') }} as kpis
left join breakdowns
    on
        kpis.kpi = breakdowns.kpi
        and kpis.kpi_version = breakdowns.kpi_version
where kpis.owner = 'trust' and kpis.status = 'published'
