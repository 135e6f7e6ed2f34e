{#-
    Numbers as words. Rounding happens here and nowhere earlier: half away from zero, at the KPI's own number of
    places. An engine's round() on a double is never used (2.675 is held as 2.67499...), so the value becomes a
    DECIMAL first, and the rounding is done on whole numbers.
-#}

{#- Text of a number to `dp` places (0 to 6), e.g. 57.05 at 1 -> '57.1', -0.04 at 1 -> '0.0'. -#}
{% macro number_words(value, dp) -%}
{%- set power -%}
    (case {{ dp }} when 0 then 1 when 1 then 10 when 2 then 100 when 3 then 1000
        when 4 then 10000 when 5 then 100000 when 6 then 1000000 end)
{%- endset -%}
{%- set scaled -%}
    cast(floor(abs(cast({{ value }} as decimal(38, 10))) * {{ power }} + 0.5) as decimal(38, 0))
{%- endset -%}
{%- set digits -%} cast({{ scaled }} as varchar) {%- endset -%}
{%- set padded -%}
    (case
        when length({{ digits }}) > {{ dp }} then {{ digits }}
        else lpad({{ digits }}, {{ dp }} + 1, '0')
    end)
{%- endset -%}
concat(
    case when {{ value }} < 0 and {{ scaled }} > 0 then '-' else '' end,
    left({{ padded }}, length({{ padded }}) - {{ dp }}),
    case when {{ dp }} > 0 then concat('.', right({{ padded }}, {{ dp }})) else '' end
)
{%- endmacro %}

{#- The same with its unit: '57.1%', '57.1 marks', '4.2 per 100'; a score has no unit. -#}
{% macro value_words(value, dp, unit) -%}
concat(
    {{ number_words(value, dp) }},
    case {{ unit }}
        when 'percent' then '%'
        when 'marks' then ' marks'
        when 'points' then ' points'
        when 'rate_per_100' then ' per 100'
        else ''
    end
)
{%- endmacro %}

{#- '1 pupil', '28 pupils'. -#}
{% macro count_words(count, singular, plural) -%}
concat(cast({{ count }} as varchar), case when {{ count }} = 1 then ' {{ singular }}' else ' {{ plural }}' end)
{%- endmacro %}

{#- The school's name; `_trust` is what is said of a file of several schools, and of no school alone. -#}
{% macro school_words(urn, name) -%}
case when {{ urn }} = '_trust' then 'Whole trust' else coalesce({{ name }}, 'Not on the register') end
{%- endmacro %}

{#- '3 March 2025'. Dispatched: engines spell dates their own way. -#}
{% macro date_words(day) %}{{ return(adapter.dispatch('date_words', 'plumbline')(day)) }}{% endmacro %}

{% macro default__date_words(day) -%}
date_format({{ day }}, 'd MMMM yyyy')
{%- endmacro %}

{% macro duckdb__date_words(day) -%}
strftime({{ day }}, '%-d %B %Y')
{%- endmacro %}
