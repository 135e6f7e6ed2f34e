-- Assessments the trust knows, with what they measure and how far they compare.
select
    assessment,
    title,
    construct,
    comparability_class,
    result_type
from {{ source('config', 'assessments') }}
