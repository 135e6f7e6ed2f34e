{{ config(meta={'dagster': {'ref': {'name': 'kpi_parts'}}}) }}
-- A percentage never counts more pupils or sessions than there are, nor fewer than none.
select parts.*
from {{ ref('kpi_parts') }} as parts
inner join {{ ref('stg_kpis') }} as kpis
    on
        parts.kpi = kpis.kpi
        and parts.kpi_version = kpis.kpi_version
where
    kpis.unit = 'percent'
    and kpis.kind = 'ratio'
    and (parts.numerator_sum > parts.base_sum or parts.numerator_sum < 0)
