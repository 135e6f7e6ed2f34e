-- Grain: one row per pooled unit (MAT, Phase, Cluster), academic year, window, year group (or Total) and breakdown.
-- Pupils on roll, each once, that a pooled figure could hold: the whole that its share of pupils is taken of.
{%- set keys = ['academic_year', 'window_name'] %}
with counted as (
    select *
    from {{ ref('int_enrolment_windows') }}
    where counts_at_trust and pupils_on_roll = 1
),

grouped as (
    select
        counted.*,
        members.topic,
        members.label
    from counted
    inner join {{ ref('int_group_members') }} as members
        on
            counted.pupil_key = members.pupil_key
            and counted.urn = members.urn
            and counted.academic_year = members.academic_year
            and counted.window_name = members.window_name
),

sums_by_sex as (
    {{ sum_measures('counted', ['pupils_on_roll'], keys, 'sex') }} -- noqa: PRS
),

sums_by_group as (
    {{ sum_measures('grouped', ['pupils_on_roll'], keys + ['topic', 'label']) }} -- noqa: PRS
)

select
    geography,
    unit_code,
    academic_year,
    window_name,
    year_group,
    case when sex = 'Total' then 'Total' else 'Sex' end as breakdown_topic,
    sex as breakdown,
    cast(count_pupils_on_roll as bigint) as pupils_on_roll
from sums_by_sex
where geography <> 'School'
union all
select
    geography,
    unit_code,
    academic_year,
    window_name,
    year_group,
    topic as breakdown_topic,
    label as breakdown,
    cast(count_pupils_on_roll as bigint) as pupils_on_roll
from sums_by_group
where geography <> 'School'
