-- Grain: one row per live judgement of a curriculum statement.
-- Each judgement in exactly one bucket, with the reason where it is not used. One that says the statement has not been
-- assessed is used: it takes the place of what was judged before. One that a later judgement follows within its window
-- is not: no figure is of the days between.
with standing as (
    select distinct
        urn,
        record_id
    from {{ ref('int_judgements_standing') }}
    where is_of_this_window
),

placed as (
    select
        banded.*,
        case
            when banded.unusable_because is not null then banded.unusable_because
            when standing.record_id is null then 'later_judgement_stands'
        end as reason_code
    from {{ ref('int_judgements_banded') }} as banded
    left join standing
        on
            banded.urn = standing.urn
            and banded.record_id = standing.record_id
)

select
    placed.record_id,
    placed.urn,
    placed.receipt_id,
    placed.file_row,
    placed.pupil_key,
    placed.academic_year,
    coalesce(reasons.bucket, 'used') as bucket,
    placed.reason_code,
    reasons.reason,
    -- What somebody can put right. A judgement may hold anything a person typed: a long one is not shown.
    case placed.reason_code
        when 'subject_unknown' then placed.subject
        when 'statement_unknown' then placed.said
        when 'judgement_code_unmapped'
            then case
                when length(placed.code) <= 10 then placed.code
                else concat('a judgement of ', cast(length(placed.code) as varchar), ' signs')
            end
    end as seen
from placed
left join {{ ref('placing_reasons') }} as reasons
    on placed.reason_code = reasons.reason_code
