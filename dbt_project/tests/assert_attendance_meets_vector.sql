{{ config(meta={'dagster': {'ref': {'name': 'attendance_codes'}}}) }}
-- An official vector: one authority's primary schools, 2025/26 to 23 July 2026 (Department for Education, Open
-- Government Licence). Its sessions by code, added up by class, are the official totals. Authorised absence other than
-- illness stands under C.
with sessions as (
    select
        counted.mark_code,
        counted.sessions
    from (
        values
        ('/', 5865604), ('L', 124330), ('B', 7205), ('P', 1669), ('V', 40233), ('W', 0), ('K', 918),
        ('I', 224480), ('C', 51843), ('G', 42302), ('U', 2339), ('O', 54743), ('N', 4588)
    ) as counted (mark_code, sessions)
),

added_up as (
    select {{ sum_sessions('codes', 'sessions.sessions') }}
    from sessions
    inner join {{ ref('attendance_codes') }} as codes
        on
            sessions.mark_code = codes.mark_code
            and cast('2026-07-23' as date) >= codes.valid_from
            and codes.valid_to is null
)

select *
from added_up
where
    (present = 5989934) is not true
    or (attending - present = 50025) is not true
    or (authorised = 276323) is not true
    or (unauthorised = 103972) is not true
    or (authorised + unauthorised = 380295) is not true
    or (possible = 6420254) is not true
    or (late = 126669) is not true
    or (abs(100.0e0 * attending / possible - 94.0766) < 0.00005) is not true
    or (abs(100.0e0 * (authorised + unauthorised) / possible - 5.9234) < 0.00005) is not true
