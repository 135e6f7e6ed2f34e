-- Grain: one row per live result that says the year group its pupil has in another academic year.
-- Some systems export last summer's results with this autumn's year group. Where the school's roll says that year
-- group for another academic year, and for the result's own year another one (its own roll, else the other years'
-- rolls moved by the difference, where they agree), the year group at that time counts.
with rolls as (
    select
        rolls.pupil_key,
        rolls.urn,
        rolls.academic_year,
        cast(left(rolls.academic_year, 4) as integer) as first_year,
        rolls.year_group,
        year_groups.starts_at_age
    from {{ ref('int_roll_records') }} as rolls
    left join {{ ref('year_groups') }} as year_groups
        on rolls.year_group = year_groups.year_group
    where rolls.academic_year is not null and rolls.year_group is not null
),

said as (
    select
        record_id,
        urn,
        receipt_id,
        file_row,
        pupil_key,
        academic_year,
        cast(left(academic_year, 4) as integer) as first_year,
        year_group
    from {{ ref('stg_results') }}
    where year_group is not null
),

-- Only pupils whose roll says that year group in another year, and not in the result's own.
elsewhere as (
    select distinct
        said.pupil_key,
        said.urn,
        said.academic_year,
        said.first_year,
        said.year_group
    from said
    inner join rolls
        on
            said.pupil_key = rolls.pupil_key
            and said.urn = rolls.urn
            and said.year_group = rolls.year_group
            and said.academic_year <> rolls.academic_year
),

moved as (
    select
        elsewhere.pupil_key,
        elsewhere.urn,
        elsewhere.academic_year,
        elsewhere.year_group,
        max(case when rolls.academic_year = elsewhere.academic_year then rolls.year_group end) as on_own_roll,
        count(distinct rolls.starts_at_age + elsewhere.first_year - rolls.first_year) as ages_found,
        min(rolls.starts_at_age + elsewhere.first_year - rolls.first_year) as moved_age
    from elsewhere
    inner join rolls
        on
            elsewhere.pupil_key = rolls.pupil_key
            and elsewhere.urn = rolls.urn
    group by elsewhere.pupil_key, elsewhere.urn, elsewhere.academic_year, elsewhere.year_group
),

at_that_time as (
    select
        moved.pupil_key,
        moved.urn,
        moved.academic_year,
        moved.year_group,
        coalesce(moved.on_own_roll, case when moved.ages_found = 1 then year_groups.year_group end)
            as year_group_then
    from moved
    left join {{ ref('year_groups') }} as year_groups
        on moved.moved_age = year_groups.starts_at_age
)

select
    said.record_id,
    said.urn,
    said.receipt_id,
    said.file_row,
    said.year_group as year_group_said,
    at_that_time.year_group_then
from said
inner join at_that_time
    on
        said.pupil_key = at_that_time.pupil_key
        and said.urn = at_that_time.urn
        and said.academic_year = at_that_time.academic_year
        and said.year_group = at_that_time.year_group
where at_that_time.year_group_then <> said.year_group
