-- Grain: one row per unit, academic year, period kind, period, year group (or Total) and breakdown.
-- Pupils on roll that a figure could hold: the whole that its share of pupils is taken of. For a window each pupil
-- once; for attendance each enrolment of Reception to Year 11 that touches the period, and once in a school that
-- changed its URN in the year.
{%- set keys = ['academic_year', 'period_kind', 'period'] %}
{%- set school = ['urn', 'phase', 'cluster', 'year_group', 'counts_at_trust'] %}
{%- set on_roll = ['pupils_on_roll'] %}
with heirs as (
    select
        ancestor_urn,
        academic_year,
        min(urn) as urn
    from {{ ref('int_attendance_heirs') }}
    group by ancestor_urn, academic_year
),

in_attendance as (
    select
        enrolments.pupil_key,
        enrolments.academic_year,
        enrolments.year_group,
        enrolments.sex,
        periods.period_kind,
        periods.period,
        coalesce(heirs.urn, enrolments.urn) as urn
    from {{ ref('int_enrolments') }} as enrolments
    inner join {{ ref('year_groups') }} as year_groups
        on
            enrolments.year_group = year_groups.year_group
            and year_groups.population = 'headline'
    inner join {{ ref('int_periods') }} as periods
        on
            enrolments.urn = periods.urn
            and enrolments.academic_year = periods.academic_year
            and {{ spans_touch('enrolments.start_date', 'enrolments.end_date', 'periods.starts', 'periods.ends') }}
    left join heirs
        on
            enrolments.urn = heirs.ancestor_urn
            and enrolments.academic_year = heirs.academic_year
    -- Few rolls end the day a URN does: who is on the later URN's roll as well is counted there.
    left join {{ ref('int_enrolments') }} as later
        on
            heirs.urn = later.urn
            and heirs.academic_year = later.academic_year
            and enrolments.pupil_key = later.pupil_key
            and later.basis = 'roll'
            and not later.is_guest
            and {{ spans_touch('later.start_date', 'later.end_date', 'periods.starts', 'periods.ends') }}
    where
        enrolments.basis = 'roll'
        and enrolments.is_in_trust
        and not enrolments.is_guest
        and later.urn is null
        and periods.is_open
        and periods.period_kind <> 'year_to_date_urn'
),

counted as (
    select
        pupil_key,
        urn,
        phase,
        cluster,
        year_group,
        counts_at_trust,
        academic_year,
        'window' as period_kind,
        window_name as period,
        sex,
        1 as pupils_on_roll
    from {{ ref('int_enrolment_windows') }}
    where counts_at_trust and pupils_on_roll = 1
    union all
    select
        in_attendance.pupil_key,
        in_attendance.urn,
        school_years.phase,
        school_years.cluster,
        in_attendance.year_group,
        true as counts_at_trust,
        in_attendance.academic_year,
        in_attendance.period_kind,
        in_attendance.period,
        in_attendance.sex,
        1 as pupils_on_roll
    from in_attendance
    inner join {{ ref('int_school_years') }} as school_years
        on
            in_attendance.urn = school_years.urn
            and in_attendance.academic_year = school_years.academic_year
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
            and counted.period_kind = members.period_kind
            and counted.period = members.period
),

schools as (
    {{ add_to_schools('counted', on_roll, school + keys + ['sex']) }}
),

schools_by_group as (
    {{ add_to_schools('grouped', on_roll, school + keys + ['topic', 'label']) }}
),

sums_by_sex as (
    {{ pool_schools('schools', on_roll, keys, 'sex') }} -- noqa: PRS
),

sums_by_group as (
    {{ pool_schools('schools_by_group', on_roll, keys + ['topic', 'label']) }} -- noqa: PRS
)

select
    geography,
    unit_code,
    {{ keys | join(',\n    ') }},
    year_group,
    case when sex = 'Total' then 'Total' else 'Sex' end as breakdown_topic,
    sex as breakdown,
    count_pupils_on_roll as pupils_on_roll
from sums_by_sex
union all
select
    geography,
    unit_code,
    {{ keys | join(',\n    ') }},
    year_group,
    topic as breakdown_topic,
    label as breakdown,
    count_pupils_on_roll as pupils_on_roll
from sums_by_group
