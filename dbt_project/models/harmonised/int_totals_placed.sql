-- Grain: one row per live attendance total.
-- Each total in exactly one bucket, so that no session of a pupil is counted twice. Of totals that share days:
--   a total whose school days the finer totals inside it cover together gives way to them;
--   of the others, one inside another gives way to it, and of two that only overlap, or are of the same days, the one
--   that ends later stands, then the later file.
-- Pupils of a school mostly have the same spans: each different set of spans is settled once, not once a pupil.
with usable as (
    select distinct
        pupil_key,
        urn,
        from_date,
        to_date,
        receipt_id,
        arrival
    from {{ ref('int_totals_judged') }}
    where unusable_because is null
),

sets as (
    select
        pupil_key,
        urn,
        {{ list_of(
            "concat_ws('|', cast(from_date as varchar), cast(to_date as varchar), receipt_id)",
            'from_date, to_date, receipt_id'
        ) }} as span_set
    from usable
    group by pupil_key, urn
    having count(*) > 1
),

examples as (
    select
        urn,
        span_set,
        min(pupil_key) as pupil_key
    from sets
    group by urn, span_set
),

spans as (
    select
        examples.span_set,
        usable.*
    from usable
    inner join examples
        on
            usable.pupil_key = examples.pupil_key
            and usable.urn = examples.urn
),

in_parts as (
    select
        spans.urn,
        spans.span_set,
        spans.from_date,
        spans.to_date
    from spans
    inner join {{ ref('int_school_days') }} as days
        on
            spans.urn = days.urn
            and days.session_date between spans.from_date and spans.to_date
            and days.is_in_term
            and not days.is_weekend
    left join spans as parts
        on
            spans.urn = parts.urn
            and spans.span_set = parts.span_set
            and days.session_date between parts.from_date and parts.to_date
            and spans.from_date <= parts.from_date
            and spans.to_date >= parts.to_date
            and (spans.from_date < parts.from_date or spans.to_date > parts.to_date)
    group by spans.urn, spans.span_set, spans.from_date, spans.to_date
    having
        count(distinct days.session_date)
        = count(distinct case when parts.urn is not null then days.session_date end)
),

whole as (
    select spans.*
    from spans
    left join in_parts
        on
            spans.urn = in_parts.urn
            and spans.span_set = in_parts.span_set
            and spans.from_date = in_parts.from_date
            and spans.to_date = in_parts.to_date
    where in_parts.urn is null
),

beaten as (
    select
        whole.urn,
        whole.span_set,
        whole.from_date,
        whole.to_date,
        whole.receipt_id,
        max(others.receipt_id) as standing_receipt_id
    from whole
    inner join whole as others
        on
            whole.urn = others.urn
            and whole.span_set = others.span_set
            and whole.from_date <= others.to_date
            and whole.to_date >= others.from_date
            and case
                when whole.from_date = others.from_date and whole.to_date = others.to_date
                    then
                        whole.arrival < others.arrival
                        or (whole.arrival = others.arrival and whole.receipt_id < others.receipt_id)
                when whole.from_date >= others.from_date and whole.to_date <= others.to_date then true
                when whole.from_date <= others.from_date and whole.to_date >= others.to_date then false
                else whole.to_date < others.to_date
            end
    group by whole.urn, whole.span_set, whole.from_date, whole.to_date, whole.receipt_id
)

select
    judged.record_id,
    judged.urn,
    judged.receipt_id,
    judged.file_row,
    judged.pupil_key,
    judged.academic_year,
    judged.from_date,
    judged.to_date,
    judged.mark_code,
    judged.code_valid_from,
    judged.sessions,
    judged.is_speaking,
    judged.half_term,
    judged.term,
    case
        when judged.unusable_because is not null then judged.unusable_because
        when in_parts.urn is not null or beaten.urn is not null then 'other_totals_cover_these_days'
    end as reason_code,
    case when judged.unusable_because is null then beaten.standing_receipt_id end as related_receipt_id
from {{ ref('int_totals_judged') }} as judged
left join sets
    on
        judged.pupil_key = sets.pupil_key
        and judged.urn = sets.urn
left join in_parts
    on
        sets.urn = in_parts.urn
        and sets.span_set = in_parts.span_set
        and judged.from_date = in_parts.from_date
        and judged.to_date = in_parts.to_date
left join beaten
    on
        sets.urn = beaten.urn
        and sets.span_set = beaten.span_set
        and judged.from_date = beaten.from_date
        and judged.to_date = beaten.to_date
        and judged.receipt_id = beaten.receipt_id
