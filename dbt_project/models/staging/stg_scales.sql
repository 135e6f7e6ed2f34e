-- What each code of a school's scale means on the trust's: a row a code, and to which school, subject, year group and
-- window it applies (empty is any). `says` is how much the row says of those: where several fit, the most holds.
select
    scale,
    source,
    framework,
    version,
    school,
    subject,
    year_group,
    window_name,
    code,
    meaning,
    band,
    cast(points as decimal(18, 4)) as points,
    comparability_class,
    rationale,
    authored_by,
    approved_by,
    cast(approved_on as date) as approved_on,
    cast(valid_from as date) as valid_from,
    coalesce(cast(valid_to as date), cast('9999-12-31' as date)) as holds_until,
    {{ say_how_much() }} as says
from {{ source('config', 'scales') }}
