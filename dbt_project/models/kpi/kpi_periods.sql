-- Grain: one row per trust KPI version, academic year, period kind and period in which that version holds.
-- A definition changed is a new version with dates: the last day of the period decides which one holds. Schools may
-- end a period of one name on different days; the latest decides for all, so that a school and the trust it is
-- compared with always use the same version.
with spans as (
    select
        academic_year,
        'window' as period_kind,
        window_name as period,
        title as period_title,
        sort_order as period_sort,
        opens as starts,
        closes as ends
    from {{ ref('stg_windows') }}
    union all
    select
        academic_year,
        period_kind,
        period,
        period_title,
        period_sort,
        starts,
        ends
    from {{ ref('int_periods') }}
),

periods as (
    select
        spans.academic_year,
        years.time_period,
        spans.period_kind,
        spans.period,
        min(spans.period_title) as period_title,
        cast(min(spans.period_sort) as integer) as period_sort,
        min(spans.starts) as period_starts,
        max(spans.ends) as period_ends
    from spans
    inner join {{ ref('stg_academic_years') }} as years
        on spans.academic_year = years.academic_year
    group by spans.academic_year, years.time_period, spans.period_kind, spans.period
),

-- A URN's own part of the year comes along with the year to date.
asked as (
    select
        kpi,
        kpi_version,
        period_kind
    from {{ ref('stg_kpi_periods') }}
    union
    select
        kpi,
        kpi_version,
        'year_to_date_urn' as period_kind
    from {{ ref('stg_kpi_periods') }}
    where period_kind = 'year_to_date'
),

measures as (
    {{ measure_rows() }}
)

select
    kpis.kpi,
    kpis.kpi_version,
    periods.academic_year,
    periods.time_period,
    periods.period_kind,
    periods.period,
    periods.period_title,
    periods.period_sort,
    periods.period_starts,
    periods.period_ends,
    kpis.kind,
    kpis.numerator,
    -- What a figure rests on: a ratio's denominator, a mean's measure.
    bases.measure as base_measure,
    bases.unit as base_unit,
    bases.theme,
    kpis.unit,
    case when kpis.unit in ('percent', 'rate_per_100') then 100 else 1 end as unit_multiplier,
    kpis.interval_method,
    kpis.comparability as comparability_ceiling,
    kpis.year_groups = 'together' as is_pooled_over_year_groups,
    kpis.dp,
    kpis.min_n,
    kpis.status
from {{ ref('stg_kpis') }} as kpis
inner join measures as bases
    on bases.measure = case kpis.kind when 'ratio' then kpis.denominator when 'mean' then kpis.mean_of end
inner join asked
    on
        kpis.kpi = asked.kpi
        and kpis.kpi_version = asked.kpi_version
inner join periods
    on
        asked.period_kind = periods.period_kind
        and (kpis.valid_from is null or kpis.valid_from <= periods.period_ends)
        and (kpis.valid_to is null or kpis.valid_to >= periods.period_ends)
where kpis.owner = 'trust'
