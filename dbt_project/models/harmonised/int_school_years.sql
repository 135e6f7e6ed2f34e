-- Grain: one row per school of the register and academic year of the trust.
-- Whether the school was open in the trust that year, and whether its roll for the year is known.
with rolls as (
    select distinct
        urn,
        academic_year
    from {{ ref('stg_pupils') }}
    where academic_year is not null
)

select
    schools.urn,
    years.academic_year,
    years.time_period,
    schools.phase,
    schools.cluster,
    (schools.joined is null or schools.joined <= years.ends)
    and (schools.left_on is null or schools.left_on > years.starts) as is_in_trust,
    rolls.urn is not null as is_roll_known
from {{ ref('stg_schools') }} as schools
cross join {{ ref('stg_academic_years') }} as years
left join rolls
    on
        schools.urn = rolls.urn
        and years.academic_year = rolls.academic_year
