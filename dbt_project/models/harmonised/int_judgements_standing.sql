-- Grain: one row per pupil, school, academic year, window, owner, framework, subject and statement.
-- Where each pupil stands in each statement at the close of each window: the latest judgement made there by that day in
-- that academic year. A school's own judgement stands under its own statement, and under the trust's it is linked to.
with usable as (
    select * from {{ ref('int_judgements_banded') }}
    where unusable_because is null
),

enrolled as (
    select
        spans.pupil_key,
        spans.urn,
        spans.academic_year,
        spans.window_name,
        spans.year_group,
        spans.phase,
        spans.opens,
        spans.closes
    from {{ ref('int_enrolment_windows') }} as spans
    inner join {{ ref('int_enrolments') }} as enrolments
        on
            spans.pupil_key = enrolments.pupil_key
            and spans.urn = enrolments.urn
            and spans.academic_year = enrolments.academic_year
    where
        not enrolments.is_guest
        and {{ spans_touch('enrolments.start_date', 'enrolments.end_date', 'spans.opens', 'spans.closes') }}
),

due as (
    select * from {{ ref('int_statements_due') }}
),

seen as (
    select
        usable.record_id,
        usable.urn,
        usable.pupil_key,
        usable.academic_year,
        enrolled.window_name,
        usable.year_group,
        usable.subject,
        due.owner,
        due.framework,
        due.statement,
        due.trust_framework,
        due.trust_statement,
        usable.state,
        usable.as_at,
        usable.arrival,
        usable.file_row,
        usable.window_name = enrolled.window_name as is_of_this_window
    from usable
    inner join enrolled
        on
            usable.pupil_key = enrolled.pupil_key
            and usable.urn = enrolled.urn
            and usable.academic_year = enrolled.academic_year
            and usable.as_at <= enrolled.closes
    inner join due
        on
            enrolled.phase = due.phase
            and enrolled.academic_year = due.academic_year
            and enrolled.window_name = due.window_name
            and enrolled.year_group = due.year_group
            and usable.owner = due.owner
            and usable.framework = due.framework
            and usable.subject = due.subject
            and usable.statement = due.statement
),

counted as (
    select
        record_id,
        urn,
        pupil_key,
        academic_year,
        window_name,
        year_group,
        subject,
        owner,
        framework,
        statement,
        state,
        as_at,
        arrival,
        file_row,
        is_of_this_window
    from seen
    union all
    select
        record_id,
        urn,
        pupil_key,
        academic_year,
        window_name,
        year_group,
        subject,
        'trust' as owner,
        trust_framework as framework,
        trust_statement as statement,
        state,
        as_at,
        arrival,
        file_row,
        is_of_this_window
    from seen
    where trust_statement is not null
),

ranked as (
    select
        *,
        row_number() over (
            partition by pupil_key, urn, academic_year, window_name, owner, framework, subject, statement
            order by as_at desc, arrival desc nulls last, file_row desc, record_id desc
        ) as place
    from counted
)

select
    pupil_key,
    urn,
    academic_year,
    window_name,
    year_group,
    owner,
    framework,
    subject,
    statement,
    record_id,
    as_at,
    is_of_this_window,
    state
from ranked
where place = 1
