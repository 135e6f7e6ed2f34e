-- Grain: one row per live mark of the register or attendance total.
{{ config(materialized='view') }}
-- Both kinds of attendance record with their bucket and reason. A view: the millions of marks are kept once.
with placed as (
    select
        'attendance' as kind,
        record_id,
        urn,
        receipt_id,
        file_row,
        pupil_key,
        academic_year,
        session_date as from_date,
        session_date as to_date,
        session,
        mark_code,
        1 as sessions,
        reason_code,
        related_receipt_id
    from {{ ref('int_marks_placed') }}
    union all
    select
        'attendance_totals' as kind,
        record_id,
        urn,
        receipt_id,
        file_row,
        pupil_key,
        academic_year,
        from_date,
        to_date,
        cast(null as varchar) as session,
        mark_code,
        sessions,
        reason_code,
        related_receipt_id
    from {{ ref('int_totals_placed') }}
)

select
    placed.kind,
    placed.record_id,
    placed.urn,
    placed.receipt_id,
    placed.file_row,
    placed.pupil_key,
    placed.academic_year,
    placed.from_date,
    placed.to_date,
    placed.session,
    placed.mark_code,
    placed.sessions,
    coalesce(reasons.bucket, 'used') as bucket,
    placed.reason_code,
    reasons.reason,
    placed.related_receipt_id
from placed
left join {{ ref('placing_reasons') }} as reasons
    on placed.reason_code = reasons.reason_code
