-- Grain: as kpi_shown, for MAT and Phase.
-- How the figures of the schools lie that stand in the trust's or a phase's figure. Under ten schools there are no
-- quartiles and no median: lowest, highest and the schools themselves say more.
{%- set keys = [
    'audience', 'kpi', 'kpi_version', 'academic_year', 'period_kind', 'period', 'year_group', 'subject',
    'comparability_key'
] %}
with schools as (
    select *
    from {{ ref('kpi_shown') }}
    where geography = 'School' and set_apart_because is null
),

placed as (
    {%- for geography, phase in [('MAT', "'Total'"), ('Phase', 'phase')] %}
    select
        '{{ geography }}' as geography,
        {{ phase }} as scope,
        {%- for key in keys %}
        {{ key }},
        {%- endfor %}
        symbol,
        value
    from schools
    {{ "union all" if not loop.last }}
    {%- endfor %}
),

spread as (
    select
        geography,
        scope,
        {%- for key in keys %}
        {{ key }},
        {%- endfor %}
        cast(count(value) as integer) as schools,
        min(value) as lowest,
        {%- for name, share in [('lower_quartile', 0.25), ('median', 0.5), ('upper_quartile', 0.75)] %}
        case when count(value) >= 10 then {{ quantile('value', share) }} end as {{ name }},
        {%- endfor %}
        max(value) as highest,
        min(symbol) as school_symbol
    from placed
    group by all
),

stated as (
    select
        pooled.geography,
        pooled.unit_code,
        coalesce(pooled.phase, 'Total') as scope,
        {%- for key in keys %}
        pooled.{{ key }},
        {%- endfor %}
        pooled.assessment,
        pooled.comparability_class,
        pooled.series,
        coalesce(spread.schools, 0) as schools,
        spread.lowest,
        spread.lower_quartile,
        spread.median,
        spread.upper_quartile,
        spread.highest,
        -- Where no school's figure is shown, what most hides them; letters happen to stand in that order.
        coalesce(
            pooled.symbol, case when coalesce(spread.schools, 0) = 0 then coalesce(spread.school_symbol, 'x') end
        ) as symbol
    from {{ ref('kpi_shown') }} as pooled
    left join spread
        on
            pooled.geography = spread.geography
            and coalesce(pooled.phase, 'Total') = spread.scope
            {%- for key in keys %}
            and pooled.{{ key }} = spread.{{ key }}
            {%- endfor %}
    where pooled.geography in ('MAT', 'Phase')
)

select
    geography,
    unit_code,
    scope,
    {%- for key in keys %}
    {{ key }},
    {%- endfor %}
    assessment,
    comparability_class,
    series,
    symbol,
    schools,
    case when symbol is null then lowest end as lowest,
    case when symbol is null then lower_quartile end as lower_quartile,
    case when symbol is null then median end as median,
    case when symbol is null then upper_quartile end as upper_quartile,
    case when symbol is null then highest end as highest
from stated
