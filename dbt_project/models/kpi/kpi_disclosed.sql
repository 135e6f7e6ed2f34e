-- Grain: as kpi_values, and audience.
-- The one place where values are hidden, KPI by KPI: a symbol is decided by that KPI's own pupil count and nothing
-- else. Another KPI of the same cell may still show a count from which a hidden one can be read; that protection
-- comes later. A figure of fewer pupils than the audience may see is 'c'; fewer than the
-- KPI asks for is 'u'; 'c' wins. With a symbol go the count, the interval, the comparison and the coverage too.
-- A comparison is hidden as well where the trust's own figure is hidden from that audience.
with judged as (
    select
        audiences.audience,
        audiences.min_n as audience_min_n,
        benchmarks.*,
        definitions.min_n as kpi_min_n,
        case
            when benchmarks.missing_because = 'not_measured' then 'z'
            when benchmarks.pupil_count = 0 then 'x'
            when benchmarks.pupil_count < coalesce(audiences.min_n, 0) then 'c'
            when benchmarks.pupil_count < coalesce(definitions.min_n, 0) then 'u'
        end as symbol,
        benchmarks.trust_pupil_count
        >= greatest(coalesce(audiences.min_n, 0), coalesce(definitions.min_n, 0)) as is_trust_shown
    from {{ ref('kpi_benchmarks') }} as benchmarks
    inner join {{ ref('kpi_periods') }} as definitions
        on
            benchmarks.kpi = definitions.kpi
            and benchmarks.kpi_version = definitions.kpi_version
            and benchmarks.academic_year = definitions.academic_year
            and benchmarks.period_kind = definitions.period_kind
            and benchmarks.period = definitions.period
    cross join {{ ref('stg_audiences') }} as audiences
),

decided as (
    select
        *,
        symbol is null as is_shown,
        symbol is null and comparison is not null and is_trust_shown as is_compared,
        case
            -- Nothing is judged in this theme: there is no coverage to show or to hide.
            when pupils_on_roll is null then null
            when coalesce(symbol, 'shown') in ('c', 'u') then 'c'
            when pupils_on_roll = 0 then 'x'
            when pupils_on_roll < coalesce(audience_min_n, 0) then 'c'
        end as coverage_symbol
    from judged
)

select
    audience,
    geography,
    unit_code,
    kpi,
    kpi_version,
    academic_year,
    period_kind,
    period,
    year_group,
    subject,
    assessment,
    comparability_class,
    comparability_key,
    breakdown_topic,
    breakdown,
    symbol,
    case when is_shown then pupil_count end as pupil_count,
    case when is_shown then numerator_count end as numerator_count,
    case when is_shown then value end as value,
    case when is_shown then lower_95_ci end as lower_95_ci,
    case when is_shown then upper_95_ci end as upper_95_ci,
    case when is_compared then trust_value end as comparison_value,
    case when is_compared then value - trust_value end as difference,
    case when is_compared then comparison end as comparison,
    case when coverage_symbol is null then judgement_coverage_percent end as judgement_coverage_percent,
    coverage_symbol,
    schools_in,
    schools_of,
    case when is_shown then pupils_in_percent end as pupils_in_percent,
    missing_because,
    case
        when is_shown and geography = 'School' and not is_compared then coalesce(not_compared_because, 'trust_hidden')
    end as not_compared_because,
    audience_min_n,
    kpi_min_n
from decided
