-- Grain: one row per geography, unit, year group, period, breakdown, counts_at_trust and presence (which measures the
-- rows have).
-- The measures of attendance added up, wide: sums, sums of squares, sums of products with the possible sessions, and
-- counts. 'Total' is the headline population, Reception to Year 11, and so are the sexes and the groups; the other
-- populations stand beside it in their own topic, where a pupil may be in several. Weeks are given for all year groups
-- together, half-terms and terms by year group or by breakdown, the year to date by both at once.
{%- set measures = measures_of('int_attendance_measures') %}
{%- set base = rate_base_of('int_attendance_measures') %}
{%- set keys = [
    'academic_year', 'period_kind', 'period', 'subject', 'assessment', 'comparability_class', 'construct',
    'comparability_key'
] %}
{%- set labelled = keys + ['label'] %}
{%- set school = ['urn', 'phase', 'cluster', 'year_group', 'counts_at_trust'] %}
with measured as (
    select * from {{ ref('int_attendance_measures') }}
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
    where measured.population = 'headline'
),

schools as (
    {{ add_to_schools('measured', measures, school + keys + ['sex', 'population', 'is_compulsory_age'], base) }}
),

headline as (
    select * from schools
    where population = 'headline'
),

{% set listed = populations() -%}
labels as (
    {%- for population in listed %}
    select '{{ population.label }}' as label
    {{ "union all" if not loop.last }}
    {%- endfor %}
),

schools_by_population as (
    select
        schools.*,
        labels.label
    from schools
    cross join labels
    where
        case labels.label
            {%- for population in listed %}
            when '{{ population.label }}' then schools.{{ population.holds }}
            {%- endfor %}
        end
),

schools_by_group as (
    {{ add_to_schools('grouped', measures, school + keys + ['topic', 'label'], base) }}
),

sums_by_sex as (
    {{ pool_schools('headline', measures, keys, 'sex', rate_base=base) }} -- noqa: PRS
),

sums_by_population as (
    {{ pool_schools('schools_by_population', measures, labelled, rate_base=base, by_year_group=false) }} -- noqa: PRS
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
where
    (year_group = 'Total' and sex = 'Total')
    or (period_kind in ('half_term', 'term') and (year_group = 'Total' or sex = 'Total'))
    or period_kind in ('year_to_date', 'year_to_date_urn')
union all
select
    {{ columns | join(',\n    ') }},
    'Population' as breakdown_topic,
    label as breakdown
from sums_by_population
union all
select
    {{ columns | join(',\n    ') }},
    topic as breakdown_topic,
    label as breakdown
from sums_by_group
where year_group = 'Total' or period_kind in ('year_to_date', 'year_to_date_urn')
