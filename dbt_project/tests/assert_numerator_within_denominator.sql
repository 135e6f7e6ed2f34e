{{ config(meta={'dagster': {'ref': {'name': 'kpi_values'}}}) }}
-- A percentage of pupils never counts more pupils than there are, nor fewer than none.
select figures.*
from {{ ref('kpi_values') }} as figures
inner join {{ ref('stg_kpis') }} as kpis
    on
        figures.kpi = kpis.kpi
        and figures.kpi_version = kpis.kpi_version
where
    kpis.unit = 'percent'
    and (figures.numerator_count > figures.pupil_count or figures.numerator_count < 0)
