-- From which number on a band holds: a row a band of a scale. The lowest band of a scale has no number.
select
    scale,
    source,
    framework,
    version,
    school,
    subject,
    year_group,
    window_name,
    of_what,
    band,
    at_least,
    comparability_class,
    rationale,
    authored_by,
    approved_by,
    cast(approved_on as date) as approved_on,
    cast(valid_from as date) as valid_from,
    coalesce(cast(valid_to as date), cast('9999-12-31' as date)) as holds_until,
    {{ say_how_much() }} as says
from {{ source('config', 'scale_cuts') }}
