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
        cast(count(case when outcome = 'accepted' then 1 end) as integer) as files_accepted,
        cast(count(case when outcome in ('held', 'refused') and in_inbox then 1 end) as integer) as files_waiting,
        count(case when outcome = 'held' and in_inbox then 1 end) as files_held
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
        coalesce(received.files_waiting, 0) as files_waiting,
        case
            when received.last_accepted is null then 'no data yet'
            -- Records that wait do so whichever file came last.
            when received.files_held > 0 or received.last_not_accepted > received.last_accepted then 'held'
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
    files_waiting,
    pupils,
    latest_academic_year,
    state,
    case
        when state <> 'no data yet' and files_waiting > 0
            then concat(
                'Figures are from data of ', {{ date_words('data_date') }}, ': ', files_accepted,
                case when files_accepted = 1 then ' file read, ' else ' files read, ' end,
                files_waiting, ' could not be used yet: see the receipts.'
            )
        when state <> 'no data yet' then concat('Data of ', {{ date_words('data_date') }}, '.')
        when files_waiting = 1 then 'A file has come, but it could not be used yet: see the receipts.'
        when files_waiting > 1
            then concat(files_waiting, ' files have come, but they could not be used yet: see the receipts.')
        else 'No file has come yet.'
    end as state_words
from stated
