-- Grain: one row per pupil, school and academic year.
-- From a dated record of the school (basis 'roll'), else from the pupil having a result, a group or attendance there
-- that year (basis 'evidence'). Only schools of the register and academic years of the trust.
with dated as (
    select * from {{ ref('int_roll_records') }}
    where academic_year is not null
),

undated as (
    select * from {{ ref('int_roll_records') }}
    where academic_year is null
),

-- The latest other year in which the same school knew the pupil's sex.
known_sexes as (
    select
        pupil_key,
        urn,
        sex,
        row_number() over (partition by pupil_key, urn order by academic_year desc) as place
    from dated
    where sex in ('F', 'M')
),

-- A mark that says where the pupil was is evidence; one that says the pupil was not expected, or nothing, is not.
telling_codes as (
    select * from {{ ref('int_attendance_codes') }}
    where class not in ('admin', 'missing')
),

seen as (
    select
        results.pupil_key,
        results.urn,
        results.academic_year,
        coalesce(at_that_time.year_group_then, results.year_group) as year_group
    from {{ ref('stg_results') }} as results
    left join {{ ref('int_result_year_groups') }} as at_that_time
        on
            results.urn = at_that_time.urn
            and results.record_id = at_that_time.record_id
    union all
    select
        pupil_key,
        urn,
        academic_year,
        null as year_group
    from {{ ref('stg_groups') }}
    where academic_year is not null
    union all
    select distinct
        marks.pupil_key,
        marks.urn,
        days.academic_year,
        null as year_group
    from {{ ref('stg_attendance') }} as marks
    inner join {{ ref('int_school_days') }} as days
        on
            marks.urn = days.urn
            and marks.session_date = days.session_date
    inner join telling_codes
        on
            marks.mark_code = telling_codes.mark_code
            and marks.session_date between telling_codes.valid_from and telling_codes.counts_until
    where days.is_past
    union all
    select distinct
        totals.pupil_key,
        totals.urn,
        days.academic_year,
        null as year_group
    from {{ ref('stg_attendance_totals') }} as totals
    inner join {{ ref('int_school_days') }} as days
        on
            totals.urn = days.urn
            and totals.to_date = days.session_date
    inner join telling_codes
        on
            totals.mark_code = telling_codes.mark_code
            and totals.to_date between telling_codes.valid_from and telling_codes.counts_until
    where days.is_past and totals.sessions > 0
),

-- A year group is taken from results only where they all say the same one.
evidence as (
    select
        pupil_key,
        urn,
        academic_year,
        case when count(distinct year_group) = 1 then min(year_group) end as year_group
    from seen
    group by pupil_key, urn, academic_year
),

enrolments as (
    select
        coalesce(dated.pupil_key, evidence.pupil_key) as pupil_key,
        coalesce(dated.urn, evidence.urn) as urn,
        coalesce(dated.academic_year, evidence.academic_year) as academic_year,
        case when dated.pupil_key is not null then 'roll' else 'evidence' end as basis,
        coalesce(dated.year_group, evidence.year_group) as year_group,
        dated.sex,
        dated.enrolment_status,
        dated.start_date,
        dated.end_date,
        dated.age_at_start
    from dated
    full outer join evidence
        on
            dated.pupil_key = evidence.pupil_key
            and dated.urn = evidence.urn
            and dated.academic_year = evidence.academic_year
),

described as (
    select
        enrolments.pupil_key,
        enrolments.urn,
        enrolments.academic_year,
        enrolments.basis,
        enrolments.year_group,
        coalesce(nullif(enrolments.sex, 'U'), nullif(undated.sex, 'U'), known_sexes.sex, 'U') as sex,
        -- A record without a year speaks for the years no dated record speaks for.
        case when enrolments.basis = 'roll' then enrolments.enrolment_status else undated.enrolment_status end
            as enrolment_status,
        case when enrolments.basis = 'roll' then enrolments.start_date else undated.start_date end as start_date,
        case when enrolments.basis = 'roll' then enrolments.end_date else undated.end_date end as end_date,
        enrolments.age_at_start
    from enrolments
    left join undated
        on
            enrolments.pupil_key = undated.pupil_key
            and enrolments.urn = undated.urn
    left join known_sexes
        on
            enrolments.pupil_key = known_sexes.pupil_key
            and enrolments.urn = known_sexes.urn
            and known_sexes.place = 1
)

select
    described.pupil_key,
    described.urn,
    described.academic_year,
    described.basis,
    described.year_group,
    described.sex,
    described.enrolment_status,
    described.start_date,
    described.end_date,
    described.age_at_start,
    school_years.phase,
    school_years.cluster,
    school_years.is_in_trust,
    school_years.is_roll_known,
    -- A guest or a subsidiary registration counts at the main school; alternative provision is where
    -- subsidiary registrations are the rule, so there they count.
    coalesce(
        described.enrolment_status = 'G'
        or (described.enrolment_status = 'S' and school_years.phase <> 'Alternative provision'),
        false
    ) as is_guest
from described
inner join {{ ref('int_school_years') }} as school_years
    on
        described.urn = school_years.urn
        and described.academic_year = school_years.academic_year
