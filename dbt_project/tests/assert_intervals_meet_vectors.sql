{{ config(meta={'dagster': {'ref': {'name': 'interval_vectors'}}}) }}
-- Every published vector of the interval macros, to six decimals; t beyond its table, to ten. A vector without an
-- end expects none.
with asked as (
    select
        vectors.*,
        -- Of a difference: the two shares.
        case when vectors.method = 'newcombe' then cast(vectors.x1 as double) / vectors.n1 end as share_1,
        case when vectors.method = 'newcombe' then cast(vectors.x2 as double) / vectors.n2 end as share_2,
        t_quantiles.t_975,
        limits.t_975 as t_limit
    from {{ ref('interval_vectors') }} as vectors
    left join {{ ref('t_quantiles') }} as t_quantiles
        on vectors.n1 - 1 = t_quantiles.degrees_of_freedom
    inner join {{ ref('t_quantiles') }} as limits
        on limits.degrees_of_freedom is null
),

answered as (
    select
        *,
        case
            when method = 'wilson' and level = '95' then {{ wilson_lower('x1', 'n1') }}
            when method = 'wilson' then {{ wilson_lower('x1', 'n1', 99.8) }}
            when method = 'byar' then {{ byar_lower('x1') }}
            when method = 'newcombe' then {{ difference_lower(
                'share_1', wilson_lower('x1', 'n1'), 'share_2', wilson_upper('x2', 'n2')
            ) }}
            when method = 'score' and level = '95' then {{ score_lower('x2', 'n1') }}
            when method = 'score' then {{ score_lower('x2', 'n1', 99.8) }}
            when method = 'mean' then {{ mean_lower('x1', 'x2', 'n1', 't_975') }}
            when method = 't' then {{ t_quantile('n1', 't_975', 't_limit') }}
            when method = 'by_pupil'
                then {{ by_pupil_lower('x1', 'x2', 'squares_1', 'squares_2', 'products', 'n1', 't_975') }}
        end as lower_end,
        case
            when method = 'wilson' and level = '95' then {{ wilson_upper('x1', 'n1') }}
            when method = 'wilson' then {{ wilson_upper('x1', 'n1', 99.8) }}
            when method = 'byar' then {{ byar_upper('x1') }}
            when method = 'newcombe' then {{ difference_upper(
                'share_1', wilson_upper('x1', 'n1'), 'share_2', wilson_lower('x2', 'n2')
            ) }}
            when method = 'score' and level = '95' then {{ score_upper('x2', 'n1') }}
            when method = 'score' then {{ score_upper('x2', 'n1', 99.8) }}
            when method = 'mean' then {{ mean_upper('x1', 'x2', 'n1', 't_975') }}
            when method = 'by_pupil'
                then {{ by_pupil_upper('x1', 'x2', 'squares_1', 'squares_2', 'products', 'n1', 't_975') }}
        end as upper_end
    from asked
)

select *
from answered
where
    (lower_end is null) <> (expected_lower is null)
    or abs(lower_end - expected_lower) > 0.0000005001
    or (method = 't' and abs(lower_end - expected_lower) > 0.0000000001)
    or (method not in ('byar', 't') and (upper_end is null) <> (expected_upper is null))
    or abs(upper_end - expected_upper) > 0.0000005001
