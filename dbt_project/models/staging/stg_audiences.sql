-- Who the numbers are for, and the fewest pupils each may see.
select
    audience,
    cast(min_n as integer) as min_n
from {{ source('config', 'audiences') }}
