-- Grain: one row per school and day with a mark in use that says something.
-- Whether the school was open, as its marks show: at least a tenth of the pupils with a mark in that half-term have
-- one in the fuller session of that day. A year group in school alone is enough; a stray register is not. And whether
-- its marks, of whatever kind, are of one session only: the other has less than a tenth as many.
with days as (
    select
        days.urn,
        days.session_date,
        sum(case when codes.class not in ('admin', 'missing') then days.marks_am else 0 end) as telling_am,
        sum(case when codes.class not in ('admin', 'missing') then days.marks_pm else 0 end) as telling_pm,
        sum(days.marks_am) as marks_am,
        sum(days.marks_pm) as marks_pm
    from {{ ref('int_attendance_days') }} as days
    inner join {{ ref('int_attendance_codes') }} as codes
        on
            days.mark_code = codes.mark_code
            and days.code_valid_from = codes.valid_from
    group by days.urn, days.session_date
),

marked as (
    select
        urn,
        session_date,
        greatest(telling_am, telling_pm) as pupils_marked,
        10 * least(marks_am, marks_pm) < greatest(marks_am, marks_pm) as is_one_session
    from days
    where telling_am > 0 or telling_pm > 0
),

pupils as (
    select
        urn,
        academic_year,
        half_term,
        count(distinct pupil_key) as pupils_in_half_term
    from {{ ref('int_attendance_sums') }}
    where week_begins is not null
    group by urn, academic_year, half_term
)

select
    marked.urn,
    marked.session_date,
    school_days.academic_year,
    school_days.is_weekend,
    marked.is_one_session,
    cast(marked.pupils_marked as bigint) as pupils_marked,
    pupils.pupils_in_half_term,
    10 * marked.pupils_marked >= pupils.pupils_in_half_term as is_open
from marked
inner join {{ ref('int_school_days') }} as school_days
    on
        marked.urn = school_days.urn
        and marked.session_date = school_days.session_date
inner join pupils
    on
        school_days.urn = pupils.urn
        and school_days.academic_year = pupils.academic_year
        and school_days.half_term is not distinct from pupils.half_term
