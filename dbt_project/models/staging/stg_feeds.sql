-- Which format a school's attendance comes in from day to day, where it changes system in mid-year.
select
    urn,
    format,
    cast(valid_from as date) as valid_from,
    cast(valid_to as date) as valid_to
from {{ source('config', 'feeds') }}
