-- Grain: one row per live moderation record.
-- Each piece of work judged twice in exactly one bucket, in its window (by label, else by its date, as results are),
-- with the band of either judgement on the trust's scale. The codes are looked up in the scales of their assessment:
-- in that of the file's own export format where there is one; else in those of all other formats, and then they count
-- only where these agree on the band. As everywhere, the row that says the most about where it applies holds.
{%- set sides = ['judged', 'moderated'] %}
with rows_ as (
    select
        moderation.* exclude (year_group),
        coalesce(moderation.year_group, enrolments.year_group) as year_group,
        coalesce(enrolments.is_guest, false) as is_guest,
        school_years.urn is not null as is_reported,
        coalesce(school_years.is_in_trust, false) as is_in_trust,
        schools.urn is not null as is_on_register,
        schools.phase,
        schools.cluster,
        receipts.arrival,
        receipts.format as file_format
    from {{ ref('stg_moderation') }} as moderation
    left join {{ ref('stg_schools') }} as schools
        on moderation.urn = schools.urn
    left join {{ ref('int_school_years') }} as school_years
        on
            moderation.urn = school_years.urn
            and moderation.academic_year = school_years.academic_year
    left join {{ ref('int_enrolments') }} as enrolments
        on
            moderation.urn = enrolments.urn
            and moderation.academic_year = enrolments.academic_year
            and moderation.pupil_key = enrolments.pupil_key
    left join {{ ref('stg_receipts') }} as receipts
        on
            moderation.urn = receipts.urn
            and moderation.receipt_id = receipts.receipt_id
),

candidates as (
    select
        rows_.urn,
        rows_.record_id,
        windows.window_name,
        windows.opens,
        windows.closes,
        windows.sort_order,
        coalesce(windows.tolerance_days, 0) as tolerance_days,
        labels.label_key is not null as is_by_label,
        rows_.moderated_on,
        greatest(
            {{ days_between('rows_.moderated_on', 'windows.opens') }},
            {{ days_between('windows.closes', 'rows_.moderated_on') }},
            0
        ) as days_away
    from rows_
    inner join {{ ref('stg_windows') }} as windows
        on
            rows_.phase = windows.phase
            and rows_.academic_year = windows.academic_year
            and rows_.year_group = windows.year_group
    left join {{ ref('stg_window_labels') }} as labels
        on
            windows.window_name = labels.window_name
            and rows_.label_key = labels.label_key
),

nearest as (
    select
        *,
        row_number() over (
            partition by urn, record_id
            order by is_by_label desc, days_away asc nulls last, sort_order asc, opens asc, window_name asc
        ) as place
    from candidates
    where is_by_label or (moderated_on is not null and days_away <= tolerance_days)
),

windowed as (
    select
        rows_.*,
        nearest.window_name,
        nearest.opens as window_opens,
        coalesce(rows_.moderated_on, nearest.closes) as as_at
    from rows_
    left join nearest
        on
            rows_.urn = nearest.urn
            and rows_.record_id = nearest.record_id
            and nearest.place = 1
),

scaled as (
    select distinct
        source,
        framework
    from {{ ref('stg_scales') }}
),

-- Each record with the formats whose scales are asked.
sources as (
    select
        windowed.urn,
        windowed.record_id,
        windowed.framework as assessment,
        windowed.subject,
        windowed.year_group,
        windowed.window_name,
        windowed.as_at,
        windowed.judged_code,
        windowed.moderated_code,
        scaled.source as format
    from windowed
    inner join scaled
        on windowed.framework = scaled.framework
    left join scaled as own
        on
            windowed.framework = own.framework
            and windowed.file_format = own.source
    where own.source is null or scaled.source = own.source
),

{% for side in sides %}
{{ side }}_by_source as (
    select
        sources.urn,
        sources.record_id,
        scales.band,
        row_number() over (
            partition by sources.urn, sources.record_id, sources.format
            order by scales.says desc, scales.valid_from desc, scales.scale asc
        ) as place
    from sources
    inner join {{ ref('stg_scales') }} as scales
        on
            {{ applies('scales', 'sources') }}
            and sources.{{ side }}_code = scales.code
            and scales.band is not null
),

{{ side }} as (
    select
        urn,
        record_id,
        case when count(distinct band) = 1 then min(band) end as band
    from {{ side }}_by_source
    where place = 1
    group by urn, record_id
),
{% endfor %}
has_scale as (
    select distinct
        urn,
        record_id
    from sources
),

judged_once as (
    select
        windowed.*,
        judged.band as judged_band,
        moderated.band as moderated_band,
        -- The first of these that holds says why the pair cannot be used, whatever other pairs there are.
        case
            when not windowed.is_on_register then 'school_not_on_register'
            when not windowed.is_reported then 'academic_year_not_reported'
            when subjects.subject is null then 'subject_unknown'
            when windowed.year_group is null then 'year_group_unknown'
            when windowed.is_guest then 'not_counted_here'
            when windowed.window_name is null then 'no_window'
            when windowed.window_opens > run.as_of then 'window_not_open'
            when has_scale.record_id is null then 'no_scale'
            when judged.record_id is null or moderated.record_id is null then 'code_not_in_scale'
            when judged.band is null or moderated.band is null then 'code_of_several_scales'
            when judged.band = 'NA' or moderated.band = 'NA' then 'not_assessed'
        end as unusable_because
    from windowed
    cross join {{ ref('stg_run') }} as run
    left join {{ ref('stg_subjects') }} as subjects
        on windowed.subject = subjects.subject
    left join has_scale
        on
            windowed.urn = has_scale.urn
            and windowed.record_id = has_scale.record_id
    {%- for side in sides %}
    left join {{ side }}
        on
            windowed.urn = {{ side }}.urn
            and windowed.record_id = {{ side }}.record_id
    {%- endfor %}
),

-- One stands per pupil, school, window, subject and level: the latest.
standing as (
    select
        urn,
        record_id,
        row_number() over pupil_work as place,
        first_value(receipt_id) over pupil_work as standing_receipt_id
    from judged_once
    where unusable_because is null
    window pupil_work as (
        partition by urn, pupil_key, academic_year, window_name, subject, level
        order by moderated_on desc nulls last, arrival desc nulls last, file_row desc, record_id desc
    )
),

placed as (
    select
        judged_once.*,
        standing.standing_receipt_id,
        coalesce(
            judged_once.unusable_because, case when standing.place > 1 then 'later_result_stands' end
        ) as reason_code
    from judged_once
    left join standing
        on
            judged_once.urn = standing.urn
            and judged_once.record_id = standing.record_id
)

select
    placed.record_id,
    placed.urn,
    placed.receipt_id,
    placed.file_row,
    placed.pupil_key,
    placed.cluster,
    placed.academic_year,
    placed.year_group,
    placed.subject,
    placed.framework,
    placed.window_name,
    placed.moderated_on,
    placed.level,
    placed.judged_code,
    placed.moderated_code,
    placed.judged_band,
    placed.moderated_band,
    coalesce(reasons.bucket, 'used') as bucket,
    placed.reason_code,
    reasons.reason,
    case when placed.reason_code = 'later_result_stands' then placed.standing_receipt_id end as related_receipt_id,
    placed.reason_code is null and placed.is_in_trust as counts_at_trust
from placed
left join {{ ref('placing_reasons') }} as reasons
    on placed.reason_code = reasons.reason_code
