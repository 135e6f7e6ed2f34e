-- Grain: one row per geography, unit, year group, subject, comparability key, breakdown, counts_at_trust and
-- presence (which measures the rows have).
-- The measures of assessment added up, wide: sums, sums of squares and counts. One pass for everything that is a
-- column of the pupil; a second, through the bridge, for groups a pupil may have several of.
{%- set measures = measures_of('int_results_measures') %}
{%- set keys = [
    'academic_year', 'window_name', 'subject', 'assessment', 'comparability_class', 'construct', 'comparability_key'
] %}
with measured as (
    select * from {{ ref('int_results_measures') }}
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
            and measured.window_name = members.window_name
),

sums_by_sex as (
    {{ sum_measures('measured', measures, keys, 'sex') }} -- noqa: PRS
),

sums_by_group as (
    {{ sum_measures('grouped', measures, keys + ['topic', 'label']) }} -- noqa: PRS
)

{%- set columns = ['geography', 'unit_code', 'year_group'] + keys + ['counts_at_trust', 'presence'] %}
{%- for measure in measures %}
{%- do columns.extend(['sum_' ~ measure, 'squares_' ~ measure, 'count_' ~ measure]) %}
{%- endfor %}

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
