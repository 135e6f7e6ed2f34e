-- Grain: one row per trust KPI version, school, period, year group (or Total) and subject that was expected and of
-- which nothing is in use.
-- A missing return is seen, and is never zero. Expected of results: the school was in the trust, its roll for the year
-- is known and has pupils in that year group, and the window, which collects the subject, has opened. Of attendance and
-- suspensions: likewise, for a half-term, a term or the year to date that has started, all year groups together.
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
),

-- What a school has sent under any of the URNs it had in the year.
attended as (
    select
        coalesce(heirs.urn, sums.unit_code) as urn,
        sums.academic_year,
        sums.period_kind,
        sums.period,
        max(case when sums.breakdown_topic = 'Total' then 1 else 0 end) as is_of_headline
    from {{ ref('kpi_attendance_sums') }} as sums
    left join {{ ref('int_attendance_heirs') }} as heirs
        on
            sums.unit_code = heirs.ancestor_urn
            and sums.academic_year = heirs.academic_year
    where sums.geography = 'School' and sums.year_group = 'Total' and sums.breakdown_topic in ('Total', 'Population')
    group by coalesce(heirs.urn, sums.unit_code), sums.academic_year, sums.period_kind, sums.period
),

started as (
    select
        periods.urn,
        periods.academic_year,
        periods.period_kind,
        periods.period
    from {{ ref('int_periods') }} as periods
    inner join {{ ref('stg_schools') }} as schools
        on
            periods.urn = schools.urn
            and (schools.joined is null or periods.ends >= schools.joined)
            and (schools.left_on is null or periods.starts < schools.left_on)
    inner join {{ ref('kpi_roll') }} as roll
        on
            periods.urn = roll.unit_code
            and periods.academic_year = roll.academic_year
            and periods.period_kind = roll.period_kind
            and periods.period = roll.period
            and roll.geography = 'School'
            and roll.year_group = 'Total'
            and roll.breakdown_topic = 'Total'
    where periods.is_open and periods.period_kind in ('half_term', 'term', 'year_to_date')
),

-- A school some of whose year's suspensions are known has sent them; they may not reach to this period.
suspended as (
    select distinct
        urn,
        academic_year
    from {{ ref('int_suspensions_reach') }}
),

missing_by_theme as (
    select
        'attendance' as theme,
        started.*,
        case when attended.urn is null then 'not_sent' else 'no_values' end as missing_because
    from started
    left join attended
        on
            started.urn = attended.urn
            and started.academic_year = attended.academic_year
            and started.period_kind = attended.period_kind
            and started.period = attended.period
    where coalesce(attended.is_of_headline, 0) = 0
    union all
    select
        'suspensions' as theme,
        started.*,
        case when suspended.urn is null then 'not_sent' else 'no_values' end as missing_because
    from started
    left join {{ ref('kpi_suspensions_sums') }} as sums
        on
            started.urn = sums.unit_code
            and started.academic_year = sums.academic_year
            and started.period_kind = sums.period_kind
            and started.period = sums.period
            and sums.geography = 'School'
            and sums.year_group = 'Total'
            and sums.breakdown_topic = 'Total'
    left join suspended
        on
            started.urn = suspended.urn
            and started.academic_year = suspended.academic_year
    where sums.unit_code is null
)

select
    periods.kpi,
    periods.kpi_version,
    missing.urn,
    missing.academic_year,
    periods.period_kind,
    periods.period,
    missing.year_group,
    missing.subject,
    -- Under which assessment it would have come is not known.
    'z' as comparability_class,
    concat_ws('|', 'z', 'z', 'z', missing.window_name, missing.academic_year) as comparability_key,
    case when missing.is_sent = 1 then 'not_usable' else 'not_sent' end as missing_because
from missing
inner join {{ ref('kpi_periods') }} as periods
    on
        periods.theme = 'results'
        and missing.academic_year = periods.academic_year
        and missing.window_name = periods.period
where periods.is_pooled_over_year_groups or missing.year_group <> 'Total'
union all
select
    periods.kpi,
    periods.kpi_version,
    missing.urn,
    missing.academic_year,
    periods.period_kind,
    periods.period,
    'Total' as year_group,
    'z' as subject,
    greatest('A', periods.comparability_ceiling) as comparability_class,
    concat_ws(
        '|', greatest('A', periods.comparability_ceiling), 'statutory', 'z', periods.period, periods.academic_year
    ) as comparability_key,
    missing.missing_because
from missing_by_theme as missing
inner join {{ ref('kpi_periods') }} as periods
    on
        missing.theme = periods.theme
        and missing.academic_year = periods.academic_year
        and missing.period_kind = periods.period_kind
        and missing.period = periods.period
where periods.is_pooled_over_year_groups
