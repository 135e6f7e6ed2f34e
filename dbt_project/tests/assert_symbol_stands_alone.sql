{{ config(meta={'dagster': {'ref': {'name': 'published_kpi_values'}}}) }}
-- Where a symbol stands, nothing else tells the figure; where none stands, there is one.
select *
from {{ ref('published_kpi_values') }}
where
    (
        symbol is not null
        and (
            pupil_count is not null
            or numerator_count is not null
            or value is not null
            or lower_95_ci is not null
            or upper_95_ci is not null
            or comparison_value is not null
            or difference is not null
            or comparison is not null
            or pupils_in_percent is not null
        )
    )
    or (symbol is null and (value is null or pupil_count is null))
    -- Coverage is of results: it has a figure or a symbol there, and neither elsewhere.
    or (period_kind = 'window' and (coverage_symbol is null) = (judgement_coverage_percent is null))
    or (period_kind <> 'window' and (coverage_symbol is not null or judgement_coverage_percent is not null))
