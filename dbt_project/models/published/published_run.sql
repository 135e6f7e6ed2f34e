-- Grain: one row, the run.
-- What this release is of: the date of the run, the trust, and how many of its schools it holds.
with schools as (
    select
        cast(count(*) as integer) as schools_on_register,
        cast(count(case when state <> 'no data yet' then 1 end) as integer) as schools_with_data
    from {{ ref('published_schools') }}
)

select
    run.as_of,
    trust.name as trust_name,
    trust.group_id as trust_group_id,
    trust.group_uid as trust_group_uid,
    run.demo,
    schools.schools_on_register,
    schools.schools_with_data,
    site.min_n as site_min_n
from {{ ref('stg_run') }} as run
cross join {{ ref('stg_trust') }} as trust
cross join schools
inner join {{ ref('stg_audiences') }} as site
    on site.audience = 'site'
