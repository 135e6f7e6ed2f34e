-- Grain: one row per trust KPI version, school, window, year group (or Total) and subject that was expected and of
-- which no result is in use.
-- A missing return is seen, and is never zero. Expected: the school was in the trust, its roll for the year is
-- known and has pupils in that year group, and the window, which collects the subject, has opened.
with expected as (
    select
        on_roll.urn,
        on_roll.academic_year,
        on_roll.window_name,
        on_roll.year_group,
        subjects.subject
    from {{ ref('int_enrolment_windows') }} as on_roll
    inner join {{ ref('stg_window_subjects') }} as subjects
        on on_roll.window_name = subjects.window_name
    where on_roll.pupils_on_roll = 1 and on_roll.is_in_trust
    group by on_roll.urn, on_roll.academic_year, on_roll.window_name, on_roll.year_group, subjects.subject
),

sent as (
    select
        urn,
        academic_year,
        window_name,
        year_group,
        subject,
        max(case when bucket = 'used' then 1 else 0 end) as is_used
    from {{ ref('int_results_placed') }}
    where window_name is not null
    group by urn, academic_year, window_name, year_group, subject
),

cells as (
    select
        expected.urn,
        expected.academic_year,
        expected.window_name,
        expected.year_group,
        expected.subject,
        coalesce(sent.is_used, 0) as is_used,
        case when sent.urn is null then 0 else 1 end as is_sent
    from expected
    left join sent
        on
            expected.urn = sent.urn
            and expected.academic_year = sent.academic_year
            and expected.window_name = sent.window_name
            and expected.year_group = sent.year_group
            and expected.subject = sent.subject
),

-- Pooled over year groups, a figure is missing only where a school sent nothing for any of them.
used_at_all as (
    select distinct
        urn,
        academic_year,
        window_name,
        subject
    from sent
    where is_used = 1
),

missing as (
    select
        urn,
        academic_year,
        window_name,
        year_group,
        subject,
        is_sent
    from cells
    where is_used = 0
    union all
    select
        cells.urn,
        cells.academic_year,
        cells.window_name,
        'Total' as year_group,
        cells.subject,
        max(cells.is_sent) as is_sent
    from cells
    left join used_at_all
        on
            cells.urn = used_at_all.urn
            and cells.academic_year = used_at_all.academic_year
            and cells.window_name = used_at_all.window_name
            and cells.subject = used_at_all.subject
    where used_at_all.urn is null
    group by cells.urn, cells.academic_year, cells.window_name, cells.subject
)

select
    windows.kpi,
    windows.kpi_version,
    missing.urn,
    missing.academic_year,
    missing.window_name,
    missing.year_group,
    missing.subject,
    concat_ws('|', 'z', 'z', 'z', missing.window_name, missing.academic_year) as comparability_key,
    case when missing.is_sent = 1 then 'not_usable' else 'not_sent' end as missing_because
from missing
inner join {{ ref('kpi_windows') }} as windows
    on
        missing.academic_year = windows.academic_year
        and missing.window_name = windows.window_name
where windows.is_pooled_over_year_groups or missing.year_group <> 'Total'
