-- The trust's register of schools.
select
    urn,
    laestab,
    name,
    phase,
    school_type,
    cast(lowest_age as integer) as lowest_age,
    cast(highest_age as integer) as highest_age,
    cluster,
    cast(joined as date) as joined,
    cast(left_on as date) as left_on,
    predecessor_urn,
    old_la_code,
    new_la_code,
    la_name,
    region_code,
    region_name
from {{ source('config', 'schools') }}
