-- Grain: one row per geography, unit, year group, subject, comparability key, breakdown, counts_at_trust and
-- presence (which measures the rows have).
-- The measures of curriculum statements added up, wide: sums, sums of squares, products with the rate base
-- and counts. Of the trust's statements only: a school's own go into no figure that others see.
{%- set measures = measures_of('int_statements_measures') %}
{%- set base = rate_base_of('int_statements_measures') %}
{%- set keys = [
    'academic_year', 'period_kind', 'period', 'subject', 'assessment', 'comparability_class', 'construct',
    'comparability_key'
] %}
{%- set school = ['urn', 'phase', 'cluster', 'year_group', 'counts_at_trust'] %}
with measured as (
    select * from {{ ref('int_statements_measures') }}
    where statement_owner = 'trust'
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
    {{ add_to_schools('measured', measures, school + keys + ['sex'], base) }}
),

schools_by_group as (
    {{ add_to_schools('grouped', measures, school + keys + ['topic', 'label'], base) }}
),

sums_by_sex as (
    {{ pool_schools('schools', measures, keys, 'sex', base) }} -- noqa: PRS
),

sums_by_group as (
    {{ pool_schools('schools_by_group', measures, keys + ['topic', 'label'], rate_base=base) }} -- noqa: PRS
)

{%- set columns = ['geography', 'unit_code', 'year_group'] + keys + ['counts_at_trust', 'presence']
    + sum_columns(measures, base) %}

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
