{{ config(meta={'dagster': {'ref': {'name': 'int_attendance_measures'}}}) }}
-- Every session in use is in the year to date of its school once, and there is nothing else in it but what was carried
-- from an earlier URN.
with used as (
    select
        placed.urn,
        placed.academic_year,
        sum(placed.sessions * codes.counts_as_possible) as possible
    from {{ ref('int_attendance_placed') }} as placed
    inner join {{ ref('int_attendance_codes') }} as codes
        on
            placed.mark_code = codes.mark_code
            and placed.to_date between codes.valid_from and codes.counts_until
    where placed.bucket = 'used'
    group by placed.urn, placed.academic_year
),

carried as (
    select
        urn,
        academic_year,
        sum(possible) as possible
    from {{ ref('int_attendance_carried') }}
    where period_kind = 'year_to_date'
    group by urn, academic_year
),

measured as (
    select
        urn,
        academic_year,
        coalesce(sum(sessions_possible), 0) as possible
    from {{ ref('int_attendance_measures') }}
    where period_kind = 'year_to_date'
    group by urn, academic_year
)

select
    coalesce(used.urn, measured.urn) as urn,
    coalesce(used.academic_year, measured.academic_year) as academic_year,
    used.possible as possible_used,
    carried.possible as possible_carried,
    measured.possible as possible_measured
from used
full outer join measured
    on
        used.urn = measured.urn
        and used.academic_year = measured.academic_year
left join carried
    on
        coalesce(used.urn, measured.urn) = carried.urn
        and coalesce(used.academic_year, measured.academic_year) = carried.academic_year
where (coalesce(used.possible, 0) + coalesce(carried.possible, 0) = coalesce(measured.possible, 0)) is not true
