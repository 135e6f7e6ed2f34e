{{ config(meta={'dagster': {'ref': {'name': 'kpi_values'}}}) }}
-- An interval has two ends or none, and the value lies between them (a billionth allows for the last bit).
select *
from {{ ref('kpi_values') }}
where
    (lower_95_ci is null) <> (upper_95_ci is null)
    or value < lower_95_ci - 0.000000001
    or value > upper_95_ci + 0.000000001
