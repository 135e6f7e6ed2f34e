{#-
    Measures are declared where they are described: columns of a measures model whose YAML says
    `config: {meta: {measure: true}}`. These macros read that list, so a new measure is one column and its
    description, and the sums below pick it up.
-#}

{#- Names of the measures of a measures model, in the order of its YAML. -#}
{% macro measures_of(model_name) -%}
    {%- set names = [] -%}
    {%- if execute -%}
        {%- for node in graph.nodes.values() if node.resource_type == 'model' and node.name == model_name -%}
            {%- for column in node.columns.values() if column.get('config', {}).get('meta', {}).get('measure') -%}
                {%- do names.append(column.name) -%}
            {%- endfor -%}
        {%- endfor -%}
        {%- if not names -%}
            {{ exceptions.raise_compiler_error("no column of " ~ model_name ~ " is declared as a measure in its YAML") }}
        {%- endif -%}
    {%- endif -%}
    {{ return(names) }}
{%- endmacro %}

{#-
    `presence` says which measures a row has: one power of two a measure. It is part of the grain of the sums, so
    that a ratio can add up its numerator over exactly the rows whose denominator is there.
-#}
{% macro presence_of(measures) -%}
    {%- for measure in measures -%}
        case when {{ measure }} is null then 0 else {{ 2 ** loop.index0 }} end{{ " + " if not loop.last }}
    {%- endfor -%}
{%- endmacro %}

{#-
    Sums of measures by School, MAT, Phase and Cluster, each for every year group and together, and for every value
    of `breakdown` and together. `rows` needs the columns urn, phase, cluster, year_group, counts_at_trust and those
    of `keys`; pooled rows keep only what counts at the trust.
    Pupils are added up once, to schools; then one pass of grouping sets adds up the small result, exactly.
    One row per geography, unit, keys, year group, breakdown, counts_at_trust and presence.
-#}
{% macro sum_measures(rows, measures, keys, breakdown=none) -%}
{%- set fixed = keys + ['counts_at_trust', 'presence'] -%}
{%- set finest = ['urn', 'phase', 'cluster', 'year_group'] + ([breakdown] if breakdown else []) + fixed -%}
select
    case
        when grouping(urn) = 0 then 'School'
        when grouping(phase) = 0 then 'Phase'
        when grouping(cluster) = 0 then 'Cluster'
        else 'MAT'
    end as geography,
    coalesce(urn, phase, cluster) as unit_code,
    case when grouping(year_group) = 1 then 'Total' else year_group end as year_group,
    {%- if breakdown %}
    case when grouping({{ breakdown }}) = 1 then 'Total' else {{ breakdown }} end as {{ breakdown }},
    {%- endif %}
    {%- for column in fixed %}
    {{ column }},
    {%- endfor %}
    {%- for measure in measures %}
    sum(sum_{{ measure }}) as sum_{{ measure }},
    sum(squares_{{ measure }}) as squares_{{ measure }},
    cast(sum(count_{{ measure }}) as bigint) as count_{{ measure }}{{ "," if not loop.last }}
    {%- endfor %}
from (
    select
        {{ finest | join(',\n        ') }},
        {%- for measure in measures %}
        {#- DECIMAL, not DOUBLE: sums of doubles depend on the order in which threads add them. -#}
        {%- set exact = 'cast(' ~ measure ~ ' as decimal(38, 4))' %}
        sum(cast({{ measure }} as decimal(18, 4))) as sum_{{ measure }},
        sum({{ exact }} * {{ exact }}) as squares_{{ measure }},
        count({{ measure }}) as count_{{ measure }}{{ "," if not loop.last }}
        {%- endfor %}
    from (select *, {{ plumbline.presence_of(measures) }} as presence from {{ rows }}) as present
    group by {{ finest | join(', ') }}
) as schools
group by grouping sets (
    {%- for unit in ['urn', 'phase', 'cluster', none] -%}
    {%- set unit_loop = loop -%}
    {%- for year_group in ['year_group', none] -%}
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
