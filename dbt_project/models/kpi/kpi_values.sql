-- Grain: one row per geography, unit, trust KPI version, academic year, period kind, period, year group, subject,
-- comparability key and breakdown.
-- Every value with its interval, before benchmarks and disclosure: sum over sum, never a mean of schools' rates.
-- A row that has no figure says why in missing_because; it is never zero.
{%- set keys = [
    'kpi', 'kpi_version', 'academic_year', 'period_kind', 'period', 'year_group', 'subject', 'assessment',
    'comparability_class', 'comparability_key', 'breakdown_topic', 'breakdown'
] %}
with trust as (
    select group_id from {{ ref('stg_trust') }}
),

-- Sums stay exact DECIMALs until the one division that makes a figure.
added_up as (
    select
        geography,
        unit_code,
        {%- for key in keys %}
        {{ key }},
        {%- endfor %}
        sum(pupils) as pupils,
        sum(case when counts_at_trust then pupils end) as pupils_counted,
        sum(base_sum) as base_sum,
        sum(base_squares) as base_squares,
        sum(base_count) as base_count,
        sum(numerator_sum) as numerator_sum,
        sum(numerator_squares) as numerator_squares,
        sum(cross_sum) as cross_sum,
        sum(base_on_roll) as base_on_roll,
        sum(judged_on_roll) as judged_on_roll,
        sum(on_roll) as on_roll
    from {{ ref('kpi_parts') }}
    group by all
),

sized as (
    select
        added_up.geography,
        coalesce(added_up.unit_code, trust.group_id) as unit_code,
        {%- for key in keys %}
        added_up.{{ key }},
        {%- endfor %}
        definitions.kind,
        definitions.base_measure,
        definitions.unit_multiplier,
        definitions.interval_method,
        -- A ratio over a sum of nothing has no pupils: it is no figure.
        cast(
            case
                when definitions.kind = 'ratio' and coalesce(added_up.base_sum, 0) = 0 then 0
                else coalesce(added_up.pupils, 0)
            end as bigint
        ) as pupil_count,
        cast(coalesce(added_up.pupils_counted, 0) as bigint) as pupils_counted,
        case when definitions.kind = 'ratio' then coalesce(added_up.numerator_sum, 0) end as numerator_sum,
        coalesce(added_up.numerator_squares, 0) as numerator_squares,
        coalesce(added_up.cross_sum, 0) as cross_sum,
        added_up.base_sum,
        added_up.base_squares,
        added_up.base_count,
        coalesce(added_up.base_on_roll, 0) as base_on_roll,
        coalesce(added_up.judged_on_roll, 0) as judged_on_roll,
        cast(added_up.on_roll as bigint) as pupils_on_roll
    from added_up
    inner join {{ ref('kpi_periods') }} as definitions
        on
            added_up.kpi = definitions.kpi
            and added_up.kpi_version = definitions.kpi_version
            and added_up.academic_year = definitions.academic_year
            and added_up.period_kind = definitions.period_kind
            and added_up.period = definitions.period
    cross join trust
),

-- Schools behind each pooled figure: those with a pupil in it who counts at the trust. One that changed its URN in the
-- year is one school.
behind as (
    select distinct
        {%- for key in keys %}
        parts.{{ key }},
        {%- endfor %}
        coalesce(heirs.urn, parts.unit_code) as school,
        schools.phase,
        schools.cluster
    from {{ ref('kpi_parts') }} as parts
    inner join {{ ref('stg_schools') }} as schools
        on parts.unit_code = schools.urn
    left join {{ ref('int_attendance_heirs') }} as heirs
        on
            parts.unit_code = heirs.ancestor_urn
            and parts.academic_year = heirs.academic_year
            and parts.period_kind <> 'window'
    where
        parts.geography = 'School'
        and parts.counts_at_trust
        and case parts.kind when 'ratio' then parts.base_sum else parts.base_count end > 0
),

schools_in as (
    {%- for geography, unit in [('MAT', 'trust.group_id'), ('Phase', 'behind.phase'), ('Cluster', 'behind.cluster')] %}
    select
        '{{ geography }}' as geography,
        {{ unit }} as unit_code,
        {%- for key in keys %}
        behind.{{ key }},
        {%- endfor %}
        cast(count(*) as integer) as schools_in
    from behind
    cross join trust
    group by all
    {{ "union all" if not loop.last }}
    {%- endfor %}
),

t_limit as (
    select t_975 from {{ ref('t_quantiles') }}
    where degrees_of_freedom is null
),

weighed as (
    select
        sized.*,
        case
            when sized.pupil_count > 1 then {{ t_quantile('sized.pupil_count', 't_quantiles.t_975', 't_limit.t_975') }}
        end as t_975,
        max(sized.pupil_count) over (
            partition by sized.kpi, sized.kpi_version, sized.subject, sized.comparability_key
        ) as most_pupils
    from sized
    left join {{ ref('t_quantiles') }} as t_quantiles
        on sized.pupil_count - 1 = t_quantiles.degrees_of_freedom
    cross join t_limit
),

figures as (
    select
        *,
        cast(unit_multiplier as double)
        * cast(case kind when 'ratio' then numerator_sum else base_sum end as double)
        / cast(nullif(case kind when 'ratio' then base_sum else base_count end, 0) as double) as value,
        {{ kpi_interval('lower') }} as lower_95_ci,
        {{ kpi_interval('upper') }} as upper_95_ci
    from weighed
),

with_reach as (
    select
        figures.*,
        case when figures.geography <> 'School' then coalesce(schools_in.schools_in, 0) end as schools_in,
        cast(reach.schools_of as integer) as schools_of,
        -- Capped, because a result may say another year group than the roll does.
        case
            when reach.are_rolls_known and roll.pupils_on_roll > 0
                then least(100.0e0, 100 * cast(figures.base_on_roll as double) / cast(roll.pupils_on_roll as double))
        end as pupils_in_percent
    from figures
    left join schools_in
        on
            figures.geography = schools_in.geography
            and figures.unit_code = schools_in.unit_code
            {%- for key in keys if key not in ['assessment', 'comparability_class'] %}
            and figures.{{ key }} = schools_in.{{ key }}
            {%- endfor %}
    cross join trust
    left join {{ ref('kpi_reach') }} as reach
        on
            figures.geography = reach.geography
            and figures.unit_code = coalesce(reach.unit_code, trust.group_id)
            and figures.academic_year = reach.academic_year
            and figures.period_kind = reach.period_kind
            and figures.period = reach.period
            and figures.year_group = reach.year_group
    left join {{ ref('kpi_roll') }} as roll
        on
            figures.geography = roll.geography
            and figures.unit_code = coalesce(roll.unit_code, trust.group_id)
            and figures.academic_year = roll.academic_year
            and figures.period_kind = roll.period_kind
            and figures.period = roll.period
            and figures.year_group = roll.year_group
            and figures.breakdown_topic = roll.breakdown_topic
            and figures.breakdown = roll.breakdown
)

select
    with_reach.geography,
    with_reach.unit_code,
    {%- for key in keys %}
    with_reach.{{ key }},
    {%- endfor %}
    with_reach.pupil_count,
    with_reach.pupils_counted,
    cast(with_reach.numerator_sum as double) as numerator_count,
    with_reach.value,
    with_reach.lower_95_ci,
    with_reach.upper_95_ci,
    with_reach.pupils_on_roll,
    100 * cast(with_reach.judged_on_roll as double) / cast(nullif(with_reach.pupils_on_roll, 0) as double)
        as judgement_coverage_percent,
    with_reach.schools_in,
    with_reach.schools_of,
    with_reach.pupils_in_percent,
    case
        when with_reach.pupil_count > 0 then null
        -- No pupil of the trust has a value under this key: it is not a thing this assessment gives.
        when with_reach.kind = 'mean' and with_reach.most_pupils = 0 then 'not_measured'
        when with_reach.base_measure = 'pupils_on_roll' and coalesce(school_years.is_roll_known, false)
            then 'nobody_on_roll'
        when with_reach.base_measure = 'pupils_on_roll' then 'no_roll'
        else 'no_values'
    end as missing_because
from with_reach
left join {{ ref('int_school_years') }} as school_years
    on
        with_reach.geography = 'School'
        and with_reach.unit_code = school_years.urn
        and with_reach.academic_year = school_years.academic_year
union all
select
    'School' as geography,
    urn as unit_code,
    kpi,
    kpi_version,
    academic_year,
    period_kind,
    period,
    year_group,
    subject,
    'z' as assessment,
    comparability_class,
    comparability_key,
    'Total' as breakdown_topic,
    'Total' as breakdown,
    0 as pupil_count,
    0 as pupils_counted,
    null as numerator_count,
    null as value,
    null as lower_95_ci,
    null as upper_95_ci,
    case period_kind when 'window' then 0 end as pupils_on_roll,
    null as judgement_coverage_percent,
    null as schools_in,
    null as schools_of,
    null as pupils_in_percent,
    missing_because
from {{ ref('kpi_not_sent') }}
