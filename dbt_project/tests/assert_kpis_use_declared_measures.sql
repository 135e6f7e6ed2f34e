{{ config(meta={'dagster': {'ref': {'name': 'stg_kpis'}}}) }}
-- A KPI is made of measures that are declared, of one theme, for periods the theme has, with an interval that fits
-- what its denominator counts. Otherwise it would give no rows, silently, or an interval that claims too much.
-- One row a KPI version and problem, with the problem in words.
with measures as (
    {{ measure_rows() }}
),

kinds as (
    {%- for theme in themes() %}
    {%- set theme_loop = loop %}
    {%- for kind in period_kinds_of(theme.name) %}
    select
        '{{ theme.name }}' as theme,
        '{{ kind }}' as period_kind
    {{ "union all" if not (theme_loop.last and loop.last) }}
    {%- endfor %}
    {%- endfor %}
),

kpis as (
    select * from {{ ref('stg_kpis') }}
    where status = 'published' and owner = 'trust'
),

used as (
    {%- for column in ['numerator', 'denominator', 'mean_of'] %}
    select
        kpis.kpi,
        kpis.kpi_version,
        '{{ column }}' as place,
        kpis.{{ column }} as measure,
        measures.theme,
        measures.unit,
        measures.rate_base
    from kpis
    left join measures
        on kpis.{{ column }} = measures.measure
    where kpis.{{ column }} is not null
    {{ "union all" if not loop.last }}
    {%- endfor %}
),

bases as (
    select
        kpis.kpi,
        kpis.kpi_version,
        kpis.kind,
        kpis.interval_method,
        used.measure,
        used.theme,
        used.unit,
        used.rate_base
    from kpis
    inner join used
        on
            kpis.kpi = used.kpi
            and kpis.kpi_version = used.kpi_version
            and used.place = case kpis.kind when 'ratio' then 'denominator' else 'mean_of' end
)

select
    kpi,
    kpi_version,
    concat('Its ', place, ' ', measure, ' is no measure. Name a measure of the list.') as problem
from used
where theme is null
union all
select
    used.kpi,
    used.kpi_version,
    concat(
        'Its numerator ', used.measure, ' is of ', used.theme, ' and its denominator ', bases.measure, ' of ',
        bases.theme, '. Name two measures of one theme.'
    ) as problem
from used
inner join bases
    on
        used.kpi = bases.kpi
        and used.kpi_version = bases.kpi_version
where used.place = 'numerator' and used.theme <> bases.theme
union all
select
    kpi,
    kpi_version,
    concat(
        'The interval wilson counts pupils, and ', measure, ' counts ', unit,
        ': those of one pupil go together. Write `interval: by_pupil`.'
    ) as problem
from bases
where interval_method = 'wilson' and unit <> 'pupils'
union all
select
    kpi,
    kpi_version,
    concat(
        'The interval by_pupil is for a ratio over ',
        coalesce(rate_base, 'sessions'), ', and it is taken of ', measure,
        '. Write `interval: wilson` for a share of pupils, `t` for a mean, `byar` for a rate.'
    ) as problem
from bases
where interval_method = 'by_pupil' and (kind <> 'ratio' or (measure = rate_base) is not true)
union all
select
    bases.kpi,
    bases.kpi_version,
    concat(
        'It is given for ', periods.period_kind, ', and ', bases.theme, ' has no such period. Name periods of ',
        bases.theme, '.'
    ) as problem
from bases
inner join {{ ref('stg_kpi_periods') }} as periods
    on
        bases.kpi = periods.kpi
        and bases.kpi_version = periods.kpi_version
left join kinds
    on
        bases.theme = kinds.theme
        and periods.period_kind = kinds.period_kind
where bases.theme is not null and kinds.theme is null
union all
select
    bases.kpi,
    bases.kpi_version,
    'It is given for no period. Name at least one.' as problem
from bases
left join {{ ref('stg_kpi_periods') }} as periods
    on
        bases.kpi = periods.kpi
        and bases.kpi_version = periods.kpi_version
where periods.kpi is null
