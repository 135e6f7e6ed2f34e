-- Grain: one row per enrolment (pupil, school, academic year), period kind and period, at schools whose suspensions are
-- known for the period.
-- The additive measures of suspensions: a row for every pupil on roll, suspended or not, in Reception to Year 11. A
-- period is known where what the school has sent reaches to its end, or to the day of the run, but for two weeks; else
-- it has no row, and nothing is 0. Where a school's URN changed within a period, the later URN has the whole of it (as
-- for attendance), and the pupil once.
with heirs as (
    select * from {{ ref('int_period_heirs') }}
    where period_kind <> 'week'
),

changed as (
    select
        urn,
        academic_year
    from heirs
    union
    select
        ancestor_urn as urn,
        academic_year
    from heirs
),

-- Rolls may leave open when a URN ended: which URN a half-term or term was under is told by attendance.
attended as (
    {%- for kind in ['half_term', 'term'] %}
    select distinct
        sums.urn,
        sums.academic_year,
        '{{ kind }}' as period_kind,
        sums.{{ kind }} as period
    from {{ ref('int_attendance_sums') }} as sums
    inner join changed
        on
            sums.urn = changed.urn
            and sums.academic_year = changed.academic_year
    where sums.{{ kind }} is not null
    {{ "union all" if not loop.last }}
    {%- endfor %}
),

reach as (
    select
        urn,
        academic_year,
        max(reaches_to) as reaches_to
    from {{ ref('int_suspensions_reach') }}
    group by urn, academic_year
),

periods as (
    select
        periods.urn,
        periods.academic_year,
        periods.period_kind,
        periods.period,
        periods.starts,
        periods.ends,
        coalesce(
            {{ days_between(
                'reach.reaches_to', 'least(periods.ends, run.as_of, coalesce(schools.left_on, run.as_of))'
            ) }} <= 14,
            false
        ) as is_known
    from {{ ref('int_periods') }} as periods
    inner join {{ ref('stg_schools') }} as schools
        on
            periods.urn = schools.urn
            and (schools.joined is null or periods.ends >= schools.joined)
            and (schools.left_on is null or periods.starts <= schools.left_on)
    cross join {{ ref('stg_run') }} as run
    left join reach
        on
            periods.urn = reach.urn
            and periods.academic_year = reach.academic_year
    left join changed
        on
            periods.urn = changed.urn
            and periods.academic_year = changed.academic_year
    left join attended
        on
            periods.urn = attended.urn
            and periods.academic_year = attended.academic_year
            and periods.period_kind = attended.period_kind
            and periods.period = attended.period
    where
        periods.is_open
        and (
            periods.period_kind in ('year_to_date', 'year_to_date_urn')
            or (
                periods.period_kind in ('half_term', 'term')
                and (changed.urn is null or attended.urn is not null)
            )
        )
),

-- A period that goes on under a later URN is known where it is known of all its URNs.
half_known as (
    select distinct
        heirs.urn,
        heirs.academic_year,
        heirs.period_kind,
        heirs.period
    from heirs
    left join periods
        on
            heirs.ancestor_urn = periods.urn
            and heirs.academic_year = periods.academic_year
            and heirs.period_kind = periods.period_kind
            and heirs.period = periods.period
    where not coalesce(periods.is_known, false)
),

known as (
    select periods.*
    from periods
    left join half_known
        on
            periods.urn = half_known.urn
            and periods.academic_year = half_known.academic_year
            and periods.period_kind = half_known.period_kind
            and periods.period = half_known.period
    where periods.is_known and half_known.urn is null
),

events as (
    select
        placed.pupil_key,
        placed.on_urn as urn,
        placed.academic_year,
        days.half_term,
        days.term,
        count(*) as suspensions
    from {{ ref('int_suspensions_placed') }} as placed
    inner join {{ ref('int_school_days') }} as days
        on
            placed.on_urn = days.urn
            and placed.starts_on = days.session_date
    where placed.bucket = 'used'
    group by placed.pupil_key, placed.on_urn, placed.academic_year, days.half_term, days.term
),

on_roll as (
    select
        enrolments.pupil_key,
        enrolments.urn,
        enrolments.academic_year,
        periods.period_kind,
        periods.period,
        coalesce(sum(events.suspensions), 0) as suspensions
    from {{ ref('int_enrolments') }} as enrolments
    inner join periods
        on
            enrolments.urn = periods.urn
            and enrolments.academic_year = periods.academic_year
            and {{ spans_touch('enrolments.start_date', 'enrolments.end_date', 'periods.starts', 'periods.ends') }}
    left join {{ ref('year_groups') }} as year_groups
        on enrolments.year_group = year_groups.year_group
    left join events
        on
            enrolments.pupil_key = events.pupil_key
            and enrolments.urn = events.urn
            and enrolments.academic_year = events.academic_year
            and periods.period = case periods.period_kind
                when 'half_term' then events.half_term
                when 'term' then events.term
                else periods.period
            end
    where
        enrolments.basis = 'roll'
        and not enrolments.is_guest
        and {{ population_of('year_groups.population', 'enrolments.age_at_start') }} = 'headline'
    group by
        enrolments.pupil_key, enrolments.urn, enrolments.academic_year, periods.period_kind, periods.period
),

-- Where a school was divided, a pupil goes where the pupil went on, else to the first URN.
moved as (
    select
        on_roll.*,
        heirs.urn as to_urn,
        row_number() over (
            partition by
                on_roll.pupil_key, on_roll.urn, on_roll.academic_year, on_roll.period_kind, on_roll.period
            order by case when later.urn is null then 1 else 0 end asc, heirs.urn asc
        ) as place
    from on_roll
    inner join heirs
        on
            on_roll.urn = heirs.ancestor_urn
            and on_roll.academic_year = heirs.academic_year
            and on_roll.period_kind = heirs.period_kind
            and on_roll.period = heirs.period
    left join on_roll as later
        on
            heirs.urn = later.urn
            and on_roll.pupil_key = later.pupil_key
            and on_roll.academic_year = later.academic_year
            and on_roll.period_kind = later.period_kind
            and on_roll.period = later.period
),

gathered as (
    select
        pupil_key,
        urn,
        academic_year,
        period_kind,
        period,
        cast(null as varchar) as from_urn,
        suspensions
    from on_roll
    union all
    select
        pupil_key,
        to_urn as urn,
        academic_year,
        period_kind,
        period,
        urn as from_urn,
        suspensions
    from moved
    where place = 1
),

counted as (
    select
        pupil_key,
        urn,
        academic_year,
        period_kind,
        period,
        max(from_urn) as from_urn,
        sum(suspensions) as suspensions
    from gathered
    group by pupil_key, urn, academic_year, period_kind, period
),

ancestors as (
    select distinct
        ancestor_urn as urn,
        academic_year,
        period_kind,
        period
    from heirs
)

select
    counted.pupil_key,
    counted.urn,
    counted.academic_year,
    counted.period_kind,
    counted.period,
    -- A pupil who left before the URN changed is known under the earlier one only.
    coalesce(enrolments.year_group, earlier.year_group) as year_group,
    coalesce(nullif(enrolments.sex, 'U'), earlier.sex, 'U') as sex,
    school_years.phase,
    school_years.cluster,
    school_years.is_in_trust,
    school_years.is_in_trust
    and counted.period_kind <> 'year_to_date_urn'
    and ancestors.urn is null as counts_at_trust,
    'z' as subject,
    'z' as assessment,
    'A' as comparability_class,
    'statutory' as construct,
    concat_ws('|', 'A', 'statutory', 'z', counted.period, counted.academic_year) as comparability_key,
    known.starts as opens,
    known.ends as closes,
    cast(counted.suspensions as bigint) as suspensions_begun,
    case when counted.suspensions > 0 then 1 else 0 end as pupils_with_a_suspension,
    1 as pupils_on_roll_for_suspensions
from counted
inner join known
    on
        counted.urn = known.urn
        and counted.academic_year = known.academic_year
        and counted.period_kind = known.period_kind
        and counted.period = known.period
inner join {{ ref('int_school_years') }} as school_years
    on
        counted.urn = school_years.urn
        and counted.academic_year = school_years.academic_year
left join {{ ref('int_enrolments') }} as enrolments
    on
        counted.pupil_key = enrolments.pupil_key
        and counted.urn = enrolments.urn
        and counted.academic_year = enrolments.academic_year
left join {{ ref('int_enrolments') }} as earlier
    on
        counted.pupil_key = earlier.pupil_key
        and counted.from_urn = earlier.urn
        and counted.academic_year = earlier.academic_year
left join ancestors
    on
        counted.urn = ancestors.urn
        and counted.academic_year = ancestors.academic_year
        and counted.period_kind = ancestors.period_kind
        and counted.period = ancestors.period
