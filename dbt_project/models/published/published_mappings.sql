-- Grain: one row per row of a scale: a code, or the number from which a band holds.
-- What schools' judgements mean on the trust's scale, and who answers for it. No counts.
with rows_of_scales as (
    select
        scale,
        source,
        framework,
        version,
        school,
        subject,
        year_group,
        window_name,
        code,
        meaning,
        cast(null as varchar) as of_what,
        cast(null as double) as at_least,
        band,
        cast(points as double) as points,
        comparability_class,
        rationale,
        authored_by,
        approved_by,
        approved_on,
        valid_from,
        holds_until
    from {{ ref('stg_scales') }}
    union all
    select
        scale,
        source,
        framework,
        version,
        school,
        subject,
        year_group,
        window_name,
        cast(null as varchar) as code,
        cast(null as varchar) as meaning,
        of_what,
        at_least,
        band,
        cast(null as double) as points,
        comparability_class,
        rationale,
        authored_by,
        approved_by,
        approved_on,
        valid_from,
        holds_until
    from {{ ref('stg_scale_cuts') }}
),

used as (
    select distinct scale
    from {{ ref('int_results_banded') }}
    where scale is not null
)

select
    rows_of_scales.* exclude (holds_until), -- noqa: RF02
    nullif(rows_of_scales.holds_until, cast('9999-12-31' as date)) as valid_to,
    used.scale is not null as is_used
from rows_of_scales
left join used
    on rows_of_scales.scale = used.scale
