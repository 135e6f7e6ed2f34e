-- Grain: one row per audience, series shown now (kpi_latest of the trust) and school, or point of the drawn lines.
-- Where chance would put a share of so many pupils if it were the trust's own: 95 % and 99.8 % score limits. Of KPIs
-- that are a share of pupils, with at least three schools shown. The lines are drawn through 24 numbers of pupils or
-- fewer, denser at the small end.
{%- set keys = [
    'audience', 'kpi', 'kpi_version', 'academic_year', 'period_kind', 'period', 'year_group', 'subject',
    'comparability_key'
] %}
{%- set points = 24 %}
with now_shown as (
    select * from {{ ref('kpi_latest') }}
    where scope = 'Total' and schools >= 3
),

shown as (
    select shown.*
    from {{ ref('kpi_shown') }} as shown
    inner join now_shown
        on
            shown.audience = now_shown.audience
            and shown.kpi = now_shown.kpi
            and shown.kpi_version = now_shown.kpi_version
            and shown.academic_year = now_shown.academic_year
            and shown.period_kind = now_shown.period_kind
            and shown.period = now_shown.period
            and shown.year_group = now_shown.year_group
            and shown.subject = now_shown.subject
            and shown.comparability_key = now_shown.comparability_key
    where
        shown.symbol is null
        and shown.set_apart_because is null
        and shown.interval_method = 'wilson'
        and shown.unit = 'percent'
),

targets as (
    select
        {%- for key in keys %}
        {{ key }},
        {%- endfor %}
        assessment,
        comparability_class,
        series,
        value as target,
        value / 100 as share
    from shown
    where geography = 'MAT'
),

schools as (
    select
        {%- for key in keys %}
        {{ key }},
        {%- endfor %}
        unit_code,
        pupil_count as pupils
    from shown
    where geography = 'School'
),

spans as (
    select
        {%- for key in keys %}
        {{ key }},
        {%- endfor %}
        greatest(1, cast(floor(min(pupils) / 2.0) as bigint)) as fewest,
        cast(ceil(max(pupils) * 1.1) as bigint) as most
    from schools
    group by all
),

places as (
    {%- for place in range(points) %}
    select cast({{ place }} as double) / {{ points - 1 }} as place
    {{ "union all" if not loop.last }}
    {%- endfor %}
),

-- Union, not union all: at the small end two places may fall on one number.
drawn as (
    select * from schools
    union
    select
        {%- for key in keys %}
        spans.{{ key }},
        {%- endfor %}
        cast(null as varchar) as unit_code,
        cast(
            floor(spans.fewest * power(cast(spans.most as double) / spans.fewest, places.place) + 0.5) as bigint
        ) as pupils
    from spans
    cross join places
)

select
    {%- for key in keys %}
    drawn.{{ key }},
    {%- endfor %}
    targets.assessment,
    targets.comparability_class,
    drawn.unit_code,
    drawn.pupils,
    targets.target,
    100 * ({{ score_lower('targets.share', 'drawn.pupils') }}) as lower_95,
    100 * ({{ score_upper('targets.share', 'drawn.pupils') }}) as upper_95,
    100 * ({{ score_lower('targets.share', 'drawn.pupils', 99.8) }}) as lower_998,
    100 * ({{ score_upper('targets.share', 'drawn.pupils', 99.8) }}) as upper_998
from drawn
inner join targets
    on
        drawn.audience = targets.audience
        and drawn.kpi = targets.kpi
        and drawn.kpi_version = targets.kpi_version
        and drawn.academic_year = targets.academic_year
        and drawn.period_kind = targets.period_kind
        and drawn.period = targets.period
        and drawn.year_group = targets.year_group
        and drawn.subject = targets.subject
        and drawn.comparability_key = targets.comparability_key
