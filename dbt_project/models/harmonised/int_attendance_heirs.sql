-- Grain: one row per school, earlier URN of it and academic year in which both have attendance in use.
-- A change of URN in mid-year: the last URN of the chain with attendance that year carries the others' sessions.
select
    urn,
    ancestor_urn,
    links,
    academic_year
from {{ ref('int_period_heirs') }}
where period_kind = 'year_to_date'
