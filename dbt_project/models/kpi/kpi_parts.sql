-- Grain: one row per trust KPI version, geography, unit, year group, subject, comparability key, breakdown and
-- counts_at_trust.
-- What each KPI adds up, before anything is divided. A KPI is a row joined here, never a model of its own.
{%- set measures = measures_of('int_results_measures') %}
with measure_bits as (
    {%- for measure in measures %}
    select
        '{{ measure }}' as measure,
        {{ 2 ** loop.index0 }} as bit
    {{ "union all" if not loop.last }}
    {%- endfor %}
),

roll_bit as (
    select bit from measure_bits
    where measure = 'pupils_on_roll'
),

breakdowns as (
    select
        kpi,
        kpi_version,
        breakdown
    from {{ ref('stg_kpi_breakdowns') }}
)

select
    windows.kpi,
    windows.kpi_version,
    sums.geography,
    sums.unit_code,
    sums.academic_year,
    sums.window_name,
    sums.year_group,
    sums.subject,
    sums.assessment,
    -- A KPI's own class is a ceiling: its figures never claim to compare better than that.
    greatest(sums.comparability_class, windows.comparability_ceiling) as comparability_class,
    concat_ws(
        '|', greatest(sums.comparability_class, windows.comparability_ceiling), sums.construct, sums.assessment,
        sums.window_name, sums.academic_year
    ) as comparability_key,
    sums.breakdown_topic,
    sums.breakdown,
    sums.counts_at_trust,
    sum(case when sums.measure = windows.base_measure then sums.measure_sum end) as base_sum,
    sum(case when sums.measure = windows.base_measure then sums.measure_squares end) as base_squares,
    cast(sum(case when sums.measure = windows.base_measure then sums.measure_count end) as bigint) as base_count,
    -- The numerator counts only where the denominator is there.
    sum(
        case when sums.measure = windows.numerator and sums.presence & base.bit > 0 then sums.measure_sum end
    ) as numerator_sum,
    -- The part of the base that is on roll: for a ratio its sum, for a mean its count.
    sum(
        case
            when sums.measure = windows.base_measure and sums.presence & roll_bit.bit > 0
                then case windows.kind when 'ratio' then sums.measure_sum else sums.measure_count end
        end
    ) as base_on_roll,
    sum(
        case when sums.measure = 'pupils_judged' and sums.presence & roll_bit.bit > 0 then sums.measure_sum end
    ) as judged_on_roll,
    sum(case when sums.measure = 'pupils_on_roll' then sums.measure_sum end) as on_roll
from {{ ref('kpi_windows') }} as windows
inner join {{ ref('kpi_measure_values') }} as sums
    on
        windows.academic_year = sums.academic_year
        and windows.window_name = sums.window_name
inner join measure_bits as base
    on windows.base_measure = base.measure
cross join roll_bit
left join breakdowns
    on
        windows.kpi = breakdowns.kpi
        and windows.kpi_version = breakdowns.kpi_version
        and breakdowns.breakdown = case sums.breakdown_topic when 'Sex' then 'sex' else 'custom_groups' end
where
    (sums.breakdown_topic = 'Total' or breakdowns.kpi is not null)
    and (windows.is_pooled_over_year_groups or sums.year_group <> 'Total')
group by all
