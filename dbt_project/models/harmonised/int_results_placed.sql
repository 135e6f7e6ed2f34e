-- Grain: one row per live result record.
-- Each result in exactly one bucket, with the reason where it is not used; and, where it is, the comparability
-- key it counts under. Reasons in words, and what to do about them, are the seed placing_reasons.
with judged as (
    select
        windowed.*,
        mapped.scale,
        mapped.scale_version,
        mapped.code,
        mapped.meaning,
        mapped.band,
        mapped.points,
        -- What is mapped by a scale compares no better than the scale does.
        greatest(assessments.comparability_class, mapped.scale_class) as comparability_class,
        assessments.construct,
        assessments.compared_as,
        case
            when
                assessments.assessment is not null
                and windowed.result_type = assessments.result_type
                and windowed.window_name is not null
                then concat_ws(
                    '|', greatest(assessments.comparability_class, mapped.scale_class), assessments.construct,
                    assessments.compared_as, windowed.window_name, windowed.academic_year
                )
        end as comparability_key,
        receipts.arrival,
        -- The first of these that holds says why a result cannot be used, whatever other results there are.
        case
            when not windowed.is_on_register then 'school_not_on_register'
            when years.academic_year is null then 'academic_year_not_reported'
            when subjects.subject is null then 'subject_unknown'
            when assessments.assessment is null then 'assessment_unknown'
            -- A prediction under a test's name would pass for the test: it may not take the test's construct.
            when (windowed.result_type = assessments.result_type) is not true then 'result_type_differs'
            when windowed.year_group is null then 'year_group_unknown'
            when windowed.is_guest then 'not_counted_here'
            when windowed.window_name is null then 'no_window'
            when windowed.window_opens > run.as_of then 'window_not_open'
            when mapped.missing_scale_because is not null then mapped.missing_scale_because
            when mapped.band = 'NA' then 'not_assessed'
        end as unusable_because
    from {{ ref('int_results_windowed') }} as windowed
    left join {{ ref('stg_academic_years') }} as years
        on windowed.academic_year = years.academic_year
    left join {{ ref('stg_subjects') }} as subjects
        on windowed.subject = subjects.subject
    left join {{ ref('stg_assessments') }} as assessments
        on windowed.assessment = assessments.assessment
    left join {{ ref('int_results_mapped') }} as mapped
        on
            windowed.urn = mapped.urn
            and windowed.record_id = mapped.record_id
    left join {{ ref('stg_receipts') }} as receipts
        on
            windowed.urn = receipts.urn
            and windowed.receipt_id = receipts.receipt_id
    cross join {{ ref('stg_run') }} as run
),

-- One result stands per pupil, window, subject and assessment (as it is compared) in the trust. Nearly all do: only
-- the others are ranked. The school comes first (in the trust that year, enrolled in the window, latest to start,
-- lowest URN), then the latest result of that school.
contested as (
    select
        pupil_key,
        academic_year,
        window_name,
        subject,
        compared_as
    from judged
    where unusable_because is null
    group by pupil_key, academic_year, window_name, subject, compared_as
    having count(*) > 1
),

standing as (
    select
        judged.urn,
        judged.record_id,
        row_number() over pupil_results as place,
        first_value(judged.urn) over pupil_results as standing_urn,
        first_value(judged.receipt_id) over pupil_results as standing_receipt_id
    from judged
    inner join contested
        on
            judged.pupil_key = contested.pupil_key
            and judged.academic_year = contested.academic_year
            and judged.window_name = contested.window_name
            and judged.subject = contested.subject
            and judged.compared_as = contested.compared_as
    where judged.unusable_because is null
    window pupil_results as (
        partition by
            judged.pupil_key, judged.academic_year, judged.window_name, judged.subject, judged.compared_as
        order by
            judged.is_in_trust desc, judged.is_enrolled_in_window desc, judged.start_date desc nulls last,
            judged.urn asc, judged.assessed_on desc nulls last, judged.arrival desc nulls last,
            judged.file_row desc, judged.record_id desc
    )
),

placed as (
    select
        judged.*,
        standing.standing_urn,
        standing.standing_receipt_id,
        case
            when judged.unusable_because is not null then judged.unusable_because
            when standing.place is null or standing.place = 1 then null
            when judged.urn <> standing.standing_urn then 'counted_elsewhere'
            else 'later_result_stands'
        end as reason_code
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
    placed.year_group,
    placed.subject,
    placed.assessment,
    placed.compared_as,
    placed.result_type,
    placed.window_name,
    placed.placed_by,
    placed.window_opens,
    placed.window_closes,
    placed.window_label,
    placed.assessed_on,
    placed.mark,
    placed.scale,
    placed.scale_version,
    placed.code,
    placed.meaning,
    placed.band,
    placed.points,
    placed.is_in_trust,
    placed.is_enrolled_in_window,
    placed.start_date,
    placed.comparability_class,
    placed.construct,
    placed.comparability_key,
    coalesce(reasons.bucket, 'used') as bucket,
    placed.reason_code,
    case
        when placed.reason_code = 'counted_elsewhere' then concat('counted at ', placed.standing_urn)
        else reasons.reason
    end as reason,
    -- Only a receipt of the same school is named.
    case when placed.reason_code = 'later_result_stands' then placed.standing_receipt_id end as related_receipt_id,
    placed.reason_code is null and placed.is_in_trust as counts_at_trust
from placed
left join {{ ref('placing_reasons') }} as reasons
    on placed.reason_code = reasons.reason_code
