-- Grain: one row per school and feed.
-- How far each school's data of each feed reaches, and whether that is late. Attendance is weighed in days on which
-- the school was to be open, so that holidays do not count; results by the latest window that has opened; pupils,
-- groups and suspensions by the present year.
with submissions as (
    select * from {{ ref('int_submissions') }}
),

-- The last day with marks in use, or the last day of totals in use. Totals are sent when a half-term is over.
attended as (
    select
        urn,
        max(last_day) as last_day,
        max(case when is_total then last_day end) >= max(last_day) as is_in_totals
    from (
        select
            urn,
            session_date as last_day,
            false as is_total
        from {{ ref('int_school_open_days') }}
        where is_open
        union all
        select
            urn,
            to_date as last_day,
            true as is_total
        from {{ ref('int_totals_placed') }}
        where reason_code is null
    ) as days
    group by urn
),

behind as (
    select
        days.urn,
        count(
            case when attended.last_day is null or days.session_date > attended.last_day then 1 end
        ) as school_days_behind
    from {{ ref('int_days_sent') }} as days
    left join attended
        on days.urn = attended.urn
    group by days.urn
),

terms as (
    select
        half_terms.urn,
        max(case when run.as_of between half_terms.starts and half_terms.ends then 1 else 0 end) = 1 as is_in_term,
        min(case when half_terms.starts > run.as_of then half_terms.starts end) as next_starts
    from {{ ref('stg_half_terms') }} as half_terms
    cross join {{ ref('stg_run') }} as run
    group by half_terms.urn
),

-- The latest period of each feed that has begun for the school, and the latest of which something is in use.
begun as (
    select
        *,
        row_number() over (partition by urn, feed order by begins desc, closes desc, period asc) as place
    from submissions
    where begins <= as_of and not is_after_leaving and not is_before_joining
),

used as (
    select
        *,
        row_number() over (partition by urn, feed order by closes desc, opens desc, period asc) as place
    from submissions
    where state in ('received', 'in part')
),

received as (
    select
        urn,
        feed,
        max(latest_received_on) as received_on,
        max(made_on) as made_on
    from submissions
    where state in ('received', 'in part')
    group by urn, feed
),

late as (
    select
        urn,
        feed,
        count(*) as late_periods
    from submissions
    where state = 'late'
    group by urn, feed
),

feeds as (
    {%- for feed in ['Pupils', 'Attendance', 'Results', 'Suspensions', 'Groups'] %}
    select '{{ feed }}' as feed
    {{ "union all" if not loop.last }}
    {%- endfor %}
),

weighed as (
    select
        schools.urn,
        schools.name as school_name,
        schools.joined,
        schools.left_on,
        feeds.feed,
        run.as_of,
        limits.attendance_school_days,
        received.received_on,
        case feeds.feed
            when 'Attendance' then least(attended.last_day, run.as_of)
            when 'Results' then least(used.closes, run.as_of)
            else received.made_on
        end as data_to,
        case when feeds.feed = 'Attendance' then behind.school_days_behind end as school_days_behind,
        coalesce(attended.is_in_totals, false) as is_in_totals,
        used.period_title as used_title,
        used.academic_year as used_year,
        begun.state as begun_state,
        begun.period_title as begun_title,
        begun.academic_year as begun_year,
        begun.begins as begun_on,
        begun.closes as begun_closes,
        coalesce(late.late_periods, 0) as late_periods,
        terms.is_in_term,
        terms.next_starts,
        coalesce(schools.joined > run.as_of, false) as is_before_joining,
        coalesce(schools.left_on < run.as_of, false) as is_after_leaving
    from {{ ref('stg_schools') }} as schools
    cross join feeds
    cross join {{ ref('stg_run') }} as run
    cross join {{ ref('stg_freshness') }} as limits
    left join received
        on
            schools.urn = received.urn
            and feeds.feed = received.feed
    left join attended
        on schools.urn = attended.urn
    left join behind
        on schools.urn = behind.urn
    left join terms
        on schools.urn = terms.urn
    left join begun
        on
            schools.urn = begun.urn
            and feeds.feed = begun.feed
            and begun.place = 1
    left join used
        on
            schools.urn = used.urn
            and feeds.feed = used.feed
            and used.place = 1
    left join late
        on
            schools.urn = late.urn
            and feeds.feed = late.feed
),

stated as (
    select
        *,
        case
            when is_before_joining or is_after_leaving then 'not expected'
            when received_on is null and used_year is null and feed in ('Suspensions', 'Groups') then 'not expected'
            when begun_state is null and used_year is null then 'not expected'
            when used_year is null and begun_state <> 'due' then 'never sent'
            when
                feed = 'Attendance'
                and school_days_behind > attendance_school_days
                and (late_periods > 0 or not is_in_totals)
                then 'late'
            when feed = 'Attendance' and not is_in_term then 'holiday'
            when feed = 'Attendance' and used_year is null then 'due'
            -- More than a week of school.
            when feed = 'Attendance' and school_days_behind > 5 then 'due'
            when feed = 'Attendance' then 'up to date'
            when begun_state in ('received', 'in part') then 'up to date'
            when late_periods > 0 or begun_state = 'late' then 'late'
            else 'due'
        end as state
    from weighed
)

select
    urn,
    school_name,
    feed,
    data_to,
    received_on,
    cast(school_days_behind as integer) as school_days_behind,
    state,
    case
        when is_after_leaving then concat('In the trust until ', {{ date_words('left_on') }}, '.')
        when is_before_joining then concat('In the trust from ', {{ date_words('joined') }}, '.')
        when state = 'not expected' and feed in ('Suspensions', 'Groups')
            then concat('The school has not sent any ', lower(feed), ', and need not.')
        when state = 'not expected' then 'Nothing is to be sent yet.'
        when state = 'never sent' then 'Nothing that can be used has come yet.'
        else concat_ws(
            ' ',
            case
                when data_to is null then null
                when feed = 'Attendance' then concat('Data to ', {{ date_words('data_to') }}, '.')
                when feed = 'Results' then concat('Results of ', used_title, ' ', used_year, '.')
                else concat('Latest list of ', {{ date_words('data_to') }}, '.')
            end,
            case
                when feed <> 'Attendance' and state = 'up to date' then null
                when feed <> 'Attendance' and begun_state = 'could not be used yet'
                    then concat(
                        'What came for ', begun_title,
                        case when feed = 'Results' then concat(' ', begun_year) else '' end,
                        ' could not be used yet: see the receipts and the fix-list.'
                    )
                when feed = 'Suspensions' then 'No suspension of this year has come; a year without any looks the same.'
                when feed <> 'Attendance' and begun_closes < as_of
                    then concat(
                        begun_title, case when feed = 'Results' then concat(' ', begun_year) else '' end, ' closed on ',
                        {{ date_words('begun_closes') }}, '; nothing has come yet.'
                    )
                when feed <> 'Attendance'
                    then concat(
                        begun_title, case when feed = 'Results' then concat(' ', begun_year) else '' end, ' opened on ',
                        {{ date_words('begun_on') }}, '; nothing has come yet.'
                    )
                when state = 'holiday' and next_starts is not null
                    then concat('A holiday; school begins again on ', {{ date_words('next_starts') }}, '.')
                when state = 'holiday' then 'A holiday.'
                when school_days_behind > 0
                    then concat(
                        {{ count_words('school_days_behind', 'school day', 'school days') }}, ' since then',
                        case when state = 'late' then concat(
                            ', more than the ', cast(attendance_school_days as varchar), ' the trust has set.'
                        ) else '.' end
                    )
            end
        )
    end as words
from stated
