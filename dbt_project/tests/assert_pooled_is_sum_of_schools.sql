{{ config(meta={'dagster': {'ref': {'name': 'kpi_values'}}}) }}
-- Trust, phase and cluster are the sum over their schools of what counts at the trust: sum over sum, exactly.
{%- set keys = [
    'kpi', 'kpi_version', 'academic_year', 'period_kind', 'period', 'year_group', 'subject', 'comparability_key',
    'breakdown_topic', 'breakdown'
] %}
{%- set sums = [
    'base_sum', 'base_squares', 'base_count', 'pupils', 'numerator_sum', 'numerator_squares', 'cross_sum',
    'base_on_roll', 'judged_on_roll', 'on_roll'
] %}
with by_school as (
    select
        schools.phase,
        schools.cluster,
        parts.*
    from {{ ref('kpi_parts') }} as parts
    inner join {{ ref('stg_schools') }} as schools
        on parts.unit_code = schools.urn
    where parts.geography = 'School' and parts.counts_at_trust
),

expected as (
    {%- for geography, unit in [('MAT', 'cast(null as varchar)'), ('Phase', 'phase'), ('Cluster', 'cluster')] %}
    select
        {%- for column in sums %}
        coalesce(sum({{ column }}), 0) as {{ column }},
        {%- endfor %}
        {{ keys | join(',\n        ') }},
        '{{ geography }}' as geography,
        {{ unit }} as unit_code
    from by_school
    {{ "where cluster is not null" if geography == 'Cluster' }}
    group by all
    {{ "union all" if not loop.last }}
    {%- endfor %}
),

made as (
    select
        {%- for column in sums %}
        coalesce({{ column }}, 0) as {{ column }},
        {%- endfor %}
        {{ keys | join(',\n        ') }},
        geography,
        unit_code
    from {{ ref('kpi_parts') }}
    where geography <> 'School'
)

(
    select * from expected
    except
    select * from made
)
union all
(
    select * from made
    except
    select * from expected
)
