{#-
    Tells the warehouse where the lake is, as its macro lake(), before anything else is run. The sources name their
    files from there, so what dbt knows of the project is the same for every lake and is read once for each code.
-#}
{% macro name_lake() %}{{ return(adapter.dispatch('name_lake', 'plumbline')()) }}{% endmacro %}

{% macro duckdb__name_lake() -%}
create or replace macro lake() as '{{ env_var('PLUMBLINE_LAKE', 'no-lake') | replace("'", "''") }}'
{%- endmacro %}
