{#-
    Copies every published_* table, sorted, to Parquet in `next_folder` (which must exist). Run after the tests:
        dbt run-operation publish --args '{next_folder: /path/to/published.next}'
    dbt-duckdb's own `external` tables are not used: they are written before the tests run, and an empty model
    becomes one row of NULLs. Sorted by every column, in row groups of a fixed size, the bytes are the same at any
    number of threads.
-#}
{% macro publish(next_folder) %}
    {%- set published = [] -%}
    {%- for node in graph.nodes.values() if node.resource_type == 'model' and node.name.startswith('published_') -%}
        {%- do published.append(node) -%}
    {%- endfor -%}
    {%- if not published -%}
        {{ exceptions.raise_compiler_error("publish found no published_ model: nothing would be copied") }}
    {%- endif -%}
    {%- for node in published | sort(attribute='name') -%}
        {%- set relation = api.Relation.create(database=node.database, schema=node.schema, identifier=node.alias) -%}
        {%- do run_query(plumbline.write_parquet(relation, next_folder ~ '/' ~ node.name ~ '.parquet')) -%}
    {%- endfor -%}
    {%- do log("published " ~ published | length ~ " tables", info=true) -%}
{% endmacro %}

{% macro write_parquet(relation, path) %}{{ return(adapter.dispatch('write_parquet', 'plumbline')(relation, path)) }}{% endmacro %}

{% macro duckdb__write_parquet(relation, path) -%}
copy (select * from {{ relation }} order by all)
to '{{ path | replace("'", "''") }}' (format parquet, compression zstd, row_group_size 122880)
{%- endmacro %}
