-- Grain: one row per school and day before the run on which the school was to be open.
-- Whether attendance of that day has come: the Mondays to Fridays of the school's half-terms, while it was in the
-- trust, without bank holidays, which are found by the marks: days on which, of several schools with marks before and
-- after them, fewer than a quarter were open, at most two in a week; and without days the school's own marks say it was
-- closed on (#). Other days of staff training are not known: who asks for a share of the days must leave room for them.
with marked as (
    select
        urn,
        session_date,
        is_open
    from {{ ref('int_school_open_days') }}
),

reach as (
    select
        marked.urn,
        days.academic_year,
        min(marked.session_date) as first_day,
        max(marked.session_date) as last_day
    from marked
    inner join {{ ref('int_school_days') }} as days
        on
            marked.urn = days.urn
            and marked.session_date = days.session_date
    group by marked.urn, days.academic_year
),

totals as (
    select distinct
        urn,
        from_date,
        to_date
    from {{ ref('int_totals_placed') }}
    where reason_code is null
),

expected as (
    select
        days.urn,
        days.session_date,
        days.academic_year,
        days.half_term
    from {{ ref('int_school_days') }} as days
    inner join {{ ref('stg_schools') }} as schools
        on
            days.urn = schools.urn
            and (schools.joined is null or days.session_date >= schools.joined)
            and (schools.left_on is null or days.session_date <= schools.left_on)
    cross join {{ ref('stg_run') }} as run
    where days.is_in_term and not days.is_weekend and days.session_date < run.as_of
),

-- Two classes marked by mistake, or one school's own dates, do not open the day for the others.
closed_for_most as (
    select expected.session_date
    from expected
    inner join reach
        on
            expected.urn = reach.urn
            and expected.academic_year = reach.academic_year
            and expected.session_date > reach.first_day
            and expected.session_date < reach.last_day
    left join marked
        on
            expected.urn = marked.urn
            and expected.session_date = marked.session_date
    group by expected.session_date
    having count(*) > 1 and 4 * count(case when marked.is_open then 1 end) < count(*)
),

-- More than two in a week are no holidays: nobody has sent that week.
closed as (
    select session_date
    from (
        select
            session_date,
            count(*) over (partition by {{ week_of('session_date') }}) as days_of_week
        from closed_for_most
    ) as weeks
    where days_of_week <= 2
),

closed_here as (
    select
        urn,
        session_date
    from {{ ref('int_attendance_days') }}
    group by urn, session_date
    having 2 * sum(case when mark_code = '#' then marks_am + marks_pm else 0 end) >= sum(marks_am + marks_pm)
),

covered as (
    select
        expected.urn,
        expected.session_date
    from expected
    inner join totals
        on
            expected.urn = totals.urn
            and expected.session_date between totals.from_date and totals.to_date
    union
    select
        urn,
        session_date
    from marked
    where is_open
)

select
    expected.urn,
    expected.session_date,
    expected.academic_year,
    expected.half_term,
    covered.urn is not null as is_sent
from expected
left join closed
    on expected.session_date = closed.session_date
left join closed_here
    on
        expected.urn = closed_here.urn
        and expected.session_date = closed_here.session_date
left join covered
    on
        expected.urn = covered.urn
        and expected.session_date = covered.session_date
where closed.session_date is null and closed_here.session_date is null
