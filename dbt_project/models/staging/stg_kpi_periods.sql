-- Kinds of period each KPI version is given for.
select
    kpi,
    cast(version as integer) as kpi_version,
    period_kind
from {{ source('config', 'kpi_periods') }}
