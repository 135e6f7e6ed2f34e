-- Subjects the trust reports on.
select
    subject,
    cast(sort_order as integer) as sort_order
from {{ source('config', 'subjects') }}
