-- Grain: one row per trust KPI version, academic year and window in which that version holds.
-- A definition changed is a new version with dates: the day the window closes decides which one holds. Phases may
-- close a window of one name on different days; the latest decides for all, so that a school and the trust it is
-- compared with always use the same version.
with windows as (
    select
        windows.academic_year,
        years.time_period,
        windows.window_name,
        min(windows.title) as window_title,
        min(windows.sort_order) as window_sort,
        max(windows.closes) as closes
    from {{ ref('stg_windows') }} as windows
    inner join {{ ref('stg_academic_years') }} as years
        on windows.academic_year = years.academic_year
    group by windows.academic_year, years.time_period, windows.window_name
)

select
    kpis.kpi,
    kpis.kpi_version,
    windows.academic_year,
    windows.time_period,
    windows.window_name,
    windows.window_title,
    windows.window_sort,
    kpis.kind,
    kpis.numerator,
    -- What a figure rests on: a ratio's denominator, a mean's measure.
    case kpis.kind when 'ratio' then kpis.denominator when 'mean' then kpis.mean_of end as base_measure,
    kpis.unit,
    case when kpis.unit in ('percent', 'rate_per_100') then 100 else 1 end as unit_multiplier,
    kpis.interval_method,
    kpis.comparability as comparability_ceiling,
    kpis.year_groups = 'together' as is_pooled_over_year_groups,
    kpis.dp,
    kpis.min_n,
    kpis.status
from {{ ref('stg_kpis') }} as kpis
inner join windows
    on
        (kpis.valid_from is null or kpis.valid_from <= windows.closes)
        and (kpis.valid_to is null or kpis.valid_to >= windows.closes)
where kpis.owner = 'trust'
