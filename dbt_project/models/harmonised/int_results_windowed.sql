-- Grain: one row per live result record.
-- Each result with the year group it counts in (the pupil's at that time) and the window it falls in, if any: by its
-- label, else by its date, to the nearest window of that phase and year group within the window's tolerance. Never
-- interpolated.
with results as (
    select
        results.record_id,
        results.urn,
        results.receipt_id,
        results.file_row,
        results.pupil_key,
        results.academic_year,
        coalesce(at_that_time.year_group_then, results.year_group, enrolments.year_group) as year_group,
        results.subject,
        results.assessment,
        results.result_type,
        results.window_label,
        results.label_key,
        results.assessed_on,
        results.value,
        results.mark,
        enrolments.start_date,
        enrolments.end_date,
        coalesce(enrolments.is_in_trust, false) as is_in_trust,
        coalesce(enrolments.is_guest, false) as is_guest,
        schools.urn is not null as is_on_register,
        schools.phase
    from {{ ref('stg_results') }} as results
    left join {{ ref('stg_schools') }} as schools
        on results.urn = schools.urn
    left join {{ ref('int_enrolments') }} as enrolments
        on
            results.urn = enrolments.urn
            and results.academic_year = enrolments.academic_year
            and results.pupil_key = enrolments.pupil_key
    left join {{ ref('int_result_year_groups') }} as at_that_time
        on
            results.urn = at_that_time.urn
            and results.record_id = at_that_time.record_id
),

labels as (
    select distinct
        window_name,
        label_key
    from {{ ref('stg_window_labels') }}
),

-- The window depends on these five only: find it once for each, not once a result.
asked as (
    select distinct
        phase,
        academic_year,
        year_group,
        label_key,
        assessed_on
    from results
),

candidates as (
    select
        asked.*,
        windows.window_name,
        windows.opens,
        windows.closes,
        windows.sort_order,
        coalesce(windows.tolerance_days, 0) as tolerance_days,
        labels.label_key is not null as is_by_label,
        greatest(
            {{ days_between('asked.assessed_on', 'windows.opens') }},
            {{ days_between('windows.closes', 'asked.assessed_on') }},
            0
        ) as days_away
    from asked
    inner join {{ ref('stg_windows') }} as windows
        on
            asked.phase = windows.phase
            and asked.academic_year = windows.academic_year
            and asked.year_group = windows.year_group
    left join labels
        on
            windows.window_name = labels.window_name
            and asked.label_key = labels.label_key
),

ranked as (
    select
        *,
        row_number() over (
            partition by phase, academic_year, year_group, label_key, assessed_on
            order by is_by_label desc, days_away asc nulls last, sort_order asc, opens asc, window_name asc
        ) as place
    from candidates
    where is_by_label or (assessed_on is not null and days_away <= tolerance_days)
)

select
    results.record_id,
    results.urn,
    results.receipt_id,
    results.file_row,
    results.pupil_key,
    results.academic_year,
    results.year_group,
    results.subject,
    results.assessment,
    results.result_type,
    results.window_label,
    results.assessed_on,
    results.value,
    results.mark,
    results.start_date,
    results.is_in_trust,
    results.is_guest,
    results.is_on_register,
    ranked.window_name,
    ranked.opens as window_opens,
    ranked.closes as window_closes,
    case when ranked.is_by_label then 'label' when ranked.window_name is not null then 'date' end as placed_by,
    case
        when ranked.window_name is not null
            then {{ spans_touch('results.start_date', 'results.end_date', 'ranked.opens', 'ranked.closes') }}
    end as is_enrolled_in_window
from results
left join ranked
    on
        results.phase = ranked.phase
        and results.academic_year = ranked.academic_year
        and results.year_group = ranked.year_group
        and results.label_key is not distinct from ranked.label_key
        and results.assessed_on is not distinct from ranked.assessed_on
        and ranked.place = 1
