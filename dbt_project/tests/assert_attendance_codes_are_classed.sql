{{ config(meta={'dagster': {'ref': {'name': 'attendance_codes'}}}) }}
-- What a code counts as follows from its class, and no code has two classes on one day.
select
    mark_code,
    valid_from
from {{ ref('attendance_codes') }}
where
    counts_as_present <> case when class = 'present' then 1 else 0 end
    or counts_as_attending <> case when class in ('present', 'approved') then 1 else 0 end
    or counts_as_authorised <> case when class = 'authorised' then 1 else 0 end
    or counts_as_unauthorised <> case when class = 'unauthorised' then 1 else 0 end
    or counts_as_possible <> counts_as_attending + counts_as_authorised + counts_as_unauthorised
    or counts_as_not_recorded <> case when class = 'missing' then 1 else 0 end
    or counts_as_late > counts_as_present + counts_as_unauthorised
    or is_retired <> (valid_to is not null)
    or valid_to < valid_from
union all
select
    codes.mark_code,
    codes.valid_from
from {{ ref('attendance_codes') }} as codes
inner join {{ ref('attendance_codes') }} as others
    on
        codes.mark_code = others.mark_code
        and codes.valid_from < others.valid_from
where codes.valid_to is null or codes.valid_to >= others.valid_from
