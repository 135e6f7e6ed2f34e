-- Grain: one row per pupil, school, academic year, period kind, period, topic and label.
-- The bridge from pupils to the groups the trust reports by (many to many): who was in which group in a period.
-- Weeks are left out: they are not given by group.
with spans as (
    select
        pupil_key,
        urn,
        academic_year,
        period_kind,
        period,
        opens,
        closes
    from {{ ref('int_results_measures') }}
    union
    select
        pupil_key,
        urn,
        academic_year,
        'window' as period_kind,
        window_name as period,
        opens,
        closes
    from {{ ref('int_enrolment_windows') }}
    union all
    select
        enrolments.pupil_key,
        enrolments.urn,
        enrolments.academic_year,
        periods.period_kind,
        periods.period,
        periods.starts as opens,
        periods.ends as closes
    from {{ ref('int_enrolments') }} as enrolments
    inner join {{ ref('int_periods') }} as periods
        on
            enrolments.urn = periods.urn
            and enrolments.academic_year = periods.academic_year
    where periods.is_open and periods.period_kind <> 'week'
)

select distinct
    spans.pupil_key,
    spans.urn,
    spans.academic_year,
    spans.period_kind,
    spans.period,
    memberships.topic,
    memberships.label
from {{ ref('int_groups_placed') }} as memberships
inner join spans
    on
        memberships.pupil_key = spans.pupil_key
        and memberships.urn = spans.urn
        and (memberships.academic_year is null or memberships.academic_year = spans.academic_year)
        and {{ spans_touch('memberships.start_date', 'memberships.end_date', 'spans.opens', 'spans.closes') }}
where
    memberships.bucket = 'used'
    and memberships.topic is not null
    and memberships.label is not null
