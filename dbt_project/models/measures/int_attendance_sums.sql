-- Grain: one row per enrolment, week, half-term and term of the attendance in use.
-- Sessions added up once. Marks are in the week, half-term and term of their day. A total is in no week; it is in a
-- half-term or term when its first and last day both are, and always in its year.
select
    marks.pupil_key,
    marks.urn,
    marks.academic_year,
    days.week_begins,
    days.half_term,
    days.term,
    {{ sum_sessions('codes') }}
from {{ ref('int_marks_placed') }} as marks
inner join {{ ref('int_school_days') }} as days
    on
        marks.urn = days.urn
        and marks.session_date = days.session_date
inner join {{ ref('int_attendance_codes') }} as codes
    on
        marks.mark_code = codes.mark_code
        and marks.code_valid_from = codes.valid_from
where marks.reason_code is null
group by marks.pupil_key, marks.urn, marks.academic_year, days.week_begins, days.half_term, days.term
union all
select
    totals.pupil_key,
    totals.urn,
    totals.academic_year,
    cast(null as date) as week_begins,
    totals.half_term,
    totals.term,
    {{ sum_sessions('codes', 'totals.sessions') }}
from {{ ref('int_totals_placed') }} as totals
inner join {{ ref('int_attendance_codes') }} as codes
    on
        totals.mark_code = codes.mark_code
        and totals.code_valid_from = codes.valid_from
where totals.reason_code is null
group by totals.pupil_key, totals.urn, totals.academic_year, totals.half_term, totals.term
