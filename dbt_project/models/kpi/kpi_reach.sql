-- Grain: one row per pooled unit (MAT, Phase, Cluster), academic year, window and year group (or Total).
-- How many schools could be in a pooled figure, and whether the rolls of all of them are known.
with could_be_in as (
    select *
    from {{ ref('int_school_windows') }}
    where is_open and is_in_trust and teaches_year_group
)

select
    case
        when grouping(phase) = 0 then 'Phase'
        when grouping(cluster) = 0 then 'Cluster'
        else 'MAT'
    end as geography,
    coalesce(phase, cluster) as unit_code,
    academic_year,
    window_name,
    case when grouping(year_group) = 1 then 'Total' else year_group end as year_group,
    count(distinct urn) as schools_of,
    min(case when is_roll_known then 1 else 0 end) = 1 as are_rolls_known
from could_be_in
group by grouping sets ( -- noqa: PRS
    (academic_year, window_name, phase, year_group),
    (academic_year, window_name, phase),
    (academic_year, window_name, cluster, year_group),
    (academic_year, window_name, cluster),
    (academic_year, window_name, year_group),
    (academic_year, window_name)
)
having grouping(cluster) = 1 or cluster is not null
