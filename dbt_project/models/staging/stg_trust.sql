-- The trust.
select
    group_id,
    group_uid,
    name
from {{ source('config', 'trust') }}
