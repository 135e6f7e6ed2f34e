-- Assessments the trust knows, with what they measure and how far they compare.
select
    assessment,
    title,
    construct,
    comparability_class,
    result_type,
    -- Judgements of several schemes may be compared under one name; all else under its own.
    coalesce(compared_as, assessment) as compared_as
from {{ source('config', 'assessments') }}
