-- Grain: one row per level, geography, unit, subject, academic year and window.
-- Work judged by the teacher and judged again: on how much of it the two name the same band, on how much they are a
-- band apart at the most, which of the two is the higher, and kappa, which takes off what chance alone would give.
{%- set keys = ['level', 'geography', 'unit_code', 'subject', 'academic_year', 'window_name'] %}
{%- set places = range(1, compared_bands() | length + 1) %}
with pairs as (
    select
        urn,
        cluster,
        level,
        subject,
        academic_year,
        window_name,
        {{ place_of_band('judged_band') }} as judged,
        {{ place_of_band('moderated_band') }} as moderated,
        counts_at_trust
    from {{ ref('int_moderation_placed') }}
    where bucket = 'used'
),

units as (
    {{ pairs_by_unit('pairs', clusters=true) }}
),

counted as (
    select
        {{ keys | join(',\n        ') }},
        {%- for i in places %}
        {%- for j in places %}
        count(*) filter (where judged = {{ i }} and moderated = {{ j }}) as cell_{{ i }}_{{ j }},
        {%- endfor %}
        count(*) filter (where judged = {{ i }}) as judged_{{ i }},
        count(*) filter (where moderated = {{ i }}) as moderated_{{ i }},
        {%- endfor %}
        cast(count(*) as bigint) as pairs,
        cast(count(*) filter (where judged = moderated) as bigint) as same_band,
        cast(count(*) filter (where abs(judged - moderated) <= 1) as bigint) as within_one_band,
        cast(count(*) filter (where judged > moderated) as bigint) as judged_higher,
        cast(count(*) filter (where judged < moderated) as bigint) as judged_lower
    from units
    group by {{ keys | join(', ') }}
)

select
    {{ keys | join(',\n    ') }},
    pairs,
    same_band,
    within_one_band,
    judged_higher,
    judged_lower,
    100 * cast(same_band as double) / pairs as exact_percent,
    100 * ({{ wilson_lower('same_band', 'pairs') }}) as exact_lower_95_ci,
    100 * ({{ wilson_upper('same_band', 'pairs') }}) as exact_upper_95_ci,
    100 * cast(within_one_band as double) / pairs as adjacent_percent,
    {{ kappa('none') }} as kappa,
    {{ kappa('linear') }} as linear_weighted_kappa,
    {{ kappa('quadratic') }} as quadratic_weighted_kappa
from counted
