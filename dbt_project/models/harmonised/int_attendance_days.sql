-- Grain: one row per school, receipt, day and code of the marks in use.
-- The marks counted once, so that what is asked of days, formats and codes need not look at every mark again.
select
    urn,
    receipt_id,
    session_date,
    mark_code,
    code_valid_from,
    cast(count(case session when 'AM' then 1 end) as bigint) as marks_am,
    cast(count(case session when 'PM' then 1 end) as bigint) as marks_pm,
    min(file_row) as first_row
from {{ ref('int_marks_placed') }}
where reason_code is null
group by urn, receipt_id, session_date, mark_code, code_valid_from
