-- Group sets the trust reports by, and the label each group is reported under.
select
    group_set,
    title,
    group_name,
    label,
    cast(sort_order as integer) as sort_order
from {{ source('config', 'custom_groups') }}
