-- Grain: one row per trust KPI version, geography, unit, period, year group, subject, comparability key, breakdown
-- and counts_at_trust.
-- What each KPI adds up, before anything is divided. A KPI is a row joined here, never a model of its own; a theme is
-- its sums, of which each KPI picks the measures it names.
with breakdowns as (
    select
        kpi,
        kpi_version,
        breakdown
    from {{ ref('stg_kpi_breakdowns') }}
),
{% for theme in themes() %}
{%- set measures = measures_of(theme.measures) %}
picked_{{ theme.name }} as (
    select
        periods.kpi,
        periods.kpi_version,
        periods.kind,
        sums.geography,
        sums.unit_code,
        sums.academic_year,
        sums.period_kind,
        sums.period,
        sums.year_group,
        sums.subject,
        sums.assessment,
        -- A KPI's own class is a ceiling: its figures never claim to compare better than that.
        greatest(sums.comparability_class, periods.comparability_ceiling) as comparability_class,
        sums.construct,
        sums.breakdown_topic,
        sums.breakdown,
        sums.counts_at_trust,
        -- Pupils: of a denominator that counts pupils its sum, of any other (and of a mean) the rows that have it.
        periods.kind = 'ratio' and periods.base_unit = 'pupils' as is_of_pupils,
        {{ pick_measure('sum', 'periods.base_measure', measures) }} as base_sum,
        {{ pick_measure('squares', 'periods.base_measure', measures) }} as base_squares,
        {{ pick_measure('count', 'periods.base_measure', measures) }} as base_count,
        {{ pick_measure('sum', 'periods.numerator', measures) }} as numerator_sum,
        {{ pick_measure('squares', 'periods.numerator', measures) }} as numerator_squares,
        {%- if rate_base_of(theme.measures) %}
        {{ pick_measure('cross', 'periods.numerator', measures) }} as cross_sum,
        {%- else %}
        cast(null as decimal(38, 8)) as cross_sum,
        {%- endif %}
        {%- if 'pupils_on_roll' in measures %}
        sums.count_pupils_on_roll > 0 as is_on_roll,
        coalesce(sums.sum_pupils_on_roll, 0) as on_roll,
        case when sums.count_pupils_on_roll > 0 then sums.sum_pupils_judged end as judged_on_roll
        {%- else %}
        -- Whoever has a mark was on the register that day; and nothing is judged, so there is no coverage.
        true as is_on_roll,
        cast(null as decimal(38, 4)) as on_roll,
        cast(null as decimal(38, 4)) as judged_on_roll
        {%- endif %}
    from {{ ref('kpi_periods') }} as periods
    inner join {{ ref(theme.sums) }} as sums
        on
            periods.academic_year = sums.academic_year
            and periods.period_kind = sums.period_kind
            and periods.period = sums.period
    left join breakdowns
        on
            periods.kpi = breakdowns.kpi
            and periods.kpi_version = breakdowns.kpi_version
            and breakdowns.breakdown = case sums.breakdown_topic
                when 'Sex' then 'sex' when 'Population' then 'population' else 'custom_groups'
            end
    where
        periods.theme = '{{ theme.name }}'
        and (sums.breakdown_topic = 'Total' or breakdowns.kpi is not null)
        and (periods.is_pooled_over_year_groups or sums.year_group <> 'Total')
),
{% endfor %}
picked as (
    {%- for theme in themes() %}
    select * from picked_{{ theme.name }}
    {{ "union all" if not loop.last }}
    {%- endfor %}
)

select
    kpi,
    kpi_version,
    kind,
    geography,
    unit_code,
    academic_year,
    period_kind,
    period,
    year_group,
    subject,
    assessment,
    comparability_class,
    concat_ws('|', comparability_class, construct, assessment, period, academic_year) as comparability_key,
    breakdown_topic,
    breakdown,
    counts_at_trust,
    sum(base_sum) as base_sum,
    sum(base_squares) as base_squares,
    cast(sum(base_count) as bigint) as base_count,
    sum(case when is_of_pupils then base_sum else base_count end) as pupils,
    -- The numerator counts only where the denominator is there.
    sum(case when base_count > 0 then numerator_sum end) as numerator_sum,
    sum(case when base_count > 0 then numerator_squares end) as numerator_squares,
    sum(case when base_count > 0 then cross_sum end) as cross_sum,
    sum(case when is_on_roll then case when is_of_pupils then base_sum else base_count end end) as base_on_roll,
    sum(judged_on_roll) as judged_on_roll,
    sum(on_roll) as on_roll
from picked
group by all
