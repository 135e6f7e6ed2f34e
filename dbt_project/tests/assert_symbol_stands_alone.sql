{{ config(meta={'dagster': {'ref': {'name': 'published_kpi_values'}}}) }}
-- Where a symbol stands, nothing else tells the figure; where none stands, there is one.
with of_results as (
    select distinct
        kpi,
        kpi_version
    from {{ ref('kpi_periods') }}
    where theme = 'results'
)

select figures.*
from {{ ref('published_kpi_values') }} as figures
left join of_results
    on
        figures.kpi = of_results.kpi
        and figures.kpi_version = of_results.kpi_version
where
    (
        figures.symbol is not null
        and (
            figures.pupil_count is not null
            or figures.numerator_count is not null
            or figures.value is not null
            or figures.lower_95_ci is not null
            or figures.upper_95_ci is not null
            or figures.comparison_value is not null
            or figures.difference is not null
            or figures.comparison is not null
            or figures.pupils_in_percent is not null
        )
    )
    or (figures.symbol is null and (figures.value is null or figures.pupil_count is null))
    -- Coverage is of results: it has a figure or a symbol there, and neither elsewhere.
    or (of_results.kpi is not null and (figures.coverage_symbol is null) = (figures.judgement_coverage_percent is null))
    or (
        of_results.kpi is null
        and (figures.coverage_symbol is not null or figures.judgement_coverage_percent is not null)
    )
