-- Grain: one row per quality check and school.
-- What was checked of each school's records, and how it came out.
select
    checks.urn,
    coalesce(schools.name, 'Not on the register') as school_name,
    checks.check_name,
    checks.kind,
    checks.title,
    checks.severity,
    checks.outcome,
    checks.observed,
    checks.expected,
    checks.remedy,
    checks.rows_affected
from {{ ref('stg_checks') }} as checks
left join {{ ref('stg_schools') }} as schools
    on checks.urn = schools.urn
