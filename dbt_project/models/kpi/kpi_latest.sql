-- Grain: one row per audience, scope (the trust, or a phase), trust KPI, year group, subject and series shown now.
-- Of results: the latest window with figures of each series, none older than the KPI's latest academic year. Of
-- attendance: the year to date of the latest academic year, all year groups together. Where a KPI has no year to date,
-- its latest term, half-term or week.
{%- set widest_first -%}
case period_kind when 'window' then 0 when 'year_to_date' then 1 when 'term' then 2 when 'half_term' then 3 else 4 end
{%- endset %}
with figures as (
    select
        pooled.audience,
        pooled.geography,
        pooled.unit_code,
        coalesce(pooled.phase, 'Total') as scope,
        pooled.kpi,
        pooled.kpi_version,
        pooled.academic_year,
        pooled.period_kind,
        pooled.period,
        pooled.year_group,
        pooled.subject,
        pooled.assessment,
        pooled.comparability_class,
        pooled.comparability_key,
        pooled.series,
        pooled.period_title,
        pooled.period_starts,
        pooled.period_ends,
        pooled.pupil_count,
        spread.schools,
        {{ widest_first | replace('period_kind', 'pooled.period_kind') }} as kind_place,
        max(pooled.academic_year) over (partition by pooled.audience, pooled.geography, pooled.unit_code, pooled.kpi)
            as latest_academic_year
    from {{ ref('kpi_shown') }} as pooled
    inner join {{ ref('kpi_spread') }} as spread
        on
            pooled.audience = spread.audience
            and pooled.geography = spread.geography
            and pooled.unit_code = spread.unit_code
            and pooled.kpi = spread.kpi
            and pooled.kpi_version = spread.kpi_version
            and pooled.academic_year = spread.academic_year
            and pooled.period_kind = spread.period_kind
            and pooled.period = spread.period
            and pooled.year_group = spread.year_group
            and pooled.subject = spread.subject
            and pooled.comparability_key = spread.comparability_key
    where
        pooled.is_open
        and pooled.symbol is null
        and (pooled.period_kind = 'window' or pooled.year_group = 'Total')
),

of_latest_year as (
    select
        *,
        min(kind_place) over (partition by audience, geography, unit_code, kpi) as widest_kind
    from figures
    where academic_year = latest_academic_year
),

placed as (
    select
        *,
        row_number() over (
            partition by audience, geography, unit_code, kpi, year_group, subject, series
            order by period_starts desc, period_ends desc, kpi_version desc, period asc
        ) as place
    from of_latest_year
    where kind_place = widest_kind
),

-- The like-for-like change shown beside a series: a window's own; else that of the period that was over last, and of
-- those that ended together (the second half-term, its term, the year) the widest.
beside as (
    select
        *,
        row_number() over (
            partition by audience, geography, unit_code, kpi, kpi_version, academic_year, year_group, subject, series
            order by closed_on desc, {{ widest_first }}, period_sort desc, period asc
        ) as place
    from {{ ref('kpi_changes') }}
    where period_kind not in ('window', 'week')
)

select
    placed.audience,
    placed.scope,
    placed.kpi,
    placed.kpi_version,
    placed.academic_year,
    placed.period_kind,
    placed.period,
    placed.year_group,
    placed.subject,
    placed.assessment,
    placed.comparability_class,
    placed.comparability_key,
    placed.series,
    placed.period_title,
    placed.period_starts,
    placed.schools,
    placed.pupil_count,
    coalesce(of_window.academic_year, beside.academic_year) as compared_academic_year,
    coalesce(of_window.period_kind, beside.period_kind) as compared_period_kind,
    coalesce(of_window.period, beside.period) as compared_period
from placed
left join {{ ref('kpi_changes') }} as of_window
    on
        placed.period_kind = 'window'
        and placed.audience = of_window.audience
        and placed.geography = of_window.geography
        and placed.unit_code = of_window.unit_code
        and placed.kpi = of_window.kpi
        and placed.kpi_version = of_window.kpi_version
        and placed.academic_year = of_window.academic_year
        and placed.period_kind = of_window.period_kind
        and placed.period = of_window.period
        and placed.year_group = of_window.year_group
        and placed.subject = of_window.subject
        and placed.comparability_key = of_window.comparability_key
left join beside
    on
        beside.place = 1
        and placed.audience = beside.audience
        and placed.geography = beside.geography
        and placed.unit_code = beside.unit_code
        and placed.kpi = beside.kpi
        and placed.kpi_version = beside.kpi_version
        and placed.academic_year = beside.academic_year
        and placed.year_group = beside.year_group
        and placed.subject = beside.subject
        and placed.series = beside.series
where placed.place = 1
