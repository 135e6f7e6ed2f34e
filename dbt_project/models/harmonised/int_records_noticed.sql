-- Grain: one row per school, receipt, reason and thing seen.
-- What the fix-list says of attendance, suspensions and judgements: records not in use by their reason, and records
-- that count and that somebody should look at all the same (retired codes, marks on days when the school seems closed,
-- results that say another year's year group). A mark may hold anything a person typed: a long one is not shown.
with held as (
    select
        urn,
        receipt_id,
        file_row,
        reason_code,
        from_date,
        to_date,
        case
            when reason_code = 'school_not_on_register' then urn
            when reason_code = 'attendance_code_unknown' and length(mark_code) <= 2 then mark_code
            when reason_code = 'attendance_code_unknown'
                then concat('a mark of ', cast(length(mark_code) as varchar), ' signs')
            when kind = 'attendance_totals' then 'totals'
            else 'marks'
        end as thing
    from {{ ref('int_attendance_placed') }}
    where reason_code is not null
),

held_in_rows as (
    select
        urn,
        receipt_id,
        reason_code,
        concat(
            thing, ', ', {{ date_words('min(from_date)') }},
            case when min(from_date) < max(to_date) then concat(' to ', {{ date_words('max(to_date)') }}) else '' end,
            case
                when count(distinct file_row) > 1
                    then concat(
                        ' (in ', cast(count(distinct file_row) as varchar), ' rows, from row ',
                        cast(min(file_row) as varchar), ' to row ', cast(max(file_row) as varchar), ')'
                    )
                else ''
            end
        ) as seen,
        min(file_row) as file_row,
        count(*) as records_held
    from held
    group by urn, receipt_id, reason_code, thing
),

kept as (
    {%- for kind in ['suspensions', 'judgements', 'moderation'] %}
    select
        urn,
        receipt_id,
        reason_code,
        case reason_code
            when 'school_not_on_register' then concat(urn, ', {{ kind }}')
            when 'academic_year_not_reported' then concat(academic_year, ', {{ kind }}')
            when 'permanent_exclusion' then 'permanent exclusions'
            {%- if kind == 'moderation' %}
            when 'no_scale' then framework
            when 'code_not_in_scale' then concat(framework, ': ', {{ codes_without_band() }})
            when 'code_of_several_scales' then concat(framework, ': ', {{ codes_without_band() }})
            {%- endif %}
            else {{ "coalesce(seen, 'judgements')" if kind == 'judgements' else "'" ~ kind ~ "'" }}
        end as seen,
        min(file_row) as file_row,
        count(*) as records_held
    from {{ ref('int_' ~ kind ~ '_placed') }}
    where reason_code is not null
    group by all
    {{ "union all" if not loop.last }}
    {%- endfor %}
),

used as (
    select
        days.urn,
        days.receipt_id,
        days.mark_code,
        days.code_valid_from,
        days.session_date as day_on,
        days.marks_am + days.marks_pm as marks,
        days.first_row
    from {{ ref('int_attendance_days') }} as days
    union all
    select
        urn,
        receipt_id,
        mark_code,
        code_valid_from,
        to_date as day_on,
        sessions as marks,
        file_row as first_row
    from {{ ref('int_totals_placed') }}
    where reason_code is null
),

retired as (
    select
        used.urn,
        used.receipt_id,
        'attendance_code_retired' as reason_code,
        concat(used.mark_code, ', ', {{ count_words('sum(used.marks)', 'mark', 'marks') }}) as seen,
        min(used.first_row) as file_row,
        0 as records_held
    from used
    inner join {{ ref('int_attendance_codes') }} as codes
        on
            used.mark_code = codes.mark_code
            and used.code_valid_from = codes.valid_from
    where used.day_on > codes.valid_to
    group by used.urn, used.receipt_id, used.mark_code
),

odd_days as (
    select
        open_days.urn,
        open_days.session_date,
        case when open_days.is_weekend then 'marks_on_weekends' else 'marks_on_closed_days' end as reason_code
    from {{ ref('int_school_open_days') }} as open_days
    where open_days.is_weekend or not open_days.is_open
    union all
    -- The day of the run may not be over.
    select
        open_days.urn,
        open_days.session_date,
        'marks_of_one_session' as reason_code
    from {{ ref('int_school_open_days') }} as open_days
    inner join {{ ref('stg_run') }} as run
        on open_days.session_date < run.as_of
    where open_days.is_open and open_days.is_one_session
),

marks_on_odd_days as (
    select
        days.urn,
        days.receipt_id,
        odd_days.reason_code,
        concat(
            {{ count_words('sum(days.marks_am + days.marks_pm)', 'mark', 'marks') }}, ' on ',
            {{ count_words('count(distinct days.session_date)', 'day', 'days') }}, ', the first ',
            {{ date_words('min(days.session_date)') }}
        ) as seen,
        min(days.first_row) as file_row,
        0 as records_held
    from {{ ref('int_attendance_days') }} as days
    inner join {{ ref('int_attendance_codes') }} as codes
        on
            days.mark_code = codes.mark_code
            and days.code_valid_from = codes.valid_from
    inner join odd_days
        on
            days.urn = odd_days.urn
            and days.session_date = odd_days.session_date
    where codes.class not in ('admin', 'missing')
    group by days.urn, days.receipt_id, odd_days.reason_code
),

other_years as (
    select
        urn,
        receipt_id,
        'year_group_of_another_year' as reason_code,
        concat(
            year_group_said, ', and ', year_group_then, ' at that time, in ',
            {{ count_words('count(*)', 'result', 'results') }}
        ) as seen,
        min(file_row) as file_row,
        0 as records_held
    from {{ ref('int_result_year_groups') }}
    group by urn, receipt_id, year_group_said, year_group_then
)

select
    urn,
    receipt_id,
    reason_code,
    seen,
    file_row,
    cast(records_held as bigint) as records_held
from (
    select * from held_in_rows
    union all
    select * from kept
    union all
    select * from retired
    union all
    select * from marks_on_odd_days
    union all
    select * from other_years
) as noticed
