-- Grain: one row per pupil, school and academic year.
-- From a dated record of the school (basis 'roll'), else from the pupil having a result or a group there that
-- year (basis 'evidence'). Only schools of the register and academic years of the trust.
with ranked_records as (
    select
        pupils.*,
        row_number() over (
            partition by pupils.pupil_key, pupils.urn, pupils.academic_year
            order by receipts.arrival desc nulls last, pupils.file_row desc, pupils.record_id desc
        ) as place
    from {{ ref('stg_pupils') }} as pupils
    left join {{ ref('stg_receipts') }} as receipts
        on
            pupils.urn = receipts.urn
            and pupils.receipt_id = receipts.receipt_id
),

dated as (
    select * from ranked_records
    where place = 1 and academic_year is not null
),

undated as (
    select * from ranked_records
    where place = 1 and academic_year is null
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

seen as (
    select
        pupil_key,
        urn,
        academic_year,
        year_group
    from {{ ref('stg_results') }}
    union all
    select
        pupil_key,
        urn,
        academic_year,
        null as year_group
    from {{ ref('stg_groups') }}
    where academic_year is not null
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
        dated.end_date
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
        case when enrolments.basis = 'roll' then enrolments.end_date else undated.end_date end as end_date
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
