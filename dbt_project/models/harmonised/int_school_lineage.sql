-- Grain: one row per school of the register and earlier URN of the same school.
-- The URNs a school had before, one link or many, as the register names them. Only those on the register: records of
-- any other are not in use.
with recursive links as (
    select
        schools.urn,
        schools.predecessor_urn
    from {{ ref('stg_schools') }} as schools
    inner join {{ ref('stg_schools') }} as earlier
        on schools.predecessor_urn = earlier.urn
    where schools.predecessor_urn <> schools.urn
),

-- UNION, not UNION ALL, and a chain of at most ten links: a register that names a circle must not hang a run.
followed as (
    select
        urn,
        predecessor_urn as ancestor_urn,
        1 as links
    from links
    union
    select
        followed.urn,
        links.predecessor_urn as ancestor_urn,
        followed.links + 1 as links
    from followed
    inner join links
        on followed.ancestor_urn = links.urn
    where followed.links < 10
)

select
    urn,
    ancestor_urn,
    min(links) as links
from followed
where urn <> ancestor_urn
group by urn, ancestor_urn
