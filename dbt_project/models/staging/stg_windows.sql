-- Assessment windows by phase, academic year and year group.
select
    window_name,
    title,
    phase,
    academic_year,
    year_group,
    cast(opens as date) as opens,
    cast(closes as date) as closes,
    cast(tolerance_days as integer) as tolerance_days,
    cast(sort_order as integer) as sort_order
from {{ source('config', 'windows') }}
