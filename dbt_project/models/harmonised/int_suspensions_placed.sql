-- Grain: one row per live suspension record.
-- Each suspension in exactly one bucket. One counts where the pupil was on roll on its first day: at the school that
-- sent it or, where the school's URN changed, under whichever URN the pupil was on roll then. The same event under two
-- URNs, or of two keys that are one pupil, counts once.
with related as (
    select
        urn,
        urn as on_urn,
        0 as links,
        0 as is_earlier
    from {{ ref('stg_schools') }}
    union all
    select
        urn,
        ancestor_urn as on_urn,
        links,
        1 as is_earlier
    from {{ ref('int_school_lineage') }}
    union all
    select
        ancestor_urn as urn,
        urn as on_urn,
        links,
        0 as is_earlier
    from {{ ref('int_school_lineage') }}
),

dated as (
    select
        suspensions.*,
        {{ attendance_year('suspensions.starts_on') }} as academic_year,
        receipts.arrival
    from {{ ref('stg_suspensions') }} as suspensions
    left join {{ ref('stg_receipts') }} as receipts
        on
            suspensions.urn = receipts.urn
            and suspensions.receipt_id = receipts.receipt_id
),

-- The pupil's enrolment that holds the first day, else any of that year.
enrolled as (
    select
        dated.urn,
        dated.record_id,
        related.on_urn,
        enrolments.is_guest,
        {{ population_of('year_groups.population', 'enrolments.age_at_start') }} as population,
        {{ spans_touch('enrolments.start_date', 'enrolments.end_date', 'dated.starts_on', 'dated.starts_on') }}
            as is_on_roll,
        row_number() over (
            partition by dated.urn, dated.record_id
            order by
                case
                    when
                        {{ spans_touch(
                            'enrolments.start_date', 'enrolments.end_date', 'dated.starts_on', 'dated.starts_on'
                        ) }}
                        then 0
                    else 1
                end asc,
                -- Then the URN the school had that day, by the register.
                case
                    when {{ spans_touch('schools.joined', 'schools.left_on', 'dated.starts_on', 'dated.starts_on') }}
                        then 0
                    else 1
                end asc,
                related.links asc, related.is_earlier asc, related.on_urn asc
        ) as place
    from dated
    inner join related
        on dated.urn = related.urn
    inner join {{ ref('int_enrolments') }} as enrolments
        on
            dated.pupil_key = enrolments.pupil_key
            and related.on_urn = enrolments.urn
            and dated.academic_year = enrolments.academic_year
            and enrolments.basis = 'roll'
    inner join {{ ref('stg_schools') }} as schools
        on related.on_urn = schools.urn
    left join {{ ref('year_groups') }} as year_groups
        on enrolments.year_group = year_groups.year_group
),

judged as (
    select
        dated.*,
        enrolled.on_urn,
        case
            when schools.urn is null then 'school_not_on_register'
            when years.academic_year is null then 'academic_year_not_reported'
            when dated.starts_on > run.as_of then 'suspension_after_run_date'
            when dated.category <> 'suspension' then 'permanent_exclusion'
            when enrolled.record_id is null then 'pupil_not_enrolled'
            when not enrolled.is_on_roll then 'suspended_while_not_on_roll'
            when enrolled.is_guest then 'not_counted_here'
            when enrolled.population <> 'headline' then 'not_reception_to_year_11'
        end as unusable_because
    from dated
    cross join {{ ref('stg_run') }} as run
    left join {{ ref('stg_schools') }} as schools
        on dated.urn = schools.urn
    left join {{ ref('stg_academic_years') }} as years
        on dated.academic_year = years.academic_year
    left join enrolled
        on
            dated.urn = enrolled.urn
            and dated.record_id = enrolled.record_id
            and enrolled.place = 1
),

standing as (
    select
        urn,
        record_id,
        row_number() over (
            partition by pupil_key, on_urn, starts_on
            order by
                case when urn = on_urn then 0 else 1 end asc, arrival desc nulls last, file_row desc, urn asc,
                record_id desc
        ) as place
    from judged
    where unusable_because is null
),

placed as (
    select
        judged.*,
        coalesce(
            judged.unusable_because, case when standing.place > 1 then 'same_suspension_again' end
        ) as reason_code
    from judged
    left join standing
        on
            judged.urn = standing.urn
            and judged.record_id = standing.record_id
)

select
    placed.record_id,
    placed.urn,
    placed.receipt_id,
    placed.file_row,
    placed.pupil_key,
    placed.academic_year,
    placed.starts_on,
    placed.on_urn,
    coalesce(reasons.bucket, 'used') as bucket,
    placed.reason_code,
    reasons.reason
from placed
left join {{ ref('placing_reasons') }} as reasons
    on placed.reason_code = reasons.reason_code
