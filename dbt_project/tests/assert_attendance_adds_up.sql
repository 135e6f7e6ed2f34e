{{ config(meta={'dagster': {'ref': {'name': 'int_attendance_measures'}}}) }}
-- The identities of attendance, on every row: present is part of attending, authorised and unauthorised make absence,
-- attending and absence make what was possible; late is part of present and unauthorised; severe is part of persistent.
-- A measure is there where sessions were possible, and nowhere else.
select *
from {{ ref('int_attendance_measures') }}
where
    (
        sessions_possible is not null
        and (
            sessions_possible > 0
            and sessions_present between 0 and sessions_attending
            and sessions_authorised_absence >= 0
            and sessions_unauthorised_absence >= 0
            and sessions_authorised_absence + sessions_unauthorised_absence = sessions_absent
            and sessions_attending + sessions_absent = sessions_possible
            and sessions_late between 0 and sessions_present + sessions_unauthorised_absence
            and pupils_with_possible_sessions = 1
            and pupils_absent_50_percent_or_more <= pupils_absent_10_percent_or_more
        ) is not true
    )
    or (
        sessions_possible is null
        and coalesce(
            sessions_attending, sessions_present, sessions_authorised_absence, sessions_unauthorised_absence,
            sessions_absent, sessions_late, pupils_with_possible_sessions, pupils_absent_10_percent_or_more,
            pupils_absent_50_percent_or_more
        ) is not null
    )
    or (sessions_not_recorded >= 0) is not true
