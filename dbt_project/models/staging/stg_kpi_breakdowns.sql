-- Breakdowns each KPI version is reported by.
select
    kpi,
    cast(version as integer) as kpi_version,
    breakdown
from {{ source('config', 'kpi_breakdowns') }}
