-- Grain: one row per school, feed, academic year, period kind and period.
-- The grid of what was sent: each period of each feed with its state and a sentence. The sentence names no count that
-- may not stand on the site: none below the fewest pupils, and none of a school with a hidden figure of all its pupils.
with hidden as (
    select distinct unit_code as urn
    from {{ ref('kpi_disclosed') }}
    where geography = 'School' and audience = 'site' and breakdown_topic = 'Total' and symbol = 'c'
),

site as (
    select coalesce(max(min_n), 0) as min_n
    from {{ ref('stg_audiences') }}
    where audience = 'site'
),

-- The register has a row for each URN: a change of it is said as what it is.
neighbours as (
    select
        schools.urn,
        max(earlier.urn) as earlier_urn,
        min(later.urn) as later_urn,
        min(coalesce(later.joined, schools.left_on)) as later_from
    from {{ ref('stg_schools') }} as schools
    left join {{ ref('stg_schools') }} as earlier
        on
            schools.predecessor_urn = earlier.urn
            and schools.urn <> earlier.urn
    left join {{ ref('stg_schools') }} as later
        on
            schools.urn = later.predecessor_urn
            and schools.urn <> later.urn
    group by schools.urn
),

worded as (
    select
        submissions.*,
        schools.name as school_name,
        schools.joined,
        schools.left_on,
        neighbours.earlier_urn,
        neighbours.later_urn,
        neighbours.later_from,
        case
            when submissions.records >= site.min_n and hidden.urn is null
                then concat(', ', case submissions.feed
                    when 'Pupils' then {{ count_words('submissions.records', 'pupil', 'pupils') }}
                    when 'Results' then {{ count_words('submissions.records', 'result', 'results') }}
                    when 'Suspensions' then {{ count_words('submissions.records', 'suspension', 'suspensions') }}
                    when 'Groups' then {{ count_words('submissions.records', 'membership', 'memberships') }}
                end)
            else ''
        end as how_many,
        case submissions.period_kind
            when 'window' then 'window'
            when 'half_term' then 'half-term'
            else 'year'
        end as of_what
    from {{ ref('int_submissions') }} as submissions
    inner join {{ ref('stg_schools') }} as schools
        on submissions.urn = schools.urn
    inner join neighbours
        on submissions.urn = neighbours.urn
    cross join site
    left join hidden
        on submissions.urn = hidden.urn
)

select
    urn,
    school_name,
    feed,
    academic_year,
    period_kind,
    period,
    period_title,
    period_sort,
    opens,
    closes,
    state,
    concat(
        case
            when state in ('received', 'in part')
                then concat(
                    case when first_received_on < latest_received_on then 'Last received ' else 'Received ' end,
                    coalesce({{ date_words('latest_received_on') }}, 'on a day not known')
                )
            else ''
        end,
        case
            when state in ('received', 'in part') and feed = 'Attendance' and school_days is null then '.'
            when state in ('received', 'in part') and feed = 'Attendance'
                then concat(
                    ', for ', cast(school_days_sent as varchar), ' of ',
                    {{ count_words('school_days', 'school day', 'school days') }},
                    case when closes >= as_of then ' so far.' else '.' end
                )
            when state = 'in part' then concat(how_many, ', for fewer than three in four pupils on roll.')
            when state = 'received' and feed = 'Suspensions' and records = 0
                then '. It has no suspension that counts in this year.'
            when state = 'received' then concat(how_many, '.')
            when state = 'could not be used yet'
                then concat(
                    'Received ', coalesce({{ date_words('latest_received_on') }}, 'on a day not known'),
                    ', and could not be used yet: see the receipts and the fix-list.'
                )
            when state = 'not expected' and is_after_leaving and later_urn is not null
                then concat('From ', {{ date_words('later_from') }}, ' the school has URN ', later_urn, '.')
            when state = 'not expected' and is_after_leaving
                then concat('The school left the trust on ', {{ date_words('left_on') }}, '.')
            when state = 'not expected' and is_before_joining and earlier_urn is not null
                then concat('Before ', {{ date_words('joined') }}, ' the school had URN ', earlier_urn, '.')
            when state = 'not expected' and is_before_joining
                then concat('The school joined the trust on ', {{ date_words('joined') }}, '.')
            when state = 'not expected' then concat('The school has not sent any ', lower(feed), ', and need not.')
            when state = 'not due yet' then concat('The ', of_what, ' opens on ', {{ date_words('begins') }}, '.')
            when state in ('due', 'not sent') and feed = 'Suspensions'
                then 'No suspension of this year has come; a year without any looks the same.'
            when state = 'not sent' then concat('Nothing has come for this ', of_what, '.')
            when closes >= as_of
                then concat(
                    'The ', of_what, ' opened on ', {{ date_words('begins') }}, '; nothing has come yet.'
                )
            else concat('The ', of_what, ' closed on ', {{ date_words('closes') }}, '; nothing has come yet.')
        end
    ) as state_words,
    case when has_come then records end as records,
    first_received_on,
    latest_received_on,
    case when has_come then receipts end as receipts
from worded
