-- Grain: one row per geography, unit, year group, period, breakdown, counts_at_trust and presence (which measures the
-- rows have).
-- The measures of suspensions added up, wide: sums, sums of squares and counts. Half-terms and terms are given by year
-- group or by breakdown, the year to date by both at once.
{%- set measures = measures_of('int_suspensions_measures') %}
{%- set keys = [
    'academic_year', 'period_kind', 'period', 'subject', 'assessment', 'comparability_class', 'construct',
    'comparability_key'
] %}
{%- set school = ['urn', 'phase', 'cluster', 'year_group', 'counts_at_trust'] %}
with measured as (
    select * from {{ ref('int_suspensions_measures') }}
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
            and measured.period_kind = members.period_kind
            and measured.period = members.period
),

schools as (
    {{ add_to_schools('measured', measures, school + keys + ['sex']) }}
),

schools_by_group as (
    {{ add_to_schools('grouped', measures, school + keys + ['topic', 'label']) }}
),

sums_by_sex as (
    {{ pool_schools('schools', measures, keys, 'sex') }} -- noqa: PRS
),

sums_by_group as (
    {{ pool_schools('schools_by_group', measures, keys + ['topic', 'label']) }} -- noqa: PRS
)

{%- set columns = ['geography', 'unit_code', 'year_group'] + keys + ['counts_at_trust', 'presence']
    + sum_columns(measures) %}

select
    {{ columns | join(',\n    ') }},
    case when sex = 'Total' then 'Total' else 'Sex' end as breakdown_topic,
    sex as breakdown
from sums_by_sex
where
    (year_group = 'Total' and sex = 'Total')
    or (period_kind in ('half_term', 'term') and (year_group = 'Total' or sex = 'Total'))
    or period_kind in ('year_to_date', 'year_to_date_urn')
union all
select
    {{ columns | join(',\n    ') }},
    topic as breakdown_topic,
    label as breakdown
from sums_by_group
where year_group = 'Total' or period_kind in ('year_to_date', 'year_to_date_urn')
