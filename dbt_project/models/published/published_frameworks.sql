-- Grain: one row per school, domain, thing it uses and first day.
-- What schools say they use: declared, not measured.
select
    frameworks.urn,
    schools.name as school_name,
    frameworks.domain,
    frameworks.uses,
    frameworks.valid_from,
    frameworks.valid_to
from {{ ref('stg_frameworks') }} as frameworks
inner join {{ ref('stg_schools') }} as schools
    on frameworks.urn = schools.urn
