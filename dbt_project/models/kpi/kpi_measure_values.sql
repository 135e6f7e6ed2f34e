-- Grain: as kpi_results_sums, and measure.
-- The small result turned long: one row a measure, ready to be joined with the KPIs that use it.
{%- set measures = measures_of('int_results_measures') %}
{%- set keys = [
    'geography', 'unit_code', 'year_group', 'academic_year', 'window_name', 'subject', 'assessment',
    'comparability_class', 'construct', 'comparability_key', 'breakdown_topic', 'breakdown', 'counts_at_trust',
    'presence'
] %}
with sums as (
    select * from {{ ref('kpi_results_sums') }}
)
{% for measure in measures %}
select
    {{ keys | join(',\n    ') }},
    '{{ measure }}' as measure,
    sum_{{ measure }} as measure_sum,
    squares_{{ measure }} as measure_squares,
    count_{{ measure }} as measure_count
from sums
{{ "union all" if not loop.last }}
{%- endfor %}
