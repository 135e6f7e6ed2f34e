-- Half-terms of each school and academic year.
select
    urn,
    academic_year,
    half_term,
    term,
    title,
    cast(starts as date) as starts,
    cast(ends as date) as ends,
    basis,
    cast(sort_order as integer) as sort_order
from {{ source('config', 'half_terms') }}
