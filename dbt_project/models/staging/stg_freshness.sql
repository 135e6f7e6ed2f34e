-- After how long data is late: one row.
select
    cast(attendance_school_days as integer) as attendance_school_days,
    cast(window_days as integer) as window_days,
    cast(roll_days as integer) as roll_days
from {{ source('config', 'freshness') }}
