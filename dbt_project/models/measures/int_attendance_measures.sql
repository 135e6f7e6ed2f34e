-- Grain: one row per enrolment (pupil, school, academic year), period kind and period with a session in use.
-- The additive measures of attendance. Whether a pupil is persistently absent does not add over periods, so it is
-- worked out here, for each period, from the sessions of that period. Sources of the formulas: the official absence
-- methodology (possible = attending + absent; late = L + U; 10 % and 50 % exact, unrounded).
{%- set counts = session_counts() %}
with forebears as (
    select distinct
        ancestor_urn as urn,
        academic_year,
        period_kind,
        period
    from {{ ref('int_period_heirs') }}
),

changed as (
    select
        urn,
        academic_year
    from {{ ref('int_attendance_heirs') }}
    union
    select
        urn,
        academic_year
    from forebears
    where period_kind = 'year_to_date'
),

summed as (
    {%- for kind, period in [
        ('week', 'cast(week_begins as varchar)'), ('half_term', 'half_term'), ('term', 'term'),
        ('year_to_date', "'year_to_date'")
    ] %}
    select
        pupil_key,
        urn,
        academic_year,
        '{{ kind }}' as period_kind,
        {{ period }} as period,
        cast(null as varchar) as from_urn,
        {{ counts | join(',\n        ') }}
    from {{ ref('int_attendance_sums') }}
    where {{ period }} is not null
    union all
    {%- endfor %}
    select
        sums.pupil_key,
        sums.urn,
        sums.academic_year,
        'year_to_date_urn' as period_kind,
        'year_to_date_urn' as period,
        cast(null as varchar) as from_urn,
        sums.{{ counts | join(',\n        sums.') }}
    from {{ ref('int_attendance_sums') }} as sums
    inner join changed
        on
            sums.urn = changed.urn
            and sums.academic_year = changed.academic_year
    union all
    select
        pupil_key,
        urn,
        academic_year,
        period_kind,
        period,
        case when is_nearest then from_urn end as from_urn,
        {{ counts | join(',\n        ') }}
    from {{ ref('int_attendance_carried') }}
    where is_carried or from_urn = urn
),

periods as (
    select
        pupil_key,
        urn,
        academic_year,
        period_kind,
        period,
        {%- for count in counts %}
        cast(sum({{ count }}) as bigint) as {{ count }},
        {%- endfor %}
        max(from_urn) as from_urn
    from summed
    group by pupil_key, urn, academic_year, period_kind, period
),

described as (
    select
        periods.*,
        -- A pupil who left before the URN changed is known under the earlier one only.
        coalesce(enrolments.year_group, earlier.year_group) as year_group,
        coalesce(nullif(enrolments.sex, 'U'), earlier.sex, 'U') as sex,
        coalesce(enrolments.age_at_start, earlier.age_at_start) as age_at_start,
        school_years.phase,
        school_years.cluster,
        school_years.is_in_trust,
        forebears.urn is not null as is_earlier_urn
    from periods
    inner join {{ ref('int_school_years') }} as school_years
        on
            periods.urn = school_years.urn
            and periods.academic_year = school_years.academic_year
    left join {{ ref('int_enrolments') }} as enrolments
        on
            periods.pupil_key = enrolments.pupil_key
            and periods.urn = enrolments.urn
            and periods.academic_year = enrolments.academic_year
    left join {{ ref('int_enrolments') }} as earlier
        on
            periods.pupil_key = earlier.pupil_key
            and periods.from_urn = earlier.urn
            and periods.academic_year = earlier.academic_year
    left join forebears
        on
            periods.urn = forebears.urn
            and periods.academic_year = forebears.academic_year
            and periods.period_kind = forebears.period_kind
            and periods.period = forebears.period
)

select
    described.pupil_key,
    described.urn,
    described.academic_year,
    described.period_kind,
    described.period,
    described.year_group,
    described.sex,
    described.phase,
    described.cluster,
    described.is_in_trust,
    -- Attendance counts for each enrolment. Where the URN changed within a period, the later one has the
    -- whole of it.
    described.is_in_trust
    and described.period_kind <> 'year_to_date_urn'
    and not described.is_earlier_urn as counts_at_trust,
    {{ population_of('year_groups.population', 'described.age_at_start') }} as population,
    coalesce(described.age_at_start, year_groups.starts_at_age) between 5 and 15 as is_compulsory_age,
    'z' as subject,
    'z' as assessment,
    'A' as comparability_class,
    'statutory' as construct,
    concat_ws('|', 'A', 'statutory', 'z', described.period, described.academic_year) as comparability_key,
    period_dates.starts as opens,
    period_dates.ends as closes,
    nullif(described.possible, 0) as sessions_possible,
    case when described.possible > 0 then described.attending end as sessions_attending,
    case when described.possible > 0 then described.present end as sessions_present,
    case when described.possible > 0 then described.authorised end as sessions_authorised_absence,
    case when described.possible > 0 then described.unauthorised end as sessions_unauthorised_absence,
    case when described.possible > 0 then described.authorised + described.unauthorised end as sessions_absent,
    case when described.possible > 0 then described.late end as sessions_late,
    described.not_recorded as sessions_not_recorded,
    case when described.possible > 0 then 1 end as pupils_with_possible_sessions,
    case
        when described.possible > 0
            then case when 10 * (described.authorised + described.unauthorised) >= described.possible then 1 else 0 end
    end as pupils_absent_10_percent_or_more,
    case
        when described.possible > 0
            then case when 2 * (described.authorised + described.unauthorised) >= described.possible then 1 else 0 end
    end as pupils_absent_50_percent_or_more
from described
inner join {{ ref('int_periods') }} as period_dates
    on
        described.urn = period_dates.urn
        and described.academic_year = period_dates.academic_year
        and described.period_kind = period_dates.period_kind
        and described.period = period_dates.period
left join {{ ref('year_groups') }} as year_groups
    on described.year_group = year_groups.year_group
