-- What each school says it uses in a domain.
select
    urn,
    domain,
    uses,
    cast(valid_from as date) as valid_from,
    cast(valid_to as date) as valid_to
from {{ source('config', 'frameworks') }}
