-- Grain: one row per school, format, assessment, subject, year group, academic year, window and code.
-- Codes that no scale maps, with how many records wait, the KPIs they are held back from, and a suggestion where one
-- can be given with a reason. For packs and the data team only. A code that differs in capitals or spaces alone from
-- one of the same scale is suggested to mean the same; one that means one band in every other scale, that band, unless
-- it is a single letter: a bare letter means nothing without its source.
with unmapped as (
    select
        placed.urn,
        receipts.format as source,
        placed.assessment as framework,
        placed.subject,
        placed.year_group,
        placed.academic_year,
        placed.window_name,
        placed.code,
        placed.reason_code,
        count(*) as records
    from {{ ref('int_results_placed') }} as placed
    left join {{ ref('stg_receipts') }} as receipts
        on
            placed.urn = receipts.urn
            and placed.receipt_id = receipts.receipt_id
    where placed.reason_code in ('no_scale', 'code_not_in_scale')
    group by all
),

held_back as (
    select string_agg(distinct kpis.title, ', ' order by kpis.title) as kpis_held_back
    from {{ ref('stg_kpis') }} as kpis
    where
        kpis.owner = 'trust'
        and kpis.status = 'published'
        and (kpis.denominator = 'pupils_banded' or kpis.mean_of = 'grade_points')
),

-- The same letters in the same scale.
folded as (
    select
        source,
        framework,
        {{ label_key('code') }} as code_key,
        min(code) as code,
        min(band) as band
    from {{ ref('stg_scales') }}
    group by all
    having count(distinct band) = 1
),

elsewhere as (
    select
        code,
        min(band) as band,
        min(scale) as scale,
        count(distinct scale) as scales
    from {{ ref('stg_scales') }}
    where band is not null
    group by code
    having count(distinct band) = 1
)

select
    unmapped.urn,
    coalesce(schools.name, 'Not on the register') as school_name,
    unmapped.source,
    unmapped.framework,
    unmapped.subject,
    unmapped.year_group,
    unmapped.academic_year,
    unmapped.window_name,
    unmapped.code,
    -- What few recorded, or what is long, may be a remark on a pupil: it stays with the school.
    case
        when length(unmapped.code) <= 12 and sum(unmapped.records) over (partition by unmapped.code) >= 3
            then unmapped.code
    end as code_for_trust,
    cast(unmapped.records as integer) as records,
    unmapped.reason_code = 'code_not_in_scale' as has_scale,
    held_back.kpis_held_back,
    case
        when folded.code is not null then folded.band
        when length(unmapped.code) > 1 then elsewhere.band
    end as suggested_band,
    case
        when folded.code is not null then concat('The scale has it as "', folded.code, '".')
        when length(unmapped.code) > 1 and elsewhere.scales = 1
            then concat('It means that in the scale ', elsewhere.scale, '.')
        when length(unmapped.code) > 1 and elsewhere.scales > 1
            then concat('It means that in all ', elsewhere.scales, ' scales that have it.')
    end as suggestion_reason
from unmapped
cross join held_back
left join {{ ref('stg_schools') }} as schools
    on unmapped.urn = schools.urn
left join folded
    on
        unmapped.source = folded.source
        and unmapped.framework = folded.framework
        and {{ label_key('unmapped.code') }} = folded.code_key
left join elsewhere
    on unmapped.code = elsewhere.code
