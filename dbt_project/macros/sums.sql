{#-
    Adding measures up, in two steps: pupils once, to schools (add_to_schools), then the small result to trust, phase
    and cluster in one pass of grouping sets (pool_schools). What a measure is, is in measures.sql.
-#}

{#-
    `presence` says which measures a row has: one power of two a measure of the theme. It is part of the grain of the
    sums, so that a ratio can add up its numerator over exactly the rows whose denominator is there.
-#}
{% macro presence_of(measures) -%}
    {%- for measure in measures -%}
        case when {{ measure }} is null then 0 else {{ 2 ** loop.index0 }} end{{ " + " if not loop.last }}
    {%- endfor -%}
{%- endmacro %}

{#-
    Sums, squares and counts of measures over pupils, and with a `rate_base` the sums of each measure times it.
    One row per value of `columns` (which must hold urn, phase, cluster, year_group and counts_at_trust) and presence.
    Rows without any measure say nothing and are left out.
-#}
{% macro add_to_schools(rows, measures, columns, rate_base=none) -%}
select
    {{ columns | join(',\n    ') }},
    presence,
    {%- for measure in measures %}
    {#- DECIMAL, not DOUBLE: sums of doubles depend on the order in which threads add them. -#}
    {%- set exact = 'cast(' ~ measure ~ ' as decimal(18, 4))' %}
    sum({{ exact }}) as sum_{{ measure }},
    sum({{ exact }} * {{ exact }}) as squares_{{ measure }},
    {%- if rate_base %}
    sum({{ exact }} * cast({{ rate_base }} as decimal(18, 4))) as cross_{{ measure }},
    {%- endif %}
    count({{ measure }}) as count_{{ measure }}{{ "," if not loop.last }}
    {%- endfor %}
from (select *, cast({{ plumbline.presence_of(measures) }} as bigint) as presence from {{ rows }}) as present
where presence > 0
group by {{ columns | join(', ') }}, presence
{%- endmacro %}

{#-
    What add_to_schools gave, by School, MAT, Phase and Cluster: each for every year group and together, and for every
    value of `breakdown` and together; without `by_year_group`, together only. `rows` holds the columns urn, phase,
    cluster, year_group, counts_at_trust, presence and those of `keys`; pooled rows keep only what counts at the trust.
    One row per geography, unit, keys, year group, breakdown, counts_at_trust and presence.
-#}
{% macro pool_schools(rows, measures, keys, breakdown=none, rate_base=none, by_year_group=true) -%}
{%- set fixed = keys + ['counts_at_trust', 'presence'] -%}
{%- set year_groups = ['year_group', none] if by_year_group else [none] -%}
select
    case
        when grouping(urn) = 0 then 'School'
        when grouping(phase) = 0 then 'Phase'
        when grouping(cluster) = 0 then 'Cluster'
        else 'MAT'
    end as geography,
    coalesce(urn, phase, cluster) as unit_code,
    {%- if by_year_group %}
    case when grouping(year_group) = 1 then 'Total' else year_group end as year_group,
    {%- else %}
    'Total' as year_group,
    {%- endif %}
    {%- if breakdown %}
    case when grouping({{ breakdown }}) = 1 then 'Total' else {{ breakdown }} end as {{ breakdown }},
    {%- endif %}
    {%- for column in fixed %}
    {{ column }},
    {%- endfor %}
    {%- for measure in measures %}
    sum(sum_{{ measure }}) as sum_{{ measure }},
    sum(squares_{{ measure }}) as squares_{{ measure }},
    {%- if rate_base %}
    sum(cross_{{ measure }}) as cross_{{ measure }},
    {%- endif %}
    cast(sum(count_{{ measure }}) as bigint) as count_{{ measure }}{{ "," if not loop.last }}
    {%- endfor %}
from {{ rows }}
group by grouping sets (
    {%- for unit in ['urn', 'phase', 'cluster', none] -%}
    {%- set unit_loop = loop -%}
    {%- for year_group in year_groups -%}
    {%- set year_loop = loop -%}
    {%- for topic in ([breakdown, none] if breakdown else [none]) %}
    ({{ ([unit, year_group, topic] | select | list + fixed) | join(', ') }})
    {{- "," if not (unit_loop.last and year_loop.last and loop.last) }}
    {%- endfor -%}
    {%- endfor -%}
    {%- endfor %}
)
having (grouping(urn) = 0 or counts_at_trust)
    and (grouping(cluster) = 1 or cluster is not null)
{%- endmacro %}

{#- The names of the columns that pool_schools makes of measures, in its order. -#}
{% macro sum_columns(measures, rate_base=none) -%}
    {%- set columns = [] -%}
    {%- for measure in measures -%}
        {%- for what in ['sum', 'squares'] + (['cross'] if rate_base else []) + ['count'] -%}
            {%- do columns.append(what ~ '_' ~ measure) -%}
        {%- endfor -%}
    {%- endfor -%}
    {{ return(columns) }}
{%- endmacro %}

{#-
    A theme of measures by pupil and window added up, whole: one pass for everything that is a column of the pupil, a
    second, through the bridge, for groups a pupil may have several of. `condition`: which rows of the model count.
-#}
{% macro add_up_windows(model, condition='true') -%}
{%- set measures = plumbline.measures_of(model) %}
{%- set base = plumbline.rate_base_of(model) %}
{%- set keys = [
    'academic_year', 'period_kind', 'period', 'subject', 'assessment', 'comparability_class', 'construct',
    'comparability_key'
] %}
{%- set school = ['urn', 'phase', 'cluster', 'year_group', 'counts_at_trust'] %}
with measured as (
    select * from {{ ref(model) }}
    where {{ condition }}
),

grouped as (
    select
        measured.*,
        members.topic,
        members.label
    from measured
    inner join {{ ref('int_group_members') }} as members
        on
            measured.pupil_key = members.pupil_key
            and measured.urn = members.urn
            and measured.academic_year = members.academic_year
            and measured.period_kind = members.period_kind
            and measured.period = members.period
),

schools as (
    {{ plumbline.add_to_schools('measured', measures, school + keys + ['sex'], base) }}
),

schools_by_group as (
    {{ plumbline.add_to_schools('grouped', measures, school + keys + ['topic', 'label'], base) }}
),

sums_by_sex as (
    {{ plumbline.pool_schools('schools', measures, keys, 'sex', base) }}
),

sums_by_group as (
    {{ plumbline.pool_schools('schools_by_group', measures, keys + ['topic', 'label'], rate_base=base) }}
)

{%- set columns = ['geography', 'unit_code', 'year_group'] + keys + ['counts_at_trust', 'presence']
    + plumbline.sum_columns(measures, base) %}

select
    {{ columns | join(',\n    ') }},
    case when sex = 'Total' then 'Total' else 'Sex' end as breakdown_topic,
    sex as breakdown
from sums_by_sex
union all
select
    {{ columns | join(',\n    ') }},
    topic as breakdown_topic,
    label as breakdown
from sums_by_group
{%- endmacro %}
