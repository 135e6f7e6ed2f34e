-- Grain: one row per school of the register.
-- Each school with the date of its data, how much of it there is, and what state it is in.
with latest_years as (
    select
        urn,
        max(academic_year) as academic_year
    from {{ ref('int_enrolments') }}
    group by urn
),

sizes as (
    select
        enrolments.urn,
        enrolments.academic_year,
        cast(count(distinct enrolments.pupil_key) as integer) as pupils
    from {{ ref('int_enrolments') }} as enrolments
    inner join latest_years
        on
            enrolments.urn = latest_years.urn
            and enrolments.academic_year = latest_years.academic_year
    group by enrolments.urn, enrolments.academic_year
),

received as (
    select
        urn,
        max(case when outcome = 'accepted' then first_seen_on end) as data_date,
        max(case when outcome = 'accepted' then arrival end) as last_accepted,
        max(case when outcome in ('held', 'refused') and in_inbox then arrival end) as last_not_accepted,
        cast(count(case when outcome = 'accepted' then 1 end) as integer) as files_accepted
    from {{ ref('stg_receipts') }}
    group by urn
),

stated as (
    select
        schools.*,
        received.data_date,
        coalesce(received.files_accepted, 0) as files_accepted,
        coalesce(sizes.pupils, 0) as pupils,
        sizes.academic_year as latest_academic_year,
        received.last_not_accepted is not null as has_unread_file,
        case
            when received.last_accepted is null then 'no data yet'
            when received.last_not_accepted > received.last_accepted then 'held'
            else 'up to date'
        end as state
    from {{ ref('stg_schools') }} as schools
    left join received
        on schools.urn = received.urn
    left join sizes
        on schools.urn = sizes.urn
)

select
    urn,
    laestab,
    name,
    phase,
    school_type,
    cluster,
    joined,
    left_on,
    old_la_code,
    new_la_code,
    la_name,
    region_code,
    region_name,
    data_date,
    files_accepted,
    pupils,
    latest_academic_year,
    state,
    case
        when state = 'up to date' then concat('Data of ', {{ date_words('data_date') }}, '.')
        when state = 'held'
            then concat(
                'A later file could not be used yet; figures are from data of ', {{ date_words('data_date') }}, '.'
            )
        when has_unread_file then 'A file has come, but it could not be used yet.'
        else 'No file has come yet.'
    end as state_words
from stated
