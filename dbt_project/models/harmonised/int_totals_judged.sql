-- Grain: one row per live attendance total.
-- Each total with what keeps it from being used, if anything, whatever other totals there are. Of a total and the marks
-- in its span, what speaks for more sessions stands: the total is left out where the pupil's marks that say something
-- are half as many as its sessions that do, or more; else the marks are (int_marks_placed).
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

-- All codes of a span in one file are one total.
spans as (
    select
        totals.pupil_key,
        totals.urn,
        totals.receipt_id,
        totals.from_date,
        totals.to_date,
        sum(case when codes.class not in ('admin', 'missing') then totals.sessions else 0 end) as sessions
    from {{ ref('stg_attendance_totals') }} as totals
    left join {{ ref('int_attendance_codes') }} as codes
        on
            totals.mark_code = codes.mark_code
            and totals.to_date between codes.valid_from and codes.counts_until
    group by totals.pupil_key, totals.urn, totals.receipt_id, totals.from_date, totals.to_date
),

marked as (
    select
        spans.pupil_key,
        spans.urn,
        spans.receipt_id,
        spans.from_date,
        spans.to_date
    from spans
    inner join {{ ref('int_marks_judged') }} as marks
        on
            spans.pupil_key = marks.pupil_key
            and spans.urn = marks.urn
            and marks.session_date between spans.from_date and spans.to_date
    inner join {{ ref('int_attendance_codes') }} as codes
        on
            marks.mark_code = codes.mark_code
            and marks.code_valid_from = codes.valid_from
    where marks.unusable_because is null and codes.class not in ('admin', 'missing')
    group by spans.pupil_key, spans.urn, spans.receipt_id, spans.from_date, spans.to_date
    having 2 * count(*) >= max(spans.sessions)
)

select
    totals.record_id,
    totals.urn,
    totals.receipt_id,
    totals.file_row,
    totals.pupil_key,
    last_days.academic_year,
    totals.from_date,
    totals.to_date,
    totals.mark_code,
    codes.valid_from as code_valid_from,
    totals.sessions,
    receipts.arrival,
    spans.sessions > 0 as is_speaking,
    case when first_days.half_term = last_days.half_term then last_days.half_term end as half_term,
    case when first_days.term = last_days.term then last_days.term end as term,
    case
        when schools.urn is null then 'school_not_on_register'
        when first_days.urn is null and last_days.urn is null then 'academic_year_not_reported'
        when (first_days.academic_year = last_days.academic_year) is not true then 'totals_over_two_years'
        when codes.mark_code is null then 'attendance_code_unknown'
        when not last_days.is_past then 'session_after_run_date'
        when feeds.urn is not null and (feed_starts.urn is null or feed_ends.urn is null) then 'outside_feed'
        when enrolments.urn is null then 'pupil_not_enrolled'
        when enrolments.is_guest then 'not_counted_here'
        when
            not {{ spans_touch('totals.from_date', 'totals.to_date', 'enrolments.start_date', 'enrolments.end_date') }}
            then 'not_on_roll_that_day'
        when marked.urn is not null then 'marks_cover_these_days'
    end as unusable_because
from {{ ref('stg_attendance_totals') }} as totals
left join {{ ref('stg_schools') }} as schools
    on totals.urn = schools.urn
left join {{ ref('stg_receipts') }} as receipts
    on
        totals.urn = receipts.urn
        and totals.receipt_id = receipts.receipt_id
left join {{ ref('int_school_days') }} as first_days
    on
        totals.urn = first_days.urn
        and totals.from_date = first_days.session_date
left join {{ ref('int_school_days') }} as last_days
    on
        totals.urn = last_days.urn
        and totals.to_date = last_days.session_date
left join {{ ref('int_attendance_codes') }} as codes
    on
        totals.mark_code = codes.mark_code
        and totals.to_date between codes.valid_from and codes.counts_until
left join feeds
    on
        totals.urn = feeds.urn
        and totals.receipt_id = feeds.receipt_id
left join {{ ref('int_feed_days') }} as feed_starts
    on
        totals.urn = feed_starts.urn
        and totals.receipt_id = feed_starts.receipt_id
        and totals.from_date = feed_starts.session_date
left join {{ ref('int_feed_days') }} as feed_ends
    on
        totals.urn = feed_ends.urn
        and totals.receipt_id = feed_ends.receipt_id
        and totals.to_date = feed_ends.session_date
left join {{ ref('int_enrolments') }} as enrolments
    on
        totals.pupil_key = enrolments.pupil_key
        and totals.urn = enrolments.urn
        and last_days.academic_year = enrolments.academic_year
left join spans
    on
        totals.pupil_key = spans.pupil_key
        and totals.urn = spans.urn
        and totals.receipt_id = spans.receipt_id
        and totals.from_date = spans.from_date
        and totals.to_date = spans.to_date
left join marked
    on
        totals.pupil_key = marked.pupil_key
        and totals.urn = marked.urn
        and totals.receipt_id = marked.receipt_id
        and totals.from_date = marked.from_date
        and totals.to_date = marked.to_date
