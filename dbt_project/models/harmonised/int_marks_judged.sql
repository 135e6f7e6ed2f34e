-- Grain: one row per live mark of the register.
-- Each mark with what keeps it from being used, if anything, whatever totals there are, and the row of the code list
-- that says its class on that day. The first reason that holds is given. No function looks at all marks at once but the
-- one that finds a session with two.
with feeds as (
    select distinct
        feeds.urn,
        receipts.receipt_id
    from {{ ref('stg_feeds') }} as feeds
    inner join {{ ref('stg_receipts') }} as receipts
        on
            feeds.urn = receipts.urn
            and feeds.format = receipts.format
),

judged as (
    select
        marks.record_id,
        marks.urn,
        marks.receipt_id,
        marks.file_row,
        marks.pupil_key,
        marks.session_date,
        marks.session,
        marks.mark_code,
        days.academic_year,
        codes.valid_from as code_valid_from,
        codes.class,
        case
            when schools.urn is null then 'school_not_on_register'
            when days.urn is null then 'academic_year_not_reported'
            when codes.mark_code is null then 'attendance_code_unknown'
            when not days.is_past then 'session_after_run_date'
            when feeds.urn is not null and feed_days.urn is null then 'outside_feed'
            when enrolments.urn is null then 'pupil_not_enrolled'
            when enrolments.is_guest then 'not_counted_here'
            when marks.session_date < enrolments.start_date or marks.session_date > enrolments.end_date
                then 'not_on_roll_that_day'
        end as unusable_because
    from {{ ref('stg_attendance') }} as marks
    left join {{ ref('stg_schools') }} as schools
        on marks.urn = schools.urn
    left join {{ ref('int_school_days') }} as days
        on
            marks.urn = days.urn
            and marks.session_date = days.session_date
    left join {{ ref('int_attendance_codes') }} as codes
        on
            marks.mark_code = codes.mark_code
            and marks.session_date between codes.valid_from and codes.counts_until
    left join feeds
        on
            marks.urn = feeds.urn
            and marks.receipt_id = feeds.receipt_id
    left join {{ ref('int_feed_days') }} as feed_days
        on
            marks.urn = feed_days.urn
            and marks.receipt_id = feed_days.receipt_id
            and marks.session_date = feed_days.session_date
    left join {{ ref('int_enrolments') }} as enrolments
        on
            marks.pupil_key = enrolments.pupil_key
            and marks.urn = enrolments.urn
            and days.academic_year = enrolments.academic_year
),

-- One mark stands per pupil, school and session: one that says something before one that does not, then the latest.
-- Two come from two formats, or from a pupil whose number changed; nearly all sessions have one.
contested as (
    select
        pupil_key,
        urn,
        session_date,
        session
    from judged
    where unusable_because is null
    group by pupil_key, urn, session_date, session
    having count(*) > 1
),

standing as (
    select
        judged.urn,
        judged.record_id,
        row_number() over session_marks as place,
        first_value(judged.receipt_id) over session_marks as standing_receipt_id
    from judged
    inner join contested
        on
            judged.pupil_key = contested.pupil_key
            and judged.urn = contested.urn
            and judged.session_date = contested.session_date
            and judged.session = contested.session
    left join {{ ref('stg_receipts') }} as receipts
        on
            judged.urn = receipts.urn
            and judged.receipt_id = receipts.receipt_id
    where judged.unusable_because is null
    window session_marks as (
        partition by judged.pupil_key, judged.urn, judged.session_date, judged.session
        order by
            case judged.class when 'missing' then 1 else 0 end asc, receipts.arrival desc nulls last,
            judged.file_row desc, judged.record_id desc
    )
)

select
    judged.record_id,
    judged.urn,
    judged.receipt_id,
    judged.file_row,
    judged.pupil_key,
    judged.academic_year,
    judged.session_date,
    judged.session,
    judged.mark_code,
    judged.code_valid_from,
    case when standing.place > 1 then 'later_mark_stands' else judged.unusable_because end as unusable_because,
    case when standing.place > 1 then standing.standing_receipt_id end as related_receipt_id
from judged
left join standing
    on
        judged.urn = standing.urn
        and judged.record_id = standing.record_id
