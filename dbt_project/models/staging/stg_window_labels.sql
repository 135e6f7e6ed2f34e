-- What exports call each window.
select
    window_name,
    {{ label_key('label') }} as label_key
from {{ source('config', 'window_labels') }}
