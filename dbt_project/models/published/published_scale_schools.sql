-- Grain: one row per school, assessment and scale.
-- By which scale a school's results in use are read. No counts.
select distinct
    urn,
    assessment,
    compared_as,
    format as source,
    scale
from {{ ref('int_results_banded') }}
where scale is not null
