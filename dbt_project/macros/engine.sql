{#- What differs between engines, one dispatched macro an idea. The models themselves stay plain SQL. -#}

{#- A label as windows know it: lower case, trimmed, single spaces; NULL where nothing is left. -#}
{% macro label_key(column) %}{{ return(adapter.dispatch('label_key', 'plumbline')(column)) }}{% endmacro %}

{% macro default__label_key(column) -%}
nullif(trim(regexp_replace(lower({{ column }}), '\s+', ' ')), '')
{%- endmacro %}

{% macro duckdb__label_key(column) -%}
nullif(trim(regexp_replace(lower({{ column }}), '\s+', ' ', 'g')), '')
{%- endmacro %}

{#- Whole days from one date to a later one; negative where it is earlier. -#}
{% macro days_between(earlier, later) %}{{ return(adapter.dispatch('days_between', 'plumbline')(earlier, later)) }}{% endmacro %}

{% macro default__days_between(earlier, later) -%}
datediff({{ later }}, {{ earlier }})
{%- endmacro %}

{% macro duckdb__days_between(earlier, later) -%}
date_diff('day', {{ earlier }}, {{ later }})
{%- endmacro %}

{#- Texts of a group as one list, in the order given. -#}
{% macro list_of(column, order_by) %}{{ return(adapter.dispatch('list_of', 'plumbline')(column, order_by)) }}{% endmacro %}

{% macro default__list_of(column, order_by) -%}
string_agg({{ column }}, ', ' order by {{ order_by }})
{%- endmacro %}

{#- True where two spans of days share a day. An open end (NULL) has no limit. -#}
{% macro spans_touch(start_1, end_1, start_2, end_2) -%}
(
    ({{ start_1 }} is null or {{ end_2 }} is null or {{ start_1 }} <= {{ end_2 }})
    and ({{ end_1 }} is null or {{ start_2 }} is null or {{ end_1 }} >= {{ start_2 }})
)
{%- endmacro %}

{#- A quantile of a group between its values, by straight lines (what spreadsheets call inclusive). -#}
{% macro quantile(column, share) %}{{ return(adapter.dispatch('quantile', 'plumbline')(column, share)) }}{% endmacro %}

{% macro default__quantile(column, share) -%}
percentile({{ column }}, {{ share }})
{%- endmacro %}

{% macro duckdb__quantile(column, share) -%}
quantile_cont({{ column }}, {{ share }})
{%- endmacro %}
