-- Grain: one row per domain of the trust's autonomy and harmony register.
select
    domain,
    title,
    rule,
    note,
    sort_order
from {{ ref('stg_autonomy') }}
