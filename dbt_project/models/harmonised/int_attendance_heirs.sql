-- Grain: one row per school, earlier URN of it and academic year in which both have attendance in use.
-- A change of URN in mid-year: the last URN of the chain with attendance that year carries the others' sessions.
with attended as (
    select distinct
        urn,
        academic_year
    from {{ ref('int_attendance_sums') }}
),

pairs as (
    select
        lineage.urn,
        lineage.ancestor_urn,
        lineage.links,
        attended.academic_year
    from {{ ref('int_school_lineage') }} as lineage
    inner join attended
        on lineage.urn = attended.urn
    inner join attended as before
        on
            lineage.ancestor_urn = before.urn
            and attended.academic_year = before.academic_year
)

select pairs.*
from pairs
left join pairs as later
    on
        pairs.urn = later.ancestor_urn
        and pairs.academic_year = later.academic_year
where later.urn is null
