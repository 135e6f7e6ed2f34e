{#-
    How a model becomes a table or a view: replaced where it stands, in one statement. The adapter's own way makes it
    beside, renames both, drops the old one and asks again what is there, for engines that cannot replace; over a
    hundred models that was a fifth of a run. Hooks, grants, indexes and comments are not looked at: no model has any.
-#}
{% materialization table, adapter='duckdb' %}
    {{ return(replace_relation('table')) }}
{% endmaterialization %}

{% materialization view, adapter='duckdb' %}
    {{ return(replace_relation('view')) }}
{% endmaterialization %}

{% macro replace_relation(type) %}
    {%- set existing = load_cached_relation(this) -%}
    {%- set target = this.incorporate(type=type) -%}
    {#- What was a view before an upgrade cannot be replaced by a table, nor a table by a view. -#}
    {%- if existing is not none and existing.type != type -%}
        {%- do adapter.drop_relation(existing) -%}
    {%- endif -%}
    {%- call statement('main') -%}
        create or replace {{ type }} {{ target }} as (
            {{ sql }}
        )
    {%- endcall -%}
    {%- do adapter.commit() -%}
    {{ return({'relations': [target]}) }}
{% endmacro %}
