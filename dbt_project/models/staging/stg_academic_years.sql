-- Academic years the trust reports on.
select
    academic_year,
    time_period,
    cast(starts as date) as starts,
    cast(ends as date) as ends
from {{ source('config', 'academic_years') }}
