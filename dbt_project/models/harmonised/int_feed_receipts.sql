-- Grain: one row per school, feed, academic year, period kind, period and receipt with records of that period.
-- What each file holds of each period of a feed: records in use, and records of it that nothing maps yet. Pupils,
-- groups and suspensions are sent for a year, attendance for half-terms, results for windows. A total over several
-- half-terms counts in each of them; a group without a year in the year in which its file came.
with years as (
    select
        academic_year,
        {{ attendance_year_starts('academic_year') }} as first_day,
        {{ attendance_year_ends('academic_year') }} as last_day
    from {{ ref('stg_academic_years') }}
),

pupils as (
    select
        urn,
        academic_year,
        receipt_id,
        sum(case when bucket = 'used' then 1 else 0 end) as records_used,
        sum(case when bucket = 'unmapped' then 1 else 0 end) as records_unmapped
    from {{ ref('int_pupils_placed') }}
    where academic_year is not null
    group by urn, academic_year, receipt_id
),

groups_sent as (
    select
        memberships.urn,
        coalesce(memberships.academic_year, years.academic_year) as academic_year,
        memberships.receipt_id,
        -- A set the trust does not report by was sent all the same.
        sum(
            case
                when
                    memberships.bucket = 'used'
                    or memberships.reason_code in ('group_set_not_reported', 'group_not_reported')
                    then 1
                else 0
            end
        ) as records_used,
        sum(case when memberships.bucket = 'unmapped' then 1 else 0 end) as records_unmapped
    from {{ ref('int_groups_placed') }} as memberships
    left join {{ ref('stg_receipts') }} as receipts
        on
            memberships.urn = receipts.urn
            and memberships.receipt_id = receipts.receipt_id
    left join years
        on receipts.first_seen_on between years.first_day and years.last_day
    group by memberships.urn, coalesce(memberships.academic_year, years.academic_year), memberships.receipt_id
),

-- A year of which a file says that there was no suspension has been sent, without a record.
suspended as (
    select
        reach.urn,
        reach.academic_year,
        reach.sent_by,
        reach.receipt_id,
        count(placed.record_id) as records_used,
        0 as records_unmapped
    from {{ ref('int_suspensions_reach') }} as reach
    left join {{ ref('int_suspensions_placed') }} as placed
        on
            reach.urn = placed.urn
            and reach.receipt_id = placed.receipt_id
            and reach.academic_year = placed.academic_year
            and placed.bucket = 'used'
    group by reach.urn, reach.academic_year, reach.sent_by, reach.receipt_id
),

results as (
    select
        urn,
        academic_year,
        window_name as period,
        receipt_id,
        sum(case when bucket = 'used' then 1 else 0 end) as records_used,
        sum(case when bucket = 'unmapped' then 1 else 0 end) as records_unmapped
    from {{ ref('int_results_placed') }}
    where window_name is not null
    group by urn, academic_year, window_name, receipt_id
),

spans as (
    select
        urn,
        receipt_id,
        from_date,
        to_date,
        count(*) as records
    from {{ ref('int_totals_placed') }}
    where reason_code is null
    group by urn, receipt_id, from_date, to_date
),

attended as (
    select
        marks.urn,
        days.academic_year,
        days.half_term as period,
        marks.receipt_id,
        sum(marks.marks_am + marks.marks_pm) as records_used,
        0 as records_unmapped
    from {{ ref('int_attendance_days') }} as marks
    inner join {{ ref('int_school_days') }} as days
        on
            marks.urn = days.urn
            and marks.session_date = days.session_date
    where days.half_term is not null
    group by marks.urn, days.academic_year, days.half_term, marks.receipt_id
    union all
    select
        spans.urn,
        half_terms.academic_year,
        half_terms.half_term as period,
        spans.receipt_id,
        sum(spans.records) as records_used,
        0 as records_unmapped
    from spans
    inner join {{ ref('stg_half_terms') }} as half_terms
        on
            spans.urn = half_terms.urn
            and spans.from_date <= half_terms.ends
            and spans.to_date >= half_terms.starts
    group by spans.urn, half_terms.academic_year, half_terms.half_term, spans.receipt_id
    union all
    select
        unmapped.urn,
        days.academic_year,
        days.half_term as period,
        unmapped.receipt_id,
        0 as records_used,
        count(*) as records_unmapped
    from {{ ref('int_attendance_placed') }} as unmapped
    inner join {{ ref('int_school_days') }} as days
        on
            unmapped.urn = days.urn
            and unmapped.to_date = days.session_date
    where unmapped.bucket = 'unmapped' and days.half_term is not null
    group by unmapped.urn, days.academic_year, days.half_term, unmapped.receipt_id
),

sent as (
    {%- for feed, rows in [('Pupils', 'pupils'), ('Groups', 'groups_sent'), ('Suspensions', 'suspended')] %}
    select
        urn,
        '{{ feed }}' as feed,
        academic_year,
        'year' as period_kind,
        'year' as period,
        {{ "sent_by" if feed == "Suspensions" else "urn" }} as sent_by,
        receipt_id,
        records_used,
        records_unmapped
    from {{ rows }}
    union all
    {%- endfor %}
    select
        urn,
        'Results' as feed,
        academic_year,
        'window' as period_kind,
        period,
        urn as sent_by,
        receipt_id,
        records_used,
        records_unmapped
    from results
    union all
    select
        urn,
        'Attendance' as feed,
        academic_year,
        'half_term' as period_kind,
        period,
        urn as sent_by,
        receipt_id,
        records_used,
        records_unmapped
    from attended
)

select
    sent.urn,
    sent.feed,
    sent.academic_year,
    sent.period_kind,
    sent.period,
    sent.receipt_id,
    receipts.first_seen_on as received_on,
    coalesce(receipts.exported_on, receipts.first_seen_on) as made_on,
    cast(sum(sent.records_used) as bigint) as records_used,
    cast(sum(sent.records_unmapped) as bigint) as records_unmapped
from sent
inner join {{ ref('int_school_years') }} as school_years
    on
        sent.urn = school_years.urn
        and sent.academic_year = school_years.academic_year
left join {{ ref('stg_receipts') }} as receipts
    on
        sent.sent_by = receipts.urn
        and sent.receipt_id = receipts.receipt_id
group by
    sent.urn, sent.feed, sent.academic_year, sent.period_kind, sent.period, sent.receipt_id, receipts.first_seen_on,
    receipts.exported_on
having sent.feed = 'Suspensions' or sum(sent.records_used) + sum(sent.records_unmapped) > 0
