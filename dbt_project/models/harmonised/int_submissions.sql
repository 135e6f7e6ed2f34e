-- Grain: one row per school, feed, academic year, period kind and period.
-- What has come of each feed for each period, and the state that follows from it. What came always counts, whether or
-- not it was expected. Suspensions and groups are expected only of schools that have sent some; a year of which no
-- suspension has come may have had none, so it is never late.
with received as (
    select
        urn,
        feed,
        academic_year,
        period_kind,
        period,
        cast(sum(records_used) as bigint) as records,
        min(received_on) as first_received_on,
        max(received_on) as latest_received_on,
        max(made_on) as made_on,
        count(distinct receipt_id) as receipts,
        max(case when records_used > 0 or feed = 'Suspensions' then 1 else 0 end) = 1 as is_used
    from {{ ref('int_feed_receipts') }}
    group by urn, feed, academic_year, period_kind, period
),

-- Files that wait for a check: of the period of their feed that had last opened when they came.
kinds as (
    select distinct
        counts.urn,
        counts.receipt_id,
        receipts.first_seen_on,
        case counts.kind
            when 'pupils' then 'Pupils'
            when 'results' then 'Results'
            when 'groups' then 'Groups'
            when 'suspensions' then 'Suspensions'
            when 'attendance' then 'Attendance'
            when 'attendance_totals' then 'Attendance'
        end as feed
    from {{ ref('stg_receipts') }} as receipts
    inner join {{ ref('stg_record_counts') }} as counts
        on
            receipts.urn = counts.urn
            and receipts.receipt_id = counts.receipt_id
    where receipts.outcome = 'held' and receipts.in_inbox
),

held as (
    select
        kinds.urn,
        kinds.receipt_id,
        kinds.first_seen_on,
        kinds.feed,
        periods.academic_year,
        periods.period,
        row_number() over (
            partition by kinds.urn, kinds.receipt_id, kinds.feed order by periods.opens desc, periods.period asc
        ) as place
    from kinds
    inner join {{ ref('int_feed_periods') }} as periods
        on
            kinds.urn = periods.urn
            and kinds.feed = periods.feed
            and kinds.first_seen_on >= periods.opens
),

waiting as (
    select
        urn,
        feed,
        academic_year,
        period,
        min(first_seen_on) as first_received_on,
        max(first_seen_on) as latest_received_on,
        count(*) as receipts
    from held
    where place = 1
    group by urn, feed, academic_year, period
),

ever as (
    select
        urn,
        feed
    from received
    union
    select
        urn,
        feed
    from waiting
),

days as (
    select
        urn,
        academic_year,
        half_term,
        count(*) as school_days,
        count(case when is_sent then 1 end) as school_days_sent,
        max(case when is_sent then session_date end) as sent_to
    from {{ ref('int_days_sent') }}
    group by urn, academic_year, half_term
),

-- How many of the pupils on roll for the window have a result in use.
judged as (
    select distinct
        pupil_key,
        urn,
        academic_year,
        window_name
    from {{ ref('int_results_placed') }}
    where bucket = 'used'
),

rolls as (
    select
        on_roll.urn,
        on_roll.academic_year,
        on_roll.window_name,
        count(*) as pupils_on_roll,
        count(judged.pupil_key) as pupils_judged
    from {{ ref('int_enrolment_windows') }} as on_roll
    left join judged
        on
            on_roll.pupil_key = judged.pupil_key
            and on_roll.urn = judged.urn
            and on_roll.academic_year = judged.academic_year
            and on_roll.window_name = judged.window_name
    where on_roll.pupils_on_roll = 1
    group by on_roll.urn, on_roll.academic_year, on_roll.window_name
),

-- School days since each half-term closed.
since as (
    select
        periods.urn,
        periods.academic_year,
        periods.period,
        count(days.session_date) as school_days_since
    from {{ ref('int_feed_periods') }} as periods
    inner join {{ ref('int_days_sent') }} as days
        on
            periods.urn = days.urn
            and periods.closes < days.session_date
    where periods.feed = 'Attendance'
    group by periods.urn, periods.academic_year, periods.period
),

present as (
    select
        coalesce(
            max(case when years.starts <= run.as_of then years.academic_year end), min(years.academic_year)
        ) as academic_year
    from {{ ref('stg_academic_years') }} as years
    cross join {{ ref('stg_run') }} as run
),

weighed as (
    select
        periods.*,
        periods.academic_year = present.academic_year as is_present_year,
        run.as_of,
        coalesce(received.is_used, false) as is_used,
        received.urn is not null or waiting.urn is not null as has_come,
        coalesce(received.records, 0) as records,
        case when received.is_used then received.made_on end as made_on,
        coalesce(received.first_received_on, waiting.first_received_on) as first_received_on,
        greatest(received.latest_received_on, waiting.latest_received_on) as latest_received_on,
        coalesce(received.receipts, 0) + coalesce(waiting.receipts, 0) as receipts,
        ever.urn is not null as has_ever_come,
        days.school_days,
        days.school_days_sent,
        days.sent_to,
        coalesce(since.school_days_since, 0) as school_days_since,
        rolls.pupils_on_roll,
        rolls.pupils_judged,
        limits.attendance_school_days,
        limits.window_days,
        limits.roll_days,
        greatest(periods.opens, coalesce(schools.joined, periods.opens)) as begins
    from {{ ref('int_feed_periods') }} as periods
    inner join {{ ref('stg_schools') }} as schools
        on periods.urn = schools.urn
    cross join present
    cross join {{ ref('stg_run') }} as run
    cross join {{ ref('stg_freshness') }} as limits
    left join received
        on
            periods.urn = received.urn
            and periods.feed = received.feed
            and periods.academic_year = received.academic_year
            and periods.period = received.period
    left join waiting
        on
            periods.urn = waiting.urn
            and periods.feed = waiting.feed
            and periods.academic_year = waiting.academic_year
            and periods.period = waiting.period
    left join ever
        on
            periods.urn = ever.urn
            and periods.feed = ever.feed
    left join days
        on
            periods.feed = 'Attendance'
            and periods.urn = days.urn
            and periods.academic_year = days.academic_year
            and periods.period = days.half_term
    left join since
        on
            periods.feed = 'Attendance'
            and periods.urn = since.urn
            and periods.academic_year = since.academic_year
            and periods.period = since.period
    left join rolls
        on
            periods.feed = 'Results'
            and periods.urn = rolls.urn
            and periods.academic_year = rolls.academic_year
            and periods.period = rolls.window_name
)

select
    urn,
    feed,
    academic_year,
    period_kind,
    period,
    period_title,
    period_sort,
    opens,
    closes,
    case
        -- Of ten school days nine, and of four pupils three.
        when is_used and feed = 'Attendance' and 10 * school_days_sent < 9 * school_days then 'in part'
        when is_used and feed = 'Results' and 4 * pupils_judged < 3 * pupils_on_roll then 'in part'
        when is_used then 'received'
        when has_come then 'could not be used yet'
        when is_before_joining or is_after_leaving then 'not expected'
        when feed in ('Suspensions', 'Groups') and not has_ever_come then 'not expected'
        when begins > as_of then 'not due yet'
        when not is_present_year then 'not sent'
        when feed = 'Suspensions' then 'due'
        when period_kind = 'year' and {{ days_between('begins', 'as_of') }} <= roll_days then 'due'
        when period_kind = 'half_term' and (closes >= as_of or school_days_since <= attendance_school_days) then 'due'
        when period_kind = 'window' and {{ days_between('closes', 'as_of') }} <= window_days then 'due'
        else 'late'
    end as state,
    is_before_joining,
    is_after_leaving,
    has_ever_come,
    is_present_year,
    begins,
    as_of,
    has_come,
    records,
    made_on,
    first_received_on,
    latest_received_on,
    cast(receipts as bigint) as receipts,
    school_days,
    school_days_sent,
    sent_to,
    pupils_on_roll,
    pupils_judged
from weighed
