-- What the trust agreed to be common, and what to be each school's own: a row a domain.
select
    domain,
    title,
    rule,
    note,
    sort_order
from {{ source('config', 'autonomy') }}
