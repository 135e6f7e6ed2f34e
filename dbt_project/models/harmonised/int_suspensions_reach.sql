-- Grain: one row per school, academic year and receipt that says how many suspensions there were.
-- Which years a school's suspensions are known for, and up to which day. A file holds events, not years: it speaks for
-- the years from that of its first event to that of its last, in which no event then means none, up to the day it was
-- made (else first seen) or the year's end. A year before or after, of which no file holds an event, is not known: no
-- file and a file without events look the same. Where a school's URN changed, a file speaks for each URN under which a
-- pupil of it was on roll.
with placed as (
    -- A day that cannot be says nothing of its year.
    select *
    from {{ ref('int_suspensions_placed') }}
    where
        reason_code is null
        or reason_code not in (
            'school_not_on_register', 'academic_year_not_reported', 'suspension_after_run_date'
        )
),

events as (
    select
        urn,
        receipt_id,
        urn as of_urn,
        academic_year
    from placed
    union
    select
        urn,
        receipt_id,
        on_urn as of_urn,
        academic_year
    from placed
    where on_urn is not null
),

files as (
    select
        urn,
        receipt_id,
        of_urn,
        min(academic_year) as first_year,
        max(academic_year) as last_year
    from events
    group by urn, receipt_id, of_urn
)

select
    files.of_urn as urn,
    years.academic_year,
    files.urn as sent_by,
    files.receipt_id,
    min(receipts.first_seen_on) as received_on,
    least(
        {{ attendance_year_ends('years.academic_year') }},
        max(coalesce(receipts.exported_on, receipts.first_seen_on, run.as_of)),
        max(run.as_of)
    ) as reaches_to
from files
inner join {{ ref('stg_academic_years') }} as years
    on years.academic_year between files.first_year and files.last_year
inner join {{ ref('stg_schools') }} as schools
    on files.of_urn = schools.urn
left join {{ ref('stg_receipts') }} as receipts
    on
        files.urn = receipts.urn
        and files.receipt_id = receipts.receipt_id
cross join {{ ref('stg_run') }} as run
group by files.of_urn, years.academic_year, files.urn, files.receipt_id
