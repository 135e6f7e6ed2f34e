-- Grain: one row per attendance code and day from which its meaning holds.
-- The class of each code by date. A retired code keeps its class on later days (and is pointed out), until the code
-- is given another meaning; a code is unknown before its first day.
select
    mark_code,
    valid_from,
    valid_to,
    coalesce(
        cast(lead(valid_from) over (partition by mark_code order by valid_from) - interval '1' day as date),
        cast('9999-12-31' as date)
    ) as counts_until,
    {%- for count in session_counts() %}
    counts_as_{{ count }},
    {%- endfor %}
    class
from {{ ref('attendance_codes') }}
