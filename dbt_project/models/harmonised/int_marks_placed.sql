-- Grain: one row per live mark of the register.
{{ config(materialized='view') }}
-- Each mark in exactly one bucket: a mark within the days of a total that stands is left out, so that no session is
-- counted twice. A view: the millions of marks are kept once.
with standing as (
    select distinct
        pupil_key,
        urn,
        from_date,
        to_date
    from {{ ref('int_totals_placed') }}
    where reason_code is null and is_speaking
),

covered as (
    select distinct
        marks.urn,
        marks.record_id
    from {{ ref('int_marks_judged') }} as marks
    inner join standing
        on
            marks.pupil_key = standing.pupil_key
            and marks.urn = standing.urn
            and marks.session_date between standing.from_date and standing.to_date
    where marks.unusable_because is null
)

select
    marks.record_id,
    marks.urn,
    marks.receipt_id,
    marks.file_row,
    marks.pupil_key,
    marks.academic_year,
    marks.session_date,
    marks.session,
    marks.mark_code,
    marks.code_valid_from,
    case when covered.urn is not null then 'totals_cover_this_session' else marks.unusable_because end as reason_code,
    marks.related_receipt_id
from {{ ref('int_marks_judged') }} as marks
left join covered
    on
        marks.urn = covered.urn
        and marks.record_id = covered.record_id
