-- Grain: one row per school, day and kind of break.
-- Where a chart of attendance should draw a break: the day from which the school has another URN, and the day from
-- which its attendance comes from another format, by what most marks of each day come from. Days under an earlier URN
-- are days of the same school.
with used as (
    select
        urn,
        receipt_id,
        session_date,
        sum(marks_am + marks_pm) as marks
    from {{ ref('int_attendance_days') }}
    group by urn, receipt_id, session_date
    union all
    -- A total speaks for its first and last day, as two marks of its pupil.
    {%- for day in ['from_date', 'to_date'] %}
    select
        urn,
        receipt_id,
        {{ day }} as session_date,
        2 * count(distinct pupil_key) as marks
    from {{ ref('int_totals_placed') }}
    where reason_code is null
    group by urn, receipt_id, {{ day }}
    {{ "union all" if not loop.last }}
    {%- endfor %}
),

formats as (
    select
        used.urn,
        used.session_date,
        receipts.format,
        max(coalesce(receipts.format_title, receipts.format)) as format_title,
        sum(used.marks) as marks
    from used
    inner join {{ ref('stg_receipts') }} as receipts
        on
            used.urn = receipts.urn
            and used.receipt_id = receipts.receipt_id
    where receipts.format is not null
    group by used.urn, used.session_date, receipts.format
),

chained as (
    select
        urn,
        urn as from_urn,
        session_date,
        format,
        format_title,
        marks
    from formats
    union all
    select
        lineage.urn,
        formats.urn as from_urn,
        formats.session_date,
        formats.format,
        formats.format_title,
        formats.marks
    from formats
    inner join {{ ref('int_school_lineage') }} as lineage
        on formats.urn = lineage.ancestor_urn
),

-- What most marks of a day come from: a stray mark, or one class kept elsewhere, is no other system.
most as (
    select
        *,
        row_number() over (partition by urn, session_date order by marks desc, format asc, from_urn asc) as place
    from chained
),

spans as (
    select
        urn,
        format,
        max(format_title) as format_title,
        min(session_date) as first_day,
        max(session_date) as last_day,
        min(case when from_urn = urn then session_date end) as own_first_day
    from most
    where place = 1
    group by urn, format
),

in_order as (
    select
        *,
        lag(format_title) over (partition by urn order by first_day, format) as format_title_before,
        max(last_day) over (
            partition by urn order by first_day, format rows between unbounded preceding and 1 preceding
        ) as last_day_before
    from spans
),

system_breaks as (
    select
        in_order.urn,
        in_order.first_day as break_on,
        'system' as kind,
        concat(
            'From ', {{ date_words('in_order.first_day') }}, ' attendance comes from another export: ',
            in_order.format_title, ', and before that ', in_order.format_title_before, '.'
        ) as words
    from in_order
    -- From one academic year to the next nothing is carried, so nothing is broken.
    inner join {{ ref('int_school_days') }} as days_before
        on
            in_order.urn = days_before.urn
            and in_order.last_day_before = days_before.session_date
    inner join {{ ref('int_school_days') }} as days_after
        on
            in_order.urn = days_after.urn
            and in_order.first_day = days_after.session_date
            and days_before.academic_year = days_after.academic_year
    where in_order.last_day_before < in_order.first_day and in_order.own_first_day = in_order.first_day
),

-- The day in the register, else the first day on which most attendance is under the later URN.
own_days as (
    select
        urn,
        min(session_date) as first_day
    from most
    where place = 1 and from_urn = urn
    group by urn
),

urn_dates as (
    select
        schools.urn,
        earlier.urn as earlier_urn,
        coalesce(register_days.session_date, own_days.first_day) as break_on
    from {{ ref('stg_schools') }} as schools
    inner join {{ ref('stg_schools') }} as earlier
        on
            schools.predecessor_urn = earlier.urn
            and schools.urn <> earlier.urn
    left join {{ ref('int_school_days') }} as register_days
        on
            schools.urn = register_days.urn
            and register_days.session_date = case
                when schools.joined is null then earlier.left_on
                when earlier.left_on is null then schools.joined
                else greatest(schools.joined, earlier.left_on)
            end
    left join own_days
        on schools.urn = own_days.urn
),

-- Whether the year to date in fact holds sessions of the URN before.
carried as (
    select
        carried.urn,
        carried.academic_year,
        schools.predecessor_urn as earlier_urn,
        max(case when carried.is_carried and carried.from_urn = schools.predecessor_urn then 1 else 0 end) = 1
            as is_carried,
        max(case when carried.is_total_left_out then 1 else 0 end) = 1 as is_total_left_out
    from {{ ref('int_attendance_carried') }} as carried
    inner join {{ ref('stg_schools') }} as schools
        on carried.urn = schools.urn
    where carried.period_kind = 'year_to_date'
    group by carried.urn, carried.academic_year, schools.predecessor_urn
),

urn_breaks as (
    select
        urn_dates.urn,
        urn_dates.break_on,
        'urn' as kind,
        concat(
            'The school has URN ', urn_dates.urn, ' from ', {{ date_words('urn_dates.break_on') }}, '; before that ',
            urn_dates.earlier_urn, '.',
            case when carried.is_carried then ' The year to date holds the sessions of both.' else '' end,
            case
                when carried.is_total_left_out
                    then concat(
                        ' Some totals of sessions are not in the year to date, because attendance under the other URN',
                        ' covers days of theirs.'
                    )
                else ''
            end
        ) as words
    from urn_dates
    inner join {{ ref('int_school_days') }} as days
        on
            urn_dates.urn = days.urn
            and urn_dates.break_on = days.session_date
    left join carried
        on
            urn_dates.urn = carried.urn
            and days.academic_year = carried.academic_year
            and urn_dates.earlier_urn = carried.earlier_urn
),

breaks as (
    select * from system_breaks
    union all
    select * from urn_breaks
)

select
    breaks.urn,
    days.academic_year,
    breaks.break_on,
    breaks.kind,
    breaks.words
from breaks
inner join {{ ref('int_school_days') }} as days
    on
        breaks.urn = days.urn
        and breaks.break_on = days.session_date
