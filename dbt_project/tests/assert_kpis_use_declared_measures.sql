{{ config(meta={'dagster': {'ref': {'name': 'stg_kpis'}}}) }}
-- A KPI is made of measures that are declared: a name nobody declared would give no rows, silently.
with used as (
    {%- for column in ['numerator', 'denominator', 'mean_of'] %}
    select
        kpi,
        kpi_version,
        {{ column }} as measure
    from {{ ref('stg_kpis') }}
    where status = 'published' and owner = 'trust' and {{ column }} is not null
    {{ "union all" if not loop.last }}
    {%- endfor %}
)

select *
from used
where measure not in (
    {%- for measure in measures_of('int_results_measures') %}
    '{{ measure }}'{{ "," if not loop.last }}
    {%- endfor %}
)
