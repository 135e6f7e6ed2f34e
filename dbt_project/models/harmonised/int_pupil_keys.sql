-- Grain: one row per earlier pupil key of a pupil whose number changed.
-- The key the pupil has now, found by following the links of all schools to their end (former -> later -> latest).
-- A key whose links lead to two ends, or round in a circle, could be two pupils: it is left as it is.
with recursive links as (
    select distinct
        former_key,
        pupil_key
    from {{ ref('stg_pupil_links') }}
    where former_key <> pupil_key
),

-- UNION, not UNION ALL: a pair already met is not followed again, so a circle ends.
followed as (
    select
        former_key,
        pupil_key
    from links
    union
    select
        followed.former_key,
        links.pupil_key
    from followed
    inner join links
        on followed.pupil_key = links.former_key
),

ends as (
    select
        followed.former_key,
        followed.pupil_key
    from followed
    left join links
        on followed.pupil_key = links.former_key
    where links.former_key is null
)

select
    former_key,
    min(pupil_key) as pupil_key
from ends
group by former_key
having count(*) = 1
